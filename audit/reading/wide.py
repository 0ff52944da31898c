"""UTF-16 and UTF-32: with a mark in front, or told by where the zero bytes and the high bytes of Han stand."""

from __future__ import annotations

import codecs

import numpy as np

from audit.reading.candidates import BIT, table

BOMS = (  # the longer first: UTF-32 LE begins like UTF-16 LE
    ("utf-32-le", codecs.BOM_UTF32_LE),
    ("utf-32-be", codecs.BOM_UTF32_BE),
    ("utf-8", codecs.BOM_UTF8),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
)
SAMPLE = 1 << 14
CUT = 8  # characters that a file must have before its last one may be cut
PLAIN = frozenset(b"\t\n\r\x0c\x1b") | frozenset(range(0x20, 0x7F))
CONTROLS = np.array([code < 0x20 and code not in PLAIN for code in range(0x21)])
MANY_CONTROLS = 16  # characters for each control; text has none, or a few NULs
ASCENDING = 0.9  # share of characters above the one before them: half in text, all in a column of numbers
COLUMN = 16  # characters that may ascend by chance
NATURAL = 14 * BIT  # mean cost of a character: 10 in Chinese, 13 in Cyrillic, 20 and more in other bytes read as UTF-16
WIDTHS = {"utf-32-le": 4, "utf-32-be": 4, "utf-16-le": 2, "utf-16-be": 2}  # the wider first: its zeros are valid UTF-16

Piece = tuple[int, int, str]


def mark_of(raw: bytes) -> tuple[str, bytes] | None:
    """The encoding that a byte order mark announces, and the mark."""
    for name, mark in BOMS:
        if raw.startswith(mark):
            if name == "utf-32-le" and (len(raw) % 4 or not _natural(raw[4 : 4 + SAMPLE], name)):
                continue  # UTF-16 whose first character is NUL
            return name, mark
    return None


def guess(raw: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, None where `raw` does not look like it."""
    head = raw[:SAMPLE]
    if len(raw) < 2 or PLAIN.issuperset(head):
        return None
    for name, width in WIDTHS.items():  # a file that was cut may end within a character
        if (
            (len(raw) % width == 0 or len(raw) > CUT * width)
            and _likely(head[: len(head) // width * width], name)
            and _natural(head, name)
        ):
            return name
    return None


def _likely(head: bytes, name: str) -> bool:
    """Whether the high bytes stand where this encoding has them; cheap, so that most files end here."""
    width = WIDTHS[name]
    columns = np.frombuffer(head, dtype=np.uint8).reshape(-1, width)
    if name.endswith("be"):
        columns = columns[:, ::-1]
    if width == 4 and columns[:, 2:].max() > 0x10:
        return False
    high = columns[:, 1]
    usual = (
        (high <= 0x06)
        | ((high >= 0x4E) & (high <= 0x9F))
        | ((high >= 0x20) & (high <= 0x26))
        | (high == 0x30)
        | (high == 0xFF)
    )
    usual |= (high >= 0xAC) & (high <= 0xD7)
    return bool(usual.mean() > 0.9)


def _natural(head: bytes, name: str) -> bool:
    """Whether the beginning reads as text."""
    text = head[: len(head) // 4 * 4 or 2].decode(name, "replace")
    if not text:
        return True
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if len(codes) > COLUMN and (
        np.count_nonzero(CONTROLS[np.minimum(codes, 0x20)]) * MANY_CONTROLS > len(codes)
        or float((codes[1:] > codes[:-1]).mean()) > ASCENDING
    ):
        return False  # numbers of that width
    return float(table("world")[np.minimum(codes, 0xFFFF)].mean()) < NATURAL


def pieces_of(raw: bytes, at: int, codec: str) -> list[Piece]:
    """`raw` from `at` on in one wide encoding, code units that make no character left out as LOST pieces."""
    text = raw[at:].decode(codec, "audit.lose-unit")
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    lost = codes == 0xD800
    if not lost.any():
        return [(at, len(raw), codec)] if len(raw) > at else []
    widths = np.full(len(codes), WIDTHS[codec], dtype=np.int64)
    if WIDTHS[codec] == 2:
        widths[codes >= 0x10000] = 4
    widths[lost] = 1
    ends = np.cumsum(widths) + at
    change = np.flatnonzero(np.diff(lost.astype(np.int8)))
    out: list[Piece] = []
    for last in [*change.tolist(), len(codes) - 1]:
        start = out[-1][1] if out else at
        out.append((start, int(ends[last]), "" if lost[last] else codec))
    return out


def _lose_unit(error: UnicodeError) -> tuple[str, int]:
    """An error handler: a mark for each byte that is no character."""
    assert isinstance(error, UnicodeDecodeError)
    return "\ud800" * (error.end - error.start), error.end


codecs.register_error("audit.lose-unit", _lose_unit)
