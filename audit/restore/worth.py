"""What originals are worth beside one another: bits of the best model of the language, what the page itself vouches for, and what
no writer leaves behind.

The search itself asks a quicker model. What it does not know stands here: brackets close, marks do not follow marks, and a program
that glosses a character glosses it everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.restore import gbk
from audit.restore.abreast import Asking
from audit.restore.asked import Original
from audit.restore.candidate import Candidate, around, weights
from audit.restore.likely import codes_of
from audit.restore.page import Glossed, Page
from audit.restore.reader import Read, Worth
from audit.restore.units import UNIT
from audit.restore.weighing import FOREIGN_COST

Floats = NDArray[np.float64]
BEFORE, BEHIND = 120, 8  # code points of the line that an original stands between
NEAR, MOST = 25 * UNIT, 24  # by the quick model; what is farther behind the best, or behind so many, is not looked at
FOREIGN = FOREIGN_COST / UNIT
MISPLACED = 8.0  # bits of a bracket that nothing opened, of a mark behind a mark
DOUBLED = 3.0  # of a character twice, of which a model of pairs thinks too well
FORBIDDEN = 8.0  # of a character with a gloss that the page leaves bare, or without one that it glosses
VOUCHED = 3.0  # what a gloss is worth that the page gives the same character elsewhere
SEARCHED = 0.35  # of what the search itself thinks; it knows better what the page says near by
OPENING = dict(zip("”’」』》〉）)", "“‘「『《〈（（", strict=True))
OPENS = {**{one: one for one in OPENING.values()}, "(": "（"}
BRACKETS = frozenset(OPENS).union(OPENING)
# What `parts_of` tells of an original, in bits: by n-grams and words, the same with what the page holds; of the other script, what
# is odd, and glosses.
LANGUAGE, PAGED, OTHER_SCRIPT, ODD, GLOSSES = range(5)


class Weighed(NamedTuple):
    """An original and its bits, what is behind it included; only the differences between originals of one place mean something."""

    original: Original
    bits: float


def weighed(
    body: str, candidate: Candidate, paged: Sequence[Original], plain: Sequence[Original]
) -> Asking[list[Weighed]]:
    """The likeliest of originals, likeliest first: those of a search with the page's own words, and of one without."""
    site, found, _ = candidate
    some = {one.text: (one, True) for one in reversed(paged)} | {one.text: (one, False) for one in reversed(plain)}
    asked = yield from weights(found.reading, list(some), around(body, site, found.reading))
    quick: list[tuple[int, int, int, Original]] = []
    for (one, own), (words, alone, deep) in zip(some.values(), asked, strict=True):
        opened = max(one.cost - (words if own else alone), 0)  # what characters do not tell: heads, pairs that vanished
        quick.append((deep + opened, opened, words + deep - alone, one))
    quick.sort(key=lambda each: each[0])
    near = [each for each in quick[:MOST] if each[0] < quick[0][0] + NEAR]
    texts = [one.text for *_, one in near]
    bits = (yield from parts_of(body, candidate, texts))[:, PAGED:].sum(axis=1).tolist()
    told = [
        Weighed(one, opened / UNIT + (1 - SEARCHED) * own + SEARCHED * found / UNIT)
        for (_, opened, found, one), own in zip(near, bits, strict=True)
    ]
    return sorted(told, key=lambda each: each.bits)


def unvouched(page: Page) -> Page:
    """The page without its own words."""
    return replace(page, grams=None, near=None)


def parts_of(body: str, candidate: Candidate, texts: Sequence[str]) -> Asking[Floats]:
    """What each of the originals weighs, what is behind the run included; shape (n, 5), as `LANGUAGE` and the others number them."""
    site, (reading, *_), _ = candidate
    page, end = reading.page, reading.run.end
    before = body[max(0, site.start - BEFORE) : site.start].rpartition("\n")[2]
    behind = (body[end : end + BEHIND].partition("\n")[0] + "\n")[:BEHIND]
    ended = reading.run.reading is not None
    worth: Worth = yield Read(page, before, behind, texts, ended)
    odd = oddities(before, texts, worth)
    glosses = FORBIDDEN * worth.bare
    if known := page.glossed():
        given = [_given(body, candidate, text) for text in texts]
        bits = {chars: _vouched(known, chars) for chars in set(given)}
        glosses += [bits[chars] for chars in given]
    return np.column_stack([worth.language, worth.paged, FOREIGN * worth.foreign, odd, glosses])


def oddities(before: str, texts: Sequence[str], worth: Worth) -> Floats:
    """Bits for what no writer leaves behind: something closed that nothing opened, a mark behind a mark, wide letters, a character
    twice; shape (n,).
    """
    return MISPLACED * (worth.wide + worth.marks + _unopened(before, texts)) + DOUBLED * worth.doubled


def _unopened(before: str, texts: Sequence[str]) -> list[int]:
    """How many brackets and quotes of each text close what nothing opened."""
    open_now: Counter[str] | None = None
    told = []
    for text in texts:
        if BRACKETS.isdisjoint(text):
            told.append(0)
            continue
        if open_now is None:
            open_now = Counter(OPENS[char] for char in before if char in OPENS)
            open_now.subtract(OPENING[char] for char in before if char in OPENING)
        told.append(_closed(open_now.copy(), text))
    return told


def _closed(open_now: Counter[str], text: str) -> int:
    odd = 0
    for char in text:
        if char in OPENS:
            open_now[OPENS[char]] += 1
        elif char in OPENING:
            odd += open_now[OPENING[char]] <= 0
            open_now[OPENING[char]] -= 1
    return odd


def _given(body: str, candidate: Candidate, text: str) -> str:
    """The characters that carry the glosses at the ends of a run, were this its original."""
    site, (reading, *_), _ = candidate
    if not text:
        return ""
    given = text[-1] if reading.run.reading is not None else ""
    if site.mechanism == "G" and site.start:
        before, first = gbk.encode_char(body[site.start - 1]), gbk.encode_char(text[0])
        if before and first and len(before) == len(first) == 2:
            given += gbk.pair_char(before[1], first[0])
    return given


def _vouched(known: Glossed, given: str) -> float:
    """Bits for glosses on what the page leaves bare elsewhere, less those on what it glosses."""
    codes = codes_of(given)
    return FORBIDDEN * int(known.never(codes).sum()) - VOUCHED * int(known.always(codes).sum())
