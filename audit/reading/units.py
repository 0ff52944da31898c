"""Lines or fields joined, so that one call prices them all; some 256 KiB at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

SMALL = 1 << 14  # bytes; in more than that the document itself tells
BLOCK = 1 << 18  # bytes that are priced at once: arrays that fit the cache


@dataclass(frozen=True, slots=True)
class Block:
    """Whole units that are priced at once, and what was already found out about them."""

    raw: bytes
    small: bool
    layouts: dict[str, Any] = field(default_factory=dict)


def blocks(joined: bytes) -> list[Block]:
    """Whole units, some 256 KiB at a time: arrays that fit the cache."""
    out: list[Block] = []
    start = 0
    while start < len(joined):
        end = joined.find(b"\n", start + BLOCK) + 1 or len(joined)
        out.append(Block(joined[start:end] if end - start < len(joined) else joined, len(joined) <= SMALL))
        start = end
    return out


class Units(NamedTuple):
    """Lines or fields joined, each with its LF, and where each LF stands."""

    joined: bytes
    ends: NDArray[np.int64]

    def take(self, chosen: NDArray[np.int64]) -> Units:
        """Only some of them."""
        if len(chosen) == len(self.ends):
            return self
        sizes = np.diff(self.ends, prepend=-1)
        return Units(take(self.joined, self.ends, chosen), np.cumsum(sizes[chosen]) - 1)


def unit_ends(joined: bytes) -> NDArray[np.int64]:
    """Where each unit's LF stands."""
    return np.flatnonzero(np.frombuffer(joined, dtype=np.uint8) == 10)


def take(joined: bytes, ends: NDArray[np.int64], chosen: NDArray[np.int64]) -> bytes:
    """Only the chosen units."""
    if len(chosen) == len(ends):
        return joined
    keep = np.zeros(len(ends), dtype=bool)
    keep[chosen] = True
    mask = np.repeat(keep, np.diff(ends, prepend=-1))
    return bytes(np.frombuffer(joined, dtype=np.uint8)[: len(mask)][mask].tobytes())
