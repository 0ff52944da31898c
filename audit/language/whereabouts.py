"""Where the members of a set of characters stand: read off the shared spots, or off their places by character where members are few."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.spot_tables import SLOTS, everyday_codes, mark_slots
from audit.language.spots import NOWHERE, PIECE, Listed, Spots, look_up, narrow, spots
from audit.model import Offsets, Text
from audit.native import kernels

FEW = 6  # of so many spots one: fewer members are gathered character by character


class _Held(NamedTuple):
    """What is told of a table once: whether it holds everyday characters, the numbers of those that have places of their own, and whether it holds others."""

    everyday: bool
    slots: list[int]
    values: NDArray[Any]


_known: dict[
    int, tuple[NDArray[Any], _Held]
] = {}  # by identity; tables that nobody can write to, so that they stay as they are


def where(text: Text, table: NDArray[Any]) -> tuple[Offsets, NDArray[Any]]:
    """Where the characters stand for which `table` holds something, ascending, and what it holds; its shape is (65536,)."""
    held = _held(table)
    if held.everyday:
        if kernels is not None and table.itemsize == 1:
            return _selected(narrow(text), table)
        values = look_up(text, table)
        kept = (values != 0).nonzero()[0]  # twice as fast on booleans
        return kept, values[kept]
    listed: Listed | None = text.signals.get("spots by slot")
    first = listed.first if listed else []
    sizes = [first[slot + 1] - first[slot] for slot in held.slots] if listed else []
    if listed is None or sum(sizes) * FEW > len(listed.at):
        return _among(spots(text), table)
    others = table.take(listed.others)
    kept = (others != 0).nonzero()[0]
    pieces = [listed.at[first[slot] : first[slot + 1]] for slot, size in zip(held.slots, sizes, strict=True) if size]
    at = np.concatenate([listed.at[: first[1]].take(kept), *pieces])
    values = np.concatenate([others.take(kept), held.values.repeat(sizes)])
    if not pieces or len(at) == sum(sizes) == len(pieces[0]):
        return at, values
    order = at.argsort(kind="stable")  # of runs that ascend
    return at.take(order), values.take(order)


def _selected(codes: NDArray[np.uint16], table: NDArray[Any]) -> tuple[Offsets, NDArray[Any]]:
    """Places of the codes for which a table of bytes or flags holds something, and what, in one sweep."""
    at, values = np.empty(len(codes), dtype=np.int64), np.empty(len(codes), dtype=np.uint8)
    size = kernels.select_by(codes, table.view(np.uint8), at, values)  # type: ignore[union-attr]
    return at[:size].copy(), values[:size].copy().view(table.dtype)


def _among(found: Spots, table: NDArray[Any]) -> tuple[Offsets, NDArray[Any]]:
    """The spots for which `table` holds something, and what it holds; looked up a piece at a time."""
    if kernels is not None and table.itemsize == 1:
        which, values = _selected(found.codes, table)
        return found.at.take(which), values
    at, held = [NOWHERE], [table[:0]]
    for start in range(0, len(found.codes), PIECE):
        values = table.take(found.codes[start : start + PIECE], mode="wrap")
        kept = (values != 0).nonzero()[0]
        at.append(found.at[start : start + PIECE].take(kept))
        held.append(values.take(kept))
    return (at[1], held[1]) if len(at) == 2 else (np.concatenate(at), np.concatenate(held))


def _held(table: NDArray[Any]) -> _Held:
    if id(table) in _known:
        return _known[id(table)][1]
    own = table.take(_slot_codes())
    own[0] = 0
    slots = (own != 0).nonzero()[0]
    held = _Held(bool(table.take(everyday_codes()).any()), slots.tolist(), own.take(slots))
    if not table.flags.writeable:
        _known[id(table)] = (table, held)
    return held


@cache
def _slot_codes() -> NDArray[np.intp]:
    """The character of each slot, 0 for the first and for those that none has; shape (256,)."""
    codes = np.zeros(SLOTS, dtype=np.intp)
    held = np.flatnonzero(mark_slots())
    codes[mark_slots().take(held)] = held
    return codes


def fixed(table: NDArray[Any]) -> NDArray[Any]:
    """The table, no longer to be written to, so that what `where` finds out about it is kept."""
    table.flags.writeable = False
    return table
