"""The fields of lines: bytes between separators that no character holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.reading.units import Units, unit_ends

SEPARATORS = bytes(b for b in range(0x40) if not 0x30 <= b <= 0x39)  # never the trail byte of any codec here
FIELDS = bytes(10 if byte in SEPARATORS else byte for byte in range(256))


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of some lines that hold bytes outside ASCII: joined as units, the line of each, where it starts in the file."""

    units: Units
    owner: NDArray[np.int64]
    starts: NDArray[np.int64]

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
    cut = lines.joined.translate(FIELDS)
    ends = unit_ends(cut)
    begins = np.concatenate([[0], ends[:-1] + 1])
    live = np.flatnonzero(np.maximum.reduceat(np.frombuffer(cut, dtype=np.uint8), begins) >= 0x80)
    breaks = lines.ends
    owner = np.searchsorted(breaks, begins[live])
    places = begins[live] - np.concatenate([[0], breaks[:-1] + 1])[owner] + starts[owner]
    return Fields(Units(cut, ends).take(live), owner, places)
