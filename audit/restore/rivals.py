"""By how much the best original of a run leads the others that searches find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from audit.native import kernels
from audit.restore import compiled
from audit.restore.abreast import Asking
from audit.restore.asked import Opening, Original, Reading
from audit.restore.beam import LIVE, originals
from audit.restore.candidate import weights
from audit.restore.doubt import LISTED_BITS, Ahead
from audit.restore.units import UNIT
from audit.restore.weighing import GAP_COST

VOUCHED = 4 * UNIT  # what the page's own words add at most, unless the last character is a guess
NEAR = round(2 * LISTED_BITS * UNIT)  # half units


class Best(NamedTuple):
    """The best original, what it costs by pairs in units, whether its last character is a guess, what stands before and behind it.

    Where it is not known what it costs, the first search tells.
    """

    text: str
    own: int | None
    guessed: bool
    before: str
    behind: str


class Compared(NamedTuple):
    """How far the others are behind, what the best one costs by pairs in units, and what each search found."""

    ahead: Ahead
    own: int
    found: list[list[Original]]


def rivals(
    reading: Reading,
    opening: Opening,
    best: Best,
    searches: Sequence[Mapping[int, int]],
    gap: int = -1,
    live: int = LIVE,
) -> Asking[Compared | None]:
    """How far the others are behind that are found where pairs may have vanished, as `beam.originals` is told; None where nothing tells
    what the best one costs.

    They are found without the page's own words; half by pairs, half by triples of characters, and by what these words add they
    are weighed.
    """
    if kernels is not None:
        compared = compiled.rivals(kernels, reading, opening, (*best, NEAR), searches, gap, live)
        return Compared(_ahead(*compared[:3]), *compared[3:]) if compared else None
    plain = reading._replace(page=replace(reading.page, grams=None, near=None))
    found: list[list[Original]] = []
    for vanish in searches:
        some = yield from originals(plain, opening, vanish, gap, live)
        found += [some]
    first = found[0] if found else []
    own = best.own if best.own is not None else next((one.cost for one in first if one.text == best.text), None)
    if own is None:
        return None
    others = {one.text: one for some in found for one in some if one.text != best.text}
    (known, alone, deep), *weighed = yield from weights(reading, [best.text, *others], (best.before, best.behind))
    leads: tuple[list[int], list[int]] = [], []
    longer = []
    for one, (words, pairs, triples) in zip(others.values(), weighed, strict=True):
        behind, told = one.cost - GAP_COST * len(one.gaps) - own, pairs - alone
        vouched = words - known - told
        vouched = vouched if best.guessed else min(vouched, VOUCHED)
        lead = behind + (behind - told) + triples - deep + 2 * vouched  # what characters do not tell counts twice
        leads[bool(one.gaps)].append(lead)
        if one.gaps and len(one.text) > len(best.text) and lead < NEAR:
            longer.append((one.text, lead))
    another, vanished = (min(each, default=None) for each in leads)
    return Compared(_ahead(another, vanished, longer), own, found)


def _ahead(another: int | None, vanished: int | None, longer: Sequence[tuple[str, int]]) -> Ahead:
    """The same in bits."""
    unit = 2 * UNIT
    return Ahead(
        inf if another is None else another / unit,
        inf if vanished is None else vanished / unit,
        [(text, lead / unit) for text, lead in longer],
    )
