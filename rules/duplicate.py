"""Entries and paragraphs that stand in a collection more than once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from audit.language.likeness import (
    HELD,
    MIN_SHARED,
    SHARED,
    UNLIKE,
    Sketch,
    containment,
    kind_of,
    sketch,
    survey,
)
from audit.language.passages import Likeness, compare, slotted, turned
from audit.model import Entry, Hit, Place, Severity, Span
from audit.rule import Scope, family, remembered

from .duplicate_parts import are_statutes, is_prose, is_worse, leans, severity_of

rule = family("duplicate")

WIDE = 100  # characters of a paragraph that is worth a word when it stands in another entry
NEARBY = 5_000  # code points; in clean law and essays run together, paragraphs repeat farther apart (5 in 100,000)
TOGETHER = 0.15  # share of prints from which DUP001 and DUP002 speak of two entries
PLACES = 10
Fetch = Callable[[int], Entry]
Sketches = Sequence[Sketch | None]
Found = Iterator[tuple[int, Hit]]


@remembered
def _judged(sketches: Sketches, fetch: Fetch) -> list[tuple[int, int, str, Likeness]]:
    """Later entry, earlier entry, kind and likeness: the likest earlier entry of each that has one."""
    found: list[tuple[int, int, str, Likeness]] = []
    pairs, boilerplate = survey(sketches)
    for later, earlier in pairs.items():
        best: tuple[tuple[bool, float, float], int, str, Likeness] | None = None
        for index in earlier:
            here, there = sketches[later], sketches[index]
            assert here is not None
            assert there is not None
            if max(here.size, there.size) > UNLIKE * min(here.size, there.size) and containment(here, there) < HELD / 2:
                continue
            one = compare(fetch(index), fetch(later), boilerplate)
            kind = "exact" if here.digest == there.digest else kind_of(one)
            rank = (bool(kind), one.share, one.alike)
            if best is None or rank > best[0]:
                best = (rank, index, kind, one)
        if best:
            found.append((later, best[1], best[2], best[3]))
    return found


def _whole(entry: Entry) -> Span:
    """An entry from its heading to its last word."""
    return Span(entry.start, entry.start + len(entry.text.body[entry.start : entry.end].rstrip()))


def _evidence(one: Likeness, later: int, earlier: int, whole: Span) -> dict[str, Any]:
    return {
        "earlier": Place(earlier, whole),
        "similarity": round(one.alike, 3) or None,  # None: too little is shared to align the whole
        "share_of_shorter": round(one.share, 3),
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
)
def duplicate_entry(sketches: Sketches, fetch: Fetch) -> Found:
    """An entry that stands in the collection already: word for word, nearly so, as part of another, or with other names.

    Why it matters: the reader pays twice for one text, and a model that trains on it learns it by heart.
    Left alone: entries that share the boilerplate of the collection, entries of fewer than 40 characters. Punctuation,
    script, width and line breaks make no difference. Between sections of one document that are mostly code, lists or
    tables it is a minor matter.
    Evidence: the earlier entry, the similarity after alignment, the shared passages on both sides. The finding stands on
    the later entry, or on the one that the other holds, or that is clearly the damaged copy.
    Repair: none; drop one of them.
    """
    said: set[int] = set()
    for later, earlier, kind, one in _judged(sketches, fetch):
        if not kind:
            continue
        turn = kind == "holds" or (kind != "contained" and is_worse(fetch(earlier), fetch(later)))
        spare, kept = (earlier, later) if turn else (later, earlier)
        if spare in said:
            continue
        said.add(spare)
        there, here = fetch(kept), fetch(spare)
        if turn:
            kind, one = "contained" if kind == "holds" else kind, turned(one)  # noqa: PLW2901 - the same pair from its other side
        variant = "template" if kind == "near" and slotted(there, here) else kind
        percent = int(100 * (one.share if kind == "contained" else one.alike))
        whole = _whole(there)
        yield (
            spare,
            Hit(
                _whole(here),
                {"earlier": Place(kept, whole), "percent": percent},
                confidence=0.99 if kind == "exact" else 0.95,
                evidence=_evidence(one, spare, kept, whole),
                variant=variant,
                severity=severity_of(here, there),
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
)
def shared_passages(sketches: Sketches, fetch: Fetch) -> Found:
    """An entry of which whole passages stand in an earlier one.

    Why it matters: two pieces that were patched together from one source count as two and say the same.
    Left alone: formulas of the genre (up to some twenty characters), passages that more than a few entries share, code,
    entries of which one is more than four times as long. Between chapters of one statute it is a remark.
    Evidence: the passages on both sides, the longest first, and their share of the shorter entry. The finding stands on
    the later entry.
    Repair: none; keep the fuller entry or merge them.
    """
    for later, earlier, kind, one in _judged(sketches, fetch):
        size = sum(shared.here.end - shared.here.start for shared in one.passages)
        if kind or one.share < SHARED or size < MIN_SHARED or not 1 / UNLIKE <= one.ratio <= UNLIKE:
            continue
        there, here = fetch(earlier), fetch(later)
        whole = _whole(there)
        yield (
            later,
            Hit(
                _whole(here),
                {"earlier": Place(earlier, whole), "percent": int(100 * one.share), "count": len(one.passages)},
                confidence=round(min(0.97, 0.8 + one.share / 2), 2),
                evidence=_evidence(one, later, earlier, whole),
                severity=Severity.INFO if are_statutes(here, there) else severity_of(here, there),
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
                evidence={"places": places, "count": count},
                variant="" if again else "across",
                severity=None if near else Severity.INFO,
            ),
        )


def _repeats(sketches: Sketches) -> Iterator[tuple[Place, Place, int, list[Place]]]:
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
    groups = [order[edges[n] : edges[n + 1]] for n in np.flatnonzero(np.diff(edges) > 1).tolist()]
    for group in sorted(groups, key=lambda group: int(group[1])):
        again = np.flatnonzero(owners[group][1:] == owners[group][:-1])
        at = int(again[0]) if len(again) else 0
        wanted = [group[at], group[at + 1], *group[:PLACES]]
        first, second, *places = (Place(int(owners[n]), Span(int(starts[n]), int(ends[n]))) for n in wanted)
        yield first, second, len(group), places


def _together(here: Sketch | None, there: Sketch | None) -> bool:
    """Whether two entries share so much that the other rules speak of them."""
    return here is not None and there is not None and containment(here, there) >= TOGETHER


RULES = (duplicate_entry, shared_passages, repeated_paragraph)
