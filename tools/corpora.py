"""The clean prose that the tools measure on: `corpus/*.txt.xz` or `*.txt` below a folder."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from pathlib import Path


def genres(folder: Path) -> list[Path]:
    """The files, by name."""
    return sorted([*folder.glob("*.txt.xz"), *folder.glob("*.txt")])


def name_of(path: Path) -> str:
    """The genre a file is named after."""
    return path.name.removesuffix(".xz").removesuffix(".txt")


def load(path: Path, limit: int | None = None) -> str:
    """The text of a genre; at most `limit` bytes of UTF-8, taken in even pieces from all over the file."""
    raw = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    if limit is None or len(raw) <= limit:
        return raw.decode("utf-8")
    lines = raw.decode("utf-8").split("\n")
    pieces = 16
    share = limit / len(raw)
    size = max(int(len(lines) / pieces * share), 1)
    starts = [number * len(lines) // pieces for number in range(pieces)]
    return "\n".join(line for start in starts for line in lines[start : start + size])


def chunks(text: str, lines: int) -> Iterator[str]:
    """The text in documents of so many lines."""
    every = text.split("\n")
    for start in range(0, len(every), lines):
        yield "\n".join(every[start : start + lines])
