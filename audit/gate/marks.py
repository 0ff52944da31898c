"""By what a finding is known again: its rule, its passage, and a trace of the text on both sides.

No line numbers and no offsets, so lines may move; letters only as one-byte hashes of what is not blank, folded in width and
case, so a text may be re-wrapped or re-encoded; glosses are passed over; a record's neighbours are not looked at, so
records may change places. A trace can be compared character by character, but not read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.address import printable
from audit.engine import Batch
from audit.model import Codes, Document, Offsets, Text

TRACE = 24  # characters of text on each side
REACH = 3 * TRACE  # code points that are looked at for them; the rest is blank
LONG = 64  # code points from which a passage is no damage by itself but holds it: its ends are compared too
PIECE = 4096  # hits at a time
FOLD = 0xFEE0  # from a full-width form to its ASCII
BLANK = np.zeros(0x10000, dtype=bool)
BLANK[
    [*range(0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x2010), *range(0x2028, 0x2030), 0x205F, 0x2060, 0x3000, 0xFEFF]
] = True


Homes = tuple[Offsets, Offsets, list[str | None]]  # where the record of each hit begins and ends, and its id


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding as it is known again; traces read away from the passage, `head` and `tail` into a long one."""

    rule: str
    digest: str
    left: bytes
    right: bytes
    head: bytes = b""
    tail: bytes = b""
    id: str | None = None


def marks(document: Document, batch: Batch) -> list[Mark]:
    """The mark of each hit of a batch."""
    return marks_at(document, [batch.rule.code] * len(batch), (batch.starts, batch.ends), homes(document, batch.starts))


def marks_at(document: Document, rules: Sequence[str], spans: tuple[Offsets, Offsets], home: Homes) -> list[Mark]:
    """The marks of hits of these rules; `spans` are their starts and ends, `home` as `homes` gives it."""
    text = document.text
    starts, ends = (within(text, offsets) for offsets in spans)
    low, high = (within(text, offsets) for offsets in home[:2])
    left, right = trace(text.codes, starts, low, -1), trace(text.codes, ends, high, 1)
    long = spans[1] - spans[0] > LONG
    head = trace(text.codes, starts, np.where(long, ends, starts), 1)
    tail = trace(text.codes, ends, np.where(long, starts, ends), -1)
    passages = zip(rules, spans[0].tolist(), spans[1].tolist(), strict=True)
    digests = (digest(rule, document.body[start:end]) for rule, start, end in passages)
    return [Mark(*row) for row in zip(rules, digests, left, right, head, tail, home[2], strict=True)]


def homes(document: Document, starts: Offsets) -> Homes:
    """Where each hit's record begins and ends in the body, and its id; the whole body where there are no records."""
    size = len(starts)
    if not document.origins:
        return np.zeros(size, np.int64), np.full(size, len(document.body), np.int64), [None] * size
    firsts = np.array([origin.start for origin in document.origins])
    rows = np.maximum(np.searchsorted(firsts, starts, side="right") - 1, 0)
    lasts = np.array([origin.end for origin in document.origins])
    names = [origin.id if origin.id is None else printable(origin.id) for origin in document.origins]
    return firsts[rows], lasts[rows], [names[home] for home in rows.tolist()]


def within(text: Text, offsets: Offsets) -> Offsets:
    """Offsets of the document's body as offsets of the text without glosses."""
    return offsets if text.origin is None else np.searchsorted(text.origin, offsets, side="left")


def digest(code: str, passage: str) -> str:
    """16 hex digits of a rule and its passage; a line break counts the same, however it is written."""
    same = passage.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.blake2b(f"{code}\0{same}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def folded(codes: Codes) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The one-byte hash of each code point, none of them 0, and which are not blank; any shape."""
    wide = (codes >= 0xFF01) & (codes <= 0xFF5E)
    plain = np.where(wide, codes - FOLD, codes)
    plain = np.where((plain >= 0x41) & (plain <= 0x5A), plain + 0x20, plain).astype(np.uint64)
    hashes = (plain * np.uint64(2654435761) >> np.uint64(13)) % np.uint64(255) + np.uint64(1)
    return hashes.astype(np.uint8), ~BLANK[np.minimum(codes, 0xFFFF)]


def trace(codes: Codes, anchors: Offsets, limits: Offsets, step: int) -> list[bytes]:
    """The hashes of up to TRACE characters from each anchor in the direction of `step`, no further than its limit."""
    return [
        one
        for at in range(0, len(anchors), PIECE)
        for one in _trace(codes, anchors[at : at + PIECE], limits[at : at + PIECE], step)
    ]


def _trace(codes: Codes, anchors: Offsets, limits: Offsets, step: int) -> Iterator[bytes]:
    if not len(codes):
        yield from [b""] * len(anchors)
        return
    reach = np.arange(REACH)
    places = anchors[:, None] + (reach if step > 0 else -1 - reach)
    there = places < limits[:, None] if step > 0 else places >= limits[:, None]
    hashes, solid = folded(codes.take(places, mode="clip"))
    solid &= there
    solid &= np.cumsum(solid, axis=1) <= TRACE
    flat = hashes[solid].tobytes()
    stops = np.cumsum(solid.sum(axis=1)).tolist()
    yield from (flat[start:stop] for start, stop in zip([0, *stops], stops, strict=False))


def stream(text: Text) -> tuple[bytes, Offsets]:
    """The hashes of a whole text, blanks left out, and how many stand before each offset; shape (n + 1,)."""
    hashes, solid = folded(text.codes)
    return hashes[solid].tobytes(), np.concatenate([[0], np.cumsum(solid)])


def of_batches(document: Document, batches: Sequence[Batch]) -> list[list[Mark]]:
    """The marks of all batches of a document."""
    return [marks(document, batch) for batch in batches]
