"""Files of any size, a few megabytes at a time: pieces end where no character is cut, and what was learnt goes on."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from audit.reading.binary import is_binary
from audit.reading.columns import ByteRun
from audit.reading.decode import read_run, valid_utf8
from audit.reading.euctw import NAME as EUC_TW
from audit.reading.evidence import BUDGET, Evidence
from audit.reading.fields import SEPARATORS
from audit.reading.segment import segment
from audit.reading.short import humbled, is_short, of_utf8
from audit.reading.wide import WIDTHS, guess, mark_of, pieces_of

PIECE = 1 << 22  # bytes; large enough that a piece tells what a file is made of
TAIL = 1 << 16  # bytes at the end of a piece that are searched for a place to cut
BINARY = "binary"


class Stretch(NamedTuple):
    """Bytes of one encoding with their text; codec "" for bytes that no codec takes, "binary" for a file that is no text."""

    raw: bytes
    text: str
    codec: str
    confidence: float


class Piece(NamedTuple):
    """Some megabytes of a file and their runs, not yet verified."""

    raw: bytes
    runs: Iterable[ByteRun]

    def stretches(self) -> Iterator[Stretch]:
        """Its text, verified."""
        for start, end, codec, trust in self.runs:
            for first, last, name, text in read_run(self.raw, start, end, codec):
                yield Stretch(self.raw[first:last], text, name, trust if name else 1.0)


def stretches(stream: BinaryIO, size: int = PIECE) -> Iterator[Stretch]:
    """The whole of a file as stretches, read as they are asked for; memory is bounded by `size`.

    >>> import io
    >>> [(part.text, part.codec) for part in stretches(io.BytesIO("中文".encode("gbk")))]
    [('中文', 'gb18030')]
    """
    for part in pieces(stream, size):
        if isinstance(part, Piece):
            yield from part.stretches()
        else:
            yield part


def pieces(stream: BinaryIO, size: int = PIECE) -> Iterator[Piece | Stretch]:
    """The same as pieces; a mark in front and what is no text are stretches."""
    head = _fill(stream, b"", size)
    if not head:
        return
    marked = mark_of(head)
    if is_binary(head):
        yield from _binary(stream, head, size)
        return
    name = marked[0] if marked else guess(head[: len(head) // 4 * 4] if len(head) >= size else head)
    buffer = head
    if marked:
        yield Stretch(marked[1], "", f"bom:{marked[0]}", 1.0)
        buffer = head[len(marked[1]) :]
    evidence = Evidence()
    last = len(head) < size
    while buffer or not last:
        cut = len(buffer) if last else place_to_cut(buffer, name if name in WIDTHS else None, evidence)
        yield Piece(buffer[:cut], runs_of(buffer[:cut], name if name in WIDTHS else None, evidence))
        if last:
            return
        more = _fill(stream, b"", size)
        last = len(more) < size
        buffer = buffer[cut:] + more


def _fill(stream: BinaryIO, start: bytes, size: int) -> bytes:
    """As many bytes as asked for, fewer only at the end of the file."""
    parts = [start]
    have = len(start)
    while have < size and (more := stream.read(size - have)):
        parts.append(more)
        have += len(more)
    return b"".join(parts)


def _binary(stream: BinaryIO, head: bytes, size: int) -> Iterator[Stretch]:
    while head:
        yield Stretch(head, "", BINARY, 1.0)
        head = stream.read(size)


def runs_of(raw: bytes, wide: str | None, evidence: Evidence) -> Iterable[ByteRun]:
    """The runs of one piece; what is learnt from it goes into the evidence."""
    evidence.budget = BUDGET
    if wide:
        return [(*part, 1.0) for part in pieces_of(raw, 0, wide)]
    if valid_utf8(raw):
        ascii_only = raw.isascii()
        return [(0, len(raw), "ascii" if ascii_only else "utf-8", 1.0 if ascii_only else of_utf8(raw))]
    first = not evidence.counts
    runs = segment(raw, evidence)
    return humbled(raw, runs) if first and is_short(raw) else runs


def place_to_cut(buffer: bytes, wide: str | None, evidence: Evidence) -> int:
    """Where a piece may end: behind a line, else behind a separator, else between characters of the usual encoding."""
    if wide:
        return len(buffer) - len(_pending(buffer[-TAIL // 4 * 4 - len(buffer) % WIDTHS[wide] :], wide))
    at = buffer.rfind(b"\n") + 1
    if at:
        return at
    for offset in range(len(buffer) - 1, max(0, len(buffer) - TAIL), -1):
        if (
            buffer[offset - 1] in SEPARATORS
            and buffer[offset - 1 : offset + 1] != b"\r\n"
            and buffer[offset - 1] != 0x1B
        ):
            return offset
    codec = max(evidence.counts, key=evidence.counts.__getitem__, default="")
    if not codec:
        codec = max(segment(buffer[:TAIL], Evidence()), key=lambda run: run[1] - run[0])[2] or "utf-8"
    return max(1, len(buffer) - len(_pending(buffer, codec)))


def _pending(buffer: bytes, codec: str) -> bytes:
    """The beginning of a character at the end of a buffer."""
    decoder = codecs.getincrementaldecoder("gb18030" if codec == EUC_TW else codec)("replace")  # both cut pairs alike
    decoder.decode(buffer)
    return decoder.getstate()[0]
