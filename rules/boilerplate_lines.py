"""Lines of a page that are not its text's: source, copyright, navigation."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from audit.language.layout import Mask, layout
from audit.language.patterns import regex
from audit.language.prose import is_han
from audit.language.spots import member, narrow, one_of
from audit.model import Edit, Hit, Line, Offsets, Safety, Severity, Span, Text
from audit.rule import Scope, family

rule = family("boilerplate", editorial=True)

MAX_LINE = 120
_BRACKET = one_of("[【（(")


def _openings(text: Text, first: Mask) -> list[tuple[int, int]]:
    """Short lines whose first character, behind a bracket if there is one, is in the table: where they begin and end."""
    starts, ends, opening = text.signal("boilerplate.lines", _short_lines)
    kept = np.flatnonzero(first.take(opening))
    return list(zip(starts.take(kept).tolist(), ends.take(kept).tolist(), strict=True))


def _short_lines(text: Text) -> tuple[Offsets, Offsets, NDArray[np.uint16]]:
    """Where short lines begin and end, and their first character, that behind a bracket if there is one; shapes (n,)."""
    lay, near = layout(text), narrow(text)
    lines = np.flatnonzero((lay.lengths >= 4) & (lay.lengths <= MAX_LINE) & ~lay.code)
    starts = lay.starts[lines]
    return starts, lay.ends[lines], near[starts + _BRACKET[near[starts]]]


def _whole(pattern: re.Pattern[str], text: Text, first: Mask) -> Iterator[Hit]:
    for start, end in _openings(text, first):
        if found := pattern.match(text.body, start, end):
            yield Hit(
                Span(start, found.end()), {"text": found[0][:30]}, edit=Edit(""), evidence={"line": found[0].strip()}
            )


SOURCE = regex(
    r"[\[【（(]?(?:(?:文章|本文|稿件|信息|[内內]容)?(?:[来來]源|出[处處])|原[标標][题題]|[责責]任?[编編][辑輯]?|[录錄]入|作者|[编編][辑輯])[:：][^。！？\n]{1,40}?"
    r"(?:(?:[发發][布佈表]|更新)?(?:[时時][间間]|日期)[:：]|[点點阅閱浏瀏][击擊读讀览覽](?:次?[数數]|量)?[:：]|[责責][编編]|[责責]任|[编編][辑輯][:：]|作者[:：]|[来來]源[:：])[^\n]{0,40}$"
    r"|(?:[发發][布佈表]|更新)(?:[时時][间間]|日期)[:：]\s*(?:19|20)\d\d[^\n。]{0,60}$"
)
_SOURCE = one_of("文本稿信内內来來出原责責录錄作编編发發更")


@rule(
    "BPL005",
    "source-line",
    Severity.MINOR,
    "source line of a site: {text!r}",
    scope=Scope.TEXT,
    by_line=True,
    triggers=(":：",),
    confidence=0.8,
    repair=Safety.SUGGESTED,
)
def source_line(text: Text) -> Iterator[Hit]:
    """A line with the page's source, author, date and reader count.

    Why it matters: it is the page's, not the text's.
    Left alone: a source alone, as under tables and pictures, bibliographies, long paragraphs.
    Repair: suggested; the line is deleted.
    """
    yield from _whole(SOURCE, text, _SOURCE)


NAVIGATION = regex(
    r"(?:您?[现現]?在?的?(?:[当當]前)?位置[:：]\s*)?首[页頁]\s*(?:[>›»＞→/|｜]+\s*[^\n>›»。]{1,20}){1,6}$"
    r"|您?(?:[当當]前|[现現]在)的?位置[:：][^\n。]{1,50}$"
    r"|[\[【（(]?[上下]一[篇页頁章][\]】）)]?\s*[:：][^\n。]{0,60}$"
    r"|[\[【（(]?返回(?:首[页頁]|[顶頂]部|目[录錄]|列表|上[页頁]|上一[页頁])[\]】）)]?$"
    r"|(?:[\[【（(](?:打印|列印|[关關][闭閉]|收藏|加入收藏|字[号號体體][^\]】）)]{0,8}|大\s*中\s*小|打印本[页頁]|[关關][闭閉]窗口|推[荐薦]|分享|[举舉][报報]|[纠糾][错錯])[\]】）)]\s?){1,8}$"
    r"|分享到\s*[:：][^\n。]{0,40}$|(?:[点點][击擊]|[阅閱][读讀]|[浏瀏][览覽])(?:次[数數]|量|[数數])\s*[:：]\s*\d+[^\n。]{0,20}$"
)
_NAVIGATION = one_of("首您现現当當位上下返打列关關收加字大推分举舉纠糾点點阅閱浏瀏")


@rule(
    "BPL006",
    "navigation",
    Severity.MINOR,
    "navigation of a site: {text!r}",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.85,
    repair=Safety.SUGGESTED,
)
def navigation(text: Text) -> Iterator[Hit]:
    """A line of a page's navigation: a trail from the front page, next and previous page, buttons, counters.

    Why it matters: it is the page's, not the text's.
    Left alone: sentences about pages and buttons; the line must be nothing else.
    Repair: suggested; the line is deleted.
    """
    yield from _whole(NAVIGATION, text, _NAVIGATION)


COPYRIGHT = regex(
    r"未[经經][^。\n]{0,10}(?:授[权權]|[许許]可|同意|允[许許])[^。\n]{0,4}(?:不得|[严嚴禁]|[请請]勿|[谢謝][绝絕])[^。\n]{0,8}[转轉][载載]"
    r"|[转轉][载載][请請](?:[标註注][明註]|保留)|[版著]作?[权權][归歸]?[^。\n]{0,12}所有[^。\n]{0,20}(?:[转轉][载載]|侵[权權]|[删刪]除)|All [Rr]ights [Rr]eserved"
)


@rule(
    "BPL008",
    "copyright-line",
    Severity.MINOR,
    "a site claims its rights: {text!r}",
    triggers=("转轉A", "载載R"),
    by_line=True,
    confidence=0.8,
    repair=Safety.SUGGESTED,
)
def copyright_line(line: Line) -> Iterator[Hit]:
    """A line in which a site claims copyright or asks to be named by those who copy.

    Why it matters: it is the page's, not the text's.
    Left alone: statutes and texts about copyright, long paragraphs.
    Repair: suggested; the line is deleted.
    """
    if line.end - line.start <= MAX_LINE and (found := COPYRIGHT.search(line.body, line.start, line.end)):
        yield Hit(Span(line.start, line.end), {"text": found[0]}, edit=Edit(""), evidence={"claim": found[0]})


DATE = regex(r"(?:(?:19|20)\d\d[-./])?(?:0[1-9]|1[0-2])[-./](?:0[1-9]|[12]\d|3[01])$")


DATED = (*"于於自从從至到为為是即的在", "日期", "时间", "時間")  # what a date belongs behind


@rule(
    "BPL004",
    "glued-date",
    Severity.MINOR,
    "the date {text!r} is glued to a title",
    scope=Scope.TEXT,
    by_line=True,
    triggers="0123456789",
    repair=Safety.SUGGESTED,
)
def glued_date(text: Text) -> Iterator[Hit]:
    """A page's date glued to the title of a link, as in `工作总结12-30`.

    Why it matters: it is read as part of the title, as a score or a number.
    Left alone: dates behind a blank or in brackets or behind a word that asks for one (`日期`, `至`), single lines, scores and ranges.
    Repair: suggested; the date is deleted.
    """
    lay = layout(text)
    digit = (lay.last - np.uint32(0x30)) < 10
    lines = np.flatnonzero(digit & (lay.lengths >= 8) & (lay.lengths <= 60) & ~lay.code)
    lines = lines[member(text.codes[lay.ends[lines] - 3], "-./")] if len(lines) else lines
    dated: list[tuple[int, int, int]] = []
    for line in lines.tolist():
        end = int(lay.ends[line])
        found = DATE.search(text.body, max(int(lay.starts[line]) + 2, end - 10), end)
        at = found.start() if found else 0
        if at and is_han(text.codes[at - 1 : at])[0] and not text.body.endswith(DATED, max(at - 2, 0), at):
            dated.append((line, at, end))
    among = {line for line, _, _ in dated}
    for line, start, end in dated:
        if line - 1 in among or line + 1 in among:
            yield Hit(
                Span(start, end), {"text": text.body[start:end]}, edit=Edit(""), evidence={"neighbours_dated": True}
            )


RULES = (glued_date, source_line, navigation, copyright_line)
