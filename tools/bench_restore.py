"""Recall, exactness and harm of the restorer beside `ftfy.fix_text`, on the same damaged texts.

    python tools/bench_restore.py [FOLDER] [--per-class N] [--clean N]

Runs of 4 to 11 and of 12 characters in sentences of FOLDER (`*.txt.xz`, one sentence a line) are damaged by the forward
simulators. *found*: a finding covers at least half of the damage. *exact*: the safe repairs give the sentence back.
*top 3*: the right text is among the proposals. *harm*: sentences further from the truth after the safe repairs. *ms*: CPU
time of a span in the median; the last line tells it over all spans, byte shifts made by `bench_shift.py` among them.
"""

from __future__ import annotations

import argparse
import lzma
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

import ftfy
import restore_times
from audit.rules.mojibake import RULES
from rapidfuzz.distance import Levenshtein

from audit.model import Hit, Hits, Safety, Text
from audit.restore.codecs import Channel, Loss, misread
from audit.rule import Rule, Scope

Damage = Callable[[str], str]
LEGEND = """
Text read with the wrong codec: a run of characters in a sentence is damaged, {count} sentences a line.
  run      how many characters were damaged         top 3   the right sentence is among the first three proposals
  found    a finding covers half of them or more    wrong   sentences that a safe repair changed, and not to what stood there
  border   a finding begins and ends as they do     harm    sentences further from the truth than before
  exact    safe repairs alone give the sentence     ms      CPU time to find and repair, in the median
ftfy: `ftfy.fix_text` on the same sentences, exact and harm counted alike. * every byte survived the damage
"""
FIRST = "一个进程里最先看到的乱码。"


def channel(written: str, read: str, loss: Loss = Loss.MARK) -> Damage:
    """One misreading."""
    return lambda text: misread(text, Channel(written, read), loss)


def twice(first: Damage, second: Damage) -> Damage:
    """One after the other."""
    return lambda text: second(first(text))


def escape(template: str, *, data: bool = False) -> Damage:
    """Characters or their bytes written as code."""

    def damage(text: str) -> str:
        if data:
            return "".join(template.format(byte) for byte in text.encode("utf-8"))
        return "".join(template.format(ord(char)) for char in text)

    return damage


def code_units(text: str) -> str:
    """UTF-16 as JSON and Java write it, rare characters as two."""
    return "".join(f"\\u{unit:04x}" for unit in memoryview(text.encode("utf-16-le")).cast("H"))


# name, damage, whether every byte survives, script of the text
CLASSES: tuple[tuple[str, Damage, bool, str], ...] = (
    ("UTF-8 read as GBK, lost bytes U+FFFD", channel("utf-8", "gbk"), False, "any"),
    ("UTF-8 read as GBK, lost bytes ?", channel("utf-8", "gbk", Loss.QUESTION), False, "any"),
    ("UTF-8 read as GBK, Windows, lost pairs ?", channel("utf-8", "gbk", Loss.PAIR), False, "any"),
    ("UTF-8 read as GBK, lost bytes dropped", channel("utf-8", "gbk", Loss.DROP), False, "any"),
    ("UTF-8 read as GB18030", lambda text: text.encode().decode("gb18030", "replace"), False, "any"),
    ("UTF-8 read as cp1252", channel("utf-8", "cp1252"), True, "any"),
    ("UTF-8 read as Latin-1", lambda text: text.encode().decode("latin-1"), True, "any"),
    ("UTF-8 read as cp1251", channel("utf-8", "cp1251"), True, "any"),
    ("UTF-8 read as Big5", channel("utf-8", "big5"), False, "any"),
    ("UTF-8 read as Big5, lost bytes ?", channel("utf-8", "big5", Loss.QUESTION), False, "any"),
    ("UTF-8 read as Big5, Windows, lost pairs", channel("utf-8", "big5", Loss.PAIR_MARK), False, "any"),
    ("UTF-8 read as Big5, lost bytes dropped", channel("utf-8", "big5", Loss.DROP), False, "any"),
    ("UTF-8 read as Shift_JIS", channel("utf-8", "shift_jis"), False, "any"),
    ("UTF-8 read as EUC-KR", channel("utf-8", "euc_kr"), False, "any"),
    ("UTF-8 read as EUC-JP", channel("utf-8", "euc_jp"), False, "any"),
    ("GBK read as cp1252", channel("gbk", "cp1252"), True, "any"),
    ("GBK read as Latin-1", lambda text: text.encode("gbk", "replace").decode("latin-1"), True, "any"),
    ("GBK read as Big5", channel("gbk", "big5"), False, "simplified"),
    ("GBK read as Shift_JIS", channel("gbk", "shift_jis"), False, "simplified"),
    ("GBK read as EUC-KR", channel("gbk", "euc_kr"), False, "simplified"),
    ("GBK read as UTF-8", channel("gbk", "utf-8"), False, "simplified"),
    ("Big5 read as UTF-8", channel("big5", "utf-8"), False, "traditional"),
    ("Big5 read as GBK", channel("big5", "gbk"), False, "traditional"),
    ("Big5 read as cp1252", channel("big5", "cp1252"), True, "traditional"),
    ("UTF-8 read as cp1252, twice", twice(channel("utf-8", "cp1252"), channel("utf-8", "cp1252")), True, "any"),
    ("GBK read as cp1252, UTF-8 as cp1252", twice(channel("gbk", "cp1252"), channel("utf-8", "cp1252")), True, "any"),
    ("GBK read as UTF-8, UTF-8 as GBK", twice(channel("gbk", "utf-8"), channel("utf-8", "gbk")), False, "simplified"),
    ("UTF-8 read as GBK, twice", twice(channel("utf-8", "gbk"), channel("utf-8", "gbk")), False, "any"),
    ("escaped \\u4e2d", code_units, True, "any"),
    ("escaped &#20013;", escape("&#{};"), True, "any"),
    ("escaped %E4%B8%AD", escape("%{:02X}", data=True), True, "any"),
    ("escaped =E4=B8=AD", escape("={:02X}", data=True), True, "any"),
    ("question marks", lambda text: text.encode("ascii", "replace").decode(), False, "any"),
)


