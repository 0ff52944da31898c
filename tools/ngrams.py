"""Weighted n-gram counts, smoothed and packed to the tables that `audit.language.surprisal` reads.

Bits are stored in steps of `STEP`. A pair's entry holds a check of its context (8 bits) and its bits (8); another table
holds, at the same place, its back-off as the context of a triple. Triples are hashed, with a check as well. Of 400 pairs or triples that
are not held one is taken for another nevertheless; a second check of each stands in tables of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audit.language.surprisal import (
    BACKOFF_ZERO,
    BIGRAM_BITS,
    LINE,
    STEP,
    TOKEN_BITS,
    TRIGRAM_BITS,
    pair_check,
    trigram_hash,
    triple_check,
)

Keys = NDArray[np.int64]
Floats = NDArray[np.float64]
BIGRAM_DISCOUNT = 0.8  # 0.6 costs 0.01 bits a character on held-out genres
TRIGRAM_DISCOUNT = 0.8  # 0.6 costs 0.02 to 0.04
MIN_BIGRAM = 0.5  # weighted occurrences
MIN_TRIGRAM = 1.0
TRIGRAM_SLOTS_USED = 0.6
PLACES_TRIED = 100


class Counter:
    """Counts of one-, two- and three-token sequences."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.keys: dict[int, list[Keys]] = {2: [], 3: []}
        self.counts: dict[int, list[Floats]] = {2: [], 3: []}
        self.words: dict[int, dict[int, float]] = {2: {}, 3: {}}

    def add_text(self, tokens: NDArray[np.uint16], weight: float) -> None:
        t = np.concatenate([[LINE, LINE], tokens, [LINE]]).astype(np.int64)
        before = np.where(t[1:-1] == LINE, LINE, t[:-2])  # nothing before a line start counts
        pairs = (t[1:-1] << TOKEN_BITS) | t[2:]
        for order, keys in ((2, pairs), (3, (before << 2 * TOKEN_BITS) | pairs)):
            found, counts = np.unique(keys, return_counts=True)
            self.keys[order].append(found)
            self.counts[order].append(counts * weight)

    def add_word(self, tokens: Sequence[int], weight: float) -> None:
        for order in (2, 3):
            table = self.words[order]
            for at in range(len(tokens) - order + 1):
                key = 0
                for token in tokens[at : at + order]:
                    key = (key << TOKEN_BITS) | token
                table[key] = table.get(key, 0.0) + weight

    def merged(self, order: int) -> tuple[Keys, Floats]:
        words = self.words[order]
        keys = np.concatenate([*self.keys[order], np.fromiter(words.keys(), np.int64, len(words))])
        counts = np.concatenate([*self.counts[order], np.fromiter(words.values(), np.float64, len(words))])
        found, place = np.unique(keys, return_inverse=True)
        return found, np.bincount(place, counts)


def bits(probability: Floats) -> Floats:
    return -np.log2(np.maximum(probability, 2.0**-60))


def quantised(values: Floats) -> NDArray[np.uint8]:
    return np.clip(np.rint(values / STEP), 0, 255).astype(np.uint8)


def build(counter: Counter, sizes: Sequence[int]) -> dict[str, NDArray[np.generic]]:
    size, mask = counter.size, (1 << TOKEN_BITS) - 1
    keys, counts = counter.merged(2)
    left, right = keys >> TOKEN_BITS, keys & mask

    # Unigrams: raw frequency mixed with the number of contexts (Kneser-Ney), so that a back-off is not fooled by set phrases.
    seen = np.bincount(right, counts, size) + 0.5
    contexts = np.bincount(right, minlength=size) + 0.5
    single = 0.5 * seen / seen.sum() + 0.5 * contexts / contexts.sum()

    total = np.bincount(left, counts, size)
    kept = counts >= MIN_BIGRAM
    keys, left, right, counts = keys[kept], left[kept], right[kept], counts[kept]
    discount = BIGRAM_DISCOUNT * np.minimum(counts, 1.0)
    direct = (counts - discount) / total[left]
    free = np.maximum(1 - np.bincount(left, direct, size), 1e-4)
    free[total == 0] = 1.0
    two = direct + free[left] * single[right]

    gain = counts * np.abs(np.log2(two / (free[left] * single[right])))
    rows, stays = placed(left, right, gain, size)
    keys, left, right, counts, gain, two = (a[stays] for a in (keys, left, right, counts, gain, two))
    shown = np.bincount(left, two, size)
    hidden = np.bincount(left, single[right], size)
    free = np.maximum(1 - shown, 1e-4) / np.maximum(1 - hidden, 1e-4)

    back = backoff_of_pairs(counter, keys, two, free, single)
    tables: dict[str, NDArray[np.generic]] = dict(back.tables)
    # A class of many is judged by its member, digits, letters and blanks as a class.
    share = np.where(np.array(sizes) > 60, 1.0 / np.maximum(np.array(sizes, dtype=np.float64), 1.0), 1.0)
    tables["unigram"] = quantised(bits(single * share))
    tables["backoff"] = quantised(bits(free) + BACKOFF_ZERO * STEP)
    slots = rows[left] + right
    tables["rows"] = rows.astype(np.uint32)
    pair_table = np.zeros(1 << BIGRAM_BITS, dtype=np.uint16)
    pair_table[slots] = (rows[left] & 255) << 8 | quantised(bits(two * share[right]))
    checks, after = np.zeros((2, 1 << BIGRAM_BITS), dtype=np.uint8)
    checks[slots] = pair_check(left.astype(np.uint32), right.astype(np.uint32))
    after[slots] = back.pair_backoff
    tables["bigram"], tables["bigram_checks"], tables["after"] = pair_table, checks, after
    return tables


