"""The rounds of a search: as the bytes stand first, then with pairs that vanished where it reads badly."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from audit.native import kernels
from audit.restore import compiled
from audit.restore.abreast import Asking
from audit.restore.asked import Opening, Original, Reading, Told
from audit.restore.beam import LIVE, Search, cost
from audit.restore.page import Page
from audit.restore.run import Run
from audit.restore.units import UNIT
from audit.restore.weighing import Ints

PLAIN_PEAK, PLAIN_MEAN = (
    11 * UNIT,
    7 * UNIT,
)  # of a character; a restoration above is tried again with pairs that vanished
PEAK, PEAKS = 9 * UNIT, 3  # about its worst characters
# What is gained, at first and with vanished pairs; what reads so much worse when re-paired is no shift.
HOPELESS = -28 * UNIT, -12 * UNIT
SHORT = 8  # first gaps of a run that makes no sense as it stands
ANY = Page()


def rounds(reading: Reading, opening: Opening, shown: str, most: int, enough: float) -> Asking[Told | None]:
    """What the run may have been in place of what is shown, its right context included, after so many rounds at most.

    No further round is asked for where `enough` units are gained.
    """
    if kernels is not None:
        return compiled.rounds(kernels, reading, opening, shown, most, enough, LIVE)
    _, stands = yield from cost(reading.left, shown, ANY)
    search, told = Search(reading), None
    originals: list[Original] = []
    vanish: dict[int, int] = {}
    for n in range(most):
        originals = _distinct([*originals, *(yield from search.originals(opening, vanish))])
        if originals:
            best = originals[0]
            units, plain = yield from cost(reading.left, best.text + reading.right, reading.page)
            size = len(best.text)
            total = int(units[:size].sum() + plain[size:].sum())
            told = Told(originals, int(units.sum()), len(units), int(units.max()), total, int(stands.sum()))
            if told.shown - total < HOPELESS[min(n, 1)] or told.shown - total >= enough:
                break
            odd = _odd(reading.run, opening.skip, best, units) | {gap for gap in best.gaps if vanish.get(gap) == 1}
        else:
            last = len(reading.run.pairs)
            odd = search.broken(opening.skip) or set(range(opening.skip, min(last + 1, opening.skip + SHORT)))
        grown = {**vanish, **{gap: min(vanish.get(gap, 0) + 1, 2) for gap in odd}}
        if grown == vanish:
            break
        vanish = grown
    return told


def _odd(run: Run, skip: int, best: Original, units: Ints) -> set[int]:
    """The gaps of a run about which an original reads badly."""
    if units.sum() <= PLAIN_MEAN * len(units) and units.max() <= PLAIN_PEAK:
        return set()
    owners = owners_of(run, skip, best)
    worst = [n for n in np.argsort(-units[: len(owners)], kind="stable")[:PEAKS].tolist() if units[n] > PEAK]
    return {gap for n in worst for gap in (owners[n] - 1, owners[n]) if gap >= skip}


def _distinct(originals: Iterable[Original]) -> list[Original]:
    best: dict[str, Original] = {}
    for one in sorted(originals, key=lambda one: one.cost):
        best.setdefault(one.text, one)
    return list(best.values())


def owners_of(run: Run, skip: int, best: Original) -> list[int]:
    """For each character of an original but the tail, the number of the shown pair that completed it; `skip` of these its opening has."""
    ends = range(skip, len(run.pairs) + 1)
    heads = len(best.text) - len(run.tail) - len(ends) - len(best.gaps)
    return [skip] * heads + [n for n in ends for _ in range(1 + best.gaps.count(n))]
