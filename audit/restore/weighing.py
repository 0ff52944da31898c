"""What may follow many hypotheses, judged at once by the language model and by what their pages hold.

Everything is laid out as cells: a code point behind two others. A growth of one character gives a cell for each choice;
growths and texts of several characters are strips of cells.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import behind, tokens
from audit.language.script import class_table
from audit.model import Codes
from audit.restore.likely import Choices
from audit.restore.page import Page
from audit.restore.shelf import Shelf

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SHORTLIST = 128  # choices of one growing of which the page's own n-grams are asked
GAP_BITS = 3.0  # what a vanished pair costs beyond its characters
FOREIGN_BITS = 8.0  # what a character of the other script costs


class Hypothesis(NamedTuple):
    """A partial original: its characters, the lead byte that waits, bits so far, and before which pairs some vanished.

    `context` are the last two code points, those before the run included.
    """

    text: str
    lead: int
    bits: float
    gaps: tuple[int, ...]
    context: tuple[int, int]


class Growth(NamedTuple):
    """What may follow one hypothesis."""

    parent: Hypothesis
    choices: Choices
    gap: int = -1


class Grow(NamedTuple):
    """Asks for the likeliest hypotheses that growths make on a page, likeliest first, at most `width`."""

    growths: Sequence[Growth]
    width: int
    page: Page


class Weigh(NamedTuple):
    """Asks for the bits of each code point behind a context, with the page's own words and without; shapes (n,)."""

    context: tuple[int, int]
    codes: Codes
    page: Page


NOTHING = Growth(
    Hypothesis("", 0, 0.0, (), (0, 0)), Choices(np.empty((0, 0), dtype=np.uint32), np.empty(0, dtype=np.int64))
)


class _Rows(NamedTuple):
    """The rows of one growing: growths of one character, their cells, and the other growths, bits so far and strip each."""

    singles: list[Growth]
    ends: list[int]  # of the cells of each
    cells: slice
    others: list[tuple[Growth, int, float, int]]


