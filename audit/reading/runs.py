"""The table of a file's encodings: one row a run of lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from audit.reading.decode import LABELS, LOST, NAMES, label
from audit.reading.stream import BINARY, Stretch
from audit.reading.variants import READS_AS
from audit.reading.wide import WIDTHS

ASCII = "ascii"
KIN = READS_AS | {
    "big5": "cp950",
    "big5hkscs": "cp950",
    "big5hkscs-second": "cp950",
}  # one encoding with more or fewer signs
UNDECODABLE = "undecodable"
SHOWN = 16  # bytes of an undecodable run that are spelled out


PLAIN = frozenset({"utf-8", "gb18030"})  # their names do not depend on what they hold, and none is the other's kin


class EncodingRun(NamedTuple):
    """A run of one encoding; lines are 1-based and inclusive, bytes end exclusive.

    `encoding` is "undecodable" for bytes that no codec takes (`hex` holds the first of them), "binary" for a file that is no text.
    """

    first_line: int
    last_line: int
    byte_start: int
    byte_end: int
    encoding: str
    confidence: float
    hex: str | None = None


def encoding_runs(parts: Iterable[Stretch]) -> Iterator[EncodingRun]:
    """Runs as they end; ASCII belongs to the run before it, or else to the one behind."""
    row: EncodingRun | None = None
    codec = ""
    line, at = 1, 0
    after_return = False
    for part in parts:
        text = part.text
        breaks = _breaks(text) - (after_return and text.startswith("\n"))
        after_return = text.endswith("\r") if text else after_return
        next_line = line + breaks
        last = next_line - 1 if breaks > 0 and text[-1] in "\n\r" else next_line
        end = at + len(part.raw)
        if row and _joins(codec, part.codec):
            row = _grown(row, part, codec, last, end)
            codec = part.codec if codec == ASCII else codec
        else:
            if row:
                yield row
            row = _row(part, line, max(last, line), at, end)
            codec = part.codec
        line, at = next_line, end
    if row:
        yield row


def _grown(row: EncodingRun, part: Stretch, codec: str, last: int, end: int) -> EncodingRun:
    """A run with a stretch that joins it."""
    name = _both(row.encoding, label(part.codec, part.raw, part.text), codec, part.codec)
    trust = part.confidence if codec == ASCII else row.confidence
    confidence = trust if part.codec == ASCII else max(trust, part.confidence)
    return row._replace(last_line=max(last, row.last_line), byte_end=end, encoding=name, confidence=confidence)


def _row(part: Stretch, line: int, last: int, at: int, end: int) -> EncodingRun:
    if part.codec in PLAIN:
        return EncodingRun(line, last, at, end, part.codec, part.confidence)
    name = {LOST: UNDECODABLE, BINARY: BINARY}.get(part.codec) or label(part.codec, part.raw, part.text)
    spelled = part.raw[:SHOWN].hex(" ") if part.codec == LOST else None
    return EncodingRun(line, last, at, end, name, part.confidence, spelled)


def _joins(before: str, codec: str) -> bool:
    """Whether two stretches are one run."""
    if before in PLAIN and codec in PLAIN:
        return before == codec
    if KIN.get(before, before) == KIN.get(codec, codec):
        return codec != LOST
    compatible = {LOST, BINARY, *WIDTHS}
    return (before == ASCII and codec not in compatible and not codec.startswith("bom:")) or (
        codec == ASCII and before not in compatible and not before.startswith("bom:")
    )


def _both(name: str, other: str, codec: str, joining: str) -> str:
    """The name of a run that grew: the plain one only while it fits all of it."""
    if joining == ASCII:
        return name
    if codec == ASCII or name == other:
        return other
    special = max(joining, codec, key=lambda one: (one in LABELS, one == "big5hkscs"))
    return NAMES.get(special, special) if special in LABELS or special in KIN else name


def _breaks(text: str) -> int:
    feeds = text.count("\n")
    return feeds + text.count("\r") - text.count("\r\n") if "\r" in text else feeds
