"""Punctuation: a full stop where a number has its decimal point."""

from __future__ import annotations

from collections.abc import Iterator

from audit.language.patterns import regex
from audit.language.spots import flanked
from audit.model import Edit, Hit, Line, Safety, Severity, Span, Text
from audit.rule import Scope, family

rule = family("punctuation")

DIGITS = "0123456789"
WHOLE = regex(
    r"(?<![A-Za-z0-9.。_表图圖第条條款項项节節章-])(?<![A-Za-z] )\d{1,6}\Z"
)  # `GL8。4个月后` are two sentences, `见表3。2倍` too
PART = regex(
    r"\d{1,4}(?=[%％‰]|[万萬亿億](?:[元人户戶吨噸亩畝斤]|[美日欧歐][元])|元|[个個]百分[点點]|公[斤里顷頃]|千[克米瓦]|[吨噸亩畝倍]|平方|立方|毫[克米升]|[厘釐]米)"
)


@rule(
    "PUN006",
    "stop-for-point",
    Severity.MINOR,
    "full stop for the decimal point in {text!r}",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.85,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
    preview=True,
)
def stop_for_point(text: Text) -> Iterator[Hit]:
    """A full stop between two digits of one figure, as in `12。5吨`.

    Why it matters: a sentence ends inside its figure, and no program reads the figure.
    Left alone: model numbers and codes before the stop, figures without a unit of measure behind them, dates, list numbers.
    Repair: the decimal point; suggested.
    """
    for at in flanked(text, "。", DIGITS, DIGITS):
        whole, part = WHOLE.search(text.body, max(0, at - 8), at), PART.match(text.body, at + 1)
        if whole is not None and part is not None:
            figure = f"{whole[0]}.{part[0]}"
            values = {"text": text.body[whole.start() : part.end()]}
            yield Hit(Span(at, at + 1), values, Edit("."), evidence={"figure": figure})


# the title of a law within that of what carries it out
INNER = regex(
    r"(?<=施)[（(](?P<law>[^（()）《》〈〉\n]{1,30}[法例定则則])[）)]"
    r"(?=[^《》\n（()）]{0,4}(?:[办辦]法|[细細][则則]|[条條]例|[规規]定|意[见見])》)"
)
TITLE = 48  # code points of a title before the inner one


@rule(
    "PUN007",
    "inner-title",
    Severity.MINOR,
    "the title {text!r} stands within another, in brackets",
    triggers=("（(", "《", "施", "法例定则則"),
    by_line=True,
    confidence=0.9,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
    preview=True,
)
def inner_title(line: Line) -> Iterator[Hit]:
    """The title of a law in round brackets within the title of what carries it out, as in `《某省实施（工会法）办法》`.

    Why it matters: a reader takes it for a remark, and a search for the title misses it.
    Left alone: brackets in a title that hold no title (`（试行）`, `（草案）`), titles in 〈〉.
    Repair: 〈〉, the marks of a title within a title; suggested.
    """
    for found in INNER.finditer(line.body, line.start, line.end):
        opened = line.body.rfind("《", max(line.start, found.start() - TITLE), found.start())
        if opened >= 0 and "》" not in line.body[opened : found.start()]:
            fixed = f"〈{found['law']}〉"
            yield Hit(Span(*found.span()), {"text": found["law"]}, Edit(fixed), evidence={"text": fixed})


RULES = (stop_for_point, inner_title)
