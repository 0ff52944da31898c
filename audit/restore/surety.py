"""How surely the best original of a run is what stood there: all others together, read by two models that must agree.

A program leaves no trace of a pair that vanished. How likely one did is how likely the text with it is: what the others weigh
together. One model are the pairs of characters that the search asks, the other are triples and words (`worth`); both must put the
same original first, and each has its say on the nearest other.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.restore.abreast import Asking
from audit.restore.asked import Original
from audit.restore.beam import WIDTH, originals
from audit.restore.candidate import Candidate, around, weights
from audit.restore.doubt import NUMERALS
from audit.restore.units import UNIT
from audit.restore.worth import BEHIND, LANGUAGE, OTHER_SCRIPT, PAGED, parts_of, unvouched

Floats = NDArray[np.float64]
MOST, SHOWN, REACH = 16, 24, 25 * UNIT  # others that are looked at, and how far behind by triples of characters
BOUNDS = 3.0, 6.0, 12.0  # nats of the lead that count
SCALE = np.array([1, UNIT, UNIT, UNIT])
STOPS = frozenset("，；！？、")  # which F1 finds in their true places: no run goes on behind one
# Nats of a bit: of heads and what is unlikely before any character; that the page's words save by the search's own model; of pairs;
# of triples and words; that all the page holds saves; of the other script; of what no writer leaves behind; of glosses; of rare
# forms. Then of a pair that vanished, of a second one, of each character, of a numeral, of a blank inside. In damage of nine genres,
# each read with tables of the others, they make the truth likeliest, as `make fit-doubt` tells.
WEIGHTS = np.array(
    [0.481, 0.208, 0.133, 0.519, 0.316, 0.639, 0.458, 0.494, 0.429, -2.003, -0.919, 0.917, -1.436, 4.319]
)
# Of a constant and what `Standing.seen` says, fitted as `make fit-doubt` does.
DOUBT = (-2.539, -0.265, -0.301, -0.413, 0.65, -0.196, 0.399)
# Of a character of which a byte was lost the language often knows nothing, and its page all, as the search weighs it. Where a guess
# leaves less doubt at first sight, leads those in which a pair vanished by so many nats and all others by fewer than the first of
# `BOUNDS`, and pairs of characters put no other before it by so many bits, none of 11 that are above `SURE` is wrong; of those that
# lead by more, and of items, 4 of 353 are.
REPEATED, KEPT, BEHIND_BY = -3.4, 4.0, 2.0
SURE = -4.75  # of 5,165 exact ones, each in a genre that tables and fit had not seen, 1.9 of 1,000 are wrong


class Gone(NamedTuple):
    """Originals as the bytes show and where pairs may have vanished, found without the page's own words; gaps that are searched alone."""

    found: Sequence[Original]
    gaps: Sequence[int]


class Standing(NamedTuple):
    """How an original stands beside all others near it.

    The nats by which it leads them together, and those in which a pair vanished; the bits by which pairs of characters put it before
    the nearest in which none did; then bits a character, the pairs that show, and whether its last character is a guess.
    """

    lead: float
    vanished: float
    pairs: float
    mean: float
    shown: int
    guessed: bool

    def seen(self) -> tuple[float, ...]:
        """What the doubt is reckoned from: leads count up to a bound, the first nats of them apart."""
        leads = (min(self.lead, bound) for bound in BOUNDS)
        return (1.0, *leads, self.mean, log(self.shown + 1), float(self.guessed))


def surely(standing: Standing, first: float) -> bool:
    """Whether so little doubt is left that the best is what stood there; `first` is the doubt at first sight."""
    if standing.lead <= 0:
        return False
    repeated = standing.guessed and first < REPEATED and standing.vanished >= KEPT and standing.lead < BOUNDS[0]
    return (repeated and standing.pairs >= -BEHIND_BY) or (standing.pairs >= 0 and doubt_of(standing) < SURE)


def doubt_of(standing: Standing) -> float:
    """The natural logarithm of the odds that another stood there."""
    return sum(weight * one for weight, one in zip(DOUBT, standing.seen(), strict=True))


def standing(body: str, candidate: Candidate, gone: Gone, *, guessed: bool) -> Asking[Standing | None]:
    """How the best original stands; None where triples put too many others before it."""
    told = yield from _told(body, candidate, (yield from _others(candidate, gone)), MOST)
    if candidate.found.ended[0].text not in told.texts:
        return None
    return _stands(body, candidate, told, (yield from parts_of(body, candidate, told.texts)), guessed=guessed)


