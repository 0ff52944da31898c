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
from audit.restore.worth import BEHIND, LANGUAGE, OTHER_SCRIPT, PAGED, parts_of, unvouched

Floats = NDArray[np.float64]
MOST, REACH = 16, 25 * UNIT  # others that are looked at, and how far behind by triples of characters
NEAR, FAR = (2.5, 5.0), 7.0  # nats that count, of both leads
LEAD = 4.0  # bits that count
SCALE = np.array([1, UNIT, UNIT, UNIT])
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


class Gone(NamedTuple):
    """Where pairs may have vanished: the originals as the bytes show, how many at each gap, and gaps that are searched alone."""

    shown: Sequence[Original]
    anywhere: Mapping[int, int]
    gaps: Sequence[int]


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
    best, costs = ended[0].text, {one.text: one.cost for one in sorted(found, key=lambda one: -one.cost)}
    gaps = {one.text: len(one.gaps) for one in (*found, *ended)}
    texts = list(dict.fromkeys(one.text for one in (*ended, *found)))
    if site.mechanism == "F1":
        texts = [text for text in texts if STOPS.isdisjoint(text)]
    quick: list[tuple[int, int, str, int, int, int, int]] = []
    for text, (words, pairs, deep) in zip(
        texts, (yield from weights(reading, texts, around(body, site, reading))), strict=True
    ):
        opened = max(costs.get(text, 0) - pairs, 0)
        quick.append((opened + deep, len(quick), text, gaps[text], opened, words - pairs, pairs))
    quick.sort()
    near = [one for one in quick[:MOST] if one[0] <= quick[0][0] + REACH]
    if all(best != text for _, _, text, *_ in near):
        return None
    told = _Told([one[2] for one in near], np.array([one[3:] for one in near], dtype=np.float64) / SCALE)
    return _stands(body, candidate, told, (yield from parts_of(body, candidate, told.texts)), guessed=guessed)


class _Told(NamedTuple):
    """Originals; how many pairs each lost, and its bits: of what opens it, of what the page's words add, by pairs; shape (n, 4)."""

    texts: Sequence[str]
    quick: Floats


def _others(candidate: Candidate, gone: Gone) -> Asking[list[Original]]:
    """What else may have stood there, without the page's own words: as the bytes show, with pairs that vanished, at each gap."""
    site, (reading, *_), _ = candidate
    plain, opening = reading._replace(page=unvouched(reading.page)), site.opening
    found = [*gone.shown, *(yield from originals(plain, opening, gone.anywhere))]
    for gap in gone.gaps:
        found += yield from originals(plain, opening, {gap: 2}, gap, WIDTH)
    return found


def _stands(body: str, candidate: Candidate, told: _Told, parts: Floats, *, guessed: bool) -> Standing | None:
    run, texts = candidate.found.reading.run, told.texts
    lost, opened, _, pairs = told.quick.T
    of_text = np.array([[len(text), sum(char in NUMERALS for char in text), "\u3000" in text[1:]] for text in texts])
    seen = np.column_stack(
        [told.quick[:, 1:], parts[:, LANGUAGE], parts[:, OTHER_SCRIPT:], lost > 0, lost > 1, of_text]
    )
    nats = seen @ WEIGHTS
    best = int(nats.argmin())
    if texts[best] != candidate.found.ended[0].text:
        return None
    others = np.arange(len(texts)) != best
    alike, page = others & (lost == 0), opened + parts[:, PAGED:].sum(axis=1)
    behind = len((body[run.end : run.end + BEHIND].partition("\n")[0] + "\n")[:BEHIND])
    return Standing(
        _together(nats, best, alike),
        _together(nats, best, others & (lost > 0)),
        _nearest(opened + pairs, best, alike),
        _nearest(page, best, alike),
        float(parts[best, PAGED]) / (len(texts[best]) + behind),
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
