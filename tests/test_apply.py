"""A scanned corpus written anew: without repeats, with repairs, and otherwise as it was."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from audit.cli import app
from audit.errors import AuditError
from audit.reading.records import Broken, Fields, Record, cut, read
from audit.scale import apply as applying
from audit.scale import repairs
from tests import corpus
from tests.console import run

GLOSS = re.compile(r"\([a-zīūùèǔíì]+\)")


def items(path: Path, text: str = "") -> list[Record | Broken]:
    return [item for block in cut(path.name, path, Fields(text)) for item in read(block)]


def texts(path: Path) -> dict[str | None, str]:
    return {item.id: item.text for item in items(path) if isinstance(item, Record)}


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("apply")
    shards = corpus.write(folder / "shards", 40)
    made = corpus.rows(40)
    rows = [{**row, "n": number, "meta": {"lang": "zh"}} for number, row in enumerate(made[:20])]
    parquet.write_table(pa.Table.from_pylist(rows), shards / "h.parquet", row_group_size=7)
    done = run("scan", "shards", "-o", "scanned", "-q", "--workers", 1, cwd=folder)
    assert done.returncode == 3, done.stderr
    return folder


def test_what_is_dropped_is_gone_and_the_rest_is_as_it_was(scanned: Path) -> None:
    done = run("apply", "shards", "--scan", "scanned", "-o", "kept", "-q", "--workers", 1, cwd=scanned)
    assert done.returncode == 0, done.stderr
    verdicts = parquet.read_table(scanned / "scanned" / "entries.parquet").to_pylist()
    dropped = {(Path(row["path"]).name, row["entry"]) for row in verdicts if row["action"] == "drop"}
    assert dropped
    for source in sorted((scanned / "shards").iterdir()):
        if source.name in {"e.csv", "g.txt"}:
            continue
        before = [item for item in items(source) if isinstance(item, Record)]
        after = [(item.id, item.text) for item in items(scanned / "kept" / source.name) if isinstance(item, Record)]
        assert after == [(one.id, one.text) for one in before if (source.name, one.number) not in dropped], source.name
    lines = (scanned / "shards" / "a.jsonl").read_bytes().split(b"\n")
    kept = (scanned / "kept" / "a.jsonl").read_bytes().split(b"\n")
    assert kept == [line for number, line in enumerate(lines, 1) if ("a.jsonl", number) not in dropped]
    columns = parquet.read_table(scanned / "kept" / "h.parquet")
    assert columns.schema == parquet.read_table(scanned / "shards" / "h.parquet").schema
    shown = {"kept": len(verdicts) - len(dropped), "dropped": len(dropped)}
    assert f"{shown['kept']} entries kept, {shown['dropped']} dropped".encode() in done.stdout
    again = run("scan", "kept", "-o", "again", "-q", "--workers", 1, cwd=scanned)
    assert again.returncode == 3, "broken rows stay as they are"
    summary = json.loads((scanned / "again" / "summary.json").read_bytes())
    assert "drop" not in summary["actions"]
    assert summary["problems"].keys() <= {"missing-field", "invalid-json"}


def test_repairs_are_applied_and_recorded(scanned: Path) -> None:
    done = run("apply", "shards", "--scan", "scanned", "-o", "fixed", "-q", "--workers", 2, "--fix", cwd=scanned)
    assert done.returncode == 0, done.stderr
    changes = parquet.read_table(scanned / "fixed" / "changes.parquet").to_pylist()
    assert changes
    for row in changes:
        assert GLOSS.fullmatch(row["before"])
        assert row["after"] == ""
    damaged = [row for row in corpus.rows(40) if row["id"] in {"e19", "e29", "e39"}]
    assert damaged
    found: dict[str | None, str] = {}
    for name in ("a.jsonl", "b.jsonl.gz", "c.jsonl", "d.csv", "h.parquet"):
        found |= texts(scanned / "fixed" / name)
    for row in damaged:
        assert found[row["id"]] == GLOSS.sub("", row["text"])


def test_nested_fields_are_replaced_in_place(tmp_path: Path) -> None:
    row: dict[str, Any] = {
        "id": 1,
        "meta": {"text": "居(jū)民(mín)反映社(shè)区(qū)的居(jū)住(zhù)环境良好。" * 2, "lang": "zh"},
        "n": 1.5,
    }
    (tmp_path / "a.jsonl").write_bytes(json.dumps(row).encode() + b"\n" + b'{"id":2}\n')
    parquet.write_table(pa.Table.from_pylist([row]), tmp_path / "b.parquet")
    for name in ("a.jsonl", "b.parquet"):
        run("scan", name, "-o", f"{name}.scan", "-q", "--workers", 1, "--text-field", "meta.text", cwd=tmp_path)
        done = run(
            "apply", name, "--scan", f"{name}.scan", "-o", f"{name}.new", "-q", "--workers", 1, "--fix", cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
    wanted = {**row, "meta": {**row["meta"], "text": GLOSS.sub("", row["meta"]["text"])}}
    lines = (tmp_path / "a.jsonl.new" / "a.jsonl").read_bytes().split(b"\n")
    assert json.loads(lines[0]) == wanted
    assert lines[1:] == [b'{"id":2}', b""]
    assert parquet.read_table(tmp_path / "b.parquet.new" / "b.parquet").to_pylist() == [wanted]


def test_other_inputs_than_those_scanned_are_refused(scanned: Path) -> None:
    done = run("apply", "shards/a.jsonl", "--scan", "scanned", "-o", "other", cwd=scanned)
    assert done.returncode == 2
    assert b"not those that were scanned" in done.stderr
    assert run("apply", "shards", "--scan", "shards", "-o", "other", cwd=scanned).returncode == 2
    assert run("apply", "shards", "--scan", "scanned", "-o", "shards", cwd=scanned).returncode == 2
    assert not (scanned / "other").exists()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("room", "name"), [(repairs, "decide_rows"), (applying, "write_table")])
def test_what_was_interrupted_goes_on_and_ends_the_same(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: Any, name: str
) -> None:
    """In the decisions, or while files are written; a stray piece of a file stands for a kill in the middle of one."""
    monkeypatch.chdir(scanned)
    words = ["apply", "shards", "--scan", "scanned", "--fix", "--quiet", "--workers", "1", "--output"]
    whole = CliRunner().invoke(app, [*words, str(tmp_path / "whole")])
    assert whole.exit_code == 0, whole.output
    work, calls = getattr(room, name), list[str]()

    def fail(*given: Any) -> Any:
        calls.append(name)
        if len(calls) == 4:
            raise RuntimeError("killed")
        return work(*given)

    out = tmp_path / "out"
    monkeypatch.setattr(room, name, fail)
    assert isinstance(CliRunner().invoke(app, [*words, str(out)]).exception, RuntimeError)
    (out / ".a.jsonl.x.part").write_bytes(b"half")
    refused = CliRunner().invoke(app, [*words, str(out)])
    assert isinstance(refused.exception, AuditError)
    assert "--resume" in str(refused.exception)
    other = CliRunner().invoke(app, [*words[:4], *words[5:], str(out), "--resume"])
    assert str(other.exception).endswith("not resumed, since other than when it was begun: repairs")
    done = CliRunner().invoke(app, [*words, str(out), "--resume"])
    assert (done.exit_code, done.stdout) == (whole.exit_code, whole.stdout)
    assert contents(out) == contents(tmp_path / "whole")
    again = CliRunner().invoke(app, [*words, str(out), "--resume"])
    assert (again.exit_code, again.stdout) == (whole.exit_code, whole.stdout), "there is nothing to resume"
    assert contents(out) == contents(tmp_path / "whole")
    assert len(calls) < 4 + 6, "what was done is not done again"


def test_a_file_that_is_named_as_the_record_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    parquet.write_table(pa.table({"text": ["今天天气很好。"]}), "changes.parquet")
    assert CliRunner().invoke(app, ["scan", "changes.parquet", "-o", "scan", "-q", "--workers", "1"]).exit_code == 0
    refused = CliRunner().invoke(app, ["apply", "changes.parquet", "--scan", "scan", "-o", "new", "-q"])
    assert isinstance(refused.exception, AuditError)
    assert not Path("new").exists()
