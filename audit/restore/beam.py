"""The search for what a shifted run was: hypotheses grow character by character, the likeliest stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from audit.restore import gbk, likely
from audit.restore.abreast import Asking
from audit.restore.likely import Choices
from audit.restore.page import Page
from audit.restore.run import Run
from audit.restore.weighing import CONTEXT, Follow, Grow, Growth, Hypothesis, Ints, Original, Weigh

WIDTH = 12  # hypotheses kept at each step
GAPS = 5  # places where pairs vanished, at most
LIVE = 3  # hypotheses that may have lost a pair at each step
HALVES = 16  # hypotheses that end before a pair that vanished
TWICE = 4  # of these, those that may go on before another
LAST = 4  # and those behind which the last character may be any
FIRST_OF_MARK = 0xA3  # byte of a full-width mark


class Head(NamedTuple):
    """What may open a run: characters, the lead byte that waits behind them, units beyond what the characters cost."""

    text: str
    lead: int
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """How a run begins: with one of the heads, or with a character that a mark of that second byte was born of.

    `skip` of its pairs are accounted for; the next character must be `first` where that is given.
    """

    heads: tuple[Head, ...] = ()
    mark: int = 0
    skip: int = 0
    first: str = ""


def context_of(left: str) -> str:
    """The last two characters of what stands before a run."""
    return ("\n" * CONTEXT + left)[-CONTEXT:]


def cost(left: str, text: str, page: Page) -> Asking[tuple[Ints, Ints]]:
    """Units of each character of a text behind its left context, with the page's own words and without; shapes (len(text),)."""
    units: list[tuple[Ints, Ints]] = yield Weigh(context_of(left), [text], page)
    return units[0]


class Search:
    """One reading of a run between two contexts on a page.

    Asked again with more pairs that may have vanished, it goes on from the last place before which nothing changed.
    """

    def __init__(self, run: Run, page: Page, left: str, right: str) -> None:
        self.run, self.page, self.left, self.right = run, page, context_of(left), right
        self.live = LIVE
        pairs = run.pairs
        self.stood: dict[int, list[Hypothesis]] = {}  # before which pair, as `originals` was asked last
        self.vanish: Mapping[int, int] = {}
        self.inner = [gbk.pair_char(pairs[n - 1][1], pairs[n][0]) if n else "" for n in range(len(pairs))]

    def originals(self, opening: Opening, vanish: Mapping[int, int]) -> Asking[list[Original]]:
        """What the run may have been, likeliest first.

        `vanish[n]` is how many pairs, one or two, may have gone before the run's n-th pair (behind all, for the last n).
        """
        pairs = self.run.pairs
        changed = min((n for n in vanish if vanish[n] != self.vanish.get(n)), default=0)
        self.stood = {at: before for at, before in self.stood.items() if at <= changed}
        self.vanish = vanish
        if opening.skip not in self.stood:
            self.stood[opening.skip] = yield from self._open(opening)
        at = max(self.stood)
        now, first = self.stood[at], opening.first if at == opening.skip else ""
        while at < len(pairs) and now:
            end = at + 1
            while end < len(pairs) and at > opening.skip and end not in vanish and at not in vanish:
                end += 1
            gone = yield from self._behind_gap(now, at, *pairs[at], first, vanish.get(at, 0))
            now = yield from self._grow(gone, self._fixed(now, at, end, first))
            at, first = end, ""
            self.stood[at] = now
        ends = yield from self._ends(now, first, vanish.get(len(pairs), 0))
        now = yield from self._grow(ends)
        done = yield from self._grow((), (Follow(h, self.run.tail + self.right) for h in now))
        return [Original(h.text[: len(h.text) - len(self.right)], h.cost, h.gaps) for h in done]

    def _open(self, opening: Opening) -> Asking[list[Hypothesis]]:
        start = Hypothesis("", 0, 0, (), self.left)
        heads = [Follow(start._replace(cost=head.cost), head.text, head.lead) for head in opening.heads]
        born = likely.with_trail(FIRST_OF_MARK, opening.mark, self.page.script)
        return self._grow([Growth(start, born)] if opening.mark else [], heads)

    def broken(self, first: int) -> set[int]:
        """Gaps from `first` on at or before which a pair must have vanished, as the bytes make no character."""
        return {
            gap for n, char in enumerate(self.inner) if n > first and not char for gap in (n - 1, n) if gap >= first
        }

    def _fixed(self, now: Iterable[Hypothesis], at: int, end: int, first: str) -> Iterator[Follow]:
        trail, lead = self.run.pairs[at][0], self.run.pairs[end - 1][1]
        inner = self.inner[at + 1 : end]
        if all(inner):
            rest = "".join(inner)
            for h in now:
                char = gbk.pair_char(h.lead, trail)
                if char and first in ("", char):
                    yield Follow(h, char + rest, lead)

    def _behind_gap(
        self, now: list[Hypothesis], gap: int, trail: int, lead: int, first: str, vanish: int
    ) -> Asking[list[Growth]]:
        before = yield from self._before_gap(now, gap, first, vanish)
        return [Growth(h, likely.behind_gap(h.lead & 0xFF, trail, lead, self.page.script)) for h in before]

    def _before_gap(self, now: list[Hypothesis], gap: int, first: str, vanish: int) -> Asking[list[Hypothesis]]:
        """Hypotheses that end before pairs that vanished; `lead` holds the last trail byte."""
        if not vanish:
            return []
        live = [h for h in now[: self.live] if len(h.gaps) < GAPS]
        once = (Growth(h, _starting(likely.before_gap(h.lead, self.page.script), first), gap) for h in live)
        halves = yield from self._grow(once, width=HALVES)
        if vanish == 1:
            return halves
        twice = (Growth(h, likely.between_gaps(h.lead & 0xFF, self.page.script), gap) for h in halves[:TWICE])
        behind = yield from self._grow(twice, width=HALVES)
        return [*halves, *behind]

    def _ends(self, now: list[Hypothesis], first: str, vanish: int) -> Asking[list[Growth]]:
        run, gap = self.run, len(self.run.pairs)
        ends = [Growth(h, _starting(likely.last(h.lead, run.lone, run.reading, self.page.script), first)) for h in now]
        if run.lone is not None:
            return ends + (yield from self._behind_gap(now, gap, run.lone, 0, first, vanish))
        before = yield from self._before_gap(now, gap, first, vanish)
        return ends + [Growth(h, self._last_behind_gap(h.lead & 0xFF)) for h in before[:LAST]]

    def _last_behind_gap(self, first: int) -> Choices:
        if self.run.reading is None:
            return likely.last_behind_gap(first, self.page.script)
        return likely.reading_behind_gap(first, self.run.reading, self.page.script)

    def _grow(
        self, growths: Iterable[Growth], follows: Iterable[Follow] = (), width: int = WIDTH
    ) -> Asking[list[Hypothesis]]:
        grown: list[Hypothesis] = yield Grow(list(follows), list(growths), width, self.page)
        return grown


def _starting(choices: Choices, first: str) -> Choices:
    if not first:
        return choices
    fits = choices.codes == ord(first)
    return Choices(choices.codes[fits], choices.leads[fits])
