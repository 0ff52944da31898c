"""Damaged list marks: a bracket without its partner, a number that belongs to no list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audit.language import line_scouts
from audit.language.layout import layout
from audit.language.listing import DIGIT_BRACKET, HAN_BRACKET, Items, items
from audit.language.seams import seams
from audit.language.sets import among
from audit.language.spots import member
from audit.model import Edit, Entry, Hit, Offsets, Safety, Severity, Span, Text
from audit.rule import Scope, family

rule = family("numbering")


@rule(
    "NUM005",
    "item-bracket",
    Severity.MINOR,
    "item {text!r} lacks its opening bracket",
    scope=Scope.ENTRY,
    scout=line_scouts.half_bracketed,
    repair=Safety.SUGGESTED,
)
def item_bracket(entry: Entry) -> Iterator[Hit]:
    """A bracketed list number without its opening bracket, as in `一)` for `(一)`.

    Why it matters: the bracket was lost with what stood before it; the list no longer looks like one.
    Left alone: `1)` and its kin, where the closing bracket alone is a style, unless the same list has both; lone finds.
    Repair: suggested; the bracket of the same width.
    """
    found = items(entry.text)
    bare = entry.text.signal("numbering.bare", _bare)
    low, high = np.searchsorted(found.starts, (entry.start, entry.end))
    bare = bare[np.searchsorted(bare, low) : np.searchsorted(bare, high)]
    if not len(bare):
        return
    kin = np.flatnonzero(found.leads[low:high] & among(found.schemes[low:high], (HAN_BRACKET, DIGIT_BRACKET))) + low
    for item in bare.tolist():
        near = _neighbours(found, kin, item)
        whole = any(found.opened[n] for n in near)
        if whole or (near and found.schemes[item] == HAN_BRACKET):
            span = Span(int(found.starts[item]), int(found.ends[item]))
            seen = entry.text.body[span.start : span.end]
            bracket = "（" if seen.endswith("）") else "("
            sure = 0.85 if whole or found.schemes[item] == HAN_BRACKET else 0.6
            yield Hit(
                span, {"text": seen}, edit=Edit(bracket + seen), confidence=sure, evidence={"siblings": len(near)}
            )


def _bare(text: Text) -> Offsets:
    """Items at line starts without their opening bracket; shape (n,)."""
    found = items(text)
    return np.flatnonzero(found.leads & ~found.opened)


def _neighbours(found: Items, kin: Offsets, item: int) -> list[int]:
    """The items right before and after of the same scheme that count on from this one."""
    at = int(np.searchsorted(kin, item))
    near = []
    for step in (-1, 1):
        if 0 <= at + step < len(kin):
            other = int(kin[at + step])
            if found.schemes[other] == found.schemes[item] and found.numbers[other] == found.numbers[item] + step:
                near.append(other)
    return near


_AFTER = "在被於于从從向由將将并並而也都就是了"


@rule(
    "NUM007",
    "stray-number",
    Severity.MINOR,
    "stray number {text!r} between {before!r} and {after!r}",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.75,
)
def stray_number(text: Text) -> Iterator[Hit]:
    """A number between two words that take none, as in `渡過難關的4在基層`.

    Why it matters: it is what remains of lost text: a list number, a page number, a note's sign.
    Left alone: numbers before a measure word, in formulas and code, after `和` and `与`.
    Repair: none; what stood around it is lost.
    """
    codes, body = text.codes, text.body
    at = seams(text).strays
    at = at[at + 2 < len(codes)]
    pair = (codes[at + 1] - np.uint32(0x30)) < 10
    after = at + 1 + pair
    among = member(codes[after], _AFTER) & ~((codes[after] == ord("是")) & (codes[at - 1] == ord("的")))  # 剩下的69是
    for start, end in zip(at[among].tolist(), after[among].tolist(), strict=True):
        if not layout(text).code[text.line_at(start)]:
            values = {"text": body[start:end], "before": body[start - 1], "after": body[end]}
            yield Hit(Span(start, end), values, evidence=dict(values))


RULES = (item_bracket, stray_number)
