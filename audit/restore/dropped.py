"""UTF-8 read as Big5 by a program that drops what it cannot read: half of the bytes are gone without a trace, and no search finds them.

What is left shows it all the same: each character is two of the three bytes of a written one, which makes it likely as such, and few such
characters stand beside each other in any text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from audit.language.script import SIMPLIFIED, TRADITIONAL
from audit.language.spots import narrow
from audit.model import Offsets, Text
from audit.restore.codecs import LOST, Channel
from audit.restore.codemaps import FIRST, THIRD_ASCII, phases
from audit.restore.fluency import characters_bits, rarity, spread
from audit.restore.leavings import cheapest, leavings
from audit.restore.signs import HAN, signs
from audit.restore.verdict import Restoration, Verdict

CHANNEL = Channel("utf-8", "big5")
REACH, FEW = 512, 16  # code points to either side of a rare character, and those that are looked at first
BEFORE = 2  # code points that the model of language sees
RARE_BITS = 21.0  # of a rare character on a page that has few
LEAST = 1.0  # bits that count
AT_FIRST = (
    22.0  # bits that a stretch must save by its characters one by one; of 1,000 that are told in the end one has less
)
# Bits by which a stretch is likelier as what is left than as text. Of 55 million characters of clean text (verse, names and dictionaries
# among them, half of genres that no table knows) one stretch has more, seven where each line is judged alone; of damaged runs of twelve
# characters 998 in 1,000, of 4 to 11, every tenth of which leaves two characters or fewer, 962.
ENOUGH = 16.0
CHANCE = 0.5  # of the bits of a stretch
UNBEGUN = 2.0  # bits more where none of them begins a written character: such are commoner
ALONE = 15.3  # the same of one character that begins a written one: those that can have as many stand twice in these 55 million
KINDS = 4000.0  # rare characters that a text which has some draws from
SEEN = 1.0, 500.0  # rare characters, and code points, that any page is taken to have besides its own
MARK_BITS, MARKS_BITS = 1.5, 8.0  # of a loss mark, and what marks may save beside each character
MARKS = ord("?"), ord(LOST)
NOTHING = np.zeros(1, dtype=np.uint16)
Floats = NDArray[np.float64]


class Stretch(NamedTuple):
    """Characters side by side that may be left of others, with loss marks between: where they begin, and what they are."""

    start: int
    codes: NDArray[np.uint16]


class Seeds(NamedTuple):
    """Where rare characters stand that may be part of one, beside others that may, ascending; how many others of the text are rare."""

    at: Offsets
    others: int


def seeds(text: Text) -> Offsets:
    """Where stretches may stand that are left of others, ascending."""
    return _seeds(text).at


def _seeds(text: Text) -> Seeds:
    return cast("Seeds", text.signal("dropped.seeds", _sought))


def _sought(text: Text) -> Seeds:
    found, codes, worth = signs(text), narrow(text), _worth()
    rare = found.at[(found.kinds & HAN) > 0]
    own = worth.take(codes.take(rare))
    may = own > 0
    at, own = rare[may], own[may]
    before, behind = (worth.take(codes.take(at + step, mode="clip")) for step in (-1, 1))
    here = codes.take(at)
    near = (before + behind > 0) | _lone().take(here)
    at, here, own, before, behind = at[near], here[near], own[near], before[near], behind[near]
    total = own
    for step, saved in ((-1, before), (1, behind)):
        total = total + np.where(codes.take(at + step, mode="clip") == here, 0, saved)
        total += (saved > 0) * worth.take(codes.take(at + 2 * step, mode="clip"))
    return Seeds(at[(total >= AT_FIRST) | _lone().take(here)], len(rare) - int(np.count_nonzero(may)))


def with_dropped(text: Text, found: Sequence[Restoration]) -> list[Restoration]:
    """What was found and what is told by this alone: instead of what explains less than half as much, or beside it.

    Where more such characters stand beside what was thought exact, bytes may be gone there too.
    """
    told = list(found)
    stretches = list(_stretches(text, told))
    for one in _told(text, stretches) if stretches else ():
        told = [other for other in told if not _by_chance(other, one)]
        inside = [other for other in told if other.start < one.end and one.start < other.end]
        if not _taken(inside, one.start, one.end):
            left = [_unproved(other, one) for other in told if other not in inside]
            told = sorted([*left, one], key=lambda each: each.start)
    return told


def _by_chance(other: Restoration, one: Restoration) -> bool:
    """Whether another misreading explains so much less of a stretch that it fits by chance."""
    if other.end <= one.start or one.end <= other.start or other.verdict is Verdict.EXACT:
        return False
    return other.channels[:1] not in ((), (CHANNEL,)) and other.gain < CHANCE * one.gain


def _taken(inside: Sequence[Restoration], start: int, end: int) -> bool:
    """Whether what was found there explains enough, or was proved."""
    known = sum(min(other.end, end) - max(other.start, start) for other in inside)
    return any(other.verdict is Verdict.EXACT for other in inside) or 2 * known >= end - start


def _unproved(other: Restoration, one: Restoration) -> Restoration:
    """What was found, not exact where a stretch touches it in which bytes are gone."""
    touches = other.end == one.start or one.end == other.start
    return replace(other, verdict=Verdict.RANKED) if touches and other.verdict is Verdict.EXACT else other


def _stretches(text: Text, found: Sequence[Restoration]) -> Iterator[Stretch]:
    """Stretches about rare characters, whole, and then what nothing else explains of them."""
    end, codes = 0, narrow(text)
    for seed in _seeds(text).at.tolist():
        if seed < end:
            continue
        start = max(_reach(codes[max(end, seed - REACH) : seed][::-1], seed, -1), end)
        end = _reach(codes[seed : seed + REACH], seed, 1)
        inside = [other for other in found if other.start < end and start < other.end]
        alike = [other for other in inside if other.channels[:1] == (CHANNEL,) or other.verdict is Verdict.EXACT]
        if not _taken(alike, start, end):
            yield Stretch(start, codes[start:end])
        edges = [start, *(edge for other in inside for edge in (other.start, other.end)), end]
        parts = zip(edges[::2], edges[1::2], strict=True) if inside else ()
        yield from (Stretch(first, codes[first:last]) for first, last in parts if last - first > 1)


def _reach(codes: NDArray[np.uint16], at: int, step: int) -> int:
    """How far characters go on from a place that may be part of others."""
    worth, seen = _worth(), 0
    for size in (FEW, len(codes)):
        ends = (worth.take(codes[seen:size]) == 0).nonzero()[0]
        if len(ends):
            return at + step * (seen + int(ends[0]))
        seen = min(size, len(codes))
    return at + step * len(codes)


def _told(text: Text, stretches: Sequence[Stretch]) -> Iterator[Restoration]:
    """Those that are likelier as what is left of others than as text."""
    low = [max(one.start - BEFORE, 0) for one in stretches]
    texts = [text.body[at : one.start + len(one.codes)] for at, one in zip(low, stretches, strict=True)]
    codes = [one.codes for one in stretches]
    clean = [bits[-len(some) :] for some, bits in zip(codes, characters_bits(texts), strict=True)]
    every, ends = np.concatenate(codes), np.cumsum([len(some) for some in codes])
    bits = np.minimum(np.concatenate(clean) + spread().take(every), _rare_bits(text))
    hope = np.add.reduceat(np.maximum(bits - cheapest(CHANNEL.read).take(every), 0), [0, *ends[:-1]])
    hopeful = [n for n, saved in enumerate(hope.tolist()) if saved >= ALONE]
    if not hopeful:
        return
    left = _left_bits([codes[n] for n in hopeful])
    for n, scripts in zip(hopeful, left, strict=True):
        part = bits[ends[n] - len(codes[n]) : ends[n]]
        gain, first, last = max(_richest(codes[n], part - script) for script in scripts)
        if gain >= ENOUGH:
            start = stretches[n].start
            yield Restoration(start + first, start + last + 1, (CHANNEL,), Verdict.NONE, (), 0, gain)


def _rare_bits(text: Text) -> float:
    """Bits of a rare character on this page; those that may be left of others say nothing of it."""
    return float(np.log2(KINDS * (len(text.codes) + SEEN[1]) / (_seeds(text).others + SEEN[0])))


def _richest(codes: NDArray[np.uint16], saved: Floats) -> tuple[float, int, int]:
    """The part of a stretch that saves most, each character counted once: bits, first and last character.

    `saved` are the bits of each behind the one before it, and behind none; shape (2, n).
    """
    best, total, first, seen, left = (0.0, 0, 0), 0.0, 0, set[int](), 0.0
    lone, begins = _lone().take(codes).tolist(), (phases(CHANNEL.read).take(codes) == FIRST).tolist()
    begun = False
    for n, (code, more, anew) in enumerate(zip(codes.tolist(), *saved.tolist(), strict=True)):
        if total <= 0:
            total, first, seen, left, begun = 0.0, n, set(), 0.0, False
        if code in MARKS:
            one = min(more, left)
            left -= one
        else:
            one = anew if not seen else min(more, 0.0) if code in seen else more
            seen.add(code)
            left = MARKS_BITS
        total += one
        begun = begun or begins[n]
        alone = len(seen) == 1 and lone[n] and total >= ALONE
        enough = max(total, ENOUGH) if alone else total if begun else total - UNBEGUN
        if enough >= max(best[0], LEAST) and (len(seen) > 1 or enough >= ENOUGH):
            best = enough, first, n
    return best


def _left_bits(stretches: Sequence[NDArray[np.uint16]]) -> list[tuple[Floats, ...]]:
    """Bits of each character of each stretch as what is left of others, by script: behind the one before it, and behind none; shapes (2, n)."""
    codes = np.concatenate([np.concatenate([NOTHING, some]) for some in stretches])
    kept = (codes != MARKS[0]) & (codes != MARKS[1])
    shown = codes[kept]
    before = np.concatenate([NOTHING, shown[:-1], np.zeros_like(shown)])
    cuts = np.cumsum([1 + len(some) for some in stretches])[:-1]
    told = []
    for script in (SIMPLIFIED, TRADITIONAL):
        found = np.full((2, len(codes)), MARK_BITS)
        found[:, kept] = leavings(CHANNEL.read, script).bits(CHANNEL.read, before, np.tile(shown, 2)).reshape(2, -1)
        told.append([part[:, 1:] for part in np.split(found, cuts, axis=1)])
    return list(zip(*told, strict=True))


@cache
def _worth() -> NDArray[np.float32]:
    """Bits that each character saves at most as part of another or as a loss mark, 0 where it can be neither; shape (65536,)."""
    lies = phases(CHANNEL.read)
    may = (lies > 0) & (lies != THIRD_ASCII)  # those stand only before ASCII; many ordinary characters are such
    saved = np.minimum(rarity() + spread(), RARE_BITS) - cheapest(CHANNEL.read)
    found = np.where(may, np.maximum(saved, 1 / 64), 0).astype(np.float32)
    found[list(MARKS)] = MARKS_BITS / 2
    return found


@cache
def _lone() -> NDArray[np.bool_]:
    """The characters that tell enough alone; shape (65536,)."""
    return np.asarray((phases(CHANNEL.read) == FIRST) & (_worth() >= ALONE))
