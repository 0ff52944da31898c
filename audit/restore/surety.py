"""How surely the best original of a run is what stood there: all others together, read by two models that must agree.

A program leaves no trace of a pair that vanished. How likely one did is how likely the text with it is: what the others weigh
together. One model are the pairs of characters that the search asks, the other are triples and words (`worth`); both must put the
same original first, and each has its say on the nearest other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from audit.restore.worth import BEHIND, parts_of, unvouched

Floats = NDArray[np.float64]
Gone = tuple[
    Mapping[int, int], Sequence[int]
]  # how many pairs may have vanished at each gap; gaps that are searched alone
MOST = 16  # others that are looked at
NEAR, FAR = (2.5, 5.0), 7.0  # nats that count, of both leads
LEAD = 4.0  # bits that count
STOPS = frozenset("，；！？、")  # which F1 finds in their true places: no run goes on behind one
# Nats of a bit: of heads and what is unlikely before any character; that the page's words save; of pairs; of triples and words; of
# the other script; of what no writer leaves behind; of glosses. Then of a pair that vanished, of a second one, of each character,
# of a numeral, of a blank inside. In damage of nine genres, each read with tables of the others, they make the truth likeliest.
WEIGHTS = np.array([0.12, 0.42, 0.26, 0.35, 0.2, 0.41, 0.49, -0.7, -0.7, 0.65, -0.77, 2.9])
# Of a constant and what `Standing.seen` says, fitted as `make fit-doubt` does.
DOUBT = (0.081, -2.046, -0.059, -0.32, -0.293, -0.336, 0.71, 1.278, 0.866)
SURE = -5.1  # of 2,800 below, in genres that the tables had not seen, 1.8 of 1,000 are wrong
# Of a character of which a byte was lost the language often knows nothing, and its page all, as the search weighs it: of the six
# below this doubt at first sight that are not below the other, none was wrong.
REPEATED = -3.4


class Standing(NamedTuple):
    """How an original stands beside all others near it.

    The nats by which it leads together those in which no pair vanished, and those in which one did; the bits by which pairs of
    characters, and words and page, put it before the nearest of the former; then bits a character, the pairs that show, and whether its last character is a guess.
    """

    another: float
    vanished: float
    pairs: float
    page: float
    mean: float
    shown: int
    guessed: bool

    def seen(self) -> tuple[float, ...]:
        """What the doubt is reckoned from: leads count up to a bound, the first nats of them apart."""
        another, vanished = ((min(one, near), min(one, FAR)) for one, near in zip(self[:2], NEAR, strict=True))
        return (1.0, *another, *vanished, min(self.page, LEAD), self.mean, log(self.shown + 1), float(self.guessed))


def surely(standing: Standing, first: float) -> bool:
    """Whether so little doubt is left that the best is what stood there; `first` is the doubt at first sight."""
    repeated = standing.guessed and first < REPEATED and standing.vanished >= NEAR[1]
    return repeated or (standing.pairs >= 0 and doubt_of(standing) < SURE)


def doubt_of(standing: Standing) -> float:
    """The natural logarithm of the odds that another stood there."""
    return sum(weight * one for weight, one in zip(DOUBT, standing.seen(), strict=True))


def standing(body: str, candidate: Candidate, gone: Gone, *, guessed: bool) -> Asking[Standing | None]:
    """How the best original stands; None where triples and words put another first."""
    site, (reading, ended, *_), _ = candidate
    found = yield from _others(candidate, gone)
    some = {one.text: one for one in sorted(found, key=lambda one: -one.cost)}
    texts = list({one.text: None for one in (*ended, *found) if site.mechanism != "F1" or STOPS.isdisjoint(one.text)})
    asked = np.array((yield from weights(reading, texts, around(body, site, reading)))).reshape(-1, 3)
    opened = np.array(
        [max(some[text].cost - alone, 0) if text in some else 0 for text, alone in zip(texts, asked[:, 1], strict=True)]
    )
    near = np.argsort(opened + asked[:, 2], kind="stable")[:MOST]
    gaps = {one.text: len(one.gaps) for one in (*found, *ended)}
    best = ended[0].text
    near_texts = [texts[n] for n in near.tolist()]
    if best not in near_texts:
        return None
    told = _Told(near_texts, np.array([gaps[text] for text in near_texts]), opened[near] / UNIT, asked[near] / UNIT)
    return _stands(body, candidate, told, guessed=guessed)


class _Told(NamedTuple):
    """Originals, how many pairs each lost, and their bits: what opens them; with the page's words, by pairs, by triples (n, 3)."""

    texts: Sequence[str]
    gaps: NDArray[np.int64]
    opened: Floats
    quick: Floats


def _others(candidate: Candidate, gone: Gone) -> Asking[list[Original]]:
    """What else may have stood there, without the page's own words: as the bytes show, with pairs that vanished, at each gap."""
    site, (reading, *_), _ = candidate
    plain, opening = reading._replace(page=unvouched(reading.page)), site.opening
    found = yield from originals(plain, opening, {})
    anywhere, gaps = gone
    found += yield from originals(plain, opening, anywhere)
    for gap in gaps:
        found += yield from originals(plain, opening, {gap: 2}, gap, WIDTH)
    return found


def _stands(body: str, candidate: Candidate, told: _Told, *, guessed: bool) -> Standing | None:
    run, texts = candidate.found.reading.run, told.texts
    parts = np.array(parts_of(body, candidate, texts))
    words, pairs = told.quick[:, 0] - told.quick[:, 1], told.quick[:, 1]
    lost = told.gaps > 0
    of_text = np.array([[len(text), sum(char in NUMERALS for char in text), "\u3000" in text[1:]] for text in texts])
    seen = np.column_stack([told.opened, words, pairs, parts[:, 0], parts[:, 2:], lost, told.gaps > 1, of_text])
    nats = seen @ WEIGHTS
    best = int(nats.argmin())
    if texts[best] != candidate.found.ended[0].text:
        return None
    others = np.arange(len(texts)) != best
    alike, page = others & ~lost, told.opened + parts[:, 1:].sum(axis=1)
    behind = len((body[run.end : run.end + BEHIND].partition("\n")[0] + "\n")[:BEHIND])
    return Standing(
        _together(nats, best, alike),
        _together(nats, best, others & lost),
        _nearest(told.opened + pairs, best, alike),
        _nearest(page, best, alike),
        float(parts[best, 1]) / (len(texts[best]) + behind),
        len(run.pairs),
        guessed,
    )


def _together(nats: Floats, best: int, others: NDArray[np.bool_]) -> float:
    """By how many nats the best leads the others together."""
    if not others.any():
        return FAR
    return min(float(-np.log(np.exp(nats[best] - nats[others]).sum())), FAR)


def _nearest(bits: Floats, best: int, others: NDArray[np.bool_]) -> float:
    """By how many bits the best leads the nearest of the others, or is behind it."""
    return float(bits[others].min() - bits[best]) if others.any() else LEAD
