"""Runs of question marks where text was lost to a codec that has no Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from audit.language import surprise
from audit.language.patterns import regex
from audit.restore.fluency import codes_of

RUN = regex(r"\?{2,}(?:[ ,.;:()\-\"'0-9*%/+，。、；：]{1,3}\?{2,})*")
BROAD = regex(r"\?{2,}(?:(?:[ ,.;:()\-\"'0-9*%/+，。、；：!！]{1,3}|[0-9A-Za-z]{1,6}|[`$]\w{1,6}[`$])\?{2,})*")
MIN_MARKS = (
    4  # of the runs of four in 17 M clean characters two stand for lost emoji, none for emphasis inside a clause
)
MIN_ALONE = 8  # where the marks may be emphasis: the longest in 17 M clean characters has 6
MIN_GROUPED = 6
MIN_BEHIND_LETTERS = 7  # or before a mark that ends a sentence, or before Han, where emphasis hardly goes on
MANY, LAST = 10, 4  # where so many stand only a word of the clause's last characters asks
LOUD = ("!", "！", "？")
ENDING = ("，", "。", "、", "；")
FORMULA = frozenset("`$")  # what closes a formula or code in a sentence
CODE = regex(r"https?://|[{}=<>\\]|\?\.|->|\$")
CODE_BESIDE_PROSE = regex(r"https?://|[{}=<>\\]|\?\.|->")  # a formula may stand in a sentence
PROSE = regex(r"[,;:，。、；：0-9]")
ASKING = frozenset("吗呢么嗎麼啊吧嘛呀谁誰哪啥何")
STOPS = frozenset("，。、；：,;:（(《")
OPENERS = frozenset("“「『【")
UNENDED = frozenset("，、；：,;:（(《“「『【")  # nothing ends behind these
ASKED = regex(r"[吗呢么嗎麼谁誰哪啥怎什]|[几幾](?![率何乎])|(?<!任)何|多少|是不|有[没沒]")
CLAUSE = regex(r"[^，。、；：！？,;:!?\n]{0,20}\Z")
ENDS = ("？", "！", "。", "\n")
CONTEXT = 4  # code points before an end
# Bits of the likeliest end behind a clause: 2 to 4 in 100 true ends of prose have more (verse 25), half of all other places do.
UNLIKELY_END = 7.0
# An unknown time or date as a program writes it: `"??:????"`, `????-??-??`; a clause that was lost has blanks or commas between its words
FORMAT = regex(r"\?{1,4}(?:[:/.\-]\?{1,4})+")
DATE = regex(r"\?{4}([\-/.])\?\?\1\?\?(?: \?\?:\?\?(?::\?\?)?)?")
YEARS = regex(r"\?{4}(-\?{4})?")  # of a life that nobody knows: `????-????`, `（????—1644）`, `公元????年`
SPANS = frozenset("-—–~～至年")
QUOTES = frozenset("\"'“”「」『』")
NEAR, BESIDE = 40, 1  # code points in which code explains the marks: beside prose only what touches them


def lost_runs(body: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Spans of such runs in a line, and whether a short one may stand for emoji alone."""
    for broad in BROAD.finditer(body, start, end):
        parts = list(RUN.finditer(body, *broad.span()))
        if len(parts) > 1 and broad[0].count("?") >= MIN_ALONE and _is_lost(body, start, end, broad):
            yield *broad.span(), False
            continue
        for match in parts:
            if _is_lost(body, start, end, match):
                marks = match[0].count("?")
                yield *match.span(), marks == match.end() - match.start() < MIN_ALONE


def _is_lost(body: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether text stood where these marks stand."""
    before = body[max(start, match.start() - 1) : match.start()]
    after, marks = body[match.end() : min(end, match.end() + 1)], match[0].count("?")
    if (
        _asks(marks, before, after)
        or _is_format(match[0], before, after)
        or not _lost(body, start, match, before, after)
    ):
        return False
    prose = _inside(before, after) or _han(before) or before in UNENDED
    if not prose and marks >= MIN_ALONE:
        prose = _han(after)
    near, code = (BESIDE, CODE_BESIDE_PROSE) if prose else (NEAR, CODE)
    return not code.search(body, max(start, match.start() - near), min(end, match.end() + near))


def _is_format(shown: str, before: str, after: str) -> bool:
    """Whether the marks stand for figures yet unknown, a value of their own in quotes, a date, or years."""
    if DATE.fullmatch(shown):
        return True
    years = YEARS.fullmatch(shown)
    if years and (years[1] or after in SPANS or before in SPANS):
        return True
    return before in QUOTES and after in QUOTES and FORMAT.fullmatch(shown) is not None


def _lost(body: str, start: int, match: re.Match[str], before: str, after: str) -> bool:
    """Whether the marks stand where text stood, not behind a question."""
    marks, inside = match[0].count("?"), _inside(before, after)
    if marks != len(match[0]):
        return marks >= MIN_GROUPED and (inside or PROSE.search(match[0]) is not None)
    if inside or (marks >= MIN_ALONE and not _han(before)):
        return True
    if marks >= MIN_BEHIND_LETTERS and before.isascii() and before.isalnum():
        return _han(after) or after in ENDING
    return _cut(body, start, match.start(), marks)


def _asks(marks: int, before: str, after: str) -> bool:
    """Whether so many marks ask or emphasise."""
    if marks < MIN_MARKS or after in LOUD or before in LOUD:
        return True
    return before in ASKING and not (marks >= MIN_ALONE and _han(after))


def _inside(before: str, after: str) -> bool:
    """Whether marks stand inside a clause."""
    opens = _han(before) or not before or before in STOPS or before in OPENERS or before in FORMULA
    return opens and (_han(after) or after in STOPS)


def _cut(body: str, start: int, at: int, marks: int) -> bool:
    """Whether a clause that cannot end so stands before the marks."""
    before = body[max(start, at - 1) : at]
    if before in UNENDED:
        return True
    if not _han(before):
        return False
    clause = CLAUSE.search(body, max(start, at - 20), at)
    if marks >= MIN_ALONE:
        return clause is None or not ASKED.search(clause[0][-LAST:] if marks >= MANY else clause[0])
    return end_bits(body[max(start, at - CONTEXT) : at]) > UNLIKELY_END


def end_bits(before: str) -> float:
    """Bits of the likeliest end of a sentence behind these characters."""
    texts = "".join(f"\n\n{before}{end}" for end in ENDS)
    bits = surprise(codes_of(texts), deep=True)
    return float(np.min(bits[len(before) + 2 :: len(before) + 3]))


def _han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
