"""The search for shifted bytes by compiled kernels: what they are handed, what they are asked, what they tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil, isinf
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit.language import model
from audit.language.script import class_table
from audit.restore import gbk, likely, units
from audit.restore.asked import Opening, Original, Reading, Told
from audit.restore.page import TOKEN_BITS, Page, Script

Tables = tuple[NDArray[Any], ...]
EMPTY = np.empty(0, dtype=np.int64)
NOWHERE = np.zeros(1 << TOKEN_BITS, dtype=np.int64)
NO_READERS = np.empty(0, dtype=np.uint16)
NEVER = 1 << 60  # units; more than any search gains


@cache
def _language() -> Tables:
    known = model()
    return (
        known.tokens16,
        class_table(),
        known.unigram,
        known.backoff,
        known.rows,
        known.bigram,
        units.shares(),
        units.logarithms(),
        units.unvouched(),
    )


def _page(page: Page) -> Tables:
    grams, near = page.grams, page.near
    words = (grams.pairs, grams.pair_counts, grams.triples, grams.triple_counts) if grams else (EMPTY,) * 4
    around = (near.pairs, near.pair_counts, near.singles, near.single_counts) if near else (EMPTY,) * 4
    return (*words, *around, grams.singles if grams else NOWHERE)


@cache
def _pairs(script: Script) -> Tables:
    """By pair: its character, whether it may be proposed, whether it vanishes; by byte: whether it leads.

    Then what may be proposed, by lead byte, by trail byte, and by lead byte where the other may begin a pair that vanishes.
    """
    allowed = likely.allowed(script)
    leads, trails = np.nonzero(allowed)
    pairs = leads << 8 | trails
    going = likely.may_go().take(trails)
    return (
        *(gbk.char_table(), allowed.ravel(), likely.vanishing().ravel(), np.arange(256) >= gbk.FIRST_LEAD),
        *_indexed(leads, pairs),
        *_indexed(trails, pairs),
        *_indexed(leads[going], pairs[going]),
    )


def _indexed(by: NDArray[np.int64], pairs: NDArray[np.int64]) -> Tables:
    """Where the pairs of each byte begin, and the pairs above their tokens."""
    order = by.argsort(kind="stable")
    tokens = model().tokens16.take(gbk.char_table().take(pairs[order]))
    return by[order].searchsorted(np.arange(257)).astype(np.uint32), (pairs[order] << 16 | tokens).astype(np.uint32)


def _handed(reading: Reading, opening: Opening) -> tuple[Any, ...]:
    run, page = reading.run, reading.page
    setting = (
        int(page.script),
        int(page.grams is not None),
        -1 if run.lone is None else run.lone,
        int(bool(run.reading)),
        ord(run.tail) if run.tail else 0,
        opening.mark,
        opening.skip,
        ord(opening.first) if opening.first else 0,
        reading.left,
        reading.right,
        opening.heads,
    )
    readers = likely.readers(run.reading) if run.reading else NO_READERS
    shown = bytes([byte for pair in run.pairs for byte in pair])
    return (*_language(), *_page(page), *_pairs(page.script), readers, shown, setting)


def rounds(
    kernels: ModuleType, reading: Reading, opening: Opening, shown: str, most: int, enough: float, live: int
) -> Told | None:
    """What the rounds of a search come to, as `audit.restore.rounds` tells it."""
    gain = NEVER if isinf(enough) else ceil(enough)
    told = kernels.shift_rounds(*_handed(reading, opening), (shown, most, live, gain))
    return Told(_originals(told[0]), *told[1:]) if told else None


def originals(
    kernels: ModuleType, reading: Reading, opening: Opening, vanish: Mapping[int, int], gap: int, live: int
) -> list[Original]:
    """What the run may have been, as `audit.restore.beam` finds it."""
    found = kernels.shift_originals(*_handed(reading, opening), (_gone(reading, vanish), gap, live))
    return _originals(found)


def _originals(found: Sequence[tuple[str, int, tuple[int, ...]]]) -> list[Original]:
    make = tuple.__new__  # a third of a named tuple's price; a damaged page has thousands
    return [make(Original, one) for one in found]


def _gone(reading: Reading, vanish: Mapping[int, int]) -> bytes:
    gone = bytearray(len(reading.run.pairs) + 1)
    for n, pairs in vanish.items():
        gone[n] = pairs
    return bytes(gone)


def rivals(
    kernels: ModuleType,
    reading: Reading,
    opening: Opening,
    best: tuple[str, int | None, bool, str, str, int],
    searches: Sequence[Mapping[int, int]],
    gap: int,
    live: int,
) -> tuple[int | None, int | None, list[tuple[str, int]], int, list[list[Original]]] | None:
    """By how much the best leads what these searches find, as `audit.restore.rivals` tells it, in half units; what it costs; the finds."""
    text, own, guessed, before, behind, near = best
    each = tuple(_gone(reading, vanish) for vanish in searches)
    *tables, setting = _handed(reading, opening)
    asked = (each, gap, live, text, own, guessed, near, before, behind)
    told = kernels.shift_rivals(*tables, *model().triples, setting, asked)
    if told is None:
        return None
    another, vanished, longer, own, found = told
    return another, vanished, longer, own, list(map(_originals, found))


def weights(
    kernels: ModuleType, reading: Reading, texts: Sequence[str], around: tuple[str, str]
) -> list[tuple[int, int, int]]:
    """Units of texts as `audit.restore.candidate` weighs them."""
    page = reading.page
    setting = (int(page.script), int(page.grams is not None), reading.left, reading.right, *around)
    found: list[tuple[int, int, int]] = kernels.shift_weights(
        *_language(), *_page(page), *model().triples, setting, list(texts)
    )
    return found
