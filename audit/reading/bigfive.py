"""Big5 with a code that its tables lack: of Hong Kong's characters, or of the user's own area, as Windows maps it to private use.

One such code turns a line into none of Big5, and some GB18030 takes it. In a file that is Big5 otherwise it is one all the same,
if every other character of the line is one of plain text. Source of the areas: code page 950 of Windows.
"""

from __future__ import annotations

import codecs
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.reading.candidates import BIT, MULTIBYTE, UTF8, table
from audit.reading.columns import ByteRuns

BIG5, HONG_KONG, USER = "cp950", "big5hkscs", "big5-user"
AREAS = (
    (0xFA40, 0xE000),
    (0x8E40, 0xE311),
    (0x8140, 0xEEB8),
    (0xC6A1, 0xF6B1),
)  # first code of each, and what it maps to
BEHIND = (0xFEFE, 0xA0FE, 0x8DFE, 0xC8FE)  # the last codes
TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
MOSTLY = 8  # bytes in Big5 for each that is in none of its lines
PLAIN = 27 * BIT // 2  # mean cost of the Han characters that Big5 has; of GB 2312 read as Big5 it is 16 bits and more
HAN, FORMS = 0x3400, 0xE000  # Han characters stand between, signs before and behind
HELD, HELD_SHARED = (
    1,
    4,
)  # Han characters that Big5 has for each code that it lacks, and for one that GB 2312 uses for common characters
SHARED = range(0xC6, 0xC9)  # leads of such codes
TRUST = 0.9
LONG = 1 << 16  # bytes on each side; a longer line stays as it was read
LF, CR = b"\n", b"\r"

Codes = NDArray[np.uint32]


@cache
def user_codes() -> dict[int, int]:
    """The code points of the pairs of the user's areas."""
    found: dict[int, int] = {}
    for (first, point), last in zip(AREAS, BEHIND, strict=True):
        pairs = [lead << 8 | trail for lead in range(first >> 8, (last >> 8) + 1) for trail in TRAILS]
        codes = [pair for pair in pairs if first <= pair <= last]
        found.update(zip(codes, range(point, point + len(codes)), strict=True))
    return found


@cache
def _written() -> dict[int, bytes]:
    return {point: code.to_bytes(2) for code, point in user_codes().items()}


@cache
def _handler(errors: str) -> str:
    """The name of an error handler that knows the user's areas and leaves all else to another."""

    def handle(error: UnicodeError) -> tuple[str | bytes, int]:
        if isinstance(error, UnicodeDecodeError):
            point = user_codes().get(int.from_bytes(error.object[error.start : error.start + 2]))
            if point is not None:
                return chr(point), error.start + 2
        elif isinstance(error, UnicodeEncodeError):
            code = _written().get(ord(error.object[error.start]))
            if code is not None:
                return code, error.start + 1
        return codecs.lookup_error(errors)(error)

    codecs.register_error(f"audit.user-area-{errors}", handle)
    return f"audit.user-area-{errors}"


def _encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
    return text.encode(BIG5, _handler(errors)), len(text)


def _decode(raw: Any, errors: str = "strict") -> tuple[str, int]:
    return bytes(raw).decode(BIG5, _handler(errors)), len(raw)


INFO = codecs.CodecInfo(_encode, _decode, name=USER)


def with_rare_codes(raw: bytes, runs: ByteRuns) -> ByteRuns:
    """The runs, with those lines of a file in Big5 that a code it lacks made another encoding's."""
    own = runs.kinds == runs.names.index(BIG5)
    sizes = np.diff(runs.bounds)
    if sizes[~own].sum() * MOSTLY > sizes[own].sum():
        return runs
    lines = [
        (start, end, codec) for start, end in _lines(raw, runs, ~own) if (codec := _codec(_line(raw, runs, start, end)))
    ]
    return _replaced(runs, lines) if lines else runs


