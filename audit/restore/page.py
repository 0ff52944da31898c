"""What surrounds a damaged run: the script and width of its page, and the page's own n-grams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from audit.language import script
from audit.language.store import shipped
from audit.model import Codes, Text
from audit.native import kernels

REACH = 50_000  # code points on each side that count as the page
NEAR = 400  # and that tell its script and width
GLOSSED_NEAR = 4_000  # that tell what it glosses
BARE = 2  # places without a gloss; one may be part of a shifted run
FIRST_HAN, KINDS = 0x3400, 0x6C01  # up to U+9FFF, and one for all else
TOKEN_BITS = 14
WIDE_MARKS, NARROW_MARKS = "，；：！？（）", ",;:!?()"
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Script(IntEnum):
    """The script of a page; its value is the class bit of characters that it does not hold."""

    EITHER = 0
    TRADITIONAL = script.SIMPLIFIED
    SIMPLIFIED = script.TRADITIONAL


@dataclass(frozen=True, slots=True)
class NearPairs:
    """Pairs of the tokens around a place, ascending, and how often each and its first token stands there."""

    pairs: Ints
    pair_counts: Ints
    singles: Ints
    single_counts: Ints

    @classmethod
    def of(cls, codes: Codes) -> NearPairs:
        """Those of a short text."""
        tokens = tokens_of(codes)
        return cls(*_counted(np.sort((tokens[:-1] << TOKEN_BITS) | tokens[1:])), *_counted(np.sort(tokens)))


@dataclass(frozen=True, slots=True)
class Grams:
    """Pairs and triples of a page's tokens, ascending, and how often each stands there."""

    pairs: Ints
    pair_counts: Ints
    triples: Ints
    triple_counts: Ints
    singles: Ints


class Glossed(NamedTuple):
    """How often each Han stands about a place, and how often with a gloss; a gloss pass takes all or none.

    Shapes (`KINDS`,), from `FIRST_HAN` on; the last stands for all that is no Han.
    """

    every: Ints
    given: Ints

    def always(self, codes: Codes) -> Mask:
        """Which carry a gloss wherever they stand; shape of `codes`."""
        kinds = _kinds(codes)
        given = self.given.take(kinds)
        found: Mask = (given > 0) & (given == self.every.take(kinds))
        return found

    def never(self, codes: Codes) -> Mask:
        """Which stand there, and never with a gloss; shape of `codes`."""
        kinds = _kinds(codes)
        found: Mask = (self.given.take(kinds) == 0) & (self.every.take(kinds) >= BARE)
        return found


def _kinds(codes: Codes) -> Codes:
    """The numbers of Han, the last one for what is none; shape of `codes`."""
    kinds: Codes = np.minimum(codes - np.uint32(FIRST_HAN), np.uint32(KINDS - 1))
    return kinds


def _unknown() -> None:
    """Of a page of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a search knows of the page: its script, whether its marks are narrow, its own n-grams, and its glosses if asked for."""

    script: Script = Script.EITHER
    narrow: bool = False
    grams: Grams | None = None
    near: NearPairs | None = None
    glossed: Callable[[], Glossed | None] = field(default=_unknown, compare=False)


def tokens_of(codes: Codes) -> Ints:
    """The language model's token of each code point; shape (n,)."""
    return shipped().array("tokens").take(np.minimum(codes, 0x10000)).astype(np.int64)


def surroundings(text: Text, at: int) -> Page:
    """Script and width around an offset."""
    near = slice(max(0, at - NEAR), at + NEAR)
    body = text.body[near]
    narrow = sum(map(body.count, NARROW_MARKS)) > sum(map(body.count, WIDE_MARKS))
    return Page(script_of(text.codes[near]), narrow)


def page_of(text: Text, at: int) -> Page:
    """The page around an offset, its own n-grams included."""
    around = surroundings(text, at)
    near = NearPairs.of(text.codes[max(0, at - NEAR) : at + NEAR])
    return Page(around.script, around.narrow, grams_of(text, at), near, partial(glossed_about, text, at))


