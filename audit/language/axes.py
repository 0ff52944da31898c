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
from audit.model import Codes, Offsets
from audit.native import kernels

AXES = 6  # the first ones tell texts apart by 8, 7, 4, 2.5, 2 and 1.5 times the scatter within them; the next ones by less than 1
UNIT = 120.0  # features, some 60 Han characters
STEP = 1 / 32  # what one step of the table stands for
HAN = 3  # folded code points above it are Han characters


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
    """What stands before places of a text: sums of the weights, shape (axes, places), and features, shape (places,)."""

    weights: NDArray[np.int64]
    features: NDArray[np.int64]


def han_before(codes: Codes) -> Offsets:
    """How many Han characters stand before each code point of a text and its end; shape (n + 1,)."""
    counts = np.zeros(len(codes) + 1, dtype=np.int64)
    np.cumsum(fold_table().take(codes, mode="clip") > HAN, out=counts[1:])
    return counts


def running(codes: Codes, weights: NDArray[np.int16], at: Offsets) -> Running:
    """The running sums of a text at ascending places, a feature counted where its first character stands."""
    if kernels is not None:
        rows, features = np.empty((len(at), weights.shape[1]), dtype=np.int64), np.empty(len(at), dtype=np.int64)
        kernels.running_sums(codes, fold_table(), weights, at, rows, features)
        return Running(np.ascontiguousarray(rows.T), features)
    folded = fold_table().take(codes, mode="clip").astype(np.uint32)
    han = np.flatnonzero(folded > HAN)
    pairs = han[:-1][np.diff(han) == 1]
    sums = np.zeros((len(codes) + 1, weights.shape[1]), dtype=np.int64)
    sums[han + 1] = weights.take(single_buckets(folded[han]), axis=0)
    sums[pairs + 1] += weights.take(pair_buckets(folded[pairs], folded[pairs + 1]), axis=0)
    counts = han.searchsorted(at) + pairs.searchsorted(at)
    return Running(np.ascontiguousarray(np.cumsum(sums, axis=0)[at].T), counts)
