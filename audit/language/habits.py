"""Characters that stand once where a text has another one, twice and more, between the same neighbours: `集本合同` among `集体合同`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.language.shingles import shingles
from audit.model import Text
from audit.native import kernels

NEIGHBOURS = ((-1, 1, 2), (-1, 1, -2))  # of the place, the outer one last
REACH = 2
COLUMNS = 4
LEAST, MOST = 2_000, 1 << 16  # kept characters of a text that is asked: in fewer nothing is usual, and more are dear
Rows = NDArray[np.int64]


def lone_readings(text: Text) -> Rows:
    """In kept characters: the place, one where the other character stands, how often that is, and which of `NEIGHBOURS` agree.

    Shape (n, 4), ascending; computed once.
    """
    return text.signal("lone readings", _find)  # type: ignore[no-any-return]


def _find(text: Text) -> Rows:
    kept = shingles(text).kept
    if not LEAST <= len(kept) <= MOST:
        return np.empty((0, COLUMNS), dtype=np.int64)
    if kernels is None:
        rows = np.concatenate([_lone(kept, kind) for kind in range(len(NEIGHBOURS))])
    else:
        room = np.empty(COLUMNS * len(kept), dtype=np.int64)
        rows = room[: COLUMNS * kernels.lone_readings(kept, room)].reshape(-1, COLUMNS)
    return np.asarray(rows[np.lexsort((rows[:, 3], rows[:, 0]))])


def _lone(kept: NDArray[np.uint16], kind: int) -> Rows:
    """What the kernel does, of one kind of neighbours."""
    wide = kept.astype(np.uint64)
    at = np.arange(REACH, len(kept) - REACH)
    left, right, outer = (wide[at + step] for step in NEIGHBOURS[kind])
    keys = left << np.uint64(32) | right << np.uint64(16) | outer
    order = np.lexsort((at, wide[at], keys))
    at, keys, said = at[order], keys[order], wide[at][order]
    heads = np.flatnonzero(np.r_[True, (keys[1:] != keys[:-1]) | (said[1:] != said[:-1])])
    sizes, keys = np.diff(np.r_[heads, len(at)]), keys[heads]
    lasts = at[heads + sizes - 1]
    groups = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    pairs = groups[np.diff(np.r_[groups, len(keys)]) == 2]
    lone = pairs + (sizes[pairs] != 1)
    other = 2 * pairs + 1 - lone
    rows = np.stack([lasts[lone], lasts[other], sizes[other], np.full(len(pairs), kind)], axis=1)
    return np.asarray(rows[(sizes[lone] == 1) & (sizes[other] > 1)])
