"""Bytes as runs of one encoding each, line by line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.reading.candidates import BIT, MULTIBYTE
from audit.reading.columns import ByteRuns, Marks
from audit.reading.inline import Inline
from audit.reading.readings import score
from audit.reading.scan import Evidence, confidence, judge_lines
from audit.reading.switches import ASCII, switching, switching_lines, whole
from audit.reading.units import Units, blocks, unit_ends

TRUST = 0.95  # of what says itself what it is
CHANCE_MARGIN = 6 * BIT  # to give up UTF-8, which nearly always means what it says


def segment(raw: bytes, evidence: Evidence | None = None) -> ByteRuns:
    """Runs that ascend, touch, and cover `raw`; codec "" for bytes that none takes. Verified by the caller, not here."""
    evidence = evidence or Evidence()
    codec = whole(raw)
    if codec:
        return ByteRuns.of([(0, len(raw), codec, TRUST)])
    flat = raw if b"\n" in raw else raw.replace(b"\r", b"\n")
    if not flat.endswith(b"\n"):
        flat += b"\n"
    ends = unit_ends(flat)
    starts = np.concatenate([[0], ends[:-1] + 1])
    live = np.flatnonzero(np.maximum.reduceat(np.frombuffer(flat, dtype=np.uint8), starts) >= 0x80)
    marks = Marks()
    escaped = switching_lines(raw, flat, starts, ends) if switching(raw) else {}
    if escaped:
        lines = np.fromiter(escaped, dtype=np.int64)
        live = np.setdiff1d(live, lines)
        marks.add(starts[lines], marks.numbers(escaped.values()), np.full(len(lines), TRUST))
    if len(live):
        _lines(Units(flat, ends).take(live), starts[live], marks, evidence)
    return marks.runs(len(raw), ASCII)


def _lines(units: Units, starts: NDArray[np.int64], marks: Marks, evidence: Evidence) -> None:
    """Where each encoding begins: at the lines that change it, and inside the lines that hold several."""
    judged = judge_lines(units, evidence)
    sure = confidence(judged.margin).round(4)
    suspect = np.flatnonzero(judged.suspect)
    before = np.concatenate([[-1], judged.choice[:-1]])
    change = (judged.choice != before) | judged.suspect
    change[1:] |= judged.suspect[:-1]
    change = np.flatnonzero(change & ~judged.suspect)
    if len(change):
        kinds = marks.numbers(row.reading.codec for row in judged.rows)
        marks.add(starts[change], kinds[judged.choice[change]], np.maximum.reduceat(sure, change))
    if len(suspect):
        Inline(evidence).lines(units.take(suspect), starts[suspect], marks)


def by_chance(raw: bytes) -> bool:
    """Whether short valid UTF-8 reads far better as Chinese, as `时` does, which is CA B1 in GBK."""
    joined = raw.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"
    utf8, gbk = (score(blocks(joined), reading) for reading in MULTIBYTE[:2])
    return bool(gbk.valid[0]) and int(gbk.cost[0]) + CHANCE_MARGIN < int(utf8.cost[0])
