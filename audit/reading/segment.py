"""Bytes as runs of one encoding each, line by line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.reading.candidates import BIT, MULTIBYTE, score
from audit.reading.inline import Inline
from audit.reading.scan import Evidence, confidence, judge_lines, take, unit_ends
from audit.reading.variants import variants

ESCAPE = b"\x1b$"  # the way into a two-byte set of ISO-2022
ISO_2022 = ("iso2022_jp", *variants("iso2022_jp"), "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr")
KOREAN = b"\x1b$)C"  # once, where the file begins
ASCII = "ascii"
CHANCE_MARGIN = 6 * BIT  # to give up UTF-8, which nearly always means what it says

Run = tuple[int, int, str, float]  # start and end byte, codec, confidence


def segment(raw: bytes, evidence: Evidence | None = None) -> list[Run]:
    """Runs that ascend, touch, and cover `raw`; codec "" for bytes that none takes. Verified by the caller, not here."""
    evidence = evidence or Evidence()
    if raw.startswith(KOREAN) and raw.isascii() and _comes_back(raw, "iso2022_kr"):
        return [(0, len(raw), "iso2022_kr", 0.95)]
    flat = raw if b"\n" in raw else raw.replace(b"\r", b"\n")
    if not flat.endswith(b"\n"):
        flat += b"\n"
    ends = unit_ends(flat)
    starts = np.concatenate([[0], ends[:-1] + 1])
    live = np.flatnonzero(np.maximum.reduceat(np.frombuffer(flat, dtype=np.uint8), starts) >= 0x80)
    escaped = _escaped(raw, flat, starts, ends)
    if escaped:
        live = np.setdiff1d(live, np.fromiter(escaped, dtype=np.int64))
    marks = [(int(starts[line]), codec, 0.95) for line, codec in escaped.items()]
    if len(live):
        marks += _lines(flat, ends, starts, live, evidence)
    return _runs(marks, len(raw))


def _lines(
    flat: bytes,
    ends: NDArray[np.int64],
    starts: NDArray[np.int64],
    live: NDArray[np.int64],
    evidence: Evidence,
) -> list[tuple[int, str, float]]:
    """Where each encoding begins: at the lines that change it, and inside the lines that hold several."""
    judged = judge_lines(take(flat, ends, live), evidence)
    names = [reading.codec for reading in judged.readings]
    sure = confidence(judged.margin)
    suspect = np.flatnonzero(judged.suspect)
    before = np.concatenate([[-1], judged.choice[:-1]])
    change = (judged.choice != before) | judged.suspect
    change[1:] |= judged.suspect[:-1]
    change = np.flatnonzero(change & ~judged.suspect)
    best = np.maximum.reduceat(sure, change) if len(change) else sure[:0]
    codecs = [names[at] for at in judged.choice[change].tolist()]
    marks = list(zip(starts[live[change]].tolist(), codecs, best.round(4).tolist(), strict=True))
    if len(suspect):
        offsets = starts[live[suspect]].tolist()
        lines = [flat[start:end] for start, end in zip(offsets, ends[live[suspect]].tolist(), strict=True)]
        for start, line, (pieces, home) in zip(offsets, lines, Inline(evidence).lines(lines), strict=True):
            marks += [(start + at, codec, 0.9 if codec else 1.0) for at, _, codec in pieces]
            marks.append((start + len(line), home, 0.9))
    return marks


def _escaped(raw: bytes, flat: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> dict[int, str]:
    """Lines in ISO-2022, which says itself what it is."""
    found: dict[int, str] = {}
    at = raw.find(ESCAPE)
    while at >= 0:
        line = int(np.searchsorted(ends, at))
        unit = flat[int(starts[line]) : int(ends[line])]
        for codec in ISO_2022:
            if unit.isascii() and _comes_back(unit, codec):
                found[line] = codec
                break
        at = raw.find(ESCAPE, int(ends[line]))
    at = flat.find(b"\x1b") if found else -1
    while at >= 0:  # other escapes, as colours on a terminal, are not for these codecs
        line = int(np.searchsorted(ends, at))
        if flat[int(starts[line]) : int(ends[line])].isascii():
            found.setdefault(line, ASCII)
        at = flat.find(b"\x1b", int(ends[line]))
    return found


def _comes_back(raw: bytes, codec: str) -> bool:
    try:
        return raw.decode(codec).encode(codec) == raw
    except UnicodeError:
        return False


def _runs(marks: list[tuple[int, str, float]], size: int) -> list[Run]:
    """Runs from the places where encodings begin; ASCII in front belongs to the first."""
    marks.sort(key=lambda mark: mark[0])
    if not marks:
        return [(0, size, ASCII, 1.0)] if size else []
    out: list[Run] = []
    for at, (mark, codec, trust) in enumerate(marks):
        end = marks[at + 1][0] if at + 1 < len(marks) else size
        start = mark if at else 0
        if end <= start:
            continue
        if out and out[-1][2] == codec:
            out[-1] = (out[-1][0], end, codec, max(out[-1][3], trust))
        else:
            out.append((start, end, codec, trust))
    return out


def by_chance(raw: bytes) -> bool:
    """Whether short valid UTF-8 reads far better as Chinese, as `时` does, which is CA B1 in GBK."""
    joined = raw.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"
    utf8, gbk = (score(joined, reading) for reading in MULTIBYTE[:2])
    return bool(gbk.valid[0]) and int(gbk.cost[0]) + CHANCE_MARGIN < int(utf8.cost[0])
