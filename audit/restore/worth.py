"""What originals are worth beside one another: bits of the best model of the language, what the page itself vouches for, and what
no writer leaves behind.

The search itself asks a quicker model. What it does not know stands here: brackets close, marks do not follow marks, and a program
that glosses a character glosses it everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import surprise
from audit.language.lexicon import WEIGHT, lexicon
from audit.language.patterns import regex
from audit.language.script import class_table
from audit.model import Codes
from audit.restore import gbk
from audit.restore.abreast import Asking
from audit.restore.asked import Original
from audit.restore.candidate import Candidate, around, weights
from audit.restore.likely import codes_of
from audit.restore.page import TOKEN_BITS, Glossed, Grams, Page, tokens_of
from audit.restore.units import UNIT
from audit.restore.weighing import FOREIGN_COST

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BEFORE, BEHIND = 120, 8  # code points of the line that an original stands between
CONTEXT = 8  # those of which a model knows something
NEAR, MOST = 25 * UNIT, 24  # by the quick model; what is farther behind the best, or behind so many, is not looked at
# How often the page must show what two and three tokens before make likely until it says as much as the language.
PAIR_PRIOR, TRIPLE_PRIOR = 60.0, 10.0
FOREIGN = FOREIGN_COST / UNIT
MISPLACED = 8.0  # bits of a bracket that nothing opened, of a mark behind a mark
DOUBLED = 3.0  # of a character twice, of which a model of pairs thinks too well
FORBIDDEN = 8.0  # of a character with a gloss that the page leaves bare, or without one that it glosses
VOUCHED = 3.0  # what a gloss is worth that the page gives the same character elsewhere
SEARCHED = 0.35  # of what the search itself thinks; it knows better what the page says near by
WIDE = regex(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")  # letters and digits, which vanished pairs leave
MARKS_IN_A_ROW = regex(r"[。，；！？、：,;!?:](?=[。，；！？、：,;!?:])")
TWICE = regex(r"([\u4e00-\u9fff])(?=\1)")
OPENING = dict(zip("”’」』》〉）)", "“‘「『《〈（（", strict=True))
OPENS = {**{one: one for one in OPENING.values()}, "(": "（"}
BRACKETS = frozenset(OPENS).union(OPENING)


class Parts(NamedTuple):
    """Bits of an original: by n-grams and words, the same with what the page holds; of the other script, what is odd, and glosses."""

    language: float
    paged: float
    foreign: float
    odd: float
    glosses: float


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
    bits = [one.paged + one.foreign + one.odd + one.glosses for one in parts_of(body, candidate, texts)]
    told = [
        Weighed(one, opened / UNIT + (1 - SEARCHED) * own + SEARCHED * found / UNIT)
        for (_, opened, found, one), own in zip(near, bits, strict=True)
    ]
    return sorted(told, key=lambda each: each.bits)


def unvouched(page: Page) -> Page:
    """The page without its own words."""
    return replace(page, grams=None, near=None)


def parts_of(body: str, candidate: Candidate, texts: Sequence[str]) -> list[Parts]:
    """What each of the originals weighs; what is behind the run is weighed with them."""
    site, (reading, *_), _ = candidate
    page, end = reading.page, reading.run.end
    before = body[max(0, site.start - BEFORE) : site.start].rpartition("\n")[2]
    behind = (body[end : end + BEHIND].partition("\n")[0] + "\n")[:BEHIND]
    return [
        Parts(language, paged, FOREIGN * foreign, oddities(before, text, behind), _glosses(body, candidate, text))
        for text, (language, paged, foreign) in zip(texts, _read(page, before, behind, texts), strict=True)
    ]


def _read(page: Page, before: str, behind: str, texts: Sequence[str]) -> Iterator[tuple[float, float, float]]:
    """Of each text and what is behind it: bits without what is known of the page and with it, characters of the other script."""
    before = "\n" + before[-CONTEXT:]
    codes = codes_of("".join([before + text + behind for text in texts]))
    sizes = np.array([len(before) + len(text) + len(behind) for text in texts])
    chance = chances(None, codes, sizes)
    total = np.zeros((3, len(codes) + 1))
    total[0, 1:] = -np.log2(chance).cumsum()
    total[1, 1:] = -np.log2(_vouched(page.grams, tokens_of(codes), chance)).cumsum()
    total[2, 1:] = ((class_table().take(codes, mode="clip") & page.script.value) > 0).cumsum()
    ends = sizes.cumsum()
    starts = ends - [len(text) + len(behind) for text in texts]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        language, paged = (total[:2, end] - total[:2, start]).tolist()
        yield language, paged, float(total[2, end - len(behind)] - total[2, start])


def chances(grams: Grams | None, codes: Codes, sizes: Ints) -> Floats:
    """How likely each character is behind the others of its text: texts of these sizes, each behind a line break; shape of `codes`.

    N-grams and words of the language are mixed with what is known of the page.
    """
    tokens = tokens_of(codes)
    inside = np.arange(sizes.max()) < sizes[:, None]
    rows = np.zeros(inside.shape, dtype=np.int64)
    rows[inside] = tokens
    chance = (1 - WEIGHT) * np.exp2(-surprise(codes, deep=True).astype(np.float64))
    chance += WEIGHT * lexicon().chance(rows)[inside]
    return _vouched(grams, tokens, chance)


def _vouched(grams: Grams | None, tokens: Ints, chance: Floats) -> Floats:
    """Probabilities with the page's own pairs and triples mixed in, after Dirichlet; what it never holds it does not speak of."""
    if grams is None or not len(grams.triples):
        return chance
    mixed = chance.copy()
    pair = (tokens[:-1] << TOKEN_BITS) | tokens[1:]
    triple = (pair[:-1] << TOKEN_BITS) | tokens[2:]
    pairs = _counts(grams.pairs, grams.pair_counts, pair)
    of = grams.singles.take(tokens[:-1])
    mixed[1:] = np.where(pairs > 0, (pairs + PAIR_PRIOR * mixed[1:]) / (of + PAIR_PRIOR), mixed[1:])
    seen, of = _counts(grams.triples, grams.triple_counts, triple), pairs[:-1]
    mixed[2:] = np.where(seen > 0, (seen + TRIPLE_PRIOR * mixed[2:]) / (of + TRIPLE_PRIOR), mixed[2:])
    return mixed


