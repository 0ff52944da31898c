"""Foreign entries planted in collections: how well they are told from the others.

    python tools/bench_subjects.py SHARED [--rounds 2] [--held-out | --large]

Collections of 10 to 1,000 entries of one genre of the corpus with 2 to 10 % of other genres among them (statutes in both scripts count
as one genre), entries of 300 to 1,500 characters; and large ones of several genres, which are judged by clusters and neighbours. The area under
the ROC curve is of the entries of each collection by their score, averaged; precision and recall are of those that are flagged.
With --held-out general prose is learnt from half of the genres, and both the collections and what is planted in them are of the others;
six times, so that each genre is among the others and none is in what it is measured with.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from corpora import genres, load, name_of
from train_topics import learn as learn_prose

from audit.language import outliers
from audit.language.foreign import flagged
from audit.language.outliers import is_outlier
from audit.language.predicted import Prose
from audit.language.subjects import belonging, sketch
from audit.language.themes import digest, drawn, learn, measure
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


@dataclass
class Tally:
    """What was told of collections of one size."""

    areas: list[float] = field(default_factory=list)
    right: int = 0
    said: int = 0
    planted: int = 0
    own: int = 0  # entries that are not foreign, where these are counted
    wrong: int = 0  # told of them

    def count(self, score: np.ndarray, told: np.ndarray, foreign: np.ndarray, *, own: bool) -> None:
        """Counts a collection by the scores of its entries, what is told of them, and which are foreign; `own`: the others too."""
        if foreign.any():
            self.areas.append(area(score, foreign))
            self.said += int(told.sum())
            self.right += int((told & foreign).sum())
            self.planted += int(foreign.sum())
        if own:
            self.own += int((~foreign).sum())
            self.wrong += int((told & ~foreign).sum())

    def add(self, other: Tally) -> None:
        """Counts another one too."""
        self.areas += other.areas
        for name in ("right", "said", "planted", "own", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def show(self, name: str) -> None:
        """Prints a line."""
        precision = self.right / self.said if self.said else float("nan")
        found = f"{np.nanmean(self.areas):>10.3f}{precision:>11.3f}{self.right / self.planted:>9.3f}{self.said:>9}"
        print(f"{name:<28}{found}{1000 * self.wrong / max(self.own, 1):>12.2f}", flush=True)


def judge_small(tally: Tally, bodies: list[str], count: int, prose: Prose | None) -> None:
    """A collection of one genre whose last `count` entries are foreign; the others are counted where none is."""
    verdict = belonging([sketch(entry(body)) for body in bodies], prose)
    numbers = np.arange(len(bodies))
    told = np.isin(numbers, flagged(verdict))
    tally.count(verdict.score, told, numbers >= len(bodies) - count, own=not count)


def judge_large(tally: Tally, bodies: list[str], count: int) -> None:
    """A collection of more entries, whose last `count` are foreign."""
    pairs = [(one, number >= len(bodies) - count) for number, body in enumerate(bodies) if (one := sketch(entry(body)))]
    sketches = [one for one, _ in pairs]
    sample = drawn(np.array([digest(one) for one in sketches], dtype=np.uint64))
    themes, member = learn([sketches[index] for index in sample.tolist()])
    own = np.full(len(sketches), -1)
    own[sample] = member
    found = measure(sketches, themes, own)
    tally.count(-found.far, is_outlier(found.far, themes.spread), np.array([planted for _, planted in pairs]), own=True)


def small(lines: dict[str, list[str]], rounds: int, draw: random.Random, prose: Prose | None = None) -> list[Tally]:
    """Collections of one genre, by size."""
    tallies = [Tally() for _ in SIZES]
    for tally, size in zip(tallies, SIZES, strict=True):
        for share in (*SHARES, 0):
            for own, pool in lines.items():
                for _ in range(max(1, rounds * 30 // size) if size < 300 else 1):
                    count = max(1, round(share * size)) if share else 0
                    others = [name for name in lines if name != own]
                    bodies = [stretch(pool, draw) for _ in range(size - count)]
                    bodies += [stretch(lines[draw.choice(others)], draw) for _ in range(count)]
                    judge_small(tally, bodies, count, prose)
    return tallies


def held_out(lines: dict[str, list[str]], rounds: int, draw: random.Random) -> list[Tally]:
    """The same, of genres that general prose was not learnt from."""
    tallies = [Tally() for _ in SIZES]
    for _ in range(3):
        names = sorted(lines)
        draw.shuffle(names)
        for part in (names[: len(names) // 2], names[len(names) // 2 :]):
            prose = Prose.of(learn_prose("\n".join(lines[name]) for name in names if name not in part))
            for tally, more in zip(
                tallies, small({name: lines[name] for name in part}, rounds, draw, prose), strict=True
            ):
                tally.add(more)
    return tallies


def show(tallies: list[Tally]) -> None:
    """Prints the lines of all sizes and of all together."""
    whole = Tally()
    for tally, size in zip(tallies, SIZES, strict=True):
        tally.show(f"{size} entries")
        whole.add(tally)
    whole.show("all of one genre")


def large(lines: dict[str, list[str]], rounds: int, draw: random.Random) -> None:
    """Collections of two to five genres with one to three entries of each of some others, of one genre, and with twenty of each."""
    names = sorted(lines)
    outliers.bounded = outliers.strangeness  # the area is of distances, not of bounds
    for name, genres_of, several in (
        ("2 to 5 genres", (2, 5), (1, 3)),
        ("1 genre", (1, 1), (1, 3)),
        ("20 of a genre", (2, 4), (20, 20)),
    ):
        told = Tally()
        for _ in range(2 * rounds):
            own = draw.sample(names, draw.randint(*genres_of))
            others = [one for one in names if one not in own]
            planted = [stretch(lines[one], draw) for one in others for _ in range(draw.randint(*several))]
            bodies = [stretch(lines[draw.choice(own)], draw) for _ in range(LARGE - len(planted))]
            judge_large(told, bodies + planted, len(planted))
        told.show(f"{LARGE}, {name}")


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--large", action="store_true", help="large collections alone")
    args = parser.parse_args()
    lines = pools(args.shared)
    draw = random.Random(5)
    print(f"{'collections':<28}{'area':>10}{'precision':>11}{'recall':>9}{'flagged':>9}{'false/1000':>12}")
    if args.held_out:
        show(held_out(lines, args.rounds, draw))
        return 0
    if not args.large:
        show(small(lines, args.rounds, draw))
    large(lines, args.rounds, draw)
    return 0


if __name__ == "__main__":
    sys.exit(main())
