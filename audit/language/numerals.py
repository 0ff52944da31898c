"""Numbers as Chinese lists and headings write them."""

from __future__ import annotations

import unicodedata

from audit.language.patterns import regex

# what may stand for a number: ASCII and full-width digits, Han numerals, circled and Roman ones
DIGITS = "0-9\N{FULLWIDTH DIGIT ZERO}-\N{FULLWIDTH DIGIT NINE}"
HAN = "〇零一二三四五六七八九十百千两兩廿卅"
CIRCLED = "\N{CIRCLED DIGIT ONE}-\N{CIRCLED NUMBER TWENTY}"
ROMAN = "\N{ROMAN NUMERAL ONE}-\N{ROMAN NUMERAL TWELVE}"
NUMBER = rf"[{DIGITS}]{{1,4}}|[{HAN}]{{1,7}}|[{CIRCLED}{ROMAN}]"

_UNITS = {"十": 10, "百": 100, "千": 1000}
_PLAIN = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_TENS = {"廿": 20, "卅": 30}
_HAN_ONLY = regex(rf"[{HAN}]+")


def parse(text: str) -> int | None:
    """The number that `text` writes, or None: `15`, `１５`, `十五`, `一百零二`, `二〇`, a circled 3 are numbers."""
    if text.isdecimal():
        return int(text)
    if _HAN_ONLY.fullmatch(text):
        return _han(text)
    if len(text) == 1:
        value = unicodedata.numeric(text, -1.0)
        return int(value) if value >= 0 and value == int(value) else None
    return None


def _han(text: str) -> int | None:
    if not any(c in _UNITS or c in _TENS for c in text):
        if len(text) > 1 and not ("〇" in text or "零" in text or len(text) >= 3):
            return None  # 三四 is "three or four", not 34
        return int("".join(str(_PLAIN[c]) for c in text))
    total = digit = 0
    for c in text:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        elif c in _TENS:
            total += _TENS[c]
        elif digit:
            return None
        else:
            digit = _PLAIN[c]
    return total + digit


def write_han(value: int) -> str:
    """The Han numeral of 1 to 99, as lists write it."""
    ones = "零一二三四五六七八九"
    tens, rest = divmod(value, 10)
    return ("" if tens == 0 else "十" if tens == 1 else ones[tens] + "十") + (ones[rest] if rest else "")
