"""How sure one can be of next to nothing: a character or two could be in many encodings, and statistics of their bytes claim too much."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from audit.reading.columns import ByteRun, ByteRuns

SHORT = 1 << 8  # bytes; a longer document is not looked at
FEW = (
    8  # bytes outside ASCII; measured on 400 texts each: with one Han character .99 meant .97, .96 meant .7, .9 a half
)
CLAIMED = 8.0  # bits that the odds are claimed too high then
ALMOST = 1 - 2.0**-20
LEAST = 0.5
TWO_BYTES = 0.9  # a character or two of two bytes in UTF-8; GBK and Big5 have as many that look so
ASCII = bytes(range(0x80))


def is_short(raw: bytes) -> bool:
    """Whether there is too little beside ASCII to be sure."""
    return len(raw) <= SHORT and 0 < len(raw.translate(None, ASCII)) <= FEW


def humble(trust: float) -> float:
    """A confidence of statistics, as it is for a short text."""
    trust = min(trust, ALMOST)
    bits = 2 * math.log2(trust / (1 - trust)) - CLAIMED
    odds: float = 2.0**-bits
    return max(LEAST, round(1 / (1 + odds), 4))


def humbled(raw: bytes, runs: Iterable[ByteRun]) -> Iterator[ByteRun]:
    """The runs of a document; if that is short, only as sure as one can be."""
    short = is_short(raw)
    for start, end, codec, trust in runs:
        told = not codec or codec.startswith("bom:") or raw[start:end].isascii()
        yield start, end, codec, trust if told or not short else humble(trust)


def in_columns(raw: bytes, runs: ByteRuns) -> ByteRuns:
    """The same in columns."""
    return ByteRuns.of(list(humbled(raw, runs))) if is_short(raw) else runs


def of_utf8(raw: bytes) -> float:
    """How sure it is that valid UTF-8 is meant as such."""
    if len(raw) > SHORT:
        return 1.0
    wide = [char for char in raw.decode("utf-8") if not char.isascii()]
    return TWO_BYTES if 0 < len(wide) <= 2 and max(wide) < "\u0800" else 1.0
