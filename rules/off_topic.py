"""Entries that do not belong with the rest of their collection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from audit.language.strays import Stray, Strays, certainty, loose_severity, strays
from audit.language.subjects import HEAD, KIND, Sketch, sketch
from audit.language.terms import own_terms, subject_terms
from audit.language.titles import is_apparatus, is_chapter
from audit.model import Entry, Hit, Severity, Span
from audit.rule import Scope, family

from .off_topic_passages import RULES as PASSAGES
from .off_topic_titles import RULES as TITLES

rule = family("off-topic")

SECTION = 0.8  # of the certainty for a section with a title of its own: parts of a treatise may differ
SHORT = 400  # code points of a section with a title of its own; what a manual says in fewer (its background, a rule) uses other words
FEW_TERMS, JOINED = 3, 8  # fewer terms name no subject; of fewer entries some terms are common to half by chance
LACKING = 0.5  # of the subject terms; an entry that has more of them was told by other figures


def _content(entry: Entry) -> str:
    start, end = entry.content
    return entry.text.body[start : min(end, start + HEAD)]


def _is_part(entry: Entry) -> bool:
    """Whether a document holds more than this entry."""
    return entry.start > 0 or entry.end < len(entry.text.body)


def _severity(entry: Entry, distance: float, *, loose: bool, section: bool) -> Severity | None:
    """What else than the rule's own severity a stray part has."""
    if loose:
        return loose_severity(distance)
    if section:
        return Severity.MINOR if entry.end - entry.start >= SHORT else Severity.INFO
    return None


@rule(
    "TOP001",
    "foreign-entry",
    Severity.MAJOR,
    {
        "": "this entry does not belong with the other {others}: it lacks {lacks} of their {terms} subject terms ({missing})",
        "kind": "this entry is of another kind of text than the other {others}; it speaks of {own}",
        "words": "the wording of this entry has little to do with that of the other {others}; it speaks of {own}",
    },
    scope=Scope.COLLECTION,
    sketch=sketch,
)
def foreign_entry(
    sketches: Sequence[Sketch | None] | Strays, fetch: Callable[[int], Entry]
) -> Iterator[tuple[int, Hit]]:
    """An entry that does not belong with the rest of its collection: another subject or another kind of text.

    Why it matters: a scraper that filled its promise with anything makes the whole collection suspect, and a reader who
    looks for one subject finds another.
    Left alone: collections of fewer than five entries, collections of several subjects, entries too short to judge, tables,
    lists of links. What most titles share is not counted: a heading that a site put over everything does not make an
    entry belong. What a book or a statute has beside its subject (附则, 后记,
    License) is not asked to. A section with a title of its own, a chapter too, is a minor matter, a short one a remark; a loose file among others that share no title is a remark,
    or a minor matter where it lies very far.
    Evidence: the subject terms of the collection, those that the entry lacks, its own, and its rank and distance: how
    many bits its characters and pairs of them are better predicted by the other entries than by general prose, and by how many bits
    its kind of text (how well law, news, verse and their like predict it) lies from theirs.
    Repair: none; drop the entry or move it.
    """
    known = sketches if isinstance(sketches, Strays) else strays(sketches)  # of millions, they were found elsewhere
    subject = cache(lambda like: _subject([_content(fetch(index)) for index in like()]))
    for stray in known.found:
        entry = fetch(stray.entry)
        title = entry.text.body[entry.title.start : entry.title.end]
        if _is_part(entry) and is_apparatus(title):
            continue
        section = (entry.number is None or is_chapter(title)) and bool(title) and _is_part(entry) and not entry.record
        loose = not known.common and not _is_part(entry)
        sure = certainty(stray.deviations, loose=loose and not section) * (SECTION if section else 1)
        terms = subject(stray.like)
        missing = _missing(entry, terms)
        own = own_terms(_content(entry), terms)
        yield (
            stray.entry,
            Hit(
                Span(entry.start, entry.start + len(entry.text.body[entry.start : entry.end].rstrip())),
                {
                    "others": known.others,
                    "lacks": len(missing),
                    "terms": len(terms),
                    "missing": missing[:5],
                    "own": own[:5] or ["…"],
                },
                confidence=round(sure, 2),
                severity=_severity(entry, stray.deviations, loose=loose, section=section),
                evidence={"subject_terms": terms, "missing": missing, "own_terms": own, **stray.measured},
                variant=_decided(terms, missing, stray),
            ),
        )


def _decided(terms: Sequence[str], missing: Sequence[str], stray: Stray) -> str:
    """The message that says by what an entry was told: the subject terms that it lacks, its kind of text, or its wording."""
    if len(terms) >= FEW_TERMS and len(missing) > LACKING * len(terms):
        return ""
    figures = stray.measured
    strange = KIND * figures.get("kind_bits", 0.0)
    return "kind" if strange > figures["usual_bits"] - figures["bits"] else "words"


def _subject(bodies: list[str]) -> list[str]:
    """The subject terms of some entries; short ones share few, so that they are joined until they do."""
    terms = subject_terms(bodies)
    while len(terms) < FEW_TERMS and len(bodies) >= JOINED:
        bodies = ["\n".join(bodies[at : at + 2]) for at in range(0, len(bodies), 2)]
        terms = subject_terms(bodies)
    return terms


def _missing(entry: Entry, subject: Sequence[str]) -> list[str]:
    """The subject terms that the entry lacks."""
    content = _content(entry)
    return [term for term in subject if term not in content]


RULES = (foreign_entry, *PASSAGES, *TITLES)
