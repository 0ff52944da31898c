"""What a search comes to: the verdict on its likeliest original, which is held against all others near it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.patterns import regex
from audit.restore import proof
from audit.restore.abreast import Asking
from audit.restore.beam import Opening, Search, context_of, cost
from audit.restore.restoration import Proposal, Restoration, Verdict
from audit.restore.run import Run
from audit.restore.weighing import GAP_BITS, Deepen, Floats, Follow, Growth, Hypothesis, Weigh

# Bits by which the likeliest original must lead all others: half by pairs, half by triples of characters, and what the page's
# own words add, at most `VOUCHED` unless the last character is a guess. Of 4,562 simulated shifts 1,319 originals lead so, 2 of
# them wrong, one where a whole item number had vanished.
NEAR = 5.5
NEAR_GUESSED = 6.0  # the same where the last character is a guess, as its second byte is lost
NEAR_GAP, NEAR_LONG_GAP = 6.6, 7.0  # and before an original in which a pair vanished, of a long run
LONG = 9  # pairs that show
VOUCHED = 4.0
LEAST_BITS = -2.0  # by pairs alone
FIRST_BITS = 13.5  # of the character behind an item's number; above, others may have stood between
ODD = regex(
    r"\S\u3000|[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"
)  # a blank inside, wide letters: what vanished pairs leave
BEFORE, BEHIND = 14, 6  # code points that a lead is judged with
FAR = 99.0
# Bits a character; above, guesses about vanished pairs, or a whole run, are not offered.
SENSELESS, NONSENSE = 9.5, 11.5
LOST = "\N{REPLACEMENT CHARACTER}"
MEAN = 9.0  # bits a character; nothing that reads worse is proved
PROPOSED = 4
LINE = 500  # code points in which a quote was opened
UNPAIRED = 8.0  # bits
BLANK = "\N{IDEOGRAPHIC SPACE}"
PAIRS = tuple(zip("“‘「『《〈", "”’」』》〉", strict=True))
REWEIGHED = 8  # of the originals that pairs of characters like best
NUMERALS = frozenset("〇一二三四五六七八九十百千萬万")


class Site(NamedTuple):
    """A place where a mechanism may have struck: where its span begins, where its run does, and how it opens."""

    mechanism: str
    start: int
    run: int
    opening: Opening


class Found(NamedTuple):
    """Originals for one reading of a run, and the bits of the best one's characters: mean, highest, and sum.

    In the sum the page does not vouch for what stands behind the run.
    """

    search: Search
    ended: list[Hypothesis]
    mean: float
    peak: float
    bits: float


class Candidate(NamedTuple):
    """What was found at a site behind its left context, and the bits that the text gains by it."""

    site: Site
    found: Found
    left: str
    gain: float


def judged(body: str, candidate: Candidate) -> Asking[Restoration]:
    """The restoration with its verdict."""
    ended = yield from _reweighed(body, candidate)
    site, found, _, gain = candidate = candidate._replace(found=candidate.found._replace(ended=ended))
    run, best = found.search.run, ended[0]
    weights = np.exp2(best.bits - np.array([h.bits for h in ended]))
    share = weights / weights.sum()
    exact = not best.gaps and found.mean <= MEAN
    exact = exact and proof.gives(site.mechanism, best.text, body, site.start, run.end)
    exact = exact and (yield from _leads(body, candidate))
    if found.mean > (SENSELESS if best.gaps else NONSENSE):
        verdict = Verdict.PARTIAL
    else:
        verdict = Verdict.EXACT if exact else Verdict.RANKED
    return Restoration(
        site.start,
        run.end,
        site.mechanism,
        verdict,
        tuple(Proposal(h.text, float(p)) for h, p in zip(ended[:PROPOSED], share, strict=False)),
        gain,
        found.mean,
        found.peak,
        ended[1].bits - best.bits if len(ended) > 1 else FAR,
        len(best.gaps),
        _holed(site, run, best),
    )


def _reweighed(body: str, candidate: Candidate) -> Asking[list[Hypothesis]]:
    """The likeliest originals, by triples of characters."""
    site, found, left, _ = candidate
    some = found.ended[:REWEIGHED]
    weights = yield from _weights(body, site, found.search, left, [h.text for h in some])
    open_quotes = _open_quotes(body, site)
    ends_line = body[found.search.run.end : found.search.run.end + 1] in ("", "\n", "\r")
    weighed = [
        h._replace(bits=h.bits + deep - alone + _out_of_place(h.text, open_quotes, ends_line=ends_line))
        for h, (_, alone, deep) in zip(some, weights, strict=True)
    ]
    return sorted(weighed, key=lambda h: h.bits)


def _open_quotes(body: str, site: Site) -> dict[str, int]:
    """How many quotes of each make are open in the line before a site."""
    before = body[max(0, site.start - LINE) : site.start].rpartition("\n")[2]
    return {opening: max(before.count(opening) - before.count(closing), 0) for opening, closing in PAIRS}


def _out_of_place(text: str, open_quotes: Mapping[str, int], *, ends_line: bool) -> float:
    """Bits that an original costs for quotes that it closes though nothing opened them, and for a blank that ends a line."""
    unpaired = [
        max(text.count(closing) - text.count(opening) - open_quotes[opening], 0)
        for opening, closing in PAIRS
        if closing in text
    ]
    return UNPAIRED * ((text.endswith(BLANK) and ends_line) + sum(unpaired))


def owners_of(site: Site, run: Run, best: Hypothesis) -> list[int]:
    """For each character of an original but the tail, the number of the shown pair that completed it."""
    skip = site.opening.skip
    ends = range(skip, len(run.pairs) + 1)
    heads = len(best.text) - len(run.tail) - len(ends) - len(best.gaps)
    return [skip] * heads + [n for n in ends for _ in range(1 + best.gaps.count(n))]


def _holed(site: Site, run: Run, best: Hypothesis) -> str:
    """An original with what was guessed about vanished pairs marked as lost."""
    owners = owners_of(site, run, best)
    return "".join(LOST if n < len(owners) and owners[n] in best.gaps else char for n, char in enumerate(best.text))


class _Gapped(Search):
    """A search for originals in which a pair vanished before the run's pair of that number, whatever reads better."""

    def __init__(self, search: Search, gap: int) -> None:
        super().__init__(search.run, replace(search.page, grams=None, near=None), search.left, search.right)
        self.gap = gap

    def _fixed(self, now: Iterable[Hypothesis], at: int, end: int, first: str) -> Iterator[Follow]:
        return iter(()) if at == self.gap else super()._fixed(now, at, end, first)

    def _ends(self, now: list[Hypothesis], first: str, vanish: int) -> Asking[list[Growth]]:
        ends = yield from super()._ends(now, first, vanish)
        return ends[len(now) :] if self.gap == len(self.run.pairs) else ends


