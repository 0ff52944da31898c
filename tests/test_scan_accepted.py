"""Findings that the file of acceptances names: a scan leaves out those that `check` does, with the same grades."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from audit import Config, audit_paths
from audit.audited import Audit
from audit.cli import app
from audit.gate.held import held
from audit.model import Finding
from audit.scale import job as jobs
from audit.scale.local import Local
from audit.scale.scan import scan
from tests import mixed
from tests.test_scan import job_of

RULES = ("placeholder", "duplicate")
MASKED = "xx年度社区组织居民开展河道清理。"


def write(folder: Path) -> Path:
    """Masks that stand in several records and files, beside the same words and beside others; and copies."""
    (folder / "in").mkdir(parents=True)
    draw = random.Random(5)
    texts = [mixed.text(draw, paragraphs=2) for _ in range(4)]
    rows = [f"{MASKED}\n{texts[0]}", f"前言。{MASKED}\n{texts[1]}", f"{MASKED}\n{texts[2]}", texts[3]]
    for number in range(2):
        lines = (json.dumps({"id": n, "text": text, "number": number}) for n, text in enumerate(rows))
        (folder / "in" / f"{number}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "in" / "a.txt").write_text(f"{MASKED}\n{mixed.text(draw)}\n", encoding="utf-8")
    return folder


def audited(folder: Path, config: Config) -> Audit:
    return audit_paths([str(folder / "in")], config, decided=held(config))


def rows_of(findings: list[Finding]) -> list[tuple[object, ...]]:
    return sorted((one.rule, Path(one.path).name, one.entry, one.excerpt, one.message) for one in findings)


def test_what_is_accepted_is_left_out_as_in_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path)
    monkeypatch.setattr(jobs, "MOST", 1)  # a block for each file
    config = Config(text_field="text", select=RULES, root=str(folder))
    before = audited(folder, config)
    masks = [one for one in before.findings if one.rule.startswith("PLC")]
    copy = next(one for one in before.findings if one.rule == "DUP001")
    entries = [(masks[1].fingerprint, 1), (masks[-1].fingerprint, 2), (copy.fingerprint, 1), ("0" * 16, 1)]
    told = (f'[[suppress]]\nfingerprint = "{mark[:16]}"\nreason = "so"\ncount = {most}\n' for mark, most in entries)
    (folder / ".jiaokan-suppressions.toml").write_text("".join(told), encoding="utf-8")
    now = audited(folder, config)
    taken = sum(len(batch) for one in now.documents for batch in one.suppressed)
    assert len(now.findings) == len(before.findings) - taken
    assert taken == 4
    job = job_of(folder / "in", tmp_path / "out", config)
    jobs.begin(job, resume=False)
    page, _ = scan(job, Local(1), quiet=True)
    found = parquet.read_table(tmp_path / "out" / "findings.parquet").to_pylist()
    shown = sorted((row["rule"], Path(row["path"]).name, row["entry"], row["excerpt"], row["message"]) for row in found)
    assert shown == rows_of(now.findings)
    grades = {
        (row["path"], row["entry"]): row for row in parquet.read_table(tmp_path / "out" / "entries.parquet").to_pylist()
    }
    for one in now.documents:
        for each in one.entries:
            row = grades[one.document.path, each.number]
            assert (row["action"], row["score"]) == (
                each.graded.action.value,
                pytest.approx(each.graded.now.score, abs=0.11),
            )
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert summary["accepted"] == taken
    assert [one["message"].split(" ")[0] for one in summary["remarks"]] == ["0" * 16]
    assert "4 findings were accepted" in page


def test_what_is_accepted_is_not_repaired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "居(jū)民(mín)反映社(shè)区(qū)的居(jū)住(zhù)环境良好。\n" * 2
    for name, text in (("a.txt", body), ("b.jsonl", json.dumps({"text": body}))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    config = Config(text_field="text")
    marks = {one.fingerprint[:16] for one in audit_paths(["a.txt", "b.jsonl"], config).findings if "mín" in one.excerpt}
    told = (f'[[suppress]]\nfingerprint = "{mark}"\nreason = "a reader for learners"\ncount = 9\n' for mark in marks)
    (tmp_path / ".jiaokan-suppressions.toml").write_text("".join(told), encoding="utf-8")
    (tmp_path / "jiaokan.toml").write_text('text-field = "text"\nmin-severity = "info"\n', encoding="utf-8")
    words = ["a.txt", "b.jsonl", "--quiet", "--workers", "1"]
    CliRunner().invoke(app, ["scan", *words, "-o", "scanned"])
    assert CliRunner().invoke(app, ["apply", *words, "--scan", "scanned", "-o", "new", "--fix"]).exit_code == 0
    assert CliRunner().invoke(app, ["fix", "a.txt", "-o", "fixed"]).exit_code == 0
    wanted = "居民(mín)反映社区的居住环境良好。\n" * 2
    assert (tmp_path / "fixed" / "a.txt").read_text(encoding="utf-8") == wanted
    assert (tmp_path / "new" / "a.txt").read_text(encoding="utf-8") == wanted
    assert json.loads((tmp_path / "new" / "b.jsonl").read_bytes()) == {"text": wanted}
