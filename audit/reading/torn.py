"""What a reading costs where bytes may be lost: a mark for each byte, or each part of a UTF-8 character, that no character was made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
from audit.reading.candidates import LOST_MARK, UTF8, Costs, Reading, Scores, codes_of, score_codes, sums, table
from audit.reading.pairs import code_points, tables_of
from audit.reading.units import SMALL, Units, take

BY_CODEC = "big5hkscs"  # has characters of two code points


def score_losses(units: Units, reading: Reading) -> tuple[Scores, Costs]:
    """The scores of units, and how many parts of each were lost."""
    small = len(units.joined) <= SMALL
    if not kernels or reading.codec == BY_CODEC:
        return _by_codec(units.joined, reading, small=small)
    scores, rows = Scores.blank(len(units.ends))
    lost = np.empty(len(units.ends), dtype=np.int64)
    if reading is UTF8:
        kernels.price_torn_utf8(units.joined, table(UTF8.table), rows, scores.valid, lost)
        return scores, lost
    able, prices, _, longer = tables_of(reading)
    redo = np.empty(len(units.ends), dtype=bool)
    options = np.array([small, longer, reading.codec == "cp932"], dtype=np.int64)
    kernels.price_torn_pairs(
        units.joined, able, prices, code_points(reading.codec), options, rows, scores.valid, lost, redo
    )
    again: NDArray[np.int64] = np.flatnonzero(redo)
    if len(again):
        some, lost[again] = _by_codec(take(units.joined, units.ends, again), reading, small=small)
        scores.replace(again, some)
    return scores, lost


def _by_codec(joined: bytes, reading: Reading, *, small: bool) -> tuple[Scores, Costs]:
    codes = codes_of(joined, reading.codec, "audit.lose-part")
    ends = np.flatnonzero(codes == 10)
    scores = score_codes(codes, ends, reading, ends[:0], small=small)
    return scores, sums(codes == LOST_MARK, ends)