class Pairs:
    """Trigram table and, for each kept bigram, its back-off as a context."""

    def __init__(self, tables: dict[str, NDArray[np.generic]], pair_backoff: NDArray[np.uint8]) -> None:
        self.tables, self.pair_backoff = tables, pair_backoff


def backoff_of_pairs(counter: Counter, pairs: Keys, two: Floats, free: Floats, single: Floats) -> Pairs:
    keys, counts = counter.merged(3)
    mask = (1 << TOKEN_BITS) - 1
    context, below = keys >> TOKEN_BITS, keys & ((1 << 2 * TOKEN_BITS) - 1)
    at = np.minimum(np.searchsorted(pairs, context), len(pairs) - 1)
    known = pairs[at] == context
    keys, counts, context, below, at = (a[known] for a in (keys, counts, context, below, at))
    total = np.bincount(at, counts, len(pairs))
    below_at = np.minimum(np.searchsorted(pairs, below), len(pairs) - 1)
    middle, last = (below >> TOKEN_BITS), below & mask
    lower = np.where(pairs[below_at] == below, two[below_at], free[middle] * single[last])
    discounted = counts - TRIGRAM_DISCOUNT * np.minimum(counts, 1.0)
    direct = discounted / total[at]
    open_mass = np.maximum(1 - np.bincount(at, direct, len(pairs)), 1e-3)
    three = direct + open_mass[at] * lower

    # What a trigram saves the text it was seen in decides whether it is kept (Stolcke's pruning, first step).
    gain = counts * np.abs(np.log2(three / (open_mass[at] * lower)))
    gain[counts < MIN_TRIGRAM] = 0
    room = int((1 << TRIGRAM_BITS) * TRIGRAM_SLOTS_USED)
    order = np.lexsort((keys, -gain))[:room]
    order = order[gain[order] > 0]

    first, second, third = (a[order].astype(np.uint32) for a in (keys >> 2 * TOKEN_BITS, middle, last))
    slots, checks = trigram_hash(first, second, third)
    table = np.zeros(1 << TRIGRAM_BITS, dtype=np.uint16)
    entry = (checks.astype(np.uint16) << 8) | quantised(bits(three[order]))
    table[slots[::-1]] = entry[::-1]  # the most useful is written last and stays
    second_checks = np.zeros(1 << TRIGRAM_BITS, dtype=np.uint8)
    second_checks[slots[::-1]] = triple_check(first, second, third)[::-1]
    stays = table[slots] == entry
    order = order[stays]

    shown = np.bincount(at[order], three[order], len(pairs))
    hidden = np.bincount(at[order], lower[order], len(pairs))
    alpha = np.maximum(1 - shown, 1e-3) / np.maximum(1 - hidden, 1e-3)
    packed = np.clip(np.rint(bits(alpha) / STEP) + BACKOFF_ZERO, 0, 255).astype(np.uint8)
    return Pairs({"trigram": table, "trigram_checks": second_checks}, packed)


def placed(left: Keys, right: Keys, gain: Floats, size: int) -> tuple[Keys, NDArray[np.bool_]]:
    """Where each context's row begins in the pair table, and which pairs found room.

    Rows are laid over one another, the longest first, each where it loses least of several places tried. A row's begin,
    modulo 256, is the check of its entries, never 0; rows that share it cannot meet in their frequent tokens.
    """
    chance = np.random.default_rng(1)
    room = (1 << BIGRAM_BITS) - size
    taken = np.zeros(1 << BIGRAM_BITS, dtype=bool)
    stays = np.zeros(len(left), dtype=bool)
    rows = np.full(size, 1, dtype=np.int64)
    starts = np.searchsorted(left, np.arange(size + 1))
    lengths = np.diff(starts)
    for row in np.lexsort((np.arange(size), -lengths)):
        if not lengths[row]:
            continue
        members = slice(starts[row], starts[row + 1])
        tries = chance.integers(1, room, PLACES_TRIED)
        tries = tries[tries & 255 != 0]
        lost = taken[tries[:, None] + right[members]] @ gain[members]
        rows[row] = begin = tries[np.argmin(lost)]
        stays[members] = ~taken[begin + right[members]]
        taken[begin + right[members]] = True
    return rows, stays
