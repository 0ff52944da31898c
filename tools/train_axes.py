"""Train `axes.npy` of `audit/language/tables`: along which mixtures of kinds texts differ more than the parts of one text do.

    python tools/train_axes.py FOLDER_OF_TEXTS [OUTPUT_FOLDER]

A discriminant analysis of pieces of each file (.txt or .txt.xz): the scatter of their stretches against that of the pieces. Needs
`kinds.npy` (`tools/train_topics.py`). Writes a row for each kind, and three of variances, as `audit.language.axes.Axes` has them.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

from corpora import genres, load

from audit.language.axes import AXES, STEP, UNIT, han_before, running, weighed
from audit.language.stretches import stretches
from audit.language.terms import PAIRS, general
from audit.model import Entry, Role, Span, Text

PIECES, SIZE = 200, 3_000  # of each file, in code points
CORE, RESTORED = (
    0.85,
    1.3,
)  # the stretches that lie nearest, so that a quotation is no measure, and what they lack in variance
LIMIT = 8_000_000  # bytes of a file
Table = NDArray[np.float64]


def entry(body: str) -> Entry:
    """A text as an entry."""
    return Entry(Text(body), 0, Role.ENTRY, 0, len(body), Span(0, 0))


def pieces(body: str, draw: random.Random) -> Iterator[str]:
    """Pieces of a text by lot, from the beginning of a line."""
    for _ in range(PIECES):
        at = body.find("\n", draw.randrange(max(len(body) - 2 * SIZE, 1))) + 1
        yield body[at : at + SIZE]


def scatter(means: Table, sizes: Table) -> Table:
    """The covariance of the stretches of a text, each worth its size; shape (columns, columns)."""
    apart = means - np.median(means, axis=0)
    far = np.square(apart).sum(axis=1)
    core = far <= np.quantile(far, CORE)
    held = apart[core]
    return (held * sizes[core, None]).T @ held / core.sum() * RESTORED


def measured(bodies: list[str], weights: NDArray[np.int16]) -> tuple[Table, Table]:
    """The scatter within the texts, and their means; shapes (columns, columns), (texts, columns)."""
    within, means = [], []
    for body in bodies:
        one = entry(body)
        bounds = stretches(one, han_before(one.text.codes))
        if bounds.size < 2 * 10:
            continue
        rows, features = running(one.text.codes, weights, np.append(bounds, len(body)))
        sizes = features[1:-1:2] - features[:-1:2]
        sums = (rows[:, 1:-1:2] - rows[:, :-1:2]).T * STEP
        kept = sizes > 0
        within.append(scatter(sums[kept] / sizes[kept, None], sizes[kept] / UNIT))
        means.append(rows[:, -1] * STEP / features[-1])
    return np.mean(within, axis=0), np.array(means)


def axes_of(bodies: list[str], kinds: Table) -> Table:
    """The table for these texts."""
    within, means = measured(bodies, weighed(kinds, np.eye(len(kinds))))
    values, vectors = np.linalg.eigh(within)
    white = vectors / np.sqrt(values)
    found, turned = np.linalg.eigh(white.T @ np.cov(means.T) @ white)
    mixture = (white @ turned)[:, ::-1][:, :AXES]
    singles = weighed(kinds, mixture)
    singles[:PAIRS] = 0
    noise, apart = measured_singles(bodies, singles)
    return np.vstack([mixture, found[::-1][:AXES], noise, apart])


def measured_singles(bodies: list[str], singles: NDArray[np.int16]) -> tuple[Table, Table]:
    """What a Han character brings along on each axis where stretches are weighed by these alone, and how texts differ; variances."""
    noise, means = [], []
    for body in bodies:
        one = entry(body)
        han = han_before(one.text.codes)
        bounds = stretches(one, han)
        if bounds.size < 2 * 10:
            continue
        rows, _ = running(one.text.codes, singles, np.append(bounds, len(body)))
        sizes = np.maximum(han[bounds[:, 1]] - han[bounds[:, 0]], 1)
        mean = rows[:, -1] * STEP / han[-1]
        apart = (rows[:, 1:-1:2] - rows[:, :-1:2]).T * STEP / sizes[:, None] - mean
        noise.append(
            np.median(np.square(apart) * sizes[:, None], axis=0) / 0.455
        )  # the median of a squared normal deviate
        means.append(mean)
    return np.mean(noise, axis=0), np.var(means, axis=0)


def main() -> int:
    """Writes the table."""
    default = Path(__file__).parent.parent / "audit" / "language" / "tables"
    output = Path(sys.argv[2]) if len(sys.argv) > 2 else default
    draw = random.Random(7)
    bodies = [body for path in genres(Path(sys.argv[1])) for body in pieces(load(path, LIMIT), draw)]
    table = axes_of(bodies, np.asarray(general().kinds, dtype=np.float64))
    np.save(output / "axes.npy", table.astype(np.float32))
    print(f"{output}: {len(bodies)} texts differ by {', '.join(f'{value:.1f}' for value in table[-3])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
