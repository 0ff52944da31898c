"""Where rare characters stand, and whether code holds a span: what rules with few candidates share."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from audit.model import Codes, Offsets, Text

NOWHERE = np.empty(0, dtype=np.int64)
BEYOND = 0xFFFF  # a noncharacter stands for all code points that no set holds
FEW = 500  # searching for so many costs as much as comparing 300,000 code points
WINDOW = 400  # a longer line is judged by what stands this near, so that a line of any length costs the same
FENCES, MARGIN = ("```", "~~~"), 3  # a fence may be indented by so many blanks


def found(body: str, literal: str) -> Iterator[int]:
    """Where a literal starts, from left to right, not overlapping.

    A literal of one character runs at memory speed (0.3 ns a code point), one of more at a fifth of that:
    search the rarest character and look at its neighbours.
    """
    at = body.find(literal)
    while at >= 0:
        yield at
        at = body.find(literal, at + len(literal))


def narrow(text: Text) -> NDArray[np.uint16]:
    """The code points in 16 bits, those beyond the BMP as U+FFFF: half the memory to run through; computed once."""
    return text.signal("narrow", lambda whole: np.minimum(whole.codes, BEYOND).astype(np.uint16))  # type: ignore[no-any-return]


def places(text: Text, mark: str) -> Offsets:
    """Where a character stands, ascending; by search while it is rare, by comparing arrays once it is not; kept."""
    return text.signal(f"places {mark}", lambda whole: _places(whole, mark))  # type: ignore[no-any-return]


def _places(text: Text, mark: str) -> Offsets:
    starts = list(islice(found(text.body, mark), FEW + 1))
    if len(starts) > FEW:
        return np.flatnonzero(narrow(text) == min(ord(mark), BEYOND))
    return np.array(starts, dtype=np.int64)


def flanked(text: Text, mark: str, before: str, after: str) -> list[int]:
    """Where a character stands behind one of `before` and ahead of one of `after`; an empty set asks nothing."""
    spots: list[int] = flanks(text, mark, before, after).tolist()
    return spots


def flanks(text: Text, mark: str, before: str, after: str) -> Offsets:
    """The same as an array."""
    at = places(text, mark)
    if not len(at):
        return at
    codes = narrow(text)
    if after:
        if len(at) and at[-1] + 1 == len(codes):
            at = at[:-1]
        at = at[member(codes[at + 1], after)]
    if before:
        if len(at) and at[0] == 0:
            at = at[1:]
        at = at[member(codes[at - 1], before)]
    return at


def member(codes: Codes | NDArray[np.uint16], chars: str) -> NDArray[np.bool_]:
    """Which code points are among `chars` (all of the BMP), by a table; `np.isin` takes five times as long."""
    close = codes if codes.dtype == np.uint16 else np.minimum(codes, BEYOND)
    among: NDArray[np.bool_] = _table(chars)[close]
    return among


@cache
def _table(chars: str) -> NDArray[np.bool_]:
    table = np.zeros(BEYOND + 1, dtype=bool)
    table[[ord(char) for char in chars]] = True
    return table


def blanks(text: Text) -> Offsets:
    """Where U+0020 and U+3000 stand, ascending; computed once."""
    return text.signal("blanks", _blanks)  # type: ignore[no-any-return]


def _blanks(text: Text) -> Offsets:
    plain, wide = np.flatnonzero(narrow(text) == 0x20), places(text, "\u3000")
    return np.sort(np.concatenate([plain, wide])) if len(wide) else plain


def in_code(text: Text, start: int, end: int) -> bool:
    """Whether inline code or a formula of the same line, or a fenced block, holds the span."""
    line = text.line(text.line_at(start))
    first, last = max(line.start, start - WINDOW), min(line.end, end + WINDOW)
    for mark in "`$":
        if line.body.count(mark, first, start) % 2 and line.body.count(mark, end, last):
            return True
    fences = text.signal("fences", _fences)
    return bool(bisect_left(fences, start) % 2)


def _fences(text: Text) -> list[int]:
    signs = sorted(at for sign in FENCES for at in found(text.body, sign))
    indents = (text.body[max(0, at - MARGIN) : at] for at in signs)
    starts = [at - len(indent) + len(indent.rstrip(" ")) for at, indent in zip(signs, indents, strict=True)]
    return [start for start in starts if start == 0 or text.body[start - 1] in "\r\n"]


def digit_runs(text: Text) -> tuple[Offsets, Offsets]:
    """Start and end of each run of ASCII digits, shapes (runs,); computed once."""
    return text.signal("digit runs", _digit_runs)  # type: ignore[no-any-return]


def _digit_runs(text: Text) -> tuple[Offsets, Offsets]:
    at = np.flatnonzero(narrow(text) - np.uint16(ord("0")) < 10)  # below "0" wraps to huge
    if not len(at):
        return at, at
    joins = np.diff(at) == 1
    return at[~np.concatenate([[False], joins])], at[~np.concatenate([joins, [False]])] + 1
