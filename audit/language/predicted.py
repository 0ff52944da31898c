"""How well the rest of a collection predicts the features of each entry, in whole numbers: the same in any order and on every machine."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.terms import BUCKETS, LOWEST, STEP, General, general
from audit.native import kernels

WEIGHT = 1 << 12  # what stands for one unit of weight
FRACTION = 16  # binary places of a logarithm
CAP = 6  # bits that one feature can speak for an entry
MANTISSA, SLOTS, BIAS = (
    52,
    12,
    1023,
)  # bits of a double's mantissa, those of them that are looked up, and its exponent of one
Whole = NDArray[np.int64]
Scores = NDArray[np.float64]


class Prose(NamedTuple):
    """What general prose is like: `rarity`, one in how many of its features each bucket is, shape (40960,).

    `steps`: how much better each kind of prose predicts each bucket, in steps of `terms.STEP`; shape (40960, kinds).
    """

    rarity: Scores
    steps: NDArray[np.uint8]

    @classmethod
    def of(cls, known: General) -> Prose:
        """The same, laid out for one look at each feature."""
        steps = np.round((known.kinds.T - np.float32(LOWEST)) / np.float32(STEP)).astype(np.uint8)
        return cls(1 / known.shares, np.ascontiguousarray(steps))


@cache
def prose() -> Prose:
    """The shipped one."""
    return Prose.of(general())


class Features(NamedTuple):
    """The features of entries, end to end, their counts, and the bounds of the entries; shapes (features,) and (entries + 1,)."""

    buckets: NDArray[np.uint16]
    counts: NDArray[np.uint8]
    bounds: Whole


@cache
def _weights() -> Whole:
    """What a feature counts that an entry has so often; shape (256,)."""
    return np.round(np.log1p(np.arange(256)) * WEIGHT).astype(np.int64)


@cache
def _logarithms() -> Whole:
    """Logarithms of the middles of slots between 1 and 2; shape (4096,)."""
    slots = 1 << SLOTS
    return np.round(np.log2(1 + (np.arange(slots) + 0.5) / slots) * (1 << FRACTION)).astype(np.int64)


class Predicted(NamedTuple):
    """By how many bits a feature each entry is predicted better than by general prose, shape (entries,).

    `kinds`: how much better each kind of prose predicts it than all do, in bits but for a constant, shape (kinds, entries); `mass`: what
    its features weigh, shape (entries,).
    """

    bits: Scores
    kinds: Scores
    mass: Scores


def predicted(features: Features, known: Prose, mix: float) -> Predicted:
    """How well the others predict each entry, at the weight `mix`."""
    kinds = known.steps.shape[1]
    rows = np.empty((len(features.bounds) - 1, 2 + kinds), dtype=np.int64)
    if kernels is None:
        _predict(features, known, mix, rows)
    else:
        totals = np.empty(BUCKETS, dtype=np.int64)
        mixed = np.array([mix])
        kernels.predict_entries(*features, _weights(), _logarithms(), known.rarity, known.steps, mixed, totals, rows)
    mass = np.maximum(rows[:, 0], 1).astype(np.float64)
    return Predicted(rows[:, 1] / mass / (1 << FRACTION), rows[:, 2:].T / mass * STEP, mass / WEIGHT)


def _predict(features: Features, known: Prose, mix: float, rows: Whole) -> None:
    """Of each entry its mass, what the rest says of it, and its sums of the kinds' steps, shape (entries, 2 + kinds)."""
    buckets = features.buckets.astype(np.int64)
    weights = _weights().take(features.counts)
    totals = np.bincount(buckets, weights, minlength=BUCKETS).astype(np.int64)
    mass = _summed(weights, features.bounds)
    scale = mix / np.maximum(mass.sum() - mass, 1).astype(np.float64)
    more = (totals.take(buckets) - weights).astype(np.float64) * known.rarity.take(buckets)
    more = more * scale.repeat(np.diff(features.bounds)) + (1 - mix)
    bits = more.view(np.int64)
    gain = ((bits >> MANTISSA) - BIAS) << FRACTION
    gain += _logarithms().take(bits >> (MANTISSA - SLOTS) & ((1 << SLOTS) - 1))
    rows[:, 0] = mass
    rows[:, 1] = _summed(weights * np.minimum(gain, CAP << FRACTION), features.bounds)
    for kind, steps in enumerate(known.steps.T):
        rows[:, 2 + kind] = _summed(weights * steps.take(buckets), features.bounds)


def _summed(values: Whole, bounds: Whole) -> Whole:
    """The sum of each stretch of values; shape (stretches,)."""
    running = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=running[1:])
    return np.diff(running[bounds])
