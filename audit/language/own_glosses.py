"""Readings that an author may have written himself on a page full of injected ones.

A program glosses every occurrence of a character or none, always with one reading. A single gloss on a character that stands
unglossed elsewhere, or the rarer of its readings where it stands nowhere else, proves nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.language.injected import Page
from audit.language.sounds import usual
from audit.language.spot_tables import BEYOND
from audit.language.spots import look_up
from audit.model import Offsets

Bools = NDArray[np.bool_]
MOST = 0.5  # share of a character's occurrences in its entry that are glossed: those of the pages seen all have more
CHARACTER_BITS = 21


def may_be_own(page: Page, entries: Offsets) -> Bools:
    """Of each bracket of a page whose entries begin there: whether its author may have written it; shape (n,)."""
    marks, codes = page.marks, page.source.codes
    rows = np.flatnonzero(page.injected & (marks.hosts >= 0))
    found = np.zeros(len(marks.starts), dtype=bool)
    if not len(rows):
        return found
    hosts = marks.hosts[rows]
    wanted = np.zeros(BEYOND + 1, dtype=bool)
    wanted[np.minimum(codes[hosts], BEYOND)] = True
    every = np.flatnonzero(look_up(page.source, wanted))
    glossed = np.unique(hosts)

    def keys(places: Offsets) -> Offsets:
        return entries.searchsorted(places, side="right") << CHARACTER_BITS | codes[places].astype(np.int64)

    known, counts = np.unique(keys(every), return_counts=True)
    spelled = np.bincount(known.searchsorted(keys(glossed)), minlength=len(known))
    mine = known.searchsorted(keys(hosts))
    few = spelled[mine] <= MOST * counts[mine]
    alone = np.bincount(np.minimum(codes[every], BEYOND), minlength=BEYOND + 1)[np.minimum(codes[hosts], BEYOND)] == 1
    rare = usual(codes[hosts])[0] != marks.syllables[rows]
    found[rows] = few | (alone & rare & marks.toned[rows])
    return found
