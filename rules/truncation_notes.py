"""What a site says in place of text: so many characters hidden, read on there, pay first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audit.language.layout import layout
from audit.language.patterns import regex
from audit.language.seams import INVITING, seams
from audit.language.spots import one_of
from audit.model import Hit, Line, Severity, Span, Text
from audit.rule import Scope, family

rule = family("truncation")

HIDDEN = regex(
    r"[隐隱省略删刪剩还還](?:(?<=[隐隱])藏|(?<=省)略|(?<=略)去|(?<=[删刪])[减減]|(?<=剩)[余餘]|(?<=[还還])有)了?[ ]?[约約]?\d{1,6}[ ]?[余餘多]?[个個]?(?:字符?|段|[内內]容)"
)
LEAD = regex(r"(?:[….（(\[【*—_]{1,8}[ ]?(?:此[处處]|以下|中[间間]|下文)?|此[处處]|以下|中[间間]|下文)[已被]?\Z")
CLOSE = regex(r"[….）)\]】*—_]{1,8}")


@rule(
    "TRN005",
    "hidden-text",
    Severity.CRITICAL,
    "text was left out: {text!r}",
    triggers=("隐隱略删刪剩还還", "字段内內", "0123456789"),
    by_line=True,
)
def hidden_text(line: Line) -> Iterator[Hit]:
    """A site's note that it left text out, as in `……此处隐藏924个字……` and `省略854字`.

    Why it matters: the text is not whole, and the note passes for its words.
    Left alone: sentences about omissions (`编辑要求省略200字左右的介绍`).
    Repair: none; the source is needed.
    """
    body = line.body
    for found in HIDDEN.finditer(body, line.start, line.end):
        start, end = found.span()
        before = body[max(line.start, start - 12) : start]
        lead, close = LEAD.search(before), CLOSE.match(body, end, line.end)
        opens = not before.strip() or before[-1] in "。！？）)】]"
        ends = close or end == line.end or body[end] in "。 \u3000"
        if ends and (lead or opens):
            start -= len(lead[0]) if lead else 0
            end = close.end() if close else end
            yield Hit(Span(start, end), {"text": body[start:end]})


MORE = (
    r"(?:点击|點擊|请|請)?(?:[阅閱][读讀]|查看|显示|顯示|展[开開]|[继繼][续續][阅閱][读讀]|[浏瀏][览覽])"
    r"(?:全文|全部|更多|[余餘]下|剩[余餘]|原文|[详詳]情)[^\]】）)>\n，。*]{0,6}"
)
LOCK = (
    r"(?:[开開]通|[购購][买買]|成[为為]|升[级級]|登[录錄入]|注[册冊]|付[费費]|[订訂][阅閱]|[关關]注|[扫掃][码碼])[^\s，。,；*]{0,14}?"
    r"(?:解[锁鎖]|[继繼][续續][阅閱][读讀]"
    r"|(?:查看|[阅閱][读讀]|[观觀]看|下[载載]|[浏瀏][览覽])(?:全|完整|更多|剩|[余餘]|本文|下文|[内內]容|答案))[^。，,；\s*\]】）)]{0,10}"
)
FRAMED = regex(
    rf"[\[【（(<＜《「]\s?(?:{MORE}|{LOCK})\s?[\]】）)>＞》」]|\*{{1,2}}(?:{LOCK}|{MORE})\*{{1,2}}|[….]\s?{MORE}[>»›＞ ↓]{{0,6}}$"
)
REST = r"(?:剩[余餘]|[余餘]下|更多|完整|全部|本文|下文)(?:[内內]容|部分|章[节節]|正文)?[，,]?[请請需須]{1,2}(?:先|您)?"
ALONE = regex(rf"(?:(?:{REST})?(?P<lock>{LOCK})|{MORE})[>»›＞ ↓]{{0,6}}$")
BUTTON = regex(
    r"(?:全文|全部|更多|[余餘]下|剩[余餘]|原文|[详詳]情)(?:的?(?:[内內]容|文章|正文|部分|章[节節]))?[>»›＞ ↓]{0,6}$"
)
_VERB = one_of(INVITING + "剩余餘更完全本下")
MAX_ALONE = 24
PASSAGE = 30  # menus and lists of messages have shorter lines


@rule(
    "TRN006",
    "teaser",
    Severity.MAJOR,
    "{text!r} stands where the text was cut",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.85,
)
def teaser(text: Text) -> Iterator[Hit]:
    """A site's invitation to read on elsewhere or to pay, as in `[阅读全文]` and `*开通会员可解锁*`.

    Why it matters: the text ends or has a hole here, and the invitation passes for its words.
    Left alone: sentences about reading on or paying; the invitation must stand in brackets, after an ellipsis, or alone.
    Repair: none; the source is needed.
    """
    lay, body = layout(text), text.body
    frames = seams(text).invitations - 1
    alone = np.flatnonzero((lay.lengths <= MAX_ALONE) & (lay.lengths >= 4) & _VERB[np.minimum(lay.first, 0xFFFF)])
    places = [
        (int(at), FRAMED, int(lay.ends[line]))
        for at, line in zip(frames, np.searchsorted(text.line_starts, frames, side="right") - 1, strict=True)
    ]
    places += [(int(lay.starts[n]), ALONE, int(lay.ends[n])) for n in alone]
    for start, pattern, end in sorted(places, key=lambda place: place[0]):
        found = pattern.match(body, start, end)
        if found is None or (pattern is ALONE and not found["lock"] and not _cut_above(text, start, end)):
            continue
        if not lay.code[text.line_at(start)]:
            begin = start + (body[start] in "….")
            yield Hit(Span(begin, found.end()), {"text": body[begin : found.end()].strip()})


def _cut_above(text: Text, start: int, end: int) -> bool:
    """Whether a line of text stands above a lone invitation; among short lines it is the label of a button."""
    lay, line = layout(text), text.line_at(start)
    if BUTTON.search(text.body, start, end) is None:
        return False
    above = np.flatnonzero(lay.lengths[max(0, line - 3) : line]) + max(0, line - 3)
    return len(above) > 0 and bool(lay.lengths[above[-1]] >= PASSAGE)


RULES = (hidden_text, teaser)
