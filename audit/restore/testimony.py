"""Which reading is wrong where entries of different texts hold the same passage with another character."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from audit.language.shingles import shingles
from audit.language.witnesses import apart
from audit.model import Entry
from audit.restore.collate import CONTEXT, Pair, Variant, judged, likely, read

TOGETHER = 1 << 9  # pairs of entries whose readings are judged at a time


def testimonies(meetings: Iterable[tuple[int, int]], fetch: Callable[[int], Entry]) -> list[Variant]:
    """Readings that another entry proves wrong, by entry and place; of several that do the one that the text gains most by."""
    found: dict[tuple[int, int, int], Variant] = {}
    left = iter(meetings)
    while some := list(islice(left, TOGETHER)):
        for one in judged([pair for met in some for pair in _readings(met, fetch)]):
            key = one.wrong.home, *one.wrong.span
            known = found.get(key)
            if known is None or (one.gain, -one.right.home) > (known.gain, -known.right.home):
                found[key] = one
    return [found[key] for key in sorted(found) if _is_rarer(found[key], fetch(key[0]))]


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
