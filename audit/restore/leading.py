"""Whether the best original of a run leads all others, so that it alone may have stood there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from audit.language.patterns import regex
from audit.restore.abreast import Asking
from audit.restore.asked import Original
from audit.restore.beam import LIVE, WIDTH, originals
from audit.restore.candidate import Candidate, Site, weights_of
from audit.restore.doubt import Rival, Rivals, surely
from audit.restore.rounds import owners_of
from audit.restore.run import MARKS, Run
from audit.restore.units import UNIT
from audit.restore.weighing import GAP_COST

VOUCHED = 4 * UNIT  # what the page's own words add at most, unless the last character is a guess
FIRST = 16 * UNIT  # of the character behind an item's number; above, others may have stood between
ODD = regex(
    r"\S\u3000|[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"
)  # a blank inside, wide letters: what vanished pairs leave
NUMERALS = frozenset("〇一二三四五六七八九十百千萬万")


def leads(body: str, candidate: Candidate) -> Asking[bool]:
    """Whether the best original leads all others, those too in which pairs vanished that its fluency did not ask for."""
    site, found, _ = candidate
    run, opening, best = found.reading.run, site.opening, found.ended[0].text
    plain = found.reading._replace(page=replace(found.reading.page, grams=None, near=None))
    others = yield from originals(plain, opening, {})
    own = next((h.cost for h in others if h.text == best), None)
    if own is None and not any(head.cost for head in opening.heads):
        own = (yield from weights_of(body, site, found.reading, [best]))[0][1]  # the page's own words made it the best
    if own is None or ODD.search(best) or _twofold(body, site, run) or (yield from _parted(body, candidate)):
        return False
    rivals = Rivals(best, found.mean, len(run.pairs), guessed=_guessed(run))
    others += yield from originals(plain, opening, _anywhere(site, run, found.ended[0]))
    rivals.add((yield from _rivals(body, candidate, own, others)))
    for gap in range(opening.skip, len(run.pairs) + 1):
        if not surely(rivals):
            return False
        live = WIDTH if gap == opening.skip else LIVE  # an opening may have as many heads
        others = yield from originals(plain, opening, {gap: 2}, gap, live)
        rivals.add((yield from _rivals(body, candidate, own, others)))
    return surely(rivals)


def _twofold(body: str, site: Site, run: Run) -> bool:
    """Whether the run's ends may be read in two ways: a mark before the one it opens with, a question that it ends with."""
    if site.mechanism == "G":
        return _guessed(run) and body[run.end - 1] == "?"
    return site.mechanism == "F1" and body[max(site.start - 1, 0) : site.start] in MARKS


def _guessed(run: Run) -> bool:
    """Whether nothing tells the last character's second byte."""
    return run.lone is None and run.reading is None


def _parted(body: str, candidate: Candidate) -> Asking[bool]:
    """Whether what follows an item's number hardly begins an item, or is one character of which a byte is a guess."""
    site, found, _ = candidate
    run, best = found.reading.run, found.ended[0].text
    first = best.find(site.opening.first) + 1 if site.mechanism == "F3" else 0
    if not first:
        return False
    if len(best) - first == 1 and _guessed(run):
        return True
    if len(best) == first and not body[run.end : run.end + 1].isalnum():
        return True  # a mark or a sign may have vanished with the bracket's last byte
    shorter, longer = yield from weights_of(body, site, found.reading, [best[:first], best[: first + 1]], alone=True)
    return longer[2] - shorter[2] > FIRST


def _rivals(body: str, candidate: Candidate, own: int, others: Sequence[Original]) -> Asking[list[Rival]]:
    """By how many bits the best original, which costs `own` by pairs, leads these.

    Half by pairs, half by triples of characters, and what the page's own words add.
    """
    site, found, _ = candidate
    best = found.ended[0]
    rivals = {h.text: h for h in others if h.text != best.text}
    (known, alone, deep), *weights = yield from weights_of(body, site, found.reading, [best.text, *rivals])
    told = []
    for h, (words, plain, triples) in zip(rivals.values(), weights, strict=True):
        pairs = h.cost - GAP_COST * len(h.gaps) - own
        vouched = (words - known) - (plain - alone)
        vouched = vouched if _guessed(found.reading.run) else min(vouched, VOUCHED)
        odds = pairs - (plain - alone)  # of what characters do not tell
        told.append(Rival(h.text, ((pairs + odds + triples - deep) / 2 + vouched) / UNIT, gapped=bool(h.gaps)))
    return told


def _anywhere(site: Site, run: Run, best: Original) -> dict[int, int]:
    """A vanished pair at every gap, two about numerals, which read well whatever is left out."""
    owners = owners_of(run, site.opening.skip, best)
    vanish = dict.fromkeys(range(site.opening.skip, len(run.pairs) + 1), 1)
    for n, char in enumerate(best.text[: len(owners)]):
        if char in NUMERALS:
            vanish.update({gap: 2 for gap in (owners[n], owners[n] + 1) if gap in vanish})
    return vanish
