"""Text in seven bits that switches sets as it goes: ISO-2022 by escapes, HZ by `~{` and `~}`. It says itself what it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.language.patterns import regex
from audit.reading.candidates import BIT, MULTIBYTE, table
from audit.reading.variants import ANNOUNCED, variants

ESCAPE = b"\x1b$"  # the way into a two-byte set of ISO-2022
ISO_2022 = ("iso2022_jp", *variants("iso2022_jp"), "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr")
KOREAN_FILE = ("iso2022_kr", *variants("iso2022_kr"))
ASCII, HZ = "ascii", "hz"
HZ_OPEN = b"~{"
HZ_TEXT = regex(rb"~\{(?:[!-w][!-~])+~\}")  # RFC 1843: pairs of GB 2312 without their high bits
# Mean cost of so many characters and more. Of letters of programs read so, 4 in 10,000 are below at two characters, 5 at four, none of 2,000 at
# eight and more; of plain text 76 in 100 are at two, 91 at four, 99.7 at eight, 99.97 at sixteen.
HZ_NATURAL = ((8, 13 * BIT), (4, 23 * BIT // 2), (2, 11 * BIT))
HZ_PROVEN, HZ_BESIDE = (
    8,
    14 * BIT,
)  # characters of a line that prove it for the file, and what those of other lines may cost then


def switching(raw: bytes) -> bool:
    """Whether there is any such text; quick where there is none."""
    if b"\x1b" in raw and ESCAPE in raw:
        return True
    return b"~" in raw and HZ_OPEN in raw and any(_is_hz(match[0]) for match in HZ_TEXT.finditer(raw))


def whole(raw: bytes) -> str:
    """The codec of a file that announces itself in its first bytes, empty for all others."""
    if not raw.startswith(ANNOUNCED) or not raw.isascii():
        return ""
    return next((codec for codec in KOREAN_FILE if comes_back(raw, codec)), "")


def switching_lines(raw: bytes, flat: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> dict[int, str]:
    """Such lines with their codecs; `flat` is `raw` with its lines ended by LF."""
    units = [one for one in _lines_with(HZ_OPEN, flat, starts, ends) if one[1].isascii()]
    proven = any(_is_hz(unit, HZ_PROVEN) for _, unit in units)
    found = {line: HZ for line, unit in units if _is_hz(unit) or (proven and _is_hz(unit, 1, HZ_BESIDE))}
    escaped = False
    for line, unit in _lines_with(ESCAPE, raw, starts, ends):
        codec = next((codec for codec in ISO_2022 if unit.isascii() and comes_back(unit, codec)), "")
        if codec:
            found[line] = codec
            escaped = True
    for line, unit in _lines_with(b"\x1b", flat, starts, ends) if escaped else ():
        if unit.isascii():  # other escapes, as colours on a terminal, are not for these codecs
            found.setdefault(line, ASCII)
    return found


def _lines_with(
    sign: bytes, flat: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> list[tuple[int, bytes]]:
    """The lines that hold a sign."""
    found: list[tuple[int, bytes]] = []
    at = flat.find(sign)
    while at >= 0:
        line = int(np.searchsorted(ends, at))
        found.append((line, flat[int(starts[line]) : int(ends[line])]))
        at = flat.find(sign, int(ends[line]))
    return found


def _is_hz(unit: bytes, least: int = HZ_NATURAL[-1][0], limit: int = 0) -> bool:
    """Whether a line holds Chinese in HZ that makes sense, so many characters; they may cost what so many may if no `limit` is given."""
    if not HZ_TEXT.search(unit) or not comes_back(unit, HZ):
        return False
    codes = np.frombuffer(unit.decode(HZ).encode("utf-32-le"), dtype=np.uint32)
    foreign = np.minimum(codes[codes >= 0x80], 0xFFFF)
    limit = limit or next((most for size, most in HZ_NATURAL if len(foreign) >= size), 0)
    return len(foreign) >= least and float(table(MULTIBYTE[1].table)[foreign].mean()) <= limit


def comes_back(raw: bytes, codec: str) -> bool:
    """Whether a codec gives back the bytes that it read."""
    try:
        return raw.decode(codec).encode(codec) == raw
    except UnicodeError:
        return False
