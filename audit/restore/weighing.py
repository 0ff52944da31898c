"""What may follow many hypotheses, judged at once by the language model and by what their pages hold.

Everything is laid out as cells: a code point behind two others. First those of the growths, one for each choice, then
those of the texts, one for each character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audit.language import steps, surprise, tokens
from audit.language.script import class_table
from audit.restore.asked import CONTEXT
from audit.restore.likely import Choices, codes_of
from audit.restore.page import Page
from audit.restore.reader import Read, read
from audit.restore.shelf import Shelf
from audit.restore.units import STEP, UNIT

Ints = NDArray[np.int64]
APART = "\n\n"  # between texts of which none is the context of another
MANY = 64  # rows of which the least are taken before they are put in order
GAP_COST = 3 * UNIT  # what a vanished pair costs beyond its characters
FOREIGN_COST = 8 * UNIT  # what a character of the other script costs


class Hypothesis(NamedTuple):
    """A partial original: its characters, the lead byte that waits, its cost in units, and before which pairs some vanished.

    `context` are the last two characters, those before the run included.
    """

    text: str
    lead: int
    cost: int
    gaps: tuple[int, ...]
    context: str


class Growth(NamedTuple):
    """The characters of which one may follow a hypothesis."""

    parent: Hypothesis
    choices: Choices
    gap: int = -1


class Follow(NamedTuple):
    """The text that follows a hypothesis, and the lead byte that waits behind it."""

    parent: Hypothesis
    text: str
    lead: int = 0


class Grow(NamedTuple):
    """Asks for the likeliest hypotheses that grow on a page, likeliest first, at most `width`."""

    follows: Sequence[Follow]
    growths: Sequence[Growth]
    width: int
    page: Page


class Weigh(NamedTuple):
    """Asks for the units of each character of texts behind one context: with the page's own words and without; shapes (n,)."""

    context: str
    texts: Sequence[str]
    page: Page


class Deepen(NamedTuple):
    """Asks for the units of each character of texts by triples of characters, without a page; shapes (n,)."""

    texts: Sequence[str]


Ask: TypeAlias = Grow | Weigh | Deepen | Read


class _Rows(NamedTuple):
    """The cells of an ask's growths, and the numbers of its texts."""

    cells: slice
    texts: slice


