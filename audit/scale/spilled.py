"""Sketches of a collection, read from the parts: a list of them, or on the disk, so that a judge can go through more than memory holds."""

from __future__ import annotations

import mmap
import pickle
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from audit.language.subjects import Sketch
from audit.scale.rows import BLOCK_SHIFT, part_of

HELD = 1 << 26  # bytes of pickled sketches that a judge gets all at once
COLUMNS = ("n", "buckets", "counts", "title_buckets", "han")
Numbers = NDArray[np.int64]


class TooLarge(Exception):  # noqa: N818 - it is no error of the rule
    """The sketches are more than are held at once."""

    def __init__(self, size: int, most: int) -> None:
        super().__init__(size, most)
        self.size, self.most = size, most


class Spilled(Sequence[Any]):
    """Pickled values in a file, made again each time they are asked for; `ends` are where each ends."""

    def __init__(self, raw: mmap.mmap, ends: Numbers) -> None:
        self._raw, self._ends = raw, ends

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        start = int(self._ends[number - 1]) if number else 0
        return pickle.loads(self._raw[start : int(self._ends[number])])  # noqa: S301 - what the map wrote


def sketches_of(
    parts: Path, numbers: Numbers, code: str, *, streams: bool, most: int | None = None
) -> Sequence[Any] | None:
    """The sketches of entries, known by the code of a rule; None if one is missing.

    Raises TooLarge for more than are held at once, unless the judge `streams`.
    """
    most = HELD if most is None else most
    ends: list[int] = []
    size = 0
    with tempfile.TemporaryFile(dir=parts) as file:
        for sketch in blobs(parts, numbers, code):
            size += len(sketch)
            ends.append(size)
            if size <= most or streams:
                file.write(sketch)
        if len(ends) < len(numbers):
            return None
        if size > most and not streams:
            raise TooLarge(size, most)
        file.flush()
        if not size:
            return []
        spilled = Spilled(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ), np.array(ends, dtype=np.int64))
    return spilled if size > most else spilled[:]


def blobs(parts: Path, numbers: Numbers, code: str) -> Iterator[bytes]:
    """The pickled sketches of entries in their order."""
    for name, own in by_part(numbers):
        made = parquet.read_table(parts / f"{name}.judged.parquet", filters=[("rule", "==", code)])
        made = made.filter(pa.array(np.isin(made["n"].to_numpy(), own)))
        yield from (sketch.as_py() for sketch in made["sketch"])


def by_part(numbers: Numbers) -> Iterator[tuple[str, Numbers]]:
    """The numbers of each part, with its name."""
    edges = np.flatnonzero(numbers[1:] >> BLOCK_SHIFT != numbers[:-1] >> BLOCK_SHIFT) + 1
    for own in np.split(numbers, edges):
        if len(own):
            yield part_of(int(own[0])), own


def subjects_of(parts: Path, numbers: Numbers) -> list[Sketch | None]:
    """The features of entries, as TOP001 has them."""
    found: list[Sketch | None] = []
    for name, own in by_part(numbers):
        rows = parquet.read_table(parts / f"{name}.sketches.parquet", columns=list(COLUMNS))
        rows = rows.filter(pa.array(np.isin(rows["n"].to_numpy(), own)))
        lists = [listed(rows[column]) for column in COLUMNS[1:4]]
        han = rows["han"].to_pylist()
        for row, known in enumerate(han):
            buckets, counts, title = (values[bounds[row] : bounds[row + 1]] for values, bounds in lists)
            found.append(None if known is None else Sketch(buckets, counts, title, known))
    return found


def listed(column: pa.ChunkedArray) -> tuple[NDArray[Any], Numbers]:
    """The values of a column of lists end to end, and where each list begins and the last ends; none for nulls."""
    lists = column.combine_chunks()
    sizes = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return lists.flatten().to_numpy(zero_copy_only=False), np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
