"""Rows that the database wrote to a file, some hundred at a time, as items of work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from pyarrow import parquet

MOST = (
    512  # rows: half a second of work, so that no worker is long at the last ones while the others have nothing to do
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a row group of a file; `number` counts through all files of a kind."""

    path: str
    row_group: int
    low: int
    number: int

    @property
    def folder(self) -> Path:
        """Where the file stands."""
        return Path(self.path).parent

    def rows(self) -> list[dict[str, Any]]:
        """The rows."""
        with parquet.ParquetFile(self.path) as file:
            rows: list[dict[str, Any]] = file.read_row_group(self.row_group).slice(self.low, MOST).to_pylist()
        return rows


def pieces(paths: Iterable[Path]) -> Iterator[Piece]:
    """The rows of files in order; a file is asked for when those before it were given out."""
    numbers = count()
    for path in paths:
        with parquet.ParquetFile(path) as file:
            sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
        for group, size in enumerate(sizes):
            for low in range(0, size, MOST):
                yield Piece(str(path), group, low, next(numbers))
