"""Foreign entries planted in collections: how well they are told from the others.

    python tools/bench_subjects.py SHARED [--rounds 2]

Collections of 10 to 1,000 entries of one genre of the corpus with 2 to 10 % of other genres among them (statutes in both scripts count
as one genre), entries of 300 to 1,500 characters; and large ones of three genres, which are judged by clusters. The area under
the ROC curve is of the entries of each collection by their bits, averaged; precision and recall are of those that are flagged.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from corpora import genres, load, name_of

from audit.language.subjects import belonging, flagged, is_apart, sketch
from audit.language.themes import learn, measure
from audit.model import Entry, Role, Span, Text

SIZES = (10, 30, 100, 300, 1000)
SHARES = (0.02, 0.05, 0.10)
LARGE = 3_000


def entry(text: str) -> Entry:
    """A text as an entry."""
    one = Text(text)
    return Entry(one, 0, Role.ENTRY, 0, len(text), Span(0, 0))


def pools(shared: Path) -> dict[str, list[str]]:
    """Lines of each genre."""
    found: dict[str, list[str]] = {}
    for path in genres(shared / "corpus"):
        name = "law" if name_of(path).startswith("law") else name_of(path)
        found.setdefault(name, []).extend(line for line in load(path, 6_000_000).split("\n") if line)
    return found


def stretch(lines: list[str], draw: random.Random) -> str:
    """An entry of a genre by lot."""
    at = draw.randrange(max(len(lines) - 60, 1))
    return "\n".join(lines[at : at + 60])[: draw.randint(300, 1500)]


def area(bits: np.ndarray, foreign: np.ndarray) -> float:
    """The area under the ROC curve; entries that were not measured are left out."""
    known = ~np.isnan(bits)
    low, high = bits[known & foreign], bits[known & ~foreign]
    if not len(low) or not len(high):
        return float("nan")
    return float(np.mean((low[:, None] < high) + 0.5 * (low[:, None] == high)))


def row(name: str, areas: list[float], right: int, said: int, planted: int) -> None:
    """Prints a line."""
    precision = right / said if said else float("nan")
    print(f"{name:<28}{np.nanmean(areas):>10.3f}{precision:>11.3f}{right / planted:>9.3f}{said:>9}", flush=True)


def small(lines: dict[str, list[str]], rounds: int, draw: random.Random) -> None:
    """Collections of one genre."""
    totals = [0, 0, 0]
    every: list[float] = []
    for size in SIZES:
        areas: list[float] = []
        right = said = planted = 0
        for share in SHARES:
            for own, pool in lines.items():
                for _ in range(max(1, rounds * 30 // size) if size < 300 else 1):
                    count = max(1, round(share * size))
                    others = [name for name in lines if name != own]
                    bodies = [stretch(pool, draw) for _ in range(size - count)]
                    bodies += [stretch(lines[draw.choice(others)], draw) for _ in range(count)]
                    verdict = belonging([sketch(entry(body)) for body in bodies])
                    foreign = np.arange(size) >= size - count
                    areas.append(area(verdict.bits, foreign))
                    found = flagged(verdict)
                    said += len(found)
                    right += sum(bool(foreign[index]) for index in found)
                    planted += count
        row(f"{size} entries", areas, right, said, planted)
        every += areas
        totals = [totals[0] + right, totals[1] + said, totals[2] + planted]
    row("all of one genre", every, *totals)


def large(lines: dict[str, list[str]], draw: random.Random) -> None:
    """Collections of three genres, judged by clusters."""
    names = sorted(lines)
    for share in SHARES[:2]:
        own = draw.sample(names, 3)
        others = [name for name in names if name not in own]
        count = round(share * LARGE)
        bodies = [stretch(lines[draw.choice(own)], draw) for _ in range(LARGE - count)]
        bodies += [stretch(lines[draw.choice(others)], draw) for _ in range(count)]
        pairs = [(one, number >= LARGE - count) for number, body in enumerate(bodies) if (one := sketch(entry(body)))]
        foreign = np.array([planted for _, planted in pairs])
        sketches = [one for one, _ in pairs]
        themes, member = learn(sketches)
        subject, bits = measure(sketches, themes, member)
        usual, spread = themes.usual[subject], themes.spread[subject]
        apart = is_apart(bits, (usual - bits) / spread, usual)
        row(
            f"{LARGE}, {share:.0%}, {len(themes.usual)} subjects",
            [area(bits, foreign)],
            int((apart & foreign).sum()),
            int(apart.sum()),
            int(foreign.sum()),
        )


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    args = parser.parse_args()
    lines = pools(args.shared)
    draw = random.Random(5)
    print(f"{'collections':<28}{'area':>10}{'precision':>11}{'recall':>9}{'flagged':>9}")
    small(lines, args.rounds, draw)
    large(lines, draw)
    return 0


if __name__ == "__main__":
    sys.exit(main())
