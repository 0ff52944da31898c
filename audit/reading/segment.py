"""Bytes as runs of one encoding each, line by line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audit.reading import euctw
from audit.reading.candidates import BIT, LOSS, MULTIBYTE, UTF8, Reading
from audit.reading.columns import ByteRuns, Marks
from audit.reading.evidence import Evidence
from audit.reading.judge import judge_lines
from audit.reading.letters import Page
from audit.reading.pricing import FAMILIAR, KNOWN
from audit.reading.readings import score
from audit.reading.scan import LOST, Judgement, confidence
from audit.reading.switches import ASCII, switching, switching_lines, whole
from audit.reading.units import Units, blocks, unit_ends

TRUST = 0.95  # of what says itself what it is
HIGH = 0x80
CUTTABLE = tuple(reading for reading in MULTIBYTE if reading.codec in ("gb18030", "cp950", "cp932"))
FEW = 2  # lines in which letters may be what a cut made of Han
CHANCE_MARGIN = 6 * BIT  # to give up UTF-8, which nearly always means what it says


def segment(raw: bytes, evidence: Evidence | None = None, *, plain: bool = False) -> ByteRuns:
    """Runs that ascend, touch, and cover `raw`; codec "" for bytes that none takes. Verified by the caller, not here.

    `plain`: it is known that no sets are switched.
    """
    evidence = evidence or Evidence()
    codec = "" if plain else whole(raw)
    if codec:
        return ByteRuns.of([(0, len(raw), codec, TRUST)])
    pieces = euctw.pieces_of(raw)
    if pieces:
        return ByteRuns.of([(*piece, TRUST if piece[2] else 1.0) for piece in pieces])
    flat = raw if b"\n" in raw else raw.replace(b"\r", b"\n")
    if not flat.endswith(b"\n"):
        flat += b"\n"
    ends = unit_ends(flat)
    starts = np.concatenate([[0], ends[:-1] + 1])
    live = np.flatnonzero(np.maximum.reduceat(np.frombuffer(flat, dtype=np.uint8), starts) >= 0x80)
    marks = Marks()
    escaped = switching_lines(raw, flat, starts, ends) if not plain and switching(raw) else {}
    if escaped:
        lines = np.fromiter(escaped, dtype=np.int64)
        live = np.setdiff1d(live, lines)
        marks.add(starts[lines], marks.numbers(escaped.values()), np.full(len(lines), TRUST))
    if len(live):
        _lines(Units(flat, ends).take(live), starts[live], len(raw), marks, evidence)
    runs = marks.runs(len(raw), ASCII)
    if "cp950" not in runs.names or len(runs) == 1:
        return runs
    from audit.reading.bigfive import with_rare_codes  # noqa: PLC0415 - few files need it

    return with_rare_codes(raw, runs)


def _lines(units: Units, starts: NDArray[np.int64], size: int, marks: Marks, evidence: Evidence) -> None:
    """Where each encoding begins in `size` bytes: at the lines that change it, and inside the lines that hold several."""
    judged = judge_lines(units, evidence)
    cut = _cut(units, judged, evidence) if starts[0] == 0 else -1
    if cut >= 0:
        judged.choice[0], judged.suspect[0] = cut, False
    at_end = starts[-1] + len(_line(units, -1)) - 1 == size
    short = _cut_short(units, judged, evidence) if at_end else -1
    if short >= 0:
        judged.choice[-1], judged.suspect[-1] = short, False
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
        from audit.reading.inline import Inline  # noqa: PLC0415 - as above

        Inline(evidence).lines(units.take(suspect), starts[suspect], marks)
    if cut >= 0:
        marks.add(np.arange(2), marks.numbers([LOST, judged.rows[cut].reading.codec]), np.array([1.0, TRUST]))
    if short >= 0:
        marks.add(np.array([size - 1]), marks.numbers([LOST]), np.ones(1))


def _line(units: Units, at: int) -> bytes:
    """One unit with its LF."""
    return units.take(np.arange(len(units.ends))[at:][:1]).joined


def _cut(units: Units, judged: Judgement, evidence: Evidence) -> int:
    """The row of the reading that a document's first line is in but for its first byte, half of a character; -1 where it is whole.

    From there on every pair would be cut wrongly, up to the next byte of ASCII. The reading is the document's own; where that makes
    no sense of the line, any of Chinese or Japanese that does.
    """
    first = _line(units, 0)
    main, page = evidence.order()[0], evidence.settled_page()
    if first[0] < HIGH or (page and len(units.ends) > FEW) or (main is UTF8 and not judged.suspect[0]):
        return -1
    lost = judged.suspect[0] or bool(page)
    taken = judged.rows[judged.choice[0]].reading if lost and judged.rows else main
    return _without(first, first[1:], taken, judged, (main, *(CUTTABLE if lost else ())))


def _cut_short(units: Units, judged: Judgement, evidence: Evidence) -> int:
    """The same of the last line and its last byte, where the line is in no encoding of two bytes, or not in the document's own."""
    last, main = _line(units, -1), evidence.order()[0]
    taken = judged.rows[judged.choice[-1]].reading if judged.rows else main
    lost = judged.suspect[-1] or isinstance(taken, Page)
    if last[-2] < HIGH or not (lost or (main is not UTF8 and taken != main)):
        return -1
    return _without(last, last[:-2] + b"\n", taken, judged, (main, *(MULTIBYTE if lost else ())))


def _without(line: bytes, rest: bytes, taken: Reading | Page, judged: Judgement, readings: Sequence[Reading]) -> int:
    """The row of the likeliest of some readings that make sense of the `rest` of a line, -1 if it is as likely whole as it was `taken`.

    The first of them is the document's own.
    """
    main = readings[0]
    rows = {row.reading: number for number, row in enumerate(judged.rows)}
    tried = [reading for reading in dict.fromkeys(readings) if reading in rows and reading is not UTF8]
    rests = [(score(blocks(rest), reading), reading) for reading in tried]
    likely = [
        (int(rest.cost[0] + (reading != main) * reading.prior * BIT), rows[reading])
        for rest, reading in rests
        if rest.valid[0]
        and rest.foreign[0]
        and rest.strange[0] <= (KNOWN if reading == main else FAMILIAR) * rest.foreign[0]
    ]
    if not likely:
        return -1
    cost, number = min(likely)
    whole = score(blocks(line), taken)
    return number if not whole.valid[0] or cost + LOSS < whole.cost[0] else -1


def by_chance(raw: bytes) -> bool:
    """Whether short valid UTF-8 reads far better as Chinese, as `时` does, which is CA B1 in GBK."""
    joined = raw.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"
    utf8, gbk = (score(blocks(joined), reading) for reading in MULTIBYTE[:2])
    return bool(gbk.valid[0]) and int(gbk.cost[0]) + CHANCE_MARGIN < int(utf8.cost[0])
