"""A field character by character: the cheapest way to read it piece by piece, or one codec and what it loses."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from functools import cache

from audit.reading.candidates import BIT, LOSS, UTF8, Reading, table
from audit.reading.letters import Page, pair_prices
from audit.reading.scan import LOST, NEVER
from audit.reading.variants import variants

SWITCH = 14 * BIT  # another encoding for one field of a line
GLUE = 24 * BIT  # another encoding without a separator between
CUT = 16 * BIT  # a character of UTF-8 that was cut, however many bytes of it are left
ESCAPED = re.compile("[\udc80-\udcff]")

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
    return _width(raw[at : at + 4], codec)


@cache
def _width(head: bytes, codec: str) -> int:
    for size in range(1, len(head) + 1):
        try:
            text = head[:size].decode(codec)
        except UnicodeDecodeError:
            continue
        if text:
            return size if text.encode(codec, "replace") == head[:size] else -size
    return 0


def _broken(raw: bytes, at: int) -> int:
    """Bytes of a UTF-8 character that was cut: its beginning anywhere, its end only where the field begins."""
    head = raw[at]
    if 0xC2 <= head <= 0xF4:
        need = 2 + (head >= 0xE0) + (head >= 0xF0)
        size = 1
        while size < need and at + size < len(raw) and 0x80 <= raw[at + size] < 0xC0:
            size += 1
        return size if size < need else 0
    size = 0
    while at == 0 and size < min(3, len(raw)) and 0x80 <= raw[size] < 0xC0:
        size += 1
    return size


@cache
def _char(head: bytes, codec: str) -> int:
    """Code point of one whole character, the last one's where there are two."""
    return min(ord(head.decode(codec)[-1]), 0xFFFF)


def weave(raw: bytes, readings: Sequence[Reading | Page], home: str, *, inside: bool = False) -> list[Piece]:
    """The cheapest way to read a field piece by piece: a Viterbi search over bytes, one state a codec."""
    size, states = len(raw), len(readings)
    cost = [[NEVER] * states for _ in range(size + 1)]
    back: list[list[tuple[int, int, bool]]] = [[(0, 0, False)] * states for _ in range(size + 1)]
    cost[0] = [0 if reading.codec == home else SWITCH for reading in readings]
    for at in range(size):
        here = cost[at]
        least = min(range(states), key=here.__getitem__)
        if here[least] >= NEVER:
            continue
        for state, reading in enumerate(readings):
            came, spent = (state, here[state]) if here[state] <= here[least] + GLUE else (least, here[least] + GLUE)
            step = width(raw, at, reading.codec)
            step = abs(step) if variants(reading.codec) else step
            if step > 0:
                price = _price(raw, at, step, reading)
                if spent + price < cost[at + step][state]:
                    cost[at + step][state] = spent + price
                    back[at + step][state] = (at, came, False)
            for gone, price in ((abs(step) or 1, LOSS), (_broken(raw, at) if reading is UTF8 else 0, CUT)):
                if gone and spent + price < cost[at + gone][state]:
                    cost[at + gone][state] = spent + price
                    back[at + gone][state] = (at, came, True)
    if inside:  # what follows is in the home encoding
        cost[size] = [
            spent + GLUE * (reading.codec != home) for spent, reading in zip(cost[size], readings, strict=True)
        ]
    pieces: list[Piece] = []
    at, state = size, min(range(states), key=cost[size].__getitem__)
    while at:
        before, came, lost = back[at][state]
        pieces.append((before, at, LOST if lost else readings[state].codec))
        at, state = before, came
    return merge(pieces[::-1])


def _price(raw: bytes, at: int, step: int, reading: Reading | Page) -> int:
    if isinstance(reading, Page):
        return int(pair_prices(reading)[(raw[at - 1] if at else 10) << 8 | raw[at]])
    return int(table(reading.table)[_char(raw[at : at + step], reading.codec)])
