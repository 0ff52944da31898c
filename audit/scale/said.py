"""What the reduce says of entries, turned into rows of the table of findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from audit.address import excerpt, fingerprint, message, plain
from audit.catalogue import speaking
from audit.config import SEVERITIES, Config
from audit.grade import DROP_SHARE, SURE
from audit.model import Hit, Severity, Span
from audit.rule import Rule
from audit.scale.database import rows
from audit.scale.rows import packed
from audit.scale.spots import spot_of
from audit.settle import severity_for

# what is said of an entry comes with its address, its text, and the address of the entry that it names
FACTS = """
SELECT q.*, e.path, e.entry, e.id, e.line, e.location, t.start AS base, t.text, t.marks,
       o.path AS other_path, o.entry AS other_entry, o.line AS other_line, o.id AS other_id
FROM (SELECT * FROM spoken_of WHERE n BETWEEN {low} AND {high}) q
JOIN (SELECT * FROM entries WHERE n BETWEEN {low} AND {high}) e ON e.n = q.n
JOIN (SELECT * FROM texts WHERE n BETWEEN {low} AND {high}) t ON t.n = q.n
LEFT JOIN entries o ON o.n = q.other
ORDER BY q.n{order}
"""
TOGETHER = (
    1 << 14
)  # rows that are joined with their texts at a time: sorted all at once they are more than memory holds
FIRSTS = """
SELECT DISTINCT n FROM (SELECT n, row_number() OVER (ORDER BY n) AS place FROM spoken_of) WHERE place % {together} = 1 ORDER BY n
"""


@dataclass(frozen=True, slots=True)
class Said:
    """A hit of a collection rule on an entry, `here`, as `FACTS` has it; `span` counts in the entry's text."""

    here: Mapping[str, Any]
    rule: str
    variant: str
    values: Mapping[str, Any]
    evidence: Mapping[str, Any]
    span: tuple[int, int] | None = None
    confidence: float | None = None
    severity: Severity | None = None


@dataclass(frozen=True)
class Speaker:
    """The collection rules that are at work, by name, and the settings that they report under."""

    rules: Mapping[str, Rule]
    config: Config

    def row(self, one: Said) -> tuple[dict[str, Any], bool] | None:
        """The row of a finding, and whether it says that the entry is to be dropped; None where the settings hide it."""
        rule, here = self.rules[one.rule], one.here
        confidence = rule.confidence if one.confidence is None else one.confidence
        own = rule.severity if one.severity is None else one.severity
        severity = severity_for(rule, self.config.severity)
        severity = own if severity is None else severity
        if confidence < max(self.config.min_confidence, rule.floor):
            return None
        if severity < SEVERITIES[self.config.min_severity]:
            return None
        text = here["text"]
        start, end = one.span or (0, len(text.rstrip()))
        values, evidence = dict(one.values), dict(one.evidence)
        if here["other_path"] is not None:
            values["earlier"] = words(here)
            evidence["earlier"] = {name: here[f"other_{name}"] for name in ("path", "entry", "line", "id")}
        drop = severity >= Severity.MAJOR and confidence >= SURE and evidence.get("share_of_shorter", 1.0) >= DROP_SHARE
        shown = excerpt(text, start, end)
        hit = Hit(Span(start, end), values, variant=one.variant)
        with speaking("en"):  # tables are for programs, and workers write them too
            said = message(rule.messages, hit, shown)
        row = {
            **{name: here[name] for name in ("n", "path", "entry", "id")},
            **asdict(spot_of(here, start, end)),
            "rule": rule.code,
            "name": rule.name,
            "kind": rule.kind,
            "severity": severity.label,
            "confidence": round(confidence, 3),
            "excerpt": shown,
            "message": said,
            "suggestion": None,
            "safety": None,
            "evidence": packed(plain(evidence)),
            "fingerprint": fingerprint(rule.code, text, start, end),
        }
        return row, drop


def words(here: Mapping[str, Any]) -> str:
    """The entry that is named, as a report does; see `audit.address.place_words`."""
    prefix = "" if here["other_path"] == here["path"] else f"{here['other_path']}, "
    return f"{prefix}entry {here['other_entry']}, line {here['other_line']}"


def with_facts(base: Any, query: str, order: str = "") -> Iterator[dict[str, Any]]:
    """The rows of a query that has `n` and `other`, with what `FACTS` adds, by `n`."""
    base.execute(f"CREATE OR REPLACE TABLE spoken_of AS {query}")
    firsts = base.execute(FIRSTS.format(together=TOGETHER)).fetchall()
    for low, next_low in pairwise([*(low for (low,) in firsts), 1 << 62]):
        yield from rows(base, FACTS.format(low=low, high=next_low - 1, order=order), 64)
