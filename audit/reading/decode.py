"""Bytes to text and back, without losing one."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from audit.language.patterns import regex
from audit.model import Decoded, Run, Runs
from audit.reading.binary import CONTROLS, is_binary
from audit.reading.variants import READS_AS, variants

LABELS = {  # codec as read: the simpler name it gets where that reads the same
    "cp950": "big5",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
}
NAMES = (
    {"euc_jp": "euc-jp", "euc_tw": "euc-tw", "big5hkscs": "big5-hkscs"}
    | {f"cp{page}": f"windows-{page}" for page in range(1250, 1259)}
    | {f"iso8859-{part}": f"iso-8859-{part}" for part in range(1, 17)}
    | {f"iso2022_{name}": f"iso-2022-{name.replace('_', '-')}" for name in ("jp", "jp_2", "jp_3", "jp_ext", "kr")}
)
BEYOND = regex("[^\x00-\u07ff]")
BIG5_SIGNS = {0x2027: 0x2022, 0x2215: 0xFF0F}  # A1 45 and A2 41: Big5's own reading, unless more tells of code page 950
MARKS = b"\xef\xff\xfe\x00"  # first bytes of byte order marks
LARGE = 1 << 24  # bytes; what is no UTF-8 is read piece by piece from there on
HEAD = 256  # bytes; Cyrillic in UTF-16 without a mark is valid UTF-8, but every other byte is a control
NOT_GB2312 = regex(b"[\x80-\xa0]")
CHANCE = 64  # bytes outside ASCII; in more than that no other encoding is valid UTF-8 by chance
FEW = 1000  # places of one byte that are looked at one by one
LOST = ""
STATEFUL = ("hz", "iso2022")  # what begins the names of codecs in which bytes mean what those before them say

if TYPE_CHECKING:
    from audit.reading.columns import ByteRun, ByteRuns


def decode(raw: bytes) -> Decoded:
    """The text of `raw` and the runs of encodings that it was read in; `encode` is its inverse."""
    if not raw:
        return Decoded("", Runs.of(()))
    at = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    no_utf8 = False
    if (at or raw[:1] not in MARKS) and b"\0" not in raw and not _switching(raw) and not _controls(raw[:HEAD]):
        try:
            body = raw[at:].decode("utf-8")
        except UnicodeDecodeError:
            no_utf8 = True
        else:
            if len(raw) > at and (at or not _by_chance(raw, body)):
                trust = 1.0 if at or len(body) == len(raw) or len(raw) > HEAD else _trust(raw[at:])
                text = Run(0, len(body), at, len(raw), "utf-8", trust)
                return Decoded(body, Runs.of((Run(0, 0, 0, at, "bom:utf-8", 1.0), text) if at else (text,)))
    from audit.reading.assemble import assemble  # noqa: PLC0415 - most files are plain UTF-8 and need no tables

    if len(raw) > LARGE:
        from audit.reading.large import decode_large  # noqa: PLC0415 - as above

        found = decode_large(raw, no_utf8=no_utf8)
        if found:
            return found
    runs = _runs(raw, no_utf8=no_utf8)
    if len(raw) <= HEAD:
        from audit.reading.short import in_columns  # noqa: PLC0415 - as above

        runs = in_columns(raw, runs)
    return assemble(raw, runs)


def encode(decoded: Decoded) -> bytes:
    """The bytes that `decoded` was read from."""
    return b"".join([encode_run(decoded.body[run.start : run.end], run.encoding) for run in decoded.runs])


def encode_run(text: str, encoding: str) -> bytes:
    """The bytes of one run."""
    if encoding.startswith("bom:"):
        return "\ufeff".encode(encoding[4:])
    return text.encode(encoding or "ascii", "strict" if encoding else "surrogateescape")


def _trust(raw: bytes) -> float:
    from audit.reading.short import of_utf8  # noqa: PLC0415 - most files are longer

    return of_utf8(raw)


def _controls(head: bytes) -> bool:
    return len(head.translate(None, CONTROLS)) < len(head) * 3 // 4


def _switching(raw: bytes) -> bool:
    """Whether sets are switched by escapes or by HZ."""
    if not _holds(raw, b"\x1b$") and not (_holds(raw, b"~{") and _holds(raw, b"~}")):
        return False
    from audit.reading.switches import switching  # noqa: PLC0415 - most files are plain UTF-8 and need no tables

    return switching(raw)


def _holds(raw: bytes, two: bytes) -> bool:
    """Whether two bytes stand together; a single one is found fifty times as fast, so the first is sought while it is rare."""
    first, second, at = two[:1], two[1], -1
    for _ in range(FEW):
        at = raw.find(first, at + 1)
        if at < 0 or at + 1 == len(raw):
            return False
        if raw[at + 1] == second:
            return True
    return raw.find(two, at + 1) >= 0


def _by_chance(raw: bytes, body: str) -> bool:
    """Whether a short text is valid UTF-8 only because its GBK happens to be: `时` is CA B1, as is U+02B1."""
    if len(body) == len(raw) or len(raw) - len(body) > CHANCE or NOT_GB2312.search(raw) or BEYOND.search(body):
        return False
    from audit.reading.segment import by_chance  # noqa: PLC0415 - most files are plain UTF-8 and need no tables

    return by_chance(raw)


def _runs(raw: bytes, *, no_utf8: bool) -> ByteRuns:
    """The slow path: byte runs with their codecs, not yet verified; `no_utf8`: it is none, and does not switch sets either."""
    from audit.reading import wide  # noqa: PLC0415 - as above
    from audit.reading.columns import ByteRuns  # noqa: PLC0415 - as above
    from audit.reading.segment import segment  # noqa: PLC0415 - as above

    marked = wide.mark_of(raw)
    at = 0
    runs: list[ByteRun] = []
    if marked:
        at = len(marked[1])
        runs.append((0, at, f"bom:{marked[0]}", 1.0))
    name = marked[0] if marked else wide.guess(raw)
    if name in wide.WIDTHS:
        trust = 1.0 if marked else 0.95
        return ByteRuns.of(runs + [(*piece, trust) for piece in wide.pieces_of(raw, at, str(name))])
    rest = raw[at:]
    if not rest:
        return ByteRuns.of(runs)
    if not no_utf8 and valid_utf8(rest):
        runs.append((at, len(raw), "utf-8", 1.0))
    elif is_binary(raw):
        runs.append((at, len(raw), LOST, 1.0))
    elif not marked:
        return segment(rest, plain=no_utf8)
    else:
        runs += [(start + at, end + at, codec, trust) for start, end, codec, trust in segment(rest, plain=no_utf8)]
    return ByteRuns.of(runs)


def valid_utf8(raw: bytes) -> bool:
    """Whether `raw` is UTF-8 throughout, not by chance, and does not switch to other sets by escapes."""
    try:
        return not _switching(raw) and not _by_chance(raw, raw.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def label(codec: str, raw: bytes, text: str) -> str:
    """The name to print for a codec: the plainest that reads these bytes alike."""
    codec = READS_AS.get(codec, codec)
    plain = LABELS.get(codec)
    return plain if plain and reads_alike(raw, plain, text) else NAMES.get(codec, codec)


def read_run(raw: bytes, start: int, end: int, codec: str) -> list[tuple[int, int, str, str]]:
    """One run as text, split where it would not come back: start and end byte, codec, text."""
    piece = raw[start:end]
    if codec.startswith("bom:"):
        return [(start, end, codec, "")]
    if codec == LOST:
        return [(start, end, LOST, piece.decode("ascii", "surrogateescape"))]
    try:
        text = piece.decode(codec)
        plain = with_big5_signs(text) if codec == "cp950" else text
        if plain != text and reads_alike(piece, "big5", plain):
            return [(start, end, "big5", plain)]
        if codec == "utf-8" or text.encode(codec) == piece:
            return [(start, end, codec, text)]
        for name in variants(codec):
            if text.encode(name, "replace") == piece:
                return [(start, end, name, text)]
    except UnicodeError:
        pass
    from audit.reading.lossy import lossy  # noqa: PLC0415 - as above

    return [_part(piece[a:b], start + a, name) for a, b, name in lossy(piece, codec)]


def _part(piece: bytes, start: int, codec: str) -> tuple[int, int, str, str]:
    """A part of a run, as `read_run`; it is lost where the codec needs what stood before it, as HZ and ISO-2022 may."""
    try:
        text = piece.decode(codec or "ascii", "strict" if codec else "surrogateescape")
    except UnicodeDecodeError:
        codec = LOST
    else:
        if not codec or not codec.startswith(STATEFUL) or text.encode(codec, "replace") == piece:
            return start, start + len(piece), codec, text
    return start, start + len(piece), LOST, piece.decode("ascii", "surrogateescape")


def with_big5_signs(text: str) -> str:
    """Text read as code page 950, with the signs that Big5 itself has in two places."""
    for sign, other in BIG5_SIGNS.items():
        text = text.replace(chr(sign), chr(other))
    return text


def reads_alike(piece: bytes, codec: str, text: str) -> bool:
    """Whether the plainer codec gives the same text and bytes."""
    try:
        return piece.decode(codec) == text and text.encode(codec) == piece
    except UnicodeError:
        return False


__all__ = ["decode", "encode", "encode_run", "is_binary"]
