"""Figures that go the other way than their sentence says."""

from __future__ import annotations

from collections.abc import Iterator

from audit.language.patterns import regex
from audit.language.spots import digit_runs, member, narrow
from audit.model import Hit, Span, Text

NUMBER = r"\d{1,9}(?:\.\d{1,4})?"
# 95.2%上升为: a figure, its unit, and where it goes
TREND = regex(
    rf"(?<![\d.])(?P<first>{NUMBER})(?P<unit>[^\d\s，。；：、,;:（）()]{{1,4}}?)(?P<rise>上升|提高|增加|增[长長])?(?:下降|降低|[减減]少)?[到至为為]\Z"
)
LAST = regex(NUMBER)
SINCE = regex(r"[由从從自][^，。；,;]{0,24}\Z")
TURNED = regex(r"[第负負\-−—零下]\Z")  # a rank rises when its number falls; below zero all is turned round
RANKS = tuple("位名级級等度")
REACH = 20  # code points before the second figure that hold the first one
GOES, TO = "升高加长長降低少", "到至为為"


def turned(text: Text) -> Iterator[Hit]:
    """Figures of one unit of which the second lies on the wrong side of the first: `由95.2%上升为93.8%`."""
    body, codes = text.body, narrow(text)
    starts, _ = digit_runs(text)
    starts = starts[starts > 1]
    starts = starts[member(codes[starts - 1], TO) & member(codes[starts - 2], GOES)]
    for at in starts.tolist():
        match, last = TREND.search(body, max(0, at - REACH), at), LAST.match(body, at)
        if (
            match is None
            or last is None
            or match["unit"].endswith(RANKS)
            or not body.startswith(match["unit"], last.end())
        ):
            continue
        first, second = float(match["first"]), float(last[0])
        wrong = second < first if match["rise"] else second > first
        if (
            wrong
            and SINCE.search(body, max(0, match.start() - 26), match.start())
            and not TURNED.search(body, max(0, match.start() - 1), match.start())
        ):
            end = last.end() + len(match["unit"])
            yield Hit(
                Span(match.start(), end),
                {"text": body[match.start() : end]},
                variant="rise" if match["rise"] else "fall",
                confidence=0.8,
                evidence={"from": first, "to": second},
            )