@dataclass(slots=True)
class Score:
    """Counts of one class."""

    cases: int = 0
    found: int = 0
    bordered: int = 0
    exact: int = 0
    top: int = 0
    wrong: int = 0  # safe repairs that are not what stood there
    harmed: int = 0
    peer_exact: int = 0
    peer_harmed: int = 0
    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Count the other's too."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def sentences(folder: Path, seed: int) -> dict[str, list[str]]:
    """Sentences with Han characters by file, shuffled."""
    found = {}
    for path in sorted(folder.glob("*.txt.xz")):
        lines = lzma.decompress(path.read_bytes()).decode("utf-8").split("\n")
        random.Random(seed).shuffle(lines)
        found[path.name.removesuffix(".txt.xz")] = [line for line in lines[:60000] if len(line) >= 16]
    return found


def check(text: Text, rules: Sequence[Rule] = RULES) -> Iterator[tuple[Rule, Hit]]:
    """Every hit of the rules."""
    for rule in rules:
        if rule.scope is Scope.TEXT:
            for hit in rule.check(text):
                single = map(hit.make, range(len(hit.starts))) if isinstance(hit, Hits) else [hit]
                yield from ((rule, one) for one in single)
            continue
        rarest = re.compile(f"[{re.escape(rule.triggers[0])}]")
        numbers = dict.fromkeys(text.line_at(match.start()) for match in rarest.finditer(text.body))
        yield from ((rule, hit) for number in numbers for hit in rule.check(text.line(number)))


def mended(body: str, hits: Sequence[Hit], *, suggested: bool = False) -> str:
    """The text after its safe edits, or after all."""
    for hit in sorted(hits, key=lambda hit: -hit.span.start):
        if hit.edit is not None and (suggested or hit.edit.safety is Safety.SAFE):
            body = body[: hit.span.start] + hit.edit.text + body[hit.span.end :]
    return body


def measure(score: Score, line: str, start: int, size: int, damage: Damage) -> None:
    """Damage one run of a sentence and see what comes back."""
    original = line[start : start + size]
    shown = damage(original)
    body = line[:start] + shown + line[start + size :]
    span = range(start, start + len(shown))
    text = Text(body)
    begun = time.process_time()
    hits = [hit for _, hit in check(text)]
    score.times.append(time.process_time() - begun)
    score.cases += 1
    covered = sum(max(0, min(hit.span.end, span.stop) - max(hit.span.start, span.start)) for hit in hits)
    score.found += covered * 2 >= len(span)
    if covered * 2 < len(span):
        score.missed.append(body[max(0, start - 6) : span.stop + 6] + "   <- " + original)
    score.bordered += any(hit.span == (span.start, span.stop) for hit in hits)
    after = mended(body, hits)
    score.exact += after == line
    score.top += any(_offers(hit, body, line) for hit in hits) or after == line
    before = Levenshtein.distance(body, line)
    score.harmed += Levenshtein.distance(after, line) > before
    score.wrong += after not in (line, body) and len(hits) == 1
    peer = ftfy.fix_text(body)
    score.peer_exact += peer == line
    score.peer_harmed += Levenshtein.distance(peer, line) > before


def _offers(hit: Hit, body: str, line: str) -> bool:
    proposals = [proposal["text"] for proposal in hit.evidence.get("originals", ())][:3]
    proposals = proposals or ([hit.edit.text] if hit.edit else [])
    return any(body[: hit.span.start] + text + body[hit.span.end :] == line for text in proposals)