class _Layout:
    """What is asked, one thing after the other."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.size = 0
        self.growths: list[Growth] = []
        self.pages: list[int] = []
        self.texts: list[str] = []  # each behind its context
        self.text_pages: list[int] = []

    def lay(self, ask: Grow | Weigh) -> _Rows:
        """The rows of an ask."""
        page, text, start = self.shelf.number(ask.page), len(self.texts), self.size
        if isinstance(ask, Weigh):
            self.texts += [ask.context + text for text in ask.texts]
        else:
            self.texts += [follow.parent.context + follow.text for follow in ask.follows]
            self.growths += ask.growths
            self.size += sum([len(growth.choices.codes) for growth in ask.growths])
            self.pages += [page] * len(ask.growths)
        self.text_pages += [page] * (len(self.texts) - text)
        return _Rows(slice(start, self.size), slice(text, len(self.texts)))


class _Cells:
    """The units of all cells laid out; `plain` without what the pages hold, `total` with it and with what went before."""

    def __init__(self, laid: _Layout) -> None:
        self.growths, growths, size, shelf = laid.growths, laid.growths, laid.size, laid.shelf
        sizes = np.array([len(growth.choices.codes) for growth in growths], dtype=np.int64)
        self.bounds: list[int] = sizes.cumsum().tolist()  # where each growth's cells end
        written = codes_of("".join([growth.parent.context for growth in growths] + laid.texts))
        self.codes = np.concatenate([*[growth.choices.codes for growth in growths], written])
        lengths = np.array([len(text) - CONTEXT for text in laid.texts], dtype=np.int64)
        self.ends = size + lengths.cumsum()
        number = np.arange(len(lengths)).repeat(lengths)
        first = size + CONTEXT * len(growths)  # of the texts, each behind its context
        places = first + CONTEXT * (number + 1) + np.arange(len(number))
        every = tokens(self.codes)

        def laid_out(of_growths: NDArray[Any] | list[Any], of_texts: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([np.repeat(of_growths, sizes), of_texts])

        two = laid_out(every[size + 1 : first : CONTEXT], every.take(places - 1))
        three = np.concatenate([every[:size], every.take(places)])
        pages = laid_out(laid.pages, np.array(laid.text_pages, dtype=np.int64).take(number)).astype(np.int64)
        unlikely = steps(two, three)
        self.plain: Ints = unlikely.astype(np.int64) * STEP
        self.total: Ints = self.plain.copy()
        some = shelf.worded.take(pages).nonzero()[0]
        if len(some):
            one = laid_out(every[size:first:CONTEXT], every.take(places - 2))
            self.total[some] = shelf.mix(pages[some], one[some], two[some], three[some], unlikely[some])
        if shelf.scripts.any():
            shown = np.concatenate([self.codes[:size], self.codes.take(places)])
            foreign = FOREIGN_COST * ((class_table().take(shown, mode="clip") & shelf.scripts.take(pages)) != 0)
            self.plain += foreign
            self.total += foreign
        base = [growth.parent.cost + (growth.gap >= 0) * GAP_COST for growth in growths]
        self.total[:size] += np.repeat(np.array(base, dtype=np.int64), sizes)
        self.sums = np.zeros(len(lengths), dtype=np.int64)
        if len(number):
            self.sums[lengths > 0] = np.add.reduceat(self.total, (self.ends - lengths)[lengths > 0])

    def weighed(self, row: _Rows, ask: Weigh) -> list[tuple[Ints, Ints]]:
        """Units of each character of texts, with the page's own words and without."""
        ends = self.ends[row.texts].tolist()
        spans = [slice(end - len(text), end) for end, text in zip(ends, ask.texts, strict=True)]
        return [(self.total[span], self.plain[span]) for span in spans]

    def best(self, row: _Rows, ask: Grow) -> list[Hypothesis]:
        """The likeliest hypotheses."""
        costs, size = self.total[row.cells], len(ask.follows)
        if size:
            ended = np.array([follow.parent.cost for follow in ask.follows]) + self.sums[row.texts]
            costs = np.concatenate([ended, costs])
        best = _least(costs, ask.width)
        grown = []
        for n, total in zip(best.tolist(), costs[best].tolist(), strict=True):
            if n < size:
                parent, text, lead = ask.follows[n]
                gaps = parent.gaps
            else:
                cell = n - size + row.cells.start
                owner = bisect_right(self.bounds, cell)
                parent, choices, gap = self.growths[owner]
                text, lead = chr(self.codes.item(cell)), choices.leads.item(cell - self.bounds[owner])
                gaps = parent.gaps if gap < 0 else (*parent.gaps, gap)
            grown.append(Hypothesis(parent.text + text, lead, total, gaps, (parent.context + text)[-CONTEXT:]))
        return grown


def answers(asks: Sequence[Ask], shelf: Shelf) -> list[Any]:
    """The answer to each ask: hypotheses, or the bits of texts."""
    deep = iter(_deepened([ask for ask in asks if isinstance(ask, Deepen)]))
    dear = iter(read([ask for ask in asks if isinstance(ask, Read)]))
    flat = iter(_judged([ask for ask in asks if isinstance(ask, Grow | Weigh)], shelf))
    return [next(deep if isinstance(ask, Deepen) else dear if isinstance(ask, Read) else flat) for ask in asks]


def _judged(asks: Sequence[Grow | Weigh], shelf: Shelf) -> list[Any]:
    if not asks:
        return []
    laid = _Layout(shelf)
    rows = [laid.lay(ask) for ask in asks]
    shelf.build()
    cells = _Cells(laid)
    return [
        cells.best(row, ask) if isinstance(ask, Grow) else cells.weighed(row, ask)
        for row, ask in zip(rows, asks, strict=True)
    ]


def _deepened(asks: Sequence[Deepen]) -> list[list[Ints]]:
    """All texts in one row; behind two line breaks each begins anew."""
    bits = surprise(codes_of("".join([APART + text for ask in asks for text in ask.texts])), deep=True)
    units = np.rint(bits * (UNIT / STEP)).astype(np.int64) * STEP
    at, found = 0, []
    for ask in asks:
        starts = np.cumsum([at + len(APART), *[len(text) + len(APART) for text in ask.texts]]).tolist()
        found.append([units[start : start + len(text)] for start, text in zip(starts, ask.texts, strict=False)])
        at = starts[-1] - len(APART)
    return found


def _least(costs: Ints, width: int) -> Ints:
    """Where the `width` least stand, ascending; of equal ones the first."""
    if len(costs) > MANY:  # `argpartition` leaves equal ones to the processor
        some = (costs <= np.partition(costs, width - 1)[width - 1]).nonzero()[0]
        found: Ints = some[costs[some].argsort(kind="stable")[:width]]
        return found
    return costs.argsort(kind="stable")[:width]
