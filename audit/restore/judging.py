"""What a search comes to: the verdict on its likeliest original, which is held against all others near it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from audit.language import surprise
from audit.restore import proof
from audit.restore.abreast import Asking
from audit.restore.beam import Opening, Search, cost
from audit.restore.likely import codes_of
from audit.restore.restoration import Proposal, Restoration, Verdict
from audit.restore.run import Run
from audit.restore.weighing import GAP_BITS, Hypothesis

# Of 1,187 simulated shifts in clean text 244 originals lead so, 3 of them wrong, all where pairs vanished unseen.
NEAR = 6.5  # bits by which the likeliest original must lead
LONG, PLAIN = (
    4,
    7.5,
)  # pairs that show; behind more, where pairs may have vanished unseen, bits by pairs of characters alone
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
    weighed: list[Hypothesis] = []
    for h in found.ended[:REWEIGHED]:
        _, alone = yield from _sums(left, h.text, found.search)
        bits = h.bits + _deep(body, site, found.search, h.text) - alone
        weighed.append(h._replace(bits=bits + _out_of_place(body, site, found.search.run, h.text)))
    return sorted(weighed, key=lambda h: h.bits)


def _out_of_place(body: str, site: Site, run: Run, text: str) -> float:
    """Bits that an original costs for quotes that it closes though nothing opened them, and for a blank that ends a line."""
    before = body[max(0, site.start - LINE) : site.start].rpartition("\n")[2]
    bits = UNPAIRED * (text.endswith(BLANK) and body[run.end : run.end + 1] in ("", "\n", "\r"))
    for opening, closing in PAIRS:
        left = before.count(opening) - before.count(closing)
        bits += UNPAIRED * max(text.count(closing) - text.count(opening) - max(left, 0), 0)
    return bits


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


def _leads(body: str, candidate: Candidate) -> Asking[bool]:
    """Whether the best original leads all others, those too in which pairs vanished that its fluency did not ask for.

    Triples of characters tell it, and what the page's own words add to pairs.
    """
    site, found, left, _ = candidate
    best, search = found.ended[0], found.search
    page = replace(search.page, grams=None, near=None)
    plain = Search(search.run, page, left, search.right)
    known, bare = yield from _sums(left, best.text, search)
    deep = _deep(body, site, search, best.text)
    for vanish in ({}, _anywhere(site, search.run, best)):
        others = yield from plain.originals(site.opening, vanish)
        rivals = {h.text: h.bits - GAP_BITS * len(h.gaps) - bare for h in others if h.text != best.text}
        if len(search.run.pairs) > LONG and any(lead < PLAIN for lead in rivals.values()):
            return False
        for text in rivals:
            words, alone = yield from _sums(left, text, search)
            lead = _deep(body, site, search, text) - deep
            if lead + (words - known) - (alone - bare) < NEAR:
                return False
    return True


def _sums(left: str, text: str, search: Search) -> Asking[tuple[float, float]]:
    """Bits of an original and what is behind it, with the page's own words and without."""
    words, alone = yield from cost(left, text + search.right, search.page)
    return float(words.sum()), float(alone.sum())


def _deep(body: str, site: Site, search: Search, text: str) -> float:
    """Bits of an original and what is behind it by triples of characters."""
    before = body[max(0, site.start - BEFORE) : site.start].rpartition("\n")[2]
    behind = (body[search.run.end : search.run.end + BEHIND].partition("\n")[0] + "\n")[:BEHIND]
    bits = surprise(codes_of(before + text + behind), deep=True)
    return float(bits[len(before) :].sum())


def _anywhere(site: Site, run: Run, best: Hypothesis) -> dict[int, int]:
    """A vanished pair at every gap, two about numerals, which read well whatever is left out."""
    owners = owners_of(site, run, best)
    vanish = dict.fromkeys(range(site.opening.skip, len(run.pairs) + 1), 1)
    for n, char in enumerate(best.text[: len(owners)]):
        if char in NUMERALS:
            vanish.update({gap: 2 for gap in (owners[n], owners[n] + 1) if gap in vanish})
    return vanish
