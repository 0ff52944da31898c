"""What the comments of a page accept, kept with its entries: the rules that the reduce asks must know of it as those of the map do."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from audit.config import Config
from audit.gate.comments import accepted, directives
from audit.model import Document, Span
from audit.registry import load_rules, matches
from audit.rule import Rule

Area = tuple[
    int, int, tuple[str, ...] | None
]  # offsets of the source, words for rules; None: a comment itself, which is no text
Areas = Sequence[Area]


def areas_of(document: Document, config: Config) -> list[Area]:
    """What the comments of a document accept; see `audit.gate.suppress.sift`."""
    found = directives(document) if config.comments else []
    if not found:
        return []
    kept: list[Area] = [(one.start, one.end, one.words) for one in accepted(document, found, load_rules()[0])[0]]
    return kept + [(*one.span, None) for one in found if one.span.end > one.span.start]


def areas_in(areas: Areas, span: Span) -> str | None:
    """Those that touch an entry, in offsets of its text, as JSON; None for none."""
    own = [
        (start - span.start, end - span.start, words)
        for start, end, words in areas
        if start <= span.end and end > span.start
    ]
    return msgspec.json.encode(own).decode("utf-8") if own else None


def is_accepted(areas: str, rule: Rule, start: int, end: int) -> bool:
    """Whether a finding of a rule is accepted where it stands, or stands in a comment."""
    return any(
        low <= start < high and any(matches(rule, word) for word in words)
        if words is not None
        else low <= start and end <= high
        for low, high, words in msgspec.json.decode(areas, type=list[Area])
    )
