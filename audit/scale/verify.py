"""Pairs that met by their keys, aligned: what they really share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from audit.blocks import packed
from audit.language.copies import resemblance
from audit.language.likeness import sketch
from audit.language.passages import Shared
from audit.language.worth import damage, severity_of
from audit.model import Entry
from audit.scale.held import entries_of, entry_of
from audit.scale.parts import write
from audit.scale.pieces import Piece
from audit.scale.rows import NUMBER

PLACES = 10
PASSAGE = pa.struct({name: pa.int64() for name in ("here_start", "here_end", "there_start", "there_end")})
LIKENESS = pa.schema(
    {
        "later": NUMBER,
        "earlier": NUMBER,
        "kind": pa.string(),
        "alike": pa.float64(),
        "share": pa.float64(),
        "ratio": pa.float64(),
        "count": pa.int32(),
        "severity": pa.int8(),  # of what is said of the later one, and of the earlier one; null: the rule's
        "severity_earlier": pa.int8(),
        "passages": pa.list_(PASSAGE),  # offsets of the entries' texts
    }
)


DAMAGE = pa.schema({"n": NUMBER, "damage": pa.float64()})


@dataclass(frozen=True, slots=True)
class Copies:
    """Some entries that are copies of one another."""

    piece: Piece


def weigh(copies: Copies) -> int:
    """Writes how damaged each of some copies is; gives their number."""
    found = copies.piece.rows()
    made = pa.Table.from_pylist([{"n": row["n"], "damage": damage(entry_of(row))} for row in found], schema=DAMAGE)
    write(copies.piece.folder / f"{copies.piece.number:08d}.damage.parquet", made)
    return len(found)


@dataclass(frozen=True, slots=True)
class Group:
    """Some pairs; of so many prints (`thin`) one was looked at."""

    piece: Piece
    thin: int


def compare_group(group: Group) -> int:
    """Aligns pairs and writes those that share something worth a word; gives the number of pairs."""
    pairs = group.piece.rows()
    found = [row for some in packed(pairs, size) for row in compared(some, group.thin)]
    made = pa.Table.from_pylist(found, schema=LIKENESS)
    write(group.piece.folder / f"{group.piece.number:08d}.likeness.parquet", made)
    return len(pairs)


def size(pair: dict[str, Any]) -> int:
    """About the code points of a pair."""
    return (len(pair["here"]["text"]) + len(pair["there"]["text"])) // 3


def compared(pairs: Sequence[dict[str, Any]], thin: int) -> Iterator[dict[str, Any]]:
    """What each two entries share as rows."""
    texts = {pair[number]: pair[side] for pair in pairs for number, side in (("earlier", "there"), ("later", "here"))}
    entries, starts = entries_of(list(texts.values()))
    place = dict(zip(texts, zip(entries, starts, strict=True), strict=True))
    for pair in pairs:
        (there, first), (here, second) = place[pair["earlier"]], place[pair["later"]]
        own, other = sketch(here), sketch(there)
        assert own is not None
        assert other is not None
        found = resemblance((there, here), (other, own), np.sort(np.array(pair["common"] or [], dtype=np.uint32)), thin)
        if found is None:
            continue
        kind, one = found
        yield {
            "later": pair["later"],
            "earlier": pair["earlier"],
            "kind": kind,
            "alike": one.alike,
            "share": one.share,
            "ratio": one.ratio,
            "count": len(one.passages),
            "severity": severity_of(kind, here, there, together=pair["together"]),
            "severity_earlier": severity_of(kind, there, here, together=pair["together"]),
            "passages": places(one.passages, (here, second), (there, first)),
        }


def places(passages: Sequence[Shared], here: tuple[Entry, int], there: tuple[Entry, int]) -> list[dict[str, int]]:
    """The longest shared passages; entries come with where their source begins in that of all."""
    longest = sorted(passages, key=lambda shared: shared.here.start - shared.here.end)[:PLACES]
    rows = []
    for shared in longest:
        row: dict[str, int] = {}
        for side, (entry, start), span in (("here", here, shared.here), ("there", there, shared.there)):
            found = entry.text.to_origin(*span)
            row |= {f"{side}_start": found.start - start, f"{side}_end": found.end - start}
        rows.append(row)
    return rows
