"""Characters at every byte: how wide the one is that an encoding reads there, and what it costs."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.reading.alphabets import classes
from audit.reading.candidates import INVALID, UTF8, Reading, table
from audit.reading.letters import Page, pair_prices, pairs_of
from audit.reading.pairs import LEADS, SHAPES, THREE, code_points, returning
from audit.reading.variants import variants

BEHIND = np.array([0] * 0xC2 + [1] * 30 + [2] * 16 + [3] * 5 + [0] * 11, dtype=np.uint8)  # bytes behind each UTF-8 lead
SECOND = {
    0xE0: (0xA0, 0xBF),
    0xED: (0x80, 0x9F),
    0xF0: (0x90, 0xBF),
    0xF4: (0x80, 0x8F),
}  # RFC 3629: narrower than 80-BF

FIRST_PAIR = 0x100
Widths = NDArray[np.int8]
Prices = NDArray[np.int32]


def steps(raw: NDArray[np.uint8], reading: Reading | Page) -> tuple[Widths, Prices]:
    """Width and price of the character at each byte, shapes (n,): 0 where none is, negative where it would not come back."""
    if isinstance(reading, Page):
        whole = classes(reading.codec, reading.language)[1].take(raw) < INVALID
        return whole.astype(np.int8), pair_prices(reading).take(pairs_of(raw)).astype(np.int32)
    return _utf8(raw, reading) if reading is UTF8 else _double(raw, reading)


def ahead(raw: NDArray[np.uint8], by: int) -> NDArray[np.uint8]:
    """The byte so far behind each; LF beyond the end."""
    out = np.full(len(raw), 10, dtype=np.uint8)
    out[: max(0, len(raw) - by)] = raw[by:]
    return out


def tails(raw: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Bytes wanted behind each UTF-8 lead, and how many of them are there."""
    need = BEHIND.take(raw)
    have = np.zeros(len(raw), dtype=np.uint8)
    for by in (1, 2, 3):
        have += (have == by - 1) & (need >= by) & ((ahead(raw, by) & 0xC0) == 0x80)
    return need, have


def grammar(raw: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where UTF-8 is at fault, one place for what is left of each character, and where characters of three bytes or four begin."""
    padded = np.concatenate([raw, np.zeros(3, dtype=np.uint8)])
    next_ = padded[1:-2]
    torn = (padded & 0xC0) == 0x80
    one = torn[1:-2].copy()
    for lead, (low, high) in SECOND.items():
        one &= (raw != lead) | ((next_ <= high) if low == 0x80 else (next_ >= low))
    two = one & torn[2:-1]
    three = two & torn[3:]
    torn = torn[:-3]
    fourth = (raw >= 0xF0) & (raw <= 0xF4)
    third = (raw >= 0xE0) & (raw < 0xF0)
    second = (raw >= 0xC2) & (raw < 0xE0)
    wide = (third & two) | (fourth & three)
    fault = torn | ((raw >= 0xC0) & ~wide & ~(second & one))
    for by, has in enumerate(((second | third | fourth) & one, (third | fourth) & two, fourth & three), 1):
        fault[by:] &= ~has[:-by]
    return fault, wide


def _utf8(raw: NDArray[np.uint8], reading: Reading) -> tuple[Widths, Prices]:
    need, have = tails(raw)
    next_ = ahead(raw, 1)
    whole = (need == have) & ((raw < 0x80) | (need > 0))
    for lead, (low, high) in SECOND.items():
        whole &= (raw != lead) | ((next_ >= low) & (next_ <= high))
    codes = (raw & np.array([0x7F, 0x1F, 0x0F, 0x07], dtype=np.uint8)[need]).astype(np.uint32)
    for by in (1, 2, 3):
        codes = np.where(need >= by, codes << 6 | (ahead(raw, by) & 0x3F), codes)
    prices = table(reading.table)[np.minimum(codes, 0xFFFF)]
    return np.where(whole, need + 1, 0).astype(np.int8), prices.astype(np.int32)


@cache
def _returning(codec: str) -> NDArray[np.bool_]:
    """Which values the codec writes as it reads them; those that have a variant codec count as if."""
    found: NDArray[np.bool_] = code_points(codec) != 0xFFFF
    if not variants(codec):
        found[FIRST_PAIR:] = returning(codec)[1][FIRST_PAIR:] != 0xFFFF
    return found


def _double(raw: NDArray[np.uint8], reading: Reading) -> tuple[Widths, Prices]:
    codes, row = code_points(reading.codec), table(reading.table)
    lead = np.isin(np.arange(256), list(LEADS[SHAPES[reading.codec]]))[raw]
    values = np.where(lead, raw.astype(np.uint16) << 8 | ahead(raw, 1), raw)
    found = codes.take(values)
    widths = np.where(found == 0xFFFF, 0, 1 + lead).astype(np.int8)
    widths[(widths == 2) & ~_returning(reading.codec).take(values)] = -2
    prices = row[np.minimum(found, 0xFFFF)].astype(np.int32)
    for at in _longer(raw, lead, reading.codec).tolist():
        widths[at], char = width(raw[at : at + 4].tobytes(), reading.codec)
        prices[at] = int(row[min(ord(char), 0xFFFF)]) if char else 0
    return widths, prices


def _longer(raw: NDArray[np.uint8], lead: NDArray[np.bool_], codec: str) -> NDArray[np.int64]:
    """Where a character of more than two bytes may begin."""
    if codec == "euc_jp":
        return np.flatnonzero(raw == THREE)
    if codec != "gb18030":
        return np.empty(0, dtype=np.int64)
    digit = (raw >= 0x30) & (raw <= 0x39)
    pair = lead[:-1] & digit[1:]
    return np.flatnonzero(pair[:-2] & pair[2:])


@cache
def width(head: bytes, codec: str) -> tuple[int, str]:
    """Bytes of the character that `head` begins with, and the character: 0 where there is none, negative where it does not come back."""
    for size in range(1, len(head) + 1):
        try:
            text = head[:size].decode(codec)
        except UnicodeDecodeError:
            continue
        if text:
            whole = text.encode(codec, "replace") == head[:size]
            return (size if whole else -size), text[-1]
    return 0, ""
