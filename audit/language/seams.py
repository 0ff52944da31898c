"""Places where a character of one class stands right before one of another, for several rules at the cost of one look-up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from audit.language.spots import member, narrow, one_of
from audit.language.whereabouts import where
from audit.model import Offsets, Text
from audit.native import kernels

CLAUSE_END, OPENER = "。；;！!：:，,", "0123456789０１２３４５６７８９一二三四五六七八九十第(（"
FRAME, INVITING = "[【（(<＜《「*….", "点點请請阅閱查显顯展继繼浏瀏开開购購成升登注付订訂关關扫掃"
FUNCTION, DIGIT = "的地得了着著", "0123456789"


@dataclass(frozen=True, slots=True)
class Seams:
    """Offsets of the right-hand character of each seam, ascending; shapes (n,)."""

    items: Offsets  # a numeral, a bracket or 第 behind a mark that ends a clause
    invitations: Offsets  # what may begin `阅读全文`, behind a bracket, an asterisk or dots
    strays: Offsets  # a digit behind 的 and its like


def seams(text: Text) -> Seams:
    """The shared seams of a text, computed once."""
    return cast("Seams", text.signal("seams", _compute))


SIDES = ((CLAUSE_END, OPENER), (FRAME, INVITING), (FUNCTION, DIGIT))


def _compute(text: Text) -> Seams:
    if kernels is None:
        return Seams(_seam(text, *SIDES[0]), _seam(text, *SIDES[1]), _digits(text))
    codes = narrow(text)
    at, kinds = np.empty(len(codes), dtype=np.int64), np.empty(len(codes), dtype=np.uint8)
    count = kernels.side_by_side(codes, *_tables(), at, kinds)
    at, kinds = at[:count], kinds[:count]
    return Seams(*(at[(kinds & bit) != 0] for bit in (1, 2, 4)))


@cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Which seams, as bits, each character may stand on the left and on the right of; shapes (65536,)."""
    left, right = np.zeros(0x10000, dtype=np.uint8), np.zeros(0x10000, dtype=np.uint8)
    for bit, (before, behind) in enumerate(SIDES):
        left[one_of(before)] |= 1 << bit
        right[one_of(behind)] |= 1 << bit
    return left, right


def _seam(text: Text, left: str, right: str) -> Offsets:
    """Characters of `right` behind one of `left`, which hold no everyday character."""
    at, _ = where(text, one_of(left))
    at = at[at + 1 < len(text.codes)] + 1
    found: Offsets = at[member(narrow(text)[at], right)]
    return found


def _digits(text: Text) -> Offsets:
    """Digits behind a function word, which are everyday characters: sought from the digits."""
    digits, _ = where(text, one_of(DIGIT))
    digits = digits[digits > 0]
    found: Offsets = digits[member(narrow(text)[digits - 1], FUNCTION)]
    return found
