"""How unlikely each code point is after the one or two before it: trigram, bigram, unigram with Katz back-off.

Text is judged as tokens: traditional folded to simplified, width folded, all digits one token, Latin letters two, rare
characters by class. A line break is a token, and nothing before it counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from audit.language.store import Tables
from audit.model import Codes
from audit.native import kernels

STEP = 0.1  # bits
BIGRAM_BITS = 21
TRIGRAM_BITS = 22
BACKOFF_ZERO = np.int16(40)  # a pair's back-off may also raise what follows
PIECE = 1 << 16  # code points at a time, so that all arrays stay in the cache
LINE = np.uint32(0)
CONTEXT = 3
TOKEN_BITS = 14
LINE_BITS = 34
ADAPT_BITS = 20
PRIOR = 5.0
MIN_OTHERS = 2  # lines: one other may hold the same damage
Hashes = NDArray[np.uint32]
Ints = NDArray[np.int64]


def trigram_hash(first: Hashes, second: Hashes, third: Hashes) -> tuple[Hashes, NDArray[np.uint8]]:
    """Slot and check of each token triple; shapes (n,)."""
    mixed = first * np.uint32(0xC2B2AE3D) + second * np.uint32(0x9E3779B1) + third * np.uint32(0x85EBCA77)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    return mixed >> np.uint32(32 - TRIGRAM_BITS), mixed.astype(np.uint8)


def pair_check(left: Hashes, right: Hashes) -> NDArray[np.uint8]:
    """The second check of each pair of tokens, which its row's begin does not tell; shape (n,)."""
    mixed = left * np.uint32(0xC2B2AE3D) + right * np.uint32(0x9E3779B1)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    found: NDArray[np.uint8] = (mixed >> np.uint32(24)).astype(np.uint8)
    return found


def triple_check(first: Hashes, second: Hashes, third: Hashes) -> NDArray[np.uint8]:
    """The second check of each token triple; shape (n,)."""
    mixed = first * np.uint32(0x85EBCA77) + second * np.uint32(0x27D4EB2F) + third * np.uint32(0x165667B1)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0x9E3779B1)
    found: NDArray[np.uint8] = (mixed >> np.uint32(24)).astype(np.uint8)
    return found


class Model:
    """The tables as arrays ready for look-up."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.tokens16 = tables.array("tokens")
        self.tokens = self.tokens16.astype(np.uint32)
        self.unigram = tables.array("unigram").astype(np.int16)
        self.backoff = np.maximum(tables.array("backoff").astype(np.int16) - BACKOFF_ZERO, -self.unigram.min())
        self.rows = tables.array("rows")
        self.bigram = np.array(tables.array("bigram"))  # a copy lies in large pages, which halves the look-up

    @cached_property
    def triples(self) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
        """The back-off of pairs and the triples themselves, which only a deep look needs."""
        return self.tables.array("after"), np.array(self.tables.array("trigram"))

    @cached_property
    def checks(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The second checks of pairs and of triples, which only a look that must not err needs."""
        return self.tables.array("bigram_checks"), self.tables.array("trigram_checks")

    def tokenise(self, codes: Codes) -> Hashes:
        """The token of each code point, shape (n,)."""
        return self.tokens.take(codes, mode="clip")

    def checked(self, codes: Codes) -> NDArray[np.float32]:
        """Bits of each code point given the two before it, where none is taken for another that fell into its slot; shape (n,)."""
        out = np.empty(len(codes), dtype=np.float32)
        if kernels is not None and codes.dtype == np.uint32 and codes.flags.c_contiguous:
            pairs = (codes, self.tokens16, self.rows, self.bigram, self.unigram, self.backoff)
            kernels.surprise_checked(*pairs, *self.triples, *self.checks, out)
            return out
        tokens = np.concatenate([np.zeros(CONTEXT, dtype=np.uint32), self.tokenise(codes)])
        return np.multiply(self._triples(tokens, checked=True), np.float32(STEP), out=out)

    def surprise(self, codes: Codes, adapt: Counts | None = None, *, deep: bool = False) -> NDArray[np.float32]:
        """Bits of each code point given the one before it, or with `deep` the two before it; shape (n,)."""
        out = np.empty(len(codes), dtype=np.float32)
        if kernels is not None and adapt is None and codes.dtype == np.uint32 and codes.flags.c_contiguous:
            pairs = (codes, self.tokens16, self.rows, self.bigram, self.unigram, self.backoff)
            (kernels.surprise_deep(*pairs, *self.triples, out) if deep else kernels.surprise(*pairs, out))
            return out
        for start in range(0, len(codes), PIECE):
            tokens = self.tokenise(codes[max(start - CONTEXT, 0) : start + PIECE])
            if start < CONTEXT:
                tokens = np.concatenate([np.zeros(CONTEXT - start, dtype=np.uint32), tokens])
            bits = out[start : start + PIECE]
            steps = self._triples(tokens) if deep else self._pairs(tokens[CONTEXT - 1 :])[0]
            np.multiply(steps, np.float32(STEP), out=bits)
            if adapt is not None:
                bits[:] = adapt.mix(tokens, bits)
        return out

    def _pairs(self, tokens: Hashes) -> tuple[NDArray[np.int16], Ints, NDArray[np.bool_]]:
        """Of all but the first token: the surprise after its left neighbour in steps of `STEP`, its slot, if it is known."""
        at = tokens.astype(np.intp)
        return self._look_up(at[:-1], at[1:])

    def behind(self, left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.float32]:
        """Bits of each token behind its own left neighbour, shape (n,): the steps of many short texts at once."""
        return self.steps(left, right) * np.float32(STEP)

    def steps(self, left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.int16]:
        """The same in steps of `STEP`."""
        return self._look_up(left, right)[0]

    def steps_at(self, codes: NDArray[np.uint16], places: Ints, reach: int) -> NDArray[np.int32]:
        """The steps of each place and of the `reach` code points behind it, added up; line breaks stand outside of the text."""
        if kernels is not None:
            sums = np.empty(len(places), dtype=np.int32)
            tables = self.tokens16, self.rows, self.bigram, self.unigram, self.backoff
            kernels.steps_at(codes, np.ascontiguousarray(places), np.array([reach]), *tables, sums)
            return sums
        around = places[:, None] + np.arange(-1, reach + 1)
        near = self.tokens.take(codes.take(around, mode="clip"), mode="clip").astype(np.intp)
        near[(around < 0) | (around >= len(codes))] = LINE
        sums = np.zeros(len(places), dtype=np.int32)
        for step in range(reach + 1):
            sums += self.steps(near[:, step], near[:, step + 1])
        return sums

    def _look_up(
        self, left: NDArray[np.intp], right: NDArray[np.intp]
    ) -> tuple[NDArray[np.int16], Ints, NDArray[np.bool_]]:
        rows = self.rows.take(left)
        slots = rows + right
        entry = self.bigram.take(slots).view(np.uint8)  # bits, check, bits, check, ...
        known = entry[1::2] == rows.astype(np.uint8)
        unknown = self.unigram.take(right)
        unknown += self.backoff.take(left)
        return np.where(known, entry[::2], unknown), slots, known

    def _triples(self, tokens: Hashes, *, checked: bool = False) -> NDArray[np.int16]:
        """The surprise of all but the first three tokens, in steps of `STEP`; `checked` as `checked` says."""
        back_off, trigrams = self.triples
        pairs, slots, known = self._pairs(tokens[1:])
        if checked:
            known &= self.checks[0].take(slots) == pair_check(tokens[1:-1], tokens[2:])
            pairs = np.where(known, pairs, self.unigram.take(tokens[2:]) + self.backoff.take(tokens[1:-1]))
        after = np.where(known, back_off.take(slots), BACKOFF_ZERO)[:-1]
        backed = np.maximum(pairs[1:] + (after - BACKOFF_ZERO), 0)
        first, second, third = tokens[1:-2], tokens[2:-1], tokens[3:]
        first = np.where(second == LINE, LINE, first)
        places, checks = trigram_hash(first, second, third)
        entry = trigrams.take(places).view(np.uint8)
        held = entry[1::2] == checks
        if checked:
            held &= self.checks[1].take(places) == triple_check(first, second, third)
        found: NDArray[np.int16] = np.where(held, entry[::2], backed)
        return found

    def adapt(self, texts: Iterable[Codes]) -> Counts:
        """The n-grams of a collection, to judge its passages by."""
        counts = Counts()
        for codes in texts:
            counts.add(self.tokenise(codes))
        return counts


