"""What the reduce says of entries, turned into rows of the table of findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

from audit.address import excerpt
from audit.catalogue import speaking
from audit.config import SEVERITIES, Config
from audit.fingerprints import fingerprint
from audit.gate.effective import Effective, effective
from audit.grade import DROP_KINDS, SHARED_KIND, SURE, stands_elsewhere
from audit.model import Edit, Hit, Severity, Span
from audit.rule import Rule
from audit.scale.held import span_in, whole
from audit.scale.rows import clean, packed, string
from audit.scale.shelf import Shelf, address_words
from audit.scale.spots import spot_of
from audit.scale.suppressed import is_accepted
from audit.wording import message, plain


@dataclass(frozen=True, slots=True)
class Said:
    """A hit of a collection rule on an entry, `here`, as `audit.scale.spoken.FACTS` has it; `span` counts in the entry's text.

    `other`: where what it names stands in the entry that comes with it, as a reader sees that one; the whole of it if None.
    """

    here: Mapping[str, Any]
    rule: str
    variant: str
    values: Mapping[str, Any]
    evidence: Mapping[str, Any]
    span: tuple[int, int] | None = None
    confidence: float | None = None
    severity: Severity | None = None
    other: Span | None = None
    edit: Edit | None = None


@dataclass(frozen=True)
class Speaker:
    """The collection rules that are at work, by name, the settings that they report under, and the entries that they may name."""

    rules: Mapping[str, Rule]
    config: Config
    shelf: Shelf

    def row(self, one: Said) -> tuple[dict[str, Any], bool] | None:
        """The row of a finding, and whether it says that the entry is to be dropped; None where the settings hide it."""
        rule, here = self.rules[one.rule], one.here
        settings = settings_for(self.config, here["path"])
        confidence = rule.confidence if one.confidence is None else one.confidence
        own = rule.severity if one.severity is None else one.severity
        given = settings.severity(rule)
        severity = own if given is None else SEVERITIES[given]
        if settings.ignores(rule) or np.float32(confidence) < np.float32(max(settings.min_confidence, rule.floor)):
            return None
        if severity < SEVERITIES[self.config.min_severity]:
            return None
        text = string(here["text"])
        start, end = one.span or whole(here)
        if here["accepted"] and is_accepted(here["accepted"], rule, start, end):
            return None
        values, evidence = dict(one.values), dict(one.evidence)
        if here.get("other_path") is not None:
            values["earlier"] = self.other_words(one)
            evidence["earlier"] = {name: here[f"other_{name}"] for name in ("path", "entry", "line", "id")}
        drop = severity >= Severity.MAJOR and confidence >= SURE and rule.kind in DROP_KINDS
        drop = drop and (rule.kind != SHARED_KIND or stands_elsewhere(evidence))
        shown = excerpt(text, start, end)
        hit = Hit(Span(start, end), values, variant=one.variant)
        with speaking("en"):  # tables are for programs, and workers write them too
            said = message(rule.messages, hit, shown)
        before, after = string(here["before"]), string(here["after"])
        row = {
            **{name: here[name] for name in ("n", "path", "entry", "id")},
            **asdict(spot_of(here, start, end)),
            "rule": rule.code,
            "name": rule.name,
            "kind": rule.kind,
            "severity": severity.label,
            "confidence": round(float(np.float32(confidence)), 3),
            "excerpt": shown,
            "message": said,
            "suggestion": one.edit and clean(one.edit.text),
            "safety": one.edit and one.edit.safety.value,
            "evidence": packed(plain(evidence)),
            "fingerprint": fingerprint(rule.code, before + text + after, len(before) + start, len(before) + end),
        }
        return row, drop

    def other_words(self, one: Said) -> str:
        """The entry that is named; where a passage of it is meant that has lines of its own, the line of that."""
        here = one.here
        line = here["other_line"]
        if one.other is not None and not here["other_record"]:
            there = self.shelf.facts(here["other"])
            line = spot_of(there, *span_in(there, *one.other)).line
        return address_words({"path": here["other_path"], "entry": here["other_entry"]}, line, here["path"])


@lru_cache(maxsize=256)
def _settings_for(config: bytes, path: str) -> Effective:
    return effective(msgspec.json.decode(config, type=Config), path)


def settings_for(config: Config, path: str) -> Effective:
    """The settings as they hold for a file."""
    return _settings_for(msgspec.json.encode(config), path) if config.overrides else Effective(config, path, ())
