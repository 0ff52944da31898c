"""Ranges that run backwards and shares that contradict their amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

import numpy as np

from audit.language.patterns import regex
from audit.language.spots import digit_runs, flanks, member
from audit.model import Hit, Line, Severity, Span, Text
from audit.rule import Scope, family

from .fact_bounds import crossed
from .fact_growth import grown
from .fact_trends import turned

rule = family("fact")

DIGITS = "0123456789０１２３４５６７８９"
DASHES = "-—–─~～至到"
QUOTES = {"“": "”", '"': '"', "‘": "’", "「": "」", "『": "』", "'": "'", "`": "`"}
DASH = r"(?:-{1,2}|[—–─~～]{1,2}|[至到])"
YEARS = regex(rf"\s?年?度?\s?{DASH}\s?")
DAY_RANGE = regex(rf"(?<!\d)(?P<month>\d{{1,2}})月(?P<first>\d{{1,2}})[日号號]?{DASH}(?P<last>\d{{1,2}})[日号號]")
LATIN = regex(r"[A-Za-z0-9](?![xX]?\Z)")
MASK = regex(r"[xX×*＊]{1,4}")
BLANK_FIRST = regex(rf"[年月日号號]?{DASH}\d{{1,4}}[年月日号號]")
BLANK_LAST = regex(rf"(?<!\d)\d{{1,4}}[年月日号號]?{DASH}\Z")
NUMBER = r"\d+(?:\.\d+)?"
SHARE = regex(
    rf"(?<![\d.])(?P<share>{NUMBER})[%％][，,、（(]?(?:共[计計]?|[计計]|[为為]|[约約])?(?P<part>{NUMBER})(?P<unit>[万萬][元人]|[亿億]元|元|人|[户戶]|家|名|[个個]|[万萬]|[亿億])(?![至到~～—-]|以[上下内內])"  # a bound of the next class is no amount
)
BEFORE_SHARE = "元人户戶家名个個，,"
AMOUNT, SHARED = 20, 40  # code points of an amount with its unit, and of the rest of the sentence
RATE = regex(
    rf"(?:合格|完好|[满滿]意|知[晓曉]|正[确確]|准[确確]|及格|出勤|治[愈癒]|成活|[参參]合|[优優]良|[优優]秀|成功|通[过過]|出席|到[会會课課]|[毕畢就][业業]|建[档檔]"
    rf"|[签簽][约約]|存活|命中|[录錄]取)率[均都已]?[达達]?[到为為]?了?[约約]?(?P<share>{NUMBER})[%％]"
)  # of these rates none can be above the whole; 完成率, 拨备覆盖率, 毛入学率 can
OF_WHOLE = regex(
    rf"(?<![\d.])(?P<part>{NUMBER})(?P<unit>[万萬]?[元人]|[户戶]|家|名|[个個])[，,]?占[^，,。；;\d]{{0,8}}?(?P<whole>{NUMBER})(?P<of>[万萬]?[元人]|[户戶]|家|名|[个個])?的(?P<share>{NUMBER})[%％]"
)


def _quoted(body: str, start: int, end: int) -> bool:
    """Whether the span is itself quoted, as an example of what is wrong."""
    return start > 0 and QUOTES.get(body[start - 1], "\0") == body[end : end + 1]


@rule(
    "FCT002",
    "backward-range",
    Severity.MAJOR,
    {
        "": "the range {text!r} runs backwards",
        "rise": "{text!r} is no rise",
        "fall": "{text!r} is no fall",
    },
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.85,
)
def backward_range(text: Text) -> Iterator[Hit]:
    """A range whose end lies before its beginning: `2008年至2005年`, `5月28日-26日`, `第十条至第三条`; bounds that exclude each other: `五年以上三年以下`; figures that go the other way than the sentence says: `由95.2%上升为93.8%`.

    Why it matters: one of the two figures is wrong.
    Left alone: years before our era, months and hours (they wrap around the year and the night), telephone numbers, ranks (`由第5位上升到第2位`), figures
    below zero or of different units; days may run into the next month, so less sure.
    Repair: none; the figures must come from the source.
    """
    yield from turned(text)
    yield from crossed(text)
    body, codes = text.body, text.codes
    starts, ends = digit_runs(text)
    four = np.flatnonzero((ends - starts == 4)[:-1] & (ends - starts == 4)[1:] & (starts[1:] - ends[:-1] <= 4))
    for at in four.tolist():
        first, last = int(body[starts[at] : ends[at]]), int(body[starts[at + 1] : ends[at + 1]])
        if not 1800 <= last < first <= 2100 or not YEARS.fullmatch(body, ends[at], starts[at + 1]):
            continue
        start, end = int(starts[at]), int(ends[at + 1])
        dated = "年" in body[ends[at] : starts[at + 1]] or body[end : end + 1] == "年"
        if dated and "前" not in body[max(0, start - 3) : start] and not _quoted(body, start, end):
            yield Hit(Span(start, end), {"text": body[start:end]}, confidence=0.9, evidence={"from": first, "to": last})
    months = flanks(text, "月", DIGITS, DIGITS)
    if not len(months):
        return
    dashed = np.zeros(len(months), dtype=bool)
    for ahead in (2, 3, 4):
        dashed |= member(codes[np.minimum(months + ahead, len(codes) - 1)], DASHES)
    for at in months[dashed].tolist():
        match = DAY_RANGE.search(body, max(0, at - 2), at + 10)
        if (
            match is not None
            and int(match["first"]) > int(match["last"]) > 0
            and int(match["first"]) - int(match["last"]) < 15
        ):
            seen = {"from": int(match["first"]), "to": int(match["last"])}
            yield Hit(Span(*match.span()), {"text": match[0]}, confidence=0.7, severity=Severity.MINOR, evidence=seen)


@rule(
    "FCT003",
    "share-mismatch",
    Severity.MAJOR,
    {
        "": "{share}% of {whole} is {right}, not {part}",
        "rate": "no such rate can be above 100%: {text!r}",
        "growth": "a change by {part} is one of {right}%, not {share}%",
    },
    triggers=("%％", "占共计計约約为為(（，,率"),
    by_line=True,
    confidence=0.8,
)
def share_mismatch(line: Line) -> Iterator[Hit]:
    """A percentage that contradicts its amount: `50人，占200人的30%`, or one of a list of shares that implies another whole than the rest; a rate that is more than all: `合格率达120%`;
    an increase that its figures contradict: `300人，比上年增加100人，增长60%`.

    Why it matters: one of the figures is wrong, and the reader cannot tell which.
    Left alone: rates that may exceed the whole (`完成率120%`), what rounding explains, lists of fewer than three shares, lists that agree on no whole.
    Repair: none; the figures must come from the source.
    """
    yield from _of_whole(line)
    yield from grown(line)
    for at in _places(line, "率"):
        match = RATE.match(line.body, max(at - 2, line.start), line.end)
        if match and float(match["share"]) > 100:
            yield Hit(
                Span(*match.span()), {"text": match[0]}, variant="rate", evidence={"share": float(match["share"])}
            )
    if sum(line.body.count(sign, line.start, line.end) for sign in "%％") >= 3:
        yield from _of_list(line)


def _places(line: Line, sign: str) -> Iterator[int]:
    """Where a sign stands in a line."""
    at = line.body.find(sign, line.start, line.end)
    while at >= 0:
        yield at
        at = line.body.find(sign, at + 1, line.end)


def _of_whole(line: Line) -> Iterator[Hit]:
    till = line.start
    for at in _places(line, "占"):
        if line.body[at - 1] not in BEFORE_SHARE:
            continue
        match = OF_WHOLE.search(line.body, max(at - AMOUNT, till), min(at + AMOUNT + SHARED, line.end))
        if not match:
            continue
        till = match.end()
        part, whole, share = float(match["part"]), float(match["whole"]), float(match["share"])
        same = match["of"] in {None, match["unit"]}
        if same and whole and not _agrees(part, whole, share, match["part"], match["share"]):
            yield _mismatch(match, share, whole, part)


def _of_list(line: Line) -> Iterator[Hit]:
    listed = [match for match in SHARE.finditer(line.body, line.start, line.end) if float(match["share"])]
    for unit in dict.fromkeys(match["unit"] for match in listed):
        same_unit = [match for match in listed if match["unit"] == unit]
        if len(same_unit) < 3:
            continue
        whole = median(float(match["part"]) / float(match["share"]) * 100 for match in same_unit)
        wrong = [m for m in same_unit if not _agrees(float(m["part"]), whole, float(m["share"]), m["part"], m["share"])]
        if len(wrong) == 1:
            match = wrong[0]
            yield _mismatch(match, float(match["share"]), whole, float(match["part"]))


def _agrees(part: float, whole: float, share: float, part_text: str, share_text: str) -> bool:
    """Whether rounding of both figures, and two units more of the last digit, explain the difference."""
    slack = 2.5 * 10.0 ** -len(share_text.partition(".")[2]) + 250 * 10.0 ** -len(part_text.partition(".")[2]) / whole
    return abs(part / whole * 100 - share) <= max(slack, 0.01 * share)


def _mismatch(match: re.Match[str], share: float, whole: float, part: float) -> Hit:
    right = round(whole * share / 100, 2)
    values = {"share": f"{share:g}", "whole": f"{whole:.6g}", "right": f"{right:g}", "part": f"{part:g}"}
    return Hit(Span(*match.span()), values, evidence={"share": share, "whole": round(whole, 2), "part": part})


@rule(
    "FCT004",
    "half-blanked-range",
    Severity.MINOR,
    "one end of the range {text!r} is masked",
    triggers=("xX×*＊", "-—–─~～至到", "年月日号號"),
    by_line=True,
    confidence=0.9,
)
def half_blanked_range(line: Line) -> Iterator[Hit]:
    """A range of which one end was masked and the other left: `5月XX日-28日`.

    Why it matters: the mask hides nothing that could be checked, and the range says nothing.
    Left alone: ranges masked at both ends, formulas.
    Repair: none; the figure must come from the source.
    """
    body = line.body
    for mask in MASK.finditer(body, line.start, line.end):
        last = BLANK_FIRST.match(body, mask.end(), line.end)
        first = BLANK_LAST.search(body, max(line.start, mask.start() - 7), mask.start())
        if last is not None and not LATIN.match(body, max(line.start, mask.start() - 1)):
            yield _half(body, mask.start(), last.end())
        elif first is not None and body[mask.end() : mask.end() + 1] in tuple("年月日号號"):
            yield _half(body, first.start(), mask.end() + 1)


def _half(body: str, start: int, end: int) -> Hit:
    return Hit(Span(start, end), {"text": body[start:end]})


RULES = (backward_range, share_mismatch, half_blanked_range)
