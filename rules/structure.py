"""The build of a collection: promised and found entries, their numbers, sizes, titles and languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from audit.language.promise import is_chapter
from audit.model import Entry, Hit, Severity, Span
from audit.rule import Scope, family

from .structure_layout import RULES as LAYOUT
from .structure_parts import GATHERED, Part, entries_of, heading, second_line, sketch

rule = family("structure")

Fetch = Callable[[int], Entry]
MANY = 100  # a round number in a title is a name (唐诗三百首), unless nearly so many are here
MOST_TIMES = 4  # so many times as many entries, and what is promised is something else: 帝京篇十首 heads an anthology
FEW = 4  # entries below which a collection shows no habit


@rule(
    "STR001",
    "entry-promise",
    Severity.MAJOR,
    {
        "": "the title promises {promised} entries, {found} are here",
        "lead": "the introduction promises {promised} entries, {found} are here",
    },
    scope=Scope.COLLECTION,
    sketch=sketch,
    streams=True,
    confidence=0.85,
)
def promise(parts: Sequence[Part | None], fetch: Fetch) -> Iterator[tuple[int, Hit]]:
    """A collection whose title promises another number of entries than it has, as `（汇编15篇）` over twelve.

    Why it matters: entries were lost, or several run together unseen.
    Left alone: titles that promise nothing, single pages, chapters, hundreds of which not even half are here (`唐诗三百首`).
    Repair: none; the source is needed.
    """
    found = entries_of(parts)
    for index, part in enumerate(parts):
        if part is None or len(found) < 2:
            continue
        for variant, promised in (("", part.promised), ("lead", part.lead)):
            near = len(found) <= MOST_TIMES * (promised or 0) and (promised or 0) <= max(MANY - 1, 2 * len(found) - 1)
            if promised and promised not in (len(found), 1) and near:
                values = {"promised": promised, "found": len(found)}
                yield index, Hit(_promise_span(fetch(index), variant), values, variant=variant, evidence=dict(values))


def _promise_span(entry: Entry, variant: str) -> Span:
    """The title's line, or the words of the introduction that promise."""
    body = entry.text.body[entry.start : entry.end]
    if variant and (found := GATHERED.search(body, second_line(body))):
        return Span(entry.start + found.start(), entry.start + found.end())
    start = len(body) - len(body.lstrip())
    return Span(entry.start + start, entry.start + len(body[: second_line(body)].rstrip()))


@rule(
    "STR002",
    "entry-number",
    Severity.MAJOR,
    {"": "entry {number} comes where {due} was due", "again": "entry {number} comes again"},
    scope=Scope.COLLECTION,
    sketch=sketch,
    streams=True,
    confidence=0.85,
)
def entry_number(parts: Sequence[Part | None], fetch: Fetch) -> Iterator[tuple[int, Hit]]:
    """An entry whose number skips or repeats in a collection that counts its entries.

    Why it matters: an entry was lost, or stands twice.
    Left alone: chapters that begin anew in each book, headings without numbers, fewer than four entries.
    Repair: none; renumbering would hide the loss.
    """
    counted = [
        (n, part.number) for n in entries_of(parts) if (part := parts[n]) is not None and part.number is not None
    ]
    steps = list(pairwise(counted))
    good = sum(b == a + 1 or b == 1 for (_, a), (_, b) in steps)
    if len(counted) < FEW or good < 0.7 * len(steps):
        return
    seen: set[int] = set()
    for (_, before), (index, number) in steps:
        seen = {number} if number == 1 else seen | {before}
        if number == before + 1 or number == 1:
            continue
        again = number in seen
        values = {"number": number, "due": before + 1}
        yield index, Hit(heading(fetch(index)), values, variant="again" if again else "", evidence=dict(values))


TINY = 20  # code points of text; the shortest true entry seen has 300
SHARE = 0.05  # of the median entry
MOST = 80  # a statute of two articles among long ones is a text all the same
LONG = 160  # code points of the median entry from which on a short one stands out


