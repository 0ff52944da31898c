"""From batches to findings: path, entry, line, bytes, words and fingerprint of each hit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.engine import Batch, severity_of
from audit.fingerprints import EXCERPT, again, fingerprint
from audit.model import Document, Finding, Offsets, Role, Text
from audit.pages import messages
from audit.printing import printable as printable  # noqa: PLC0414 - the reports know it by this address
from audit.reading.offsets import byte_offsets
from audit.rule import Rule
from audit.wording import message, plain

PIECE = 1 << 13  # hits whose columns are numbers at a time


def excerpt(body: str, start: int, end: int) -> str:
    """The damaged text itself, shortened in the middle of nowhere but at its end."""
    text = body[start : min(end, start + EXCERPT)]
    return printable(text).replace("\r", "<U+000D>") + ("…" if end - start > EXCERPT else "")


def entry_numbers(document: Document) -> tuple[list[int], list[int | None], list[str | None]]:
    """Where each part begins in the body, its 1-based number among the entries (None outside), and its title."""
    starts, numbers, titles = [], [], []
    count = 0
    for entry in document.entries:
        starts.append(document.text.to_origin(entry.start, entry.start).start)
        count = document.origins[entry.index].number if document.origins else count + (entry.role is Role.ENTRY)
        numbers.append(count if entry.role is Role.ENTRY else None)
        titles.append(printable(entry.caption or entry.title_text) or None)
    return starts, numbers, titles


def findings_of(document: Document, batches: Sequence[Batch]) -> list[Finding]:
    """The findings of one document, ordered by start, end and rule."""
    return list(each_finding(document, batches))


def by_place(batches: Sequence[Batch], key: Callable[[Rule], str]) -> tuple[Offsets, Offsets, Offsets, Offsets]:
    """The hits of batches by start, end and their rule's key: the number of each one's batch, its row there, start and end; shapes (n,)."""
    starts, ends = (np.concatenate([getattr(batch, name) for batch in batches]) for name in ("starts", "ends"))
    sizes = [len(batch) for batch in batches]
    numbers, rows = np.arange(len(batches)).repeat(sizes), np.concatenate([np.arange(size) for size in sizes])
    ranks = np.unique([key(batch.rule) for batch in batches], return_inverse=True)[1][numbers]
    order = np.lexsort((ranks, ends, starts))
    return numbers[order], rows[order], starts[order], ends[order]


def each_finding(
    document: Document, batches: Sequence[Batch], wanted: Sequence[NDArray[np.bool_]] | None = None
) -> Iterator[Finding]:
    """The same one after the other, or the `wanted` of them, a mask for each batch; of those that are still to come there are only columns."""
    if not batches:
        return
    numbers, rows, starts, ends = by_place(batches, lambda rule: rule.code)
    entry_starts, entries, titles = entry_numbers(document)
    parts = np.searchsorted(entry_starts, starts, side="right") - 1
    lows = np.array([origin.start for origin in document.origins] or [0] * len(entry_starts), dtype=np.int64)
    marks = marks_of(document, batches, (numbers, starts, ends, parts))
    columns = (
        *(starts, ends, parts, numbers, rows, marks),
        again(marks, lows[parts]),
        byte_offsets(document.decoded, document.source.codes, starts),
        byte_offsets(document.decoded, document.source.codes, ends),
    )
    chosen = np.arange(len(starts))
    if wanted is not None:
        chosen = np.flatnonzero(np.concatenate(wanted)[np.cumsum([0, *map(len, wanted)])[numbers] + rows])
    templates = [messages(batch.rule) for batch in batches]
    for at in range(0, len(chosen), PIECE):
        piece = chosen[at : at + PIECE]
        places = lined(document.source, starts[piece], ends[piece])
        for row in zip(*(column.tolist() for column in (*(each[piece] for each in columns), *places)), strict=True):
            made = Row(*row)
            found = finding_of(document, made, batches[made.number], templates[made.number], (entries, titles))
            yield in_record(found, document, made.part) if document.origins else found


class Row(NamedTuple):
    """Where a hit stands: its place in the body and in the file, the part that holds it, its batch and its row there.

    `mark` is its fingerprint, `before` how many equal ones stand before it; lines and columns count from 1.
    """

    start: int
    end: int
    part: int
    number: int
    row: int
    mark: int
    before: int
    byte_start: int
    byte_end: int
    line: int
    column: int
    end_line: int
    end_column: int


def marks_of(
    document: Document, batches: Sequence[Batch], columns: tuple[Offsets, Offsets, Offsets, Offsets]
) -> NDArray[np.uint64]:
    """The fingerprint of each hit as a number; the columns are those of `Row`: number, start, end, part."""
    body, codes = document.source.body, [batch.rule.code for batch in batches]
    bounds = [(origin.start, origin.end) for origin in document.origins]
    whole = (0, len(body))
    marks = np.empty(len(columns[0]), dtype=np.uint64)
    for at in range(0, len(marks), PIECE):
        rows = zip(*(column[at : at + PIECE].tolist() for column in columns), strict=True)
        marks[at : at + PIECE] = [
            int(fingerprint(codes[number], body, start, end, *(bounds[part] if bounds else whole)), 16)
            for number, start, end, part in rows
        ]
    return marks


def lined(source: Text, starts: Offsets, ends: Offsets) -> tuple[Offsets, Offsets, Offsets, Offsets]:
    """Line, column, end line and end column of spans, from 1."""
    lines = np.searchsorted(source.line_starts, starts, side="right")
    end_lines = np.searchsorted(source.line_starts, np.maximum(ends - 1, starts), side="right")
    return (
        *(lines, starts - source.line_starts[lines - 1] + 1),
        *(end_lines, ends - source.line_starts[end_lines - 1] + 1),
    )


def finding_of(
    document: Document, at: Row, batch: Batch, templates: Mapping[str, str], named: Sequence[Sequence[Any]]
) -> Finding:
    """A finding; `named` are the numbers and the titles of the document's parts."""
    rule, standing = batch.rule, batch.standing
    hit = batch.make(int(batch.rows[at.row]))
    text = excerpt(document.source.body, at.start, at.end)
    severity, confidence = severity_of(batch, at.row), float(batch.confidences[at.row])
    entry, title = (names[at.part] for names in named) if at.part >= 0 else (None, None)
    return Finding(
        rule=rule.code,
        name=rule.name,
        kind=rule.kind,
        severity=severity,
        confidence=round(confidence, 3),
        path=document.path,
        entry=entry,
        entry_title=title,
        line=at.line,
        column=at.column,
        end_line=at.end_line,
        end_column=at.end_column,
        start=at.start,
        end=at.end,
        byte_start=at.byte_start,
        byte_end=at.byte_end,
        excerpt=text,
        message=message(templates, hit, text),
        suggestion=hit.edit.text if hit.edit else None,
        safety=hit.edit.safety if hit.edit else None,
        evidence=plain(hit.evidence),
        fingerprint=f"{at.mark:016x}" if not at.before else f"{at.mark:016x}-{at.before + 1}",
        suppression=standing.suppression,
        baseline=standing.baseline,
        gates=standing.closes(severity, confidence),
    )