class Counts:
    """In how many lines of a collection each pair of tokens stands, hashed, and each token's pairs in all.

    Additive over texts: a shard's arrays may be summed.
    """

    def __init__(self) -> None:
        self.pairs = np.zeros(1 << ADAPT_BITS, dtype=np.int32)
        self.total = np.zeros(1 << TOKEN_BITS, dtype=np.int32)
        self.kinds = np.zeros(1 << TOKEN_BITS, dtype=np.int32)

    def add(self, tokens: Hashes) -> None:
        """Count a text; a pair counts once a line, so that a line cannot vouch for itself."""
        right = tokens.astype(np.int64)
        left = np.concatenate([[0], right[:-1]])
        line = np.cumsum(left == LINE)
        keys = np.sort((((left << TOKEN_BITS) | right) << LINE_BITS) | (line & ((1 << LINE_BITS) - 1)))
        keys = keys[np.diff(keys, prepend=-1) != 0] >> LINE_BITS
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        keys, counts = keys[first], np.diff(first, append=len(keys))
        slots, left = pair_slot(keys), keys >> TOKEN_BITS
        np.add.at(self.kinds, left, self.pairs[slots] == 0)
        np.add.at(self.pairs, slots, counts)
        np.add.at(self.total, left, counts)

    def mix(self, tokens: Hashes, bits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Bits of tokens[3:] with the collection's other lines mixed in, the present line left out (Witten and Bell).

        They can vouch for a pair, not accuse it: to raise what they never hold costs a tenth of the damage found.
        """
        left, right = tokens[2:-1].astype(np.int64), tokens[3:].astype(np.int64)
        others = self.pairs.take(pair_slot((left << TOKEN_BITS) | right)) - 1
        others = np.where(others >= MIN_OTHERS, others, 0)
        known = self.kinds.take(left) + PRIOR
        mixed = (known * np.exp2(-bits) + others) / (known + np.maximum(self.total.take(left) - 1, 0))
        return np.minimum(bits, -np.log2(mixed)).astype(np.float32)


def pair_slot(pairs: Ints) -> Hashes:
    """Where a pair is counted, shape (n,)."""
    return (pairs.astype(np.uint32) * np.uint32(0x9E3779B1)) >> np.uint32(32 - ADAPT_BITS)
