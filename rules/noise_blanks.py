"""Blanks inside sentences that have no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from audit.language import scouts
from audit.language.layout import line_numbers
from audit.language.patterns import regex
from audit.language.repeated import doubled
from audit.language.spots import blanks, member
from audit.language.stutter import equals
from audit.model import Codes, Edit, Hit, Line, Offsets, Safety, Severity, Span, Text
from audit.rule import Scope, family

rule = family("noise")

LONGEST = 1600  # a longer line is not looked at, so that a text of one line costs no more
NUMERALS = "一二三四五六七八九十"
ARTICLE = "条條章节節编編款篇卷目第項项則则表件例註注"
LIST = r"^[ \u3000]*[一二三四五六七八九十]{1,3}、"
ENUMERATED = regex(LIST + r"\Z")
TIGHT_NUMBER = regex(r"\d(?=[\u3400-\u9fff])")
BLANKED = regex(r"[等共有达達约約近了计計][ ]+[家名个個户戶件期项項份人元万萬]")  # a lost figure, not a stray blank
PARTICLES = "的和与與及或被把之由于於"
KEPT = regex(
    r"[目标標]的的|的的[确確]|[参參赠贈给給授]与与|[参參贈給授]與與|[触觸涉普顾顧波危埃提论論以]及及|和和[气氣睦]|[平缓緩共饱飽温溫柔调調总總附应應求]和和|自由由|[关關对對由等至鉴鑑基属屬位在处處用限]于于|[关關對由等至鉴鑑基屬位在處用限]於於|[总總]之之|把把(?![\u3400-\u9fff])|或或"
)
SOUNDS = "噗克丁哈呵嘿嘻啊呀哇哦噢嗯唉哎呜嗚嘎咚叮当噹滴答嗒轰轟隆突啪咯喔汪喵咩零一二三四五六七八九十〇长長朝高好不对對来來快冲衝太最很真点點深滚滾嗡吱咕噜嚕沙哗嘩铃鈴呼咳哼嗨喂等某格"
NAMED = regex(r"(?:[A-Za-z][ ]?|[ ])[0-9.]{1,12}$")  # `CNS 4435 钢管`, `EC2 文档`: the number ends a foreign name
POINTS = regex(r"[，。；：！？、,;:!?]")
TABLE = regex(r"[\t|\u2500-\u257f]")
HABIT = 500  # a blank in fewer code points than this is how the text is set
# Between words and these a number was taken out; the others begin words too, and count only before a mark
COUNTERS, OTHERS, MARKS = "名處处口册冊座", "家個个户戶件期项項份人次场場台篇", "，。；、,;"
DISTRIBUTIVE = "一那这這几幾两兩"  # 一小口一小口, 那么多那么多
SENTENCES = 4  # of a paragraph in which a blank behind one of them is a trace of a joint


@rule(
    "NOI004",
    "stray-blank",
    Severity.MINOR,
    "stray blank between {before!r} and {after!r}",
    scope=Scope.TEXT,
    scout=scouts.gaps,
    repair=Safety.SUGGESTED,
    confidence=0.7,
    alone=Severity.INFO,
)
def stray_blank(text: Text) -> Iterator[Hit]:
    """A blank inside a sentence that has no others: between Han, behind a list number (`一、 基本情况`), inside a count (`6 家`).

    Why it matters: it parts words for search and for models, and is a trace of a lost layout or of text that was cut out.
    Left alone: text that sets blanks by habit (between Han and Latin, behind every number, in a tenth of the places), statutes (`第一条 …`),
    headings, names (`张 三`), verse, lists of words, tables, signatures.
    Repair: the blank is deleted; suggested.
    """
    codes, gaps = text.codes, blanks(text)
    if not len(gaps) or len(codes) < 3:
        return
    joins = np.diff(gaps) == 1
    starts, ends = gaps[~np.concatenate([[False], joins])], gaps[~np.concatenate([joins, [False]])] + 1
    inside = (starts > 0) & (ends < len(codes)) & (ends - starts <= 2) & (codes[starts] == 0x20)
    starts, ends = starts[inside], ends[inside]
    before, after = codes[starts - 1], codes[ends]
    left, right = _han(before), _han(after)
    if ((left & _word(after)) | (right & _word(before))).sum() * HABIT > len(codes) + 2000:
        return  # Han and Latin are parted by blanks as a rule
    numbered = (right & _digit(before)) | (left & _digit(after))
    prose = left & right & ~member(before, ARTICLE) & ~_counted(codes, ends)
    behind = (before == ord("。")) & right
    for judge, kind in (
        (_listed, (before == ord("、")) & right),
        (_numbered, numbered),
        (_prose, prose),
        (_behind, behind),
    ):
        if kind.sum() * HABIT < len(codes) + 2000:
            yield from _stray(text, starts[kind], ends[kind], judge)


def _han(codes: Codes | NDArray[np.uint16]) -> NDArray[np.bool_]:
    return (codes >= 0x3400) & (codes <= 0x9FFF)


def _stray(text: Text, starts: Offsets, ends: Offsets, judge: Callable[[Line, int, int], bool]) -> Iterator[Hit]:
    lines = line_numbers(text, starts)
    few = np.bincount(lines)[lines] <= 2
    for start, end, number in zip(starts[few].tolist(), ends[few].tolist(), lines[few].tolist(), strict=True):
        line = text.line(number)
        if line.end - line.start > LONGEST or BLANKED.match(line.body, start - 1):
            continue
        if judge(line, start, end) and not TABLE.search(line.body, line.start, line.end):
            yield Hit(
                Span(start, end),
                {"before": line.body[start - 1], "after": line.body[end]},
                edit=Edit(""),
                severity=Severity.MINOR if line.body[start - 1].isdecimal() else Severity.INFO,
                evidence={"around": line.body[max(line.start, start - 6) : end + 6]},
            )


def _digit(codes: Codes) -> NDArray[np.bool_]:
    return (codes >= ord("0")) & (codes <= ord("9"))


def _word(codes: Codes) -> NDArray[np.bool_]:
    folded = codes | 0x20
    return _digit(codes) | ((folded >= ord("a")) & (folded <= ord("z")))


def _listed(line: Line, start: int, end: int) -> bool:  # noqa: ARG001 - one signature for all kinds
    if not ENUMERATED.match(line.body[line.start : start]):
        return False
    tight, spaced = line.text.signal("noise.listed", _list_habit)
    return bool(tight > 2 * spaced)


def _list_habit(text: Text) -> tuple[int, int]:
    """Lines that begin `一、` with a word right behind, and with a blank between."""
    starts = text.line_starts[text.line_starts + 2 < len(text.codes)]
    listed = starts[member(text.codes[starts], NUMERALS) & (text.codes[starts + 1] == ord("、"))]
    following = text.codes[listed + 2]
    return int(_han(following).sum()), int((following == 0x20).sum())


def _numbered(line: Line, start: int, end: int) -> bool:  # noqa: ARG001
    if NAMED.search(line.body, line.start, start):
        return False
    tight = len(TIGHT_NUMBER.findall(line.body, line.start, line.end))
    return tight >= 2 and POINTS.search(line.body, line.start, start) is not None


def _counted(codes: Codes, ends: Offsets) -> NDArray[np.bool_]:
    """Which blanks stand before a measure word."""
    marked = member(codes.take(ends + 1, mode="clip"), MARKS)
    return member(codes[ends], COUNTERS) | (member(codes[ends], OTHERS) & marked)


def _behind(line: Line, start: int, end: int) -> bool:
    """Whether a blank behind a full stop is the only one in a paragraph of several sentences."""
    spaced = line.body.count("。 ", line.start, line.end) + line.body.count("。\u3000", line.start, line.end)
    return spaced == 1 and end - start == 1 and line.body.count("。", line.start, line.end) >= SENTENCES


def _prose(line: Line, start: int, end: int) -> bool:
    left = [mark.end() for mark in POINTS.finditer(line.body, line.start, start)]
    right = POINTS.search(line.body, end, line.end)
    lead, trail = start - (left[-1] if left else line.start), (right.start() if right else line.end) - end
    if (not left and lead < 12) or (right is None and trail < 14):
        return False  # a heading that runs into its text; a signature, a date, a caption
    return lead > 1 or trail > 1


@rule(
    "NOI011",
    "repeated-character",
    Severity.INFO,
    "{text!r} is repeated",
    scope=Scope.TEXT,
    by_line=True,
    repair=Safety.SUGGESTED,
    confidence=0.7,
)
def repeated_character(text: Text) -> Iterator[Hit]:
    """A particle or preposition written twice (`的的`, `与与`), a word of three characters and more twice in a row, or one character four times and more.

    Why it matters: it is a slip of typing or of pasting; a remark, since edited text has one in 100,000 too.
    Left alone: 目的的, 参与与, 的的确确, 用户的用户名, laughter and sounds (哈哈哈哈), numerals, reduplicated words (看看, 天天), verse.
    Repair: one of them is kept; suggested.
    """
    codes = text.codes
    yield from _words(text)
    same = equals(text)
    if not len(same):
        return
    twice = same[member(codes[same], PARTICLES)]
    for at in twice.tolist():
        if not KEPT.search(text.body, max(0, at - 1), at + 3) and text.body[at - 1 : at] != text.body[at]:
            yield _repeated(text, at, at + 2)
    heads = same[:-2][same[2:] - same[:-2] == 2]
    heads = heads[~member(codes[heads], SOUNDS)]
    for at in heads.tolist():
        if at and codes[at - 1] == codes[at]:
            continue  # inside a run already told
        end = at + 4
        while end < len(codes) and codes[end] == codes[at]:
            end += 1
        yield _repeated(text, at, end)


def _words(text: Text) -> Iterator[Hit]:
    """Three to eight characters that stand twice in a row inside a sentence: `队员们队员们`, as a paste done twice leaves them."""
    for start, size in doubled(text):
        word = text.body[start : start + size]
        if (
            len(set(word)) == size
            and word[0] not in DISTRIBUTIVE
            and word[-1] not in "的了"
            and _in_running_text(text.body, start, start + 2 * size)
            and not (word[0] == "的" and "\u3400" <= text.body[start + 2 * size : start + 2 * size + 1] <= "\u9fff")
        ):
            yield Hit(Span(start, start + 2 * size), {"text": text.body[start : start + 2 * size]}, edit=Edit(word))


def _in_running_text(body: str, start: int, end: int) -> bool:
    """Whether words go on at one side at least, so that it is no call or refrain that stands by itself."""
    before, after = body[start - 1 : start] if start else "", body[end : end + 1]
    return any("\u3400" <= beside <= "\u9fff" for beside in (before, after) if beside)


def _repeated(text: Text, start: int, end: int) -> Hit:
    return Hit(Span(start, end), {"text": text.body[start:end]}, edit=Edit(text.body[start]))


RULES = (stray_blank, repeated_character)
