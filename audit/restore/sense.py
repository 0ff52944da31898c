"""Whether a restored run makes sense throughout: one that gains as a whole may still hold a stretch that says nothing."""

from __future__ import annotations

import numpy as np

from audit.language import surprise
from audit.restore.likely import codes_of

WINDOW = 6  # characters
# Bits a character over such a window. Of 58 right readings that could not be proved, of pages nothing was fitted on, none has more than 9, and
# of 57 wrong ones 8 have; where `?` stands for a pair that a codec did not know, rather than for a mark, both seen have 11.9 and 14.5.
SENSELESS = 11.0
BEFORE, BEHIND = 4, 2  # code points that are read along


def is_senseless(body: str, start: int, end: int, restored: str) -> bool:
    """Whether a stretch of what is to stand at `start:end` is hardly language."""
    before = "\n" + body[max(0, start - BEFORE) : start]
    bits = surprise(codes_of(before + restored + body[end : end + BEHIND]), deep=True)
    inside = bits[len(before) : len(before) + len(restored)].astype(np.float64)
    if len(inside) < WINDOW:
        return False
    return float(np.convolve(inside, np.full(WINDOW, 1 / WINDOW), "valid").max()) > SENSELESS
