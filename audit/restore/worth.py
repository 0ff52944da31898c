"""What originals are worth beside one another: bits of the best model of the language, what the page itself vouches for, and what
no writer leaves behind.

The search itself asks a quicker model. What it does not know stands here: brackets close, marks do not follow marks, and a program
that glosses a character glosses it everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from audit.restore import gbk
from audit.restore.abreast import Asking
from audit.restore.candidate import Candidate
from audit.restore.likely import codes_of
from audit.restore.page import Glossed, Page
from audit.restore.reader import Read, Worth
from audit.restore.units import UNIT
from audit.restore.weighing import FOREIGN_COST

Floats = NDArray[np.float64]
BEFORE, BEHIND = 120, 8  # code points of the line that an original stands between
FOREIGN = FOREIGN_COST / UNIT
MISPLACED = 8.0  # bits of a bracket that nothing opened or nothing closes, of a mark behind a mark
CLOSED = 200  # code points of the line within which what was opened is closed
DOUBLED = 3.0  # of a character twice, of which a model of pairs thinks too well
FORBIDDEN = 8.0  # of a character with a gloss that the page leaves bare, or without one that it glosses
VOUCHED = 3.0  # what a gloss is worth that the page gives the same character elsewhere
OPENING = dict(zip("”’」』》〉）)", "“‘「『《〈（（", strict=True))
CLOSING = {kind: frozenset(one for one in OPENING if OPENING[one] == kind) for kind in OPENING.values()}
OPENS = {**{one: one for one in OPENING.values()}, "(": "（"}
BRACKETS = frozenset(OPENS).union(OPENING)
# What `parts_of` tells of an original, in bits: by n-grams and words, the same with what the page holds; of the other script, what
# is odd, glosses, and rare forms.
LANGUAGE, PAGED, OTHER_SCRIPT, ODD, GLOSSES, FORMS = range(6)


def unvouched(page: Page) -> Page:
    """The page without its own words."""
    return replace(page, grams=None, near=None)


def parts_of(body: str, candidate: Candidate, texts: Sequence[str]) -> Asking[Floats]:
    """What each of the originals weighs, what is behind the run included; shape (n, 6), as `LANGUAGE` and the others number them."""
    site, (reading, *_), _ = candidate
    page, end = reading.page, reading.run.end
    before = body[max(0, site.start - BEFORE) : site.start].rpartition("\n")[2]
    behind = (body[end : end + BEHIND].partition("\n")[0] + "\n")[:BEHIND]
    ended = reading.run.reading is not None
    worth: Worth = yield Read(page, before, behind, texts, ended)
    odd = oddities(before, texts, body[end : end + CLOSED].partition("\n")[0], worth)
    glosses = FORBIDDEN * worth.bare
    if known := page.glossed():
        given = [_given(body, candidate, text) for text in texts]
        bits = {chars: _vouched(known, chars) for chars in set(given)}
        glosses += [bits[chars] for chars in given]
    return np.column_stack([worth.language, worth.paged, FOREIGN * worth.foreign, odd, glosses, worth.forms])


def oddities(before: str, texts: Sequence[str], rest: str, worth: Worth) -> Floats:
    """Bits for what no writer leaves behind: something closed that nothing opened, or left open that the rest of the line does not
    close, a mark behind a mark, wide letters, a character twice; shape (n,).
    """
    return MISPLACED * (worth.wide + worth.marks + _unpaired(before, texts, rest)) + DOUBLED * worth.doubled


def _unpaired(before: str, texts: Sequence[str], rest: str) -> list[int]:
    """How many brackets and quotes each text closes that nothing opened, and leaves open that nothing closes."""
    opened: Counter[str] = Counter()
    _close(opened, before)
    told: dict[str, int] = {}
    each = ["" if BRACKETS.isdisjoint(text) else "".join(filter(BRACKETS.__contains__, text)) for text in texts]
    for marks in set(each):
        still = opened.copy()
        odd = _close(still, marks)
        told[marks] = odd + sum(count for kind, count in still.items() if count and CLOSING[kind].isdisjoint(rest))
    return [told[marks] for marks in each]


def _close(opened: Counter[str], text: str) -> int:
    """Counts what a text opens and closes; returns how much it closes that nothing opened."""
    odd = 0
    for char in text:
        if char in OPENS:
            opened[OPENS[char]] += 1
        elif char in OPENING:
            odd += not opened[OPENING[char]]
            opened[OPENING[char]] -= opened[OPENING[char]] > 0
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
