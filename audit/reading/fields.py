"""The fields of lines: bytes between separators that no character holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
from audit.reading.units import Units, unit_ends

SEPARATORS = bytes(b for b in range(0x40) if not 0x30 <= b <= 0x39)  # never the trail byte of any codec here
FIELDS = bytes(10 if byte in SEPARATORS else byte for byte in range(256))

ENDING = np.isin(np.arange(256), list(SEPARATORS))


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of some lines that hold bytes outside ASCII: joined as units, the line of each, where it starts in the file.

    `firsts` are the numbers of each line's first field; every line has one.
    """

    units: Units
    owner: NDArray[np.int64]
    starts: NDArray[np.int64]
    firsts: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Bytes of each, LF left out."""
        return np.diff(self.units.ends, prepend=-1) - 1

    def raw(self, at: int) -> bytes:
        """One of them."""
        joined, ends = self.units
        return joined[(int(ends[at - 1]) + 1 if at else 0) : int(ends[at])]


def fields_of(lines: Units, starts: NDArray[np.int64]) -> Fields:
    """Lines, joined as units, cut at bytes that are never part of a character; `starts` is where each begins in the file."""
    if kernels:
        none = np.empty(0, dtype=np.int64)
        count = kernels.cut_fields(lines.joined, ENDING, none, none, none)
        owner, begins, sizes = (np.empty(count, dtype=np.int64) for _ in range(3))
        kernels.cut_fields(lines.joined, ENDING, owner, begins, sizes)
        out = np.empty(int(sizes.sum()) + count, dtype=np.uint8)
        kernels.gather(lines.joined, begins, sizes, np.array([10], dtype=np.int64), out)
        places = begins - np.concatenate([[0], lines.ends[:-1] + 1])[owner] + starts[owner]
        return Fields(Units(out.tobytes(), np.cumsum(sizes + 1) - 1), owner, places, _firsts(owner))
    cut = lines.joined.translate(FIELDS)
    ends = unit_ends(cut)
    begins = np.concatenate([[0], ends[:-1] + 1])
    live = np.flatnonzero(np.maximum.reduceat(np.frombuffer(cut, dtype=np.uint8), begins) >= 0x80)
    breaks = lines.ends
    owner = np.searchsorted(breaks, begins[live])
    places = begins[live] - np.concatenate([[0], breaks[:-1] + 1])[owner] + starts[owner]
    return Fields(Units(cut, ends).take(live), owner, places, _firsts(owner))


def _firsts(owner: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.flatnonzero(np.diff(owner, prepend=-1))
