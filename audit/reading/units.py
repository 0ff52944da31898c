"""Lines or fields joined, so that one call prices them all; some 256 KiB at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels

SMALL = 1 << 14  # bytes; in more than that the document itself tells
NO_END = np.array([-1], dtype=np.int64)
BLOCK = 1 << 18  # bytes that are priced at once: arrays that fit the cache


@dataclass(frozen=True, slots=True)
class Block:
    """Whole units that are priced at once, and what was already found out about them."""

    raw: bytes
    small: bool
    count: int
    layouts: dict[str, Any] = field(default_factory=dict)


def blocks(joined: bytes, count: int = -1) -> list[Block]:
    """Whole units, some 256 KiB at a time: arrays that fit the cache; `count` is how many, where that is known."""
    if kernels:  # they need no arrays beside
        return [Block(joined, len(joined) <= SMALL, joined.count(b"\n") if count < 0 else count)]
    out: list[Block] = []
    start = 0
    while start < len(joined):
        end = joined.find(b"\n", start + BLOCK) + 1 or len(joined)
        part = joined[start:end] if end - start < len(joined) else joined
        out.append(Block(part, len(joined) <= SMALL, part.count(b"\n")))
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
        return Units(take(self.joined, self.ends, chosen), np.cumsum(_sizes(self.ends, chosen)) - 1)


def unit_ends(joined: bytes) -> NDArray[np.int64]:
    """Where each unit's LF stands."""
    return np.flatnonzero(np.frombuffer(joined, dtype=np.uint8) == 10)


def _sizes(ends: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bytes of the chosen units, LF included."""
    return ends[chosen] - np.where(chosen > 0, ends[chosen - 1], -1)


def take(joined: bytes, ends: NDArray[np.int64], chosen: NDArray[np.int64]) -> bytes:
    """Only the chosen units."""
    if len(chosen) == len(ends):
        return joined
    if kernels:
        sizes = _sizes(ends, chosen)
        out = np.empty(int(sizes.sum()), dtype=np.uint8)
        kernels.gather(joined, ends[chosen] + 1 - sizes, sizes, NO_END, out)
        return out.tobytes()
    keep = np.zeros(len(ends), dtype=bool)
    keep[chosen] = True
    mask = np.repeat(keep, np.diff(ends, prepend=-1))
    return bytes(np.frombuffer(joined, dtype=np.uint8)[: len(mask)][mask].tobytes())
