"""What entries are about, as hashed features, and how well the rest of a collection describes each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.predicted import Features, Prose, predicted, prose
from audit.language.terms import counted, pairs_of
from audit.model import Entry, Role, Text

HEAD = 6_000  # code points of an entry that are looked at: its subject shows long before
MIN_FEATURES = 60  # fewer say nothing of a subject
MIN_DENSITY = 0.4  # features a character; prose has 0.6 to 0.9, tables and lists of figures less
LINKS = 100  # characters to a link: a list of references speaks of everything
MIN_ENTRIES, TWO = 5, 8  # entries; of so many two may be strays
MIX = 0.3  # weight of the collection against general prose: area under the curve 0.989, with 0.5 0.987, with 0.8 0.982
KIND = 2.5  # bits a bit of strangeness costs: ten entries, kinds not learnt from, 0.959 without it, 0.966 with it
# Measured on 2,400 collections of 5 to 100 entries with foreign ones among them and 1,270 without, 8 genres, half with
# general prose learnt from other genres (0.50 of the foreign flagged), half with the shipped one (0.60); 0.3 in 1,000 own.
DEVIATIONS, DROP, PART = 3.25, 0.45, 0.5  # so far below the usual entry, by so many bits, and this part of its bits
CLEAR_USUAL, CLEAR_DEVIATIONS, CLEAR_DROP, CLEAR_PART = 0.4, 3.0, 0.35, 0.4  # where the rest is of one subject
SILENT_DEVIATIONS, SILENT_PART = 2.5, 0.12  # there too, of an entry that hardly shares it
WORSE_DEVIATIONS, WORSE_USUAL, WORSE = 2.0, 0.2, -0.1  # described worse than by general prose; also for short entries
# Of fewer entries the figures above are rough, and what a few of them say together is better: odds that an entry is foreign, in nats, for each
# deviation, bit of the drop, own bit and usual bit, and at none of them, as `tools/fit_strays.py` fits them; on 10,368 collections of 5 to 30
# entries of genres that general prose was not learnt from, half of them pieces of one work, they told some 0.57 of the foreign ones (0.52 by the
# bounds above) and flagged some 0.8 of 1,000 entries where none is foreign (1.7).
FEW, ODDS, BARE = 40, (1.38, 6.53, -4.03, -4.71), -5.21
BARS = ((7, 2.3), (30, 1.3))  # the odds from which one of so many is flagged, between these by the logarithm
MOST_DEVIATIONS, MOST_DROP, BITS_RANGE, USUAL_RANGE = 8.0, 2.5, (-0.6, 1.0), (-0.2, 1.2)  # beyond, one bit says no more
UNSURE = 0.1  # bits by which entries differ anyway: the spread of a few is hardly known
MIN_PROMISE, SILENT = 3, 0.25  # features of a common title; of the share that others have, so little
MAX_SHARE = 0.12  # more than that is a second subject; in 800 mixtures of two to six genres 2 entries are flagged
Buckets = NDArray[np.uint16]
Scores = NDArray[np.float64]
UNTITLED: Buckets = np.empty(0, dtype=np.uint16)


class Sketch(NamedTuple):
    """Hashed features of an entry's content with their counts, and those of its title; about 3 bytes a character.

    `han` says whether the content is of Han characters rather than of Latin letters.
    """

    buckets: Buckets
    counts: NDArray[np.uint8]
    title: Buckets
    han: bool


class Verdict(NamedTuple):
    """How well the rest of the collection describes each entry: `bits` a feature above general prose (NaN: too short).

    `kind`: how far its kind of text lies from that of the others, in bits. `score` is both in one, `deviations` counts how far it lies
    below the usual one; `named` is the share of what most titles say that an entry's content says too (NaN where titles share
    nothing); shapes (entries,). `usual` are the bits of the usual entry.
    """

    bits: Scores
    kind: Scores
    score: Scores
    deviations: Scores
    usual: float
    named: Scores


def sketch(entry: Entry) -> Sketch | None:
    """The features of an entry; None for what is no entry or says too little."""
    if entry.role is not Role.ENTRY:
        return None
    start, end = entry.content
    codes = entry.text.codes[start : min(end, start + HEAD)]
    if entry.text.body.count("http", start, min(end, start + HEAD)) * LINKS > len(codes):
        return None
    found = counted(codes)
    if found.pairs < max(MIN_FEATURES, MIN_DENSITY * found.written):
        return None
    return Sketch(found.buckets, found.counts, _title(entry), found.han)


def _title(entry: Entry) -> Buckets:
    """The features of an entry's title."""
    if entry.caption:
        return pairs_of(Text(entry.caption).codes)
    return pairs_of(entry.text.codes[slice(*entry.title)]) if entry.title.end > entry.title.start else UNTITLED


