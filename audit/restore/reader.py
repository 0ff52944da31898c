"""The dear reader: what texts are worth by n-grams and words, by what their page holds, and by what no writer leaves behind.

It reads the texts of many searches at once. What one text is worth does not depend on the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import checked_surprise
from audit.language.lexicon import WEIGHT, lexicon
from audit.language.script import class_table
from audit.language.store import shipped
from audit.model import Codes
from audit.restore.likely import codes_of
from audit.restore.page import TOKEN_BITS, Grams, Page, tokens_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
APART = "\n\n"  # between texts of which none is the context of another
CONTEXT = 8  # code points before a text of which a model knows something
# How often the page must show what two and three tokens before make likely until it says as much as the language.
PAIR_PRIOR, TRIPLE_PRIOR = 60.0, 10.0
FORM_STEP = 0.1  # bits
SINGLE_SHARE = 0.08  # of what the page holds at all; between 0.04 and 0.12 pages of all genres lose as much
WIDE, MARK, HAN = (
    1,
    2,
    4,
)  # of a character: a letter or digit that vanished pairs leave, a mark that follows none, a Han
MARKS = "。，；！？、：,;!?:"
WIDE_RANGES = ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B))
HAN_RANGE = (0x4E00, 0xA000)


class Read(NamedTuple):
    """Asks what each of some texts is worth between what is before and behind them; `ended` tells that each one's last character
    carries a gloss.
    """

    page: Page
    before: str
    behind: str
    texts: Sequence[str]
    ended: bool


class Worth(NamedTuple):
    """Of each text: bits by n-grams and words, what is behind it included, and with what the page holds; then how many of its
    characters are of the other script, are wide letters, are marks behind a mark, stand twice, are bare though the page glosses
    them; then bits of rare forms of its characters; shapes (n,).
    """

    language: Floats
    paged: Floats
    foreign: Floats
    wide: Floats
    marks: Floats
    doubled: Floats
    bare: Floats
    forms: Floats


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each code point is; shape (65536,)."""
    table = np.zeros(0x10000, dtype=np.uint8)
    for start, end in WIDE_RANGES:
        table[start:end] = WIDE
    table[list(map(ord, MARKS))] = MARK
    table[slice(*HAN_RANGE)] = HAN
    return table


def read(asks: Sequence[Read]) -> list[Worth]:
    """What the texts of each ask are worth."""
    if not asks:
        return []
    pieces, sizes, spans = [], [], []
    for ask in asks:
        before = APART + ask.before[-CONTEXT:]
        pieces += [before + text + ask.behind for text in ask.texts]
        sizes += [len(before) + len(text) + len(ask.behind) for text in ask.texts]
        spans += [(len(before), len(before) + len(text), int(ask.ended)) for text in ask.texts]
    codes = codes_of("".join(pieces))
    stops = np.cumsum(sizes)
    begins, ends, ended = np.array(spans, dtype=np.int64).reshape(-1, 3).T
    begins, ends = begins + stops - sizes, ends + stops - sizes
    chance = chances(None, codes, np.array(sizes))
    bounds = np.concatenate([[0], stops])[np.cumsum([0, *[len(ask.texts) for ask in asks]])].tolist()
    whole = _sums(-np.log2(np.stack([chance, _by_pages(asks, bounds, codes, chance)])), begins, stops)
    kinds = _kinds().take(codes, mode="clip")
    marks, twice = (kinds & MARK) > 0, np.zeros(len(codes), dtype=bool)
    marks[:-1] &= marks[1:]
    twice[:-1] = ((kinds[:-1] & HAN) > 0) & (codes[:-1] == codes[1:])
    seams = _sums(np.stack([marks, twice]).astype(float), begins - 1, ends)
    inside = _sums(np.stack([_foreign(asks, bounds, codes), kinds & WIDE]).astype(float), begins, ends)
    bare = _sums(_glossed(asks, bounds, codes)[None].astype(float), begins, np.maximum(ends - ended, begins))
    forms = _sums(_rare_forms(asks, bounds, codes)[None], begins, ends)
    every = np.concatenate([whole, inside[:1], inside[1:], seams, bare, forms])
    parts = np.cumsum([len(ask.texts) for ask in asks])[:-1]
    return [Worth(*told) for told in np.split(every, parts, axis=1)]


def _sums(values: Floats, starts: Ints, ends: Ints) -> Floats:
    """The sum of each stretch of each row, from left to right; shape (rows, stretches)."""
    behind = np.concatenate([values, np.zeros((len(values), 1))], axis=1)
    sums: Floats = np.add.reduceat(behind, np.column_stack([starts, ends]).ravel(), axis=1)[:, ::2]
    return np.where(ends > starts, sums, 0.0)


def _foreign(asks: Sequence[Read], bounds: Sequence[int], codes: Codes) -> NDArray[np.bool_]:
    """Which characters are of the script that their page does not hold."""
    scripts = np.repeat([ask.page.script.value for ask in asks], np.diff(bounds))
    found: NDArray[np.bool_] = (class_table().take(codes, mode="clip") & scripts) > 0
    return found


def _rare_forms(asks: Sequence[Read], bounds: Sequence[int], codes: Codes) -> Floats:
    """Bits of each character among those that the language model takes for the same, as its page's script writes them: `曏` for `向`."""
    scripts = np.repeat([ask.page.script.value for ask in asks], np.diff(bounds))
    found: Floats = shipped().array("forms")[scripts, np.minimum(codes, 0x10000)] * FORM_STEP
    return found


def _glossed(asks: Sequence[Read], bounds: Sequence[int], codes: Codes) -> NDArray[np.bool_]:
    """Which characters carry a gloss wherever their page has them."""
    found = np.zeros(len(codes), dtype=bool)
    for ask, start, end in zip(asks, bounds, bounds[1:], strict=False):
        if known := ask.page.glossed():
            found[start:end] = known.always(codes[start:end])
    return found


def _by_pages(asks: Sequence[Read], bounds: Sequence[int], codes: Codes, chance: Floats) -> Floats:
    """Probabilities with what each page holds mixed in."""
    paged = chance.copy()
    for _, group in groupby(range(len(asks)), lambda n: id(asks[n].page.grams)):
        first, *rest = group
        span = slice(bounds[first], bounds[(rest or [first])[-1] + 1])
        paged[span] = _vouched(asks[first].page.grams, tokens_of(codes[span]), chance[span])
    return paged


def chances(grams: Grams | None, codes: Codes, sizes: Ints) -> Floats:
    """How likely each character is behind the others of its text: texts of these sizes, each behind a line break; shape of `codes`.

    N-grams and words of the language are mixed with what is known of the page.
    """
    tokens = tokens_of(codes)
    inside = np.arange(sizes.max()) < sizes[:, None]
    rows = np.zeros(inside.shape, dtype=np.int64)
    rows[inside] = tokens
    chance = (1 - WEIGHT) * np.exp2(-checked_surprise(codes).astype(np.float64))
    chance += WEIGHT * lexicon().chance(rows)[inside]
    return _vouched(grams, tokens, chance)


def _vouched(grams: Grams | None, tokens: Ints, chance: Floats) -> Floats:
    """Probabilities with the page's characters, pairs and triples mixed in, these after Dirichlet; what it never holds they do not
    speak of.
    """
    if grams is None or not len(grams.triples):
        return chance
    mixed: Floats = (1 - SINGLE_SHARE) * chance + SINGLE_SHARE / grams.singles.sum() * grams.singles.take(tokens)
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
