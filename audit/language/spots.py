"""Where all but the everyday Han characters stand: what rules with few candidates share.

One look-up per character sets the fifth of a text aside that is punctuation, letters, digits, signs or rare; rules look for
theirs in that fifth (`places`, `where`) and never run through the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from audit.language.spot_tables import BEYOND, SLOTS, SPOT, everyday, kind_table, mark_slots, spot_bit
from audit.model import Codes, Offsets, Text
from audit.native import kernels

NOWHERE = np.empty(0, dtype=np.int64)
NOTHING_ASKED = np.empty(0, dtype=bool)
FEW = 5  # marks that are sought one by one before all are listed: of a text with its glosses no more are asked
PIECE = 1 << 16  # code points at a time, so that all arrays stay in the cache
Value = TypeVar("Value", bound=np.generic)


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
    if len(text.line_starts) and "narrow" in text.signals:
        return text.signals["narrow"]  # type: ignore[no-any-return]  # looking for lines gave it
    codes = text.codes.astype(np.uint16)
    if text.codes.max(initial=0) > BEYOND:
        codes[text.codes > BEYOND] = BEYOND
    return codes


class Spots(NamedTuple):
    """Offsets and 16-bit codes of all but the everyday characters, ascending; shapes (n,)."""

    at: Offsets
    codes: NDArray[np.uint16]


def spots(text: Text) -> Spots:
    """The shared spots of a text, computed once."""
    return text.signal("spots", _spots)  # type: ignore[no-any-return]


def _spots(text: Text) -> Spots:
    if kernels is not None and "kinds" not in text.signals:
        return _classified(text)
    at = ((kinds(text) & SPOT) != 0).nonzero()[0]
    return Spots(at, narrow(text).take(at))


def _classified(text: Text) -> Spots:
    """The spots, and `kinds` beside them, in one sweep."""
    codes = narrow(text)
    found = np.empty(len(codes), dtype=np.uint8)
    at, spotted = np.empty(len(codes), dtype=np.int64), np.empty(len(codes), dtype=np.uint16)
    size = kernels.classify(codes, kind_table(), spot_bit(), found, at, spotted)  # type: ignore[union-attr]
    text.signals["kinds"] = found
    return Spots(at[:size].copy(), spotted[:size].copy())


def kinds(text: Text) -> NDArray[np.uint8]:
    """The class bits of `audit.language.script` and `SPOT` for each code point, looked up once for both; shape (n,)."""
    return text.signal("kinds", lambda whole: look_up(whole, kind_table()))  # type: ignore[no-any-return]


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
    signals, (code, name, slot) = text.signals, _mark(mark)
    if slot and kernels is None and "spots" not in signals:
        asked: set[str] = text.signal("marks asked", lambda _: set())
        if len(asked) < FEW or name in asked:
            asked.add(name)
            return text.signal(name, lambda whole: (narrow(whole) == code).nonzero()[0])  # type: ignore[no-any-return]
    if slot:
        listed = signals.get("spots by slot") or by_slot(text)
        return listed.at[listed.first[slot] : listed.first[slot + 1]]
    found: Offsets | None = signals.get(name)
    if found is None:
        found = signals[name] = _places(text, code)
    return found


@cache
def _mark(mark: str) -> tuple[int, str, int]:
    """A character's code, the name of its places among the signals, and its slot; 0 for none."""
    return ord(mark), f"places {mark}", mark_slots().item(ord(mark))


def _places(text: Text, code: int) -> Offsets:
    if len(text.body) < PIECE and chr(code) not in text.body:
        return NOWHERE
    if everyday().item(code):
        from audit.language import flags  # noqa: PLC0415 - it looks up by this module

        return flags.marks(text, code) if chr(code) in flags.MARKS else (narrow(text) == code).nonzero()[0]
    found = spots(text)
    return np.asarray(found.at.take((found.codes == code).nonzero()[0]))


class Listed(NamedTuple):
    """Offsets by slot, then ascending; those of slot s from `first[s]` to `first[s + 1]`; `others` has the codes of slot 0."""

    at: Offsets
    first: list[int]
    others: NDArray[np.uint16]


def by_slot(text: Text) -> Listed:
    """The spots of a text by slot, computed once."""
    return text.signal("spots by slot", lambda whole: slotted(*spots(whole), mark_slots()))  # type: ignore[no-any-return]


def slotted(at: Offsets, codes: NDArray[np.uint16], table: NDArray[np.uint8]) -> Listed:
    """Ascending offsets by the slot that a table of shape (65536,) has for their codes."""
    if kernels is not None:
        ordered, bounds, others = np.empty_like(at), np.empty(SLOTS + 1, dtype=np.int64), np.empty_like(codes)
        kernels.sort_by_slot(at, codes, table, ordered, bounds, others)
        return Listed(ordered, bounds.tolist(), others[: bounds[1]].copy())
    slots = table.take(codes)
    first = np.cumsum(np.bincount(slots, minlength=SLOTS)).tolist()
    order = np.argsort(slots, kind="stable")
    return Listed(at.take(order), [0, *first], codes.take(order[: first[0]]))


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
    if kernels is not None:
        room = np.empty(len(at), dtype=np.int64)
        return room[: kernels.flanked(codes, at, _asked(before), _asked(after), room)]
    if after:
        if len(at) and at[-1] + 1 == len(codes):
            at = at[:-1]
        at = at[member(codes[at + 1], after)]
    if before:
        if len(at) and at[0] == 0:
            at = at[1:]
        at = at[member(codes[at - 1], before)]
    return at


def _asked(chars: str) -> NDArray[np.bool_]:
    return one_of(chars) if chars else NOTHING_ASKED


def member(codes: Codes | NDArray[np.uint16], chars: str) -> NDArray[np.bool_]:
    """Which code points are among `chars` (all of the BMP), by a table; `np.isin` takes five times as long."""
    return one_of(chars).take(codes, mode="clip")


@cache
def one_of(chars: str) -> NDArray[np.bool_]:
    """Which code points are among `chars`, those beyond the BMP as one; shape (65536,)."""
    table = np.zeros(BEYOND + 1, dtype=bool)
    table[[min(ord(char), BEYOND) for char in chars]] = True
    table.flags.writeable = False
    return table


def distinct(values: NDArray[Value]) -> NDArray[Value]:
    """Each value once, ascending; `np.unique` would load masked arrays first, a twentieth of a start."""
    ordered = np.sort(values)
    return np.concatenate([ordered[:1], ordered[1:][ordered[1:] != ordered[:-1]]])


def blanks(text: Text) -> Offsets:
    """Where U+0020 and U+3000 stand, ascending; computed once."""
    return text.signal("blanks", _blanks)  # type: ignore[no-any-return]


def _blanks(text: Text) -> Offsets:
    plain, wide = places(text, " "), places(text, "\u3000")
    return np.sort(np.concatenate([plain, wide]), kind="stable") if len(wide) else plain


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
