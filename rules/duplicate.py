"""Entries and paragraphs that stand in a collection more than once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from audit.language.copies import Edge, Told, resemblance, told
from audit.language.likeness import Sketch, containment, sketch, survey
from audit.language.passages import Likeness, own_share
from audit.language.worth import NEARBY, TOGETHER, WIDE, damage, is_prose, leans, severity_of
from audit.model import Entry, Hit, Place, Severity, Span
from audit.rule import Later, Scope, family, remembered

rule = family("duplicate")

PLACES = 10
Fetch = Callable[[int], Entry]
Sketches = Sequence[Sketch | None]
Found = Iterator[tuple[int, Hit]]


@remembered
def _told(sketches: Sketches, fetch: Fetch) -> list[Told]:
    """What is to be said of which entries; all earlier ones that an entry may be like are compared with it."""
    edges = []
    found = survey(sketches)
    for later, earlier in found.pairs.items():
        for index in earlier:
            here, there = sketches[later], sketches[index]
            assert here is not None
            assert there is not None
            one = resemblance((fetch(index), fetch(later)), (there, here), found.boilerplate, found.thin)
            if one is not None:
                edges.append(Edge(later, index, *one))
    return told(edges, lambda index: damage(fetch(index)))


def _whole(entry: Entry) -> Span:
    """An entry from its heading to its last word."""
    return Span(entry.start, entry.start + len(entry.text.body[entry.start : entry.end].rstrip()))


def _evidence(one: Likeness, later: int, earlier: int, whole: Span) -> dict[str, Any]:
    return {
        "earlier": Place(earlier, whole),
        "similarity": round(one.alike, 3) or None,  # None: too little is shared to align the whole
        "share_of_shorter": round(one.share, 3),
        "share_of_entry": round(own_share(one.share, one.ratio), 3),
        "passages": [
            {"here": Place(later, here), "earlier": Place(earlier, there), "length": here.end - here.start}
            for here, there in sorted(one.passages, key=lambda shared: shared.here.start - shared.here.end)[:PLACES]
        ],
    }


@rule(
    "DUP001",
    "duplicate-entry",
    Severity.MAJOR,
    {
        "exact": "this entry repeats {earlier} word for word",
        "near": "this entry is nearly the same as {earlier}: {percent} % of the characters agree",
        "template": "this entry is {earlier} with other names, dates or figures: {percent} % of the characters agree",
        "contained": "{percent} % of this entry stands in {earlier}",
    },
    scope=Scope.COLLECTION,
    confidence=0.95,
    sketch=sketch,
    everywhere=True,
)
def duplicate_entry(sketches: Sketches, fetch: Fetch) -> Found:
    """An entry that stands in the collection already: word for word, nearly so, as part of another, or with other names.

    Why it matters: the reader pays twice for one text, and a model that trains on it learns it by heart.
    Left alone: entries that share the boilerplate of the collection, entries of fewer than 40 characters. Punctuation,
    script, width and line breaks make no difference. Between sections of one document that are mostly code, lists or
    tables it is a minor matter, as it is between reports on one form, each with figures of its own in two fifths of the clauses.
    Evidence: the other entry, the similarity after alignment, the shared passages on both sides. Of entries that are copies of
    one another the first is worth keeping that is not clearly more damaged than the best of them; the finding stands on each of
    the others, or on the entry that another holds.
    Repair: none; drop one of them.
    """
    for entry, other, kind, one in _told(sketches, fetch):
        if not kind:
            continue
        here, there = fetch(entry), fetch(other)
        percent = int(100 * (one.share if kind == "contained" else one.alike))
        yield (
            entry,
            Hit(
                _whole(here),
                {"earlier": Place(other, _whole(there)), "percent": percent},
                confidence=0.99 if kind == "exact" else 0.95,
                evidence=_evidence(one, entry, other, _whole(there)),
                variant=kind,
                severity=severity_of(kind, here, there, together=here.text is there.text),
            ),
        )


@rule(
    "DUP002",
    "shared-passages",
    Severity.MAJOR,
    "{percent} % of the shorter of this entry and {earlier} is shared, in {count} passages",
    scope=Scope.COLLECTION,
    confidence=0.9,
    sketch=sketch,
    everywhere=True,
)
def shared_passages(sketches: Sketches, fetch: Fetch) -> Found:
    """An entry of which whole passages stand in an earlier one.

    Why it matters: two pieces that were patched together from one source count as two and say the same.
    Left alone: formulas of the genre (up to some twenty characters), passages that more than a few entries share, code,
    entries of which one is more than four times as long. Between chapters of statutes it is a remark.
    Evidence: the passages on both sides, the longest first, and their share of the shorter entry. The finding stands on
    the later entry.
    Repair: none; keep the fuller entry or merge them.
    """
    for entry, other, kind, one in _told(sketches, fetch):
        if kind:
            continue
        here, there = fetch(entry), fetch(other)
        whole = _whole(there)
        yield (
            entry,
            Hit(
                _whole(here),
                {"earlier": Place(other, whole), "percent": int(100 * one.share), "count": len(one.passages)},
                confidence=round(min(0.97, 0.8 + one.share / 2), 2),
                evidence=_evidence(one, entry, other, whole),
                severity=severity_of(kind, here, there, together=here.text is there.text),
            ),
        )


@rule(
    "DUP003",
    "repeated-paragraph",
    Severity.MINOR,
    {
        "": "this paragraph stood already in {earlier} of the same entry ({count} times in all)",
        "across": "this paragraph stands also in {earlier} ({count} times in all)",
    },
    scope=Scope.COLLECTION,
    confidence=0.9,
    sketch=sketch,
    everywhere=True,
)
def repeated_paragraph(sketches: Sketches, fetch: Fetch) -> Found:
    """A paragraph that stands word for word in the same entry again, or, if it is long, in another.

    Why it matters: a paste done twice; the reader takes it for a new point.
    Left alone: lines of fewer than 40 characters (headings, list items, refrains), commands and rows of tables, articles
    that differ in their number, paragraphs of entries that are reported as a whole. Farther apart it is only a remark,
    as is a clause about the one before it (`单位犯前款罪的`), and in another entry it needs 100 characters.
    Evidence: all places, the first ten by address. One finding for each paragraph, on its second place.
    Repair: none; delete one of them.
    """
    for first, second, count, places in _repeats(sketches):
        again = first.entry == second.entry
        start, end = second.span
        if not again and (end - start < WIDE or _together(sketches[first.entry], sketches[second.entry])):
            continue
        passage = fetch(second.entry).text.body[start:end]
        if not is_prose(passage):
            continue
        near = again and start - first.span.end <= NEARBY and not leans(passage)
        yield (
            second.entry,
            Hit(
                second.span,
                {"earlier": first, "count": count},
                evidence=Later(partial(_told_places, places, count)),
                variant="" if again else "across",
                severity=None if near else Severity.INFO,
            ),
        )


def _told_places(places: Callable[[], list[Place]], count: int) -> dict[str, Any]:
    return {"places": places(), "count": count}


def _repeats(sketches: Sketches) -> Iterator[tuple[Place, Place, int, Callable[[], list[Place]]]]:
    """Each paragraph that stands more than once: two places, in one entry if it can be, how many there are, the first ten."""
    known = [(index, one) for index, one in enumerate(sketches) if one is not None and len(one.hashes)]
    if not known:
        return
    hashes = np.concatenate([one.hashes for _, one in known])
    owners = np.repeat([index for index, _ in known], [len(one.hashes) for _, one in known])
    starts = np.concatenate([one.starts for _, one in known])
    ends = np.concatenate([one.ends for _, one in known])
    order = np.argsort(hashes, kind="stable")
    ascending = hashes[order]
    edges = np.flatnonzero(np.r_[True, ascending[1:] != ascending[:-1], True])
    rows, columns = order.tolist(), [column.tolist() for column in (owners, starts, ends)]
    many = np.flatnonzero(np.diff(edges) > 1)
    groups = [rows[low:high] for low, high in zip(edges[many].tolist(), edges[many + 1].tolist(), strict=True)]

    def places(some: Iterable[int]) -> list[Place]:
        return [Place(columns[0][n], Span(columns[1][n], columns[2][n])) for n in some]

    for group in sorted(groups, key=lambda group: group[1]):
        owned = [columns[0][n] for n in group]
        at = next((n for n, (one, other) in enumerate(pairwise(owned)) if one == other), 0)
        yield *places(group[at : at + 2]), len(group), partial(places, group[:PLACES])


def _together(here: Sketch | None, there: Sketch | None) -> bool:
    """Whether two entries share so much that the other rules speak of them."""
    return here is not None and there is not None and containment(here, there) >= TOGETHER


RULES = (duplicate_entry, shared_passages, repeated_paragraph)
