"""By what a finding is known, wherever it moves, and which of several equal ones it is."""

from __future__ import annotations

import hashlib
import zlib

import numpy as np
from numpy.typing import NDArray

from audit.language.patterns import regex
from audit.model import Offsets

EXCERPT = 120  # code points of a long span that a report quotes
CONTEXT = 8  # characters on each side that tell two equal excerpts apart
REACH = 3 * CONTEXT  # code points that are looked at for them; the rest is blank
FULL = regex("[\uff01-\uff5e]")
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def fingerprint(code: str, body: str, start: int, end: int, low: int = 0, high: int | None = None) -> str:
    """16 hex digits by which a finding is known, wherever in the file it moves; `low` to `high` is its record.

    Eight are of rule and passage, four of what stands before it and four of what stands behind, blanks and width aside: an
    edit on one side leaves the other.
    """
    long = body[start:end] if end - start <= 2 * EXCERPT else body[start : start + EXCERPT] + body[end - EXCERPT : end]
    high = len(body) if high is None else high
    own = f"{code}\0{long}".replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "surrogatepass")
    left = beside(body[max(start - REACH, low) : start])[-CONTEXT:]
    right = beside(body[end : min(end + REACH, high)])[:CONTEXT]
    sides = (zlib.crc32(side.encode("utf-8", "surrogatepass")) & 0xFFFF for side in (left, right))
    return hashlib.blake2b(own, digest_size=4).hexdigest() + "".join(f"{side:04x}" for side in sides)


def beside(text: str) -> str:
    """A stretch beside a passage, without blanks, full-width forms and capitals."""
    bare = "".join(text.split())
    return (bare.translate(NARROW) if FULL.search(bare) else bare).lower()


def again(marks: NDArray[np.uint64], homes: Offsets) -> Offsets:
    """How many equal marks stand before each one with the same home; shape (n,)."""
    order = np.lexsort((marks, homes))
    ordered, at = marks[order], homes[order]
    places = np.arange(len(order))
    opens = np.ones(len(order), dtype=bool)
    opens[1:] = (ordered[1:] != ordered[:-1]) | (at[1:] != at[:-1])
    before = np.empty_like(places)
    before[order] = places - np.maximum.accumulate(np.where(opens, places, 0))
    return before
