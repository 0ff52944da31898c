"""What a search comes to: the verdict on its likeliest original, which is held against all others near it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from audit.restore import proof
from audit.restore.abreast import Asking, alone
from audit.restore.asked import Original
from audit.restore.candidate import Candidate, Site, around, weights
from audit.restore.leading import contenders, leads
from audit.restore.openings import BLANK, indent_of
from audit.restore.restoration import Proposal, Restoration, Verdict
from audit.restore.rounds import owners_of
from audit.restore.run import Run
from audit.restore.surety import Weighed
from audit.restore.units import UNIT

FAR = 99.0
# Bits a character; above, guesses about vanished pairs, or a whole run, are not offered.
SENSELESS, NONSENSE = 9.5, 11.5
LOST = "\N{REPLACEMENT CHARACTER}"
MEAN = 10.5  # bits a character; nothing that reads worse is proved
PROPOSED = 4
CLOSE = 10 * UNIT  # a lead that a better reader does not turn
HOPED = -3.0  # bits gained; what gains less is not reported
LINE = 500  # code points in which a quote was opened
UNPAIRED = 8 * UNIT  # for what is out of place
STOPS = frozenset("。，；！？、：")
MARKS_OF_CLAUSES = STOPS | frozenset(",;!?:")
PAIRS = tuple(zip("“‘「『《〈", "”’」』》〉", strict=True))
QUOTES = frozenset(closing for _, closing in PAIRS)
REWEIGHED = 8  # of the originals that pairs of characters like best


def judged(body: str, candidate: Candidate) -> Asking[Restoration]:
    """The restoration with its verdict."""
    ended = yield from _reweighed(body, candidate)
    site, found, gain = candidate = candidate._replace(found=candidate.found._replace(ended=ended))
    run, best = found.reading.run, ended[0]
    exact = not best.gaps and found.mean <= MEAN
    exact = exact and proof.gives(site.mechanism, indent_of(body, site) + best.text, body, site.start, run.end)
    exact = exact and (yield from leads(body, candidate))
    if found.mean > (SENSELESS if best.gaps else NONSENSE):
        verdict = Verdict.PARTIAL
    else:
        verdict = Verdict.EXACT if exact else Verdict.RANKED
    restored = restoration(body, candidate, verdict, [Weighed(one, one.cost / UNIT) for one in ended])
    near = len(ended) > 1 and ended[1].cost - best.cost < CLOSE
    if not exact and near and gain >= HOPED and not best.gaps and found.mean <= SENSELESS:
        again = cache(lambda: restoration(body, candidate, verdict, alone(_read_again(body, candidate))))
        return replace(restored, again=again)
    return restored


def restoration(body: str, candidate: Candidate, verdict: Verdict, told: Sequence[Weighed]) -> Restoration:
    """What is said of originals weighed, likeliest first."""
    site, found, gain = candidate
    run, best = found.reading.run, told[0].original
    odds = np.exp2(told[0].bits - np.array([one.bits for one in told]))
    share, indent = odds / odds.sum(), indent_of(body, site)
    return Restoration(
        site.start,
        run.end,
        site.mechanism,
        verdict,
        tuple(Proposal(indent + one.original.text, float(p)) for one, p in zip(told[:PROPOSED], share, strict=False)),
        gain,
        found.mean,
        found.peak,
        told[1].bits - told[0].bits if len(told) > 1 else FAR,
        len(best.gaps),
        indent + _holed(site, run, best),
    )


def _reweighed(body: str, candidate: Candidate) -> Asking[list[Original]]:
    """The likeliest originals, by triples of characters."""
    site, found, _ = candidate
    some = found.ended[:REWEIGHED]
    weighed = yield from weights(found.reading, [h.text for h in some], around(body, site, found.reading))
    misplaced = _misplaced(body, candidate, [h.text for h in some])
    open_quotes = _open_quotes(body, site) if any(not QUOTES.isdisjoint(h.text) for h in some) else {}
    again = [
        Original(text, cost + deep - alone + (_unpaired(text, open_quotes) if open_quotes else 0) + out_of_place, gaps)
        for (text, cost, gaps), (_, alone, deep), out_of_place in zip(some, weighed, misplaced, strict=True)
    ]
    return sorted(again, key=lambda h: h.cost)


def _read_again(body: str, candidate: Candidate) -> Asking[list[Weighed]]:
    """What may have stood there, likeliest first, by all that is known."""
    told = yield from contenders(body, candidate)
    misplaced = _misplaced(body, candidate, [one.original.text for one in told])
    placed = [one._replace(bits=one.bits + units / UNIT) for one, units in zip(told, misplaced, strict=True)]
    return sorted(placed, key=lambda one: one.bits)


def _barely_begun(body: str, site: Site) -> bool:
    """Whether but one character, or none, stands between the mark before a site and the site: no mark stands there."""
    return not MARKS_OF_CLAUSES.isdisjoint(body[max(0, site.start - 2) : site.start])


def _open_quotes(body: str, site: Site) -> dict[str, int]:
    """How many quotes of each make are open in the line before a site."""
    before = body[max(0, site.start - LINE) : site.start].rpartition("\n")[2]
    return {opening: max(before.count(opening) - before.count(closing), 0) for opening, closing in PAIRS}


def _unpaired(text: str, open_quotes: Mapping[str, int]) -> int:
    """Units that an original costs for quotes that it closes though nothing opened them."""
    unpaired = [
        max(text.count(closing) - text.count(opening) - open_quotes[opening], 0)
        for opening, closing in PAIRS
        if closing in text
    ]
    return UNPAIRED * sum(unpaired)


def _misplaced(body: str, candidate: Candidate, texts: Sequence[str]) -> list[int]:
    """Units that each original costs for a blank that ends a line, and for a mark where a clause has barely begun."""
    site, (reading, *_), _ = candidate
    ends_line = body[reading.run.end : reading.run.end + 1] in ("", "\n", "\r")
    barely = _barely_begun(body, site)
    return [UNPAIRED * ((ends_line and text.endswith(BLANK)) + (barely and text[:1] in STOPS)) for text in texts]


def _holed(site: Site, run: Run, best: Original) -> str:
    """An original with what was guessed about vanished pairs marked as lost."""
    owners = owners_of(run, site.opening.skip, best)
    return "".join(LOST if n < len(owners) and owners[n] in best.gaps else char for n, char in enumerate(best.text))
