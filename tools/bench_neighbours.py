"""Passages that belong to a neighbour: how well they are told by what the other entries of the collection say of them.

    python tools/bench_neighbours.py FOLDER [--rounds 16] [--seed 1]

FOLDER holds texts of one kind, each on a subject of its own and of 4,500 characters or more, such as statutes. Entries of 1,500 to 3,000 characters are
drawn from up to 15 of them; into a third of these goes a passage of some 150 to 300 characters from where another one goes on. A passage is
measured by how many bits a feature it is better predicted by the best of the other entries than by the rest of its own. No rule does so yet.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

import numpy as np

from audit.language.subjects import MIX
from audit.language.terms import BUCKETS, features, general
from audit.model import Text

LONG, LEAST, LINES = (
    4_500,
    150,
    60,
)  # code points of a text and of a passage; mass of features below which a passage says nothing
ENTRIES, PASSAGES = 15, 6  # of a collection, of an entry
RATES = (0.003, 0.01, 0.03)  # of entries without such a passage that are told


def passages(body: str) -> list[str]:
    """A text cut at its lines and sentences."""
    found, held = [], ""
    for line in filter(str.strip, body.split("\n")):
        held += line + "\n"
        while len(held) >= 2 * LEAST and 0 <= (at := held.find("。", LEAST)) < len(held) - 2:
            found.append(held[: at + 1])
            held = held[at + 1 :]
        if len(held) >= LEAST:
            found.append(held)
            held = ""
    return found


def weighed(body: str) -> tuple[np.ndarray, np.ndarray]:
    """The buckets of a passage and their weights."""
    buckets, counts = np.unique(features(Text(body).codes), return_counts=True)
    return buckets, np.log1p(counts)


def measured(entries: list[list[str]]) -> list[np.ndarray]:
    """Of each passage of each entry the bits by which another entry predicts it better; -inf where it says too little."""
    parts = [[weighed(passage) for passage in entry] for entry in entries]
    shares = general().shares
    totals = np.zeros((len(parts), BUCKETS))
    for total, entry in zip(totals, parts, strict=True):
        for buckets, weights in entry:
            total[buckets] += weights
    gains = [np.log2(MIX * total / max(total.sum(), 1) / shares + 1 - MIX) for total in totals]
    found = []
    for number, entry in enumerate(parts):
        row = np.full(len(entry), -np.inf)
        for at, (buckets, weights) in enumerate(entry):
            if weights.sum() < LINES:
                continue
            rest = max(totals[number].sum() - weights.sum(), 1)
            share = np.maximum(totals[number][buckets] - weights, 0) / rest / shares[buckets]
            own = np.dot(weights, np.log2(MIX * share + 1 - MIX))
            best = max(np.dot(weights, gain[buckets]) for other, gain in enumerate(gains) if other != number)
            row[at] = (best - own) / weights.sum()
        found.append(row)
    return found


def collection(texts: list[str], draw: random.Random) -> tuple[list[list[str]], list[str]]:
    """Entries as passages, and of each a passage from where its text goes on."""
    entries, behind = [], []
    for text in draw.sample(texts, min(ENTRIES, len(texts))):
        at = text.find("\n", draw.randrange(max(len(text) - LONG, 1))) + 1
        size = draw.randint(LONG // 3, 2 * LONG // 3)
        entry, next_ones = passages(text[at : at + size]), passages(text[at + size : at + size + LONG // 5])
        if len(entry) >= PASSAGES and next_ones:
            entries.append(entry)
            behind.append(next_ones[0])
    return entries, behind


def main() -> int:
    """Prints how many are told at each rate of false ones."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    draw = random.Random(args.seed)
    read = [path.read_bytes().decode("utf-8", "replace") for path in sorted(args.folder.iterdir()) if path.is_file()]
    texts = [text for text in read if len(text) >= LONG]
    clean: list[float] = []
    planted: list[tuple[float, bool]] = []
    for _ in range(args.rounds):
        entries, behind = collection(texts, draw)
        if len(entries) < ENTRIES // 3:
            continue
        clean += [float(row.max()) for row in measured(entries)]
        put: dict[int, int] = {}
        for number in draw.sample(range(len(entries)), len(entries) // 3):
            other = draw.choice([one for one in range(len(entries)) if one != number])
            put[number] = draw.randrange(1, len(entries[number]))
            entries[number].insert(put[number], behind[other])
        rows = measured(entries)
        planted += [(float(rows[number][at]), int(rows[number].argmax()) == at) for number, at in put.items()]
    first = np.mean([leads for _, leads in planted])
    print(
        f"{len(texts)} texts, {len(clean)} entries, {len(planted)} with a passage of a neighbour, first in {first:.2f}"
    )
    for rate in RATES:
        bound = float(np.quantile(clean, 1 - rate))
        told = np.mean([bits > bound for bits, _ in planted])
        print(f"told at {1000 * rate:.0f} false in 1,000 entries (above {bound:.2f} bits): {told:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
