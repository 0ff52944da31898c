"""One codec throughout, and what of the bytes it does not take, or would not give back."""

from __future__ import annotations

import codecs
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.language.patterns import regex
from audit.native import kernels
from audit.reading.candidates import Reading
from audit.reading.letters import Page
from audit.reading.scan import LOST
from audit.reading.steps import steps
from audit.reading.steps import width as character
from audit.reading.units import Units
from audit.reading.variants import variants

# What is told of bytes: that they are in no character, in one, or in one that has another spelling
GONE, GOOD, OTHER, OTHER_REST = range(4)
ESCAPED = regex("[\udc80-\udcff]")

Piece = tuple[int, int, str]  # start and end byte, codec; LOST where no codec takes them


def _lose_byte(error: UnicodeError) -> tuple[str, int]:
    """An error handler: one byte becomes its escape, and reading goes on behind it."""
    assert isinstance(error, UnicodeDecodeError)
    return chr(0xDC00 + error.object[error.start]), error.start + 1


codecs.register_error("audit.lose-byte", _lose_byte)


def merge(pieces: list[Piece]) -> list[Piece]:
    """Touching pieces of one codec as one."""
    out: list[Piece] = []
    for start, end, codec in pieces:
        if out and out[-1][2] == codec and out[-1][1] == start:
            out[-1] = (out[-1][0], end, codec)
        else:
            out.append((start, end, codec))
    return out


def lossy(raw: bytes, codec: str) -> list[Piece]:
    """One codec throughout; bytes that it does not take, or would not give back, are LOST pieces."""
    if codec == LOST:
        return [(0, len(raw), LOST)] if raw else []
    text = raw.decode(codec, "audit.lose-byte")
    pieces: list[Piece] = []
    at = start = 0
    for mark in [match.start() for match in ESCAPED.finditer(text)] + [len(text)]:
        if mark > start:
            piece = text[start:mark].encode(codec, "replace")
            if raw[at : at + len(piece)] != piece:  # the codec would give other bytes back from here on
                return merge([*pieces, *_by_character(raw, at, codec)])
            pieces.append((at, at + len(piece), codec))
            at += len(piece)
        if mark < len(text):
            pieces.append((at, at + 1, LOST))
            at += 1
        start = mark + 1
    if at < len(raw):  # a stateful codec gave back less
        pieces.append((at, len(raw), LOST))
    return merge(pieces)


def _by_character(raw: bytes, at: int, codec: str) -> list[Piece]:
    """As `lossy` from `at` on, one character at a time."""
    pieces: list[Piece] = []
    while at < len(raw):
        size = width(raw, at, codec)
        step = abs(size) or 1
        pieces.append((at, at + step, codec if size > 0 else _second(raw[at : at + step], codec) if size else LOST))
        at += step
    return pieces


@cache
def _second(char: bytes, codec: str) -> str:
    """The codec that gives back a character that this one would write with its first code."""
    text = char.decode(codec)
    return next((name for name in variants(codec) if text.encode(name, "replace") == char), LOST)


def width(raw: bytes, at: int, codec: str) -> int:
    """Bytes of the character at `at`: 0 where the codec takes none there, negative where it would not give them back."""
    if raw[at] < 0x80 and raw[at] != 0x1B:
        return 1
    return character(raw[at : at + 4], codec)[0]


def _walk(
    widths: NDArray[np.int8], starts: NDArray[np.int64], sizes: NDArray[np.int64], labels: NDArray[np.int8]
) -> None:
    """What the kernel does: says of each byte of each field what it is."""
    told, first = labels.tolist(), 0
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        own, at = widths[start : start + size].tolist(), 0
        while at < size:
            end = min(at + (abs(own[at]) or 1), size)
            head, rest = (GOOD, GOOD) if own[at] > 0 else (OTHER, OTHER_REST) if own[at] else (GONE, GONE)
            told[first + at : first + end] = [head] + [rest] * (end - at - 1)
            at = end
        first += size
    labels[:] = told


def lossy_fields(
    fields: Units, places: NDArray[np.int64], reading: Reading | Page
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """As `lossy` of many fields, each of which stands at its place in the file: where the pieces begin, and which of the codecs each is in."""
    sizes = np.diff(fields.ends, prepend=-1) - 1
    starts = fields.ends - sizes
    names = [LOST, reading.codec, *variants(reading.codec)]
    widths = steps(np.frombuffer(fields.joined, dtype=np.uint8), reading)[0]
    labels = np.empty(int(sizes.sum()), dtype=np.int8)
    (kernels.walk_fields if kernels else _walk)(widths, starts, sizes, labels)
    first = np.cumsum(sizes) - sizes
    begins = np.append(True, labels[1:] != labels[:-1])
    begins[first] = True
    at = np.flatnonzero((begins & (labels != OTHER_REST)) | (labels == OTHER))
    row = np.searchsorted(first, at, side="right") - 1
    which = labels[at].astype(np.int64)
    for number in np.flatnonzero(which == OTHER).tolist():
        begin = int(starts[row[number]] + at[number] - first[row[number]])
        which[number] = names.index(_second(fields.joined[begin : begin + abs(int(widths[begin]))], reading.codec))
    return places[row] + at - first[row], which, names