def _counts(keys: Ints, counts: Ints, wanted: Ints) -> Ints:
    at = keys.searchsorted(wanted).clip(max=len(keys) - 1)
    found: Ints = counts.take(at) * (keys.take(at) == wanted)
    return found


def oddities(before: str, text: str, behind: str) -> float:
    """Bits for what no writer leaves behind: something closed that nothing opened, a mark behind a mark, wide letters, a character
    twice.
    """
    odd = len(WIDE.findall(text)) + len(MARKS_IN_A_ROW.findall(before[-1:] + text + behind[:1]))
    if not BRACKETS.isdisjoint(text):
        odd += _unopened(before, text)
    return MISPLACED * odd + DOUBLED * len(TWICE.findall(before[-1:] + text + behind[:1]))


def _unopened(before: str, text: str) -> int:
    """How many of the text's brackets and quotes close what nothing opened."""
    open_now: Counter[str] = Counter(OPENS[char] for char in before if char in OPENS)
    open_now.subtract(OPENING[char] for char in before if char in OPENING)
    odd = 0
    for char in text:
        if char in OPENS:
            open_now[OPENS[char]] += 1
        elif char in OPENING:
            odd += open_now[OPENING[char]] <= 0
            open_now[OPENING[char]] -= 1
    return odd


def _glosses(body: str, candidate: Candidate, text: str) -> float:
    """Bits for what the page's glosses forbid, less those for what they vouch for."""
    site, (reading, *_), _ = candidate
    known: Glossed | None = reading.page.glossed()
    if known is None or not text:
        return 0.0
    given = []
    if site.mechanism == "G" and site.start:
        before, first = gbk.encode_char(body[site.start - 1]), gbk.encode_char(text[0])
        if before and first and len(before) == len(first) == 2:
            given.append(gbk.pair_char(before[1], first[0]))
    ended = reading.run.reading is not None
    given += [text[-1]] if ended else []
    bare = text[:-1] if ended else text
    cost = sum(FORBIDDEN for char in bare if char in known.always)
    return cost + sum(FORBIDDEN * (char in known.never) - VOUCHED * (char in known.always) for char in given)
