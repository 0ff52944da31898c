"""Where all but the everyday Han characters stand, and whether code holds a span: what rules with few candidates share.

One look-up per character sets the fifth of a text aside that is punctuation, letters, digits, signs or rare; rules look for
theirs in that fifth (`where`, `places`) and never run through the whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.store import shipped
from audit.model import Codes, Offsets, Text

BEYOND = 0xFFFF  # a noncharacter stands for all code points that no set holds
EVERYDAY = 14.0  # bits of a Han character by itself; above lie 2 in 100 of those in prose
HAN = slice(0x4E00, 0xA000)
PIECE = 1 << 16  # code points at a time, so that all arrays stay in the cache
WINDOW = 400  # a longer line is judged by what stands this near, so that a line of any length costs the same
FENCES, MARGIN = ("```", "~~~"), 3  # a fence may be indented by so many blanks


INDENTED = re.compile(r"(?: {4}|\t)[ \t]{0,40}(?:(?P<comment>#|//|/\*|--)|[A-Za-z_@$<.{(\[])")
CALL = re.compile(r"[A-Za-z0-9_\])}\"'][(=\[{.;]|[=(<>{}][A-Za-z0-9_\"']|[;{]$")


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
    return text.signal("narrow", _narrow)  # type: ignore[no-any-return]


def _narrow(text: Text) -> NDArray[np.uint16]:
    codes = text.codes.astype(np.uint16)
    if text.codes.max(initial=0) > BEYOND:
        codes[text.codes > BEYOND] = BEYOND
    return codes


class Spots(NamedTuple):
    """Offsets and 16-bit codes of all but the everyday characters, ascending; shapes (n,).

    `by_code` has the offsets by code, then ascending; those of code c from `first[c]` to `first[c + 1]`.
    """

    at: Offsets
    codes: NDArray[np.uint16]
    by_code: Offsets
    first: Offsets


def spots(text: Text) -> Spots:
    """The shared spots of a text, computed once."""
    return text.signal("spots", _spots)  # type: ignore[no-any-return]


def _spots(text: Text) -> Spots:
    codes, at = narrow(text), np.flatnonzero(look_up(text, ~everyday()))
    found = codes[at]
    first = np.concatenate([[0], np.cumsum(np.bincount(found, minlength=BEYOND + 1))])
    return Spots(at, found, at[np.argsort(found, kind="stable")], first)


@cache
def everyday() -> NDArray[np.bool_]:
    """Which code points `spots` leaves out: the Han characters that make up four fifths of prose; shape (65536,)."""
    tables = shipped()
    bits = tables.array("unigram").take(tables.array("tokens")[HAN]) * 0.1
    common = np.zeros(BEYOND + 1, dtype=bool)
    common[HAN] = bits < EVERYDAY
    return common


def where(text: Text, table: NDArray[Any]) -> tuple[Offsets, NDArray[Any]]:
    """Where the characters stand for which `table` holds something, ascending, and what it holds; its shape is (65536,)."""
    if table[everyday()].any():
        values = look_up(text, table)
        kept = np.flatnonzero(values != 0)  # twice as fast on booleans
        return kept, values[kept]
    found = spots(text)
    values = table.take(found.codes)
    kept = np.flatnonzero(values != 0)
    return found.at[kept], values[kept]


def look_up(text: Text, table: NDArray[Any]) -> NDArray[Any]:
    """What a table of shape (65536,) says of each code point; shape (n,)."""
    out = np.empty(len(text.codes), dtype=table.dtype)
    for start, values in looked_up(text, table):
        out[start : start + PIECE] = values
    return out


def looked_up(text: Text, table: NDArray[Any]) -> Iterator[tuple[int, NDArray[Any]]]:
    """What a table of shape (65536,) says of each code point, a piece at a time: where it begins, and the values."""
    codes = narrow(text)
    for start in range(0, len(codes), PIECE):
        yield start, table.take(codes[start : start + PIECE], mode="wrap")  # the codes fit: the mode without checks


def places(text: Text, mark: str) -> Offsets:
    """Where a character of the BMP stands, ascending; kept."""
    return text.signal(f"places {mark}", lambda whole: _places(whole, ord(mark)))  # type: ignore[no-any-return]


def _places(text: Text, code: int) -> Offsets:
    if everyday()[code]:
        return np.flatnonzero(narrow(text) == code)
    listed = spots(text)
    return listed.by_code[listed.first[code] : listed.first[code + 1]]


def behind_han(text: Text, mark: str) -> Offsets:
    """Where a character stands right behind a Han character of the BMP, ascending."""
    at = places(text, mark)
    at = at[at > 0]
    before = narrow(text)[at - 1]
    return at[(before >= 0x3400) & ((before <= 0x9FFF) | (before >= 0xF900) & (before <= 0xFAFF))]


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
    return one_of(chars).take(close)


@cache
def one_of(chars: str) -> NDArray[np.bool_]:
    """Which code points are among `chars`, those beyond the BMP as one; shape (65536,)."""
    table = np.zeros(BEYOND + 1, dtype=bool)
    table[[min(ord(char), BEYOND) for char in chars]] = True
    return table


def distinct(values: Offsets) -> Offsets:
    """Each value once, ascending; `np.unique` would load masked arrays first, a twentieth of a start."""
    ordered = np.sort(values)
    found: Offsets = np.concatenate([ordered[:1], ordered[1:][ordered[1:] != ordered[:-1]]])
    return found


def blanks(text: Text) -> Offsets:
    """Where U+0020 and U+3000 stand, ascending; computed once."""
    return text.signal("blanks", _blanks)  # type: ignore[no-any-return]


def _blanks(text: Text) -> Offsets:
    plain, wide = places(text, " "), places(text, "\u3000")
    return np.sort(np.concatenate([plain, wide]), kind="stable") if len(wide) else plain


def in_code(text: Text, start: int, end: int) -> bool:
    """Whether inline code or a formula of the same line, or a fenced or indented block, holds the span."""
    marks = text.signal("code marks", _code_marks)
    nearest = bisect_left(marks, start - WINDOW)
    if nearest < len(marks) and marks[nearest] < end + WINDOW:
        line = text.line(text.line_at(start))
        first, last = max(line.start, start - WINDOW), min(line.end, end + WINDOW)
        for mark in "`$":
            if line.body.count(mark, first, start) % 2 and line.body.count(mark, end, last):
                return True
    fences = text.signal("fences", _fences)
    return bool(bisect_left(fences, start) % 2) or _indented(text, start)


def _indented(text: Text, at: int) -> bool:
    """Whether a line is indented as code is and begins as code does: a paragraph of Chinese begins with a Han character."""
    number = text.line_at(at)
    start = text.line_starts.item(number)
    end = min(text.line_ends.item(number), start + WINDOW)
    code = INDENTED.match(text.body, start, end)
    return code is not None and (code["comment"] is not None or CALL.search(text.body, code.end(), end) is not None)


def _code_marks(text: Text) -> list[int]:
    marks: list[int] = np.sort(np.concatenate([places(text, "`"), places(text, "$")])).tolist()
    return marks


def _fences(text: Text) -> list[int]:
    signs = sorted(at for sign in FENCES for at in _tripled(places(text, sign[0])))
    indents = (text.body[max(0, at - MARGIN) : at] for at in signs)
    starts = [at - len(indent) + len(indent.rstrip(" ")) for at, indent in zip(signs, indents, strict=True)]
    return [start for start in starts if start == 0 or text.body[start - 1] in "\r\n"]


def _tripled(marks: Offsets) -> Iterator[int]:
    """Where three marks in a row start, from left to right, not overlapping."""
    behind = 0
    for at in marks[:-2][marks[2:] - marks[:-2] == 2].tolist():
        if at >= behind:
            behind = at + 3
            yield at


def digit_runs(text: Text) -> tuple[Offsets, Offsets]:
    """Start and end of each run of ASCII digits, shapes (runs,); computed once."""
    return text.signal("digit runs", _digit_runs)  # type: ignore[no-any-return]


def _digit_runs(text: Text) -> tuple[Offsets, Offsets]:
    listed = spots(text)
    at = listed.at[listed.codes - np.uint16(ord("0")) < 10]  # below "0" wraps to huge
    if not len(at):
        return at, at
    joins = np.diff(at) == 1
    return at[~np.concatenate([[False], joins])], at[~np.concatenate([joins, [False]])] + 1