def _features(sketches: Sequence[Sketch]) -> Features:
    """The features of the entries; titles count where they are an entry's own."""
    titles, met = [one.title for one in sketches], _titles(sketches)
    if 2 * met.max(initial=0) > len(sketches):  # what most titles share is no evidence that an entry belongs
        titles = [title[met[title] * 2 <= len(sketches)] for title in titles]
    once = np.ones(max(map(len, titles)), dtype=np.uint8)
    bounds = np.zeros(len(sketches) + 1, dtype=np.int64)
    np.cumsum([len(one.buckets) + len(title) for one, title in zip(sketches, titles, strict=True)], out=bounds[1:])
    return Features(
        np.concatenate([part for one, title in zip(sketches, titles, strict=True) for part in (one.buckets, title)]),
        np.concatenate(
            [part for one, title in zip(sketches, titles, strict=True) for part in (one.counts, once[: len(title)])]
        ),
        bounds,
    )


def belonging(sketches: Sequence[Sketch | None], known: Prose | None = None) -> Verdict:
    """How well each entry is described by the others, itself left out; what general prose is like is the shipped one unless given."""
    written = [one.han for one in sketches if one is not None]
    han = 2 * sum(written) >= len(
        written
    )  # an entry of the other script, like a list of links, is not of another subject
    present = [index for index, one in enumerate(sketches) if one is not None and one.han == han]
    bits = np.full(len(sketches), np.nan)
    if len(present) < MIN_ENTRIES:
        return Verdict(bits, bits, bits, bits, float("nan"), bits)
    these = [one for one in sketches if one is not None and one.han == han]
    bits[present], profiles = predicted(_features(these), known or prose(), MIX)
    kind = np.full(len(sketches), np.nan)
    kind[present] = _strangeness(profiles)
    score = bits - KIND * kind
    middle = median(score)
    named = np.full(len(sketches), np.nan)
    if len(promised := common_title(these)) >= MIN_PROMISE:
        named[present] = [np.isin(promised, one.buckets, assume_unique=True).mean() for one in these]
    return Verdict(bits, kind, score, (middle - score) / spread(score, middle), median(bits), named)


def _strangeness(profiles: Scores) -> Scores:
    """How far the kind of each text lies from that of the others, in bits; shape of profiles (kinds, entries), of the answer (entries,)."""
    count = profiles.shape[1]
    apart = (profiles - profiles.mean(axis=1, keepdims=True)) * (count / (count - 1))  # the mean of the others
    return np.asarray(np.sqrt(np.square(apart).mean(axis=0)), dtype=np.float64)


def common_title(sketches: Sequence[Sketch]) -> NDArray[np.int64]:
    """The features that most titles share: what a collection under one title promises; shape (n,)."""
    found: NDArray[np.int64] = np.flatnonzero(_titles(sketches) * 4 >= 3 * len(sketches))
    return found


def _titles(sketches: Sequence[Sketch]) -> NDArray[np.int64]:
    """In how many titles each feature stands, up to the last that stands in any; shape (n,)."""
    titles = np.concatenate([one.title for one in sketches])
    return np.bincount(titles) if len(titles) else np.empty(0, dtype=np.int64)


def median(values: Scores) -> float:
    """The middle one of those that are known; `np.nanmedian` takes four times as long on a few."""
    known = np.sort(values[~np.isnan(values)])
    half = len(known) // 2
    return float((known[half - 1 + len(known) % 2] + known[half]) / 2) if len(known) else float("nan")


