"""How much an archive may unpack to: enough for any text that was packed honestly, not for a bomb."""

from __future__ import annotations

from audit.words import Phrase

MAX_MEMBERS = 250_000  # the directory of a zip archive of so many is read in 3 s and 150 MB
MAX_RATIO = 200  # prose packs 2 to 5 times, tables and logs up to 60, zeros 1,000 and more
FREE = (
    1 << 24
)  # bytes that may always be unpacked, whatever their ratio: a small file of one repeated line harms nobody
MAX_UNPACKED = 1 << 36  # bytes of all members; they are read one after another


def allowed(unpacked: int, packed: int) -> str:
    """Why so many bytes must not be unpacked from so few; empty if they may."""
    if unpacked > max(FREE, MAX_RATIO * packed):
        return Phrase(
            "refused: {unpacked:,} bytes packed into {packed:,} are a bomb; unpack it if they are not",
            unpacked=unpacked,
            packed=packed,
        )
    return ""


def check_size(unpacked: int, packed: int) -> None:
    """ValueError for an archive that would unpack to too much."""
    if unpacked > MAX_UNPACKED:
        raise ValueError(
            Phrase(
                "refused: it holds {unpacked:,} bytes; {most:,} are read at most", unpacked=unpacked, most=MAX_UNPACKED
            )
        )
    if reason := allowed(unpacked, packed):
        raise ValueError(reason)


def check_count(members: int) -> None:
    """ValueError for an archive of too many members."""
    if members > MAX_MEMBERS:
        raise ValueError(
            Phrase(
                "refused: it holds {members:,} members; {most:,} are read at most", members=members, most=MAX_MEMBERS
            )
        )
