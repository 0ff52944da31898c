"""Whether the best original of a run leads all others, so that it alone may have stood there."""

from __future__ import annotations

from audit.language.patterns import regex
from audit.restore.abreast import Asking
from audit.restore.asked import Original
from audit.restore.beam import LIVE, WIDTH, originals
from audit.restore.candidate import Candidate, Site, around, weights
from audit.restore.doubt import HOPED, Rivals, doubt_of
from audit.restore.rivals import Best, rivals
from audit.restore.rounds import owners_of
from audit.restore.run import MARKS, Run
from audit.restore.surety import Gone, Weighed, standing, surely, weighed
from audit.restore.worth import unvouched

AWAY = 14.0  # bits; a pair that vanished where every text with it is so far behind adds no doubt
ODD = regex(
    r"\S\u3000|[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u2500-\u257f]"
)  # a blank inside, wide letters: what vanished pairs leave; of the lines of a table all read alike
TELLING = ("", "\n", "\r", " ")  # what stands behind a word, as a digit may
NUMERALS = frozenset("〇一二三四五六七八九十百千萬万")


def contenders(body: str, candidate: Candidate) -> Asking[list[Weighed]]:
    """What may have stood there, likeliest first: as the search says, as it says without the page's own words, with lost pairs."""
    site, (reading, ended, *_), _ = candidate
    plain = reading._replace(page=unvouched(reading.page))
    others = yield from originals(plain, site.opening, {})
    others += yield from originals(plain, site.opening, _anywhere(site, reading.run, ended[0]))
    return (yield from weighed(body, candidate, others))


def leads(body: str, candidate: Candidate) -> Asking[bool]:
    """Whether the best original leads all others, those too in which pairs vanished that its fluency did not ask for."""
    site, found, _ = candidate
    reading, opening, best = found.reading, site.opening, found.ended[0].text
    run, beside = reading.run, around(body, site, reading)
    if ODD.search(best) or _twofold(body, site, run) or _parted(body, site, run, best):
        return False
    known = Best(best, None, _guessed(run), *beside)
    searches: tuple[dict[int, int], ...] = {}, _anywhere(site, run, found.ended[0])
    compared = yield from rivals(reading, opening, known, searches)
    if compared is None and not any(head.cost for head in opening.heads):
        own = (yield from weights(reading, [best], beside))[0][1]  # the page's own words made it the best
        compared = yield from rivals(reading, opening, known._replace(own=own), searches)
    if compared is None:
        return False
    known = known._replace(own=compared.own)
    doubt = Rivals(best, found.mean, len(run.pairs), guessed=_guessed(run))
    doubt.add(compared.ahead)
    gaps: list[int] = []
    for gap in range(opening.skip, len(run.pairs) + 1):
        if doubt_of(doubt) >= HOPED:
            return False
        live = WIDTH if gap == opening.skip else LIVE  # an opening may have as many heads
        further = yield from rivals(reading, opening, known, ({gap: 2},), gap, live)
        if further:
            doubt.add(further.ahead)
            gaps += [gap] if further.ahead.vanished < AWAY else []
    if (first := doubt_of(doubt)) >= HOPED:
        return False
    stands = yield from standing(
        body, candidate, Gone([one for some in compared.found for one in some], gaps), guessed=known.guessed
    )
    if site.mechanism == "F3":
        first = HOPED  # what follows an item's number says little of its last character: 2 of 261 were wrong
    return stands is not None and surely(stands, first)


def _twofold(body: str, site: Site, run: Run) -> bool:
    """Whether the run's ends may be read in two ways: a mark before the one it opens with, a question that it ends with."""
    if site.mechanism == "G":
        return _guessed(run) and body[run.end - 1] == "?"
    return site.mechanism == "F1" and body[max(site.start - 1, 0) : site.start] in MARKS


def _guessed(run: Run) -> bool:
    """Whether nothing tells the last character's second byte."""
    return run.lone is None and run.reading is None


def _parted(body: str, site: Site, run: Run, best: str) -> bool:
    """Whether the last character is a guess before what tells nothing of it, letters or signs of markup, or may have vanished with the
    last byte of an item's bracket.
    """
    behind = body[run.end : run.end + 1]
    if site.mechanism == "F3" and best.find(site.opening.first) + 1 == len(best):
        return not behind.isalnum()
    known = behind in MARKS or behind in TELLING or behind.isdigit()
    return site.mechanism != "G" and _guessed(run) and behind.isascii() and not known


def _anywhere(site: Site, run: Run, best: Original) -> dict[int, int]:
    """A vanished pair at every gap, two about numerals, which read well whatever is left out."""
    owners = owners_of(run, site.opening.skip, best)
    vanish = dict.fromkeys(range(site.opening.skip, len(run.pairs) + 1), 1)
    for n, char in enumerate(best.text[: len(owners)]):
        if char in NUMERALS:
            vanish.update({gap: 2 for gap in (owners[n], owners[n] + 1) if gap in vanish})
    return vanish
