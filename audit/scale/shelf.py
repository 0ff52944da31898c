"""Entries by their numbers: read again from the parts that they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from audit.model import Entry
from audit.scale.held import entry_of
from audit.scale.rows import part_of

OPEN = 4  # parts: some 12 MB each
ADDRESS = ("n", "path", "entry", "id", "line", "location")


class Shelf:
    """The parts of a scan; a few are kept open."""

    def __init__(self, parts: Path) -> None:
        self._parts = parts
        self.open = lru_cache(maxsize=OPEN)(self._open)
        self.entry = lru_cache(maxsize=64)(self._entry)

    def facts(self, n: int) -> dict[str, Any]:
        """The address of an entry and its text, as `audit.scale.spoken.FACTS` has them."""
        numbers, entries, texts = self.open(part_of(n))
        at = int(np.searchsorted(numbers, n))
        row: dict[str, Any] = {**texts.slice(at, 1).to_pylist()[0], **entries.slice(at, 1).to_pylist()[0]}
        return {**row, "base": row["start"]}

    def _open(self, name: str) -> tuple[NDArray[np.int64], pa.Table, pa.Table]:
        entries = parquet.read_table(self._parts / f"{name}.entries.parquet", columns=list(ADDRESS)).combine_chunks()
        texts = parquet.read_table(self._parts / f"{name}.texts.parquet").combine_chunks()
        return entries["n"].to_numpy(), entries, texts

    def _entry(self, n: int) -> Entry:
        return entry_of(self.facts(n))


def address_words(there: Mapping[str, Any], line: int, home: str) -> str:
    """An entry that is named in another, as a report does; see `audit.places.place_words`."""
    prefix = "" if there["path"] == home else f"{there['path']}, "
    return f"{prefix}entry {there['entry']}, line {line}"