def weighed(body: str, candidate: Candidate, others: Sequence[Original]) -> Asking[list[Weighed]]:
    """The likeliest of originals, likeliest first: the candidate's, and those of searches without the page's own words."""
    told = yield from _told(body, candidate, others, SHOWN)
    nats = rows_of(told, (yield from parts_of(body, candidate, told.texts))) @ WEIGHTS
    known = {one.text: one for one in (*others, *candidate.found.ended)}
    return [Weighed(known[told.texts[n]], float(nats[n]) / log(2)) for n in np.argsort(nats, kind="stable").tolist()]


class Weighed(NamedTuple):
    """An original and its bits, what is behind it included; only the differences between originals of one place mean something."""

    original: Original
    bits: float


class Told(NamedTuple):
    """Originals; how many pairs each lost, and its bits: of what opens it, of what the page's words add, by pairs; shape (n, 4)."""

    texts: Sequence[str]
    quick: Floats


def _told(body: str, candidate: Candidate, others: Sequence[Original], most: int) -> Asking[Told]:
    """So many originals by the quick models: a candidate's, and others that were found without the page's own words."""
    site, (reading, ended, *_), _ = candidate
    costs = {one.text: one.cost for one in sorted(others, key=lambda one: -one.cost)}
    gaps = {one.text: len(one.gaps) for one in (*others, *ended)}
    texts = list(dict.fromkeys(one.text for one in (*ended, *others)))
    if site.mechanism == "F1":
        texts = [text for text in texts if STOPS.isdisjoint(text)] or texts
    quick: list[tuple[int, int, str, int, int, int, int]] = []
    for text, (words, pairs, deep) in zip(
        texts, (yield from weights(reading, texts, around(body, site, reading))), strict=True
    ):
        opened = max(costs.get(text, 0) - pairs, 0)
        quick.append((opened + deep, len(quick), text, gaps[text], opened, words - pairs, pairs))
    quick.sort()
    near = [one for one in quick[:most] if one[0] <= quick[0][0] + REACH]
    return Told([one[2] for one in near], np.array([one[3:] for one in near], dtype=np.float64) / SCALE)


def _others(candidate: Candidate, gone: Gone) -> Asking[list[Original]]:
    """What else may have stood there, without the page's own words: what is known, and with pairs that vanished at each gap."""
    site, (reading, *_), _ = candidate
    plain, opening = reading._replace(page=unvouched(reading.page)), site.opening
    found = [*gone.found]
    for gap in gone.gaps:
        found += yield from originals(plain, opening, {gap: 2}, gap, WIDTH)
    return found


def rows_of(told: Told, parts: Floats) -> Floats:
    """What each original is weighed by, as `WEIGHTS` numbers it; shape (n, 14)."""
    lost = told.quick[:, 0]
    of_text = np.array(
        [[len(text), sum(char in NUMERALS for char in text), "\u3000" in text[1:]] for text in told.texts]
    )
    paged = parts[:, PAGED] - parts[:, LANGUAGE]
    return np.column_stack(
        [told.quick[:, 1:], parts[:, LANGUAGE], paged, parts[:, OTHER_SCRIPT:], lost > 0, lost > 1, of_text]
    )


def lead_of(nats: Floats, best: int) -> float:
    """By how many nats one leads all others together, up to the last of `BOUNDS`; nothing where another is likelier."""
    others = np.delete(nats, best)
    if not len(others):
        return BOUNDS[-1]
    return float(np.clip(-np.log(np.exp(nats[best] - others).sum()), 0.0, BOUNDS[-1]))


def _stands(body: str, candidate: Candidate, told: Told, parts: Floats, *, guessed: bool) -> Standing:
    run, best = candidate.found.reading.run, told.texts.index(candidate.found.ended[0].text)
    lost, opened, _, pairs = told.quick.T
    nats, by_pairs, alike = rows_of(told, parts) @ WEIGHTS, opened + pairs, lost == 0
    alike[best] = False
    behind = len((body[run.end : run.end + BEHIND].partition("\n")[0] + "\n")[:BEHIND])
    return Standing(
        lead_of(nats, best),
        lead_of(np.append(nats[lost > 0], nats[best]), -1),
        float(min(by_pairs[alike] - by_pairs[best], default=BOUNDS[-1])),
        float(parts[best, PAGED]) / (len(told.texts[best]) + behind),
        len(run.pairs),
        guessed,
    )
