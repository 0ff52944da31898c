"""The table of a file's encodings: one row a run of lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from audit.reading.assemble import assemble
from audit.reading.columns import ByteRuns
from audit.reading.decode import LABELS, LOST, NAMES, label
from audit.reading.stream import BINARY, Piece, Stretch
from audit.reading.variants import READS_AS
from audit.reading.wide import WIDTHS

ASCII = "ascii"
CR, LF = 13, 10
FEW = 2  # runs
KIN = READS_AS | {
    "big5": "cp950",
    "big5hkscs": "cp950",
    "big5-user": "cp950",
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


def encoding_runs(parts: Iterable[Piece | Stretch]) -> Iterator[EncodingRun]:
    """Runs as they end; ASCII belongs to the run before it, or else to the one behind."""
    open_ = Open()
    for part in parts:
        if isinstance(part, Stretch):
            yield from open_.add(part)
        elif isinstance(part.runs, ByteRuns) and len(part.runs) > FEW and _is_plain(part.raw, part.runs):
            yield from open_.add_all(part.raw, part.runs)
        else:
            for stretch in part.stretches():
                yield from open_.add(stretch)
    if open_.row:
        yield open_.row


@dataclass(slots=True)
class Open:
    """The run that may still grow, its codec, and the line and byte reached."""

    row: EncodingRun | None = None
    codec: str = ""
    line: int = 1
    at: int = 0
    after_return: bool = False

    def add(self, part: Stretch) -> Iterator[EncodingRun]:
        """Go on by a stretch; gives the run that it ends."""
        text, line = part.text, self.line
        breaks = _breaks(text) - (self.after_return and text.startswith("\n"))
        self.after_return = text.endswith("\r") if text else self.after_return
        self.line += breaks
        last = self.line - 1 if breaks > 0 and text[-1] in "\n\r" else self.line
        start, self.at = self.at, self.at + len(part.raw)
        if self.row and _joins(self.codec, part.codec):
            self.row = _grown(self.row, part, self.codec, last, self.at)
            self.codec = part.codec if self.codec == ASCII else self.codec
            return
        if self.row:
            yield self.row
        self.row = _row(part, line, max(last, line), start, self.at)
        self.codec = part.codec

    def add_all(self, raw: bytes, runs: ByteRuns) -> Iterator[EncodingRun]:
        """Go on by runs whose names do not depend on what they hold, all at once; the first of them may join the run before."""
        end = int(runs.bounds[1])
        codec = runs.names[runs.kinds[0]]
        yield from self.add(Stretch(raw[:end], raw[:end].decode(codec), codec, float(runs.trusts[0])))
        if self.row:
            yield self.row
        codes = np.frombuffer(raw, dtype=np.uint8)
        before = np.concatenate([[0], codes[:-1]])
        broken = np.cumsum((codes == CR) | ((codes == LF) & (before != CR)))
        bounds = runs.bounds[1:]
        lines = self.line + broken[bounds - 1] - broken[bounds[0] - 1]
        firsts, nexts = lines[:-1], lines[1:]
        closed = (nexts > firsts) & np.isin(codes[bounds[1:] - 1], (CR, LF))
        columns = (firsts, np.maximum(nexts - closed, firsts), self.at - end + bounds[:-1], self.at - end + bounds[1:])
        names = [runs.names[kind] for kind in runs.kinds[1:].tolist()]
        rows = map(EncodingRun, *(column.tolist() for column in columns), names, runs.trusts[1:].tolist())
        *done, last = rows
        yield from done
        self.row, self.codec = last, last.encoding
        self.line, self.at, self.after_return = int(lines[-1]), last.byte_end, raw.endswith(b"\r")


def _is_plain(raw: bytes, runs: ByteRuns) -> bool:
    """Whether all runs are in encodings whose names do not depend on what they hold, and all come back."""
    if not PLAIN.issuperset(runs.names[kind] for kind in np.unique(runs.kinds).tolist()):
        return False
    return len(assemble(raw, runs).runs) == len(runs)


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
