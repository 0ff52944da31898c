"""Words that stand in lists: which two characters before and after a mark are joined by 、 in good prose."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audit.language import script
from audit.model import Codes, Offsets

TABLE = Path(__file__).parent / "tables" / "script_lists.npy"


@cache
def _known() -> NDArray[np.uint32]:
    return np.asarray(np.load(TABLE))


def neighbours(codes: Codes, at: Offsets) -> NDArray[np.uint32]:
    """Hash of the two characters on either side of each place, 0 where one of the four is no Han character; `at` is 2 or more from the ends."""
    fold = script.fold_table()
    four = [fold.take(codes[at + step], mode="clip").astype(np.uint64) for step in (-2, -1, 1, 2)]
    key = np.zeros(len(at), dtype=np.uint64)
    for character in four:
        key = (key << np.uint64(16)) | character
    key = (key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
    han = np.minimum.reduce(four) > 3
    repeated = (four[0] == four[2]) & (four[1] == four[3])
    return np.asarray(np.where(han & ~repeated, np.maximum(key, 1), 0), dtype=np.uint32)


def listed(codes: Codes, stops: Offsets) -> Offsets:
    """Those of the full stops at `stops` that stand between words which good prose joins by 、 and never parts by 。"""
    stops = stops[(stops >= 2) & (stops < len(codes) - 2)]
    stops = stops[script.fold_table().take(codes[stops + 1], mode="clip") > 3]  # half of them end a line
    keys = neighbours(codes, stops)
    stops, keys = stops[keys > 0], keys[keys > 0]
    known = _known()
    return np.asarray(stops[known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys])
