"""The subjects of a large collection: clusters of entries, and how well the best of them describes an entry.

A collection is large if more of its entries than `SMALL` say what they are about: then several subjects are normal. They are learnt from a
sample that the entries' own digests choose, which is as good as by lot and the same in any order of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import outliers
from audit.language.outliers import Positions, Spread
from audit.language.subjects import MIX, Scores, Sketch
from audit.language.terms import BUCKETS, general

SMALL = 2_000  # entries that say what they are about
SAMPLE = 4_000  # entries of a large collection, among which the neighbours of all are looked for
LEARNT = 1_000  # of them, from which the subjects are learnt
THEMES = 32  # at most; what is rarer than one in a hundred entries is no subject of the collection
LEAST = 10  # entries of a subject, or a hundredth
# In 12 collections of 3,000 entries the area under the curve is .990 with any of these from 0 to 8, what is told the same but for a few.
ROUNDS, MEANS = 1, 6
SEED = 7
CAP = 6.0  # bits that one feature can speak for an entry
BLOCK = 256  # entries that are measured at once
Labels = NDArray[np.int64]
Gains = NDArray[np.float32]


class Themes(NamedTuple):
    """Subjects: the mass of each feature and the bits that it speaks for an entry, shapes (themes, 40960), and the usual bits of an entry,
    shape (themes,); where the entries of the sample stand.
    """

    totals: Scores
    gains: Gains
    usual: Scores
    spread: Spread


class Measured(NamedTuple):
    """The subject that describes each entry best, by how many bits, and how far the entry lies from its neighbours; shapes (entries,).

    What is not of Han characters lies at 0: how texts of other scripts differ is not known. Of what cannot lie far `far` is a bound.
    """

    subject: Labels
    bits: Scores
    far: Scores

    def of(self, which: NDArray[np.bool_] | Labels) -> Measured:
        """Some of the entries, by mask or index."""
        return Measured(self.subject[which], self.bits[which], self.far[which])


class _Table(NamedTuple):
    """The features of entries laid end to end: buckets and weights, shape (features,), starts and mass, shape (entries,)."""

    buckets: Labels
    weights: Scores
    starts: Labels
    mass: Scores

    @property
    def lengths(self) -> Labels:
        """How many features each entry has."""
        return np.diff(self.starts, append=len(self.buckets))

    def of(self, kept: NDArray[np.bool_]) -> _Table:
        """Some of the entries."""
        lengths = self.lengths
        inside = np.repeat(kept, lengths)
        starts = np.cumsum(lengths[kept]) - lengths[kept]
        return _Table(self.buckets[inside], self.weights[inside], starts, self.mass[kept])


def digest(one: Sketch) -> int:
    """What an entry is drawn by; equal texts have equal ones."""
    return int.from_bytes(blake2b(one.buckets.tobytes() + one.counts.tobytes(), digest_size=8).digest())


def drawn(digests: NDArray[np.uint64]) -> Labels:
    """The entries of the sample, by their digests, of equal ones the first; shape (sample,)."""
    _, first = np.unique(digests, return_index=True)
    return first[:SAMPLE]


def _table(sketches: Sequence[Sketch]) -> _Table:
    buckets = np.concatenate([one.buckets for one in sketches]).astype(np.int64)
    weights = np.log1p(np.arange(256)).take(np.concatenate([one.counts for one in sketches]))
    starts = np.concatenate([[0], np.cumsum([len(one.buckets) for one in sketches])[:-1]]).astype(np.int64)
    return _Table(buckets, weights, starts, np.add.reduceat(weights, starts))


def _gains(totals: Scores) -> Gains:
    """Bits that each subject gives each feature above general prose; shape of the masses, (themes, 40960)."""
    gains = np.empty(totals.shape, dtype=np.float32)
    for gain, total in zip(gains, totals, strict=True):  # one by one: they are large
        share = total / max(float(total.sum()), 1.0)
        gain[:] = np.minimum(np.log2(MIX * share / general().shares + 1 - MIX), CAP)
    return gains


def _bits(table: _Table, totals: Scores, gains: Gains, own: Labels) -> Scores:
    """Bits a feature of each entry under each subject, its own share taken out of the one it belongs to; (themes, entries)."""
    scores = np.empty((len(totals), len(table.starts)))
    for number, gain in enumerate(gains):
        scores[number] = np.add.reduceat(table.weights * gain.take(table.buckets), table.starts) / table.mass
    members = np.flatnonzero(own >= 0)
    if len(members):
        scores[own[members], members] = _left_out(table.of(own >= 0), totals, own[members])
    return scores


def _left_out(table: _Table, totals: Scores, own: Labels) -> Scores:
    """Bits a feature of each entry under its own subject, itself left out; shape (entries,)."""
    rest = np.repeat(np.maximum(totals.sum(axis=1)[own] - table.mass, 1.0), table.lengths)
    left = totals.ravel().take(np.repeat(own, table.lengths) * BUCKETS + table.buckets) - table.weights
    share = np.maximum(left, 0) / rest / general().shares.take(table.buckets)
    gain = np.minimum(np.log2(MIX * share + 1 - MIX), CAP)
    return np.asarray(np.add.reduceat(table.weights * gain, table.starts) / table.mass)


def _totals(table: _Table, labels: Labels, count: int) -> Scores:
    owners = np.repeat(labels, table.lengths)
    keys = owners * BUCKETS + table.buckets
    mass = np.bincount(keys[owners >= 0], table.weights[owners >= 0], minlength=count * BUCKETS)
    return np.asarray(mass, dtype=np.float64).reshape(count, BUCKETS)


def _squares(places: Positions, middle: Positions) -> Scores:
    """Squared distances from one place, added in one order on every machine."""
    found = np.zeros(len(places))
    for axis, at in zip(places.T, middle, strict=True):
        found += np.square(axis - at)
    return found


def _seeds(places: Positions, count: int) -> Labels:
    """First labels: clusters of places, which begin at `count` that lie far from one another."""
    draw = np.random.default_rng(SEED)
    middles = [places[0]]
    nearest = _squares(places, places[0])
    while len(middles) < count and nearest.any():
        middles.append(places[int(draw.choice(len(places), p=nearest / nearest.sum()))])
        nearest = np.minimum(nearest, _squares(places, middles[-1]))
    for _ in range(MEANS):
        labels = np.argmin([_squares(places, middle) for middle in middles], axis=0)
        middles = [places[labels == number].mean(axis=0) for number in np.unique(labels)]
    return np.asarray(labels, dtype=np.int64)


def learn(sketches: Sequence[Sketch]) -> tuple[Themes, Labels]:
    """The subjects of a sample of entries, and which of them each entry was counted for (-1: none); deterministic."""
    blocks = [outliers.positions(*_table(sketches[at : at + BLOCK])) for at in range(0, len(sketches), BLOCK)]
    places = np.concatenate(blocks)
    table = _table(sketches[:LEARNT])
    least = max(LEAST, len(table.starts) // 100)
    labels = _seeds(places[:LEARNT], max(1, min(THEMES, len(table.starts) // (2 * least))))
    for turn in range(ROUNDS + 1):
        sizes = np.bincount(labels[labels >= 0])
        kept = np.flatnonzero(sizes >= least)
        if not len(kept):
            kept = np.array([int(np.argmax(sizes))])
        renamed = np.full(len(sizes) + 1, -1)
        renamed[kept] = np.arange(len(kept))
        labels = renamed[labels]
        totals = _totals(table, labels, len(kept))
        gains = _gains(totals)
        bits = _bits(table, totals, gains, labels)
        if turn < ROUNDS:
            labels = np.argmax(bits, axis=0)
            del totals, gains  # 15 MB
    best, score = np.argmax(bits, axis=0), bits.max(axis=0)
    usual = np.array([np.median(score[best == number]) if (best == number).any() else 0 for number in range(len(kept))])
    member = np.full(len(sketches), -1)
    member[: len(labels)] = labels
    han = _han(sketches)
    spread = outliers.learn(places[han], score[han[:LEARNT]][: outliers.LOOKED])
    return Themes(totals, gains, usual, spread), member


def measure(sketches: Sequence[Sketch], themes: Themes, own: Labels) -> Measured:
    """The entries measured; `own` is the subject that each was counted for, or -1."""
    none = Measured(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
    starts = range(0, len(sketches), BLOCK)
    blocks = [_measured(sketches[at : at + BLOCK], themes, own[at : at + BLOCK]) for at in starts]
    return Measured(*(np.concatenate(column) for column in zip(none, *blocks, strict=True)))


def _measured(sketches: Sequence[Sketch], themes: Themes, own: Labels) -> Measured:
    table = _table(sketches)
    bits = _bits(table, themes.totals, themes.gains, own)
    score = bits.max(axis=0)
    far = outliers.bounded(outliers.positions(*table), themes.spread.places, score)
    return Measured(np.asarray(np.argmax(bits, axis=0)), score, np.where(_han(sketches), far, 0.0))


def _han(sketches: Sequence[Sketch]) -> NDArray[np.bool_]:
    return np.array([one.han for one in sketches], dtype=bool)
