"""What is left when text was lost before it was misread: replacement characters and blank memory, read as text."""

from __future__ import annotations

import re
from functools import cache

from audit.restore.codecs import DOUBLE, LOST, SINGLE, Loss, decode
from audit.words import Phrase

FILLS = {"烫": "CC", "屯": "CD", "葺": "DD", "燙": "CC"}  # what compilers fill unused memory with, read as GBK
MIN_FILL = 3
MARK_BYTES = LOST.encode("utf-8")
IN_GBK = "锟斤拷"  # two of them
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


@cache
def samples() -> dict[str, str]:
    """What two U+FFFD in UTF-8 look like in each reading habit, and which."""
    data = (LOST * 2).encode("utf-8")
    found = {decode(data, read, Loss.MARK): read for read in (*DOUBLE, *SINGLE)}
    found["錕斤拷"] = "gbk"  # converted to traditional afterwards
    return {shown: read for shown, read in found.items() if LOST not in shown and len(shown) >= 3}


@cache
def pattern() -> re.Pattern[str]:
    """Runs of such residues; each begins with a literal, so that a search leaps from one such character to the next."""
    parts = [_run(shown) for shown in samples()]
    parts += [f"{char * MIN_FILL}{char}*" for char in FILLS]
    parts += [re.escape(decode(BOM.encode("utf-8"), read, Loss.MARK)) for read in SINGLE]
    return re.compile("|".join(parts))


def _run(shown: str) -> str:
    """A run of one residue; the last may be cut short."""
    if shown == IN_GBK:
        return _with_survivors()
    if len(shown) == 3:
        inside = "".join(dict.fromkeys(shown))
        return f"{re.escape(shown)}[{inside}]*"
    half = re.escape(shown[: len(shown) // 2])
    return f"{half}(?:{half})*"


def _with_survivors() -> str:
    """A run of U+FFFD read as GBK, with what survived of the text between: a letter of two bytes leaves its halves to the marks about it.

    Of `EF BF BD` the last byte begins the next character, the first one ends the one before: `锟侥凤拷` is a mark, a letter, a mark.
    """
    begun = [decode(bytes([MARK_BYTES[2], second]), "gbk", Loss.DROP) for second in range(0x40, 0xFF)]
    ended = [decode(bytes([first, MARK_BYTES[0]]), "gbk", Loss.DROP) for first in range(0x81, 0xFF)]
    behind, before = (re.escape("".join(char for char in some if len(char) == 1)) for some in (begun, ended))
    first, last = IN_GBK[0], IN_GBK[-1]
    torn = f"{first}[{behind}][^\n{first}{last}]?[{before}]{last}"
    return f"(?:{IN_GBK}|{torn})(?:{IN_GBK}|{torn}|[{IN_GBK}]|{first}[{behind}])*"


def triggers() -> str:
    """A character of each residue."""
    return "".join(
        dict.fromkeys(
            [*(shown[0] for shown in samples()), *FILLS, *(decode(BOM.encode(), read, Loss.MARK)[0] for read in SINGLE)]
        )
    )


def found(body: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """The residues of a line and their kinds; none where several kinds meet, or blanks of several kinds apart from each other: that is a joke about them."""
    spans: list[tuple[int, int, str]] = []
    fills: set[str] = set()
    last = start
    for match in pattern().finditer(body, start, end):
        first = match.start()
        while first > last and body[first - 1] in match[0]:  # the first residue may be cut as well
            first -= 1
        if not spans or first > last:
            fills.add(FILLS.get(match[0][0], ""))
        spans.append((first, match.end(), kind(match[0])))
        last = match.end()
    return spans if len({read for _, _, read in spans}) <= 1 and len(fills) <= 1 else []


def kind(shown: str) -> str:
    """The codec that shows U+FFFD so, or "memory", or "byte order mark"."""
    if shown[0] in FILLS:
        return Phrase("blank memory")
    if shown[0] in IN_GBK:
        return Phrase("gbk")
    return next(
        (Phrase(read) for sample, read in samples().items() if sample[:3] in shown or shown in sample),
        Phrase("byte order mark"),
    )


def is_residue(shown: str) -> bool:
    """Whether a text given back is nothing but what lost text turns into."""
    left = pattern().sub("", shown.replace(LOST, ""))
    return len(left) * 4 <= len(shown)
