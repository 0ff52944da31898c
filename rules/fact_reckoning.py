"""Weekdays that the calendar contradicts, and sums that do not add up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from audit.language.layout import layout
from audit.language.patterns import regex
from audit.language.spots import flanks, member
from audit.model import Hit, Severity, Span, Text
from audit.rule import Scope, family

rule = family("fact")

WEEK, DIGITS = "一二三四五六日天", "0123456789"
WEEKDAY = regex(
    r"(?<!\d)(?P<year>19\d\d|20\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號][（(，, ]?(?:星期|[周週]|[礼禮]拜)(?P<name>[一二三四五六日天])(?![至到、—~～-])"
)
LUNAR = regex(r"[农農阴陰旧舊][历曆]\Z")
BESIDE = regex(r"月\d{1,2}[日号號][（(，, ]?[星周週礼禮]")
AHEAD = 12  # code points from a month to what follows the name of the weekday


@rule(
    "FCT006",
    "weekday-mismatch",
    Severity.MINOR,
    "{text!r}: that day was a {right}",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.85,
    preview=True,
)
def weekday_mismatch(text: Text) -> Iterator[Hit]:
    """A date that fell on another day of the week, as in `2021年2月11日（星期五）`.

    Why it matters: either the date or the weekday is wrong, and the reader may come on the wrong day.
    Left alone: dates without a year, of the lunar calendar, before 1900.
    Repair: none; the source must say which of the two is right.
    """
    body = text.body
    for month in flanks(text, "月", DIGITS, DIGITS).tolist():
        if not BESIDE.match(body, month):
            continue
        match = WEEKDAY.search(body, max(0, month - 7), month + AHEAD)
        if match is None or match.start() >= month or LUNAR.search(body, max(0, match.start() - 2), match.start()):
            continue
        try:
            right = date(int(match["year"]), int(match["month"]), int(match["day"])).weekday()
        except ValueError:
            continue  # FCT001 tells that there was no such day
        if right != min(WEEK.index(match["name"]), 6):
            values = {"text": match[0], "right": f"星期{WEEK[right]}"}
            yield Hit(Span(*match.span()), values, evidence={"right": values["right"]})


SEXES = regex(
    r"(?<![\d.])(?P<whole>\d{1,8})[人名](?:[，,（(；;]|其中|[：:]){1,3}(?P<first>[男女])(?P<kind>性|生|[职職]工|同志|教[师師])?(?:人口)?[有为為]?(?P<one>\d{1,8})[人名]?"
    r"[，,、；;和](?P<second>[男女])(?P<same>性|生|[职職]工|同志|教[师師])?(?:人口)?[有为為]?(?P<other>\d{1,8})(?![\d.%％岁歲万萬])[人名]?"
)
TOTAL = regex(r"[ \t|]{0,8}(?:合[ \u3000]?[计計]|[总總][ \u3000]?[计計])[ \t|\u3000]")
FIELDS = regex(r"\t|\|| {2,}|\u3000+")
FIGURE = regex(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d{1,9}(?:\.\d{1,4})?")
FEWEST, MOST = 3, 200  # rows above a total
LEAST = 3  # digits of a sum; among fewer another is one digit away too often


def _totals(text: Text) -> list[int]:
    """Where a line begins with the word for a total."""
    lay = layout(text)
    starts = lay.starts[member(lay.first, "合总總|")]
    return [start for start in starts.tolist() if TOTAL.match(text.body, start)]


def _sexes(text: Text) -> Iterator[Hit]:
    for at in flanks(text, "女", "，,、；;和", "性生职職同教人有为為0123456789").tolist():
        match = next((m for m in SEXES.finditer(text.body, max(0, at - 40), at + 20) if m.start("second") == at), None)
        if match is None or match["first"] == match["second"] or match["kind"] != match["same"]:
            continue
        whole, one, other = int(match["whole"]), int(match["one"]), int(match["other"])
        if one + other != whole:
            yield _hit(match.start(), match.end(), whole, one + other)


def _hit(start: int, end: int, said: float, right: float) -> Hit:
    evidence = {"said": said, "sum": right}
    return Hit(Span(start, end), {"said": f"{said:,.10g}", "right": f"{right:,.10g}"}, evidence=evidence)


@rule(
    "FCT007",
    "sum-mismatch",
    Severity.MINOR,
    "the parts add up to {right}, not {said}",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.8,
    preview=True,
)
def sum_mismatch(text: Text) -> Iterator[Hit]:
    """A total that its parts do not add up to: men and women of a number of people, or a column of a table that misses its sum by one digit.

    Why it matters: one of the figures was misread or mistyped, and no reader can tell which.
    Left alone: tables in which no other column adds up, columns that are no sums (rates, averages), sums that are off by more than a digit.
    Repair: none; the figures must come from the source.
    """
    yield from _sexes(text)
    for start in _totals(text):
        yield from _of_table(text, text.line_at(start))


def _of_table(text: Text, last: int) -> Iterator[Hit]:
    """Columns of the table above a line of totals that miss their sum by a digit, where others meet it."""
    total = _fields(text, last)
    sums: list[tuple[int, float]] = [(0, 0.0)] * len(total)
    for number in range(last - 1, max(last - MOST, -1), -1):
        row = _fields(text, number)
        figures = [FIGURE.fullmatch(field) for _, field in row]
        if len(row) != len(total) or not any(figures):
            break
        for column, figure in enumerate(figures):
            if figure is not None:
                count, value = sums[column]
                sums[column] = count + 1, value + _value(figure[0])
    rows = max((count for count, _ in sums), default=0)
    told = [
        (at, field, _digits(field, _value(field)), _digits(field, value), value)
        for (at, field), (count, value) in zip(total, sums, strict=True)
        if count == rows >= FEWEST and FIGURE.fullmatch(field)
    ]
    met = any(said == right for _, _, said, right, _ in told)
    missed = [(at, field, value) for at, field, said, right, value in told if _one_off(said, right)]
    if met and len(missed) == 1:
        at, field, value = missed[0]
        yield _hit(at, at + len(field), _value(field), round(value, 4))


def _one_off(said: str, right: str) -> bool:
    """Whether two figures of one length differ in one digit."""
    return len(said) == len(right) >= LEAST and sum(map(str.__ne__, said, right)) == 1


def _fields(text: Text, number: int) -> list[tuple[int, str]]:
    """The fields of a line and where they begin."""
    line = text.line(number)
    borders = [
        line.start,
        *(end for match in FIELDS.finditer(line.body, line.start, line.end) for end in match.span()),
        line.end,
    ]
    fields = [(start, line.body[start:end]) for start, end in list(pairwise(borders))[::2]]
    return [(start + len(field) - len(field.lstrip(" ")), field.strip(" ")) for start, field in fields]


def _value(figure: str) -> float:
    return float(figure.replace(",", ""))


def _digits(like: str, value: float) -> str:
    """The digits of a number written with as many decimals as another."""
    return f"{value:.{len(like.partition('.')[2])}f}".replace(".", "")


RULES = (weekday_mismatch, sum_mismatch)
