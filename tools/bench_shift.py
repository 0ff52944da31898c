"""Byte shifts made by the forward simulators in clean text, what comes back, and what `ftfy.fix_text` makes of the same pages.

    python tools/bench_shift.py FOLDER [--pages N] [--lines N] [--genres a,b] [--show N]

Pages of FOLDER (`*.txt.xz`, one sentence or paragraph a line) are broken by one program each: the punctuation pass (F1), the
gloss pass (G), the full-stop pass (F3). Spans are counted by mechanism, by how many characters show, and by whether every
byte but the first and the last is still there. *found*: a finding overlaps. *border*: it has the span's borders. *top*:
its first original is what stood there. *exact*: it says so itself. *wrong*: it says so and is not right.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import ftfy
from corpora import genres, load, name_of
from pypinyin import pinyin
from rapidfuzz.distance import Levenshtein

from audit import audit_text
from audit.config import Config
from audit.fix import choose_edits
from audit.model import Finding, Safety
from audit.restore import gbk
from audit.restore.damage import GLOSS, Damaged, Shift
from audit.restore.simulate import narrow, simulate_f1, simulate_f3, simulate_g, sometimes

LEGEND = """
Byte shifts: pages broken by one program each (F1 punctuation, G glosses, F3 full stops), span by span.
  found    a finding overlaps                       top     what is proposed first is what stood there
  border   it begins and ends as the span does      exact   that is called exact, so `fix` applies it without asking
  wrong    called exact, and not what stood there
"""
LONG = 4  # characters
GLOSSED = 40  # characters that a page glosses, of its commonest 300
INDENT = "\u3000"
READING = re.compile(r"\??\(?[a-zü\u00e0-\u01dc]+\)|\?$", re.IGNORECASE)
USUAL = {"F1": 2, "G": 2, "F3": 0}  # bytes that go with the first and the last character; 。 brings some of its own
NUMBERS = "一二三四五六七八九十"


@dataclass(slots=True)
class Score:
    """Counts of one kind of span."""

    spans: int = 0
    found: int = 0
    bordered: int = 0
    top: int = 0
    exact: int = 0
    wrong: int = 0

    def add(self, other: Score) -> None:
        """Count the other's too."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


@dataclass(slots=True)
class Harm:
    """Pages, and how many come nearer to the truth, or further from it, by safe repairs and by the peer."""

    pages: int = 0
    nearer: int = 0
    further: int = 0
    peer_nearer: int = 0
    peer_further: int = 0

    def count(self, page: Page, findings: list[Finding]) -> None:
        """What becomes of one page."""
        truth, body = narrow(page.original), page.damaged.text
        mended = body
        for one in reversed(choose_edits([one for one in findings if one.safety is Safety.SAFE])):
            mended = mended[: one.start] + (one.suggestion or "") + mended[one.end :]
        texts = map(narrow, (body, mended, ftfy.fix_text(body)))  # what only changes a width is neither
        before, after, peer = (Levenshtein.distance(text, truth) for text in texts)
        self.pages += 1
        self.nearer += after < before
        self.further += after > before
        self.peer_nearer += peer < before
        self.peer_further += peer > before

    def __str__(self) -> str:
        return (
            f"{self.pages} pages: safe repairs bring {self.nearer} nearer to the truth and {self.further} further from it (harm);"
            f" ftfy.fix_text {self.peer_nearer} and {self.peer_further}"
        )


class Kind(NamedTuple):
    """A mechanism, with the script where it matters, whether four characters or more show, and whether bytes vanished."""

    name: str
    long: bool
    lost: bool


Scores = dict[Kind, Score]


class Page(NamedTuple):
    """A damaged page and the text before."""

    original: str
    damaged: Damaged


def pages(text: str, mechanism: str, count: int, lines: int, seed: int) -> Iterator[Page]:
    """Pages of so many lines from all over a text, broken by one program."""
    every = [line for line in text.split("\n") if len(line) >= 12]
    rng = random.Random(f"{seed} {mechanism}")
    starts = range(max(len(every) - lines, 1))
    for number in range(count):
        start = rng.choice(starts)
        original = "\n".join(every[start : start + lines])
        if mechanism == "F1":
            damaged = simulate_f1(original, sometimes(number))
        elif mechanism == "G":
            damaged = simulate_g(original, readings_of(original, rng))
        else:
            plain = [line for line in every[start : start + lines] if line[0] not in "（("]
            indent = INDENT * (1 + number % 2)  # of two blanks one stays
            items = [f"{indent}（{NUMBERS[n % 10]}）{line}" for n, line in enumerate(plain)]
            original = "\n".join(items)
            damaged = simulate_f3(original, sometimes(number))
        yield Page(original, damaged)


def readings_of(text: str, rng: random.Random) -> Mapping[str, str]:
    """A site's set of glossed characters with their readings."""
    counts: dict[str, int] = {}
    for char in text:
        if "\u4e00" <= char <= "\u9fff":
            counts[char] = counts.get(char, 0) + 1
    common = sorted(counts, key=lambda char: -counts[char])[:300]
    chosen = rng.sample(common, min(GLOSSED, len(common)))
    return {char: pinyin(char)[0][0] for char in chosen}


