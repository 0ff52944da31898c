"""Along which axes texts differ from one another more than the parts of one text do.

Each axis is a mixture of how well law, news, verse and their like predict a text (`terms.General.kinds`). A stretch of text stands on
an axis where the mean of its features stands; stretches of one text scatter there by about 1 for `UNIT` features.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.script import fold_table
from audit.language.store import shipped
from audit.language.terms import general, pair_buckets, single_buckets
from audit.model import Codes
from audit.native import kernels

AXES = 6  # the first ones tell texts apart by 8, 7, 4, 2.5, 2 and 1.5 times the scatter within them; the next ones by less than 1
UNIT = 120.0  # features, some 60 Han characters
STEP = 1 / 32  # what one step of the table stands for


class Axes(NamedTuple):
    """What each feature weighs on each axis, in steps, shape (40960, axes).

    `between`: by how much more texts differ along them than stretches of one do; of single characters alone `scatter` is what one of
    them brings along and `apart` how the texts differ; variances, shapes (axes,).
    """

    weights: NDArray[np.int16]
    between: NDArray[np.float64]
    scatter: NDArray[np.float64]
    apart: NDArray[np.float64]


@cache
def axes() -> Axes:
    """The shipped ones."""
    table = np.asarray(shipped().array("axes"), dtype=np.float64)  # one row for each kind, then the variances
    return Axes(weighed(np.asarray(general().kinds, dtype=np.float64), table[:-3]), *table[-3:])


def weighed(kinds: NDArray[np.float64], mixture: NDArray[np.float64]) -> NDArray[np.int16]:
    """The weights for kinds of shape (kinds, 40960), which an axis mixes as its column of shape (kinds, axes) says."""
    weights = np.zeros((kinds.shape[1], mixture.shape[1]))
    for kind, shares in zip(
        kinds, mixture, strict=True
    ):  # one by one: a product of matrices adds in an order of its own
        weights += kind[:, None] * shares
    return np.asarray(np.round(weights / STEP), dtype=np.int16)


class Running(NamedTuple):
    """What stands before each code point of a text and its end: sums of the weights, shape (n + 1, axes), features, Han characters."""

    weights: NDArray[np.int64]
    features: NDArray[np.int64]
    han: NDArray[np.int64]


def running(codes: Codes, weights: NDArray[np.int16]) -> Running:
    """The running sums of a text."""
    if kernels is not None:
        size = len(codes) + 1
        rows = np.empty((size, weights.shape[1]), dtype=np.int64)
        features, han = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
        kernels.running_sums(codes, fold_table(), weights, rows, features, han)
        return Running(rows, features, han)
    folded = fold_table().take(codes, mode="clip").astype(np.uint32)
    at = np.flatnonzero(folded > 3)
    pairs = at[:-1][np.diff(at) == 1]
    rows = np.zeros((len(codes) + 1, weights.shape[1]), dtype=np.int64)
    rows[at + 1] = weights.take(single_buckets(folded[at]), axis=0)
    rows[pairs + 1] += weights.take(pair_buckets(folded[pairs], folded[pairs + 1]), axis=0)
    han = np.zeros(len(codes) + 1, dtype=np.int64)
    han[at + 1] = 1
    features = han.copy()
    features[pairs + 1] += 1
    return Running(np.cumsum(rows, axis=0), np.cumsum(features), np.cumsum(han))
