"""The values that every room speaks of: frozen; offsets are code points, end exclusive, unless the name says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.standing import State, Suppression
from audit.text import Codes, Decoded, Glosses, Line, Marks, Offsets, Run, Runs, Span, Text

__all__ = [
    "Action",
    "Codes",
    "Decoded",
    "Document",
    "Edit",
    "Entry",
    "Finding",
    "Glosses",
    "Grade",
    "Hit",
    "Hits",
    "Line",
    "Offsets",
    "Origin",
    "Place",
    "Role",
    "Run",
    "Runs",
    "Safety",
    "Severity",
    "Span",
    "Text",
]


class Severity(IntEnum):
    """How much a finding takes from a reader."""

    INFO = 0  # style
    MINOR = 1  # a reader stumbles
    MAJOR = 2  # the text is damaged, the sense survives
    CRITICAL = 3  # sense or text is lost, or the passage must not be published

    @property
    def label(self) -> str:
        """The name as reports print it."""
        return self.name.lower()


class Safety(Enum):
    """How far a repair may go by itself."""

    SAFE = "safe"  # provably what stood there; `fix` applies it
    SUGGESTED = "suggested"  # likely; applied on request


class Place(NamedTuple):
    """Another passage, for a collection rule to name in `values` or `evidence`.

    `entry` is an index into the sketches, `span` counts in that entry's text; the engine turns it into path, entry and line.
    """

    entry: int
    span: Span


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement for a hit's span; the empty string deletes it."""

    text: str
    safety: Safety = Safety.SUGGESTED


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule says: where, with what to fill its message, how sure, and the repair if there is one.

    `values` fill the rule's message, `variant` picks one where it has several; `confidence` and `severity` default to the rule's own.
    """

    span: Span
    values: Mapping[str, Any] = field(default_factory=dict)
    edit: Edit | None = None
    confidence: float | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    variant: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """Many hits of one rule, kept as arrays until a report asks for the n-th by `make(n)`.

    `starts` and `ends` have shape (n,) and ascend; confidence and repair class are all hits' or each one's.
    """

    starts: Offsets
    ends: Offsets
    make: Callable[[int], Hit]
    safety: Safety | Sequence[Safety | None] | None = None
    confidence: float | NDArray[np.float64] | None = None


class Role(Enum):
    """What part of a collection a stretch of text is."""

    FRONT = "front"  # before the first entry: collection title, introduction
    ENTRY = "entry"
    TAIL = "tail"  # after the last: related links, footers


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of a document; offsets are of `text`.

    `title` spans its heading line (empty where there is none), `start` to `end` the whole part with its heading.
    `number` is what the heading says, `index` its 0-based place among the document's parts.
    """

    text: Text
    index: int
    role: Role
    start: int
    end: int
    title: Span
    number: int | None = None
    record: bool = False  # a row of a table, whose neighbours are no parts of one text
    caption: str = ""  # the title of a record, which stands in a field of its own

    @property
    def title_text(self) -> str:
        """The heading without its line break."""
        return self.text.body[self.title.start : self.title.end]

    @property
    def content(self) -> Span:
        """The part without its heading."""
        return Span(max(self.title.end, self.start), self.end)

    def lines(self) -> Iterator[Line]:
        """The lines of the part, heading included."""
        for number in range(*self.line_range):
            yield self.text.line(number)

    @property
    def line_range(self) -> tuple[int, int]:
        """First and past-the-last 0-based line number."""
        first = self.text.line_at(self.start)
        return first, self.text.line_at(self.end - 1) + 1 if self.end > self.start else first


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part of a document stands in the file that holds it.

    `start` and `end` bound, in the document's body, the text that it counts in: a record's, or all of a file of pages. `number`
    is its 1-based place (row, chapter), `line` the physical line that findings name, 0 where lines are the text's own;
    `place` is the same in the format's own words, `marks` say it of what the format divides a text into.
    """

    start: int
    end: int
    number: int
    line: int
    place: Mapping[str, Any]
    id: str | None = None
    marks: Marks | None = None


@dataclass(frozen=True)
class Document:
    """A file as read: raw bytes, encodings, text as it stands (`source`), and as a reader sees it (`text`).

    `text` is `source` without its glosses; entries are parts of `text`. Where the file is no plain text, each entry has its `origins`:
    those of records, or of a file with coordinates of its own; `raw` is empty for a table of records.
    """

    path: str
    raw: bytes
    decoded: Decoded
    source: Text
    glosses: Glosses
    text: Text
    entries: tuple[Entry, ...]
    origins: tuple[Origin, ...] = ()

    @property
    def body(self) -> str:
        """The text whose offsets findings name."""
        return self.source.body


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with its address: the one shape that every output is written from."""

    rule: str
    name: str
    kind: str
    severity: Severity
    confidence: float
    path: str
    entry: int | None
    entry_title: str | None
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int
    byte_start: int | None
    byte_end: int | None
    excerpt: str
    message: str
    suggestion: str | None
    safety: Safety | None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    location: Mapping[str, Any] | None = None  # of a record: the format's own coordinates
    suppression: Suppression | None = None  # accepted, by whom and why
    baseline: State | None = None  # None: no baseline was asked for
    gates: bool = False  # whether it closes the gate


class Action(Enum):
    """What an editor should do with an entry."""

    PUBLISH = "publish"
    FIX = "fix"  # safe repairs suffice
    EDIT = "edit"  # a human must decide
    RESTORE = "restore"  # needs the source
    DROP = "drop"  # off-topic or duplicate


@dataclass(frozen=True, slots=True)
class Grade:
    """A score of 0 to 100, its letter, and what each kind of finding took from it."""

    score: float
    letter: str
    costs: Sequence[tuple[str, float]] = ()
