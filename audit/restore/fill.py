"""What stood in the holes: a beam over the characters that fit, judged by the language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audit.restore.codecs import LOST
from audit.restore.fillings import fillings
from audit.restore.fluency import bits_each
from audit.restore.slots import Path, Slot, pair_written

BEAM = 8
LOOK_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole reading: its text, its bits, and how many characters stayed holes."""

    text: str
    bits: float
    holes: int


def choices(slot: Slot, written: str, read: str, after: int) -> tuple[str, ...]:
    """The characters that a slot may hold, the commonest first."""
    if not slot.lost:
        return (pair_written(slot.bytes, written) or LOST,)
    return fillings(slot.bytes, written, read, after) or (LOST,)


def readings(path: Path, written: str, read: str, before: str = "") -> list[Reading]:
    """The most fluent ways to fill a path's holes, best first; at most `BEAM`."""
    slots = path.slots
    after = [slot.bytes[0] for slot in slots[1:]]
    sets = [choices(slot, written, read, next_byte) for slot, next_byte in zip(slots, [*after, -1], strict=True)]
    beam = [Reading(before[-2:], 0.0, 0)]
    at = 0
    while at < len(sets):
        stop = at + 1
        while stop < len(sets) and len(sets[stop]) == 1:
            stop += 1
        known = "".join(options[0] for options in sets[at + 1 : stop])
        beam = _extend(beam, sets[at], known)
        at = stop
    skip = len(before[-2:])
    return [Reading(reading.text[skip:], reading.bits, reading.text.count(LOST)) for reading in beam]


def _extend(beam: Sequence[Reading], options: Sequence[str], known: str) -> list[Reading]:
    """Every reading with every option and the known characters behind it, the best kept."""
    near = known[:LOOK_AHEAD]
    tails = [(reading, reading.text[-2:]) for reading in beam]
    trials = [(reading, tail, option) for reading, tail in tails for option in options]
    if len(trials) == 1:
        reading, tail, option = trials[0]
        bits = bits_each([tail + option + known], len(tail))[0]
        return [Reading(reading.text + option + known, reading.bits + float(bits), 0)]
    skip = max(len(tail) for _, tail in tails)
    bits = bits_each([tail.rjust(skip) + option + near for _, tail, option in trials], skip)
    order = np.argsort(bits + [reading.bits for reading, _, _ in trials], kind="stable")[:BEAM]
    best = [trials[index] for index in order]
    far = (
        bits_each([tail.rjust(skip) + option + known for _, tail, option in best], skip)
        if len(known) > len(near)
        else bits[order]
    )
    return [
        Reading(reading.text + option + known, reading.bits + float(cost), 0)
        for (reading, _, option), cost in zip(best, far, strict=True)
    ]
