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

from audit.language import behind, surprise, tokens
from audit.language.script import class_table
from audit.restore.likely import Choices, codes_of
from audit.restore.page import Page
from audit.restore.shelf import Shelf

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CONTEXT = 2
APART = "\n\n"  # between texts of which none is the context of another
NO_CELLS = np.empty(0, dtype=np.int64)
MANY = 64  # rows of which the least are taken before they are put in order
SHORTLIST = 128  # choices of one growing of which the page's own n-grams are asked
GAP_BITS = 3.0  # what a vanished pair costs beyond its characters
FOREIGN_BITS = 8.0  # what a character of the other script costs


class Hypothesis(NamedTuple):
    """A partial original: its characters, the lead byte that waits, bits so far, and before which pairs some vanished.

    `context` are the last two characters, those before the run included.
    """

    text: str
    lead: int
    bits: float
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
    """Asks for the bits of each character of texts behind one context: with the page's own words and without; shapes (n,)."""

    context: str
    texts: Sequence[str]
    page: Page


class Deepen(NamedTuple):
    """Asks for the bits of each character of texts by triples of characters, without a page; shapes (n,)."""

    texts: Sequence[str]


Ask: TypeAlias = Grow | Weigh | Deepen


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
    """The bits of all cells laid out; `plain` without what the pages hold, `total` with it and with what went before."""

    def __init__(self, laid: _Layout, rows: Sequence[_Rows]) -> None:
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
        bits: NDArray[Any] = behind(two, three)
        self.plain: Floats = bits.astype(np.float64)
        if shelf.scripts.any():
            shown = np.concatenate([self.codes[:size], self.codes.take(places)])
            classes = class_table().take(shown, mode="clip")
            self.plain += FOREIGN_BITS * ((classes & shelf.scripts.take(pages)) != 0)
        self.total: Floats = self.plain.copy()
        base = np.repeat([growth.parent.bits + (growth.gap >= 0) * GAP_BITS for growth in growths], sizes)
        self.total[:size] += base
        some = self._short_list(shelf.worded.take(pages), rows) if shelf.worded.any() else NO_CELLS
        if len(some):
            one = laid_out(every[size:first:CONTEXT], every.take(places - 2))
            mixed = shelf.mix(pages[some], one[some], two[some], three[some], bits[some])
            mixed += self.plain[some] - bits[some]
            inner = int(some.searchsorted(size))
            mixed[:inner] += base[some[:inner]]
            self.total[some] = mixed
        self.sums = np.zeros(len(lengths))
        if len(number):
            self.sums[lengths > 0] = np.add.reduceat(self.total, (self.ends - lengths)[lengths > 0])

    def _short_list(self, asked: NDArray[np.bool_], rows: Sequence[_Rows]) -> Ints:
        """The cells of which the pages are asked; of the many of one ask the others are out."""
        for cells in [row.cells for row in rows]:
            if cells.stop - cells.start > SHORTLIST and asked[cells.start]:
                rest = cells.start + (~_low(self.total[cells], SHORTLIST)).nonzero()[0]
                asked[rest] = False
                self.total[rest] = np.inf
        return asked.nonzero()[0]

    def weighed(self, row: _Rows, ask: Weigh) -> list[tuple[Floats, Floats]]:
        """Bits of each character of texts, with the page's own words and without."""
        ends = self.ends[row.texts].tolist()
        spans = [slice(end - len(text), end) for end, text in zip(ends, ask.texts, strict=True)]
        return [(self.total[span], self.plain[span]) for span in spans]

    def best(self, row: _Rows, ask: Grow) -> list[Hypothesis]:
        """The likeliest hypotheses."""
        bits, size = self.total[row.cells], len(ask.follows)
        if size:
            ended = np.array([follow.parent.bits for follow in ask.follows]) + self.sums[row.texts]
            bits = np.concatenate([ended, bits])
        best = _least(bits, ask.width)
        grown = []
        for n, total in zip(best.tolist(), bits[best].tolist(), strict=True):
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
    flat = iter(_judged([ask for ask in asks if not isinstance(ask, Deepen)], shelf))
    return [next(deep if isinstance(ask, Deepen) else flat) for ask in asks]


def _judged(asks: Sequence[Grow | Weigh], shelf: Shelf) -> list[Any]:
    if not asks:
        return []
    laid = _Layout(shelf)
    rows = [laid.lay(ask) for ask in asks]
    shelf.build()
    cells = _Cells(laid, rows)
    return [
        cells.best(row, ask) if isinstance(ask, Grow) else cells.weighed(row, ask)
        for row, ask in zip(rows, asks, strict=True)
    ]


def _deepened(asks: Sequence[Deepen]) -> list[list[NDArray[np.float32]]]:
    """All texts in one row; behind two line breaks each begins anew."""
    bits = surprise(codes_of("".join([APART + text for ask in asks for text in ask.texts])), deep=True)
    at, found = 0, []
    for ask in asks:
        starts = np.cumsum([at + len(APART), *[len(text) + len(APART) for text in ask.texts]]).tolist()
        found.append([bits[start : start + len(text)] for start, text in zip(starts, ask.texts, strict=False)])
        at = starts[-1] - len(APART)
    return found


def _least(bits: Floats, width: int) -> Ints:
    """Where the `width` least stand, ascending."""
    if len(bits) > MANY:
        some = _low(bits, width).nonzero()[0]
        return some[bits[some].argsort(kind="stable")]
    return bits.argsort(kind="stable")[:width]


def _low(bits: Floats, width: int) -> NDArray[np.bool_]:
    """Which are the `width` least; of equal ones the first. `argpartition` leaves these to the processor."""
    bound = np.partition(bits, width - 1)[width - 1]
    low: NDArray[np.bool_] = bits < bound
    low[(bits == bound).nonzero()[0][: width - np.count_nonzero(low)]] = True
    return low
