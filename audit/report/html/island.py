"""What the page's script needs, as one JSON value: words, parts, rows of text, findings in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np

from audit.address import entry_numbers, physical, printable
from audit.grade import Graded
from audit.language.script import KANA, scripts
from audit.model import Document, Finding, Offsets, Role
from audit.pages import title
from audit.report import phrases
from audit.report.html.choice import Choice
from audit.report.html.columns import Columns
from audit.report.html.families import letters
from audit.report.html.rows import WIDTH, Rows, held, is_block, positions, rows_of, shown
from audit.report.html.words import script_words
from audit.run import Audit, Audited
from audit.words import say

TEXT = 3_000_000  # code points of text that a page carries whole; of more it carries the rows with findings
NARROW = (WIDTH, 400, 120, 40)  # code points of a row, the widest with which the rows with findings fit
AROUND = 1  # rows without a finding shown on each side of one


@dataclass(slots=True)
class Island:
    """The parts of a page in the making. `rows` are [line], [text or number of lines left out], {row: column}."""

    width: int
    whole: bool
    columns: Columns = field(default_factory=Columns)
    lines: list[int] = field(default_factory=list)
    texts: list[str | int] = field(default_factory=list)
    offsets: dict[int, int] = field(default_factory=dict)
    parts: list[dict[str, Any]] = field(default_factory=list)

    def add(self, number: int, audited: Audited, findings: Sequence[Finding]) -> None:
        """One document."""
        document = audited.document
        rows = rows_of(document, findings, self.width)
        first, last = held(rows, findings)
        wanted = self.wanted(rows, first, last)
        starts, numbers, titles = entry_numbers(document)
        grades = {one.number: graded_words(one.graded) for one in audited.entries}
        bounds = [*(int(row) for row in rows.at(np.array(starts, dtype=np.int64))), len(rows.starts)]
        bounds[0] = 0
        placed: dict[int, int] = {}
        for part, (low, high) in enumerate(pairwise(bounds)):
            at = len(self.lines)
            if not self.whole and not wanted[low:high].any():
                continue
            self.emit(document.body, rows, np.arange(low, high)[wanted[low:high]], (low, high), placed)
            if document.origins:
                self.lines[at:] = [in_file(document, part, line) for line in self.lines[at:]]
            if len(self.lines) > at:
                end = starts[part + 1] if part + 1 < len(starts) else len(document.body)
                self.parts.append(
                    {
                        "id": self.name(number, audited, numbers[part], part),
                        "document": number,
                        "entry": numbers[part] or 0,
                        "title": titles[part] or untitled(document, part),
                        "grades": grades.get(numbers[part] or 0, ""),
                        "rows": [at, len(self.lines)],
                        "start": starts[part],
                        "length": end - starts[part],
                    }
                )
        for finding, start, end in zip(findings, first.tolist(), last.tolist(), strict=True):
            self.columns.add(finding, self.place(document.body, rows, finding, (start, end), placed))

    @staticmethod
    def name(document: int, audited: Audited, number: int | None, part: int) -> str:
        """What a link calls a part; an entry that is its whole document has number 0."""
        if number is None and audited.entries:
            return f"p{document}-{part}"
        return f"e{document}-{number if len(audited.entries) > 1 else 0}"

    def wanted(self, rows: Rows, first: Offsets, last: Offsets) -> Any:
        """Which rows the page carries."""
        size = len(rows.starts)
        if self.whole:
            return np.ones(size, dtype=bool)
        steps = np.zeros(size + 1, dtype=np.int64)
        np.add.at(steps, np.maximum(first - AROUND, 0), 1)
        np.add.at(steps, np.minimum(last + AROUND + 1, size), -1)
        return np.cumsum(steps[:-1]) > 0

    def emit(self, body: str, rows: Rows, chosen: Offsets, bounds: tuple[int, int], placed: dict[int, int]) -> None:
        """The chosen rows of a part, and how many lines are left out between them."""
        before = bounds[0]
        for row in [*chosen.tolist(), bounds[1]]:
            if row > before:
                last = int(rows.lines[row - 1])
                self.lines.append(int(rows.lines[before]) + 1)
                self.texts.append(last - int(rows.lines[before]) + 1)
            if row == bounds[1]:
                break
            line, start = int(rows.lines[row]), int(rows.starts[row])
            if row and rows.lines[row - 1] == line:
                first_of_line = int(rows.starts[np.searchsorted(rows.lines, line)])
                self.offsets[len(self.lines)] = start - first_of_line
            placed[row] = len(self.lines)
            self.lines.append(line + 1)
            self.texts.append(shown(body, start, int(rows.ends[row])))
            before = row + 1

    def place(
        self, body: str, rows: Rows, finding: Finding, held_by: tuple[int, int], placed: dict[int, int]
    ) -> dict[str, int]:
        """Row and UTF-16 offset of a finding's start and end; a note on a passage ends at -1."""
        first, last = held_by
        start = self.offset(body, rows, first, finding.start)
        if is_block(finding):
            return {"row": placed[first], "a": start, "rows": 0, "b": -1}
        return {
            "row": placed[first],
            "a": start,
            "rows": placed[last] - placed[first],
            "b": self.offset(body, rows, last, finding.end),
        }

    def offset(self, body: str, rows: Rows, row: int, offset: int) -> int:
        """An offset of the body in its row as shown."""
        start, end = int(rows.starts[row]), int(rows.ends[row])
        at = min(max(offset, start), end) - start
        mapped = positions(body, start, end)
        return at if mapped is None else int(mapped[at])


