"""EUC-TW, which Python lacks: CNS 11643 has the characters of Big5 in the order of Big5, but for some that stand elsewhere.

Planes 1 and 2, in two bytes and in four; where either stands follows from the tables of Big5 and the characters that moved.
Source: the standard's order of characters, held against the C library's own EUC-TW in the tests' samples.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from audit.language.patterns import regex
from audit.reading.candidates import BIT, MULTIBYTE, table

NAME = "euc_tw"
LOST = "\N{REPLACEMENT CHARACTER}"
CELLS = range(0xA1, 0xFF)
SYMBOLS, FIRST, SECOND = (
    (0xA140, 0xA3BF),
    (0xA440, 0xC67E),
    (0xC940, 0xF9D5),
)  # in Big5: marks, frequent and rarer characters
SYMBOL_ROWS = {0xA1: 94, 0xA2: 94, 0xA3: 46, 0xA4: 94, 0xA5: 80}  # cells in use
OTHER_SYMBOLS = {  # places in that order where CNS 11643 has another mark, or none
    5: "・", 14: "﹑", 21: "︱", 22: "—", 23: "︲", 24: "–", 25: "", 26: "", 27: "", 28: "", 73: "′", 74: "‵", 97: "", 99: "",
    127: "﹦", 128: "﹥", 148: "→", 149: "←", 154: "‖", 155: "｜", 158: "∕", 159: "﹨", 161: "￥", 163: "￠", 164: "￡", 263: "", 265: "",
}  # fmt: skip
NUMBERS = (0x2460, 0x2474, 0x2170)  # of ten signs each, in row 6
FIRST_MOVED = {"耄": "耆", "銬": "鉸", "薦": "薊", "嚨": "嚥", "繳": "繪"}  # each behind the other
FIRST_ALIKE = {"彝": "彞"}
SECOND_MOVED = {
    "刉": "刌", "攷": "扥", "莚": "萓", "錥": "鋡", "徻": "徼", "螤": "虤", "磿": "磼", "鎀": "鎟",
    "舋": "臕", "鎥": "鏒", "瀪": "瀹", "鐼": "鏸", "鬮": "驠", "爩": "灪",
}  # fmt: skip
SECOND_ALIKE = {"筇": "笻", "笻": "筇"}
TWICE = "\ufa0c\ufa0d"  # 兀 and 嗀, which Big5 has in two places
TOKEN = regex(rb"[\x00-\x7f]|[\xa1-\xfe]{2}|\x8e[\xa1-\xb0][\xa1-\xfe]{2}")
LIKELY = regex(rb"(?:[\x00-\x7f]|[\xa1-\xa6\xc4-\xfd][\xa1-\xfe]|\x8e[\xa2-\xb0][\xa1-\xfe][\xa1-\xfe])*")
SAMPLE = 1 << 12  # bytes; GBK, Big5 and EUC-KR have a byte in their first ten that this has not
CUT = 3  # bytes of a character at the end of the sample
LEAST = 8  # characters that tell
NATURAL = 13 * BIT  # mean cost of one, at most; ...
LEAD = 2 * BIT  # ... it must be so much less than in what else takes the bytes: as GBK such text costs 16 bits
RARE = 50  # characters for each of the planes beyond, of which nothing is known here
RIVALS = tuple(reading for reading in MULTIBYTE if reading.codec in ("gb18030", "cp949", "euc_jp"))


def _big5(first: int, last: int) -> Iterator[str]:
    """The characters of a stretch of Big5."""
    for lead in range(first >> 8, (last >> 8) + 1):
        for trail in (*range(0x40, 0x7F), *CELLS):
            if first <= lead << 8 | trail <= last:
                yield bytes((lead, trail)).decode("big5", "replace")


def _moved(chars: Iterator[str], moved: dict[str, str], alike: dict[str, str]) -> list[str]:
    """The order of CNS 11643 out of that of Big5."""
    behind = {before: char for char, before in moved.items()}
    out: list[str] = []
    for char in chars:
        if char not in moved:
            out.append(alike.get(char, char))
            while out[-1] in behind:
                out.append(behind[out[-1]])
    return out


@cache
def characters() -> dict[bytes, str]:
    """The character of each code."""
    symbols = [OTHER_SYMBOLS.get(at, char) for at, char in enumerate(_big5(*SYMBOLS))]
    cells = [bytes((row, cell)) for row, count in SYMBOL_ROWS.items() for cell in CELLS[:count]]
    found = {code: char for code, char in zip(cells, symbols, strict=True) if char}
    for at, char in enumerate(chr(first + step) for first in NUMBERS for step in range(10)):
        found[bytes((0xA6, CELLS[at]))] = char
    first = _moved(_big5(*FIRST), FIRST_MOVED, FIRST_ALIKE)
    second = _moved((char for char in _big5(*SECOND) if char not in TWICE), SECOND_MOVED, SECOND_ALIKE)
    for at, char in enumerate(first):
        found[bytes((0xC4 + at // 94, CELLS[at % 94]))] = char
    for at, char in enumerate(second):
        found[bytes((0x8E, 0xA2, 0xA1 + at // 94, CELLS[at % 94]))] = char
    return found | {bytes((code,)): chr(code) for code in range(0x80)}


@cache
def _codes() -> dict[str, bytes]:
    return {char: code for code, char in characters().items()}


def _decode(raw: Any, errors: str = "strict") -> tuple[str, int]:
    data, known = bytes(raw), characters()
    out: list[str] = []
    at = 0
    while at < len(data):
        token = TOKEN.match(data, at)
        char = known.get(token[0]) if token else None
        if token and char is not None:
            out.append(char)
            at = token.end()
        else:
            error = UnicodeDecodeError(NAME, data, at, token.end() if token else at + 1, "no character")
            text, at = codecs.lookup_error(errors)(error)
            out.append(str(text))
    return "".join(out), len(data)


def _encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
    known = _codes()
    out: list[bytes] = []
    at = 0
    while at < len(text):
        code = known.get(text[at])
        if code is None:
            error = UnicodeEncodeError(NAME, text, at, at + 1, "no code")
            other, at = codecs.lookup_error(errors)(error)
            out.append(other if isinstance(other, bytes) else _encode(other)[0])
        else:
            out.append(code)
            at += 1
    return b"".join(out), len(text)


INFO = codecs.CodecInfo(_encode, _decode, name=NAME)


def pieces_of(raw: bytes) -> list[tuple[int, int, str]]:
    """The runs of a file that is in EUC-TW throughout, codec "" where a character is unknown; none if it is not, or makes no sense so."""
    likely = LIKELY.match(raw[:SAMPLE])
    if not likely or likely.end() < min(len(raw), SAMPLE) - CUT:
        return []
    text = _decode(raw, "replace")[0]
    count = sum(not char.isascii() for char in text)
    mean = _mean(text, MULTIBYTE[1].table)
    if count < LEAST or text.count(LOST) * RARE > count or mean > NATURAL:
        return []
    for rival in RIVALS:
        other = raw.decode(rival.codec, "replace")
        if LOST not in other and _mean(other, rival.table) < mean + LEAD:
            return []
    out: list[tuple[int, int, str]] = []
    at = 0
    for start, end in _unknown(raw):
        out += [(at, start, NAME), (start, end, "")]
        at = end
    return [piece for piece in (*out, (at, len(raw), NAME)) if piece[0] < piece[1]]


def _unknown(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where there are bytes that are no character known here."""
    known = characters()
    at = 0
    for match in TOKEN.finditer(raw):
        if match.start() > at:
            yield at, match.start()
        if match[0] not in known:
            yield match.span()
        at = match.end()
    if at < len(raw):
        yield at, len(raw)


def _mean(text: str, name: str) -> float:
    """What a character outside ASCII costs on average."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    foreign = np.minimum(codes[codes >= 0x80], 0xFFFF)
    return float(table(name)[foreign].mean()) if len(foreign) else 0.0
