"""How far an entry of a large collection lies from its nearest neighbours, whatever the subjects of these.

An entry stands where its features stand on the axes of kinds (`audit.language.axes`). Where a collection has several subjects it belongs if
some others stand near it; a few strays of one sort have only one another.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.axes import STEP, axes

RARE, FEW = 300, 4  # one in so many is no subject, nor are so few
BLOCK = 256  # entries whose distances are held at once
KNOWN = 4.0  # distance that a bit makes up for by which an entry's subject is better predicted than by general prose
# So many times farther beyond the usual entry than the 95th of a hundred is, and so far at least; or so far, and less many times. In 16
# collections of 3,000 entries of two to five genres with 12 strays of one to three each, three in ten strays are beyond (of genres that
# the tables do not know a fifth), and 98 in 100 of what is beyond are strays, as many in the half that the bounds were not chosen on; where
# there are no strays 0.2 in 1,000 entries are, mostly lists of names.
TIMES, LEAST = 3.3, 1.1
LESS_TIMES, VERY_FAR = 2.0, 2.6
HIGH = 0.95
LOOKED = (
    300  # of the sample, which show what is usual, and whether an entry has neighbours enough not to be looked at again
)
SAME = 1e-12  # squared distance of an entry from itself, summed anew
NORMAL = 1.645  # deviations of the 95th of a hundred
Positions = NDArray[np.float64]


class Spread(NamedTuple):
    """Where the entries of a sample stand, shape (sample, axes), and how far the usual and the 95th of a hundred lie from their neighbours."""

    places: Positions
    usual: float
    high: float


def positions(buckets: NDArray[np.int64], weights: Positions, starts: NDArray[np.int64], mass: Positions) -> Positions:
    """Where entries stand, whose features are laid end to end; shape (entries, axes)."""
    rows = [
        np.add.reduceat(weights * axis.take(buckets), starts) / mass for axis in axes().weights.T.astype(np.float64)
    ]
    return np.asarray(np.stack(rows, axis=1) * STEP)


def rank_of(places: Positions) -> int:
    """Which of the neighbours of an entry among these places is the first that is too far to be of its sort."""
    return max(FEW, len(places) // RARE)


def distances(here: Positions, places: Positions, rank: int) -> Positions:
    """How far each entry lies from its so many-th neighbour among `places`; shape (entries,).

    An entry is no neighbour of its own: one place that is the same is left out.
    """
    if len(places) <= rank:
        return np.zeros(len(here))
    found, gap = np.empty(len(here)), np.empty((min(BLOCK, len(here)), len(places)))
    axes_first = np.ascontiguousarray(places.T)
    for at in range(0, len(here), BLOCK):
        some = here[at : at + BLOCK]
        apart = np.zeros((len(some), len(places)))
        for own, others in zip(
            some.T, axes_first, strict=True
        ):  # no product of matrices: it adds in an order of its own
            np.subtract(own[:, None], others, out=gap[: len(some)])
            apart += np.square(gap[: len(some)], out=gap[: len(some)])
        nearest = np.partition(apart, rank, axis=1)[:, : rank + 1]
        nearest.sort(axis=1)
        found[at : at + BLOCK] = np.where(nearest[:, 0] < SAME, nearest[:, rank], nearest[:, rank - 1])
    return np.sqrt(found)


def learn(places: Positions, bits: Positions) -> Spread:
    """The spread of a sample, of the first of which, at most `LOOKED`, each is predicted by so many `bits` better than by general prose."""
    if not len(bits):
        return Spread(places, 0.0, 0.0)
    far = strangeness(places[: len(bits)], places, bits)
    return Spread(places, float(np.median(far)), float(np.quantile(far, HIGH)))


def strangeness(here: Positions, places: Positions, bits: Positions) -> Positions:
    """The distance of each entry, less what its subject makes up for; shape (entries,)."""
    return distances(here, places, rank_of(places)) - KNOWN * bits


def bounded(here: Positions, places: Positions, bits: Positions) -> Positions:
    """The same where an entry may be an outlier; of the others what some of the places show, which is no less."""
    rank = rank_of(places)
    if len(places) <= LOOKED or rank >= LOOKED:
        return strangeness(here, places, bits)
    far = distances(here, places[:LOOKED], rank) - KNOWN * bits
    left = far >= LEAST
    far[left] = strangeness(here[left], places, bits[left])
    return far


def deviations(far: Positions, spread: Spread) -> Positions:
    """The same in deviations from the usual entry."""
    return np.asarray((far - spread.usual) / max(spread.high - spread.usual, 1e-9) * NORMAL)


def is_outlier(far: Positions, spread: Spread) -> NDArray[np.bool_]:
    """Which entries lie so far from all others; shape (entries,)."""
    times = deviations(far, spread) / NORMAL
    return np.asarray(((times >= TIMES) & (far >= LEAST)) | ((times >= LESS_TIMES) & (far >= VERY_FAR)))
