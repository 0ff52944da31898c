"""Bounds that exclude each other: `5000元以上3千元以下`, `第二十五条至第十八条`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from audit.language.numerals import parse
from audit.language.patterns import regex
from audit.language.spots import flanks
from audit.model import Hit, Span, Text

DIGITS, HAN = "0123456789", "一二三四五六七八九十百千万两"
FIGURE = rf"(?:\d{{1,9}}(?:\.\d{{1,2}})?|[{HAN}]{{1,5}})"
SCALES = {"十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8}
DAYS = {"日": 1.0, "天": 1.0, "周": 7.0, "个月": 30.0, "月": 30.0, "年": 365.0}
UNIT = r"(?:元|[户戶]|人|名|日|天|周|[个個]?月|年|倍|公里|米|吨|公斤|平方米|[亩畝]|[岁歲]|次|件|[张張])"
LOWER = regex(rf"(?<![\d.{HAN}第至到—～~-])(?P<low>{FIGURE})(?P<scale>[百千万亿]?)(?P<unit>{UNIT})\Z")
UPPER = regex(rf"上(?P<high>{FIGURE})(?P<scale>[百千万亿]?)(?P<unit>{UNIT})以下")
FIRST = regex(rf"第(?P<first>\d{{1,4}}|[{HAN}零〇]{{1,7}})(?P<unit>[条條章款项項页頁])?\Z")
LAST = regex(rf".第(?P<last>\d{{1,4}}|[{HAN}零〇]{{1,7}})(?P<unit>[条條章款项項页頁])")
REACH = 14
KEPT = 1024  # numbers that are known when they come again, as they do in statutes


def crossed(text: Text) -> Iterator[Hit]:
    """Lower bounds above their upper bounds, and runs of articles or pages that end before they begin."""
    body = text.body
    for at in flanks(text, "上", "以", DIGITS + HAN).tolist():
        upper = UPPER.match(body, at)
        lower = upper and LOWER.search(body, max(0, at - 1 - REACH), at - 1)
        if not upper or not lower:
            continue
        low = _amount(lower["low"], lower["scale"], lower["unit"])
        high = _amount(upper["high"], upper["scale"], upper["unit"])
        if low and high and low[1] == high[1] and low[0] > high[0]:
            yield _hit(body, lower.start(), upper.end(), low[0], high[0])
    for behind in flanks(text, "第", "至到", "").tolist():
        at = behind - 1
        first, last = FIRST.search(body, max(0, at - REACH), at), LAST.match(body, at)
        if not first or not last or (first["unit"] or last["unit"]) != last["unit"]:
            continue
        low, high = _number(first["first"]), _number(last["last"])
        if low and high and low > high:
            yield _hit(body, first.start(), last.end(), low, high)


_number = lru_cache(KEPT)(parse)


@lru_cache(KEPT)
def _amount(figure: str, scale: str, unit: str) -> tuple[float, str] | None:
    """How much it is, in the smallest unit of its kind, and the kind; None where the figure is no number."""
    while figure[-1:] in SCALES and len(figure) > 1 and figure[-1] in "万亿":
        figure, scale = figure[:-1], figure[-1] + scale
    number = parse(figure) if figure[0] in HAN else float(figure)
    if number is None:
        return None
    for one in scale:
        number *= SCALES[one]
    kind = unit.replace("個", "个")
    return (number * DAYS[kind], "time") if kind in DAYS else (float(number), unit)


def _hit(body: str, start: int, end: int, low: float, high: float) -> Hit:
    return Hit(
        Span(start, end), {"text": body[start:end]}, confidence=0.85, evidence={"from": float(low), "to": float(high)}
    )
