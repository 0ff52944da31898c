"""What stood in one run of misread bytes: every reading weighed, proved by breaking it again, and holes where none is likely."""

from __future__ import annotations

from functools import partial

import numpy as np

from audit.restore.belief import believable, convincing, frayed, sketched
from audit.restore.borders import ragged
from audit.restore.codecs import LOST, SINGLE, TABLES, Channel, Loss, bytes_of, misread
from audit.restore.fill import Beside, Reading, holed, readings
from audit.restore.fluency import bits_of, codes_of, spread, words_bits
from audit.restore.lattice import Mode, View, longest
from audit.restore.page import Script
from audit.restore.runs import Run
from audit.restore.slots import Path
from audit.restore.traceless import may_lack
from audit.restore.verdict import SHOWN, Proposal, Restoration, Verdict

TEMPER = 0.5  # the model is surer than it should be: its bits are halved before they become probabilities
MUCH = 4  # where one in so many bytes is lost, there are more readings than are looked at
FAR = 8.0  # bits by which a reading of the same bytes must be worse
ALIKE = str.maketrans("‧～￥￠￡⊙⊕﹑¯", "•∼¥¢£☉♁､‾")  # which Windows writes as the same bytes of Big5
DOUBTED = 0.25  # a reading of less probability is given with holes
# What the reader showed for lost bytes, by whether U+FFFD stands there.
LOSSES = {
    Mode.MARKS: (Loss.QUESTION, Loss.MARK),
    Mode.PAIRS: (Loss.PAIR, Loss.PAIR_MARK),
    Mode.DROPS: (Loss.DROP, Loss.DROP),
}


def repaired(body: str, run: Run, script: Script) -> Restoration | None:
    """What stood in a run, if that is believable; `script` is that of the text about it."""
    damage = body[run.start : run.end]
    if not (believable(run) or sketched(run, damage)):
        return None
    beside = Beside(body[max(run.start - 2, 0) : run.start], body[run.end : run.end + 2], script)
    found = [reading for path in _paths(body, run) for reading in readings(path, run.channel, beside)]
    found.sort(key=lambda reading: reading.bits)
    first = found[0]
    stood, bits = bits_of(damage), _quick_bits(first, beside)
    if run.channel.written != "utf-8" and not convincing(damage, (first.text, bits), stood, run.channel):
        return None
    found = list({reading.text: reading for reading in reversed(found)}.values())[::-1]
    if run.channel.read in SINGLE:  # which lose few bytes: a mark that stands for none of them is a question mark
        found = [reading for reading in found if not reading.holes] or found
    twin = _twin(found[0], run.channel, beside)
    alone, lost = len(found) == 1 and (twin is None or twin.bits >= found[0].bits + FAR), found[0].path.lost
    found = sorted([*found, twin], key=lambda reading: reading.bits) if twin else found
    proved = [reading for reading in found if _proved(reading, damage, run)]
    found = proved or found
    best, proposals = found[0], _ranked(found, proved=bool(proved))
    if best is not first:
        bits = _quick_bits(best, beside)
    verdict = Verdict.PARTIAL if best.holes else Verdict.RANKED
    sole = not lost and alone and bool(proved) and not frayed(best.text, run.channel)
    sole = sole and not may_lack(body, run, best.text, beside)
    if run.sure and sole:
        verdict = Verdict.EXACT
    much = lost * MUCH >= sum(len(slot.bytes) for slot in run.kept)
    doubted = lost and (best.holes or much or proposals[0].probability < DOUBTED)
    return Restoration(
        run.start,
        run.end,
        (run.channel,),
        verdict,
        proposals,
        lost,
        stood - bits,
        bits,
        bool(proved) and not ragged(body, run.start, run.end, run.channel),
        sole=sole,
        with_holes=partial(holed, best, run.channel, beside) if doubted else None,
    )


def _twin(reading: Reading, channel: Channel, beside: Beside) -> Reading | None:
    """The same with other characters where the written codec has one code for both."""
    text = reading.text.translate(ALIKE) if channel.written == "big5" else reading.text
    if text == reading.text:
        return None
    both = words_bits([beside.before + each + beside.behind for each in (reading.text, text)], len(beside.before))
    return Reading(
        text, reading.bits + float(both[1] - both[0]) + _untold_of(text) - _untold_of(reading.text), reading.path
    )


def _untold_of(text: str) -> float:
    return float(spread().take(np.minimum(codes_of(text), 0xFFFF)).sum())


def _quick_bits(reading: Reading, beside: Beside) -> float:
    """Bits of a reading by pairs of characters, as those of what stands there are told."""
    return bits_of(beside.before + reading.text, len(beside.before))


def _paths(body: str, run: Run) -> list[Path]:
    """Every way to cut the run's bytes."""
    found = longest(View(body, run.start, run.end, run.channel.read, run.mode), run.start, run.channel.written)
    return found[1] if found is not None and found[0] == run.end and len(found[1]) > 1 else [run.path]


def _ranked(found: list[Reading], *, proved: bool) -> tuple[Proposal, ...]:
    """Readings, best first, with their probabilities."""
    weights = [2.0 ** (TEMPER * (found[0].bits - reading.bits)) for reading in found]
    return tuple(
        Proposal(reading.text, weight / sum(weights), reading.holes, proved)
        for reading, weight in zip(found[:SHOWN], weights, strict=False)
    )


def _proved(reading: Reading, damage: str, run: Run) -> bool:
    if reading.holes:
        return False
    if run.channel.read in SINGLE:
        data = b"".join(bytes_of(char, run.channel.read) or b"?" for char in damage)
        return (
            LOST not in damage
            and reading.text.encode(TABLES.get(run.channel.written, run.channel.written), "replace") == data
        )
    return misread(reading.text, run.channel, LOSSES[run.mode][LOST in damage]) == damage
