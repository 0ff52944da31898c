"""Fit the odds by which an entry of a collection is told to be foreign (`ODDS` and `BARE` of `audit/language/foreign.py`).

    python tools/fit_strays.py SHARED [--rounds 16]

Collections of 5 to 30 entries are pieces of one work, or of one genre of the corpus, with none, one or two entries from elsewhere among them, of
100 to 1,500 characters. General prose is learnt from one half of the genres, and the collections are of the other; what is fitted on one half
is measured on the other. A foreign entry of the same genre is neither fitted on nor counted: it may well belong. The last line is what
is shipped, as it is printed: the same corpus and rounds give the same figures.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from bench_subjects import entry, pools
from train_topics import learn as learn_prose

from audit.language.foreign import NEAR, bar, figures_of, flagged
from audit.language.predicted import Prose
from audit.language.subjects import belonging, sketch

SIZES = (5, 7, 10, 15, 20, 30)
LENGTHS = ((100, 300), (200, 600), (300, 1500))
SAME = 0.3  # of foreign entries, from another place of the same genre
STEPS, KEEP = 30, 1e-4
BELOW = (-1.0, -0.5, 0.0, 0.5, 1.0)  # the shipped bars and others


class Seen(NamedTuple):
    """An entry: which half its genre is of, the size of its collection, whether one is planted there, and whether it is foreign; what is known of it."""

    half: int
    size: int
    clean: bool
    foreign: bool
    told: bool
    figures: tuple[float, ...]


def pieces(lines: list[str], count: int, low: int, high: int, draw: random.Random) -> list[str]:
    """Pieces of one work, one after the other."""
    at = draw.randrange(max(len(lines) - 400, 1))
    body, start, found = "\n".join(lines[at : at + 400]), 0, []
    for _ in range(count):
        size = draw.randint(low, high)
        found.append(body[start : start + size].strip())
        start += size + draw.randint(0, 30)
    return found


def collections(lines: dict[str, list[str]], half: int, prose: Prose, rounds: int, draw: random.Random) -> list[Seen]:
    """The entries of collections of these genres."""
    found = []
    for one_work in (True, False):
        for size in SIZES:
            for own in sorted(lines) * rounds:
                for planted in (0, 1, 2 if size >= 10 else 1):
                    low, high = draw.choice(LENGTHS)
                    count = size - planted
                    bodies = pieces(lines[own], count, low, high, draw) if one_work else []
                    bodies += [pieces(lines[own], 1, low, high, draw)[0] for _ in range(count - len(bodies))]
                    others = sorted(set(lines) - {own})
                    genres = [own if draw.random() < SAME else draw.choice(others) for _ in range(planted)]
                    bodies += [pieces(lines[genre], 1, low, high, draw)[0] for genre in genres]
                    verdict = belonging([sketch(entry(body)) for body in bodies], prose)
                    told, figures = flagged(verdict), figures_of(verdict)
                    for at in range(size):
                        foreign = at >= count
                        if not (foreign and genres[at - count] == own) and not np.isnan(figures[at]).any():
                            found.append(
                                Seen(half, size, not planted, foreign, at in told, tuple(figures[at].tolist()))
                            )
    return found


def fit(seen: list[Seen]) -> np.ndarray:
    """The weight of each figure and, last, the odds where all are nothing, by logistic regression."""
    known = np.array([one.figures for one in seen])
    middle, wide = known.mean(axis=0), known.std(axis=0)
    table = np.column_stack([(known - middle) / wide, np.ones(len(known))])
    foreign = np.array([one.foreign for one in seen], dtype=np.float64)
    weights = np.zeros(table.shape[1])
    keep = KEEP * len(table) * np.append(np.ones(len(middle)), 0)
    for _ in range(STEPS):  # Newton's: the same end from any start
        sure = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (foreign - sure) - keep * weights
        weights += np.linalg.solve((table * (sure * (1 - sure))[:, None]).T @ table + np.diag(keep), slope)
    scaled = weights[:-1] / wide
    return np.append(scaled, weights[-1] - scaled @ middle)


def show(name: str, seen: list[Seen], told: np.ndarray) -> None:
    """Prints a line."""
    foreign = np.array([one.foreign for one in seen])
    clean = np.array([one.clean for one in seen])
    rest = 1000 * (told & clean).sum() / max(clean.sum(), 1)
    print(
        f"{name:<28}{(told & foreign).sum() / foreign.sum():>8.3f}{(told & foreign).sum() / told.sum():>11.3f}{rest:>12.2f}"
    )


def main() -> int:
    """Prints what is fitted and how it does."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rounds", type=int, default=16)
    args = parser.parse_args()
    lines, draw = pools(args.shared), random.Random(1)
    names = sorted(lines)
    seen: list[Seen] = []
    for half, part in enumerate((names[::2], names[1::2])):
        prose = Prose.of(learn_prose("\n".join(lines[name]) for name in names if name not in part))
        seen += collections({name: lines[name] for name in part}, half, prose, args.rounds, draw)
    near = [one for one in seen if one.figures[0] > NEAR]
    print(f"{'size':<28}{'recall':>8}{'precision':>11}{'false/1000':>12}")
    for size in SIZES:
        some = [one for one in seen if one.size == size]
        show(f"{size}, as shipped", some, np.array([one.told for one in some]))
    fitted = [fit([one for one in near if one.half != half]) for half in (0, 1)]
    for more in BELOW:
        for size in SIZES:
            some = [one for one in seen if one.size == size]
            weighed = np.array([np.dot(one.figures, fitted[one.half][:-1]) + fitted[one.half][-1] for one in some])
            far = np.array([one.figures[0] > NEAR for one in some])
            show(f"{size}, odds above {bar(size) + more:.1f}", some, (weighed > bar(size) + more) & far)
    print("deviations, drop, bits, usual, kind, length, bare:", *fit(near).round(2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
