"""An entry cut at its paragraphs and sentences into stretches of a few dozen characters, long enough to be weighed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import numpy as np

from audit.language.layout import layout, lines_of
from audit.language.spots import narrow
from audit.model import Entry, Offsets, Span

LENGTH, LEAST = 50, 25  # Han characters of a stretch; what is shorter than the least goes with its neighbour
LONG = 1.7  # times the length: a line so long is cut at its sentences
ENDS = tuple(map(ord, "。！？!?；"))


def stretches(entry: Entry, han: Offsets) -> list[Span]:
    """The stretches of an entry's content, in order; `han` counts the Han characters before each code point of the content."""
    found: list[Span] = []
    start, base = -1, entry.content.start  # where a stretch of short lines began; -1: none is open
    end = base
    opened = held = 0  # Han characters before that, and before the end of the last line
    stops = _stops(entry, han)
    for first, last, low, high in _lines(entry, han):
        if high - low > LONG * LENGTH:
            if start >= 0 and low - opened >= LEAST:
                found.append(Span(start, end))
                start = -1
            begin = (start, opened) if start >= 0 else (first, low)
            found += _cut(stops, begin, (first, last), (low, high))
            start = -1
        else:
            start, opened = (first, low) if start < 0 else (start, opened)
            if high - opened >= LENGTH:
                found.append(Span(start, last))
                start = -1
        end, held = last, high
    if start >= 0:
        if found and held - opened < LEAST:
            start = found.pop().start
        found.append(Span(start, end))
    return found


def _lines(entry: Entry, han: Offsets) -> Iterator[tuple[int, int, int, int]]:
    """Start and end of the lines of the content that are not blank, and the Han characters before either."""
    lay, (start, end) = layout(entry.text), entry.content
    first, after = lines_of(entry)
    starts, ends = lay.starts[first:after], np.minimum(lay.ends[first:after], end)
    kept = (ends > starts) & (starts >= start)
    starts, ends = starts[kept], ends[kept]
    bounds = (starts, ends, han[starts - start], han[ends - start])
    return zip(*(bound.tolist() for bound in bounds), strict=True)


def _stops(entry: Entry, han: Offsets) -> tuple[list[int], list[int]]:
    """Behind each mark that ends a sentence in the content, ascending, and the Han characters before each."""
    codes = narrow(entry.text)[slice(*entry.content)]
    marks = np.zeros(len(codes), dtype=bool)
    for mark in ENDS:
        marks |= codes == mark
    behind = np.flatnonzero(marks) + 1
    return (behind + entry.content.start).tolist(), han[behind].tolist()


def _cut(
    stops: tuple[list[int], list[int]], begin: tuple[int, int], line: tuple[int, int], sizes: tuple[int, int]
) -> Iterator[Span]:
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
            yield Span(start, ends[at])
            start, held = ends[at], size
    yield Span(start, line[1])
