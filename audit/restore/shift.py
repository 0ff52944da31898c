"""Byte shifts run backwards: what may have stood where a run of characters is made of halves, one channel per mechanism.

F1 lost the byte before a mark, G the byte that a gloss swallowed, F3 none at its start; all may have lost the byte before
alignment returned, and pairs that vanished in between. See `simulate` for the programs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from math import inf

from audit.language import rarity
from audit.restore import gbk, likely
from audit.restore.abreast import Asking, together
from audit.restore.asked import CONTEXT, Head, Opening, Reading, context_of
from audit.restore.candidate import Candidate, Found, Site, before
from audit.restore.judging import judged
from audit.restore.openings import ITEM, brackets, number_of
from audit.restore.page import Page
from audit.restore.parts import behind, joined, next_site
from audit.restore.restoration import Restoration, Verdict
from audit.restore.rounds import rounds as tell
from audit.restore.run import CUT_GLOSS, MARKS, WHOLE, Run, part_of, runs
from audit.restore.units import UNIT

ROUNDS = 4  # two more pairs in a row or in two places
GLANCES = 2  # the same at first sight
FEW = 16  # places
DUE_GAIN = 8.0  # bits; that the items about it leave this number for it, of ten or more, is no chance
MOST_PARTS = 256  # of one run, so that time is bounded; no paragraph has so many
FEW_PAIRS = 8  # of a run that is tried in smaller parts
GOES_ON = 12.0  # bits by which a narrow mark must be likelier to end a long run than to be half of two characters
MEAN = 9.0  # bits a character of a number that shows and what follows it; no other is tried
APART = 8.5  # bits by which one reading of a bracket's number must lead the next
COMMON = 11.0  # bits of the characters that programs gloss, on average


def restore_f1(body: str, at: int, page: Page) -> Asking[Restoration | None]:
    """What stood from the mark at `at` on, were it born of two characters."""
    site = _after_mark(body, at)
    best = (yield from _restore(body, site, page)) if site else None
    return (yield from judged(body, best)) if best else None


def glances_f1(body: str, places: Sequence[tuple[int, Page]], enough: float) -> list[float | None]:
    """Bits gained by the same at first sight, at each of the places; a search ends where they are enough.

    Of few places all readings are judged side by side: a step of one costs nearly as much as a step of all.
    """
    sites = [_after_mark(body, at) for at, page in places]
    if len(places) > FEW:
        searches = (
            _restore(body, site, page, GLANCES, enough) for site, (_, page) in zip(sites, places, strict=True) if site
        )
        found = iter(together(searches))
        best = [next(found) if site else None for site in sites]
    else:
        each = [list(_readings(body, site)) if site else [] for site in sites]
        told = iter(
            together(
                _reading(body, site, run, page, GLANCES, enough)
                for site, runs_, (_, page) in zip(sites, each, places, strict=True)
                if site
                for run in runs_
            )
        )
        best = [_best_of([(run, next(told)) for run in runs_], enough) for runs_ in each]
    return [one.gain if one else None for one in best]


def _after_mark(body: str, at: int) -> Site | None:
    second = MARKS.get(body[at])
    if second is None:
        return None
    return Site("F1", at, at + 1, Opening(mark=second))


def restore_g(body: str, at: int, page: Page) -> Asking[Restoration | None]:
    """What stood from the question mark at `at` on, were it a lead byte that a gloss swallowed."""
    gloss = CUT_GLOSS.match(body, at)
    before = gbk.encode_char(body[at - 1]) if at else None
    trails = likely.trails_reading(before[-1], gloss[1]) if gloss and before else ()
    if not gloss or not trails:
        return None
    heads = tuple(Head("", trail, _rare(before[-1], trail)) for trail in trails) if before else ()
    best = yield from _restore(body, Site("G", at, gloss.end(), Opening(heads)), page)
    return (yield from judged(body, best)) if best else None


def _rare(first: int, second: int) -> int:
    """Units by which a character that a program is to have glossed is rarer than those that programs gloss."""
    return max(round((float(rarity(likely.codes_of(gbk.pair_char(first, second)))[0]) - COMMON) * UNIT), 0)


def restore_f3(body: str, at: int, page: Page, due: Collection[int] = ()) -> Asking[Restoration | None]:
    """What stood from the 。 at `at` on, were it born of an indent and a bracket; items about it may tell the number that is `due`."""
    found: list[Candidate] = []
    for site in brackets(body, at, due):
        if not site.opening.skip and any(one.site.opening.skip and one.found.mean <= MEAN for one in found):
            break  # 六, which shows nothing, would stand before a number that shows
        candidate = yield from _restore(body, site, page)
        if candidate is None and site.opening.skip:  # so many pairs vanished that no whole run is found
            candidate = yield from _restore(body, site, page, whole=FEW_PAIRS)
        found += [candidate] if candidate else []
    found.sort(key=lambda candidate: -_gain(candidate))
    if not found:
        return None
    if found[0].found.reading.run.parted:
        return joined(body, (yield from _parts(body, found[0], page)))
    best = yield from judged(body, found[0])
    if best.verdict is Verdict.EXACT and not _alone(body, found, due):
        best = replace(best, verdict=Verdict.RANKED)
    return replace(best, gain=best.gain + DUE_GAIN) if _number(found[0]) in due else best


def _gain(found: Candidate) -> float:
    """Bits gained, less what its bracket and number cost beyond their characters."""
    text, opening = found.found.ended[0].text, found.site.opening
    return found.gain - min(head.cost for head in opening.heads if text.startswith(head.text + opening.first)) / UNIT


def _number(found: Candidate) -> int:
    """The number of the item that was found, 0 for none."""
    return number_of(found.found.ended[0].text.partition(found.site.opening.first)[0])


def _parts(body: str, first: Candidate, page: Page) -> Asking[list[Candidate]]:
    """The parts of a run that no mark ends."""
    parts = [first]
    while (run := parts[-1].found.reading.run).parted and len(parts) < MOST_PARTS:
        left = "".join(part.found.ended[0].text for part in parts[-2:])
        site = next_site(body, run)
        part = yield from _restore(body, site, page, left=left)
        part = part or (yield from _restore(body, site, page, left=left, whole=FEW_PAIRS))
        if part is None:
            break
        parts.append(part)
    return parts


def _alone(body: str, found: Sequence[Candidate], due: Collection[int]) -> bool:
    """Whether the first reading of a bracket is beyond doubt: none is near it, and its number is due where one is.

    Where no number shows there may be one that left no trace.
    """
    best, *others = found
    fits = _number(best) in due if due else _number(best) > 0
    leads = all(_gain(best) - _gain(other) >= APART for other in others)
    return leads and (fits or ITEM.match(body, best.site.run) is not None)


def _readings(body: str, site: Site, whole: int = WHOLE) -> Iterator[Run]:
    """The ways to read the run at a site; what no mark ends in parts."""
    stops = site.mechanism == "F1"
    part = None if stops or site.mechanism == "G" else part_of(body, site.run, whole)
    for run in runs(body, site.run, stops=stops):
        if part and len(run.pairs) > len(part.pairs):
            break
        if len(run.pairs) >= site.opening.skip:
            yield run
    if part:
        yield part


def _restore(
    body: str, site: Site, page: Page, rounds: int = ROUNDS, enough: float = inf, left: str = "", whole: int = WHOLE
) -> Asking[Candidate | None]:
    """The best of what stood there by the ways to read the run; the search ends where it gains enough.

    `left` is what stood before it, where that is not what stands there; so many pairs are read as a whole.
    """
    told: list[tuple[Run, Candidate | None]] = []
    for run in _readings(body, site, whole):
        told.append((run, (yield from _reading(body, site, run, page, rounds, enough, left))))
        if _ends(*told[-1], enough):
            break
    return _best_of(told, enough)


def _reading(
    body: str, site: Site, run: Run, page: Page, rounds: int, enough: float, left: str = ""
) -> Asking[Candidate | None]:
    """The best of what stood there by one way to read the run."""
    right = behind(body, run)
    reading = Reading(run, page, context_of((left or before(body, site))[-CONTEXT:]), right)
    told = yield from tell(reading, site.opening, body[site.start : run.end] + right, rounds, enough * UNIT)
    if told is None:
        return None
    found = Found(reading, told.originals, told.units / (told.length * UNIT), told.peak / UNIT)
    return Candidate(site, found, (told.shown - told.cost) / UNIT)


def _ends(run: Run, told: Candidate | None, enough: float) -> bool:
    """Whether no further reading is asked for: a run of pairs makes nothing, or it gains enough."""
    return told.gain >= enough if told else len(run.pairs) > 1


def _best_of(told: Iterable[tuple[Run, Candidate | None]], enough: float) -> Candidate | None:
    """The reading that gains most, the first of equals, of those that are asked for."""
    best, most = None, -inf
    for run, one in told:
        if one and (gain := one.gain + GOES_ON * run.parted) > most:
            best, most = one, gain
        if _ends(run, one, enough):
            break
    return best
