"""Text about encodings is not damage, and damage in a text that also speaks of encodings is."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from audit import audit_text
from audit.model import Severity

TEXTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("about.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("body", TEXTS["samples"])
def test_a_sample_is_no_damage(body: str) -> None:
    told = [finding for finding in audit_text(body.encode()).findings if finding.severity > Severity.INFO]
    assert not told, [(finding.rule, body[finding.start : finding.end]) for finding in told]


@pytest.mark.parametrize("case", TEXTS["damage"])
def test_damage_beside_talk_of_encodings_is_found(case: dict[str, str]) -> None:
    start = case["body"].index(case["at"])
    end = start + len(case["at"])
    found = [finding for finding in audit_text(case["body"].encode()).findings if finding.severity > Severity.INFO]
    assert any(finding.start < end and start < finding.end for finding in found)
