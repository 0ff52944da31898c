"""Codecs that read as Python's do and write other bytes: characters with two codes, escapes with two spellings.

Shift_JIS, Big5 and ISO-2022-JP have several ways to write some characters; a decoder takes all, an encoder knows one.
With these a file that uses the others comes back byte for byte. Source: the tables of code pages 932 and 950 (doubles are
listed by trying all pairs of bytes), RFC 1468 for the escapes; RFC 1557, whose announcement stands on a line of its own.
"""

from __future__ import annotations

import codecs
from functools import cache
from typing import Any

LOST = "\N{REPLACEMENT CHARACTER}"
NEC_DOUBLES = ((0x8790, 0x879C), (0xEEF9, 0xEEF9))
IBM = ((0xFA40, 0xFC4B),)
WINDOWS = (
    (0xFA40, 0xFA49),
    (0xFA55, 0xFA57),
    (0xFA5C, 0xFC4B),
)  # what Windows writes: IBM's codes but for NEC's row 13
ANY = ((0x8140, 0xFEFE),)
DOUBLES = {  # name: codec it reads as, and the codes that it prefers
    "cp932-windows": ("cp932", WINDOWS),
    "cp932-ibm": ("cp932", IBM),
    "cp932-nec": ("cp932", NEC_DOUBLES),
    "cp950-second": ("cp950", ANY),
    "big5hkscs-second": ("big5hkscs", ANY),
}
ESCAPES = {  # name: codec it reads as, the escape that the codec writes, and the one written instead
    "iso2022_jp-roman": ("iso2022_jp", b"\x1b(B", b"\x1b(J"),
    "iso2022_jp-1978": ("iso2022_jp", b"\x1b$B", b"\x1b$@"),
}
KOREAN, KOREAN_LINE = "iso2022_kr", "iso2022_kr-first"  # the second writes the announcement in front of all text
ANNOUNCED = b"\x1b$)C"
READS_AS = (
    {name: row[0] for name, row in DOUBLES.items()}
    | {name: row[0] for name, row in ESCAPES.items()}
    | {KOREAN_LINE: KOREAN}
)


@cache
def variants(codec: str) -> tuple[str, ...]:
    """The codecs to try where one does not give back what it read, the likeliest first."""
    return tuple(name for name, read in READS_AS.items() if read == codec)


@cache
def doubles(name: str) -> dict[str, bytes]:
    """Characters of a codec with a preferred second code."""
    codec, ranges = DOUBLES[name]
    found: dict[str, bytes] = {}
    for first, last in ranges:
        for code in range(first, last + 1):
            raw = code.to_bytes(2)
            text = raw.decode(codec, "replace")
            if len(text) == 1 and text != LOST and text.encode(codec, "replace") != raw:
                found[text] = raw
    return found


def _info(name: str, codec: str) -> codecs.CodecInfo:
    def encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
        if name in ESCAPES:
            return text.encode(codec, errors).replace(*ESCAPES[name][1:]), len(text)
        if name == KOREAN_LINE:
            return ANNOUNCED + text.encode(codec, errors).replace(ANNOUNCED, b"", 1), len(text)
        table = doubles(name)
        return b"".join(table.get(char) or char.encode(codec, errors) for char in text), len(text)

    def decode(raw: Any, errors: str = "strict") -> tuple[str, int]:
        return bytes(raw).decode(codec, errors), len(raw)

    return codecs.CodecInfo(encode, decode, name=name)


def _search(wanted: str) -> codecs.CodecInfo | None:
    """Python hands over names in lower case, from 3.9 on with underscores for hyphens."""
    if wanted.replace("-", "_") == "euc_tw":
        from audit.reading.euctw import INFO  # noqa: PLC0415 - hardly a file needs its tables

        return INFO
    if wanted.replace("-", "_") == "big5_user":
        from audit.reading.bigfive import INFO as USER  # noqa: PLC0415 - as above

        return USER
    for name, codec in READS_AS.items():
        if wanted.replace("-", "_") == name.replace("-", "_"):
            return _info(name, codec)
    return None


codecs.register(_search)
