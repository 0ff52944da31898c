"""Byte runs in columns, and how they grow out of the places where encodings begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audit.model import Offsets

ByteRun = tuple[int, int, str, float]  # start and end byte, codec, confidence


@dataclass(frozen=True, slots=True)
class ByteRuns:
    """Runs of one codec each that ascend, touch and cover the bytes; `bounds` has shape (runs + 1,), `kinds` index `names`."""

    bounds: Offsets
    kinds: NDArray[np.int64]
    names: tuple[str, ...]
    trusts: NDArray[np.float64]

    @classmethod
    def of(cls, rows: Sequence[ByteRun]) -> ByteRuns:
        """Columns of rows."""
        names = tuple(dict.fromkeys(row[2] for row in rows))
        return cls(
            np.array([rows[0][0] if rows else 0, *(row[1] for row in rows)], dtype=np.int64),
            np.array([names.index(row[2]) for row in rows], dtype=np.int64),
            names,
            np.array([row[3] for row in rows], dtype=np.float64),
        )

    def __iter__(self) -> Iterator[ByteRun]:
        bounds = self.bounds.tolist()
        codecs = map(self.names.__getitem__, self.kinds.tolist())
        return zip(bounds, bounds[1:], codecs, self.trusts.tolist(), strict=False)

    def __len__(self) -> int:
        return len(self.kinds)


@dataclass(slots=True)
class Marks:
    """Places where encodings begin, gathered in any order; of two at the same place the later one counts."""

    names: dict[str, int] = field(default_factory=dict)
    starts: list[Offsets] = field(default_factory=list)
    kinds: list[NDArray[np.int64]] = field(default_factory=list)
    trusts: list[NDArray[np.float64]] = field(default_factory=list)

    def number(self, codec: str) -> int:
        """The codec as a number."""
        return self.names.setdefault(codec, len(self.names))

    def numbers(self, codecs: Iterable[str]) -> NDArray[np.int64]:
        """Codecs as numbers."""
        return np.array([self.number(codec) for codec in codecs], dtype=np.int64)

    def add(self, starts: Offsets, kinds: NDArray[np.int64], trusts: NDArray[np.float64]) -> None:
        """More places; all three have the same shape."""
        self.starts.append(starts)
        self.kinds.append(kinds)
        self.trusts.append(trusts)

    def runs(self, size: int, otherwise: str) -> ByteRuns:
        """The runs of `size` bytes; what stands before the first place belongs to it."""
        if not any(map(len, self.starts)):
            return ByteRuns.of([(0, size, otherwise, 1.0)] if size else [])
        starts, kinds, trusts = np.concatenate(self.starts), np.concatenate(self.kinds), np.concatenate(self.trusts)
        order = np.argsort(starts, kind="stable")
        order = order[starts[order] < size]
        starts, kinds, trusts = starts[order], kinds[order], trusts[order]
        starts[:1] = 0
        last = np.append(starts[1:] != starts[:-1], True)
        starts, kinds, trusts = starts[last], kinds[last], trusts[last]
        fresh = np.flatnonzero(np.append(True, kinds[1:] != kinds[:-1]))
        return ByteRuns(
            np.append(starts[fresh], size), kinds[fresh], tuple(self.names), np.maximum.reduceat(trusts, fresh)
        )
