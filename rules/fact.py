"""Days and meetings that never were."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from audit.language.patterns import regex
from audit.language.spots import flanked, flanks, member
from audit.model import Codes, Hit, Offsets, Severity, Span, Text
from audit.rule import Scope, family

from .fact_figures import RULES as FIGURES
from .fact_reckoning import RULES as RECKONING

rule = family("fact")

DIGITS = "0123456789０１２３４５６７８９"
WIDE_ZERO = 0xFF10
FEW = 64  # so many are read one by one sooner than by arrays
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
DATE = regex(r"(?<!\d)(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號](?![^，。；,;]{0,4}不存在)")
MONTH = regex(r"(?<!\d)(?P<year>\d{4})年(?P<month>\d{1,2})月(?![\d龄齡])")
HAN_DATE = regex(
    r"(?<![十])(?:(?:[二四六九]|十一)月三十[一二三四五六七八九]|(?:[一三五七八十]|十二)月三十[二三四五六七八九])[日号號]"
)
QUOTES = {"“": "”", '"': '"', "‘": "’", "「": "」", "『": "』", "'": "'", "`": "`"}
NUMERALS = "一二三四五六七八九"
MEETING = regex(
    r"(?<![一二三四五六七八九十])(?P<term>十[一二三四五六七八九]|二十)[届屆](?P<session>[一二三四五六七八九十]{1,4})(?P<plenum>中全)?[会會](?![议議])"
)
SESSIONS = {
    "十一": 7,
    "十二": 7,
    "十三": 8,
    "十四": 7,
    "十五": 7,
    "十六": 7,
    "十七": 7,
    "十八": 7,
    "十九": 7,
    "二十": 9,
}


def _quoted(body: str, start: int, end: int) -> bool:
    """Whether the span is itself quoted, as an example of what is wrong."""
    return start > 0 and QUOTES.get(body[start - 1], "\0") == body[end : end + 1]


def _impossible(year: str | None, month: int, day: int) -> str | None:
    """Which message says why there is no such day; None where there is."""
    if not 1 <= month <= 12:
        return "month"
    if not 1 <= day <= DAYS[month - 1]:
        return "day"
    if month == 2 and day == 29 and year is not None and (int(year) % 4 or (not int(year) % 100 and int(year) % 400)):
        return "leap"
    return None


def _date_at(body: str, at: int) -> re.Match[str] | None:
    """The date of which 月 stands at `at`: with its day, or a year and a month."""
    dates = (*DATE.finditer(body, max(0, at - 8), at + 5), *MONTH.finditer(body, max(0, at - 8), at + 2))
    return next((match for match in dates if match.end("month") == at), None)


def _value(codes: Codes, near: Offsets, far: Offsets) -> Offsets:
    """The number of one or two digits, of either width, with its units at `near` and its tens, if any, at `far`."""
    size = len(codes)
    units, tens = (
        np.where(place < size, codes[np.clip(place, 0, size - 1)], 0).astype(np.int64) for place in (near, far)
    )
    units, tens = (np.where(one >= WIDE_ZERO, one - WIDE_ZERO, one - ord("0")) for one in (units, tens))
    value: Offsets = units + 10 * np.where((tens >= 0) & (tens <= 9) & (far >= 0), tens, 0)
    return value


def _odd_months(text: Text) -> list[int]:
    """Places of 月 behind a digit that may be no date; 29 February among them."""
    at = flanks(text, "月", DIGITS, "")
    if len(at) < FEW:
        return [int(place) for place in at]
    codes, last = text.codes, len(text.codes) - 1
    month = _value(codes, at - 1, at - 2)
    dated, two = (member(codes[np.minimum(at + step, last)], DIGITS) & (at + step <= last) for step in (1, 2))
    day = np.where(two, _value(codes, at + 2, at + 1), _value(codes, at + 1, at * 0 - 1))
    most = np.array((0, 31, 28, *DAYS[2:]))[np.clip(month, 0, 12)]
    odd = (month < 1) | (month > 12) | (dated & ((day < 1) | (day > most)))
    return [int(place) for place in at[odd]]


@rule(
    "FCT001",
    "impossible-date",
    Severity.MAJOR,
    {
        "": "no month has such a day: {text!r}",
        "month": "there is no month {month}: {text!r}",
        "day": "month {month} has no day {day}: {text!r}",
        "leap": "{year} is no leap year: {text!r}",
    },
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.95,
)
def impossible_date(text: Text) -> Iterator[Hit]:
    """A day that no calendar has: `2月30日`, `13月5日`, `2015年13月`, `2015年2月29日`, `四月三十一日`.

    Why it matters: a digit was lost or misread, and the reader cannot tell which.
    Left alone: quoted dates, `二月三十日` in Chinese numerals (the lunar calendar has it), 29 February without a year.
    Repair: none; the date must come from the source.
    """
    body = text.body
    for at in _odd_months(text):
        match = _date_at(body, at)
        if match is None:
            continue
        why = _impossible(match["year"], int(match["month"]), int(match.groupdict().get("day") or 1))
        wrapped = match.start() > 1 and body[match.start() - 1] in "\r\n" and body[match.start() - 2].isdigit()
        if why is not None and not wrapped and not _quoted(body, *match.span()):
            parts = {name: value and int(value) for name, value in match.groupdict().items()}
            yield Hit(Span(*match.span()), {"text": match[0], **parts}, evidence=parts, variant=why)
    for at in flanked(text, "月", "一二三四五六七八九十", "三"):
        match = HAN_DATE.search(body, max(0, at - 2), at + 6)
        if match is not None and not _quoted(body, *match.span()):
            yield Hit(Span(*match.span()), {"text": match[0]})


@rule(
    "FCT005",
    "impossible-meeting",
    Severity.MAJOR,
    "there was no meeting {text!r}",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.85,
)
def impossible_meeting(text: Text) -> Iterator[Hit]:
    """A plenary session that never was, or whose name lost its words: `十九届四会`, `十八届九中全会`.

    Why it matters: the names of these meetings are cited as authority; a wrong one is an error of fact.
    Left alone: meetings of other bodies (`十三届一次会议`, `六届三次全会`), sessions to come.
    Repair: none; the name must come from the source.
    """
    for term in "届屆":
        for at in flanked(text, term, "一二三四五六七八九十", "一二三四五六七八九十"):
            match = next((m for m in MEETING.finditer(text.body, max(0, at - 3), at + 10) if m.end("term") == at), None)
            if match is None:
                continue
            most = SESSIONS.get(match["term"][-2:], 0)
            held = match["plenum"] is not None and len(match["session"]) == 1 and NUMERALS.find(match["session"]) < most
            if most and not held:
                yield Hit(Span(*match.span()), {"text": match[0]}, evidence={"sessions": most})


RULES = (impossible_date, impossible_meeting, *FIGURES, *RECKONING)
