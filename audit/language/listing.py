"""The list items of a text: their markers, numbers and places, read without a pattern per line.

A marker is one of five schemes, whatever its width: `一、` HAN, `（一）` HAN_BRACKET, `1、` `1.` DIGIT, `(1)` DIGIT_BRACKET,
`一是` IS; `第一，` NTH stands for itself. Items are found at line starts, and inside paragraphs behind a mark that ends a clause.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from audit.language.layout import Mask, layout
from audit.language.seams import seams
from audit.language.spots import member, one_of
from audit.model import Codes, Offsets, Text
from audit.native import kernels

HAN, HAN_BRACKET, DIGIT, DIGIT_BRACKET, IS, NTH, CIRCLED = range(7)
SCHEMES = 7
WIDTH = 6  # code points that hold the longest marker, `（十二）`, and what follows it


@dataclass(frozen=True, slots=True)
class Items:
    """List items in the order of the text; shapes (n,).

    `starts` to `ends` is the marker, `leads` says it stands at a line's start, `opened` that a bracketed one has both brackets.
    """

    starts: Offsets
    ends: Offsets
    schemes: Offsets
    numbers: Offsets
    lines: Offsets
    leads: Mask
    opened: Mask


_EMPTY, _NO = np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
NONE = Items(_EMPTY, _EMPTY, _EMPTY, _EMPTY, _EMPTY, _NO, _NO)


def items(text: Text) -> Items:
    """The shared list items of a text, computed once."""
    return cast("Items", text.signal("items", _compute))


_OPEN, _CLOSE = one_of("(（"), one_of(")）")
_STOP = one_of("、.．")
_DIGIT = np.full(0x10000, -1, dtype=np.int16)
_HANV = np.full(0x10000, -1, dtype=np.int16)
for _n in range(10):
    _DIGIT[0x30 + _n] = _DIGIT[0xFF10 + _n] = _n
for _n, _c in enumerate("一二三四五六七八九十", 1):
    _HANV[ord(_c)] = _n
_SECOND = "0123456789０１２３４５６７８９一二三四五六七八九十、.．)）是"  # behind the first character of a marker inside a paragraph
_CIRCLED = np.full(0x10000, -1, dtype=np.int16)
_CIRCLED[0x2460:0x2474] = np.arange(1, 21)
_FIRST = (_DIGIT >= 0) | (_HANV >= 0) | _OPEN | (_CIRCLED > 0)
_FIRST[ord("第")] = True


@cache
def _classes() -> NDArray[np.uint8]:
    """What the kernel knows of the characters of markers; shape (65536,), see listing.c."""
    table = np.zeros(0x10000, dtype=np.uint8)
    for values, first in ((_HANV, 0), (_DIGIT, 32), (_CIRCLED, 64)):
        held = values >= 0
        table[held] = values[held] + first
    for kind, chars in enumerate(("(（", ")）", ".．", "、", "，,：", "是", "第"), 96):
        table[[ord(char) for char in chars]] = kind
    return table


def markers(codes: Codes, at: Offsets) -> tuple[Offsets, Offsets, Offsets, Mask]:
    """Scheme (-1: none), number, width and `opened` of the marker at each place; shapes (n,)."""
    if kernels is None:
        return _markers(_windows(codes, at))
    scheme, number, width = (np.empty(len(at), dtype=np.int64) for _ in range(3))
    opened = np.empty(len(at), dtype=bool)
    kernels.list_markers(codes, _classes(), at, scheme, number, width, opened.view(np.uint8))
    return scheme, number, width, opened


def _windows(codes: Codes, at: Offsets) -> Offsets:
    """The WIDTH code points from each offset, NUL beyond the end and outside the first plane; shape (WIDTH, n)."""
    if not len(at):
        return np.zeros((WIDTH, 0), dtype=np.int64)
    places = np.arange(WIDTH)[:, None] + at
    window = codes.take(places, mode="clip").astype(np.int64)  # what tables are looked up by
    window[(places >= len(codes)) | (window > 0xFFFF)] = 0
    return window


def _han(window: Offsets, at: int) -> tuple[Offsets, Offsets]:
    """Value and width of the Han numeral 1 to 99 at column `at`; 0 where there is none."""
    a, b, c = (_HANV.take(window[at + n]) for n in range(3))
    ten_a, ten_b = a == 10, b == 10
    value = np.where(a > 0, a, 0)
    width = (a > 0).astype(np.int64)
    teen = ten_a & (b > 0) & (b < 10)
    value, width = np.where(teen, 10 + b, value), np.where(teen, 2, width)
    tens = (a > 0) & (a < 10) & ten_b
    value, width = np.where(tens, a * 10, value), np.where(tens, 2, width)
    both = tens & (c > 0) & (c < 10)
    return np.where(both, a * 10 + c, value), np.where(both, 3, width)


def _digits(window: Offsets, at: int) -> tuple[Offsets, Offsets]:
    """Value and width of the number of one to three digits at column `at`; 0 where there is none."""
    a, b, c, d = (_DIGIT.take(window[at + n]) for n in range(4))
    width = np.where(a < 0, 0, np.where(b < 0, 1, np.where(c < 0, 2, np.where(d < 0, 3, 0))))
    value = np.choose(width, [0 * a, a, a * 10 + b, a * 100 + b * 10 + c])
    return value, width


def _markers(window: Offsets) -> tuple[Offsets, Offsets, Offsets, Mask]:
    """Scheme (-1: none), number, width and `opened` of the marker at the start of each window."""
    count = window.shape[1]
    scheme = np.full(count, -1, dtype=np.int64)
    number = np.zeros(count, dtype=np.int64)
    width = np.zeros(count, dtype=np.int64)
    opened = np.ones(count, dtype=bool)
    rows = np.arange(count)
    bracket = _OPEN.take(window[0])

    def take(mask: Mask, name: int, value: NDArray[np.signedinteger], size: Offsets) -> None:
        fresh = mask & (scheme < 0) & (value > 0)
        scheme[fresh], number[fresh], width[fresh] = name, value[fresh], size[fresh]

    han, inner_han = _han(window, 0), _han(window, 1)
    for outer, inner, plain, closed in (
        (han, inner_han, HAN, HAN_BRACKET),
        (_digits(window, 0), _digits(window, 1), DIGIT, DIGIT_BRACKET),
    ):
        value, size = outer
        after = window[size, rows]
        follow = window[np.minimum(size + 1, WIDTH - 1), rows]
        stop = (size > 0) & _STOP.take(after)
        # 3、4月 and 1.5 are a range and a decimal, 三、四年级 is two years of school
        stop &= (_DIGIT.take(follow) < 0) & ~((plain == HAN) & (_HANV.take(follow) > 0) & (follow != ord("一")))
        take(stop, plain, value, size + 1)
        shut = (size > 0) & _CLOSE.take(after)
        take(shut, closed, value, size + 1)
        opened[shut] = False
        value, size = inner
        pair = bracket & (size > 0) & _CLOSE.take(window[np.minimum(size + 1, WIDTH - 1), rows])
        take(pair, closed, value, size + 2)
    value, size = han
    take((size > 0) & (window[size, rows] == ord("是")), IS, value, size + 1)
    nth = window[0] == ord("第")
    value, size = inner_han
    comma = one_of("，,、：").take(window[np.minimum(size + 1, WIDTH - 1), rows])
    take(nth & (size > 0) & comma, NTH, value, size + 2)
    circled = _CIRCLED.take(window[0])
    take(circled > 0, CIRCLED, circled, np.ones(count, dtype=np.int64))
    return scheme, number, width, opened


def _compute(text: Text) -> Items:
    lay = layout(text)
    codes = text.codes
    lines = (_FIRST.take(lay.first, mode="clip") & ~lay.code).nonzero()[0]
    lead_at = lay.starts[lines]
    inner = seams(text).items
    inner = inner[member(codes[np.minimum(inner + 1, len(codes) - 1)], _SECOND)]
    if len(inner):
        inner_line = np.searchsorted(text.line_starts, inner, side="right") - 1
        inner = inner[~lay.code[inner_line] & (inner > lay.starts[inner_line])]
    at = np.concatenate([lead_at, inner]).astype(np.int64)
    if not len(at):
        return NONE
    leads = np.arange(len(at)) < len(lead_at)
    scheme, number, width, opened = markers(codes, at)
    # behind a comma only 一是 and 第一 count: the others are references there
    clause = codes[np.maximum(at - 1, 0)]
    comma = (clause == 0xFF0C) | (clause == 0x2C)
    inside = opened & (scheme != CIRCLED) & (~comma | (scheme == IS) | (scheme == NTH))
    kept = np.flatnonzero((scheme >= 0) & (leads | inside))
    kept = kept[np.argsort(at[kept], kind="stable")]
    starts = at[kept]
    return Items(
        starts,
        starts + width[kept],
        scheme[kept],
        number[kept],
        np.searchsorted(text.line_starts, starts, side="right") - 1,
        leads[kept],
        opened[kept],
    )
