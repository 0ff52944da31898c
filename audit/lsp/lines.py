"""Offsets of a text as positions of the Language Server Protocol, in the units that the client counts in."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types

from audit.model import Finding, Text

WIDTHS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
UNITS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}  # bytes of one unit


@dataclass(frozen=True, slots=True)
class Places:
    """A text and the encoding whose units its client counts in: utf-8, utf-16 or utf-32."""

    text: Text
    encoding: str = "utf-16"

    def position(self, offset: int) -> types.Position:
        """The position of an offset in code points; of the end of a line, never behind its break."""
        line = self.text.line_at(offset)
        before = self.text.body[self.text.line_starts.item(line) : offset]
        size = len(before.encode(WIDTHS[self.encoding], "surrogatepass")) // UNITS[self.encoding]
        return types.Position(line=line, character=size)

    def range(self, finding: Finding) -> types.Range:
        """Where a finding stands."""
        return types.Range(self.position(finding.start), self.position(finding.end))
