"""Standard input under a name, and counts instead of findings."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from audit.cli import run

PAGE = "# 总结\n\n一年来，我站按照20xx年度目标开展工作，新的.水平有了提高。\n20xx年的目标已经完成。\n"


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-8"))))


def test_standard_input_has_a_name(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    piped(monkeypatch, PAGE)
    assert run(["check", "--stdin", "--stdin-filename", "drafts/page.md", "-f", "json"]) == 1
    found = json.loads(capfd.readouterr().out)["findings"]
    assert {one["path"] for one in found} == {"drafts/page.md"}
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    assert run(["check", "page.md", "-f", "json"]) == 1
    same = json.loads(capfd.readouterr().out)["findings"]
    for one in (*found, *same):
        del one["path"]
    assert found == same
    piped(monkeypatch, PAGE)
    assert run(["check", "-", "-f", "jsonl"]) == 1
    assert '"path":"<stdin>"' in capfd.readouterr().out


def test_counts_by_rule(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "clean.md").write_text("一年来，全站职工认真学习，各项工作都有了新的进展。\n", encoding="utf-8")
    assert run(["check", "page.md", "--statistics"]) == 1
    told = capfd.readouterr().out
    assert [line.split()[:2] for line in told.split("\n")[:2]] == [["2", "PLC001"], ["1", "NOI001"]]
    assert run(["check", "clean.md", "--statistics"]) == 0
    assert capfd.readouterr().out == ""
    assert run(["check", "page.md", "-o", "statistics=counts.txt", "-o", "json=all.json"]) == 1
    assert (tmp_path / "counts.txt").read_text(encoding="utf-8") == told
    assert len(json.loads((tmp_path / "all.json").read_bytes())["findings"]) == 3
