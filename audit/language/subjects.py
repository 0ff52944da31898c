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
MIN_ENTRIES = 5
MIX = 0.3  # weight of the collection against general prose: area under the curve 0.989, with 0.5 0.987, with 0.8 0.982
KIND = 2.5  # bits a bit of strangeness costs: ten entries, kinds not learnt from, 0.959 without it, 0.966 with it
UNSURE = 0.1  # bits by which entries differ anyway: the spread of a few is hardly known
MIN_PROMISE = 3  # features of a common title
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
    nothing), `length` the logarithm of its mass of features; shapes (entries,). `usual` are the bits of the usual entry.
    """

    bits: Scores
    kind: Scores
    score: Scores
    deviations: Scores
    usual: float
    named: Scores
    length: Scores


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
        return Verdict(bits, bits, bits, bits, float("nan"), bits, bits)
    these = [one for one in sketches if one is not None and one.han == han]
    found = predicted(_features(these), known or prose(), MIX)
    bits[present] = found.bits
    kind, length = np.full((2, len(sketches)), np.nan)
    kind[present], length[present] = _strangeness(found.kinds), np.log(found.mass)
    score = bits - KIND * kind
    middle = median(score)
    named = np.full(len(sketches), np.nan)
    if len(promised := common_title(these)) >= MIN_PROMISE:
        named[present] = [np.isin(promised, one.buckets, assume_unique=True).mean() for one in these]
    return Verdict(bits, kind, score, (middle - score) / spread(score, middle), median(bits), named, length)


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
