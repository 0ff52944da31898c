"""UTF-8 read as Big5 by a program that drops what it cannot read: half of the bytes are gone without a trace, and no search finds them.

What is left shows it all the same: each character is two of the three bytes of a written one, and most such characters are rare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.language.spots import distinct, narrow
from audit.model import Offsets, Text
from audit.restore.codecs import LOST, Channel
from audit.restore.codemaps import FIRST, THIRD_ASCII, phases
from audit.restore.fluency import rarity
from audit.restore.signs import HAN, signs
from audit.restore.verdict import Restoration, Verdict

CHANNEL = Channel("utf-8", "big5")
REACH = 512  # code points to either side of a rare character
USUAL_BITS = 10.4  # of a character that two bytes of UTF-8 make by chance: one of some 1,400
# Bits by which a stretch is rarer than chance makes it, each character counted once. In 17.7 million characters of clean text none
# with two beginnings of characters has 18, none with one has 22; of 600 damaged runs of twelve 99 in 100 have more than asked,
# of 4 to 11 characters 87.
TWO_BITS, ONE_BITS, EACH_BITS = 20.0, 24.0, 4.0
LEAST = 3  # characters
MARK = 9  # beside the phases: a loss mark, which tells nothing


def seeds(text: Text) -> Offsets:
    """Where rare characters stand that may be the first two bytes of one, beside another that may be part of one; ascending."""
    found, codes = signs(text), narrow(text)
    at = found.at[(found.kinds & HAN) > 0]
    table = _lies()
    at = at[table.take(codes.take(at)) == FIRST]
    if not len(at):
        return np.asarray(at)
    beside = [table.take(codes.take(at + step, mode="clip")) > 0 for step in (-2, -1, 1, 2)]
    near: Offsets = at[(beside[1] & (beside[0] | beside[2])) | (beside[2] & beside[3])]
    return near


def with_dropped(text: Text, found: Sequence[Restoration]) -> list[Restoration]:
    """What was found and what is told by this alone; where it explains more than twice as much as what was not proved, instead of that."""
    told = list(found)
    for one in _stretches(text):
        inside = [other for other in told if other.start < one.end and one.start < other.end]
        known = sum(other.end - other.start for other in inside)
        if any(other.verdict is Verdict.EXACT for other in inside) or 2 * known >= one.end - one.start:
            continue
        told = sorted([*(other for other in told if other not in inside), one], key=lambda each: each.start)
    return told


def _stretches(text: Text) -> Iterator[Restoration]:
    end = 0
    for seed in seeds(text).tolist():
        if seed < end:
            continue
        low = max(end, seed - REACH)
        codes = narrow(text)[low : seed + REACH]
        off = (_lies().take(codes) == 0).nonzero()[0]
        before = int(off.searchsorted(seed - low))
        start = int(off[before - 1]) + 1 if before else 0
        stop = int(off[before]) if before < len(off) else len(codes)
        end = low + stop
        gain = _gain(codes[start:stop])
        if gain:
            yield Restoration(low + start, end, (CHANNEL,), Verdict.NONE, (), 0, gain)


def _gain(codes: NDArray[np.uint16]) -> float:
    """Bits by which a stretch is rarer than chance makes it, 0 where that is not enough."""
    lies = _lies().take(codes)
    size = int((lies != MARK).sum())
    kinds = distinct(codes[lies != MARK])
    gain = float((rarity().take(kinds) - USUAL_BITS).sum())
    begin = int((_lies().take(kinds) == FIRST).sum())
    enough = gain >= TWO_BITS if begin > 1 else gain >= max(ONE_BITS, EACH_BITS * size)
    return gain if size >= LEAST and begin and enough else 0.0


@cache
def _lies() -> NDArray[np.uint8]:
    """How each character would lie on UTF-8, and the loss marks; shape (65536,)."""
    found = phases(CHANNEL.read).copy()
    found[found == THIRD_ASCII] = 0  # only before ASCII; many ordinary characters are such
    found[[ord("?"), ord(LOST)]] = MARK
    return found
