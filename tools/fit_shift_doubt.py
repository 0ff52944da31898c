"""Fit the odds of `audit.restore.surety` on damage in genres that the language model has not seen.

    python tools/fit_shift_doubt.py [FOLDER] [--pages N] [--seed N]

For each genre of FOLDER (`*.txt.xz`) tables are trained from all others, its pages are broken as in `bench_shift.py`, and of every
original that two readers agree on is noted how it stands beside the others, and whether it is right. What is told of each genre is
fitted on the other genres: how many of the runs of four characters or more in which no pair vanished would be exact, where so many
of 1,000 exact ones, of any length and loss, are wrong. Then all are fitted, and those figures are printed to be copied.
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
from audit.restore import leading
from audit.restore.abreast import Asking
from audit.restore.candidate import Candidate
from audit.restore.damage import GLOSS
from audit.restore.simulate import narrow
from audit.restore.surety import Gone, Standing

PULL = 3.0  # of the weights to zero, in nats, where each is scaled to vary by one
STEPS = 60  # of Newton's method
WRONG = (1, 2, 3, 5, 8)  # of 1,000
Floats = NDArray[np.float64]


class Proved(NamedTuple):
    """An original that two readers agree on: how it stands, whether its run is long and whole, whether it is right."""

    standing: Standing
    whole: bool
    right: bool


class Genre(NamedTuple):
    """What was found in a genre, and how many of its runs of four characters or more lost no pair."""

    proved: list[Proved]
    whole: int


def proved_in(genre: Path, tables: Path, pages: int, seed: int) -> Genre:
    """The originals of a genre's broken pages, with those tables; runs in a process of its own, before any table is loaded."""
    store.shipped().folder = tables
    seen: dict[str, Standing] = {}
    stands = leading.standing

    def note(body: str, candidate: Candidate, gone: Gone, *, guessed: bool) -> Asking[Standing | None]:
        found = yield from stands(body, candidate, gone, guessed=guessed)
        if found:
            seen[narrow(candidate.found.ended[0].text)] = found
        return found

    leading.standing = note
    leading.surely = lambda standing, _: standing.pairs >= 0
    config = Config(select=("BYT",), min_confidence=0.0)
    proved: list[Proved] = []
    longer, text = 0, load(genre)
    for mechanism in ("F1", "G", "F3"):
        for page in bench_shift.pages(text, mechanism, pages, 12, seed):
            seen.clear()
            findings = audit_text(page.damaged.text, config=config).findings
            for shift in (shift for shift in page.damaged.spans if shift.mechanism != GLOSS):
                shown = page.damaged.text[shift.start : shift.end]
                whole = bench_shift.is_long(shown) and not bench_shift.lost_inside(shift, shown)
                longer += whole
                meeting = [one for one in findings if one.start < shift.end and shift.start < one.end]
                if meeting and meeting[0].evidence["verdict"] == "exact":
                    best = meeting[0].evidence["originals"][0]["text"]
                    right = bench_shift.mends(page, shift, meeting[0], best)
                    proved.append(Proved(seen[narrow(best)], whole, right))
    return Genre(proved, longer)


def rows_of(proved: Sequence[Proved]) -> Floats:
    """What the odds are reckoned from; shape (n, what is seen)."""
    return np.array([one.standing.seen() for one in proved])


def fit(proved: Sequence[Proved]) -> Floats:
    """The weights that make the outcomes likeliest, by Newton's method; shape (what is seen,)."""
    rows, wrong = rows_of(proved), np.array([not one.right for one in proved])
    scale = rows.std(axis=0)
    scale[0] = 1.0
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


def measure(genres_: Sequence[Genre], doubts: Floats) -> None:
    """How many would be exact where so many of them are wrong, and up to what doubt."""
    proved = [one for genre in genres_ for one in genre.proved]
    every = sum(genre.whole for genre in genres_)
    order = np.argsort(doubts, kind="stable")
    wrong = np.cumsum([not proved[n].right for n in order])
    exact = np.cumsum([proved[n].whole and proved[n].right for n in order])
    for limit in WRONG:
        fits = np.flatnonzero(1000 * wrong <= limit * np.arange(1, len(order) + 1))
        if len(fits):
            last = fits[-1]
            print(
                f"{limit} wrong of 1,000: {100 * exact[last] / every:5.1f} % of {every} exact"
                f" ({wrong[last]} wrong of {last + 1}), doubt below {doubts[order[last]]:.2f}"
            )


def gather(folder: Path, pages: int, seed: int) -> dict[str, Genre]:
    """The originals of every genre, each with tables of the others."""
    paths = genres(folder)
    corpora = {name_of(path): train_language.read(path) for path in paths}
    words = train_language.read_words()
    found: dict[str, Genre] = {}
    for path in paths:
        name = name_of(path)
        with tempfile.TemporaryDirectory() as tables:
            shutil.copytree(train_language.TABLES, tables, dirs_exist_ok=True)
            others = {other: codes for other, codes in corpora.items() if other != name}
            train_language.train(others, words, Path(tables))
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found[name] = pool.apply(proved_in, (path, Path(tables), pages, seed))
        print(f"{name:<24}{len(found[name].proved):>6} originals, {found[name].whole:>6} whole runs", flush=True)
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    shared = Path(os.environ.get("JIAOKAN_SHARED", "../shared"))
    parser.add_argument("folder", nargs="?", type=Path, default=shared / "corpus")
    parser.add_argument("--pages", type=int, default=80, help="of each genre and program")
    parser.add_argument("--seed", type=int, default=101)
    args = parser.parse_args()
    found = list(gather(args.folder, args.pages, args.seed).values())
    doubts = []
    for mine in found:
        others = [one for genre in found if genre is not mine for one in genre.proved]
        doubts.append(rows_of(mine.proved) @ fit(others) if mine.proved else np.empty(0))
    measure(found, np.concatenate(doubts))
    print("DOUBT", fit([one for genre in found for one in genre.proved]).round(3).tolist())
    return 0


if __name__ == "__main__":
    sys.exit(main())
