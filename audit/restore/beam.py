"""The search for what a shifted run was: hypotheses grow character by character, the likeliest stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import readings, surprise
from audit.language.script import class_table
from audit.model import Codes
from audit.restore import gbk, likely
from audit.restore.likely import GAP, Choices
from audit.restore.page import Page
from audit.restore.run import Run

Floats = NDArray[np.float64]
WIDTH = 12  # hypotheses kept at each step
SHORTLIST = 128  # of these, the page's own n-grams are asked
GAPS = 5  # places where pairs vanished, at most
LIVE = 3  # hypotheses that may have lost a pair at each step
HALVES = 16  # hypotheses that end before a pair that vanished
TWICE = 4  # of these, those that may go on before another
LAST = 4  # and those behind which the last character may be any
GAP_BITS = 3.0  # what a vanished pair costs beyond its characters
FOREIGN_BITS = 8.0  # what a character of the other script costs
BREAK = 10  # what stands for "nothing before"


class Head(NamedTuple):
    """What may open a run: characters, one row each, the lead bytes that wait behind them, bits beyond the characters."""

    choices: Choices
    bits: float = 0.0


@dataclass(frozen=True, slots=True)
class Opening:
    """How a run begins. `skip` of its pairs are accounted for; the next character must be `first` where that is given."""

    heads: tuple[Head, ...]
    skip: int = 0
    first: str = ""


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


def bits_of(contexts: Codes, new: Codes, page: Page) -> Floats:
    """Bits of each row of `new` behind two code points of context; shape (n, m)."""
    rows, length = new.shape
    laid = np.full((rows, length + 3), BREAK, dtype=np.uint32)
    laid[:, 1:3] = contexts
    laid[:, 3:] = new
    bits = surprise(laid.ravel()).reshape(laid.shape)[:, 3:]
    out: Floats = page.mix(laid[:, 1:], bits).astype(np.float64)
    if page.script.value:
        out += FOREIGN_BITS * ((class_table().take(np.minimum(new, 0xFFFF)) & page.script.value) != 0)
    return out


def cost(left: str, text: str, page: Page) -> Floats:
    """Bits of each character of a text behind its left context; shape (len(text),)."""
    bits: Floats = bits_of(np.array([_context(left)], dtype=np.uint32), likely.codes_of(text)[None, :], page)[0]
    return bits


def _context(left: str) -> tuple[int, int]:
    both = ("\n\n" + left)[-2:]
    return ord(both[0]), ord(both[1])


class Search:
    """One reading of a run between two contexts on a page; the methods only read."""

    def __init__(self, run: Run, page: Page, left: str, right: str) -> None:
        self.run, self.page, self.left, self.right = run, page, _context(left), right
        pairs = run.pairs
        self.inner = [gbk.pair_char(pairs[n - 1][1], pairs[n][0]) if n else "" for n in range(len(pairs))]

    def originals(self, opening: Opening, vanish: Mapping[int, int]) -> list[Hypothesis]:
        """What the run may have been, likeliest first.

        `vanish[n]` is how many pairs, one or two, may have gone before the run's n-th pair (behind all, for the last n).
        """
        start = Hypothesis("", 0, 0.0, (), self.left)
        now = self._grow(Growth(start._replace(bits=head.bits), head.choices) for head in opening.heads)
        pairs, at, first = self.run.pairs, opening.skip, opening.first
        while at < len(pairs) and now:
            end = at + 1
            while end < len(pairs) and at > opening.skip and end not in vanish and at not in vanish:
                end += 1
            gone = self._behind_gap(now, at, *pairs[at], first, vanish.get(at, 0))
            now = self._grow([*self._fixed(now, at, end, first), *gone])
            at, first = end, ""
        now = self._grow(self._ends(now, first, vanish.get(len(pairs), 0)))
        last = Choices(likely.codes_of(self.run.tail + self.right)[None, :], np.zeros(1, dtype=np.int64))
        done = self._grow(Growth(h, last) for h in now)
        return [h._replace(text=h.text[: len(h.text) - len(self.right)]) for h in done]

    def broken(self, first: int) -> set[int]:
        """Gaps from `first` on at or before which a pair must have vanished, as the bytes make no character."""
        return {
            gap for n, char in enumerate(self.inner) if n > first and not char for gap in (n - 1, n) if gap >= first
        }

    def _fixed(self, now: Iterable[Hypothesis], at: int, end: int, first: str) -> Iterable[Growth]:
        trail, lead = self.run.pairs[at][0], self.run.pairs[end - 1][1]
        inner = self.inner[at + 1 : end]
        if not all(inner):
            return
        rest = likely.codes_of("".join(inner))
        for h in now:
            char = gbk.pair_char(h.lead, trail)
            if char and first in ("", char):
                codes = np.concatenate([np.array([ord(char)], dtype=np.uint32), rest])
                yield Growth(h, Choices(codes[None, :], np.array([lead], dtype=np.int64)))

    def _behind_gap(
        self, now: list[Hypothesis], gap: int, trail: int, lead: int, first: str, vanish: int
    ) -> Iterable[Growth]:
        for h in self._before_gap(now, gap, first, vanish):
            yield Growth(h, likely.behind_gap(h.lead & 0xFF, trail, lead, self.page.script))

    def _before_gap(self, now: list[Hypothesis], gap: int, first: str, vanish: int) -> list[Hypothesis]:
        """Hypotheses that end before pairs that vanished; `lead` holds the last trail byte."""
        if not vanish:
            return []
        live = [h for h in now[:LIVE] if len(h.gaps) < GAPS]
        once = (Growth(h, _starting(likely.before_gap(h.lead, self.page.script), first), gap) for h in live)
        halves = self._grow(once, width=HALVES)
        if vanish == 1:
            return halves
        twice = (Growth(h, likely.between_gaps(h.lead & 0xFF, self.page.script), gap) for h in halves[:TWICE])
        return [*halves, *self._grow(twice, width=HALVES)]

    def _ends(self, now: list[Hypothesis], first: str, vanish: int) -> Iterable[Growth]:
        run, gap = self.run, len(self.run.pairs)
        for h in now:
            yield Growth(h, _starting(self._last(h.lead), first))
        if run.lone is not None:
            yield from self._behind_gap(now, gap, run.lone, 0, first, vanish)
        else:
            for h in self._before_gap(now, gap, first, vanish)[:LAST]:
                yield Growth(h, self._last_behind_gap(h.lead & 0xFF))

    def _last_behind_gap(self, first: int) -> Choices:
        if self.run.reading is None:
            return likely.last_behind_gap(first, self.page.script)
        return likely.reading_behind_gap(first, self.run.reading, self.page.script)

    def _last(self, lead: int) -> Choices:
        """What the last character may be."""
        run = self.run
        if run.lone is None and run.reading is None:
            return likely.with_lead(lead, self.page.script)
        trails = likely.trails_reading(lead, run.reading or "") if run.lone is None else (run.lone,)
        chars = [char for trail in trails if (char := gbk.pair_char(lead, trail))]
        if run.reading:
            chars = [char for char in chars if run.reading.lower() in readings(char)]
        return Choices(likely.codes_of("".join(chars))[:, None], np.zeros(len(chars), dtype=np.int64))

    def _grow(self, growths: Iterable[Growth], width: int = WIDTH) -> list[Hypothesis]:
        by_length: dict[int, list[Growth]] = {}
        for growth in growths:
            if len(growth.choices.leads):
                by_length.setdefault(growth.choices.codes.shape[1], []).append(growth)
        grown: list[Hypothesis] = []
        for length, group in by_length.items():
            grown += self._grown(length, group, width)
        return grown if len(by_length) == 1 else sorted(grown, key=lambda h: h.bits)[:width]

    def _grown(self, length: int, group: list[Growth], width: int) -> list[Hypothesis]:
        owner = np.repeat(np.arange(len(group)), [len(growth.choices.leads) for growth in group])
        codes = np.concatenate([growth.choices.codes for growth in group])
        leads = np.concatenate([growth.choices.leads for growth in group])
        bits = np.array([growth.parent.bits + (growth.gap >= 0) * GAP_BITS for growth in group])[owner]
        if length:
            contexts = np.array([growth.parent.context for growth in group], dtype=np.uint32)[owner]
            if len(owner) > SHORTLIST and self.page.grams is not None:
                rough = bits + bits_of(contexts, codes, Page(self.page.script)).sum(axis=1)
                keep = np.sort(np.argpartition(rough, SHORTLIST)[:SHORTLIST])
                owner, codes, leads, bits, contexts = owner[keep], codes[keep], leads[keep], bits[keep], contexts[keep]
            bits = bits + bits_of(contexts, codes, self.page).sum(axis=1)
        best = np.argsort(bits, kind="stable")[:width]
        rows = zip(owner[best].tolist(), codes[best].tolist(), leads[best].tolist(), bits[best].tolist(), strict=True)
        return [_grown_by(group[n], row, lead, total) for n, row, lead, total in rows]


def _grown_by(growth: Growth, row: list[int], lead: int, bits: float) -> Hypothesis:
    parent = growth.parent
    gaps = parent.gaps if growth.gap < 0 else (*parent.gaps, growth.gap)
    one, two = [*parent.context, *row][-2:]
    return Hypothesis(parent.text + "".join(map(chr, row)), lead, bits, gaps, (one, two))


def _starting(choices: Choices, first: str) -> Choices:
    if not first:
        return choices
    fits = choices.codes[:, 0] == ord(first)
    return Choices(choices.codes[fits], choices.leads[fits])


__all__ = ["GAP", "GAP_BITS", "Floats", "Head", "Hypothesis", "Opening", "Search", "bits_of", "cost"]
