"""From batches to findings: path, entry, line, bytes, words and fingerprint of each hit."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from audit.catalogue import language
from audit.engine import Batch, severity_of
from audit.model import Document, Finding, Hit, Role
from audit.pages import messages
from audit.printing import printable as printable  # noqa: PLC0414 - the reports know it by this address
from audit.reading.offsets import byte_offsets
from audit.words import Phrase, listing

EXCERPT = 120  # code points of a long span that a report quotes
CONTEXT = 8  # characters on each side that tell two equal excerpts apart
REACH = 3 * CONTEXT  # code points that are looked at for them; the rest is blank
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


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
    if not batches:
        return []
    source = document.source
    starts = np.concatenate([batch.starts for batch in batches])
    ends = np.concatenate([batch.ends for batch in batches])
    codes = np.concatenate([np.full(len(batch), number) for number, batch in enumerate(batches)])
    rows = np.concatenate([np.arange(len(batch)) for batch in batches])
    by_rule = np.array([batch.rule.code for batch in batches])[codes]
    order = np.lexsort((by_rule, ends, starts))
    lines = np.searchsorted(source.line_starts, starts, side="right") - 1
    last = np.maximum(ends - 1, starts)
    end_lines = np.searchsorted(source.line_starts, last, side="right") - 1
    columns = starts - source.line_starts[lines] + 1
    end_columns = ends - source.line_starts[end_lines] + 1
    byte_starts = byte_offsets(document.decoded, source.codes, starts)
    byte_ends = byte_offsets(document.decoded, source.codes, ends)
    entry_starts, numbers, titles = entry_numbers(document)
    parts = np.searchsorted(entry_starts, starts, side="right") - 1
    columns_of = (
        starts,
        ends,
        lines + 1,
        columns,
        end_lines + 1,
        end_columns,
        byte_starts,
        byte_ends,
        parts,
        codes,
        rows,
    )
    table = zip(*(column[order].tolist() for column in columns_of), strict=True)
    bounds = [(origin.start, origin.end) for origin in document.origins]
    seen: dict[tuple[int, str], int] = {}
    templates = [messages(batch.rule) for batch in batches]
    found = []
    for start, end, line, column, end_line, end_column, byte_start, byte_end, part, number, row in table:
        batch = batches[number]
        rule = batch.rule
        hit = batch.make(int(batch.rows[row]))
        text = excerpt(source.body, start, end)
        low, high = bounds[part] if bounds else (0, len(source.body))
        mark = fingerprint(rule.code, source.body, start, end, low, high)
        severity, confidence, standing = severity_of(batch, row), float(batch.confidences[row]), batch.standing
        seen[low, mark] = seen.get((low, mark), 0) + 1
        found.append(
            Finding(
                rule=rule.code,
                name=rule.name,
                kind=rule.kind,
                severity=severity,
                confidence=round(confidence, 3),
                path=document.path,
                entry=numbers[part] if part >= 0 else None,
                entry_title=titles[part] if part >= 0 else None,
                line=line,
                column=column,
                end_line=end_line,
                end_column=end_column,
                start=start,
                end=end,
                byte_start=byte_start,
                byte_end=byte_end,
                excerpt=text,
                message=message(templates[number], hit, text),
                suggestion=hit.edit.text if hit.edit else None,
                safety=hit.edit.safety if hit.edit else None,
                evidence=plain(hit.evidence),
                fingerprint=mark if seen[low, mark] == 1 else f"{mark}-{seen[low, mark]}",
                suppression=standing.suppression,
                baseline=standing.baseline,
                gates=standing.closes(severity, confidence),
            )
        )
    homes = parts[order].tolist() if bounds else []
    return [in_record(one, document, home) for one, home in zip(found, homes, strict=True)] if bounds else found


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


def message(templates: Mapping[str, str], hit: Hit, text: str) -> str:
    """The rule's words filled with the hit's values; `{text}` is the excerpt unless the hit says otherwise."""
    template = templates.get(hit.variant, hit.variant)
    values = {name: spoken(value) for name, value in hit.values.items()}
    return template.format(**{"text": on_one_line(text), **values})


def spoken(value: Any) -> Any:
    """A value as a message prints it."""
    if isinstance(value, Phrase):
        return value
    if isinstance(value, str):
        return on_one_line(printable(value))
    return listing(map(spoken, value)) if isinstance(value, (list, tuple)) else value


def on_one_line(text: str) -> str:
    """The text with its line breaks as signs; English templates quote with `repr`, which spells them out."""
    return text if language() == "en" else text.replace("\n", "↵")


def fingerprint(code: str, body: str, start: int, end: int, low: int = 0, high: int | None = None) -> str:
    """16 hex digits by which a finding is known, wherever in the file it moves; `low` to `high` is its record.

    Eight are of rule and passage, four of what stands before it and four of what stands behind, blanks and width aside: an
    edit on one side leaves the other.
    """
    long = body[start:end] if end - start <= 2 * EXCERPT else body[start : start + EXCERPT] + body[end - EXCERPT : end]
    high = len(body) if high is None else high
    own = f"{code}\0{long}".replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "surrogatepass")
    left = beside(body[max(start - REACH, low) : start])[-CONTEXT:]
    right = beside(body[end : min(end + REACH, high)])[:CONTEXT]
    sides = (zlib.crc32(side.encode("utf-8", "surrogatepass")) & 0xFFFF for side in (left, right))
    return hashlib.blake2b(own, digest_size=4).hexdigest() + "".join(f"{side:04x}" for side in sides)


def beside(text: str) -> str:
    """A stretch beside a passage, without blanks, full-width forms and capitals."""
    return "".join(text.split()).translate(NARROW).lower()


def plain(value: Any) -> Any:
    """Evidence as JSON can hold it."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [plain(item) for item in items]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, float):
        return round(value, 6)
    return str(printable(value)) if isinstance(value, str) else value
