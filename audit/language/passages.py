"""What two entries share: the passages of one that stand in the other, and how well the whole agrees."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.patterns import regex
from audit.language.shingles import RUN, SAMPLED, Shingles, run_hashes, shingles
from audit.model import Entry, Offsets, Span

MIN_SPAN = 24  # kept characters of a shared span; formulas of reports reach 21
MIN_HAN = 16  # of them Han: sections of a manual share their code
GAP = 6  # edited characters that a shared span may hold
DRIFT = 12  # characters by which one side of a span may be longer so far
ALIGN = 0.3  # of the shorter in passages, boilerplate included, before two entries are aligned character by character
SLOT = 4.0  # mean length of what differs, both sides together: names and dates; scattered edits have 1 to 2
BETWEEN = 2  # characters that two names may share by chance inside one slot
FIGURES = 0.6  # of the differences hold a numeral
NUMERALS = frozenset("0123456789〇零一二三四五六七八九十百千万萬两兩余餘")
MANY_CLAUSES = (
    0.4  # of the clauses; weekly reports on one form 0.45 to 0.8, a notice or a summary with other names and dates 0.2
)
CLAUSE = regex(r"[，。；！？,;!?\n]+")
ALIGNED = 20_000  # longer entries are not aligned character by character


class Shared(NamedTuple):
    """A passage that two entries share, as spans of their texts."""

    here: Span
    there: Span


class Likeness(NamedTuple):
    """How two entries are alike: characters alike in order, share of the shorter that stands in the other, length
    of the later to the earlier, where.
    """

    alike: float
    share: float
    ratio: float
    passages: list[Shared]


def compare(there: Entry, here: Entry, common: NDArray[np.uint32], thin: int = 1) -> Likeness:
    """How the later entry `here` resembles the earlier one; passages of boilerplate do not count as shared.

    `common` are the prints of boilerplate, of so many prints (`thin`) one.
    """
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - only where there are candidates

    (a, a_low, a_high), (b, b_low, b_high) = _kept(there), _kept(here)
    first, second = shingles(there.text), shingles(here.text)
    shorter = max(min(len(a), len(b)), 1)
    every = _passages(a, b)
    spans = [one for one in every if not _is_common(b[slice(*one.here)], common, thin)]
    share = min(sum(one.here.end - one.here.start for one in spans) / shorter, 1.0)
    alike = 0.0
    if sum(one.here.end - one.here.start for one in every) >= ALIGN * shorter and max(len(a), len(b)) <= ALIGNED:
        alike = Indel.normalized_similarity(first.string(a_low, a_high), second.string(b_low, b_high))
    placed = [Shared(_place(second, b_low, one.here), _place(first, a_low, one.there)) for one in spans]
    return Likeness(alike, share, len(b) / max(len(a), 1), placed)


def own_share(share: float, ratio: float) -> float:
    """The share of an entry that another holds, by their share of the shorter and the entry's length to the other's."""
    return share / max(ratio, 1.0)


def turned(one: Likeness) -> Likeness:
    """The likeness of the same two entries, said of the earlier one."""
    passages = [Shared(shared.there, shared.here) for shared in one.passages]
    return Likeness(one.alike, one.share, 1 / one.ratio if one.ratio else 0.0, passages)


def _kept(entry: Entry) -> tuple[NDArray[np.uint16], int, int]:
    one = shingles(entry.text)
    low, high = one.bounds(*entry.content)
    return one.kept[low:high], low, high


def _place(whole: Shingles, low: int, span: Span) -> Span:
    return Span(whole.offset(low + span.start), whole.offset(low + span.end - 1) + 1)


def _passages(a: NDArray[np.uint16], b: NDArray[np.uint16]) -> list[Shared]:
    """Spans of b that stand in a, in any order, small edits bridged; counted in kept characters."""
    left, right = run_hashes(a), run_hashes(b)
    order = np.argsort(left, kind="stable")
    at = np.searchsorted(left, right, sorter=order)
    at[at == len(left)] = 0
    source = order[at] if len(left) else at
    hit = np.flatnonzero(left[source] == right) if len(left) else np.empty(0, dtype=np.int64)
    found: list[Shared] = []
    for place, origin, size in _unbroken(hit, source[hit]):
        last = found[-1] if found else None
        here, there = Span(place, place + size), Span(origin, origin + size)
        if (
            last
            and place <= last.here.end + GAP
            and abs((origin + RUN - last.there.end) - (place + RUN - last.here.end)) <= DRIFT
            and origin >= last.there.start
        ):
            found[-1] = Shared(Span(last.here.start, here.end), Span(last.there.start, max(there.end, last.there.end)))
        else:
            found.append(Shared(Span(max(place, last.here.end if last else 0), here.end), there))
    return [
        one
        for one in found
        if one.here.end - one.here.start >= MIN_SPAN and np.count_nonzero(b[slice(*one.here)] >= 0x3400) >= MIN_HAN
    ]


def _unbroken(places: Offsets, origins: Offsets) -> list[tuple[int, int, int]]:
    """Hits that follow each other on both sides as one: place, origin and length in kept characters."""
    if not len(places):
        return []
    heads = np.flatnonzero(np.r_[True, (np.diff(places) != 1) | (np.diff(origins) != 1)])
    sizes = np.diff(np.r_[heads, len(places)]) + RUN - 1
    return list(zip(places[heads].tolist(), origins[heads].tolist(), sizes.tolist(), strict=True))


def _is_common(kept: NDArray[np.uint16], common: NDArray[np.uint32], thin: int) -> bool:
    """Whether most of a passage is boilerplate, whose prints ascend; looked up, for there may be as many as entries."""
    prints = run_hashes(kept)
    chosen = prints[prints < SAMPLED // thin]
    if not len(chosen) or not len(common):
        return False
    at = np.minimum(np.searchsorted(common, chosen), len(common) - 1)
    return bool((common[at] == chosen).mean() > 0.5)


def slotted(there: Entry, here: Entry) -> bool:
    """Whether two entries differ only in a few slots that are filled otherwise, like names and figures."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - only where there are near duplicates

    a, b = (one.text.body[slice(*one.content)] for one in (there, here))
    if max(len(a), len(b)) > ALIGNED:
        return False
    changes = _changes(a, b, Levenshtein.opcodes(a, b))
    if len(changes) < 2:
        return False
    sizes = [len(mine) + len(other) for mine, other in changes]
    if 2 * sum(size for size, (mine, other) in zip(sizes, changes, strict=True) if mine and other) < sum(sizes):
        return False  # clauses added and dropped: a version, not a form
    figures = sum(not NUMERALS.isdisjoint(mine + other) for mine, other in changes)
    return figures >= FIGURES * len(changes) or float(np.mean(sizes)) >= SLOT


def filled_throughout(there: Entry, here: Entry) -> bool:
    """Whether many clauses of two entries that differ in slots differ: reports on one form, each with figures of its own."""
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - only where there are near duplicates

    a, b = (one.text.body[slice(*one.content)] for one in (there, here))
    edges = sorted({0, *(found.end() for found in CLAUSE.finditer(a)), len(a)})
    spans = [(code.src_start, code.src_end) for code in Levenshtein.opcodes(a, b) if code.tag != "equal"]
    touched = {bisect.bisect_right(edges, start) for start, _ in spans}
    return len(touched) >= MANY_CLAUSES * (len(edges) - 1)


def _changes(a: str, b: str, codes: Iterable[Any]) -> list[tuple[str, str]]:
    """What two texts have instead of each other; changes that hardly any common character parts are one."""
    spans: list[list[int]] = []
    for code in codes:
        if code.tag == "equal":
            continue
        if spans and code.src_start - spans[-1][1] <= BETWEEN:
            spans[-1][1], spans[-1][3] = code.src_end, code.dest_end
        else:
            spans.append([code.src_start, code.src_end, code.dest_start, code.dest_end])
    return [(a[start:end], b[low:high]) for start, end, low, high in spans]
