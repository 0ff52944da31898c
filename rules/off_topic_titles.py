"""Titles that name what their text does not speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any

from audit.language.headings import Broken, Suspects, broken, silent
from audit.language.strays import strays
from audit.language.subjects import HEAD, Sketch, sketch
from audit.language.terms import own_terms
from audit.model import Entry, Hit, Severity, Span
from audit.rule import Later, Scope, family

rule = family("off-topic")

OPENING = 10  # code points by which a record is marked whose title stands in another field


@rule(
    "TOP003",
    "title-against-content",
    Severity.INFO,
    "the title names {words}; the text has no part of it",
    scope=Scope.COLLECTION,
    sketch=sketch,
    confidence=0.5,
    preview=True,
)
def title_against_content(
    sketches: Sequence[Sketch | None] | Suspects, fetch: Callable[[int], Entry]
) -> Iterator[tuple[int, Hit]]:
    """A title none of whose words stand in the text below it, where the other titles stand in theirs.

    Why it matters: a scraper that puts texts under the wrong headings leaves a reader, and a search, with another thing than was promised.
    Left alone: titles of fewer than four characters beside formula words (总结, 通知) and numerals, texts of fewer than 300 Han
    characters, verse, collections of fewer than five such titles or with several that share little with their texts: there titles are made
    to allure. An entry that does not belong with the others is told as that.
    Evidence: the words of the title, the pairs of characters looked for, the text's own terms and its length.
    Repair: none; look which title belongs to the text.
    """
    known = sketches if isinstance(sketches, Suspects) else suspects(sketches)  # of millions, they were found elsewhere
    foreign = cache(known.foreign)
    for index in known.entries:
        entry = fetch(index)
        title = entry.caption or entry.title_text
        said = broken(title, entry.text, entry.content)
        if said is not None and index not in foreign():
            yield (
                index,
                Hit(
                    entry.title if entry.title_text else Span(entry.start, min(entry.end, entry.start + OPENING)),
                    {"words": said.words},
                    evidence=Later(partial(evidence, title, said, _content(entry))),
                ),
            )


def suspects(sketches: Sequence[Sketch | None]) -> Suspects:
    """What is to be looked at among the entries of a collection."""
    return Suspects(silent(enumerate(sketches)), lambda: {stray.entry for stray in strays(sketches).found})


def _content(entry: Entry) -> str:
    start, end = entry.content
    return entry.text.body[start : min(end, start + HEAD)]


def evidence(title: str, said: Broken, content: str) -> dict[str, Any]:
    """What an editor can check."""
    return {
        "title": title,
        "title_terms": said.words,
        "missing": said.pieces,
        "own_terms": own_terms(content, []),
        "han": said.han,
    }


RULES = (title_against_content,)