def lost_inside(shift: Shift, shown: str) -> bool:
    """Whether bytes went without trace beside those at the ends, which always go: of one character there, and of one here."""
    original = shift.original.lstrip(INDENT)
    bare = READING.sub("", shown)
    before, after = (sum(len(gbk.encode_char(char) or b"") for char in text) for text in (original, bare))
    return before - after > USUAL[shift.mechanism[:2]]


def is_long(shown: str) -> bool:
    """Whether four characters or more show that are no ASCII."""
    return sum(char > "\x7f" for char in shown) >= LONG


def judge(page: Page, findings: list[Finding], scores: Scores, show: list[str]) -> int:
    """Count what became of each span; returns the findings that meet none."""
    used: set[int] = set()
    for shift in page.damaged.spans:
        meeting = [n for n, one in enumerate(findings) if one.start < shift.end and shift.start < one.end]
        used.update(meeting)
        if shift.mechanism == GLOSS:
            continue
        shown = page.damaged.text[shift.start : shift.end]
        long, lost = is_long(shown), lost_inside(shift, shown)
        score = scores.setdefault(Kind(shift.mechanism, long, lost), Score())
        score.spans += 1
        if not meeting:
            show.append(f"missed {around(page, shift)}")
            continue
        score.found += 1
        one = findings[meeting[0]]
        bordered = (one.start, one.end) == (shift.start, shift.end)
        originals = [original["text"] for original in one.evidence.get("originals", ())]
        right = bool(originals) and mends(page, shift, one, originals[0])
        exact = one.evidence["verdict"] == "exact"
        score.bordered += bordered
        score.top += right
        score.exact += exact and right
        score.wrong += exact and not right
        if not right and long and not lost:
            show.append(f"{one.evidence['verdict']} {originals} {around(page, shift)}")
    return len(findings) - len(used)


def mends(page: Page, shift: Shift, finding: Finding, best: str) -> bool:
    """Whether a finding's first original gives back what stood there, whatever its borders."""
    start, end = min(shift.start, finding.start), max(shift.end, finding.end)
    text = page.damaged.text
    indented = text[: shift.start].endswith(INDENT)  # else the whole indent is gone, and nothing tells of it
    original = shift.original if indented else shift.original.lstrip(INDENT)
    wanted = text[start : shift.start] + original + text[shift.end : end]
    return narrow(text[start : finding.start] + best + text[finding.end : end]) == narrow(wanted)


def around(page: Page, shift: Shift) -> str:
    """A span with what stands beside it."""
    text = page.damaged.text
    return f"{text[max(0, shift.start - 8) : shift.start]}[{text[shift.start : shift.end]}]{text[shift.end : shift.end + 8]} <- {shift.original}"


def row(name: str, score: Score) -> str:
    """One line of the table."""
    share = [100 * count / max(score.spans, 1) for count in (score.found, score.bordered, score.top, score.exact)]
    return f"{name:<52}{score.spans:>7} " + " ".join(f"{one:6.1f}%" for one in share) + f" {score.wrong:6}"


def tell(totals: Scores) -> None:
    """The table, and its sums."""
    for (name, long, lost), score in sorted(totals.items()):
        print(row(f"{name}, {size_of(long)}, {'bytes vanished' if lost else 'all there'}", score))
    for long in (True, False):
        whole, some = Score(), Score()
        for kind, score in totals.items():
            if kind.long == long:
                whole.add(score)
            if kind.long == long and not kind.lost:
                some.add(score)
        print(row(f"all, {size_of(long)}", whole))
        print(row(f"all, {size_of(long)}, no byte vanished inside", some))


def size_of(long: bool) -> str:
    """How long spans are, in words."""
    return "4 or more characters" if long else "fewer characters"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path(os.environ.get("JIAOKAN_SHARED", "../shared")) / "corpus"
    )
    parser.add_argument("--pages", type=int, default=40, help="of each genre and program")
    parser.add_argument("--lines", type=int, default=12, help="of a page")
    parser.add_argument("--genres", default="")
    parser.add_argument("--mechanisms", default="F1,G,F3")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="spans shown that did not come back, per genre and program")
    args = parser.parse_args()
    wanted = set(filter(None, args.genres.split(",")))
    config = Config(select=("BYT",), min_confidence=0.0)
    totals: Scores = {}
    harm = Harm()
    print(LEGEND)
    print(f"{'':<52}{'spans':>7} {'found':>7} {'border':>7} {'top':>7} {'exact':>7} {'wrong':>6}")
    began, stray = time.process_time(), 0
    for path in genres(args.folder):
        name = name_of(path)
        if wanted and name not in wanted:
            continue
        text = load(path)
        for mechanism in args.mechanisms.split(","):
            scores: Scores = {}
            show: list[str] = []
            for page in pages(text, mechanism, args.pages, args.lines, args.seed):
                found = audit_text(page.damaged.text, config=config).findings
                harm.count(page, found)
                stray += judge(page, found, scores, show)
            for (broken, *kind), score in scores.items():
                key = Kind(f"{broken} {name.rpartition('_')[2]}", *kind[:2])
                totals.setdefault(key, Score()).add(score)
            for line in show[: args.show]:
                print("   ", name, mechanism, line)
    tell(totals)
    print(harm)
    print(f"{stray} findings elsewhere, {time.process_time() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
