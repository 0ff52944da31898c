"""Near-duplicates found by a scan, beside datasketch and text-dedup as they come, in one run.

    python tools/bench_duplicates.py SHARED [--texts 300]

Texts of 300 to 2,000 characters from the corpus, evenly from its genres, each under one of a few frames (a heading and a footer
of some 150 characters that a site puts on every page); of each a copy with 1, 3 and 5 % of its characters dropped, replaced or
doubled. Recall is the share of copies that stand in one cluster with their original, precision the share of pairs in one cluster
that are of one original. Peers: datasketch with words at blanks as its README has it (threshold 0.5, 128 permutations); text-dedup's
defaults (5-grams of words split at what is no letter, 256 permutations, threshold 0.7), computed with datasketch; and, for fairness,
datasketch with single characters in runs of three at 0.6, unverified.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpora import genres, load

SHARES = (0.01, 0.03, 0.05)
FRAMES = [
    (
        f"当前位置：首页 > 资料库 > 第{n}栏目 > 正文。本站提供各类文章资料，仅供学习参考，转载请注明出处。编辑：网站管理员。",
        f"以上内容由第{n}栏目整理发布，如有侵权请联系我们删除。更多精彩内容请关注本站首页，感谢您的阅读与支持，祝您工作顺利。",
    )
    for n in range(6)
]
Pairs = set[tuple[int, int]]


def edited(text: str, share: float, draw: random.Random) -> str:
    """A text with that share of its characters dropped, replaced or doubled by another."""
    return "".join(
        draw.choice(("", draw.choice(text), char + draw.choice(text))) if draw.random() < share else char
        for char in text
    )


def texts(shared: Path, count: int, draw: random.Random) -> list[str]:
    """Stretches of the genres that do not overlap."""
    paths = genres(shared / "corpus")
    made: list[str] = []
    for path in paths:
        lines = load(path, 3_000_000).split("\n")
        wanted = count // len(paths) + 1
        for at in draw.sample(range(0, len(lines) - 80, 80), min(wanted, (len(lines) - 80) // 80)):
            body = "\n".join(line for line in lines[at : at + 80] if line)[: draw.randint(300, 2000)]
            if len(body) >= 300:
                made.append(body)
    draw.shuffle(made)
    return made[:count]


def framed(body: str, number: int) -> str:
    """A text under its frame."""
    head, foot = FRAMES[number % len(FRAMES)]
    return f"{head}\n{body}\n{foot}"


def by_scan(documents: list[str]) -> Pairs:
    """Pairs of one cluster as `jiaokan scan` has them."""
    from pyarrow import parquet

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "texts.jsonl")
        file.write_text("".join(json.dumps({"text": text}) + "\n" for text in documents), encoding="utf-8")
        script = Path(sys.executable).with_name("jiaokan")
        command = [script, "scan", file, "-o", Path(folder, "out"), "-q", "--select", "DUP", "--workers", "1"]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        rows = parquet.read_table(Path(folder, "out", "entries.parquet"), columns=["entry", "cluster"]).to_pylist()
    clusters: dict[str, list[int]] = {}
    for row in rows:
        if row["cluster"]:
            clusters.setdefault(row["cluster"], []).append(row["entry"] - 1)
    return {pair for members in clusters.values() for pair in combinations(sorted(members), 2)}


def by_minhash(
    documents: list[str], shingles: Callable[[str], Iterable[bytes]], threshold: float, permutations: int
) -> Pairs:
    """Pairs that datasketch proposes."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=permutations)
    found: Pairs = set()
    for number, text in enumerate(documents):
        parts = list(shingles(text))
        if not parts:
            continue
        one = MinHash(num_perm=permutations)
        one.update_batch(parts)
        found |= {(other, number) for other in index.query(one)}
        index.insert(number, one)
    return found


def words(text: str) -> Iterable[bytes]:
    """Words at blanks."""
    return (word.encode() for word in text.split())


def word_grams(text: str) -> Iterable[bytes]:
    """Runs of five words, split at what is no letter or digit; of fewer none."""
    found = [word for word in re.split(r"\W", text.lower()) if word]
    return (" ".join(found[at : at + 5]).encode() for at in range(len(found) - 4))


def characters(text: str) -> Iterable[bytes]:
    """Runs of three characters."""
    return (text[at : at + 3].encode() for at in range(len(text) - 2))


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--texts", type=int, default=300)
    args = parser.parse_args()
    draw = random.Random(11)
    bodies = texts(args.shared, args.texts, draw)
    documents = [framed(body, number) for number, body in enumerate(bodies)]
    origin = list(range(len(bodies)))
    copies: dict[float, list[int]] = {}
    for share in SHARES:
        copies[share] = []
        for number, body in enumerate(bodies):
            copies[share].append(len(documents))
            documents.append(framed(edited(body, share, draw), number))
            origin.append(number)
    tools: dict[str, Callable[[], Pairs]] = {
        "jiaokan scan": lambda: by_scan(documents),
        "datasketch": lambda: by_minhash(documents, words, 0.5, 128),
        "text-dedup": lambda: by_minhash(documents, word_grams, 0.7, 256),
        "characters, J 0.6": lambda: by_minhash(documents, characters, 0.6, 128),
    }
    head = "".join(f"{f'recall {share:.0%}':>12}" for share in SHARES)
    print(f"{len(bodies)} texts, {len(documents)} documents\n{'tool':<20}{head}{'precision':>12}{'pairs':>8}{'s':>8}")
    for name, find in tools.items():
        began = time.monotonic()
        found = find()
        recalls = [
            sum((origin[copy], copy) in found for copy in copies[share]) / len(copies[share]) for share in SHARES
        ]
        right = sum(origin[a] == origin[b] for a, b in found)
        shown = "".join(f"{recall:>12.3f}" for recall in recalls)
        print(
            f"{name:<20}{shown}{right / max(len(found), 1):>12.3f}{len(found):>8}{time.monotonic() - began:>8.1f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
