"""Fit what `audit.restore.surety` weighs and doubts on damage in genres that the language model has not seen.

    python tools/fit_shift_doubt.py [FOLDER] [--pages N] [--seeds a,b] [--tables FOLDER]

For each genre of FOLDER (`*.txt.xz`) tables are trained from all others, its pages are broken as in `bench_shift.py`, and of every
original that comes to be judged is noted what it and those beside it are weighed by, and whether it is right. What is told of each
genre is fitted on the other genres: how many of the runs of four characters or more in which no pair vanished would be exact, where
so many of 1,000 exact ones, of any length and loss, are wrong. Then all are fitted, and those figures are printed to be copied.
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

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import train_language
from corpora import genres, name_of
from numpy.typing import NDArray
from shift_judged import Genre, Judged, judged_in

from audit.restore import doubt, surety
from audit.restore.surety import Standing

PULL = 3.0  # of the weights to zero, in nats, where each is scaled to vary by one
STEPS = 60  # of Newton's method
WRONG = (1, 2, 3, 5, 8)  # of 1,000
Floats = NDArray[np.float64]


def weigh(judged: Sequence[Judged]) -> Floats:
    """The weights that make what is true likeliest beside all others, by Newton's method; shape (columns,)."""
    told = [one for one in judged if one.true >= 0]
    scale = np.concatenate([one.rows - one.rows[one.true] for one in told]).std(axis=0)
    scale[scale == 0] = 1.0
    weights = np.zeros(len(scale))
    for _ in range(STEPS):
        slope, curve = PULL * weights, PULL * np.eye(len(weights))
        for one in told:
            beside = (one.rows - one.rows[one.true]) / scale
            share = np.exp(-beside @ weights - (-beside @ weights).max())
            share /= share.sum()
            mean = share @ beside
            slope -= mean
            curve += (beside * share[:, None]).T @ beside - np.outer(mean, mean)
        step = np.linalg.solve(curve, slope)
        weights -= step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-4:
            break
    found: Floats = weights / scale
    return found


def standing_by(weights: Floats, judged: Sequence[Judged]) -> list[Standing]:
    """How the originals stand where these are the weights."""
    return [one.standing._replace(lead=surety.lead_of(one.rows @ weights, one.best)) for one in judged]


def comes_up(one: Judged, standing: Standing) -> bool:
    """Whether the rules would ask for the doubt."""
    return one.first < doubt.HOPED and standing.pairs >= 0 and standing.lead > 0


def fit(standings: Sequence[Standing], wrong: NDArray[np.bool_]) -> Floats:
    """The weights of a doubt that make the outcomes likeliest, by Newton's method; shape (what is seen,)."""
    rows = np.array([one.seen() for one in standings])
    scale = rows.std(axis=0)
    scale[scale == 0] = 1.0
    scaled = rows / scale
    weights = np.zeros(rows.shape[1])
    pull = np.diag([0.0, *[PULL] * (len(weights) - 1)])
    for _ in range(STEPS):
        share = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (share - wrong) + pull @ weights
        curve = (scaled * (share * (1 - share))[:, None]).T @ scaled + pull
        step = np.linalg.solve(curve, slope)
        weights -= step / max(1.0, float(np.abs(step).max()))
    found: Floats = weights / scale
    return found


def measure(wrong: NDArray[np.bool_], whole: NDArray[np.bool_], every: int, doubts: Floats) -> None:
    """How many would be exact where so many of them are wrong, and up to what doubt."""
    order = np.argsort(doubts, kind="stable")
    summed, exact = wrong[order].cumsum(), (whole & ~wrong)[order].cumsum()
    for limit in WRONG:
        fits = np.flatnonzero(1000 * summed <= limit * np.arange(1, len(order) + 1))
        if len(fits):
            last = fits[-1]
            print(
                f"{limit} wrong of 1,000: {100 * exact[last] / max(every, 1):5.1f} % of {every} exact"
                f" ({summed[last]} wrong of {last + 1}), doubt below {doubts[order[last]]:.2f}"
            )


def tell(found: dict[str, Genre]) -> None:
    """What is told of each genre by the others, then what all tell."""
    wrong, whole, doubts = [], [], []
    for name, genre in found.items():
        others = [one for other in found if other != name for one in found[other].judged]
        weights = weigh(others)
        stand = standing_by(weights, others)
        some = [n for n, one in enumerate(others) if comes_up(one, stand[n])]
        odds = fit([stand[n] for n in some], np.array([not others[n].right for n in some]))
        for one, standing in zip(genre.judged, standing_by(weights, genre.judged), strict=True):
            if comes_up(one, standing):
                wrong.append(not one.right)
                whole.append(one.whole)
                doubts.append(float(np.dot(odds, standing.seen())))
    measure(np.array(wrong), np.array(whole), sum(one.whole for one in found.values()), np.array(doubts))
    every = [one for genre in found.values() for one in genre.judged]
    weights = weigh(every)
    stand = standing_by(weights, every)
    some = [n for n, one in enumerate(every) if comes_up(one, stand[n])]
    print("WEIGHTS", weights.round(3).tolist())
    print("DOUBT", fit([stand[n] for n in some], np.array([not every[n].right for n in some])).round(3).tolist())


def gather(folder: Path, pages: int, seeds: Sequence[int], kept: Path | None) -> dict[str, Genre]:
    """The originals of every genre, each with tables of the others, which are kept where a folder is given."""
    paths = genres(folder)
    corpora = {name_of(path): train_language.read(path) for path in paths}
    words = train_language.read_words()
    found: dict[str, Genre] = {}
    for path in paths:
        name = name_of(path)
        with tempfile.TemporaryDirectory() as passing:
            tables = kept / name if kept else Path(passing)
            if not (tables / "trigram.npy").exists():
                shutil.copytree(train_language.TABLES, tables, dirs_exist_ok=True)
                others = {other: codes for other, codes in corpora.items() if other != name}
                train_language.train(others, words, tables)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found[name] = pool.apply(judged_in, (path, tables, pages, seeds))
        print(f"{name:<24}{len(found[name].judged):>6} originals, {found[name].whole:>6} whole runs", flush=True)
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    shared = Path(os.environ.get("JIAOKAN_SHARED", "../shared"))
    parser.add_argument("folder", nargs="?", type=Path, default=shared / "corpus")
    parser.add_argument("--pages", type=int, default=60, help="of each genre and program and seed")
    parser.add_argument("--seeds", default="11,12,13,14", help="parted by commas")
    parser.add_argument("--tables", type=Path, help="where tables are kept, and found again")
    args = parser.parse_args()
    tell(gather(args.folder, args.pages, [int(seed) for seed in args.seeds.split(",")], args.tables))
    return 0


if __name__ == "__main__":
    sys.exit(main())