def _leads(body: str, candidate: Candidate) -> Asking[bool]:
    """Whether the best original leads all others, those too in which pairs vanished that its fluency did not ask for."""
    site, found, left, _ = candidate
    run, opening, best = found.search.run, site.opening, found.ended[0].text
    plain = Search(run, replace(found.search.page, grams=None, near=None), found.search.left, found.search.right)
    others = yield from plain.originals(opening, {})
    own = next((h.bits for h in others if h.text == best), None)
    if own is None and not any(head.bits for head in opening.heads):
        own = float(
            (yield from cost(left, best + found.search.right, plain.page))[1].sum()
        )  # the page's own words made it the best
    if own is None or ODD.search(best) or (yield from _parted(candidate)):
        return False
    others += yield from plain.originals(opening, _anywhere(site, run, found.ended[0]))
    if not (yield from _leads_these(body, candidate, own, others, NEAR_GUESSED if _guessed(run) else NEAR)):
        return False
    near = NEAR_LONG_GAP if len(run.pairs) > LONG else NEAR_GAP
    for gap in range(opening.skip, len(run.pairs) + 1):
        others = yield from _Gapped(found.search, gap).originals(opening, {gap: 2})
        if not (yield from _leads_these(body, candidate, own, others, near)):
            return False
    return True


def _guessed(run: Run) -> bool:
    """Whether nothing tells the last character's second byte."""
    return run.lone is None and run.reading is None


def _parted(candidate: Candidate) -> Asking[bool]:
    """Whether what follows an item's number hardly begins an item."""
    site, found, _, _ = candidate
    first = found.ended[0].text.find(site.opening.first) + 1 if site.mechanism == "F3" else 0
    if not first:
        return False
    texts: list[NDArray[np.float32]] = yield Deepen([found.ended[0].text])
    return bool(texts[0][first : first + 1].max(initial=0.0) > FIRST_BITS)


def _leads_these(
    body: str, candidate: Candidate, own: float, others: Sequence[Hypothesis], near: float
) -> Asking[bool]:
    """Whether the best original, which has `own` bits by pairs, leads these by so many."""
    site, found, left, _ = candidate
    best = found.ended[0]
    rivals = {h.text: h.bits - GAP_BITS * len(h.gaps) for h in others if h.text != best.text}
    (known, alone, deep), *weights = yield from _weights(body, site, found.search, left, [best.text, *rivals])
    for pairs, (words, plain, triples) in zip(rivals.values(), weights, strict=True):
        vouched = (words - known) - (plain - alone)
        vouched = vouched if _guessed(found.search.run) else min(vouched, VOUCHED)
        odds = pairs - own - (plain - alone)  # of what characters do not tell
        if pairs - own < LEAST_BITS or (pairs - own + odds + triples - deep) / 2 + vouched < near:
            return False
    return True


def _weights(
    body: str, site: Site, search: Search, left: str, texts: Sequence[str]
) -> Asking[list[tuple[float, float, float]]]:
    """Bits of originals and what is behind them: with the page's own words, without, and by triples of characters."""
    pairs: list[tuple[Floats, Floats]] = yield Weigh(
        context_of(left), [text + search.right for text in texts], search.page
    )
    before = body[max(0, site.start - BEFORE) : site.start].rpartition("\n")[2]
    behind = (body[search.run.end : search.run.end + BEHIND].partition("\n")[0] + "\n")[:BEHIND]
    triples: list[NDArray[np.float32]] = yield Deepen([before + text + behind for text in texts])
    return [
        (float(words.sum()), float(alone.sum()), float(deep[len(before) :].sum()))
        for (words, alone), deep in zip(pairs, triples, strict=True)
    ]


def _anywhere(site: Site, run: Run, best: Hypothesis) -> dict[int, int]:
    """A vanished pair at every gap, two about numerals, which read well whatever is left out."""
    owners = owners_of(site, run, best)
    vanish = dict.fromkeys(range(site.opening.skip, len(run.pairs) + 1), 1)
    for n, char in enumerate(best.text[: len(owners)]):
        if char in NUMERALS:
            vanish.update({gap: 2 for gap in (owners[n], owners[n] + 1) if gap in vanish})
    return vanish
