"""What a reading costs: each encoding's decoder and language statistics, in bulk over many units of bytes.

A unit is a line (or a field) without its break; units are handed over joined by LF, so that one call decodes them all.
Costs are in eighths of a bit; they are negative log-likelihoods of the same bytes, hence comparable between encodings.
"""

from __future__ import annotations

import codecs
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

TABLES = Path(__file__).with_name("tables") / "encodings.bin"
BIT = 8
INVALID = 20_000  # price of a mark of failure: three of them still fit 16 bits
MARK = 0x10FFFF  # no character: stands in decoded text where the rest of a unit could not be read
LOST_MARK = 0x10FFFE  # ... and for bytes that no character was made of
LOSS = 26 * BIT
DEAR = 3 * 19 * BIT  # three neighbours this dear: 0.4 % of lines of clean prose
FEW = 8  # characters for each that is dear; one of them costs as much as so many in bulk
AGAIN = 5 * BIT  # a character that repeats the one before it, or the one before that
HALF_WIDTH = 0xFF61  # first of the kana that are one byte each: any EUC text repeats those when read as Shift_JIS
BLANK = ord(" ")
LF = 10
BETWEEN = 8 * BIT  # a single one between such a letter and another or a blank
BESIDE = 4 * BIT  # a foreign character right behind an ASCII letter
LETTER = np.array([chr(code).isalpha() for code in range(0x80)] + [False])

QUOTED = ((0x370, 0x452), (0x3041, 0x3100), (0x3105, 0x312A), (0x2460, 0x2474), (0x2500, 0x2580), (0xFF01, 0xFF5F))
SIGNS = "‘’←↑→↓■□▲△▼▽◆◇○◎●★☆♀♂♠♡♣♤♥♧♪♬※〃々〈〉《》「」『』【】〒〓〔〕〜～…‥·・ⓒ℃㎡㈜ㅋㅎㅠㅜㅡㅇㅂㄷㅅㄱㄴㅉㅗㅏ"  # rare in catalogues only