@rule(
    "STR003",
    "tiny-entry",
    Severity.MINOR,
    {"": "the entry has {size} characters, others {median}", "empty": "the entry is empty"},
    scope=Scope.COLLECTION,
    sketch=sketch,
    streams=True,
    confidence=0.8,
)
def tiny_entry(parts: Sequence[Part | None], fetch: Fetch) -> Iterator[tuple[int, Hit]]:
    """An entry that is empty or next to it, among others of some length.

    Why it matters: its text was lost, or a line was taken for a heading.
    Left alone: collections of short pieces, manuals with many short sections, fewer than four entries; a short or empty section of a page whose headings bear no numbers, or a chapter (`第七章 附则`), is a remark.
    Repair: none; the source is needed.
    """
    found = entries_of(parts)
    sizes = [part.size for n in found if (part := parts[n]) is not None]
    if len(found) < FEW:
        return
    median = float(np.median(sizes))
    limit = max(TINY, min(SHARE * median, MOST))
    tiny = [(n, size) for n, size in zip(found, sizes, strict=True) if size < limit]
    if len(tiny) * 5 > len(found):
        return
    if median < LONG:  # among short pieces a short one is at home, but not an empty one under its number
        tiny = [(n, size) for n, size in tiny if not size and median >= 2 * TINY and _is_piece(fetch(n))]
    for index, size in tiny:
        values = {"size": size, "median": int(median)}
        entry = fetch(index)
        part = parts[index]
        section = (entry.number is None and entry.title.end > entry.title.start and not entry.record) or (
            part is not None and part.complete
        )
        section = section or is_chapter(entry.title_text)
        yield (
            index,
            Hit(
                heading(entry),
                values,
                variant="" if size else "empty",
                severity=Severity.INFO if section else None,
                confidence=0.4 if section and size else None,
                evidence=dict(values),
            ),
        )


def _is_piece(entry: Entry) -> bool:
    """Whether an entry is a numbered piece of a collection."""
    return entry.number is not None and not is_chapter(entry.title_text)


@rule(
    "STR004",
    "serial-titles",
    Severity.INFO,
    "{count} entries share the title {text!r} but for a number",
    scope=Scope.COLLECTION,
    sketch=sketch,
    streams=True,
)
def serial_titles(parts: Sequence[Part | None], fetch: Fetch) -> Iterator[tuple[int, Hit]]:
    """The same title over every entry, a serial number glued to it; reported once.

    Why it matters: no entry has a title of its own, so neither readers nor programs can tell them apart.
    Left alone: chapters, numbered pieces with titles of their own.
    Repair: none; each entry needs a title.
    """
    found = [n for n in entries_of(parts) if (part := parts[n]) is not None and len(part.stem) >= 2]
    if len(found) < 3:
        return
    stems = [part.stem for n in found if (part := parts[n]) is not None]
    stem = max(set(stems), key=lambda s: (stems.count(s), s))
    if stems.count(stem) >= max(3, 0.6 * len(stems)):
        values = {"count": stems.count(stem), "text": stem}
        first = found[stems.index(stem)]
        yield first, Hit(heading(fetch(first)), values, evidence=dict(values))


@rule(
    "STR005",
    "other-language",
    Severity.MINOR,
    "the entry is in another language: {han:.0%} Han, others {median:.0%}",
    scope=Scope.COLLECTION,
    sketch=sketch,
    streams=True,
    confidence=0.8,
)
def other_language(parts: Sequence[Part | None], fetch: Fetch) -> Iterator[tuple[int, Hit]]:
    """An entry in another language than the rest of its collection.

    Why it matters: it was put in by mistake, or its translation is missing.
    Left alone: collections of several languages, chapters with much code, entries of a few words.
    Repair: none; an editor decides.
    """
    found = [n for n in entries_of(parts) if (part := parts[n]) is not None and part.size >= 100]
    shares = [part.han for n in found if (part := parts[n]) is not None]
    if len(found) < FEW or (median := float(np.median(shares))) < 0.6:
        return
    odd = [(n, han) for n, han in zip(found, shares, strict=True) if han < 0.1]
    if len(odd) * 5 <= len(found):
        for index, han in odd:
            values = {"han": round(han, 3), "median": round(median, 3)}
            yield index, Hit(heading(fetch(index)), values, evidence=dict(values))


RULES = (promise, entry_number, tiny_entry, serial_titles, other_language, *LAYOUT)
