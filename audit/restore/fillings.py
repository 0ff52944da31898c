"""The characters that may stand in a hole: those that fit the known bytes and that the reader would have lost."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.restore.codecs import DOUBLE
from audit.restore.codemaps import chars, shown
from audit.restore.fluency import rarity, spread
from audit.restore.slots import FORMER, LATTER, Pattern

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
ANY = -1  # first byte
MAX_FILLINGS = 96, 96, 160, 256  # by the number of lost bytes
HOLES = {"cp1252": (0x81, 0x8D, 0x8F, 0x90, 0x9D), "cp1251": (0x98,)}
PRIVATE = (0xE000, 0xF8FF)
CONTROLS = (0x2028, 0x206F)  # of layout; some are signs, none of which Chinese text has
FIRST_LEAD, LAST_LEAD = 0xE2, 0xEF
ENDS = -9  # nothing follows
FIRST_FILLING = 0x2010  # below are letters and signs that Chinese text hardly has


class _Ranked(NamedTuple):
    """Characters with their bytes, one column a byte, the commonest first; shapes (n,)."""

    points: Ints
    columns: tuple[Bytes, ...]


@lru_cache(maxsize=1 << 14)
def fillings(pattern: Pattern, written: str, read: str, after: int) -> tuple[str, ...]:
    """The characters that fit these bytes, the commonest first; `after` is the byte that follows, negative if lost, `ENDS` if none."""
    lost = sum(byte < 0 for byte in pattern)
    if len(pattern) != (3 if written == "utf-8" else 2) or (
        read == "utf-8" and lost == len(pattern)
    ):  # any of thousands
        return ()
    points, columns = _ranked(written, max(pattern[0], ANY))
    keep, narrow = np.ones(len(points), dtype=bool), read not in DOUBLE and read != "utf-8"
    for place, byte in enumerate(pattern):
        inside = place + 1 < len(pattern)
        follower = pattern[place + 1] if inside else after
        if byte >= 0:
            keep &= columns[place] == byte
        elif narrow:
            keep &= _is_hole(read).take(columns[place])
        elif byte == LATTER and place:
            keep &= pattern[place - 1] == FORMER
        elif byte != LATTER and follower < 0 and inside:
            keep &= ~shown(read)[columns[place], columns[place + 1]]
        else:
            keep &= _lossy(byte, written, read, follower).take(columns[place])
    best = keep.nonzero()[0][: MAX_FILLINGS[min(lost, 3)]]
    return tuple(map(chr, points[best].tolist()))


@lru_cache(maxsize=512)
def _ranked(written: str, lead: int) -> _Ranked:
    """The characters that may be proposed of those with this first byte, or with `ANY`."""
    wide = written == "utf-8"
    leads = [lead] if lead != ANY else [*range(0xE2, 0xEA), 0xEF] if wide else list(range(0x81, 0xFF))
    inner = np.arange(0x80, 0xC0) if wide else np.array([byte for byte in range(0x40, 0xFF) if byte != 0x7F])
    columns = [column.ravel() for column in np.meshgrid(leads, *([inner] * (2 if wide else 1)), indexing="ij")]
    if wide:
        points = (columns[0] & 0x0F) << 12 | (columns[1] & 0x3F) << 6 | (columns[2] & 0x3F)
    else:
        points = chars(written)[columns[0] << 8 | columns[1]].astype(np.int64)
    keep = (points >= FIRST_FILLING) & ~((points >= PRIVATE[0]) & (points <= PRIVATE[1]))
    keep &= ~((points >= CONTROLS[0]) & (points <= CONTROLS[1]))
    order = keep.nonzero()[0]
    order = order[np.argsort(_uncommon()[points[order]], kind="stable")]
    return _Ranked(points[order], tuple(column[order].astype(np.uint8) for column in columns))


@cache
def _uncommon() -> NDArray[np.float32]:
    """How uncommon each character is, in bits; shape (65536,)."""
    found: NDArray[np.float32] = rarity() + spread()
    return found


def _lossy(lost: int, written: str, read: str, follower: int) -> NDArray[np.bool_]:
    """The bytes that a reader would lose in this way before a byte that is known, or behind which nothing is; shape (256,)."""
    if lost == LATTER:
        return _may_end(read)
    if follower >= 0:
        return np.asarray(~shown(read)[:, follower])
    if lost == FORMER:
        return _may_begin(read)
    return _may_stand(read) if follower != ENDS and written == "utf-8" else np.ones(256, dtype=bool)


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