def graded_words(graded: Graded) -> str:
    """Grades and action of an entry; an empty one has none."""
    if not graded.size:
        return phrases.due(graded)
    grades = " → ".join(dict.fromkeys(phrases.graded(grade) for grade in (graded.now, graded.after)))
    return f"{grades} · {phrases.due(graded)}"


def in_file(document: Document, part: int, line: int) -> int:
    """The line of the file for a line of the body, both from 1."""
    start = int(document.source.line_starts[line - 1])
    return physical(document, part, start, start)[0]


def untitled(document: Document, part: int) -> str:
    """A name for a part without a heading: what the file calls the record, or where it stands."""
    if document.origins:
        return printable(document.origins[part].id or "")
    role = document.entries[part].role
    return say({Role.FRONT: "html.front", Role.TAIL: "html.tail"}.get(role, "untitled"))


def island(audit: Audit, choice: Choice) -> dict[str, Any]:
    """The JSON value."""
    length = sum(len(audited.document.body) for audited in audit.documents)
    whole = length <= TEXT
    titles = {rule.code: title(rule) for rule in audit.rules}
    made = Island(WIDTH if whole else width_for(choice.shown), whole, Columns(titles=titles))
    for number, audited in enumerate(audit.documents):
        made.add(number, audited, list(choice.of(audited)))
    return {
        "words": script_words(),
        "letters": letters(audit),
        "quiet": sorted(choice.quiet),
        "documents": [
            {"path": printable(audited.document.path), "language": language(audited.document)}
            for audited in audit.documents
        ],
        "parts": made.parts,
        "longest": max((part["length"] for part in made.parts if part["id"].startswith("e")), default=1),
        "lines": made.lines,
        "texts": made.texts,
        "offsets": made.offsets,
        **made.columns.tables(),
    }


def width_for(findings: int) -> int:
    """The widest rows that fit if every finding has a row of its own with one on each side."""
    return next((width for width in NARROW if 3 * width * findings <= 2 * TEXT), NARROW[-1])


def language(document: Document) -> str:
    """The language tag that gives a text the right shapes of its characters; "" where it is not of Han characters."""
    votes = scripts(document.text)
    if not votes.simplified and not votes.traditional:
        return ""
    if np.count_nonzero(votes.bits & KANA) > votes.simplified + votes.traditional:
        return "ja"
    return "zh-Hant" if votes.traditional > votes.simplified else "zh-Hans"


def as_json(value: Any) -> str:
    """JSON that cannot end the element it stands in, whatever the text says."""
    raw = msgspec.json.encode(value).decode("utf-8")
    for char in "<>&\u2028\u2029":
        raw = raw.replace(char, f"\\u{ord(char):04x}")
    return raw
