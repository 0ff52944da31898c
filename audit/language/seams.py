"""Places where a character of one class stands right before one of another, for several rules at the cost of one look-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from audit.language.spots import member, narrow, one_of
from audit.language.whereabouts import where
from audit.model import Offsets, Text

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


def _compute(text: Text) -> Seams:
    behind_clause, behind_frame = (
        _seam(text, left, right) for left, right in ((CLAUSE_END, OPENER), (FRAME, INVITING))
    )
    digits, _ = where(text, one_of(DIGIT))
    digits = digits[digits > 0]
    return Seams(behind_clause, behind_frame, digits[member(narrow(text)[digits - 1], FUNCTION)])


def _seam(text: Text, left: str, right: str) -> Offsets:
    """Characters of `right` behind one of `left`, which hold no everyday character."""
    at, _ = where(text, one_of(left))
    at = at[at + 1 < len(text.codes)] + 1
    found: Offsets = at[member(narrow(text)[at], right)]
    return found
