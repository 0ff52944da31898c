"""Lists that lost count: numbers that skip, repeat, hide in a paragraph, were misread, or break a promise.

A text must first show that it counts (nearly all of its items follow their neighbour), or its numbers are no evidence:
in a list of loose sentences two items out of three do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from audit.joined import Joined, Mask
from audit.language import line_scouts
from audit.language.counting import GLUED, LETTER, REPEAT, SKIP, Problem, orderly, problems
from audit.language.layout import layout
from audit.language.listing import DIGIT, IS, Items, items
from audit.language.misread_numbers import LETTERS
from audit.language.numerals import parse, write_han
from audit.language.prose import wrapped
from audit.language.spots import member
from audit.model import Edit, Entry, Hit, Offsets, Safety, Severity, Span, Text
from audit.rule import Scope, family

from .numbering_inline import RULES as INLINE
from .numbering_marks import RULES as MARKS
from .numbering_promises import PROMISE, broken_promises

rule = family("numbering")

IN_LINE = 20  # items that a line may hold


def _span(found: Items, item: int) -> Span:
    return Span(int(found.starts[item]), int(found.ends[item]))


def _hit(entry: Entry, problem: Problem, edit: Edit | None = None, severity: Severity | None = None) -> Hit:
    found = items(entry.text)
    span = _span(found, problem.item)
    seen = entry.text.body[span.start : span.end]
    evidence = {"seen": seen, "due": problem.due, "number": int(found.numbers[problem.item])}
    values = {"text": seen, "due": problem.due}
    return Hit(span, values, edit=edit, confidence=problem.confidence, severity=severity, evidence=evidence)


def _in_line(entry: Entry, problem: Problem) -> bool:
    """Whether the numbers that a list leaves out stand inside the line of the item before, as in an answer key: `1．B　2．C`."""
    found, body = items(entry.text), entry.text.body
    start, end = int(found.starts[problem.item]), int(found.ends[problem.item])
    number = int(found.numbers[problem.item])
    if found.schemes[problem.item] != DIGIT or not 0 < number - problem.due <= IN_LINE:
        return False
    before = found.starts[: problem.item][found.leads[: problem.item]]
    line = entry.text.line_at(start) - 1
    first = max(int(before[-1]) if len(before) else entry.start, int(entry.text.line_starts[max(line, 0)]), entry.start)
    stop = re.escape(body[end - 1])
    return all(
        re.search(rf"[ \t\u3000]{number}{stop}(?!\d)", body[first:start]) for number in range(problem.due, number)
    )


@rule(
    "NUM001",
    "skipped-number",
    Severity.MINOR,
    "{text!r} comes where number {due} was due",
    scope=Scope.ENTRY,
    scout=line_scouts.counting,
    alone=Severity.INFO,
)
def skipped_number(entry: Entry) -> Iterator[Hit]:
    """A list item whose number leaves out one or more before it.

    Why it matters: the items between are lost, and nobody can tell what they said.
    Left alone: a list that begins anew under a new heading, a list inside a list, several items in a line, texts that do not count; a list whose beginning
    is not in the text is a remark unless its entry is numbered, and so is any in hard-wrapped text.
    Repair: none; the source is needed.
    """
    for problem in problems(entry):
        if problem.kind == SKIP and not _in_line(entry, problem):
            headless = problem.due == 1 and entry.number is None  # the text may be a part of a longer one
            doubtful = headless or wrapped(entry.text)  # the items before may stand inside lines
            yield _hit(entry, problem, severity=Severity.INFO if doubtful else None)


@rule(
    "NUM002",
    "repeated-number",
    Severity.MINOR,
    "{text!r} again, where number {due} was due",
    scope=Scope.ENTRY,
    scout=line_scouts.counting,
    alone=Severity.INFO,
)
def repeated_number(entry: Entry) -> Iterator[Hit]:
    """A list item that bears the number of the one before it.

    Why it matters: either the count is wrong, or what parted two lists is lost.
    Left alone: Markdown lists that say `1.` at every item, lists under different headings.
    Repair: none; renumbering would hide a lost heading.
    """
    for problem in problems(entry):
        if problem.kind == REPEAT:
            yield _hit(entry, problem)


@rule(
    "NUM003",
    "glued-item",
    Severity.MINOR,
    "item {text!r} runs on inside a paragraph",
    scope=Scope.ENTRY,
    scout=line_scouts.counting,
    repair=Safety.SUGGESTED,
    editorial=True,
)
def glued_item(entry: Entry) -> Iterator[Hit]:
    """A list item in mid-paragraph, while its list stands one item a line.

    Why it matters: a line break, and often the text around it, was lost; readers and programs miss the item.
    Left alone: lists that run inside their paragraph, references to items, years of school (`三、四年级`); in hard-wrapped text it is a remark.
    Repair: suggested; the item goes to a line of its own, stray digits before its number are dropped.
    """
    found = items(entry.text)
    for problem in problems(entry):
        if problem.kind == GLUED:
            item = entry.text.body[int(found.starts[problem.item]) : int(found.ends[problem.item])]
            if found.numbers[problem.item] != problem.due:
                number = str(problem.due) if found.schemes[problem.item] == DIGIT else write_han(problem.due)
                item = f"{number}{item[-1]}"
            broken = wrapped(entry.text)  # any line may begin with an item there
            yield _hit(entry, problem, Edit(f"\n{item}"), Severity.INFO if broken else None)


@rule(
    "NUM004",
    "letter-for-digit",
    Severity.MINOR,
    "{text!r} stands for item number {due}",
    scope=Scope.ENTRY,
    scout=line_scouts.counting,
    repair=Safety.SUGGESTED,
)
def letter_for_digit(entry: Entry) -> Iterator[Hit]:
    """A list number in which a letter stands for a digit, as in `l、` before `2、`.

    Why it matters: recognition or typing confused the shapes; the list loses an item for every program.
    Left alone: lists that count in letters or Roman numerals, letters that the next item does not follow.
    Repair: suggested; the digit that the list calls for.
    """
    text, lay = entry.text, layout(entry.text)
    for problem in problems(entry):
        if problem.kind == LETTER and (seen := LETTERS.match(text.body, int(lay.starts[problem.item]))):
            yield Hit(
                Span(*seen.span()),
                {"text": seen[0], "due": problem.due},
                edit=Edit(f"{problem.due}{seen['stop']}"),
                confidence=problem.confidence,
                evidence={"seen": seen[0], "due": problem.due},
            )


NEAR = 200  # items among which a promised list ends
FEW_ITEMS = 10  # a text with fewer of a kind cannot show that it counts, but may promise


def _scout(joined: Joined) -> Mask:
    """Texts in which a list begins under a line that ends in a colon, or with a promise that its paragraph does not keep."""
    return line_scouts.promising(joined) | joined.holding([one.start for one in broken_promises(joined.text)])


@rule(
    "NUM006",
    "list-promise",
    Severity.MINOR,
    "{text!r} promises {due}, {count} follow",
    scope=Scope.ENTRY,
    scout=_scout,
    confidence=0.7,
    alone=Severity.INFO,
)
def list_promise(entry: Entry) -> Iterator[Hit]:
    """A list shorter or longer than the sentence before it says, as `四项工作:` before three items, `“三查”：班前查、班中查`.

    Why it matters: an item was lost, or one of another list slipped in.
    Left alone: numbers of articles, lists that do not begin right behind the colon, texts that do not count.
    Repair: none; the source is needed.
    """
    text, found, lay = entry.text, items(entry.text), layout(entry.text)
    shares = text.signal("counting.orderly", orderly)
    low, high = np.searchsorted(found.starts, (entry.start, entry.end))
    opening = text.signal("numbering.opening", _opening)
    for item in opening[np.searchsorted(opening, low) : np.searchsorted(opening, high)].tolist():
        scheme, before = int(found.schemes[item]), int(found.lines[item]) - 1
        start, end = int(lay.starts[before]), int(lay.ends[before])
        promise = PROMISE.search(text.body, max(start, end - 30), end)
        if (
            promise is None
            or (scheme not in shares and (found.schemes == scheme).sum() > FEW_ITEMS)
            or start < entry.start
        ):
            continue
        due, count = parse(promise["count"]), _count(found, item, min(int(high), item + NEAR))
        if due and 2 <= due <= 20 and count not in (1, due):
            yield Hit(
                Span(promise.start(), end),
                {"text": promise[0], "due": due, "count": count},
                evidence={"promised": due, "found": count},
            )
    for one in broken_promises(text):
        ahead = text.line(text.line_at(one.start)).end
        if entry.start <= one.start < entry.end and not (
            one.goes_on and text.body[ahead : entry.end].lstrip().startswith(one.goes_on)
        ):
            values = {"text": text.body[one.start : one.end], "due": one.due, "count": one.count}
            yield Hit(Span(one.start, one.end), values, evidence={"promised": one.due, "found": one.count})


def _opening(text: Text) -> Offsets:
    """The first items of lists right under a line that ends in a colon; shape (n,)."""
    found, lay = items(text), layout(text)
    first = np.flatnonzero(found.leads & (found.numbers == 1) & (found.lines > 0))
    return first[member(lay.last[found.lines[first] - 1], ":：")]


def _count(found: Items, item: int, high: int) -> int:
    """How many items the list has that begins with `item`."""
    same = np.flatnonzero(
        (found.schemes[item:high] == found.schemes[item]) & (found.leads[item:high] | (found.schemes[item] == IS))
    )
    numbers = found.numbers[item:high][same]
    breaks = np.flatnonzero(numbers != np.arange(1, len(numbers) + 1))
    return int(breaks[0]) if len(breaks) else len(numbers)


RULES = (skipped_number, repeated_number, glued_item, letter_for_digit, list_promise, *MARKS, *INLINE)
