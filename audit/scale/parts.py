"""A part: the Parquet files of one block. The entries are written last, so a part with entries is whole."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from pyarrow import parquet

from audit.address import physical, printable
from audit.language import surprise
from audit.model import Finding, Safety, Severity, Span, Text
from audit.reading.records import Broken, Record
from audit.run import Audited, GradedEntry
from audit.scale.rows import (
    BLOCK_SHIFT,
    ENTRIES,
    FILE_SHIFT,
    FINDINGS,
    PROBLEMS,
    SKETCHES,
    TEXTS,
    clean,
    finding_row,
    packed,
    table,
)
from audit.scale.sketches import sketch_row
from audit.scale.spots import marks_of

KINDS = {"findings": FINDINGS, "sketches": SKETCHES, "texts": TEXTS, "problems": PROBLEMS, "entries": ENTRIES}
COUNTS = b"jiaokan"
SURE = 0.5
Row = dict[str, Any]


def path_of(folder: Path, name: str, kind: str) -> Path:
    """Where one table of a part stands."""
    return folder / f"{name}.{kind}.parquet"


def is_done(folder: Path, name: str) -> tuple[int, int, int] | None:
    """Entries, problems and bytes of input of a part that is whole; None where there is none."""
    path = path_of(folder, name, "entries")
    if not path.exists():
        return None
    entries, problems, size = msgspec.json.decode(parquet.read_schema(path).metadata[COUNTS])
    return entries, problems, size


def write(path: Path, made: pa.Table) -> None:
    """A table at its place, whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        parquet.write_table(made, part, compression="zstd")
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):  # it is there only if it could not be written
            part.unlink(missing_ok=True)


class PartWriter:
    """Collects the rows of a block and writes them."""

    def __init__(self, folder: Path, name: str, file: int, block: int, size: int) -> None:
        self._folder, self._name = folder, name
        self._next = (file << FILE_SHIFT) + (block << BLOCK_SHIFT)
        self._rows: dict[str, list[Row]] = {kind: [] for kind in KINDS}
        self._size = size

    def number(self) -> int:
        """The number of the next row."""
        self._next += 1
        return self._next

    def problem(self, path: str, broken: Broken) -> None:
        """Adds what could not be read."""
        self._rows["problems"].append(
            {
                "n": self.number(),
                "path": printable(path),
                "entry": broken.number,
                "line": broken.line,
                "kind": broken.kind,
                "reason": printable(broken.reason),
            }
        )

    def document(self, audited: Audited) -> None:
        """Adds the entries of a document with what was found in them."""
        numbers = {one.number: self.number() for one in audited.entries}
        first = at = next(iter(numbers.values())) if numbers else self.number()
        critical = dict.fromkeys(numbers, 0)
        for found in audited.findings:
            at = at if found.entry is None else numbers[found.entry]
            self._rows["findings"].append(finding_row(found, at))
            if found.entry is not None and is_critical(found):
                critical[found.entry] += 1
        for one in audited.entries:
            self._entry(audited, one, numbers[one.number], first, critical[one.number])

    def records(self, path: str, items: Sequence[Record | Broken], audited: Audited | None) -> None:
        """Adds records that stand together as the entries of one document, each a document of its own."""
        numbers = []
        for item in items:
            if isinstance(item, Broken):
                self.problem(path, item)
            else:
                numbers.append(self.number())
        if audited is None:
            return
        document = audited.document
        number_of = {one.number: n for one, n in zip(audited.entries, numbers, strict=True)}
        critical = dict.fromkeys(number_of, 0)
        for found in audited.findings:
            assert found.entry is not None
            self._rows["findings"].append(finding_row(found, number_of[found.entry]))
            critical[found.entry] += is_critical(found)
        told = signals(document.text, [(one.entry.start, one.entry.end) for one in audited.entries])
        for one, n, own in zip(audited.entries, numbers, told, strict=True):
            origin, entry = document.origins[one.entry.index], one.entry
            heading = document.text.to_origin(entry.start, max(entry.title.end, entry.start))
            self._rows["entries"].append(entry_row(audited, one, n, critical[one.number], own))
            self._rows["sketches"].append(sketch_row(entry, n, n, alone=True))
            body = clean(document.body[origin.start : origin.end])
            marks = marks_of(document, entry.index, Span(origin.start, origin.end))
            self._rows["texts"].append(
                {"n": n, "start": 0, "heading": heading.end - heading.start, "text": body, "marks": marks}
            )

    def _entry(self, audited: Audited, one: GradedEntry, n: int, first: int, critical: int) -> None:
        document, entry = audited.document, one.entry
        span = document.text.to_origin(entry.start, entry.end)
        body = document.body[span.start : span.end]
        heading = document.text.to_origin(entry.start, max(entry.title.end, entry.start))
        (told,) = signals(entry.text, [(entry.start, entry.end)])
        self._rows["entries"].append(entry_row(audited, one, n, critical, told))
        self._rows["sketches"].append(sketch_row(entry, n, first, alone=len(audited.entries) == 1))
        row = {"n": n, "start": span.start, "heading": heading.end - heading.start, "text": clean(body)}
        self._rows["texts"].append({**row, "marks": marks_of(document, entry.index, span)})

    def close(self) -> tuple[int, int, int]:
        """Writes the tables, the entries last, or none; gives entries, problems, bytes of input."""
        try:
            return self._close()
        except OSError:
            for kind in KINDS:
                with contextlib.suppress(OSError):
                    path_of(self._folder, self._name, kind).unlink(missing_ok=True)
            raise

    def _close(self) -> tuple[int, int, int]:
        counts = (len(self._rows["entries"]), len(self._rows["problems"]), self._size)
        for kind, schema in KINDS.items():
            made = table(self._rows[kind], schema)
            if kind == "entries":
                made = made.replace_schema_metadata({COUNTS: msgspec.json.encode(counts)})
            write(path_of(self._folder, self._name, kind), made)
        return counts


