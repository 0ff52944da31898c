"""Lists inside one paragraph that lose count: `一是…三是`, `第一，…第三，`, `一、…二、…四、`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from audit.joined import Joined, Mask
from audit.language.counting import orderly
from audit.language.listing import CIRCLED, DIGIT, IS, NTH, SCHEMES, Items, items
from audit.language.numerals import write_han
from audit.language.spots import distinct
from audit.model import Hit, Offsets, Severity, Span, Text
from audit.rule import Scope, family

rule = family("numbering")

FORMULAS = (IS, NTH)  # two of them are a list; of the others three show that it is one
MAX_GAP = 3
CONTENT = 4  # code points of an item, its mark included; `第一，第三，` are references


def _scout(joined: Joined) -> Mask:
    """Texts with a list in one line that does not go on as it began."""
    found = items(joined.text)
    return joined.holding([int(found.starts[run[0]]) for run in _runs(found)] if len(found.starts) > 1 else [])


@rule(
    "NUM008",
    "inline-number",
    Severity.MINOR,
    {
        "": "{text!r} comes where number {due} was due in this paragraph",
        "again": "{text!r} again in this paragraph, where number {due} was due",
    },
    scope=Scope.TEXT,
    scout=_scout,
    confidence=0.8,
    alone=Severity.INFO,
)
def inline_number(text: Text) -> Iterator[Hit]:
    """A list that runs inside its paragraph and leaves a number out, as `一是…；三是…` without 二是, or says one twice.

    Why it matters: a clause was lost, and with it one of the points.
    Left alone: lists that do not begin with one in their paragraph, references (`第一、第三款`), decimals and dates, numbers that are
    found elsewhere in the paragraph, texts whose lists are looked at as a whole (NUM001).
    Repair: none; the source is needed.
    """
    found = items(text)
    if len(found.starts) < 2:
        return
    judged = text.signal("counting.orderly", orderly)
    for run in _runs(found):
        scheme = int(found.schemes[run[0]])
        if scheme == CIRCLED or (scheme in FORMULAS and scheme in judged):
            continue
        yield from _broken(text, found, run, scheme)


def _runs(found: Items) -> Iterator[Offsets]:
    """The items of one scheme in one line, where one of them does not follow the one before it."""
    order = np.lexsort((found.starts, found.schemes, found.lines))
    key = found.lines[order] * SCHEMES + found.schemes[order]
    numbers = found.numbers[order]
    odd = np.flatnonzero((key[1:] == key[:-1]) & (numbers[1:] != numbers[:-1] + 1) & (numbers[1:] != 1))
    for same in distinct(key[odd]).tolist():
        first, last = np.searchsorted(key, (same, same + 1))
        yield order[first:last]


def _broken(text: Text, found: Items, run: Offsets, scheme: int) -> Iterator[Hit]:
    """The first item of the run that does not follow, if those before it count from one."""
    numbers = found.numbers[run].tolist()
    at = next(n for n in range(1, len(numbers)) if numbers[n] != numbers[n - 1] + 1 and numbers[n] != 1)
    due = numbers[at - 1] + 1
    counted = numbers[:at] == list(range(1, at + 1)) and (at > 1 or scheme in FORMULAS)
    gap = due < numbers[at] <= due + MAX_GAP and due not in numbers
    again = numbers[at] == numbers[at - 1] and scheme == IS and at > 1
    item = int(run[at])
    apart = int(found.starts[item] - found.ends[run[at - 1]]) >= CONTENT
    if not (counted and (gap or again) and apart) or _is_reference(text.body, found, run, scheme):
        return
    between = text.body[int(found.ends[run[at - 1]]) : int(found.starts[item])]
    if re.search(rf"(?:{due}|{write_han(due)})[、.．,，:：)）是]", between):
        return  # it is there, in a form that is not read as an item: `七、三代同堂`
    span = Span(int(found.starts[item]), int(found.ends[item]))
    seen = text.body[span.start : span.end]
    evidence = {"seen": seen, "due": due, "number": numbers[at], "in_paragraph": numbers}
    yield Hit(span, {"text": seen, "due": due}, variant="" if gap else "again", evidence=evidence)


def _is_reference(body: str, found: Items, run: Offsets, scheme: int) -> bool:
    """Whether the numbers point at things instead of counting clauses: `第一、第三产业`, `3.5`, `2.`, in a formula."""
    ends = found.ends[run].tolist()
    if scheme == NTH:
        return any(body[end - 1] == "、" for end in ends)
    return scheme == DIGIT and any(not "\u3400" <= body[end : end + 1] <= "\u9fff" for end in ends)


RULES = (inline_number,)
