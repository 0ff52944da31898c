"""The reports on `seeds/` are what the program writes today, and every format says the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from audit import audit_text
from audit.address import printable
from audit.report import markdown, terminal
from audit.report.outline import kinds
from audit.report.samples import worst_findings
from audit.report.steps import steps

FORMATS = (
    "txt",
    "html",
    "md",
    "json",
    "jsonl",
    "csv",
    "sarif",
    "junit.xml",
    "github.txt",
    "gitlab.json",
    "rdjson",
    "tap",
)
HOSTILE = "甲\x1b[31m\u202e<script>|`*_[x](y) [bold]x[/bold]\u2028 20xx年度的.工作\x00\x07\n" * 3


@pytest.fixture(scope="module")
def fresh(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    subprocess.run(
        [sys.executable, root / "tools" / "write_reports.py", folder], check=True, env={**os.environ, "COLUMNS": "40"}
    )
    return folder


@pytest.mark.parametrize("ending", FORMATS)
def test_reports_are_fresh(root: Path, fresh: Path, ending: str) -> None:
    stored = (root / "reports" / f"seeds.{ending}").read_bytes()
    assert stored == (fresh / f"seeds.{ending}").read_bytes(), "run `make report` and commit what it wrote"


def test_counts_agree_between_formats(root: Path) -> None:
    lines = (root / "reports" / "seeds.jsonl").read_bytes().decode("utf-8").rstrip("\n").split("\n")
    records = [json.loads(line) for line in lines]
    findings, summary = records[1:-1], records[-1]
    by_kind: dict[str, int] = {}
    for finding in findings:
        by_kind[finding["kind"]] = by_kind.get(finding["kind"], 0) + 1
    assert summary["findings"] == by_kind
    assert sum(summary["severities"].values()) == len(findings)
    entries = [entry for document in summary["documents"] for entry in document["entries"]]
    inside = [finding for finding in findings if finding["entry"] is not None]
    assert sum(sum(entry["findings"].values()) for entry in entries) == len(inside)


def test_hostile_text_cannot_reach_the_terminal_or_the_page() -> None:
    audit = audit_text(HOSTILE, path="a\x1b[31mb.txt")
    for render in (terminal.render, markdown.render):
        page = render(audit).decode("utf-8")
        assert all(char.isprintable() or char in "\n\u3000" for char in page), [c for c in page if not c.isprintable()]
    assert "<script>" not in markdown.render(audit).decode("utf-8")


def test_printable_names_odd_characters() -> None:
    assert printable("a\u202e\udc9b\x00鄉") == "a<U+202E>\\x9b<U+0000>鄉"


def test_steps_and_kinds_on_clean_text() -> None:
    audit = audit_text("今天天气很好。")
    assert (kinds(audit), steps(audit), worst_findings(audit, 5)) == ([], [], [])
    assert terminal.render(audit).decode("utf-8").startswith("Grade A")


def test_markdown_is_one_screen(root: Path) -> None:
    for report in (root / "reports").glob("*.md"):
        assert len(report.read_bytes().decode("utf-8").rstrip("\n").split("\n")) <= markdown.SCREEN, report.name
