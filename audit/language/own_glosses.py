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
from audit.language.spots import look_up, narrow
from audit.model import Offsets

Bools = NDArray[np.bool_]
MOST = 0.5  # share of a character's occurrences in its entry that are glossed: those of the pages seen all have more
MOST_KEYS = 1 << 22  # entries times characters that are counted in a table


def may_be_own(page: Page, entries: Offsets) -> Bools:
    """Of each bracket of a page whose entries begin there: whether its author may have written it; shape (n,)."""
    marks, codes = page.marks, page.source.codes
    rows = np.flatnonzero(page.injected & (marks.hosts >= 0))
    found = np.zeros(len(marks.starts), dtype=bool)
    if not len(rows):
        return found
    hosts, close = marks.hosts[rows], narrow(page.source)  # what is beyond the basic plane counts as one character
    wanted = np.zeros(BEYOND + 1, dtype=bool)
    wanted[close[hosts]] = True
    every = np.flatnonzero(look_up(page.source, wanted))
    number = wanted.cumsum() - 1  # of each wanted character
    kinds = int(number[-1]) + 1

    def keys(places: Offsets) -> Offsets:
        """The number of each entry and character; places ascend."""
        owners = np.diff(places.searchsorted(entries), prepend=0, append=len(places))
        found: Offsets = np.arange(len(entries) + 1).repeat(owners) * kinds + number.take(close.take(places))
        return found

    mine, all_of_them = keys(hosts), keys(every)
    size = (len(entries) + 1) * kinds
    if size > MOST_KEYS:
        known, all_of_them = np.unique(all_of_them, return_inverse=True)
        mine, size = known.searchsorted(mine), len(known)
    glossed = np.bincount(mine[np.diff(hosts, prepend=-1) > 0], minlength=size)
    few = glossed[mine] <= MOST * np.bincount(all_of_them, minlength=size)[mine]
    alone = np.bincount(number.take(close.take(every)), minlength=kinds)[number.take(close.take(hosts))] == 1
    rare = usual(codes[hosts])[0] != marks.syllables[rows]
    found[rows] = few | (alone & rare & marks.toned[rows])
    return found
