"""Byte shifts run backwards: what may have stood where a run of characters is made of halves, one channel per mechanism.

F1 lost the byte before a mark, G the byte that a gloss swallowed, F3 none at its start; all may have lost the byte before
alignment returned, and pairs that vanished in between. See `simulate` for the programs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np

from audit.restore import gbk, likely, proof
from audit.restore.beam import GAP_BITS, Floats, Head, Hypothesis, Opening, Search, cost
from audit.restore.likely import Choices
from audit.restore.page import Page
from audit.restore.restoration import Proposal, Restoration, Verdict
from audit.restore.run import CUT_GLOSS, MARKS, Run, runs

PLAIN_PEAK, PLAIN_MEAN = 11.0, 7.0  # bits of a character; a restoration above is tried again with pairs that vanished
PEAK, PEAKS = 9.0, 3  # about its worst characters
HOPELESS = (
    -28.0,
    -12.0,
)  # bits gained, at first and with vanished pairs; what reads so much worse when re-paired is no shift
ROUNDS = 4  # two more pairs in a row or in two places
NEAR = 8.5  # bits by which the likeliest original must lead
UNUSUAL = 3.0  # and so many more where the lost byte before a mark was not that of 。, which most were
FULL_STOP = "\N{IDEOGRAPHIC FULL STOP}"
FAR = 99.0
SENSELESS, NONSENSE = (
    9.5,
    11.5,
)  # bits a character; above, guesses about vanished pairs, or a whole run, are not offered
LOST = "\N{REPLACEMENT CHARACTER}"
MEAN = 9.0  # bits a character; nothing that reads worse is proved
PROPOSED = 4
NUMERALS = frozenset("〇一二三四五六七八九十百千萬万")
SHORT = 8  # first gaps of a run that makes no sense as it stands
HIGH_NUMBER = 8.0  # bits that an item number above ten costs, one above twenty as much
ITEM = re.compile("[0-9]{1,2}[)）]")
COUNTERS = "一二三四五六七八九十"


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


def restore_f1(body: str, at: int, page: Page, rounds: int = ROUNDS) -> Restoration | None:
    """What stood from the mark at `at` on, were it born of two characters."""
    second = MARKS.get(body[at])
    if second is None:
        return None
    heads = likely.with_trail(0xA3, second, page.script)
    return _restore(body, Site("F1", at, at + 1, Opening((Head(heads),))), page, rounds)


def restore_g(body: str, at: int, page: Page, rounds: int = ROUNDS) -> Restoration | None:
    """What stood from the question mark at `at` on, were it a lead byte that a gloss swallowed."""
    gloss = CUT_GLOSS.match(body, at)
    before = gbk.encode_char(body[at - 1]) if at else None
    trails = likely.trails_reading(before[-1], gloss[1]) if gloss and before else ()
    if not gloss or not trails:
        return None
    heads = Choices(np.zeros((len(trails), 0), dtype=np.uint32), np.array(trails, dtype=np.int64))
    return _restore(body, Site("G", at, gloss.end(), Opening((Head(heads),))), page, rounds)


def restore_f3(body: str, at: int, page: Page, rounds: int = ROUNDS) -> Restoration | None:
    """What stood from the 。 at `at` on, were it born of an indent and a bracket."""
    if body[at + 1 : at + 2] < "\x80":  # （1）, where the bracket's second byte was dropped
        return _restore(body, Site("F3", at, at + 1, BRACKET), page, rounds) if ITEM.match(body, at + 1) else None
    openings: dict[int, list[Head]] = {}
    for shown, skip, head in _numbered():
        if body.startswith(shown, at + 1):
            openings.setdefault(skip, []).append(head)
    sites = [Site("F3", at, at + 1, Opening(tuple(heads), skip, "）")) for skip, heads in openings.items()]
    if not any(openings):  # only 六, which shows nothing, or no number
        sites.append(Site("F3", at, at + 1, BRACKET))
    found = [restored for site in sites if (restored := _restore(body, site, page, rounds))]
    found.sort(key=lambda restored: -restored.gain)
    if len(found) > 1 and found[0].gain - found[1].gain < NEAR and found[0].verdict is Verdict.EXACT:
        return replace(found[0], verdict=Verdict.RANKED)
    return found[0] if found else None


BRACKET = Opening((Head(Choices(np.zeros((1, 0), dtype=np.uint32), np.array([0xA3], dtype=np.int64))),), 0, "（")


@cache
def _numbered() -> tuple[tuple[str, int, Head], ...]:
    """What （一 to （九十九 show as behind the 。, in how many pairs, and how the search goes on behind them."""
    tens = ["", "十", *(digit + "十" for digit in COUNTERS[1:9])]
    numbers = [ten + one for ten in tens for one in ["", *COUNTERS[:9]] if ten + one]
    listed = []
    for number in numbers:
        data = b"".join(filter(None, map(gbk.encode_char, f"（{number}）")))
        shown = "".join(piece.text for piece in gbk.decode(data[1:-1]))  # ）'s second byte leads the next pair
        choices = Choices(likely.codes_of(f"（{number}")[None, :], np.array([0xA3], dtype=np.int64))
        listed.append((shown, len(shown), Head(choices, HIGH_NUMBER * (len(number) > 1))))
    return tuple(listed)


def _restore(body: str, site: Site, page: Page, rounds: int) -> Restoration | None:
    best: Restoration | None = None
    for run in runs(body, site.run, stops=site.mechanism == "F1"):
        if len(run.pairs) < site.opening.skip:
            continue
        left = body[max(0, site.start - 2) : site.start].rpartition("\n")[2]
        right = (body[run.end : run.end + 2].partition("\n")[0] + "\n")[:2]
        shown = float(cost(left, body[site.start : run.end] + right, Page()).sum())
        found = _originals(site, Search(run, page, left, right), left, shown, rounds)
        if found:
            restoration = _judged(body, site, found, left, shown)
            if best is None or restoration.gain > best.gain:
                best = restoration
        if not found and len(run.pairs) > 1:
            break
    return best


def _originals(site: Site, search: Search, left: str, shown: float, rounds: int) -> Found | None:
    """The originals of one reading of a run: as the bytes stand first, then with pairs that vanished where it reads badly."""
    found: Found | None = None
    ended: list[Hypothesis] = []
    vanish: dict[int, int] = {}
    first, last = site.opening.skip, len(search.run.pairs)
    for n in range(rounds):
        ended = _distinct([*ended, *search.originals(site.opening, vanish)])
        if ended:
            bits = cost(left, ended[0].text + search.right, search.page)
            size = len(ended[0].text)
            plain = cost(left, ended[0].text + search.right, Page(search.page.script))
            found = Found(
                search, ended, float(bits.mean()), float(bits.max()), float(bits[:size].sum() + plain[size:].sum())
            )
            if shown - found.bits < HOPELESS[min(n, 1)]:
                break
            odd = _odd(site, search.run, ended[0], bits) | {n for n in ended[0].gaps if vanish.get(n) == 1}
        else:
            odd = search.broken(first) or set(range(first, min(last + 1, first + SHORT)))
        grown = {**vanish, **{n: min(vanish.get(n, 0) + 1, 2) for n in odd}}
        if grown == vanish:
            break
        vanish = grown
    return found


def _odd(site: Site, run: Run, best: Hypothesis, bits: Floats) -> set[int]:
    """The gaps of a run about which an original reads badly."""
    if float(bits.mean()) <= PLAIN_MEAN and bits.max() <= PLAIN_PEAK:
        return set()
    owners = _owners(site, run, best)
    worst = [n for n in np.argsort(-bits[: len(owners)])[:PEAKS].tolist() if bits[n] > PEAK]
    return {gap for n in worst for gap in (owners[n] - 1, owners[n]) if gap >= site.opening.skip}


def _owners(site: Site, run: Run, best: Hypothesis) -> list[int]:
    """For each character of an original but the tail, the number of the shown pair that completed it."""
    skip = site.opening.skip
    ends = range(skip, len(run.pairs) + 1)
    heads = len(best.text) - len(run.tail) - len(ends) - len(best.gaps)
    return [skip] * heads + [n for n in ends for _ in range(1 + best.gaps.count(n))]


def _distinct(ended: Iterable[Hypothesis]) -> list[Hypothesis]:
    best: dict[str, Hypothesis] = {}
    for h in sorted(ended, key=lambda h: h.bits):
        best.setdefault(h.text, h)
    return list(best.values())


def _judged(body: str, site: Site, found: Found, left: str, shown: float) -> Restoration:
    ended, run = found.ended, found.search.run
    best = ended[0]
    weights = np.exp2(best.bits - np.array([h.bits for h in ended]))
    share = weights / weights.sum()
    margin = ended[1].bits - best.bits if len(ended) > 1 else FAR
    exact = not best.gaps and found.mean <= MEAN
    exact = exact and proof.gives(site.mechanism, best.text, body, site.start, run.end)
    need = NEAR + (site.mechanism == "F1" and best.text[:1] != FULL_STOP) * UNUSUAL
    verdict = Verdict.EXACT if exact and _lead(site, found, left) >= need else Verdict.RANKED
    return Restoration(
        site.start,
        run.end,
        site.mechanism,
        Verdict.PARTIAL if found.mean > (SENSELESS if best.gaps else NONSENSE) else verdict,
        tuple(Proposal(h.text, float(p)) for h, p in zip(ended[:PROPOSED], share, strict=False)),
        shown - found.bits,
        found.mean,
        found.peak,
        margin,
        len(best.gaps),
        _holed(site, run, best),
    )


def _holed(site: Site, run: Run, best: Hypothesis) -> str:
    """An original with what was guessed about vanished pairs marked as lost."""
    owners = _owners(site, run, best)
    return "".join(LOST if n < len(owners) and owners[n] in best.gaps else char for n, char in enumerate(best.text))


def _lead(site: Site, found: Found, left: str) -> float:
    """Bits by which the best original leads all others, those too in which pairs vanished that its fluency did not ask for.

    The page's own words have no say: a repair must not become exact because another one was applied.
    """
    best, search = found.ended[0], found.search
    page = replace(search.page, grams=None, near=None)
    plain = Search(search.run, page, left, search.right)
    owners = _owners(site, search.run, best)
    vanish = dict.fromkeys(range(site.opening.skip, len(search.run.pairs) + 1), 1)
    for n, char in enumerate(best.text[: len(owners)]):
        if char in NUMERALS:  # numbers read well whatever is left out
            vanish.update({gap: 2 for gap in (owners[n], owners[n] + 1) if gap in vanish})
    own = float(cost(left, best.text + search.right, page).sum())
    others = [*plain.originals(site.opening, {}), *plain.originals(site.opening, vanish)]
    return min((h.bits - GAP_BITS * len(h.gaps) - own for h in others if h.text != best.text), default=FAR)
