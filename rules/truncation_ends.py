"""Texts that break off: an ellipsis where a site cut the page, an announcement that nothing follows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audit.language import line_scouts
from audit.language.layout import final_line, layout, within
from audit.language.listing import items
from audit.language.patterns import regex
from audit.language.promise import is_chapter
from audit.language.prose import prose, tidy
from audit.language.sets import among
from audit.language.spots import member
from audit.model import Entry, Hit, Offsets, Role, Severity, Span, Text
from audit.rule import Scope, family

rule = family("truncation")

SHORT = 8  # code points; a shorter announcement is a heading

ELLIPSIS = regex(r"(?P<gap>[ \t\u3000\u00a0]{0,8})(?:…{1,6}|\.{3,12}|。{3,6}|．{3,6}|·{3,6})$")
DOTS = "….。．·"
NOUN_ENDS = "结結报報告況况作明绍紹"
LABEL = 20  # a shorter line without any other mark is a command of a menu (保存为 ...), a row of a table
CLAUSE = 6  # code points since the last mark; shorter ones are trailing words (等等……, 啊……)


TRAILING = "等啊呢吧吗嗎哦呀哈嘛"


@rule(
    "TRN003",
    "dangling-ellipsis",
    Severity.MAJOR,
    "the text breaks off: {text!r}",
    scope=Scope.ENTRY,
    scout=line_scouts.dotted,
)
def dangling_ellipsis(entry: Entry) -> Iterator[Hit]:
    """An ellipsis that a site put where it cut a page: behind a blank, or at an entry's end in plain prose.

    Why it matters: the rest of the passage is missing; a word is often cut in two.
    Left alone: an ellipsis that is meant: in dialogue, after `等`, in texts that use it elsewhere; behind a label (`导出列表 ...`) or a message of progress (`正在下载 ...`) it is a remark.
    Repair: none; the source is needed.
    """
    text, lay = entry.text, layout(entry.text)
    lines = within(entry, text.signal("truncation.dots", _dotted))
    final = final_line(entry) if lines else -1
    for line in lines:
        start, end = int(lay.starts[line]), int(lay.ends[line])
        found = ELLIPSIS.search(text.body, max(start, end - 24), end)
        if found is None or found.start() - start < CLAUSE:
            continue
        before = text.body[start : found.start()]
        quoted = not found["gap"] and before.count("“") > before.count("”")
        if before[-1] in TRAILING or quoted:
            continue
        clause = len(before) - 1 - max(before.rfind(mark) for mark in "。！？!?；;，,、：:")
        spaced = bool(found["gap"]) and "\u3400" <= before[-1] <= "\u9fff"
        last = line == final and entry.role is Role.ENTRY and tidy(text) and clause >= CLAUSE and len(lines) == 1
        last = last and not before[-1].isascii()
        label = spaced and not last and _is_label(before, clause)
        if spaced or (last and text.signal("truncation.plain", _plain)):
            begin = max(start, found.start() - 2)
            yield Hit(
                Span(begin, end),
                {"text": text.body[begin:end]},
                confidence=0.4 if label else 0.95 if spaced and last else 0.85 if spaced else 0.6,
                severity=_severity(text, spaced=spaced, last=last, label=label),
                evidence={"blank_before": spaced, "last_of_entry": line == final},
            )


def _is_label(before: str, clause: int) -> bool:
    """Whether a line says what a menu does (`保存为 ...`), or its last clause what a program is at (`msg: 正在下载文件 ...`)."""
    said = before[len(before) - clause :].lstrip(" '\"“「")
    return len(said) < LABEL and (clause == len(before) or said.startswith(("正在", "请稍", "請稍")))


def _severity(text: Text, *, spaced: bool, last: bool, label: bool) -> Severity:
    """How grave a dangling ellipsis is: in loose lines, which do without closing marks, nobody knows what was meant."""
    if label:
        return Severity.INFO
    if spaced and last:
        return Severity.CRITICAL
    return Severity.MAJOR if tidy(text) else Severity.MINOR


def _plain(text: Text) -> bool:
    """Whether the text hardly uses an ellipsis: at most one in forty long lines."""
    return text.body.count("……") * 40 <= prose(text).long + 40


def _dotted(text: Text) -> Offsets:
    """Lines that end in two dots or more; shape (n,)."""
    lay = layout(text)
    lines = np.flatnonzero(member(lay.last, DOTS) & (lay.lengths > CLAUSE) & ~lay.code)
    kept: Offsets = lines[text.codes[lay.ends[lines] - 2] == lay.last[lines]]
    return kept


def _announced(text: Text) -> Offsets:
    """Lines that may announce and break off; shape (n,)."""
    lay = layout(text)
    return np.flatnonzero(member(lay.last, NOUN_ENDS) & (lay.lengths >= 20))


# F is what a byte shift leaves of 現: `,F将全年工作汇报`
ANNOUNCES = regex(
    r"(?:(?:[现現]|(?<=[,，])F)(?:[将將就把]|(?=[总總汇匯报報][结結报報告]))|[兹茲][将將就])[^。；;！!\n]{0,24}(?:总结|總結|汇报|匯報|报告|報告|情况|情況|工作|说明|說明|介绍|介紹|通报|通報)$"
)
COLON_ENDS = ":："
KEPT = 0.5  # share of the text's other announcements that a list follows: 0.7 on the pages seen, 0.1 in loose lines


@rule(
    "TRN004",
    "empty-announcement",
    Severity.MAJOR,
    "{text!r} announces what does not come",
    scope=Scope.ENTRY,
    scout=line_scouts.announcing,
    confidence=0.75,
)
def empty_announcement(entry: Entry) -> Iterator[Hit]:
    """An announcement that breaks off (`现将具体工作总结`), or that nothing follows in its entry.

    Why it matters: the part that the entry is about was cut.
    Left alone: announcements before a list or a paragraph, loose lines, forms that end in a colon.
    Repair: none; the source is needed.
    """
    text, lay = entry.text, layout(entry.text)
    for line in within(entry, text.signal("truncation.announced", _announced)):
        end = int(lay.ends[line])
        if found := ANNOUNCES.search(text.body, max(int(lay.starts[line]), end - 30), end):
            yield Hit(Span(found.start(), end), {"text": found[0]}, evidence={"broken_off": True})
    followed = entry.end < len(text.body)  # the last one may be where an excerpt was cut
    piece = followed and entry.number is not None and not is_chapter(entry.title_text) and tidy(text)
    if entry.role is not Role.ENTRY or not (piece or text.signal("truncation.announces", _announces)):
        return
    line = final_line(entry)
    if line >= 0 and chr(lay.last[line]) in COLON_ENDS and lay.lengths[line] >= SHORT:
        end = int(lay.ends[line])
        start = max(int(lay.starts[line]), end - 12)
        yield Hit(Span(start, end), {"text": text.body[start:end]}, evidence={"last_of_entry": True})


def _announces(text: Text) -> bool:
    """Whether the text's lines that end in a colon are followed by lists, and most of its paragraphs end as they should."""
    lay, found = layout(text), items(text)
    colons = np.flatnonzero(member(lay.last, COLON_ENDS) & ~lay.code & (lay.lengths >= SHORT))
    opened = among(colons + 1, found.lines[found.leads & (found.numbers == 1)])
    return tidy(text) and len(colons) >= 3 and float(opened.mean()) >= KEPT


RULES = (dangling_ellipsis, empty_announcement)
