"""Runs that read well once every byte is paired with its other neighbour, though no known program explains where they begin.

So reads a text that was cut inside a character: up to the next ASCII character all pairs are one byte off.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from audit.language import surprise
from audit.language.spots import narrow
from audit.language.store import shipped
from audit.model import Codes, Offsets, Text
from audit.native import kernels
from audit.restore import gbk, likely
from audit.restore.run import WIDE

STEP = 2  # every second character is looked at
WINDOW = 4  # such characters in a row
PIECE = 1 << 15  # of them at a time, so that all arrays stay in the cache
RARE = 14.0  # bits of a character by itself, on average over a window
USUAL = 12.0  # the same of what a window makes when paired the other way: 10 windows of 4 M clean characters pass, 3,000 are rare
REACH, FARTHEST = 60, 4_000  # characters on each side of a rare window that may belong to its run, at first and at most
# characters of a run, bits that it gains, bits of a character that it is left with: names have up to 14, and no stretch of clean text
# gains even 25 (28 M of Chinese, 3 M of Japanese and Korean); of runs of 6 characters and more that one lost byte leaves in simplified
# text, holes and vanished pairs among them, these find half
LEAST, GAIN, MEAN = 5, 30.0, 14.0
SEAM = -10.0  # bits that a character may cost where a pair vanished and its neighbours were merged
BEFORE, LAST = 6, 2  # characters before a mark that are read, and pairs of them that are judged
FIRST_OF_MARK = 0xA3  # byte of a full-width mark
LOST = "\N{REPLACEMENT CHARACTER}"


class Adrift(NamedTuple):
    """A run `start:end` and what its bytes say when paired the other way, both ends lost."""

    start: int
    end: int
    text: str
    gain: float
    mean: float


@cache
def single_bits() -> NDArray[np.uint16]:
    """Tenths of bits of each Han character by itself, 0 for other code points; shape (65536,)."""
    tokens = shipped().array("tokens").take(np.arange(0x10000))
    bits = shipped().array("unigram").take(tokens).astype(np.uint8)
    pairs = gbk.pair_table()
    bits[(pairs < 0x8140) | ((pairs >> 8 >= 0xA1) & (pairs >> 8 <= 0xA3))] = 0
    return bits.astype(np.uint16)  # six of them are added up


@cache
def shown_pairs() -> NDArray[np.uint16]:
    """Pair of each code point below U+10000; narrow marks were full-width when the bytes were shifted; shape (65536,)."""
    table = gbk.pair_table().copy()
    for mark, second in WIDE.items():
        table[ord(mark)] = FIRST_OF_MARK << 8 | second
    return table


def adrift(text: Text) -> tuple[Adrift, ...]:
    """Runs that are shifted beyond doubt, ascending; computed once."""
    return cast("tuple[Adrift, ...]", text.signal("adrift", lambda whole: tuple(_runs(whole))))


def _runs(text: Text) -> Iterator[Adrift]:
    till = 0
    for at in rare_windows(text).tolist():
        if at >= till:
            found = _about(text.codes, at, till)
            till = at + STEP * WINDOW
            if found:
                till = max(till, found.end)
                yield found


def _about(codes: Codes, at: int, low: int) -> Adrift | None:
    """The run about a place, from `low` on; it is looked for in an ever larger piece until it no longer reaches its ends."""
    reach = REACH
    while True:
        first, last = max(low, at - reach), min(len(codes), at + reach)
        found = _best(codes[first:last].astype(np.uint32), first)
        cut = found and ((found.start == first > low) or (found.end == last < len(codes)))
        if not cut or reach >= FARTHEST:
            return found
        reach *= 2


def rare_windows(text: Text, first: int = 0) -> Offsets:
    """Where characters stand that are rare one by one and make usual ones when paired the other way, looked at from `first` on at every second.

    Shape (n,).
    """
    codes = narrow(text)
    if kernels is not None:
        room = np.empty(len(codes), dtype=np.int64)
        asked = np.array((first, STEP, WINDOW, int(10 * RARE * WINDOW)))
        at = room[: kernels.heavy_windows(codes, single_bits(), asked, room)].copy()
    else:
        at = _rare(codes[first::STEP]) * STEP + first
    return at[_usual(codes, at)] if len(at) else at


def _rare(every: NDArray[np.uint16]) -> Offsets:
    """Windows of rare characters; shape (n,)."""
    found = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(every) - WINDOW + 1, PIECE):
        bits = single_bits().take(every[start : start + PIECE + WINDOW - 1], mode="wrap")
        two = bits[:-1] + bits[1:]
        found.append(np.flatnonzero(two[:-2] + two[2:] > 10 * RARE * WINDOW) + start)
    return np.concatenate(found)


def _usual(codes: NDArray[np.uint16], at: Offsets) -> NDArray[np.bool_]:
    """Which windows hold Han characters that are usual once their bytes are paired the other way; shape (n,)."""
    window = codes[at[:, None] + np.arange(STEP * WINDOW - 1)]
    pairs = gbk.pair_table().take(window).astype(np.int64)
    whole = (pairs[:, :-1] > 0) & (pairs[:, 1:] > 0)
    joined = (pairs[:, :-1] & 0xFF) << 8 | pairs[:, 1:] >> 8
    bits = single_bits().take(np.where(whole, gbk.char_table()[np.where(whole, joined, 0)], 0), mode="wrap")
    count = np.count_nonzero(bits, axis=1)
    usual: NDArray[np.bool_] = (count >= STEP + 1) & (bits.sum(axis=1, dtype=np.int64) < 10 * USUAL * count)
    return usual


def odd_before(codes: Codes, at: int) -> bool:
    """Whether the last characters before a place read better when paired the other way, so that a shift goes on there."""
    before = codes[max(at - BEFORE, 0) : at].astype(np.uint32)
    breaks = (before == ord("\n")).nonzero()[0]
    before = before[breaks[-1] + 1 if len(breaks) else 0 :]
    made, gains = _paired_other(before)
    return bool((made[-LAST:] != ord("\n")).any() and gains[-LAST:].sum() > 0)


def _best(codes: Codes, base: int) -> Adrift | None:
    """The stretch of these code points that gains most by being paired the other way."""
    made, gains = _paired_other(codes)
    start, end, gain = _heaviest(gains)
    if end - start < LEAST or gain < GAIN:
        return None
    mean = float(surprise(np.concatenate([[ord("\n")], made[start:end]]).astype(np.uint32))[1:].mean())
    if mean > MEAN:
        return None
    return Adrift(base + start, base + end + 1, LOST + likely.text_of(made[start:end]) + LOST, gain, mean)


def _paired_other(codes: Codes) -> tuple[Codes, NDArray[np.float32]]:
    """What two neighbours each make, a line break where nothing, and the bits that the second saves by it; shapes (n - 1,)."""
    pairs = shown_pairs().take(np.minimum(codes, 0xFFFF)).astype(np.int64)
    joined = (pairs[:-1] & 0xFF) << 8 | pairs[1:] >> 8
    whole = (pairs[:-1] > 0) & (pairs[1:] > 0)
    made = np.where(whole, gbk.char_table()[np.where(whole, joined, 0)], ord("\n")).astype(np.uint32)
    made[made == 0] = ord("\n")  # a pair that vanishes when made is no restoration
    gains = surprise(codes)[1:] - surprise(made)
    gains[(made != ord("\n")) & (gains < SEAM)] = SEAM
    gains[made == ord("\n")] = 2 * SEAM
    return made, gains


def _heaviest(values: NDArray[np.float32]) -> tuple[int, int, float]:
    """The stretch with the highest sum, and that sum."""
    best, begun, total = (0, 0, 0.0), 0, 0.0
    for n, value in enumerate(values.tolist()):
        if total <= 0:
            begun, total = n, 0.0
        total += value
        if total > best[2]:
            best = (begun, n + 1, total)
    return best
