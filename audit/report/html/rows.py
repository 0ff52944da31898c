"""A document as rows to show: its lines, the long ones in pieces, and which rows hold a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audit.address import printable
from audit.model import Document, Finding, Offsets

WIDTH = 1500  # code points of a row, so that a file without line breaks can be shown piece by piece
BLOCK = 300  # code points from which a finding is a note on a passage rather than a mark in it
BLOCK_LINES = 3


@dataclass(frozen=True, slots=True)
class Rows:
    """Start and end of each row in the body and its 0-based line, shapes (rows,), ascending."""

    starts: Offsets
    ends: Offsets
    lines: Offsets

    def at(self, offsets: Offsets) -> Offsets:
        """The row that holds each offset."""
        return np.asarray(np.searchsorted(self.starts, offsets, side="right") - 1)


def rows_of(document: Document, findings: Sequence[Finding], width: int = WIDTH) -> Rows:
    """The rows of a document; a cut does not fall into a finding if it can be helped."""
    source = document.source
    starts, ends = source.line_starts, source.line_ends
    lines = np.arange(len(starts))
    long = np.flatnonzero(ends - starts > width)
    if not len(long):
        return Rows(starts, ends, lines)
    marks = np.array([(one.start, one.end) for one in findings if not is_block(one)], dtype=np.int64).reshape(-1, 2)
    pieces = [cuts(int(starts[line]), int(ends[line]), marks, width) for line in long.tolist()]
    extra = np.concatenate([np.array(piece, dtype=np.int64) for piece in pieces])
    owners = np.repeat(long, [len(piece) for piece in pieces])
    all_starts = np.concatenate([starts, extra])
    order = np.argsort(all_starts, kind="stable")
    all_lines = np.concatenate([lines, owners])[order]
    all_starts = all_starts[order]
    all_ends = ends[all_lines]
    inner = all_lines[:-1] == all_lines[1:]
    all_ends[:-1][inner] = all_starts[1:][inner]
    return Rows(all_starts, all_ends, all_lines)


def cuts(start: int, end: int, marks: NDArray[np.int64], width: int) -> list[int]:
    """Where a long line is cut; `marks` are spans in order of their start, shape (n, 2)."""
    found = []
    at = start + width
    while at < end:
        number = int(np.searchsorted(marks[:, 0], at)) - 1
        if number >= 0 and at < marks[number, 1] <= at + BLOCK:
            at = int(marks[number, 1])
        if at >= end:
            break
        found.append(at)
        at += width
    return found


def is_block(finding: Finding) -> bool:
    """Whether a finding speaks of a passage: it is shown above it and not marked in it."""
    return finding.end - finding.start > BLOCK or finding.end_line - finding.line >= BLOCK_LINES


def held(rows: Rows, findings: Sequence[Finding]) -> tuple[Offsets, Offsets]:
    """First and last row of each finding; of a note on a passage only the first."""
    starts = np.array([one.start for one in findings], dtype=np.int64)
    last = np.array([one.start if is_block(one) else max(one.end - 1, one.start) for one in findings], dtype=np.int64)
    return rows.at(starts), rows.at(last)


def shown(body: str, start: int, end: int) -> str:
    """A row as a reader may see it: nothing in it controls a page."""
    return printable(body[start:end])


@lru_cache(maxsize=4)  # findings come row by row
def positions(body: str, start: int, end: int) -> Offsets | None:
    """UTF-16 offset in the shown row of each code point and of the end; None where they are the code points."""
    text = body[start:end]
    if text.isascii() and text.isprintable():
        return None
    widths = [len(printable(char).encode("utf-16-le")) // 2 for char in text] if odd(text) else None
    return None if widths is None else np.concatenate([[0], np.cumsum(np.array(widths, dtype=np.int64))])


def odd(text: str) -> bool:
    """Whether a shown row is longer, in UTF-16, than the text has code points."""
    return max(text, default="") > "\uffff" or (not text.isprintable() and len(printable(text)) != len(text))
