"""What programs do when they read bytes with the wrong codec: forward simulators, and the bytes behind a character.

A codec here is a *reading habit*: Python's table, mended where real programs differ from it (Windows reads a lone 0x80
of a GBK page as the euro sign, browsers read Latin-1 as cp1252 and keep the five undefined bytes as control characters).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from audit.words import Phrase

LOST = "\N{REPLACEMENT CHARACTER}"
EURO = "\N{EURO SIGN}"
SINGLE = ("cp1252", "cp1251", "koi8_r", "mac_roman", "cp437")
DOUBLE = ("gbk", "big5", "shift_jis", "euc_kr", "euc_jp")
# The table that Python must use for a habit: the widest that agrees with it.
TABLES = {"gbk": "gb18030", "big5": "cp950", "shift_jis": "cp932", "euc_kr": "cp949"}
WIDER = {"big5": "big5hkscs"}


class Loss(Enum):
    """What a reader shows for bytes that it cannot read."""

    MARK = "U+FFFD for each byte"  # Python, iconv
    QUESTION = "? for each byte"  # the same, saved in a codec without U+FFFD
    PAIR = "? for a lead byte and whatever follows"  # Windows
    PAIR_MARK = "U+FFFD for a lead byte and whatever follows"  # Windows, newer
    DROP = "nothing"  # errors="ignore"


@dataclass(frozen=True, slots=True)
class Channel:
    """A mechanism: bytes written in one codec, read in another."""

    written: str
    read: str
    converted: bool = False  # to traditional characters afterwards

    @property
    def name(self) -> Phrase:
        """The name that findings print."""
        name = Phrase("{written} read as {read}", written=self.written, read=self.read)
        return Phrase("{first}, then converted to traditional", first=name) if self.converted else name


@lru_cache(maxsize=1 << 16)
def bytes_of(char: str, read: str) -> bytes | None:
    """The bytes that this habit shows as `char`; None where there are none."""
    if char == EURO and read == "gbk":
        return b"\x80"
    for table in (TABLES.get(read, read), WIDER.get(read)):
        if table is None:
            continue
        try:
            found = char.encode(table)
        except UnicodeEncodeError:
            continue
        if len(found) <= 2 or read in ("euc_jp", "utf-8"):
            return found
    if "\x80" <= char <= "\x9f" and (read == "cp1252" or (read in SINGLE and char in single_table(read))):
        return char.encode("latin-1")
    return None


def bytes_each(chars: Sequence[str], read: str) -> list[bytes | None]:
    """`bytes_of` of each of some characters, at a third of the price."""
    if read not in DOUBLE or "\n" in chars:
        return [bytes_of(char, read) for char in chars]
    found: list[bytes | None] = [None] * len(chars)
    for table in filter(None, (WIDER.get(read), TABLES.get(read, read))):
        for at, data in enumerate("\n".join(chars).encode(table, "ignore").split(b"\n") if chars else ()):
            if data and (len(data) <= 2 or read == "euc_jp"):
                found[at] = data
    if read == "gbk" and EURO in chars:
        found[list(chars).index(EURO)] = b"\x80"
    return found


@lru_cache(maxsize=8)
def single_table(read: str) -> str:
    """The 256 characters of a one-byte habit; undefined bytes stay control characters."""
    return "".join(bytes([byte]).decode(read, "replace").replace(LOST, chr(byte)) for byte in range(256))


@lru_cache(maxsize=1 << 16)
def pair(data: bytes, read: str) -> str | None:
    """The character of one byte or two in this habit; None where it has none."""
    if data == b"\x80" and read == "gbk":
        return None
    for table in (TABLES.get(read, read), WIDER.get(read)):
        if table is None:
            continue
        try:
            found = data.decode("gbk" if table == "gb18030" else table)
        except UnicodeDecodeError:
            continue
        if len(found) == 1:
            return found
    return None


def misread(text: str, channel: Channel, loss: Loss = Loss.MARK) -> str:
    """The text as a program shows it that reads its bytes with the wrong codec: the forward simulator."""
    data = text.encode(TABLES.get(channel.written, channel.written), "replace")
    return decode(data, channel.read, loss)


def decode(data: bytes, read: str, loss: Loss) -> str:
    """Bytes as this habit shows them."""
    if read in SINGLE:
        table = single_table(read)
        return "".join(table[byte] for byte in data)
    if loss in (Loss.PAIR, Loss.PAIR_MARK) and read in DOUBLE:
        return _decode_pairs(data, read, "?" if loss is Loss.PAIR else LOST)
    codec = TABLES.get(read, read) if read != "gbk" else "gbk"
    if loss is Loss.DROP:
        return data.decode(codec, "ignore")
    shown = data.decode(codec, "replace")
    return shown.replace(LOST, "?") if loss in (Loss.QUESTION, Loss.PAIR) else shown


def _decode_pairs(data: bytes, read: str, mark: str) -> str:
    """Windows takes two bytes for every lead byte, whether the pair exists or not; 0x80 is no lead byte."""
    shown = []
    at = 0
    while at < len(data):
        byte = data[at]
        if byte < 0x80 or (byte == 0x80 and read == "gbk"):
            shown.append(chr(byte) if byte < 0x80 else EURO)
            at += 1
            continue
        single = pair(data[at : at + 1], read)
        if single is not None:
            shown.append(single)
            at += 1
            continue
        if at + 1 < len(data) and data[at + 1] >= 0x40:
            shown.append(pair(data[at : at + 2], read) or mark)
            at += 2
            continue
        shown.append(mark)
        at += 1
    return "".join(shown)
