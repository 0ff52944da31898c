"""The characters that may stand in a hole: those that fit the known bytes and that the reader would have lost."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from audit.restore.codecs import DOUBLE
from audit.restore.codemaps import chars, shown
from audit.restore.fluency import rarity, spread
from audit.restore.slots import FORMER, LATTER, Pattern

Bytes = NDArray[np.int64]
MAX_FILLINGS = 96, 96, 160, 256  # by the number of lost bytes
HOLES = {"cp1252": (0x81, 0x8D, 0x8F, 0x90, 0x9D), "cp1251": (0x98,)}
PRIVATE = (0xE000, 0xF8FF)
CONTROLS = (0x2028, 0x206F)  # of layout; some are signs, none of which Chinese text has
FIRST_LEAD, LAST_LEAD = 0xE2, 0xEF
ENDS = -9  # nothing follows
FIRST_FILLING = 0x2010  # below are letters and signs that Chinese text hardly has


@lru_cache(maxsize=1 << 14)
def fillings(pattern: Pattern, written: str, read: str, after: int) -> tuple[str, ...]:
    """The characters that fit these bytes, the commonest first; `after` is the byte that follows, negative if lost, `ENDS` if none."""
    lost = sum(byte < 0 for byte in pattern)
    if read == "utf-8" and lost == len(pattern):  # any of thousands
        return ()
    columns = _candidates(pattern, written)
    points = _points(columns, written)
    keep = (points >= FIRST_FILLING) & (points < 0x10000) & ~((points >= PRIVATE[0]) & (points <= PRIVATE[1]))
    keep &= ~((points >= CONTROLS[0]) & (points <= CONTROLS[1]))
    keep &= _lossy(pattern, columns, (written, read), after)
    points = points[keep]
    order = np.argsort(_uncommon()[points], kind="stable")[: MAX_FILLINGS[min(lost, 3)]]
    return tuple(map(chr, points[order].tolist()))


@cache
def _uncommon() -> NDArray[np.float32]:
    """How uncommon each character is, in bits; shape (65536,)."""
    found: NDArray[np.float32] = rarity() + spread()
    return found


def _candidates(pattern: Pattern, written: str) -> list[Bytes]:
    """Every way to fill the bytes, one column a byte."""
    wide = written == "utf-8"
    lead = np.array([*range(0xE2, 0xEA), 0xEF]) if wide else np.arange(0x81, 0xFF)
    inner = np.arange(0x80, 0xC0) if wide else np.array([byte for byte in range(0x40, 0xFF) if byte != 0x7F])
    ranges = [np.array([byte]) if byte >= 0 else inner if place else lead for place, byte in enumerate(pattern)]
    return [column.ravel() for column in np.meshgrid(*ranges, indexing="ij")]


def _points(columns: list[Bytes], written: str) -> Bytes:
    """The code point of each row, 0 where there is none."""
    if written != "utf-8":
        return chars(written)[(columns[0] << 8 | columns[1])].astype(np.int64) if len(columns) == 2 else columns[0] * 0
    if len(columns) == 2:
        return (columns[0] & 0x1F) << 6 | (columns[1] & 0x3F)
    if len(columns) == 3:
        return (columns[0] & 0x0F) << 12 | (columns[1] & 0x3F) << 6 | (columns[2] & 0x3F)
    return columns[0] * 0


def _lossy(pattern: Pattern, columns: list[Bytes], codecs: tuple[str, str], after: int) -> NDArray[np.bool_]:
    """Which rows the reader would lose where the pattern has None."""
    keep = np.ones(len(columns[0]), dtype=bool)
    written, read = codecs
    for place, known in enumerate(pattern):
        if known >= 0:
            continue
        if read not in DOUBLE and read != "utf-8":
            keep &= _is_hole(read)[columns[place]]
            continue
        inside = place + 1 < len(pattern)
        follower = pattern[place + 1] if inside else after
        if known == LATTER:
            keep &= pattern[place - 1] == FORMER if place else _may_end(read)[columns[place]]
        elif follower >= 0:
            keep &= ~shown(read)[columns[place], follower]
        elif inside:
            keep &= ~shown(read)[columns[place], columns[place + 1]]
        elif known == FORMER:
            keep &= _may_begin(read)[columns[place]]
        elif follower != ENDS and written == "utf-8":
            keep &= _may_stand(read)[columns[place]]
    return keep


@cache
def _may_begin(read: str) -> NDArray[np.bool_]:
    """The bytes that begin a pair which the reader has not, with a lead byte of UTF-8 or a high one behind; shape (256,)."""
    return np.asarray(~shown(read)[:, 0xA1:0xF0].all(axis=1))


@cache
def _may_stand(read: str) -> NDArray[np.bool_]:
    """The bytes that begin a pair which the reader has not, with a lead byte of UTF-8 behind; shape (256,)."""
    return np.asarray(~shown(read)[:, FIRST_LEAD : LAST_LEAD + 1].all(axis=1))


@cache
def _may_end(read: str) -> NDArray[np.bool_]:
    """The bytes that end such a pair; shape (256,)."""
    return np.asarray(~shown(read)[0x81:0xFF].all(axis=0))


@cache
def _is_hole(read: str) -> NDArray[np.bool_]:
    """The bytes that a one-byte codec has no character for; shape (256,)."""
    found = np.zeros(256, dtype=bool)
    found[list(HOLES.get(read, ()))] = True
    return found