def damaged(folder: Path, per_class: int, seed: int, only: str, show: int) -> None:
    """The table of classes."""
    texts = sentences(folder, seed)
    begun = time.process_time()
    list(check(Text(misread(FIRST, Channel("utf-8", "gbk")))))
    first = time.process_time() - begun
    whole_sum, lossy_sum = Score(), Score()
    print(LEGEND.format(count=per_class))
    print(
        f"{'':44}{'run':>6} {'found':>7} {'border':>7} {'exact':>7} {'top 3':>7} {'wrong':>6} {'harm':>6} | {'ftfy exact':>10} {'harm':>6} | {'ms':>6}"
    )
    for name, damage, whole, script in CLASSES:
        if only and only not in name:
            continue
        for sizes in ((12, 12), (4, 11)):
            rng = random.Random(f"{seed} {name} {sizes}")
            score = Score()
            while score.cases < per_class:
                genre = rng.choice(list(texts))
                if script != "any" and not genre.endswith(script[:4]):
                    continue
                line = rng.choice(texts[genre])
                size = rng.randint(*sizes)
                start = rng.randrange(0, len(line) - size + 1)
                run = line[start : start + size]
                if sum("\u4e00" <= char <= "\u9fff" for char in run) * 4 < size * 3 or not writable(run, name):
                    continue
                measure(score, line, start, size, damage)
            (whole_sum if whole else lossy_sum).add(score)
            report(
                name + (" *" if whole else ""), str(sizes[0]) if sizes[0] == sizes[1] else "{}-{}".format(*sizes), score
            )
            for missed in score.missed[:show]:
                print("      missed:", missed)
    report("all of these, bytes lost", "all", lossy_sum)
    report("all of these, every byte there *", "all", whole_sum)
    every = whole_sum.times + lossy_sum.times
    shifts: dict[str, list[float]] = {}
    for program, spent in restore_times.of_shifts(folder, per_class, seed) if not only else ():
        shifts.setdefault(program, []).append(spent)
    for program, times in shifts.items():
        every += times
        print(f"{'byte shift ' + program:115} | {sorted(times)[len(times) // 2] * 1000:6.2f}")
    print(restore_times.told(every, first))


def writable(run: str, name: str) -> bool:
    """Whether the codec that a class writes in has the run's characters."""
    codec = "gbk" if name.startswith("GBK") else "cp950" if name.startswith("Big5") else "utf-8"
    try:
        run.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def report(name: str, run: str, score: Score) -> None:
    """One line of the table."""
    if not score.cases:
        return
    share = [100 * count / score.cases for count in (score.found, score.bordered, score.exact, score.top)]
    middle = sorted(score.times)[len(score.times) // 2] * 1000
    print(
        f"{name:44}{run:>6} " + " ".join(f"{value:6.1f}%" for value in share) + f" {score.wrong:6} {score.harmed:6} |"
        f" {100 * score.peer_exact / score.cases:9.1f}% {score.peer_harmed:6} | {middle:6.2f}",
        flush=True,
    )


def clean(folder: Path, size: int, seed: int) -> None:
    """Findings on clean text, which are all false, and the speed."""
    rng = random.Random(seed)
    for path in sorted(folder.glob("*.txt.xz")):
        lines = lzma.decompress(path.read_bytes()).decode("utf-8").split("\n")
        rng.shuffle(lines)
        text = Text("\n".join(lines)[:size])
        begun = time.process_time()
        hits = list(check(text))
        seconds = time.process_time() - begun
        kinds = Counter(rule.code for rule, _ in hits)
        speed = len(text.body.encode()) / seconds / 1e6
        print(
            f"{path.name:32} {len(text.body):8} characters, false findings {dict(kinds)}, {speed:.0f} MB/s", flush=True
        )
        for rule, hit in hits[:20]:
            around = (
                text.body[max(0, hit.span.start - 8) : hit.span.start],
                text.body[hit.span.start : hit.span.end],
                text.body[hit.span.end : hit.span.end + 8],
            )
            print("   ", rule.code, around, "->", hit.edit.text if hit.edit else None)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path(os.environ.get("JIAOKAN_SHARED", "../shared")) / "corpus"
    )
    parser.add_argument("--per-class", type=int, default=100)
    parser.add_argument("--clean", type=int, default=200_000, help="characters of each clean file; 0: none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="classes whose name holds this")
    parser.add_argument("--show", type=int, default=0, help="missed samples shown per class")
    args = parser.parse_args()
    if not args.folder.is_dir():
        print(f"no folder {args.folder}", file=sys.stderr)
        return 2
    if args.per_class:
        damaged(args.folder, args.per_class, args.seed, args.only, args.show)
    if args.clean:
        clean(args.folder, args.clean, args.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