def in_record(finding: Finding, document: Document, part: int) -> Finding:
    """A finding in a file that is no plain text, with its place in the file and the format's own coordinates."""
    origin = document.origins[part]
    start, end = finding.start - origin.start, finding.end - origin.start
    location = {
        **origin.place,
        **(origin.marks.at(start) if origin.marks else {}),
        "id": origin.id if origin.id is None else printable(origin.id),
        "start": start,
        "end": end,
        "text_line": finding.line - document.source.line_at(origin.start),
        "text_column": finding.column,
    }
    line, column, end_line, end_column = physical(document, part, finding.start, finding.end)
    return replace(
        finding,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        byte_start=None,
        byte_end=None,
        location=location,
    )


def physical(document: Document, part: int, start: int, end: int) -> tuple[int, int, int, int]:
    """Line, column, end line and end column of a span of the body, counted from 1 as the file's readers count them.

    In a table they are the record's line and places in its text; in a file that is written in lines, its own; else the text's.
    """
    if document.origins:
        origin = document.origins[part]
        first, last = start - origin.start, end - origin.start
        if origin.line:
            return origin.line, first + 1, origin.line, last + 1
        if origin.marks and "line" in origin.marks.columns:
            head = origin.marks.at(max(first, origin.marks.offsets[0]))
            tail = origin.marks.behind(last) if last > first else head
            return head["line"], head["column"], tail["line"], tail["column"]
    source = document.source
    line, end_line = source.line_at(start), source.line_at(max(end - 1, start))
    above = source.line_at(document.origins[part].start) if document.origins else 0
    column, end_column = start - int(source.line_starts[line]) + 1, end - int(source.line_starts[end_line]) + 1
    return line - above + 1, column, end_line - above + 1, end_column
