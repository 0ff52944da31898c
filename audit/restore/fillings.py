"""The characters that may stand in a hole: those that fit the known bytes and that the reader would have lost."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
from audit.restore.codecs import DOUBLE
from audit.restore.codemaps import chars, shown
from audit.restore.fluency import rarity, spread
from audit.restore.slots import FORMER, LATTER, Pattern

Columns = NDArray[np.uint16]  # bytes and code point of characters; shapes (3 or 4, n)
Mask = NDArray[np.bool_]
Allowed = list[Mask | None]
ANY = -1  # first byte
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
    lost, size = sum(byte < 0 for byte in pattern), 3 if written == "utf-8" else 2
    if len(pattern) != size or (read == "utf-8" and lost == size):  # any of thousands
        return ()
    most, ranked = MAX_FILLINGS[min(lost, 3)], _ranked(written, max(pattern[0], ANY))
    if pattern[0] < 0 and max(pattern) >= 0:
        ranked = _with(written, *next((place, byte) for place, byte in enumerate(pattern) if byte >= 0))
    allowed = [_allowed(pattern, place, (written, read), after) for place in range(size)]
    points = (_slowly if kernels is None else _compiled)(ranked, allowed, _unshown(read), most)
    return tuple(map(chr, points.tolist()))


def _compiled(ranked: Columns, allowed: Allowed, pairs: Mask, most: int) -> NDArray[np.uint16]:
    """The first so many characters whose bytes may stand so, by a kernel; shape (n,)."""
    points = np.empty(most, dtype=np.uint16)
    each = np.concatenate([_every() if table is None else table for table in allowed])
    modes = np.array([most, *(table is None for table in allowed[:-1])])
    return points[: kernels.fit_bytes(ranked, each, pairs, modes, points)]  # type: ignore[union-attr]


def _slowly(ranked: Columns, allowed: Allowed, pairs: Mask, most: int) -> NDArray[np.uint16]:
    """The same without a compiler."""
    fits = ranked
    for place, table in enumerate(allowed):
        if table is not None:
            fits = fits[:, table.take(fits[place])]
    for place, table in enumerate(allowed):
        if table is None:
            fits = fits[:, pairs.take(fits[place] << 8 | fits[place + 1])]
    return fits[-1, :most]


def _allowed(pattern: Pattern, place: int, codecs: tuple[str, str], after: int) -> Mask | None:
    """The bytes that may stand at a place, known or lost as this reader loses them; None where that hangs on the next one, which is lost too."""
    (written, read), byte, inside = codecs, pattern[place], place + 1 < len(pattern)
    follower = pattern[place + 1] if inside else after
    if byte >= 0:
        return _only(byte)
    if _is_narrow(read):
        return _is_hole(read)
    if byte == LATTER:
        return ~_every() if place and pattern[place - 1] != FORMER else _every() if place else _may_end(read)
    if follower >= 0:
        return np.asarray(_unshown(read)[follower::256])
    if inside:
        return None
    ends = follower == ENDS or written != "utf-8"
    return _may_begin(read) if byte == FORMER else _every() if ends else _may_stand(read)


def _is_narrow(read: str) -> bool:
    """Whether a reader takes each byte by itself."""
    return read not in DOUBLE and read != "utf-8"


@cache
def _every() -> Mask:
    """All bytes; shape (256,)."""
    return np.ones(256, dtype=bool)


@cache
def _only(byte: int) -> Mask:
    """One byte; shape (256,)."""
    return np.asarray(np.arange(256) == byte)


@cache
def _unshown(read: str) -> Mask:
    """The pairs of bytes that a reader has no character for; shape (65536,)."""
    return np.ones(65536, dtype=bool) if _is_narrow(read) else np.asarray(~shown(read).ravel())


@lru_cache(maxsize=512)
def _ranked(written: str, lead: int) -> Columns:
    """The characters that may be proposed of those with this first byte, or with `ANY`, the commonest first: their bytes, and they themselves."""
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
    return np.stack([column[order] for column in (*columns, points)]).astype(np.uint16)


@lru_cache(maxsize=512)
def _with(written: str, place: int, byte: int) -> Columns:
    """Those of any first byte that have this one at a place."""
    ranked = _ranked(written, ANY)
    return np.ascontiguousarray(ranked[:, ranked[place] == byte])


@cache
def _uncommon() -> NDArray[np.float32]:
    """How uncommon each character is, in bits; shape (65536,)."""
    found: NDArray[np.float32] = rarity() + spread()
    return found


@cache
def _may_begin(read: str) -> Mask:
    """The bytes that begin a pair which the reader has not, with a lead byte of UTF-8 or a high one behind; shape (256,)."""
    return np.asarray(~shown(read)[:, 0xA1:0xF0].all(axis=1))


@cache
def _may_stand(read: str) -> Mask:
    """The bytes that begin a pair which the reader has not, with a lead byte of UTF-8 behind; shape (256,)."""
    return np.asarray(~shown(read)[:, FIRST_LEAD : LAST_LEAD + 1].all(axis=1))


@cache
def _may_end(read: str) -> Mask:
    """The bytes that end such a pair; shape (256,)."""
    return np.asarray(~shown(read)[0x81:0xFF].all(axis=0))


@cache
def _is_hole(read: str) -> Mask:
    """The bytes that a one-byte codec has no character for; shape (256,)."""
    found = np.zeros(256, dtype=bool)
    found[list(HOLES.get(read, ()))] = True
    return found
