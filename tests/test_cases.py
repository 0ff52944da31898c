"""Every case through the whole engine: bad hits exactly there, good is silent, repairs give the fixed text."""

from __future__ import annotations

import re

import pytest

from audit.config import Config
from audit.run import audit_bytes
from tests.casefiles import Case, all_cases


def params() -> list[object]:
    return [
        pytest.param(case, id=case.label, marks=[pytest.mark.xfail(strict=True)] if case.known_failure else [])
        for case in all_cases()
    ]


def spelled(text: str) -> str:
    return re.sub("[\udc80-\udcff]", lambda match: f"\\x{ord(match[0]) - 0xDC00:02x}", text)


@pytest.mark.parametrize("case", params())
def test_case(case: Case) -> None:
    audit = audit_bytes(case.files, Config(min_confidence=0.0))
    assert audit.complete, audit.failures
    found = [finding for finding in audit.findings if finding.rule == case.rule and finding.path == case.path]
    body = audit.documents[0].document.body
    assert [spelled(body[finding.start : finding.end]) for finding in found] == list(case.at or ()), case.why
    if case.severity:
        assert {finding.severity.label for finding in found} == {case.severity}, case.why
    if case.fixed is not None:
        assert apply(body, found) == case.fixed


def apply(body: str, found: list) -> str:
    for finding in sorted(found, key=lambda finding: -finding.start):
        if finding.suggestion is not None:
            body = body[: finding.start] + finding.suggestion + body[finding.end :]
    return body
