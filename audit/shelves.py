"""Single hits of one rule: as they are where they are few, packed away where a text is full of them.

A hit with its words and evidence takes 500 to 1,000 bytes, so a hundred megabytes with a mask in every sentence would take
more for the masks than for all else. Packed it takes 10 to 60; columns say what settling and grading ask.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.model import Edit, Hit, Hits, Offsets, Safety, Span
from audit.rule import Rule

FEW = 1 << 13  # hits of a rule in a text that are kept as they are
SHELF = 1 << 10  # hits that are packed together
OPEN = 8  # shelves of a rule that stay unpacked: a rule that goes through a text several times fills several at once
SAFETIES = (None, Safety.SUGGESTED, Safety.SAFE)


class Columns(NamedTuple):
    """What settling asks of hits, shapes (n,); `safeties` index SAFETIES, the n-th hit is `make(n)`."""

    starts: Offsets
    ends: Offsets
    severities: NDArray[np.int8]
    confidences: NDArray[np.float32]
    safeties: NDArray[np.int8]
    make: Callable[[int], Hit]


def of_hits(rule: Rule, hits: Sequence[Hit]) -> Columns:
    """The columns of hits that are kept as they are."""
    return Columns(
        np.array([hit.span.start for hit in hits], dtype=np.int64),
        np.array([hit.span.end for hit in hits], dtype=np.int64),
        np.array([rule.severity if hit.severity is None else hit.severity for hit in hits], dtype=np.int8),
        np.array([rule.confidence if hit.confidence is None else hit.confidence for hit in hits], dtype=np.float32),
        np.array([SAFETIES.index(hit.edit.safety if hit.edit else None) for hit in hits], dtype=np.int8),
        hits.__getitem__,
    )


def of_arrays(rule: Rule, part: Hits) -> Columns:
    """The columns of hits that a rule keeps as arrays."""
    size = len(part.starts)
    confidence = rule.confidence if part.confidence is None else part.confidence
    each = part.safety if isinstance(part.safety, Sequence) else [part.safety]
    return Columns(
        part.starts.astype(np.int64),
        part.ends.astype(np.int64),
        np.full(size, rule.severity, dtype=np.int8),
        np.full(size, confidence, dtype=np.float32),
        np.full(size, [SAFETIES.index(safety) for safety in each], dtype=np.int8),
        part.make,
    )


def gather(rule: Rule, said: Iterable[Hit | Hits]) -> list[Columns]:
    """What a rule yielded: batches as they are, then the single hits by place."""
    parts: list[Columns] = []

    def single() -> Iterator[Hit]:
        for item in said:
            if isinstance(item, Hits):
                parts.append(of_arrays(rule, item))
            else:
                yield item

    hits = single()
    first = list(islice(hits, FEW))
    if len(first) == FEW:
        parts.append(shelved(rule, chain(first, hits)))
    elif first:
        parts.append(of_hits(rule, sorted(first, key=lambda hit: hit.span)))
    return parts


def shelved(rule: Rule, hits: Iterator[Hit]) -> Columns:
    """The columns of many hits, packed a shelf at a time."""
    shelves: list[bytes | list[Hit]] = []
    parts: list[Columns] = []
    while some := list(islice(hits, SHELF)):
        shelves.append(packed(some))
        parts.append(of_hits(rule, some)._replace(make=_none))
    every: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in Columns._fields if name != "make"
    }
    order = np.lexsort((every["ends"], every["starts"]))
    size, opened = SHELF, dict[int, list[Hit]]()

    def make(row: int) -> Hit:
        number, place = divmod(int(order[row]), size)
        some = opened.get(number)
        if some is None:
            if len(opened) >= OPEN:
                opened.pop(next(iter(opened)), None)
            kept = shelves[number]
            opened[number] = some = unpacked(kept) if isinstance(kept, bytes) else kept
        return some[place]

    return Columns(**{name: column[order] for name, column in every.items()}, make=make)


def _none(_: int) -> Hit:
    raise AssertionError


def packed(hits: list[Hit]) -> bytes | list[Hit]:
    """The hits in few bytes; as they are where a rule put something into them that cannot be packed."""
    columns = (
        [hit.span.start for hit in hits],
        [hit.span.end for hit in hits],
        [hit.values for hit in hits],
        [hit.edit and hit.edit.text for hit in hits],
        [hit.edit and hit.edit.safety for hit in hits],
        [hit.confidence for hit in hits],
        [hit.evidence for hit in hits],
        [hit.variant for hit in hits],
        [hit.severity for hit in hits],
    )  # an eighth of the time that the objects would take
    try:
        return zlib.compress(pickle.dumps(columns, pickle.HIGHEST_PROTOCOL), 1)
    except Exception:  # noqa: BLE001 - whatever such a thing raises
        return hits


def unpacked(shelf: bytes) -> list[Hit]:
    """The hits of a shelf."""
    starts, ends, values, texts, safeties, *others = pickle.loads(zlib.decompress(shelf))  # noqa: S301 - packed here
    edits = (None if safety is None else Edit(text, safety) for text, safety in zip(texts, safeties, strict=True))
    return list(map(Hit, map(Span, starts, ends), values, edits, *others))
