"""An entry cut at its paragraphs and sentences into stretches of a few dozen characters, long enough to be weighed."""

from __future__ import annotations

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
    stops = _stops(entry)
    for first, last in _lines(entry):
        size = int(han[last - base] - han[first - base])
        if size > LONG * LENGTH:
            if start >= 0 and han[first - base] - han[start - base] >= LEAST:
                found.append(Span(start, end))
                start = -1
            found += _cut(han, stops, base, (start if start >= 0 else first, first, last))
            start = -1
        else:
            start = first if start < 0 else start
            if han[last - base] - han[start - base] >= LENGTH:
                found.append(Span(start, last))
                start = -1
        end = last
    if start >= 0:
        if found and han[end - base] - han[start - base] < LEAST:
            start = found.pop().start
        found.append(Span(start, end))
    return found


def _lines(entry: Entry) -> Iterator[tuple[int, int]]:
    """Start and end of the lines of the content that are not blank."""
    lay, (start, end) = layout(entry.text), entry.content
    first, after = lines_of(entry)
    starts, ends = lay.starts[first:after], np.minimum(lay.ends[first:after], end)
    kept = (ends > starts) & (starts >= start)
    return zip(starts[kept].tolist(), ends[kept].tolist(), strict=True)


def _stops(entry: Entry) -> Offsets:
    """Behind each mark that ends a sentence in the content, ascending."""
    codes = narrow(entry.text)[slice(*entry.content)]
    marks = np.zeros(len(codes), dtype=bool)
    for mark in ENDS:
        marks |= codes == mark
    return np.asarray(np.flatnonzero(marks) + entry.content.start + 1)


def _cut(han: Offsets, stops: Offsets, base: int, line: tuple[int, int, int]) -> Iterator[Span]:
    """A long line in even pieces that end where sentences do: where the first piece begins, the line's start and its end."""
    start, first, last = line
    low, high = int(han[first - base]), int(han[last - base])
    ends = stops[stops.searchsorted(first, side="right") : stops.searchsorted(last, side="right")]
    before = han[ends - base]
    count = round((high - low) / LENGTH)
    for number in range(1, count if len(ends) else 0):
        wanted = low + (high - low) * number / count
        at = min(int(before.searchsorted(wanted)), len(ends) - 1)
        if at and wanted - before[at - 1] <= before[at] - wanted:
            at -= 1
        size = before.item(at)
        if size - han[start - base] >= LEAST and high - size >= LEAST:
            yield Span(start, ends.item(at))
            start = ends.item(at)
    yield Span(start, last)
