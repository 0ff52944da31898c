"""Pairs that met by their keys, aligned: what they really share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from audit.language.likeness import MIN_SHARED, SHARED, UNLIKE, kind_of
from audit.language.passages import Likeness, compare, slotted
from audit.model import Entry
from audit.reading.document import read_record
from audit.reading.records import Record
from audit.scale.parts import write
from audit.scale.rows import NUMBER

PLACES = 10
PASSAGE = pa.struct({name: pa.int64() for name in ("here_start", "here_end", "there_start", "there_end")})
LIKENESS = pa.schema(
    {
        "later": NUMBER,
        "earlier": NUMBER,
        "kind": pa.string(),
        "alike": pa.float32(),
        "share": pa.float32(),
        "ratio": pa.float32(),
        "count": pa.int32(),
        "passages": pa.list_(PASSAGE),
    }
)


@dataclass(frozen=True, slots=True)
class Group:
    """A row group of the file of pairs."""

    path: str
    number: int


def compare_group(group: Group) -> int:
    """Aligns the pairs of a row group and writes those that share something worth a word; gives their number."""
    with parquet.ParquetFile(group.path) as file:
        pairs = file.read_row_group(group.number).to_pylist()
    found = [row for pair in pairs if (row := likeness_row(pair))]
    made = pa.Table.from_pylist(found, schema=LIKENESS)
    write(Path(group.path).with_name(f"{group.number:08d}.likeness.parquet"), made)
    return len(found)


def likeness_row(pair: dict[str, Any]) -> dict[str, Any] | None:
    """What two entries share as a row; None where it is nothing."""
    there, here = (entry_of(pair[side], pair[f"{side}_heading"]) for side in ("there", "here"))
    one = compare(there, here, np.sort(np.array(pair["common"] or [], dtype=np.uint32)))
    kind = kind_of(one)
    if kind == "near" and slotted(there, here):
        kind = "template"
    length = sum(passage.here.end - passage.here.start for passage in one.passages)
    if not kind and (one.share < SHARED or length < MIN_SHARED or not 1 / UNLIKE <= one.ratio <= UNLIKE):
        return None
    return {
        "later": pair["later"],
        "earlier": pair["earlier"],
        "kind": kind,
        "alike": one.alike,
        "share": one.share,
        "ratio": one.ratio,
        "count": len(one.passages),
        "passages": passages(one, here, there, pair["here_start"], pair["there_start"]),
    }


def entry_of(text: str, heading: int) -> Entry:
    """A text as an entry, glosses taken out."""
    document = read_record("", Record(text, 1, 1, {}))
    entry = document.entries[0]
    at = int(np.searchsorted(document.text.origin, heading)) if document.text.origin is not None else heading
    return Entry(entry.text, 0, entry.role, 0, entry.end, type(entry.title)(0, at))


def passages(one: Likeness, here: Entry, there: Entry, here_start: int, there_start: int) -> list[dict[str, int]]:
    """The longest shared passages, offsets those of the documents."""
    longest = sorted(one.passages, key=lambda shared: shared.here.start - shared.here.end)[:PLACES]
    rows = []
    for shared in longest:
        a, b = here.text.to_origin(*shared.here), there.text.to_origin(*shared.there)
        rows.append(
            {
                "here_start": a.start + here_start,
                "here_end": a.end + here_start,
                "there_start": b.start + there_start,
                "there_end": b.end + there_start,
            }
        )
    return rows