def spread(bits: Scores, usual: float) -> float:
    """The usual deviation, of the lower half as much as of all: entries that are well described are no reason for doubt."""
    every = median(np.abs(bits - usual))
    lower = median((usual - bits)[bits <= usual])
    return float(np.hypot(1.4826 * np.sqrt(every * lower), UNSURE))


def flagged(verdict: Verdict) -> list[int]:
    """Indices of the entries that lie apart, the farthest first; none where they are too many to be strays."""
    entries = int(np.count_nonzero(~np.isnan(verdict.bits)))
    if entries < MIN_ENTRIES:
        return []
    drop = median(verdict.score) - verdict.score
    if entries <= FEW:
        sizes, bars = zip(*BARS, strict=True)
        apart = _odds(verdict) > np.interp(np.log(entries), np.log(sizes), bars)
        if entries >= 2 * MIN_ENTRIES and verdict.usual >= CLEAR_USUAL:
            apart |= _far_from_one_subject(verdict, drop)
    else:
        apart = is_apart(verdict.bits, verdict.deviations, np.full(len(drop), verdict.usual), drop)
    apart |= _breaks_promise(verdict)
    found = np.flatnonzero(apart)
    if len(found) > max(1 + (entries >= TWO), MAX_SHARE * entries):
        return []
    return [int(index) for index in found[np.argsort(-verdict.deviations[found], kind="stable")]]


def _far_from_one_subject(verdict: Verdict, drop: Scores) -> NDArray[np.bool_]:
    """Which entries lie far from the others, which are of one subject; shape (entries,)."""
    with np.errstate(invalid="ignore"):
        far = (verdict.deviations >= CLEAR_DEVIATIONS) & (drop >= CLEAR_DROP)
        return np.asarray(far & (verdict.bits < CLEAR_PART * verdict.usual))


def figures_of(verdict: Verdict) -> tuple[Scores, Scores, Scores, Scores]:
    """What tells of each of a few entries whether it is foreign: deviations, drop, own and usual bits; shapes (entries,)."""
    return (
        np.clip(verdict.deviations, 0, MOST_DEVIATIONS),
        np.clip(median(verdict.score) - verdict.score, 0, MOST_DROP),
        np.clip(verdict.bits, *BITS_RANGE),
        np.full(len(verdict.bits), np.clip(verdict.usual, *USUAL_RANGE)),
    )


def _odds(verdict: Verdict) -> Scores:
    """The odds that each entry of a few is foreign, in nats; shape (entries,)."""
    return np.asarray(sum((weight * one for weight, one in zip(ODDS, figures_of(verdict), strict=True)), start=BARE))


def _breaks_promise(verdict: Verdict) -> NDArray[np.bool_]:
    """Entries far from the usual one that say nothing of the common title, which the others speak of."""
    with np.errstate(invalid="ignore"):
        silent = (
            verdict.named <= SILENT * np.nanmedian(verdict.named) if np.any(verdict.named > 0) else verdict.named > 1
        )
        far = (verdict.deviations >= WORSE_DEVIATIONS) & (verdict.bits < max(WORSE, CLEAR_PART * verdict.usual))
    return np.asarray(silent & far)


def is_apart(bits: Scores, deviations: Scores, usual: Scores, drop: Scores | float) -> NDArray[np.bool_]:
    """Which entries lie so far below what is usual in their collection or subject, in deviations and by `drop` bits; (entries,)."""
    with np.errstate(invalid="ignore"):
        apart = (deviations >= DEVIATIONS) & (drop >= DROP) & (bits < PART * usual)
        less = (deviations >= CLEAR_DEVIATIONS) & (drop >= CLEAR_DROP) & (bits < CLEAR_PART * usual)
        less |= (deviations >= SILENT_DEVIATIONS) & (bits < SILENT_PART * usual)
        apart |= (usual >= CLEAR_USUAL) & less
        apart |= (usual >= WORSE_USUAL) & (deviations >= WORSE_DEVIATIONS) & (bits < WORSE)
    return np.asarray(apart)