Costs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read bytes: a codec and the statistics of the language expected in it.

    `prior` is what choosing it costs before anything is seen (bits), from how often such text turns up in Chinese collections.
    """

    codec: str
    table: str
    prior: float


UTF8 = Reading("utf-8", "any", 0.0)
MULTIBYTE = (  # in order of trial
    UTF8,
    Reading("gb18030", "zh", 1.5),
    Reading("cp950", "zh", 2.0),
    Reading("cp932", "ja", 4.0),
    Reading("euc_jp", "ja", 6.0),
    Reading("cp949", "ko", 6.0),
    Reading("big5hkscs", "zh", 8.0),
)


def _skip_unit(error: UnicodeError) -> tuple[str, int]:
    """An error handler: mark the unit as unreadable and go on behind its end."""
    assert isinstance(error, UnicodeDecodeError)
    at = error.object.find(b"\n", error.start)
    return chr(MARK), len(error.object) if at < 0 else at


def _lose_part(error: UnicodeError) -> tuple[str, int]:
    """An error handler: one mark for what is left of a UTF-8 character, or for a byte of another encoding."""
    assert isinstance(error, UnicodeDecodeError)
    return chr(LOST_MARK), error.end if error.encoding == "utf-8" else error.start + 1


codecs.register_error("audit.skip-unit", _skip_unit)
codecs.register_error("audit.lose-part", _lose_part)


@cache
def archive() -> dict[str, NDArray[Any]]:
    """The arrays that training left, by name; they are read-only."""
    data = TABLES.read_bytes()
    at = data.index(b"\n") + 1
    tables: dict[str, NDArray[Any]] = {}
    for name, kind, shape in json.loads(data[:at]):
        tables[name] = np.frombuffer(data, dtype=kind, count=math.prod(shape), offset=at).reshape(shape)
        at += tables[name].nbytes
    return tables


def has_language(name: str) -> bool:
    """Whether pairs of letters of this language were counted."""
    return f"pairs_{name}" in archive()


@cache
def table(name: str) -> NDArray[np.uint16]:
    """Cost of each code point of the first plane; the last slot serves all others. "world" is "any" as counted."""
    row: NDArray[np.uint16] = archive()["any" if name == "world" else name].astype(np.uint16)
    row[:0x80] = archive()["ascii"]
    row[0xD800:0xE000] = INVALID
    row[0xFFFF] = 24 * BIT  # emoji and rare Han
    if name not in ("any", "world"):  # a quotation in another script is no sign of another encoding
        for start, end in QUOTED:
            np.minimum(row[start:end], 13 * BIT, out=row[start:end])
        signs = np.array([ord(sign) for sign in SIGNS if name == "ko" or not "ㄱ" <= sign <= "ㅣ"])
        row[signs] = np.minimum(row[signs], 11 * BIT)
    if name == "world":
        np.minimum(row[0x2000:0x2700], 12 * BIT, out=row[0x2000:0x2700])
    if name == "ja":  # half-width kana: data of old banks and parcels, not in what the table was trained on
        np.minimum(row[0xFF61:0xFFA0], 12 * BIT, out=row[0xFF61:0xFFA0])
    if name == "any":  # valid UTF-8 is no accident: a rare script is cheaper than nonsense in another encoding
        np.minimum(row[0x800:0xD800], 14 * BIT, out=row[0x800:0xD800])
        row[0xFFFF] = 16 * BIT
    return row


@dataclass(frozen=True, slots=True)
class Scores:
    """What one reading makes of each unit; all arrays have shape (units,).

    `foreign` counts the characters outside ASCII, `strange` is what they cost alone;
    `worst` is the largest cost of three neighbouring characters, 0 unless it is dear: a stretch in another encoding shows there.
    """

    cost: Costs
    valid: NDArray[np.bool_]
    foreign: Costs
    strange: Costs
    worst: Costs

    @classmethod
    def blank(cls, size: int) -> tuple[Scores, Costs]:
        """Scores to be filled by a kernel, and what it fills beside `valid`: cost, foreign, strange and worst, shape (4, size)."""
        rows = np.empty((4, size), dtype=np.int64)
        return cls(rows[0], np.empty(size, dtype=bool), rows[1], rows[2], rows[3]), rows

    @classmethod
    def failed(cls, size: int) -> Scores:
        """Units that a reading does not take, any of them."""
        return cls(np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool), *np.zeros((3, size), dtype=np.int64))

    def replace(self, units: NDArray[np.int64], other: Scores) -> None:
        """Put the scores of some units in their places."""
        for name in Scores.__slots__:
            getattr(self, name)[units] = getattr(other, name)


def score_decoded(joined: bytes, reading: Reading, *, small: bool) -> Scores:
    """Decode all units at once and price each; `joined` ends each unit with LF, `small` as of their block."""
    codes = codes_of(joined, reading.codec, "audit.skip-unit")
    failed = np.flatnonzero(codes == MARK)
    return score_codes(codes, np.flatnonzero(codes == 10), reading, failed, small=small)


def codes_of(joined: bytes, codec: str, errors: str) -> NDArray[np.uint32]:
    """The code points of decoded units, failures marked by the error handler."""
    text = _without_marks(joined, codec).decode(codec, errors)
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


def score_codes(
    codes: NDArray[np.uint32],
    ends: NDArray[np.int64],
    reading: Reading,
    failed: NDArray[np.int64] | None = None,
    *,
    small: bool = False,
) -> Scores:
    """The same of decoded text; without `failed`, the places that could not be read, all of it could."""
    prices = table(reading.table)[np.minimum(codes, 0xFFFF)]
    if failed is not None:
        prices[failed] = INVALID
        prices[codes == LOST_MARK] = LOSS
    foreign = codes >= 0x80
    for back in (1, 2):  # a row of one sign, or of two, is no evidence again and again
        again = np.flatnonzero((codes[back:] == codes[:-back]) & (codes[back:] < HALF_WIDTH)) + back
        again = again[codes[again - 1] != LF]  # each unit is priced by itself
        prices[again] = np.minimum(prices[again], AGAIN)
    if small and reading is not UTF8:  # a letter with an accent inside a word, rather than a Han character
        inside_words(codes, foreign, prices)
    scores = tally(ends, prices, foreign, ends[:0] if failed is None else failed)
    if reading.codec == "cp932":  # natural text is told by what two bytes cost: each of these is one
        scores.foreign[:] -= sums((codes >= HALF_WIDTH) & (codes < 0xFFA0), ends) // 2
    return scores


def inside_words(codes: NDArray[Any], foreign: NDArray[np.bool_], prices: NDArray[np.uint16]) -> None:
    """Raise the price of foreign characters behind ASCII letters, more so of single ones before a letter or a blank: `A和B` is rare."""
    letter = LETTER[np.minimum(codes, 0x80)]
    behind = np.flatnonzero(foreign[1:] & letter[:-1]) + 1
    prices[behind] += np.uint16(BESIDE)
    after = np.minimum(behind + 1, len(codes) - 1)
    between = behind[letter[after] | (codes[after] == BLANK)]
    prices[between] += np.uint16(BETWEEN)


def _without_marks(joined: bytes, codec: str) -> bytes:
    """The two code points that stand for failures, replaced by a neighbour where a text really holds them."""
    for code in (MARK, LOST_MARK) if codec in ("utf-8", "gb18030") else ():
        joined = joined.replace(chr(code).encode(codec), chr(LOST_MARK - 1).encode(codec))
    return joined


def glue(parts: list[Scores]) -> Scores:
    """Scores of neighbouring blocks as one."""
    return (
        parts[0]
        if len(parts) == 1
        else Scores(*(np.concatenate([getattr(part, name) for part in parts]) for name in Scores.__slots__))
    )


def tally(
    ends: NDArray[np.int64], prices: NDArray[np.uint16], foreign: NDArray[np.bool_], failed: NDArray[Any]
) -> Scores:
    """Sums per unit of what its characters cost; `ends` are the places of LF among them, `failed` those of bytes not taken."""
    three = prices.copy()
    three[:-2] += prices[1:-1]
    three[:-2] += prices[2:]
    three[ends - 1] = three[ends] = 0  # each unit is priced by itself
    starts = np.concatenate([[0], ends[:-1] + 1])
    worst = np.zeros(len(ends), dtype=np.int64)
    dear = np.flatnonzero(three > DEAR)
    if len(dear) * FEW > len(three):
        worst += np.maximum.reduceat(np.where(three > DEAR, three, 0), starts)
    else:  # one by one, as they are in text that is read rightly
        np.maximum.at(worst, np.searchsorted(starts, dear, side="right") - 1, three[dear].astype(np.int64))
    valid = np.ones(len(ends), dtype=bool)
    valid[np.searchsorted(ends, failed)] = False
    return Scores(
        cost=np.add.reduceat(prices, starts, dtype=np.int64),
        valid=valid,
        foreign=sums(foreign, ends),
        strange=np.add.reduceat(prices * foreign, starts, dtype=np.int64),
        worst=worst,
    )


def sums(values: NDArray[Any], ends: NDArray[np.int64]) -> Costs:
    """Sum of `values` per unit."""
    return np.add.reduceat(values, np.concatenate([[0], ends[:-1] + 1]), dtype=np.int64)
