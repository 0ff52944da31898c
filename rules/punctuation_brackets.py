"""Punctuation: brackets and quotation marks without a partner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.joined import Joined, Mask
from audit.language.layout import line_numbers
from audit.language.marks import BRACKET, PAIRS, ROUND, marks
from audit.language.patterns import regex
from audit.model import Edit, Hit, Safety, Severity, Span, Text
from audit.rule import Scope, family

rule = family("punctuation")

QUOTES = 4  # the first of PAIRS may run over paragraphs
FEW = 3
LOOSE_PAIRS = (
    0.1  # share of lines with a pair from which a text does not close it within the line: fiction 0.34, news 0.04
)
REACH, PENDING = 40, 16  # lines within which a bracket is closed, and so many open ones at a time
INDENT = 8
TITLE = 24  # a quoted term is no longer
LIST_ITEM = regex(r"[0-9A-Za-z一二三四五六七八九十甲乙丙丁]")  # before a closing bracket: `1)`
CODE = regex(r"[`{}=<>|\\$│]|https?:|[:;][-~]?[()]")
# A letter beside it: a formula, a broken gloss
NOT_PROSE = regex(r"[^\u3000-\u9fff\uff00-\uffef“”‘’][()]|[()](?:[^\u3000-\u9fff\uff00-\uffef]|$)")


class Odd(NamedTuple):
    """A line with more of one bracket than of its partner; `excess` counts the opening ones that are left, or, negative, the closing ones."""

    pair: int
    line: int
    excess: int


def _out_of_balance(text: Text) -> tuple[list[Odd], NDArray[np.int64]]:
    """Lines out of balance in order, and for each pair how many lines have it."""
    at, bits = marks(text)
    kept = (bits & BRACKET) > 0
    at, bracket = at[kept], (bits[kept] & BRACKET).astype(np.int64) - 1
    cell = line_numbers(text, at) * len(PAIRS) + bracket // 2
    cells, inverse = np.unique(cell, return_inverse=True)
    excess = np.bincount(inverse, weights=1 - 2 * (bracket % 2), minlength=len(cells)).astype(np.int64)
    lines = np.bincount(cells % len(PAIRS), minlength=len(PAIRS))
    uneven = np.flatnonzero(excess)
    cells, excess = cells[uneven], excess[uneven]
    odd = [Odd(c % len(PAIRS), c // len(PAIRS), e) for c, e in zip(cells.tolist(), excess.tolist(), strict=True)]
    return odd, lines


def _scout(joined: Joined) -> Mask:
    """Texts with a line that opens more brackets than it closes, or the other way."""
    odd, _ = _out_of_balance(joined.text)
    return joined.holding(joined.text.line_starts[[one.line for one in odd]] if odd else [])


def _alone(text: Text, odd: Odd) -> list[int]:
    """The brackets of an uneven line that have no partner in it."""
    found = marks(text)
    line = text.line(odd.line)
    first, last = np.searchsorted(found.at, (line.start, line.end))
    places, bracket = found.at[first:last], found.bits[first:last] & BRACKET
    mine = (bracket == 2 * odd.pair + 1) | (bracket == 2 * odd.pair + 2)
    alone, waiting = [], []
    for start, opens in zip(places[mine].tolist(), (bracket[mine] % 2 == 1).tolist(), strict=True):
        if opens:
            waiting.append(start)
        elif waiting:
            waiting.pop()
        elif not LIST_ITEM.fullmatch(line.body, max(start - 1, 0), start):
            alone.append(start)
    return alone + waiting


def _goes_on(text: Text, odd: Odd) -> bool:
    """Whether the next paragraph opens the same quotation anew, as those of a long quotation do."""
    if odd.pair >= QUOTES or odd.excess != 1 or odd.line + 1 >= len(text.line_starts):
        return False
    start = int(text.line_starts[odd.line + 1])
    return text.body[start : start + INDENT].lstrip().startswith(PAIRS[odd.pair][0])


def _unsettled(odd: list[Odd]) -> list[Odd]:
    """Uneven lines whose brackets do not find their partners in a line nearby."""
    waiting: list[list[Odd]] = [[] for _ in PAIRS]
    left: list[Odd] = []
    for one in odd:
        opened = waiting[one.pair]
        while opened and (one.line - opened[0].line > REACH or len(opened) > PENDING):
            left.append(opened.pop(0))
        if one.excess > 0:
            opened.append(one)
        elif not opened:
            left.append(one)
        elif one.pair < QUOTES:  # each paragraph of a long quotation opens, only the last closes
            opened.clear()
        else:
            opened.pop()
    left += [one for opened in waiting for one in opened]
    return sorted(left, key=lambda one: (one.line, one.pair))


@rule(
    "PUN005",
    "unmatched-bracket",
    Severity.MINOR,
    {
        "": "{text!r} is never closed",
        "closing": "{text!r} closes nothing",
        "turned": "{text!r} where the closing mark belongs",
    },
    scope=Scope.TEXT,
    scout=_scout,
    triggers="".join(PAIRS) + "()",
    confidence=0.6,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
)
def unmatched_bracket(text: Text) -> Iterator[Hit]:
    """A bracket or quotation mark without its partner, or two that both open.

    Why it matters: a reader does not see where the quotation ends; often the words beside it are lost too.
    Left alone: quotations over several paragraphs, item numbers (`1)`), emoticons, code and formulas, brackets closed within the next lines,
    and texts in which lines that do not close are a habit (dialogue, lists of sentences).
    Repair: where both marks of a pair open, the second is turned; else none, a human sees where the partner belongs.
    """
    odd, lines = _out_of_balance(text)
    rest = _unsettled([one for one in odd if not _goes_on(text, one)])
    habit = np.bincount([one.pair for one in rest], minlength=len(PAIRS)) > np.maximum(FEW, LOOSE_PAIRS * lines)
    for one in rest:
        line = text.line(one.line)
        if habit[one.pair] or CODE.search(line.body, line.start, line.end):
            continue
        yield from _lonely(text, one, _alone(text, one))


def _lonely(text: Text, odd: Odd, starts: list[int]) -> Iterator[Hit]:
    """One hit for an uneven line, on its first lonely bracket, or on the second of two that open."""
    pair = PAIRS[odd.pair]
    opening, closing = pair[0], pair[1]
    evidence = {"pair": pair, "excess": odd.excess}
    if len(starts) == 2 and odd.excess == 2 and odd.pair != ROUND and starts[1] - starts[0] <= TITLE:
        span = Span(starts[1], starts[1] + 1)
        yield Hit(span, {"text": opening}, Edit(closing), 0.8, evidence, "turned", Severity.MINOR)
        return
    line = text.line(odd.line)
    for start in starts[:1]:
        mark = text.body[start]
        if not NOT_PROSE.match(line.body, max(start - 1, line.start), min(start + 2, line.end)):
            yield Hit(
                Span(start, start + 1),
                {"text": mark},
                variant="" if odd.excess > 0 else "closing",
                evidence=evidence,
                severity=Severity.INFO,
            )


RULES = (unmatched_bracket,)
