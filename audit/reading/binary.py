"""Files that are no text: told by their magic numbers, or by controls that text does not have."""

from __future__ import annotations

import codecs

import numpy as np

MAGIC = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08",
    b"\x7fELF", b"MZ\x90\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xca\xfe\xba\xbe", b"SQLite format 3\x00", b"ID3\x03",
    b"ID3\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"BZh9", b"OggS\x00", b"wOFF", b"wOF2",
    b"\x00\x01\x00\x00\x00", b"OTTO\x00", b"fLaC\x00", b"\x00asm\x01", b"PAR1", b"\x93NUMPY", b"II*\x00", b"MM\x00*", b"\x1a\x45\xdf\xa3",
)  # fmt: skip
SAMPLE = 1 << 16
MANY = 0.02  # share of controls; compressed data has 11 %
KINDS = 6  # ... of that many kinds; damaged text has many NULs, or one other control again and again
MOST = 0.25  # no text has so many, of whatever kind
STRETCH = 4  # bytes between NULs on average; numbers leave one to three
PADDED = ("utf-8", "gb18030", "cp950", "cp932", "euc_jp", "cp949", "cp1251", "cp1252")
FINE = 0.95
VARIED = 8  # different bytes; a mask or a picture of few colours has less
CONTROLS = bytes(b for b in range(0x20) if b not in b"\t\n\r\x0c\x1b\x1a") + b"\x7f"
BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def is_binary(raw: bytes) -> bool:
    """Whether `raw` is no text at all: known by its first bytes, or full of controls without being UTF-16 or UTF-32."""
    if raw.startswith(MAGIC) or raw[:4] == b"RIFF" or raw[4:8] == b"ftyp":
        return True
    if raw.startswith(BOMS):
        return False
    middle = len(raw) // 2
    sample = raw if len(raw) <= 3 * SAMPLE else raw[:SAMPLE] + raw[middle : middle + SAMPLE] + raw[-SAMPLE:]
    seen = np.frombuffer(sample, dtype=np.uint8)
    if np.count_nonzero(((seen < 0x20) & (seen != 0x0A)) | (seen == 0x7F)) <= max(1, len(sample) * MANY):
        return False  # as nearly all, tabs and the like counted too
    count = len(sample) - len(sample.translate(None, CONTROLS))
    if count <= max(1, len(sample) * MANY):
        return False
    kinds = len(set(sample) & set(CONTROLS))
    if count <= max(1, len(sample) * (MANY if kinds >= KINDS else MOST)) or _is_padded(sample):
        return False
    from audit.reading import wide  # noqa: PLC0415 - most files need no tables

    return wide.guess(raw) is None


def _is_padded(sample: bytes) -> bool:
    """Whether it is text filled up with NULs: records of one width, a buffer written whole."""
    seen = np.frombuffer(sample, dtype=np.uint8)
    rest = sample.translate(None, b"\0")
    stretches = int(np.count_nonzero((seen[1:] == 0) & (seen[:-1] != 0)))
    if len(rest) < STRETCH * max(stretches, 1) or len(rest.translate(None, CONTROLS)) < len(rest):
        return False
    if not rest.isascii() and len(set(rest)) < VARIED:
        return False
    lines = [line for line in sample.replace(b"\0", b"\n").split(b"\n") if line.strip()]
    return any(_takes(codec, lines) for codec in PADDED)


def _takes(codec: str, lines: list[bytes]) -> bool:
    """Whether nearly all of them are text in an encoding."""
    good = 0
    for line in lines:
        try:
            good += "".join(line.decode(codec).split()).isprintable()
        except UnicodeDecodeError:
            continue
    return 0 < len(lines) * FINE <= good
