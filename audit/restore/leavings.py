"""How likely characters are as what a reader leaves of UTF-8 that drops the bytes it cannot read.

Each character shown is two bytes that stood side by side: the first two of a written one, its last two, or its last and the first of
the next. What is known of a written character waits for the next one shown; all that vanished between is summed over.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.script import SIMPLIFIED, TRADITIONAL, class_table
from audit.restore.codemaps import FIRST, SECOND, THIRD, phases, shown, words
from audit.restore.fluency import rarity, spread

LEADS, TRAILS = range(0xE0, 0xF0), range(0x80, 0xC0)  # of the characters of UTF-8 that have three bytes
FIRST_WRITTEN = 0x2010  # below are letters and signs that Chinese text hardly has
UNWRITTEN = 0xD800, 0xFF00  # surrogates, private use, forms for compatibility
LOST = 0xFFFD
OTHER_SCRIPT = 0.002  # of the probability of a character that only the other script has
LEAST = 1e-12  # of what cannot be
STATES = 1 + len(LEADS) * (1 + len(TRAILS))  # nothing known, a first byte, the first two
Floats = NDArray[np.float64]


class Leavings(NamedTuple):
    """What a reader leaves of a script: how likely each character shown is, by what is known before it.

    `state` is what each character leaves known, shape (65536,); `ends` how likely the rest of that vanishes, shape (STATES,), `waits` that
    its last byte waits for the next character, by that byte, shape (STATES, 64), `inside` its last two, shape (17, 64, 64). `late`, `two`
    and `one` are the same of a character of which nothing is known: that its last byte waits, its first two, its first.
    """

    state: NDArray[np.int64]
    ends: Floats
    waits: Floats
    inside: Floats
    late: Floats
    two: Floats
    one: Floats

    def bits(self, read: str, before: NDArray[np.uint16], codes: NDArray[np.uint16]) -> Floats:
        """Bits of each character shown behind another, 0 for none; shape (n,)."""
        known, phase = self.state.take(before), phases(read).take(codes)
        first, second = (byte.astype(np.int64) for byte in np.divmod(words(read).take(codes), 256))
        ends, chance = self.ends.take(known), np.full(len(codes), LEAST)
        at = phase == FIRST
        chance[at] = ends[at] * self.two[first[at] - LEADS.start, second[at] - TRAILS.start]
        at = phase == THIRD
        third = first[at] - TRAILS.start
        chance[at] = (ends[at] * self.late[third] + self.waits[known[at], third]) * self.one[second[at] - LEADS.start]
        at = phase == SECOND
        lead = np.where(known[at] <= len(LEADS), known[at], 0)
        chance[at] = self.inside[lead, first[at] - TRAILS.start, second[at] - TRAILS.start]
        return np.asarray(-np.log2(np.maximum(chance, LEAST)))


@cache
def leavings(read: str, script: int) -> Leavings:
    """What this reader leaves of text in one script."""
    three = _written(script)
    two, one = three.sum(axis=2), three.sum(axis=(1, 2))
    pairs = shown(read)
    opens = np.asarray(pairs[TRAILS.start : TRAILS.stop, LEADS.start : LEADS.stop].any(axis=1))
    late = (three * ~pairs[LEADS.start : LEADS.stop, TRAILS.start : TRAILS.stop, None]).sum(axis=(0, 1))
    gone = late[~opens].sum()
    alone = (three * ~opens[:, None]).sum(axis=1)  # its second byte vanishes too
    none, thirds = np.zeros((1, len(TRAILS))), _share(three, two)
    waits = np.concatenate([none, _share(alone, one), thirds.reshape(-1, len(TRAILS))])
    late = np.where(opens, late, 0.0) / (1 - gone)
    vanish = np.concatenate([[1.0], _share(three.sum(axis=1), one)[:, ~opens].sum(axis=1)])
    ends = np.concatenate([vanish, thirds[:, :, ~opens].sum(axis=2).ravel()])
    inside = np.concatenate([np.zeros((1, len(TRAILS), len(TRAILS))), _share(three, one)])
    return Leavings(_states(read), ends, waits * opens, inside, late, two / (1 - gone), one)


def _share(parts: Floats, whole: Floats) -> Floats:
    """The probability of each part where the whole is known."""
    return np.asarray(parts / np.maximum(whole, LEAST).reshape(whole.shape + (1,) * (parts.ndim - whole.ndim)))


def weights(script: int, other: float = OTHER_SCRIPT) -> Floats:
    """How often each character is written in text of a script, not summing to one, `other` of that where only the other script has it; shape (65536,)."""
    codes = np.arange(0x10000)
    found = np.exp2(-(rarity() + spread()).astype(np.float64))
    found[(codes < FIRST_WRITTEN) | ((codes >= UNWRITTEN[0]) & (codes < UNWRITTEN[1])) | (codes == LOST)] = 0
    found[(class_table().take(codes) & (SIMPLIFIED + TRADITIONAL - script)) > 0] *= other
    return found


def _written(script: int) -> Floats:
    """The probability of the characters of a script by their three bytes, shape (16, 64, 64)."""
    chance = weights(script)
    return np.asarray(chance / chance.sum()).reshape(len(LEADS), len(TRAILS), len(TRAILS))


@cache
def _states(read: str) -> NDArray[np.int64]:
    """What is known behind each character shown: its number among the rows of `ends`; shape (65536,)."""
    first, second = (byte.astype(np.int64) for byte in np.divmod(words(read), 256))
    found = np.zeros(0x10000, dtype=np.int64)
    at = phases(read) == THIRD
    found[at] = 1 + second[at] - LEADS.start
    at = phases(read) == FIRST
    found[at] = 1 + len(LEADS) + (first[at] - LEADS.start) * len(TRAILS) + second[at] - TRAILS.start
    return found


@cache
def cheapest(read: str) -> NDArray[np.float32]:
    """The least bits of each character shown, whatever stands before it; shape (65536,)."""
    codes = np.arange(0x10000, dtype=np.uint16)
    found = np.full(0x10000, np.inf)
    for script in (SIMPLIFIED, TRADITIONAL):
        known = leavings(read, script)
        waits, inside = (np.broadcast_to(part.max(axis=0), part.shape) for part in (known.waits, known.inside))
        best = known._replace(state=np.ones(0x10000, dtype=np.int64), ends=np.ones(STATES), waits=waits, inside=inside)
        found = np.minimum(found, best.bits(read, codes, codes))
    return found.astype(np.float32)
