"""Fit the odds of `audit.restore.doubt` on damage in genres that the language model has not seen.

    python tools/fit_shift_doubt.py [FOLDER] [--pages N] [--seed N]

For each genre of FOLDER (`*.txt.xz`) tables are trained from all others, its pages are broken as in `bench_shift.py`, and every
original that proves itself is noted with its rivals: right, wrong as another fits the same bytes, or wrong as a pair vanished.
Half of the genres are fitted, the other half measured, both ways; then all are fitted, and those figures are printed to be copied.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import bench_shift
import numpy as np
import train_language
from corpora import genres, load, name_of
from numpy.typing import NDArray

from audit import audit_text
from audit.config import Config
from audit.language import store
from audit.restore import doubt, leading
from audit.restore.damage import GLOSS
from audit.restore.doubt import Rivals
from audit.restore.simulate import narrow

RIGHT, ANOTHER, VANISHED = range(3)
PULL = 1.0  # of the weights to zero, in nats
STEPS = 60  # of Newton's method
Floats = NDArray[np.float64]


class Proved(NamedTuple):
    """An original that proves itself: the leads over its rivals, what it is, and what came of it."""

    another: float
    vanished: float
    mean: float
    guessed: bool
    pairs: int
    numbers: bool
    outcome: int


def proved_in(genre: Path, tables: Path, pages: int, seed: int) -> list[Proved]:
    """The originals of a genre's broken pages, with those tables; runs in a process of its own, before any table is loaded."""
    store.shipped().folder = tables
    seen: dict[str, Rivals] = {}

    def note(rivals: Rivals) -> bool:
        seen[narrow(rivals.best)] = rivals
        return True  # so that all rivals are asked for

    leading.surely = note
    config = Config(select=("BYT",), min_confidence=0.0)
    found: list[Proved] = []
    text = load(genre)
    for mechanism in ("F1", "G", "F3"):
        for page in bench_shift.pages(text, mechanism, pages, 12, seed):
            seen.clear()
            findings = audit_text(page.damaged.text, config=config).findings
            for shift in (shift for shift in page.damaged.spans if shift.mechanism != GLOSS):
                meeting = [one for one in findings if one.start < shift.end and shift.start < one.end]
                if meeting and meeting[0].evidence["verdict"] == "exact":
                    best = meeting[0].evidence["originals"][0]["text"]
                    lost = bench_shift.lost_inside(shift, page.damaged.text[shift.start : shift.end])
                    right = bench_shift.mends(page, shift, meeting[0], best)
                    found.append(noted(seen[narrow(best)], RIGHT if right else VANISHED if lost else ANOTHER))
    return found


def noted(rivals: Rivals, outcome: int) -> Proved:
    """What is kept of an original."""
    return Proved(rivals.another, rivals.vanished, rivals.mean, rivals.guessed, rivals.pairs, rivals.numbers, outcome)


def seen_by(proved: Sequence[Proved]) -> tuple[Floats, Floats]:
    """What the two odds are reckoned from; shapes (n, 4) and (n, 5)."""
    rows = np.array([[1.0, p.another, p.vanished, p.mean, p.guessed, np.log(p.pairs + 1)] for p in proved])
    return rows[:, [0, 1, 3, 4]], rows[:, [0, 2, 3, 4, 5]]


def fit(proved: Sequence[Proved]) -> tuple[Floats, Floats]:
    """The weights that make the outcomes likeliest, by Newton's method; shapes (4,) and (5,)."""
    one, two = seen_by(proved)
    outcome = np.array([p.outcome for p in proved])
    size = one.shape[1]
    weights = np.zeros(size + two.shape[1])
    pull = np.diag([0.0 if n in (0, size) else PULL for n in range(len(weights))])
    weights[[0, size]] = -4.0
    for _ in range(STEPS):
        odds = np.exp(np.stack([one @ weights[:size], two @ weights[size:]]))
        share = odds / (1 + odds.sum(axis=0))
        away = share - (outcome == np.array([[ANOTHER], [VANISHED]]))
        slope = np.concatenate([one.T @ away[0], two.T @ away[1]]) + pull @ weights
        blocks = [
            [(a * (share[m] * ((m == n) - share[n]))[:, None]).T @ b for n, b in enumerate((one, two))]
            for m, a in enumerate((one, two))
        ]
        step = np.linalg.solve(np.block(blocks) + pull, slope)
        weights -= step / max(1.0, float(np.abs(step).max()))
    return weights[:size], weights[size:]


def measure(name: str, proved: Sequence[Proved], weights: tuple[Floats, Floats]) -> None:
    """How many would be exact, and how many of these are wrong, by the doubt that is left."""
    one, two = seen_by(proved)
    doubts = np.logaddexp(one @ weights[0], two @ weights[1])
    wrong = np.array([p.outcome != RIGHT for p in proved])
    for limit in (-5.0, -4.0, doubt.SURE, -3.0, -2.0):
        sure = doubts < limit
        print(
            f"{name:<14} doubt below {limit:5.2f}: {int(sure.sum()):6} of {len(proved)} exact, {int(wrong[sure].sum()):4} wrong"
        )


def kept(proved: Sequence[Proved]) -> list[Proved]:
    """Those that the odds are asked about at all."""
    return [p for p in proved if not p.numbers and min(p.another, p.vanished) > doubt.LEAST_LEAD]


def gather(folder: Path, pages: int, seed: int) -> dict[str, list[Proved]]:
    """The originals of every genre, each with tables of the others."""
    paths = genres(folder)
    corpora = {name_of(path): train_language.read(path) for path in paths}
    words = train_language.read_words()
    found: dict[str, list[Proved]] = {}
    for path in paths:
        name = name_of(path)
        with tempfile.TemporaryDirectory() as tables:
            shutil.copytree(train_language.TABLES, tables, dirs_exist_ok=True)
            others = {other: codes for other, codes in corpora.items() if other != name}
            train_language.train(others, words, Path(tables))
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found[name] = kept(pool.apply(proved_in, (path, Path(tables), pages, seed)))
        print(f"{name:<24}{len(found[name]):>6} originals", flush=True)
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    shared = Path(os.environ.get("JIAOKAN_SHARED", "../shared"))
    parser.add_argument("folder", nargs="?", type=Path, default=shared / "corpus")
    parser.add_argument("--pages", type=int, default=80, help="of each genre and program")
    parser.add_argument("--seed", type=int, default=101)
    args = parser.parse_args()
    found = gather(args.folder, args.pages, args.seed)
    halves = [[p for name in list(found)[half::2] for p in found[name]] for half in (0, 1)]
    for mine, other in (halves, halves[::-1]):
        measure("the other half", other, fit(mine))
    every = halves[0] + halves[1]
    weights = fit(every)
    measure("all", every, weights)
    print("ANOTHER", weights[0].round(3).tolist(), "VANISHED", weights[1].round(3).tolist())
    return 0


if __name__ == "__main__":
    sys.exit(main())
