"""Which reading is wrong where entries of different texts hold the same passage with another character."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from audit.language.shingles import shingles
from audit.language.witnesses import apart
from audit.model import Entry
from audit.restore.collate import CONTEXT, SIDE, Pair, Variant, judged, likely, read
from audit.restore.fluency import folded

TOGETHER = 1 << 9  # pairs of entries whose readings are judged at a time


def testimonies(meetings: Iterable[tuple[int, int]], fetch: Callable[[int], Entry]) -> list[Variant]:
    """Readings that another entry proves wrong, by entry and place; of several that do the one that the text gains most by.

    What more entries have than contradict it is let be.
    """
    found: dict[tuple[int, int, int], Variant] = {}
    votes: dict[
        tuple[str, str], tuple[set[int], set[int]]
    ] = {}  # of a place and what stands there: who has it, and who contradicts
    left = iter(meetings)
    while some := list(islice(left, TOGETHER)):
        for one in judged([pair for met in some for pair in _readings(met, fetch)]):
            own, others = votes.setdefault(_voted(one), (set(), set()))
            own.add(one.wrong.home)
            others.add(one.right.home)
            key = one.wrong.home, *one.wrong.span
            known = found.get(key)
            if known is None or (one.gain, -one.right.home) > (known.gain, -known.right.home):
                found[key] = one
    outvoted = {place for place, (own, others) in votes.items() if len(own) > len(others)}
    kept = [found[key] for key in sorted(found) if _voted(found[key]) not in outvoted]
    return [one for one in kept if _is_rarer(one, fetch(one.wrong.home))]


def _voted(one: Variant) -> tuple[str, str]:
    """What tells the place of a wrong reading in whatever entry it stands, and the reading."""
    before, behind = (folded(words) for words in one.wrong.around(SIDE))
    return f"{before}|{behind}", folded(one.wrong.said)


def _readings(met: tuple[int, int], fetch: Callable[[int], Entry]) -> Iterator[Pair]:
    """The readings of two entries where they differ, which know their entries."""
    here, there = (fetch(index) for index in met)
    rows = apart(here, there)
    if not len(rows):
        return
    kept = shingles(here.text), shingles(there.text)
    for row in likely(kept[0].kept, kept[1].kept, rows).tolist():
        if (pair := read((here.text, there.text), kept, row)) is not None:
            yield pair[0]._replace(home=met[0]), pair[1]._replace(home=met[1]), pair[2]


def _is_rarer(one: Variant, entry: Entry) -> bool:
    """Whether the entry has the wrong reading at most as often as the right one: else it is a habit of its own."""
    before, behind = one.wrong.around(CONTEXT)
    wrong, right = (
        entry.text.body.count(before + said + behind, entry.start, entry.end)
        for said in (one.wrong.said, one.right.said)
    )
    return wrong <= max(right, 1)
