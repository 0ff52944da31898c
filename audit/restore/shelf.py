"""The pages that several searches stand on, their n-grams in one table each."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from audit.restore.page import TOKEN_BITS, Grams, NearPairs, Page
from audit.restore.units import NEAR_SHARE, PAIR_SHARE, TRIPLE_SHARE, mixed, unvouched

PAGE_BITS = 3 * TOKEN_BITS  # a page's number stands before the tokens
Ints = NDArray[np.int64]
Steps = NDArray[np.int16]
SLOT_BITS = 19
MIXER = np.int64(0x1E3779B97F4A7C15)  # multiplied with it, what tells keys apart reaches the first bits
NONE = np.iinfo(np.int64).max  # stands behind all keys
EMPTY = np.empty(0, dtype=np.int64)
NOTHING_NEAR = NearPairs(EMPTY, EMPTY, EMPTY, EMPTY)


class Counted:
    """How often keys stand on numbered pages."""

    def __init__(self, tables: Iterable[tuple[Ints, Ints]]) -> None:
        both = list(tables)
        self.keys = np.concatenate([*(keys | (n << PAGE_BITS) for n, (keys, _) in enumerate(both)), [NONE]])
        self.counts = np.concatenate([*(counts for _, counts in both), [0]])
        self.slots = np.zeros(1 << SLOT_BITS if len(self.keys) > 1 else 1, dtype=bool)
        self.slots[_slots(self.keys) & (len(self.slots) - 1)] = True

    def may_hold(self, pages: Ints, wanted: Ints) -> Ints:
        """Which keys may stand on their pages, nearly all others left out; shape (m,)."""
        slots = _slots(wanted | (pages << PAGE_BITS)) & (len(self.slots) - 1)
        return np.flatnonzero(self.slots.take(slots))

    def of(self, pages: Ints, wanted: Ints) -> Ints:
        """The count of each key on its page, 0 where it does not stand there; shape (n,)."""
        wanted = wanted | (pages << PAGE_BITS)
        at = self.keys.searchsorted(wanted)
        found: Ints = self.counts.take(at) * (self.keys.take(at) == wanted)
        return found


def _slots(keys: Ints) -> Ints:
    """Where a key is noted; shape (n,)."""
    slots: Ints = ((keys * MIXER) >> (64 - SLOT_BITS)) & ((1 << SLOT_BITS) - 1)
    return slots


class Shelf:
    """Pages by number, in the order in which they came."""

    def __init__(self) -> None:
        self.pages: dict[int, tuple[int, Page]] = {}  # by identity; a page that is held keeps it
        self.grams: dict[int, tuple[int, Grams]] = {}
        self.built = -1

    def number(self, page: Page) -> int:
        """The number of a page."""
        if id(page) not in self.pages:
            self.pages[id(page)] = len(self.pages), page
            if page.grams is not None:
                self.grams.setdefault(id(page.grams), (len(self.grams), page.grams))
        return self.pages[id(page)][0]

    def build(self) -> None:
        """Makes the tables of all pages, if there are new ones."""
        if self.built == len(self.pages):
            return
        pages = [page for _, page in self.pages.values()]
        worded = [page.grams is not None for page in pages]
        if self.built < 0 or any(worded[self.built :]):
            grams = [grams for _, grams in self.grams.values()]
            self.singles = np.concatenate([[0], *(one.singles for one in grams)])
            self.pairs = Counted((one.pairs, one.pair_counts) for one in grams)
            self.triples = Counted((one.triples, one.triple_counts) for one in grams)
            near = [page.near or NOTHING_NEAR for page in pages]
            self.near_pairs = Counted((one.pairs, one.pair_counts) for one in near)
            self.near_singles = Counted((one.singles, one.single_counts) for one in near)
        self.built = len(pages)
        self.scripts = np.array([page.script.value for page in pages], dtype=np.uint8)
        self.worded = np.array(worded, dtype=bool)
        self.shelves = np.array([self.grams[id(page.grams)][0] if page.grams else -1 for page in pages])

    def mix(self, pages: Ints, one: Ints, two: Ints, three: Ints, steps: Steps) -> Ints:
        """Units of each third token behind two others, so unlikely by the language, with what its page holds mixed in; shape (n,).

        What stands nowhere on the page as a pair has no triple there and none near.
        """
        units = unvouched().take(steps).astype(np.int64)
        home = self.shelves.take(pages)
        pair = (two << TOKEN_BITS) | three
        at = self.pairs.may_hold(home, pair)
        at = at[self.pairs.of(home[at], pair[at]) > 0]
        home, pages, one, two, pair = home[at], pages[at], one[at], two[at], pair[at]
        share = PAIR_SHARE * self.pairs.of(home, pair) / (self.singles.take(1 + (home << TOKEN_BITS) + two) + 1.0)
        whole = self.triples.of(home, (one << 2 * TOKEN_BITS) | pair)
        share += TRIPLE_SHARE * whole / (self.pairs.of(home, (one << TOKEN_BITS) | two) + 1.0)
        share += NEAR_SHARE * self.near_pairs.of(pages, pair) / (self.near_singles.of(pages, two) + 1.0)
        units[at] = mixed(steps[at], share)
        return units
