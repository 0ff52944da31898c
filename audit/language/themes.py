"""The subjects of a large collection: clusters of entries, and how well the best of them describes an entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import outliers
from audit.language.outliers import Spread
from audit.language.subjects import MIX, Scores, Sketch
from audit.language.terms import BUCKETS, general

THEMES = 32  # at most; what is rarer than one in a hundred entries is no subject of the collection
LEAST = 40  # entries of a subject in the sample, or a hundredth of it
ROUNDS = 8
DIMENSIONS = 256
SEED = 7
CAP = 6.0  # bits that one feature can speak for an entry
Labels = NDArray[np.int64]


class Themes(NamedTuple):
    """Subjects: the mass of each feature, shape (themes, 40960), and the usual bits, shape (themes,); where the entries stand."""

    totals: Scores
    usual: Scores
    spread: Spread


class _Table(NamedTuple):
    """The features of entries laid end to end: buckets and weights, shape (features,), starts and mass, shape (entries,)."""

    buckets: Labels
    weights: Scores
    starts: Labels
    mass: Scores


def _table(sketches: Sequence[Sketch]) -> _Table:
    buckets = np.concatenate([one.buckets for one in sketches]).astype(np.int64)
    weights = np.log1p(np.concatenate([one.counts for one in sketches]).astype(np.float64))
    starts = np.concatenate([[0], np.cumsum([len(one.buckets) for one in sketches])[:-1]]).astype(np.int64)
    return _Table(buckets, weights, starts, np.add.reduceat(weights, starts))


def _gains(total: Scores, prose: Scores) -> Scores:
    """Bits that a subject gives each feature above general prose."""
    return np.asarray(np.minimum(np.log2(MIX * total / max(total.sum(), 1.0) / prose + 1 - MIX), CAP))


def _bits(table: _Table, totals: Scores, own: Labels) -> Scores:
    """Bits a feature of each entry under each subject, its own share taken out of the one it belongs to; (themes, entries)."""
    prose = np.exp2(-general().bits)
    scores = np.empty((len(totals), len(table.starts)))
    lengths = np.diff([*table.starts, len(table.buckets)])
    for number, total in enumerate(totals):
        scores[number] = np.add.reduceat(table.weights * _gains(total, prose)[table.buckets], table.starts) / table.mass
        members = np.flatnonzero(own == number)
        if not len(members):
            continue
        inside = np.repeat(own == number, lengths)
        buckets, weights = table.buckets[inside], table.weights[inside]
        starts = np.concatenate([[0], np.cumsum(lengths[members])[:-1]]).astype(np.int64)
        rest = np.repeat(np.maximum(total.sum() - table.mass[members], 1.0), lengths[members])
        share = np.maximum(total[buckets] - weights, 0) / rest
        gain = np.minimum(np.log2(MIX * share / prose[buckets] + 1 - MIX), CAP)
        scores[number, members] = np.add.reduceat(weights * gain, starts) / table.mass[members]
    return scores


def _totals(table: _Table, labels: Labels, count: int) -> Scores:
    owners = np.repeat(labels, np.diff([*table.starts, len(table.buckets)]))
    keys = owners * BUCKETS + table.buckets
    mass = np.bincount(keys[owners >= 0], table.weights[owners >= 0], minlength=count * BUCKETS)
    return np.asarray(mass, dtype=np.float64).reshape(count, BUCKETS)


def _seeds(table: _Table, count: int) -> Labels:
    """First labels: nearest of `count` entries that lie far from one another, in a random projection."""
    draw = np.random.default_rng(SEED)
    planes = draw.standard_normal((BUCKETS, DIMENSIONS), dtype=np.float32)
    idf = np.log2(len(table.starts) / (1.0 + np.bincount(table.buckets, minlength=BUCKETS)))
    weights = table.weights * np.maximum(idf[table.buckets], 0)
    points = np.empty((len(table.starts), DIMENSIONS), dtype=np.float32)
    ends = [*table.starts[1:], len(table.buckets)]
    for number, (start, end) in enumerate(zip(table.starts, ends, strict=True)):
        points[number] = weights[start:end] @ planes[table.buckets[start:end]]
    points /= np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)
    chosen = [int(draw.integers(len(points)))]
    nearest = points @ points[chosen[0]]
    while len(chosen) < count:
        odds = np.square(1 - nearest.clip(max=1.0)).astype(np.float64)
        chosen.append(int(draw.choice(len(points), p=odds / odds.sum())))
        nearest = np.maximum(nearest, points @ points[chosen[-1]])
    return np.asarray(np.argmax(points @ points[chosen].T, axis=1), dtype=np.int64)


def learn(sketches: Sequence[Sketch]) -> tuple[Themes, Labels]:
    """The subjects of a sample of entries, and which of them each entry was counted for (-1: none); deterministic."""
    table = _table(sketches)
    least = max(LEAST, len(sketches) // 100)
    labels = _seeds(table, max(1, min(THEMES, len(sketches) // (2 * least))))
    for turn in range(ROUNDS):
        count = int(labels.max()) + 1
        sizes = np.bincount(labels[labels >= 0], minlength=count)
        kept = np.flatnonzero(sizes >= (least if turn >= ROUNDS // 2 else least // 2))
        if not len(kept):
            kept = np.array([int(np.argmax(sizes))])
        renamed = np.full(count + 1, -1)
        renamed[kept] = np.arange(len(kept))
        labels = renamed[labels]
        bits = _bits(table, _totals(table, labels, len(kept)), labels)
        if turn < ROUNDS - 1:
            labels = np.argmax(bits, axis=0)
    totals = _totals(table, labels, len(kept))
    best, score = np.argmax(bits, axis=0), bits.max(axis=0)
    usual = np.array([np.median(score[best == number]) if (best == number).any() else 0 for number in range(len(kept))])
    han = _han(sketches)
    return Themes(totals, usual, outliers.learn(outliers.positions(*table)[han], score[han])), labels


class Measured(NamedTuple):
    """The subject that describes each entry best, by how many bits, and how far the entry lies from its neighbours; shapes (entries,).

    What is not of Han characters lies at 0: how texts of other scripts differ is not known.
    """

    subject: Labels
    bits: Scores
    far: Scores


def measure(sketches: Sequence[Sketch], themes: Themes, own: Labels) -> Measured:
    """The entries measured; `own` is the subject that each was counted for, or -1."""
    if not sketches:
        return Measured(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
    table = _table(sketches)
    bits = _bits(table, themes.totals, own)
    score = bits.max(axis=0)
    far = outliers.strangeness(outliers.positions(*table), themes.spread.places, score)
    return Measured(np.asarray(np.argmax(bits, axis=0)), score, np.where(_han(sketches), far, 0.0))


def _han(sketches: Sequence[Sketch]) -> NDArray[np.bool_]:
    return np.array([one.han for one in sketches], dtype=bool)
