"""What the lines of a text look like from afar: where they begin and end, and which are code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from audit.model import Codes, Entry, Offsets, Text
from audit.native import kernels

Mask = NDArray[np.bool_]
FEW = 8  # lines to a place from which places are sought one by one
MAX_INDENT = 12  # deeper indents are code or centred titles; either way the line keeps its first blank


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a text; shapes (lines,).

    `starts` and `ends` leave blanks at both sides out, `first` and `last` are the code points there (0 where a line is
    blank), `lengths` is `ends - starts`, `code` says whether a line stands in a fenced block.
    """

    starts: Offsets
    ends: Offsets
    first: Codes
    last: Codes
    lengths: Offsets
    code: Mask


def layout(text: Text) -> Layout:
    """The shared layout of a text, computed once."""
    return cast("Layout", text.signal("layout", _compute))


def lines_of(entry: Entry) -> tuple[int, int]:
    """First and past-the-last 0-based line number of an entry, looked up once for all rules."""
    known = cast("dict[tuple[int, int], tuple[int, int]]", entry.text.signal("layout.lines", lambda _: {}))
    key = (entry.start, entry.end)
    if key not in known:
        known[key] = entry.line_range
    return known[key]


def line_numbers(text: Text, at: Offsets) -> Offsets:
    """0-based number of the line that holds each place, fast where they ascend; shape of `at`."""
    if kernels is None or len(at) * FEW < len(text.line_starts):
        return np.asarray(text.line_starts.searchsorted(at, side="right") - 1)
    numbers = np.empty(len(at), dtype=np.int64)
    kernels.line_numbers(text.line_starts, np.ascontiguousarray(at), numbers)
    return numbers


def within(entry: Entry, lines: Offsets) -> list[int]:
    """Those of the ascending line numbers that lie in the entry."""
    if not len(lines):
        return []
    low, high = lines.searchsorted(lines_of(entry))
    return cast("list[int]", lines[low:high].tolist())


def final_line(entry: Entry) -> int:
    """The entry's last line that is not blank, or -1."""
    lay = layout(entry.text)
    first, after = lines_of(entry)
    return next((line for line in range(after - 1, first - 1, -1) if lay.lengths[line] > 0), -1)


def _blank(codes: Codes) -> Mask:
    return cast("Mask", (codes == 0x20) | (codes == 0x3000) | (codes == 0x09) | (codes == 0xA0))


def _compute(text: Text) -> Layout:
    codes, starts, ends = text.codes, text.line_starts.copy(), text.line_ends.copy()
    live = (starts < ends).nonzero()[0]
    lead, tail = codes.take(starts.take(live)), codes.take(ends.take(live) - 1)
    first = np.zeros(len(starts), dtype=np.uint32)
    last = np.zeros(len(starts), dtype=np.uint32)
    first[live], last[live] = lead, tail
    for edges, move, seen, at in ((starts, 1, first, lead), (ends, -1, last, tail)):
        some = live[_blank(at)]
        some = some[starts[some] < ends[some]]
        for _ in range(MAX_INDENT):
            edges[some] += move
            some = some[starts[some] < ends[some]]
            if not len(some):
                break
            seen[some] = codes[edges[some] - (move < 0)]
            some = some[_blank(seen[some])]
    blank = (starts >= ends).nonzero()[0]
    first[blank] = last[blank] = 0
    return Layout(starts, ends, first, last, ends - starts, _fenced(text, starts, ends, first))


def _fenced(text: Text, starts: Offsets, ends: Offsets, first: Codes) -> Mask:
    """Lines from a fence of three marks to the next one of its kind, both included; an open fence closes nothing."""
    code = np.zeros(len(starts), dtype=bool)
    body, opened, mark = text.body, -1, ""
    for number in np.flatnonzero((first == 0x60) | (first == 0x7E)).tolist():
        start, end = int(starts[number]), int(ends[number])
        fence = body[start : start + 3]
        if fence not in ("```", "~~~"):
            continue
        if opened < 0:
            if body.find("`", start + 3, end) < 0:
                opened, mark = number, fence
        elif fence == mark and not body[start:end].strip("`~ "):
            code[opened : number + 1] = True
            opened = -1
    return code
