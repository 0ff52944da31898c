"""A text, its lines and its encodings, with the arrays that rules share.

Offsets are code points, end exclusive. A line ends at LF, CRLF or CR and nowhere else.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from audit.bounds import line_bounds, swept

Codes = NDArray[np.uint32]
Offsets = NDArray[np.int64]


class Span(NamedTuple):
    """A run of code points, `end` exclusive."""

    start: int
    end: int


def is_blank(body: str) -> bool:
    """Whether there is nothing to read in a text: no character at all, or blanks alone.

    >>> is_blank(""), is_blank("  "), is_blank(" 字")
    (True, True, False)
    """
    return not body or body.isspace()


@dataclass(frozen=True)
class Text:
    """A text as a reader sees it, and the arrays that rules share.

    `body` is what patterns run over. Where glosses were taken out of the document to make it,
    `origin[i]` is the document's offset of code point i, shape (n + 1,); None means nothing was taken out.
    """

    body: str
    origin: Offsets | None = None

    @cached_property
    def codes(self) -> Codes:
        """Code points, shape (n,), uint32; undecodable bytes are U+DC80 to U+DCFF."""
        return np.frombuffer(self.body.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)

    @cached_property
    def line_starts(self) -> Offsets:
        """Start of each line, shape (lines,)."""
        return self._bounds[0]

    @cached_property
    def line_ends(self) -> Offsets:
        """End of each line before its line break, shape (lines,)."""
        return self._bounds[1]

    @cached_property
    def _bounds(self) -> tuple[Offsets, Offsets]:
        close, breaks = swept(self.codes)
        if close is not None:
            self.signals["narrow"] = close  # which every rule asks for
        return line_bounds(self.codes, breaks)

    @cached_property
    def _starts(self) -> list[int]:
        starts: list[int] = self.line_starts.tolist()
        return starts

    @cached_property
    def _ends(self) -> list[int]:
        ends: list[int] = self.line_ends.tolist()
        return ends

    @cached_property
    def signals(self) -> dict[str, Any]:
        """Arrays over the whole body that several rules share, filled on first use by `signal`."""
        return {}

    def signal(self, name: str, compute: Callable[[Text], Any]) -> Any:
        """The shared signal `name`, computed once."""
        if name not in self.signals:
            self.signals[name] = compute(self)
        return self.signals[name]

    def line_at(self, offset: int) -> int:
        """0-based number of the line that holds `offset`."""
        return bisect.bisect_right(self._starts, offset) - 1  # a tenth of the time of a look-up in the array

    def line(self, number: int) -> Line:
        """The line with this 0-based number."""
        return Line(self, number, self._starts[number], self._ends[number])

    def to_origin(self, start: int, end: int) -> Span:
        """The document's span for a span of this text; glosses inside are included, those behind are not."""
        if self.origin is None:
            return Span(start, end)
        if end <= start:
            at = int(self.origin[start])
            return Span(at, at)
        return Span(int(self.origin[start]), int(self.origin[end - 1]) + 1)


class Line(NamedTuple):
    """One line of a text: patterns run in place, `pattern.finditer(line.body, line.start, line.end)`."""

    text: Text
    number: int
    start: int
    end: int

    @property
    def body(self) -> str:
        """The whole text's body, for patterns with bounds."""
        return self.text.body

    @property
    def content(self) -> str:
        """The line without its line break."""
        return self.text.body[self.start : self.end]


class Run(NamedTuple):
    """A stretch of one encoding; `encoding` is "" for bytes that no codec takes."""

    start: int
    end: int
    byte_start: int
    byte_end: int
    encoding: str
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Runs(Sequence[Run]):
    """Runs in columns, for a file that changes its encoding with every line has as many as lines.

    `bounds` and `byte_bounds` have shape (runs + 1,): a run ends where the next begins. `kinds` are indices into `names`.
    """

    bounds: Offsets
    byte_bounds: Offsets
    kinds: NDArray[np.uint8]
    names: tuple[str, ...]
    trusts: NDArray[np.float64]

    @classmethod
    def of(cls, rows: Sequence[Run]) -> Runs:
        """Columns of rows that ascend and touch."""
        names = tuple(dict.fromkeys(row.encoding for row in rows))
        return cls(
            np.array([0, *(row.end for row in rows)], dtype=np.int64),
            np.array([0, *(row.byte_end for row in rows)], dtype=np.int64),
            np.array([names.index(row.encoding) for row in rows], dtype=np.uint8),
            names,
            np.array([row.confidence for row in rows]),
        )

    def __len__(self) -> int:
        return len(self.kinds)

    def __iter__(self) -> Iterator[Run]:
        bounds, places = self.bounds.tolist(), self.byte_bounds.tolist()
        names = map(self.names.__getitem__, self.kinds.tolist())
        rows = zip(bounds, bounds[1:], places, places[1:], names, self.trusts.tolist(), strict=False)
        return map(Run._make, rows)

    @overload
    def __getitem__(self, at: int) -> Run: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Run]: ...
    def __getitem__(self, at: int | slice) -> Run | Sequence[Run]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        number = range(len(self))[at]
        start, end = self.bounds[number : number + 2].tolist()
        byte_start, byte_end = self.byte_bounds[number : number + 2].tolist()
        return Run(start, end, byte_start, byte_end, self.names[self.kinds[number]], float(self.trusts[number]))

    def where(self, encoding: str) -> list[int]:
        """The numbers of the runs in one encoding."""
        if encoding not in self.names:
            return []
        found: list[int] = np.flatnonzero(self.kinds == self.names.index(encoding)).tolist()
        return found


@dataclass(frozen=True, slots=True)
class Decoded:
    """Bytes as text. Undecodable bytes are U+DC80 to U+DCFF; `audit.reading.decode.encode` gives back the bytes.

    `runs` ascend, touch, and cover the whole; a BOM is a run of its own with no code points (encoding "bom:utf-8", ...).
    """

    body: str
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class Glosses:
    """Romanisations in brackets behind a Han character that reads so; brackets included; shapes (n,), ascending."""

    starts: Offsets
    ends: Offsets


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Where a format divides a text, and what it calls each part.

    `offsets` are where the parts begin, ascending code points of the text; each of `columns` has one value a part, None where the
    part has none. Columns named in `running` count code points, so that a place's distance from the beginning of its part is added;
    `widths` are the code points that a part takes in the file where they are not those of the text (`&amp;`), else 0.
    """

    offsets: Sequence[int] | Offsets
    columns: Mapping[str, Sequence[Any]]
    running: frozenset[str] = frozenset()
    widths: Sequence[int] = ()

    def at(self, offset: int) -> dict[str, Any]:
        """The coordinates of a code point; none before the first part.

        >>> Marks([0, 5], {"page": [1, 2], "column": [7, 1]}, frozenset({"column"})).at(6)
        {'page': 2, 'column': 2}
        """
        part = bisect.bisect_right(self.offsets, offset) - 1
        if part < 0:
            return {}
        behind = 0 if self.widths and self.widths[part] else offset - int(self.offsets[part])
        values = ((name, column[part]) for name, column in self.columns.items())
        return {
            name: int(value) + behind if name in self.running else value for name, value in values if value is not None
        }

    def behind(self, offset: int) -> dict[str, Any]:
        """The coordinates right behind the code point that ends at `offset`."""
        found = self.at(offset - 1)
        part = bisect.bisect_right(self.offsets, offset - 1) - 1
        width = (self.widths[part] if self.widths and part >= 0 else 0) or 1
        return {name: value + width if name in self.running else value for name, value in found.items()}
