"""What may follow many hypotheses, judged at once by the language model and by what their pages hold.

Everything is laid out as cells: a code point behind two others. First those of the growths, one for each choice, then
those of the texts, one for each character.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import behind, tokens
from audit.language.script import class_table
from audit.model import Codes
from audit.restore.likely import Choices, codes_of
from audit.restore.page import Page
from audit.restore.shelf import Shelf

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MANY = 64  # rows of which the least are taken before they are put in order
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
    """Asks for the bits of each character of a text behind its context: with the page's own words and without; shapes (n,)."""

    context: tuple[int, int]
    text: str
    page: Page


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
        self.texts: list[str] = []
        self.contexts: list[tuple[int, int]] = []
        self.text_pages: list[int] = []

    def lay(self, ask: Grow | Weigh) -> _Rows:
        """The rows of an ask."""
        page, text, start = self.shelf.number(ask.page), len(self.texts), self.size
        if isinstance(ask, Weigh):
            self.texts.append(ask.text)
            self.contexts.append(ask.context)
        else:
            self.texts += [follow.text for follow in ask.follows]
            self.contexts += [follow.parent.context for follow in ask.follows]
            self.growths += ask.growths
            self.size += sum(len(growth.choices.codes) for growth in ask.growths)
            self.pages += [page] * len(ask.growths)
        self.text_pages += [page] * (len(self.texts) - text)
        return _Rows(slice(start, self.size), slice(text, len(self.texts)))


class _Cells:
    """The bits of all cells laid out; `plain` without what the pages hold, `total` with it and with what went before."""

    def __init__(self, laid: _Layout, rows: Sequence[_Rows]) -> None:
        growths, size = laid.growths, laid.size
        self.growths = growths
        self.leads = np.concatenate([[0], *(growth.choices.leads for growth in growths)])[1:]
        self.owner = np.repeat(np.arange(len(growths)), [len(growth.choices.codes) for growth in growths])
        contexts = tokens(np.array([growth.parent.context for growth in growths], dtype=np.uint32).reshape(-1, 2))
        pages = np.array(laid.pages, dtype=np.int64).take(self.owner)
        base = np.array([growth.parent.bits + (growth.gap >= 0) * GAP_BITS for growth in growths]).take(self.owner)
        lengths = np.array([len(text) for text in laid.texts], dtype=np.int64)
        self.ends = size + np.cumsum(lengths)
        written = codes_of("".join(laid.texts))
        starts = self.ends - size - lengths
        before = _before(written, np.array(laid.contexts, dtype=np.uint32).reshape(-1, 2), starts, lengths)
        self.codes = np.concatenate([*(growth.choices.codes for growth in growths), written])
        one, two = (np.concatenate([contexts[:, n].take(self.owner), tokens(before[n])]) for n in (0, 1))
        pages = np.concatenate([pages, np.repeat(np.array(laid.text_pages, dtype=np.int64), lengths)])
        three = tokens(self.codes)
        bits = behind(two, three)
        scripts = laid.shelf.scripts.take(pages)
        foreign = FOREIGN_BITS * ((class_table().take(self.codes, mode="clip") & scripts) != 0)
        self.plain: Floats = bits + foreign
        self.total: Floats = self.plain.copy()
        self.total[:size] += base
        asked = laid.shelf.worded.take(pages)
        for cells in (row.cells for row in rows):
            if cells.stop - cells.start > SHORTLIST and asked[cells.start]:
                rest = cells.start + np.argpartition(self.total[cells], SHORTLIST)[SHORTLIST:]
                asked[rest] = False
                self.total[rest] = np.inf
        at = np.flatnonzero(asked)
        if len(at):
            mixed = laid.shelf.mix(pages[at], one[at], two[at], three[at], bits[at]) + foreign[at]
            inner = int(np.searchsorted(at, size))
            mixed[:inner] += base[at[:inner]]
            self.total[at] = mixed
        self.sums = np.zeros(len(lengths))
        if len(written):
            self.sums[lengths > 0] = np.add.reduceat(self.total, self.ends[lengths > 0] - lengths[lengths > 0])

    def text(self, row: _Rows, text: str) -> tuple[Floats, Floats]:
        """Bits of each character of a text, with the page's own words and without."""
        cells = slice(self.ends[row.texts.start] - len(text), self.ends[row.texts.start])
        return self.total[cells], self.plain[cells]

    def best(self, row: _Rows, ask: Grow) -> list[Hypothesis]:
        """The likeliest hypotheses."""
        follows, size = ask.follows, len(ask.follows)
        ended = np.array([follow.parent.bits for follow in follows]) + self.sums[row.texts]
        bits = np.concatenate([ended, self.total[row.cells]])
        best = _least(bits, ask.width)
        grown = []
        for n, total in zip(best.tolist(), bits[best].tolist(), strict=True):
            if n < size:
                text, lead, parent = follows[n].text, follows[n].lead, follows[n].parent
                one, two = ((*parent.context, *map(ord, text[-2:])))[-2:]
                grown.append(Hypothesis(parent.text + text, lead, total, parent.gaps, (one, two)))
            else:
                at = n - size + row.cells.start
                parent, _, gap = self.growths[self.owner[at]]
                code = self.codes.item(at)
                gaps = parent.gaps if gap < 0 else (*parent.gaps, gap)
                grown.append(
                    Hypothesis(parent.text + chr(code), self.leads.item(at), total, gaps, (parent.context[1], code))
                )
        return grown


def answers(asks: Sequence[Grow | Weigh], shelf: Shelf) -> list[Any]:
    """The answer to each ask: hypotheses, or the bits of a text."""
    laid = _Layout(shelf)
    rows = [laid.lay(ask) for ask in asks]
    shelf.build()
    cells = _Cells(laid, rows)
    return [
        cells.best(row, ask) if isinstance(ask, Grow) else cells.text(row, ask.text)
        for row, ask in zip(rows, asks, strict=True)
    ]


def _before(written: Codes, contexts: Codes, starts: Ints, lengths: Ints) -> tuple[Codes, Codes]:
    """The second and the first code point before each of some texts laid end to end, which stand behind contexts."""
    one, two = np.roll(written, 2), np.roll(written, 1)
    some, more = lengths > 0, lengths > 1
    one[starts[some]], two[starts[some]] = contexts[some].T
    one[starts[more] + 1] = contexts[more, 1]
    return one, two


def _least(bits: Floats, width: int) -> Ints:
    """Where the `width` least stand, ascending."""
    if len(bits) > MANY:
        some = np.sort(np.argpartition(bits, width)[:width])
        return some[np.argsort(bits[some], kind="stable")]
    return np.argsort(bits, kind="stable")[:width]
