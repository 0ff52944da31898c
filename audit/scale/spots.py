"""Where a stretch of an entry stands in its file, in a reduce that has the entry's text but not its document."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from audit.model import Document, Span
from audit.scale.rows import packed, string
from audit.text import Marks
from audit.wording import plain


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as a row of findings has it; `location` is JSON, None in plain text."""

    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int
    location: str | None


def marks_of(document: Document, part: int, span: Span) -> str | None:
    """The marks in a span of a file of pages or a chapter, and the lines above it, as JSON; None in plain text and for rows of tables."""
    origin = document.origins[part] if document.origins else None
    if origin is None or origin.line:
        return None
    kept: dict[str, Any] = {"above": document.source.line_at(span.start) - document.source.line_at(origin.start)}
    if (marks := origin.marks) is not None:
        first = max(bisect_right(marks.offsets, span.start - origin.start) - 1, 0)
        last = max(bisect_left(marks.offsets, span.end - origin.start), first + 1)
        kept |= {
            "offsets": marks.offsets[first:last],
            "columns": {name: column[first:last] for name, column in marks.columns.items()},
            "running": marks.running,
            "widths": marks.widths[first:last],
        }
    return packed(plain(kept))


def spot_of(here: Mapping[str, Any], start: int, end: int) -> Spot:
    """The place of a span of the text of `here`, a row of `audit.scale.spoken.FACTS`, as `audit.address` has it of a document."""
    text, place, kept = string(here["text"]), here["location"], here["marks"]
    base = here["base"]
    above, column = text.count("\n", 0, start), start - text.rfind("\n", 0, start)
    line, end_line = here["line"] + above, here["line"] + text.count("\n", 0, max(end - 1, start))
    lines = line, column, end_line, end - text.rfind("\n", 0, max(end - 1, start))
    if place is None and kept is None:
        return Spot(*lines, base + start, base + end, None)
    known: dict[str, Any] = msgspec.json.decode(kept) if kept else {"above": 0}
    marks = (
        Marks(known["offsets"], known["columns"], frozenset(known["running"]), known["widths"])
        if len(known) > 1
        else None
    )
    if kept is None:
        lines = here["line"], start + 1, here["line"], end + 1
    elif marks is not None and marks.offsets and "line" in marks.columns:
        head = marks.at(max(base + start, marks.offsets[0]))
        tail = marks.behind(base + end) if end > start else head
        lines = head["line"], head["column"], tail["line"], tail["column"]
    location = {
        "id": None,
        **(msgspec.json.decode(place) if place else {}),
        **(marks.at(base + start) if marks else {}),
        "start": base + start,
        "end": base + end,
        "text_line": known["above"] + above + 1,
        "text_column": column,
    }
    return Spot(*lines, base + start, base + end, packed(location))
