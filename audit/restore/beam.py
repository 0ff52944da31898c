"""The search for what a shifted run was: hypotheses grow character by character, the likeliest stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from audit.native import kernels
from audit.restore import compiled, gbk, likely
from audit.restore.abreast import Asking
from audit.restore.asked import Opening, Original, Reading, context_of
from audit.restore.likely import Choices
from audit.restore.page import Page
from audit.restore.weighing import Follow, Grow, Growth, Hypothesis, Ints, Weigh

# What stands here in numbers stands in the kernels too: audit/native/beam.h, rounds.c, rivals.c, speech.c.
WIDTH = 12  # hypotheses kept at each step
GAPS = 5  # places where pairs vanished, at most
LIVE = 3  # hypotheses that may have lost a pair at each step
HALVES = 16  # hypotheses that end before a pair that vanished
TWICE = 4  # of these, those that may go on before another
LAST = 4  # and those behind which the last character may be any
FIRST_OF_MARK = 0xA3  # byte of a full-width mark


def cost(left: str, text: str, page: Page) -> Asking[tuple[Ints, Ints]]:
    """Units of each character of a text behind its left context, with the page's own words and without; shapes (len(text),)."""
    units: list[tuple[Ints, Ints]] = yield Weigh(context_of(left), [text], page)
    return units[0]


def originals(
    reading: Reading, opening: Opening, vanish: Mapping[int, int], gap: int = -1, live: int = LIVE
) -> Asking[list[Original]]:
    """What a run may have been, likeliest first; where a gap is given a pair vanished there, whatever reads better."""
    if kernels is not None:
        return compiled.originals(kernels, reading, opening, vanish, gap, live)
    return (yield from Search(reading, gap, live).originals(opening, vanish))


class Search:
    """The search for one reading of a run; before its pair `gap` a pair must have vanished.

    Asked again with more pairs that may have vanished, it goes on from the last place before which nothing changed.
    """

    def __init__(self, reading: Reading, gap: int = -1, live: int = LIVE) -> None:
        self.run, self.page, self.left, self.right = reading
        self.gap, self.live = gap, live
        pairs = self.run.pairs
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
        if at != self.gap and all(inner):
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
        whole = now if gap != self.gap else []
        ends = [
            Growth(h, _starting(likely.last(h.lead, run.lone, run.reading, self.page.script), first)) for h in whole
        ]
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