class _Layout:
    """Cells as they are asked for."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.size = 0
        self.contexts: list[tuple[int, int]] = []
        self.choices: list[Codes] = []
        self.bases: list[float] = []
        self.pages: list[int] = []
        self.strips: list[tuple[list[int], int]] = []

    def lay(self, ask: Grow | Weigh) -> _Rows:
        """The rows of a growing; a text is one without a growth."""
        page = self.shelf.number(ask.page)
        if isinstance(ask, Weigh):
            return _Rows([], [], slice(0, 0), [(NOTHING, 0, 0.0, self._strip(ask.context, ask.codes, page))])
        first, singles, ends = self.size, [], []
        others: list[tuple[Growth, int, float, int]] = []
        for growth in ask.growths:
            rows, length = growth.choices.codes.shape
            base = growth.parent.bits + (growth.gap >= 0) * GAP_BITS
            if length == 1 and rows:
                self.contexts.append(growth.parent.context)
                self.choices.append(growth.choices.codes.ravel())
                self.bases.append(base)
                self.pages.append(page)
                self.size += rows
                singles.append(growth)
                ends.append(self.size)
                continue
            for row in range(rows):
                strip = self._strip(growth.parent.context, growth.choices.codes[row], page) if length else -1
                others.append((growth, row, base, strip))
        return _Rows(singles, ends, slice(first, self.size), others)

    def _strip(self, context: tuple[int, int], codes: Codes, page: int) -> int:
        self.strips.append(([*context, *codes.tolist()], page))
        return len(self.strips) - 1


class _Cells:
    """The bits of all cells laid out; `plain` without what the pages hold, `total` with it and with what went before."""

    def __init__(self, laid: _Layout, short: Sequence[slice]) -> None:
        self.owner = np.repeat(np.arange(len(laid.choices)), [len(codes) for codes in laid.choices])
        strips = [strip for strip, _ in laid.strips]
        lengths = [len(strip) - 2 for strip in strips]
        self.starts = (laid.size + np.concatenate([[0], np.cumsum(lengths)])).astype(np.int64)
        contexts = tokens(np.array(laid.contexts, dtype=np.uint32).reshape(-1, 2))
        before = [np.array([code for s in strips for code in s[n : n - 2]], dtype=np.uint32) for n in (0, 1)]
        one, two = (np.concatenate([contexts[:, n].take(self.owner), tokens(before[n])]) for n in (0, 1))
        codes = np.concatenate([*laid.choices, np.array([c for s in strips for c in s[2:]], dtype=np.uint32)])
        three = tokens(codes)
        pages = np.array(laid.pages, dtype=np.int64).take(self.owner)
        pages = np.concatenate([pages, np.repeat(np.array([page for _, page in laid.strips], dtype=np.int64), lengths)])
        bits = behind(two, three)
        scripts = laid.shelf.scripts.take(pages)
        foreign = FOREIGN_BITS * ((class_table().take(codes, mode="clip") & scripts) != 0)
        self.plain: Floats = bits + foreign
        base = np.array(laid.bases).take(self.owner)
        self.total: Floats = self.plain.copy()
        self.total[: laid.size] += base
        asked = laid.shelf.worded.take(pages)
        for cells in short:
            if cells.stop - cells.start > SHORTLIST and asked[cells.start]:
                asked[cells] = False
                asked[cells.start + np.argpartition(self.total[cells], SHORTLIST)[:SHORTLIST]] = True
                self.total[cells][~asked[cells]] = np.inf
        at = np.flatnonzero(asked)
        if len(at):
            mixed = laid.shelf.mix(pages[at], one[at], two[at], three[at], bits[at]) + foreign[at]
            inner = np.searchsorted(at, laid.size)
            mixed[:inner] += base[at[:inner]]
            self.total[at] = mixed
        self.rows: list[float] = np.add.reduceat(self.total, self.starts[:-1]).tolist() if strips else []

    def text(self, rows: _Rows) -> tuple[Floats, Floats]:
        """Bits of each code point of a strip, with the page's own words and without."""
        strip = rows.others[0][-1]
        cells = slice(self.starts[strip], self.starts[strip + 1])
        return self.total[cells], self.plain[cells]

    def best(self, rows: _Rows, width: int) -> list[Hypothesis]:
        """The likeliest hypotheses."""
        others = [base + (self.rows[strip] if strip >= 0 else 0.0) for _, _, base, strip in rows.others]
        bits = np.concatenate([others, self.total[rows.cells]]) if others else self.total[rows.cells]
        best = np.argsort(bits, kind="stable")[:width]
        grown = []
        for n, total in zip(best.tolist(), bits[best].tolist(), strict=True):
            if n < len(others):
                growth, row, _, _ = rows.others[n]
            else:
                at = rows.cells.start + n - len(others)
                which = bisect_right(rows.ends, at)
                growth = rows.singles[which]
                row = at - (rows.ends[which - 1] if which else rows.cells.start)
            grown.append(_grown(growth, row, total))
        return grown


def answers(asks: Sequence[Grow | Weigh], shelf: Shelf) -> list[Any]:
    """The answer to each ask: hypotheses, or the bits of a text."""
    laid = _Layout(shelf)
    placed = [laid.lay(ask) for ask in asks]
    shelf.build()
    cells = _Cells(laid, [rows.cells for rows in placed])
    return [
        cells.best(where, ask.width) if isinstance(ask, Grow) else cells.text(where)
        for where, ask in zip(placed, asks, strict=True)
    ]


def _grown(growth: Growth, row: int, bits: float) -> Hypothesis:
    parent, choices = growth.parent, growth.choices
    gaps = parent.gaps if growth.gap < 0 else (*parent.gaps, growth.gap)
    codes = choices.codes[row].tolist()
    one, two = [*parent.context, *codes][-2:]
    return Hypothesis(parent.text + "".join(map(chr, codes)), int(choices.leads[row]), bits, gaps, (one, two))
