"""What misreadings left among question marks, and nothing else explains."""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from typing import Any

from audit.model import Line, Text
from audit.restore import marked
from audit.restore.mojibake import find
from audit.restore.remnants import remnants


def with_marks(line: Line) -> list[tuple[int, int, dict[str, Any]]]:
    """Such stretches of a line with what is known of each, as evidence of a finding; ascending, none overlapping."""
    body, seen, told = line.body, line.start, []
    spans = [(start, end, "") for start, end in marked.mixed_runs(body, line.start, line.end)]
    told_by_bits = remnants(line.text)
    low, high = (bisect_left(told_by_bits, at, key=itemgetter(0)) for at in (line.start, line.end))
    spans += [(one.start, one.end, one.channel.name) for one in told_by_bits[low:high]]
    for first, last, mechanism in sorted(spans):
        start, end = _unexplained(line.text, max(first, seen), last)
        if "?" not in body[start:end]:
            continue
        seen = end
        known = None if mechanism else marked.told(body, start, end)
        if known and known.channels:
            told.append((start, end, known.evidence(body[start:end])))
        else:
            told.append((start, end, {**({"mechanism": mechanism} if mechanism else {}), "verdict": "none"}))
    return told


def _unexplained(text: Text, start: int, end: int) -> tuple[int, int]:
    """The longest part of a stretch in which no other misreading is found; none where half of it is explained."""
    inside = [found for found in find(text) if found.start < end and start < found.end]
    edges = [start, *(edge for found in inside for edge in (found.start, found.end)), end]
    parts = [(first, max(first, last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
    free = sum(last - first for first, last in parts)
    return max(parts, key=lambda part: part[1] - part[0]) if 2 * free > end - start else (start, start)
