"""Increases whose percentage is not that of their figures: `42316人次，比上年增加3120人次，增长9.76%`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audit.language.patterns import regex
from audit.model import Hit, Line, Span

NUMBER = r"\d{1,9}(?:\.\d{1,4})?"
UNIT = r"[万萬亿億]?(?:元|人次|人|[户戶]|家|名|[个個]|件|[吨噸]|[亩畝]|公斤|平方米|[辆輛]|起|篇|[万萬亿億])"
GROWTH = regex(
    rf"(?<![\d.])(?P<whole>{NUMBER})(?P<unit>{UNIT})[，,]\s?(?:[较較]|比)(?:上年|去年|[上前]一?年度?|往年)(?:同期)?"
    rf"(?:(?P<more>增加|增[长長]|多|上升)|[减減]少|下降)了?(?P<part>{NUMBER})(?P<same>{UNIT})[，,]\s?(?:同比)?"
    rf"(?:增[长長]率?|增加|增幅|上升|下降|[降减減]幅|[减減]少)了?[达達为為]?[到]?(?P<share>{NUMBER})[%％]"
)
SINCE = tuple("上去前往")  # what begins the year before
REACH, AHEAD = 24, 50  # code points of the whole before 比, and of the rest behind it


def grown(line: Line) -> Iterator[Hit]:
    """Percentages of increases and decreases that their figures contradict."""
    till = line.start
    for sign in "比较較":
        at = line.body.find(sign, line.start, line.end)
        while at >= 0:
            if line.body[at + 1 : at + 2] in SINCE:
                match = GROWTH.search(line.body, max(till, at - REACH), min(at + AHEAD, line.end))
                if match is not None:
                    till = match.end()
                    yield from _judged(match)
            at = line.body.find(sign, at + 1, line.end)


def _judged(match: re.Match[str]) -> Iterator[Hit]:
    whole, part, share = (float(match[name]) for name in ("whole", "part", "share"))
    before = whole - part if match["more"] else whole + part
    if match["unit"] != match["same"] or before <= 0 or not part:
        return
    unit = [10.0 ** -len(match[name].partition(".")[2]) for name in ("whole", "part", "share")]
    slack = unit[2] + 100 * (unit[1] + unit[0] * part / before) / before
    rights = part / before * 100, part / whole * 100  # the second is how some reckon it
    if min(abs(right - share) for right in rights) > max(slack, 0.02 * share):
        right = round(rights[0], 2)
        values = {"part": match["part"] + match["same"], "right": f"{right:g}", "share": match["share"]}
        evidence = {"base": round(before, 4), "right": right, "share": share}
        yield Hit(Span(*match.span()), values, evidence=evidence, variant="growth")
