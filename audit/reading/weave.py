"""A field character by character: the cheapest way to read it piece by piece, or one codec and what it loses."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit.language.patterns import regex
from audit.reading.board import NEVER
from audit.reading.candidates import BIT, LOSS, UTF8, Reading
from audit.reading.letters import Page
from audit.reading.scan import LOST
from audit.reading.steps import steps, tails
from audit.reading.steps import width as character
from audit.reading.variants import variants

SWITCH = 14 * BIT  # another encoding for one field of a line
GLUE = 24 * BIT  # another encoding without a separator between
CUT = 16 * BIT  # a character of UTF-8 that was cut, however many bytes of it are left
SCRAP = 2  # bytes
CELLS = 1 << 17  # bytes times readings that are searched side by side
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


@dataclass(frozen=True, slots=True)
class Field:
    """Bytes to take apart; `place` is where they stand in the file, `inside` says that more of the home encoding follows."""

    raw: bytes
    place: int
    home: str
    inside: bool


def weave(fields: Sequence[Field], readings: Sequence[Reading | Page]) -> tuple[NDArray[np.int64], list[str]]:
    """The cheapest way to read each field piece by piece: where the pieces begin, and their codecs.

    A Viterbi search over bytes with one state a reading, in step over many fields of like length.
    """
    order = sorted(range(len(fields)), key=lambda at: len(fields[at].raw))
    places: list[NDArray[np.int64]] = []
    codecs: list[str] = []
    names = [*(reading.codec for reading in readings), LOST]
    pages = np.array([isinstance(reading, Page) for reading in readings] + [False])
    while order:
        longest = len(fields[order[-1]].raw)
        count = max(1, CELLS // (longest * len(readings)))
        batch = [fields[at] for at in order[-count:]]
        del order[-count:]
        labels = Batch.of(batch, readings).search()
        sizes = np.array([len(one.raw) for one in batch])
        begins = np.ones(labels.shape, dtype=bool)
        begins[:, 1:] = labels[:, 1:] != labels[:, :-1]
        begins &= np.arange(longest) < sizes[:, None]
        row, column = np.nonzero(begins)
        _scraps(labels, row, column, sizes, pages)
        places.append(np.array([one.place for one in batch])[row] + column)
        codecs += [names[label] for label in labels[row, column].tolist()]
    return np.concatenate(places), codecs


def _scraps(
    labels: NDArray[np.int8],
    row: NDArray[np.int64],
    column: NDArray[np.int64],
    sizes: NDArray[np.int64],
    pages: NDArray[np.bool_],
) -> None:
    """One or two bytes of a field are no word of letters, but what is left of a character: LOST, in place."""
    ends = np.append(column[1:], 0)
    final = np.append(row[1:] != row[:-1], True)
    ends = np.where(final, sizes[row], ends)
    short = pages[labels[row, column]] & (ends - column <= SCRAP) & (ends - column < sizes[row])
    for at in np.flatnonzero(short).tolist():
        labels[row[at], column[at] : ends[at]] = len(pages) - 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Fields side by side: widths and prices have shape (bytes, fields, readings), `cut` (bytes, fields)."""

    fields: Sequence[Field]
    codecs: list[str]
    widths: NDArray[np.int8]
    prices: NDArray[np.int32]
    cut: NDArray[np.uint8]
    utf8: int

    @classmethod
    def of(cls, fields: Sequence[Field], readings: Sequence[Reading | Page]) -> Batch:
        """Look up every byte in every reading."""
        sizes = np.array([len(one.raw) for one in fields])
        longest = int(sizes.max())
        raw = np.frombuffer(b"\n".join([b"", *(one.raw for one in fields), bytes(longest + 4)]), dtype=np.uint8)
        starts = np.cumsum(sizes + 1) - sizes
        index = starts + np.arange(longest)[:, None]
        looked = [steps(raw, reading) for reading in readings]
        need, have = tails(raw)
        cut = np.where((need > have), have + 1, 0).astype(np.uint8)
        torn = (raw & 0xC0) == 0x80
        for back in (2, 1, 0):  # the end of a character where the field begins
            rest = np.logical_and.reduce([torn[starts + at] for at in range(back + 1)])
            cut[starts] = np.where(rest & (cut[starts] == 0) & (sizes > back), back + 1, cut[starts])
        return cls(
            fields,
            [reading.codec for reading in readings],
            np.stack([widths[index] for widths, _ in looked], axis=2),
            np.stack([prices[index] for _, prices in looked], axis=2),
            cut[index],
            next((at for at, reading in enumerate(readings) if reading is UTF8), -1),
        )

    def search(self) -> NDArray[np.int8]:
        """The reading of each byte, shape (fields, bytes); the number of readings stands for bytes that none takes."""
        longest, count, states = self.widths.shape
        home = np.array([self.codecs.index(one.home) if one.home in self.codecs else -1 for one in self.fields])
        away = np.arange(states) != home[:, None]
        cost = np.full((longest + 5, count, states), NEVER, dtype=np.int64)
        back = np.zeros((longest + 5, count, states), dtype=np.int16)
        cost[0] = away * SWITCH
        gone = np.maximum(np.abs(self.widths), 1)
        for at in range(longest):
            here = cost[at]
            least, who = here.min(axis=1)[:, None] + GLUE, here.argmin(axis=1)[:, None]
            stay = here <= least
            spent, came = np.where(stay, here, least), np.where(stay, np.arange(states), who).astype(np.int16) << 4
            _move(cost, back, at, self.widths[at], spent + self.prices[at], came)
            _move(cost, back, at, gone[at], spent + LOSS, came | 8)
            if self.utf8 >= 0:
                own = np.s_[..., self.utf8 : self.utf8 + 1]
                _move(cost[own], back[own], at, self.cut[at][:, None], (spent + CUT)[own], (came | 8)[own])
        return self._labels(cost, back, away)

    def _labels(self, cost: NDArray[np.int64], back: NDArray[np.int16], away: NDArray[np.bool_]) -> NDArray[np.int8]:
        """Follow the cheapest way from the end of each field."""
        longest, count, states = self.widths.shape
        rows = np.arange(count)
        place = np.array([len(one.raw) for one in self.fields])
        last = cost[place, rows] + away * (np.array([one.inside for one in self.fields])[:, None] * GLUE)
        state = last.argmin(axis=1)
        labels = np.zeros((count, longest), dtype=np.int8)
        while (open_ := np.flatnonzero(place > 0)).size:
            step = back[place[open_], open_, state[open_]]
            size = step & 7
            label = np.where(step & 8, states, state[open_])
            for offset in range(int(size.max())):
                some = size > offset
                labels[open_[some], place[open_[some]] - 1 - offset] = label[some]
            place[open_] -= size
            state[open_] = step >> 4
        return labels


def _move(
    cost: NDArray[np.int64],
    back: NDArray[np.int16],
    at: int,
    widths: NDArray[Any],
    total: NDArray[np.int64],
    came: NDArray[np.int16],
) -> None:
    """Go on by one character where that is cheaper than what led there before."""
    for size in (1, 2, 3, 4):
        better = (widths == size) & (total < cost[at + size])
        if better.any():
            np.copyto(cost[at + size], total, where=better)
            np.copyto(back[at + size], came | np.int16(size), where=better)