def _lines(raw: bytes, runs: ByteRuns, other: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The lines that hold bytes of other runs, apart and ascending."""
    found: list[tuple[int, int]] = []
    mark = LF if LF in raw else CR
    for number in np.flatnonzero(other).tolist():
        at, end = runs.bounds[number : number + 2].tolist()
        at = max(at, found[-1][1]) if found else at
        while at < end:
            start = raw.rfind(mark, max(0, at - LONG), at) + 1
            stop = raw.find(mark, at, at + LONG) + 1
            if (start or at <= LONG) and (stop or at + LONG >= len(raw)):
                found.append((start, stop or len(raw)))
            at = stop or at + LONG
    return found


class Line(NamedTuple):
    """A line, its parts that were read as Big5, and those that were in another encoding."""

    raw: bytes
    own: list[bytes]
    others: list[bytes]


def _line(raw: bytes, runs: ByteRuns, start: int, end: int) -> Line | None:
    """A line as it was read; None where a part of it is UTF-8, which is nothing else by chance."""
    first = int(np.searchsorted(runs.bounds, start, side="right")) - 1
    last = int(np.searchsorted(runs.bounds, end, side="left"))
    line = Line(raw[start:end], [], [])
    for number in range(first, last):
        name = runs.names[runs.kinds[number]]
        if name == UTF8.codec:
            return None
        if name:
            a, b = runs.bounds[number : number + 2].tolist()
            (line.own if name == BIG5 else line.others).append(raw[max(a, start) : min(b, end)])
    return line


def _codec(line: Line | None) -> str:
    """A superset of Big5 that takes a line of which all that Big5 has is plain text, in each part that was read otherwise too, or nothing."""
    if line is None or line.raw.isascii():
        return "" if line is None else BIG5
    if _takes(line.raw):  # it lacks no code, and is in another encoding all the same
        return ""
    limit = PLAIN if line.others else min(PLAIN, _mean("".join([part.decode(BIG5, "ignore") for part in line.own])))
    for codec in (HONG_KONG, USER):
        try:
            text = line.raw.decode(codec)
            parts = [part.decode(codec) for part in line.others]
        except UnicodeDecodeError:
            continue
        if text.encode(codec) == line.raw and _is_enough(text, codec) and max(map(_mean, [text, *parts])) <= limit:
            return codec
    return ""


def _takes(raw: bytes) -> bool:
    """Whether Big5 has all codes of some bytes."""
    try:
        raw.decode(BIG5)
    except UnicodeDecodeError:
        return False
    return True


def _han(text: str) -> Codes:
    """The Han characters of a text that Big5 has."""
    known = text.encode(BIG5, "ignore").decode(BIG5)
    codes = np.frombuffer(known.encode("utf-32-le"), dtype=np.uint32)
    return codes[(codes >= HAN) & (codes < FORMS)]


def _is_enough(text: str, codec: str) -> bool:
    """Whether Big5 has enough Han characters beside the codes that it lacks."""
    has = set(text.encode(BIG5, "ignore").decode(BIG5))
    lacking = "".join([char for char in text if char not in has]).encode(codec, "ignore")
    shared = sum(lead in SHARED for lead in lacking[::2])
    return len(_han(text)) >= max(1, HELD * (len(lacking) // 2 - shared) + HELD_SHARED * shared)


def _mean(text: str) -> float:
    """What a Han character that Big5 has costs on average; 0 where there is none."""
    han = _han(text)
    return float(table(MULTIBYTE[1].table)[han].mean()) if len(han) else 0.0


def _replaced(runs: ByteRuns, lines: list[tuple[int, int, str]]) -> ByteRuns:
    """The runs with some lines in other codecs."""
    rows = list(runs)
    edges = sorted({*runs.bounds.tolist(), *(edge for line in lines for edge in line[:2])})
    told = {start: codec for start, _, codec in lines}
    stops = {stop for _, stop, _ in lines}
    made: list[tuple[int, int, str, float]] = []
    number, inside = 0, ""
    for start, end in pairwise(edges):
        while rows[number][1] <= start:
            number += 1
        inside = told.get(start, "" if start in stops else inside)
        codec, trust = (inside, TRUST) if inside else rows[number][2:]
        if made and made[-1][2] == codec:
            made[-1] = (made[-1][0], end, codec, max(made[-1][3], trust))
        else:
            made.append((start, end, codec, trust))
    return ByteRuns.of(made)
