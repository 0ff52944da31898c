"""Pairs that met by their keys, aligned: what they really share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from audit.blocks import packed
from audit.language.likeness import MIN_SHARED, SHARED, UNLIKE, kind_of
from audit.language.passages import Likeness, compare, slotted
from audit.model import Entry
from audit.reading.document import read_records
from audit.reading.records import Record
from audit.records import joined
from audit.scale.parts import write
from audit.scale.rows import NUMBER

PLACES = 10
SIDES = ("there", "here")
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
    """A row group of a file of pairs, numbered throughout."""

    path: str
    row_group: int
    number: int


def compare_group(group: Group) -> int:
    """Aligns the pairs of a row group and writes those that share something worth a word; gives the number of pairs."""
    with parquet.ParquetFile(group.path) as file:
        pairs = file.read_row_group(group.row_group).to_pylist()
    found = [row for some in packed(pairs, size) for row in compared(some)]
    made = pa.Table.from_pylist(found, schema=LIKENESS)
    write(Path(group.path).with_name(f"{group.number:08d}.likeness.parquet"), made)
    return len(pairs)


def size(pair: dict[str, Any]) -> int:
    """The code points of a pair."""
    return sum(len(pair[side]) for side in SIDES)


def compared(pairs: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What each two entries share as rows; their texts stand in one document, so that what is computed of all is computed once."""
    records: dict[int, Record] = {}
    for pair in pairs:
        for number, side in (("earlier", "there"), ("later", "here")):
            records.setdefault(pair[number], Record(pair[side], 1, 1, {}, title=pair[f"{side}_heading"]))
    whole = joined("", read_records("", list(records.values())))
    entries = [replace(entry, end=entry.end - 1) for entry in whole.entries]  # without the line break behind it
    place = dict(zip(records, zip(entries, whole.origins, strict=True), strict=True))
    for pair in pairs:
        (there, first), (here, second) = place[pair["earlier"]], place[pair["later"]]
        offsets = (pair["here_start"] - second.start, pair["there_start"] - first.start)
        row = likeness_row(pair, there, here, offsets)
        if row is not None:
            yield row


def likeness_row(pair: dict[str, Any], there: Entry, here: Entry, offsets: tuple[int, int]) -> dict[str, Any] | None:
    """What two entries share as a row; None where it is nothing. `offsets` are added to places here and there."""
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
        "passages": passages(one, here, there, *offsets),
    }


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
