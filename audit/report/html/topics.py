"""What entries speak of, and how far each stands from the rest: terms and a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.address import entry_numbers, printable
from audit.language.terms import PAIRS, Pairs, general, pair_features, words
from audit.model import Entry
from audit.report.html.spread import spread
from audit.report.html.strips import Strip
from audit.run import Audit

HEAD = 6_000  # code points of an entry that are looked at
TERMS, CANDIDATES = 4, 60
LEAST = 5  # entries of a map
MIN_FEATURES = 60  # fewer say nothing of a subject
RADIUS = 100
SIZE, STRAY = 7, 9  # radii of dots
MAPS = 8


@dataclass(frozen=True, slots=True)
class Dot:
    """An entry on the map: the farther out, the less it shares with the others."""

    number: int
    name: str
    target: str
    x: int
    y: int
    stray: bool

    @property
    def size(self) -> int:
        """The radius."""
        return STRAY if self.stray else SIZE


def entry_of(audit: Audit, strip: Strip) -> Entry | None:
    """The entry that a strip shows."""
    entries = audit.documents[strip.row.document].entries
    wanted = (one.entry for one in entries if strip.row.number in (one.number, None))
    return next(wanted, None)


def subject_terms(audit: Audit, shown: Sequence[Strip]) -> list[str]:
    """For each strip the terms that its entry uses more than general prose does."""
    return ["、".join(terms(entry)) if (entry := entry_of(audit, one)) else "" for one in shown]


def terms(entry: Entry) -> list[str]:
    """The terms of an entry, the most telling first."""
    body = head(entry)
    pairs = Pairs.of([body])
    often = pairs.take(pairs.counts >= 2)
    gain = often.counts * (np.log2(often.counts / max(pairs.counts.sum(), 1)) + often.commonness())
    names = often.words()
    ranked = [names[n] for n in np.argsort(-gain, kind="stable").tolist() if gain[n] > 0]
    return words(ranked[:CANDIDATES], body, TERMS)


def head(entry: Entry) -> str:
    """The beginning of an entry's content."""
    start, end = entry.content
    return entry.text.body[start : min(end, start + HEAD)]


def maps(audit: Audit, shown: Sequence[Strip]) -> list[tuple[str, list[Dot]]]:
    """A map for each collection: a document of several entries, by its path, or all documents that are one entry each."""
    strays = stray_entries(audit)
    groups: dict[str, list[Strip]] = {}
    for strip in shown:
        path = printable(audit.documents[strip.row.document].document.path) if strip.row.number else ""
        groups.setdefault(path, []).append(strip)
    made = [(path, dots(audit, strips, strays)) for path, strips in groups.items()]
    return [(path, found) for path, found in made if found][:MAPS]


def dots(audit: Audit, shown: Sequence[Strip], strays: Counter[tuple[int, int]]) -> list[Dot]:
    """One map; empty where there are too few entries to compare."""
    places, vectors = [], []
    for number, strip in enumerate(shown):
        entry = entry_of(audit, strip)
        if entry is None:
            continue
        start, end = entry.content
        found = pair_features(entry.text.codes[start : min(end, start + HEAD)])
        if len(found) >= MIN_FEATURES:
            places.append(number)
            vectors.append(vector(found))
    if len(vectors) < LEAST:
        return []
    table = np.stack(vectors)
    radii, angles = distances(table), directions(table)
    sums = RADIUS * radii * np.cos(angles), RADIUS * radii * np.sin(angles)
    rows = [shown[number].row for number in places]
    apart = [(row.document, row.number or 1) in strays for row in rows]
    points = [(float(round(x)), float(round(y))) for x, y in zip(*(one.tolist() for one in sums), strict=True)]
    sizes = [STRAY if stray else SIZE for stray in apart]
    made = []
    for number, row, stray, (x, y) in zip(places, rows, apart, spread(points, sizes), strict=True):
        made.append(Dot(row.number or number + 1, row.name, shown[number].target, round(x), round(y), stray))
    return made


def stray_entries(audit: Audit) -> Counter[tuple[int, int]]:
    """Document and number of the entries that do not belong."""
    found: Counter[tuple[int, int]] = Counter()
    for place, audited in enumerate(audit.documents):
        starts, numbers, _ = entry_numbers(audited.document)
        for batch in audited.batches:
            if batch.rule.kind == "off-topic":
                homes = np.searchsorted(starts, batch.starts, side="right") - 1
                found.update((place, numbers[home] or 1) for home in homes.tolist())
    return found


def vector(found: NDArray[np.int64]) -> NDArray[np.float32]:
    """What an entry speaks of, as weights of length 1 in all; shape (32768,)."""
    bits = general().bits[:PAIRS]
    weights = np.log1p(np.bincount(found, minlength=PAIRS)) * (bits - bits.min())
    return np.asarray(weights / max(length(weights), 1e-9), dtype=np.float32)


def length(weights: NDArray[np.float64]) -> float:
    """The Euclidean length, summed the same way on every machine."""
    return float(np.sqrt((weights * weights).sum()))


def distances(table: NDArray[np.float32]) -> NDArray[np.float64]:
    """How little each entry shares with all others, 0 to 1 of the farthest; shape (entries,)."""
    rest = table.sum(axis=0, dtype=np.float64) - table
    near = (rest * table).sum(axis=1) / np.maximum(np.sqrt((rest * rest).sum(axis=1)), 1e-9)
    nearest, farthest = float(near.max()), float(near.min())
    return np.asarray((1 - near) / max(1 - farthest, 1e-9)) if farthest < nearest else np.full(len(near), 0.5)


def directions(table: NDArray[np.float32]) -> NDArray[np.float64]:
    """Angles that put like entries side by side; shape (entries,)."""
    centred = table.astype(np.float64) - table.mean(axis=0)
    values, axes = np.linalg.eigh(centred @ centred.T)
    first, second = (axes[:, at] * np.sign(axes[np.argmax(np.abs(axes[:, at])), at]) for at in (-1, -2))
    assert len(values) == len(table)
    return np.asarray(np.arctan2(second, first))
