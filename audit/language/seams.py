"""Places where a character of one class stands right before one of another, for several rules at the cost of one look-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from audit.language.spots import look_up
from audit.model import Offsets, Text

# each class on the left is one bit below its partner on the right, so one shift and one AND find every seam
CLAUSE_END, OPENER = "。；;！!：:，,", "0123456789０１２３４５６７８９一二三四五六七八九十第(（"
FRAME, INVITING = "[【（(<＜《「*….", "点點请請阅閱查显顯展继繼浏瀏开開购購成升登注付订訂关關扫掃"
FUNCTION, DIGIT = "的地得了着著", "0123456789"
_PAIRS = ((1, CLAUSE_END), (2, OPENER), (4, FRAME), (8, INVITING), (16, FUNCTION), (32, DIGIT))
_CLASSES = np.zeros(0x10000, dtype=np.uint8)
for _bit, _chars in _PAIRS:
    _CLASSES[[ord(c) for c in _chars]] |= _bit
_RIGHT = np.uint8(2 | 8 | 32)


@dataclass(frozen=True, slots=True)
class Seams:
    """Offsets of the right-hand character of each seam, ascending; shapes (n,)."""

    items: Offsets  # a numeral, a bracket or 第 behind a mark that ends a clause
    invitations: Offsets  # what may begin `阅读全文`, behind a bracket, an asterisk or dots
    strays: Offsets  # a digit behind 的 and its like


def seams(text: Text) -> Seams:
    """The shared seams of a text, computed once."""
    return cast("Seams", text.signal("seams", _compute))


def _compute(text: Text) -> Seams:
    classes = look_up(text, _CLASSES)
    found = (classes[:-1] << np.uint8(1)) & classes[1:] & _RIGHT
    at = np.flatnonzero(found != 0)
    kind = found[at]
    return Seams(*(at[(kind & bit) > 0] + 1 for bit in (2, 8, 32)))