def is_critical(found: Finding) -> bool:
    """Whether a finding caps the grade; see `audit.grade`."""
    return found.severity is Severity.CRITICAL and found.confidence >= SURE and found.safety is not Safety.SAFE


def entry_row(audited: Audited, one: GradedEntry, n: int, critical: int, told: Mapping[str, float]) -> Row:
    """An entry with its grades."""
    document, entry, graded = audited.document, one.entry, one.graded
    origin = document.origins[entry.index] if document.origins else None
    key = printable(origin.id) if origin and origin.id is not None else None
    start = document.text.to_origin(entry.start, entry.start).start
    return {
        "n": n,
        "path": printable(document.path),
        "entry": one.number,
        "id": key,
        "title": printable(entry.title_text) or None,
        "line": physical(document, entry.index, start, start)[0],
        "location": packed({**origin.place, "id": key}) if origin and origin.place else None,
        "characters": graded.size,
        "score": graded.now.score,
        "grade": graded.now.letter,
        "score_after": graded.after.score,
        "grade_after": graded.after.letter,
        "action": graded.action.value,
        "findings": sorted(graded.counts.items()),
        "effort": sorted(graded.now.costs),
        "effort_after": sum(cost for _, cost in graded.after.costs),
        "critical": critical,
        "signals": sorted(told.items()),
    }


def signals(text: Text, spans: Sequence[tuple[int, int]]) -> list[dict[str, float]]:
    """What a filter may ask of each stretch of a text: shares of its characters, and how surprising it is, in bits a character.

    A stretch begins at the text's start or behind a line break.
    """
    codes = text.codes
    bits = surprise(codes)
    lower = codes | 0x20
    classes = {
        "han": (codes >= 0x3400) & (codes <= 0x9FFF),
        "digits": (codes >= 0x30) & (codes <= 0x39),
        "latin": (lower >= 0x61) & (lower <= 0x7A),
    }
    bounds = np.array(spans, dtype=np.int64).reshape(-1, 2)
    sizes = np.maximum(bounds[:, 1] - bounds[:, 0], 1)
    counts = (np.diff(np.flatnonzero(found).searchsorted(bounds))[:, 0] for found in classes.values())
    shares = [np.round(count / sizes, 3).tolist() for count in counts]
    means = [round(float(bits[start:end].mean()), 2) if end > start else 0.0 for start, end in spans]
    return [dict(zip((*classes, "surprisal"), own, strict=True)) for own in zip(*shares, means, strict=True)]
