"""An entry cut at its paragraphs and sentences into stretches of a few dozen characters, long enough to be weighed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from audit.language.layout import layout, lines_of
from audit.language.spots import narrow
from audit.model import Entry, Offsets
from audit.native import kernels

LENGTH, LEAST = 50, 25  # Han characters of a stretch; what is shorter than the least goes with its neighbour
LONG = 85  # Han characters; a longer line is cut at its sentences
ENDS = tuple(map(ord, "。！？!?；"))


class _Lines(NamedTuple):
    """Start and end of the lines of the content that are not blank, and the Han characters before either; shapes (lines,)."""

    starts: Offsets
    ends: Offsets
    low: Offsets
    high: Offsets


class _Stops(NamedTuple):
    """Behind each mark that ends a sentence in the content, ascending, and the Han characters before each; shapes (marks,)."""

    ends: Offsets
    before: Offsets


def stretches(entry: Entry, han: Offsets) -> Offsets:
    """The stretches of an entry's content, in order, as starts and ends; shape (stretches, 2).

    `han` counts the Han characters before each code point of the content.
    """
    lines, stops = _lines(entry, han), _stops(entry, han)
    if kernels is None:
        return np.array(_spans(lines, stops), dtype=np.int64).reshape(-1, 2)
    room = np.empty((2 * len(lines.starts) + len(stops.ends) + 1, 2), dtype=np.int64)
    return room[: kernels.cut_stretches(*lines, *stops, np.array([LENGTH, LEAST, LONG]), room)]


def _spans(lines: _Lines, stops: _Stops) -> list[tuple[int, int]]:
    """The same as pairs."""
    marks = (stops.ends.tolist(), stops.before.tolist())
    found: list[tuple[int, int]] = []
    start, end = -1, 0  # where a stretch of short lines began; -1: none is open
    opened = held = 0  # Han characters before that, and before the end of the last line
    for first, last, low, high in zip(*(bound.tolist() for bound in lines), strict=True):
        if high - low > LONG:
            if start >= 0 and low - opened >= LEAST:
                found.append((start, end))
                start = -1
            begin = (start, opened) if start >= 0 else (first, low)
            found += _cut(marks, begin, (first, last), (low, high))
            start = -1
        else:
            start, opened = (first, low) if start < 0 else (start, opened)
            if high - opened >= LENGTH:
                found.append((start, last))
                start = -1
        end, held = last, high
    if start >= 0:
        if found and held - opened < LEAST:
            start, _ = found.pop()
        found.append((start, end))
    return found


def _lines(entry: Entry, han: Offsets) -> _Lines:
    lay, (start, end) = layout(entry.text), entry.content
    first, after = lines_of(entry)
    starts, ends = lay.starts[first:after], np.minimum(lay.ends[first:after], end)
    kept = (ends > starts) & (starts >= start)
    starts, ends = starts[kept], ends[kept]
    return _Lines(starts, ends, han[starts - start], han[ends - start])


def _stops(entry: Entry, han: Offsets) -> _Stops:
    codes = narrow(entry.text)[slice(*entry.content)]
    marks = np.zeros(len(codes), dtype=bool)
    for mark in ENDS:
        marks |= codes == mark
    behind = np.flatnonzero(marks) + 1
    return _Stops(behind + entry.content.start, han[behind])


def _cut(
    stops: tuple[list[int], list[int]], begin: tuple[int, int], line: tuple[int, int], sizes: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """A long line in even pieces that end where sentences do.

    `begin`: where the first piece begins, and the Han characters before that; `sizes`: those before the line and before its end.
    """
    (ends, before), (start, held), (low, high) = stops, begin, sizes
    first, after = (bisect_right(ends, bound) for bound in line)
    count = round((high - low) / LENGTH)
    for number in range(1, count if first < after else 0):
        wanted = low + (high - low) * number / count
        at = min(bisect_left(before, wanted, first, after), after - 1)
        if at > first and wanted - before[at - 1] <= before[at] - wanted:
            at -= 1
        size = before[at]
        if size - held >= LEAST and high - size >= LEAST:
            yield (start, ends[at])
            start, held = ends[at], size
    yield (start, line[1])
