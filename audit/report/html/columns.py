"""Findings as columns for the page's script: what repeats is told once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from audit.address import printable
from audit.model import Finding

EVIDENCE = 5_000_000  # bytes of evidence that a page carries; beyond, the JSON Lines have it
encode = msgspec.json.Encoder(order="sorted").encode


@dataclass(slots=True)
class Table:
    """Different values in order of their first use."""

    values: list[Any] = field(default_factory=list)
    places: dict[Hashable, int] = field(default_factory=dict)

    def put(self, key: Hashable, value: Any) -> int:
        """The value's place."""
        place = self.places.setdefault(key, len(self.values))
        if place == len(self.values):
            self.values.append(value)
        return place


@dataclass(slots=True)
class Columns:
    """The findings of a page, one list a column, and the tables that they point into; -1 stands for none."""

    rules: Table = field(default_factory=Table)
    messages: Table = field(default_factory=Table)
    repairs: Table = field(default_factory=Table)
    evidence: Table = field(default_factory=Table)
    columns: dict[str, list[Any]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)  # of the rules, by code
    spent: int = 0

    def add(self, finding: Finding, place: Mapping[str, int]) -> None:
        """One finding; `place` says where it stands on the page."""
        repair = None if finding.suggestion is None else printable(finding.suggestion)
        for name, value in (
            (
                "rule",
                self.rules.put(finding.rule, [finding.rule, self.titles.get(finding.rule, finding.name), finding.kind]),
            ),
            ("severity", int(finding.severity)),
            ("confidence", round(finding.confidence * 1000)),
            *place.items(),
            ("message", self.messages.put(finding.message, finding.message)),
            ("repair", -1 if repair is None else self.repairs.put(repair, repair)),
            ("safe", int(finding.safety is not None and finding.safety.value == "safe")),
            ("evidence", self.evidence_of(finding)),
            ("start", finding.start),
            ("line", finding.line),
            ("column", finding.column),
            ("from", -1 if finding.byte_start is None else finding.byte_start),
            ("to", -1 if finding.byte_end is None else finding.byte_end),
            ("mark", finding.fingerprint),
        ):
            self.columns.setdefault(name, []).append(value)

    def evidence_of(self, finding: Finding) -> int:
        """The place of a finding's evidence; -1 for none, -2 where the page has no room for it."""
        if not finding.evidence:
            return -1
        raw = encode(finding.evidence)
        if raw in self.evidence.places:
            return self.evidence.places[raw]
        if self.spent + len(raw) > EVIDENCE:
            return -2
        self.spent += len(raw)
        return self.evidence.put(raw, msgspec.Raw(raw))

    def tables(self) -> dict[str, Any]:
        """Everything as the script reads it."""
        return {
            "rules": self.rules.values,
            "messages": self.messages.values,
            "repairs": self.repairs.values,
            "evidence": self.evidence.values,
            "findings": self.columns,
        }