def glossed_about(text: Text, at: int) -> Glossed | None:
    """Which characters the page glosses; None where no glosses were taken out. Computed once per stretch.

    One file may hold pages of several sites, each with a set of its own: what carries a gloss here and none there tells nothing.
    """
    if text.origin is None or not len(text.origin) or int(text.origin[-1]) == len(text.body):
        return None
    block = at // GLOSSED_NEAR
    low = max(0, (block - 1) * GLOSSED_NEAR)
    return cast(
        "Glossed", text.signal(f"glossed:{block}", lambda whole: _glossed(whole, low, (block + 2) * GLOSSED_NEAR))
    )


def _glossed(text: Text, low: int, high: int) -> Glossed:
    codes, origin = text.codes[low:high], text.origin
    carries = np.zeros(len(codes), dtype=bool)
    if origin is not None:
        gaps = np.diff(origin[low : high + 1])[: len(codes)] > 1
        carries[: len(gaps)] = gaps
    kinds = _kinds(codes)
    every, given = (np.bincount(some, minlength=KINDS) for some in (kinds, kinds[carries]))
    every[-1] = given[-1] = 0
    return Glossed(every, given)


def script_of(codes: Codes) -> Script:
    """The script that most of the one-sided characters are of."""
    classes = script.class_table().take(np.minimum(codes, 0xFFFF))
    simplified = int(np.count_nonzero(classes & script.SIMPLIFIED))
    traditional = int(np.count_nonzero(classes & script.TRADITIONAL))
    if simplified == traditional:
        return Script.EITHER
    return Script.SIMPLIFIED if simplified > traditional else Script.TRADITIONAL


def grams_of(text: Text, at: int) -> Grams:
    """The n-grams of the stretch of text that holds `at`; computed once per stretch."""
    block = at // REACH
    low = max(0, (block - 1) * REACH)
    return cast(
        "Grams", text.signal(f"grams:{block}", lambda whole: count_grams(whole.codes[low : (block + 2) * REACH]))
    )


def count_grams(codes: Codes) -> Grams:
    """Count a text's pairs and triples of tokens."""
    tokens = tokens_of(codes)
    every = _triples(tokens)
    every.sort()
    triples, triple_counts = _counted(every)
    singles = np.bincount(tokens, minlength=1 << TOKEN_BITS).astype(np.int64)
    # each pair but the last opens a triple, so the triples have them in order
    kinds, first = _counted(triples >> TOKEN_BITS)
    pair_counts = np.add.reduceat(triple_counts, first.cumsum() - first) if len(first) else first
    if len(tokens) > 1:
        last = tokens.item(-2) << TOKEN_BITS | tokens.item(-1)
        at = int(kinds.searchsorted(last))
        if at == len(kinds) or kinds[at] != last:
            kinds, pair_counts = np.insert(kinds, at, last), np.insert(pair_counts, at, 0)
        pair_counts[at] += 1
    return Grams(kinds, pair_counts, triples, triple_counts, singles)


def _triples(tokens: Ints) -> Ints:
    """Each three tokens in a row as one number; shape (n - 2,)."""
    if kernels is not None:
        keys = np.empty(max(len(tokens) - 2, 0), dtype=np.int64)
        kernels.triple_keys(tokens, keys)
        return keys
    pairs = (tokens[:-1] << TOKEN_BITS) | tokens[1:]
    return (pairs[:-1] << TOKEN_BITS) | tokens[2:]


def _counted(ordered: Ints) -> tuple[Ints, Ints]:
    """Each of the ascending numbers once, and how often it stands there."""
    if kernels is not None:
        kinds, counts = np.empty((2, len(ordered)), dtype=np.int64)
        size = kernels.count_runs(ordered, kinds, counts)
        return kinds[:size].copy(), counts[:size].copy()
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    return ordered[first], np.diff(first, append=len(ordered))
