"""A scanned corpus written anew: without repeats, with repairs, and otherwise as it was."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from audit.reading.records import Broken, Fields, Record, cut, read
from tests import corpus

GLOSS = re.compile(r"\([a-zīūùèǔíì]+\)")


def run(script: str, *words: object, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([script, *map(str, words)], cwd=cwd, capture_output=True, check=False, timeout=300)


def items(path: Path, text: str = "") -> list[Record | Broken]:
    return [item for block in cut(path.name, path, Fields(text)) for item in read(block)]


def texts(path: Path) -> dict[str | None, str]:
    return {item.id: item.text for item in items(path) if isinstance(item, Record)}


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory, script: str) -> Path:
    folder = tmp_path_factory.mktemp("apply")
    shards = corpus.write(folder / "shards", 40)
    made = corpus.rows(40)
    rows = [{**row, "n": number, "meta": {"lang": "zh"}} for number, row in enumerate(made[:20])]
    parquet.write_table(pa.Table.from_pylist(rows), shards / "h.parquet", row_group_size=7)
    done = run(script, "scan", "shards", "-o", "scanned", "-q", "--workers", 1, cwd=folder)
    assert done.returncode == 3, done.stderr
    return folder


def test_what_is_dropped_is_gone_and_the_rest_is_as_it_was(scanned: Path, script: str) -> None:
    done = run(script, "apply", "shards", "--scan", "scanned", "-o", "kept", "-q", "--workers", 1, cwd=scanned)
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
    again = run(script, "scan", "kept", "-o", "again", "-q", "--workers", 1, cwd=scanned)
    assert again.returncode == 3, "broken rows stay as they are"
    summary = json.loads((scanned / "again" / "summary.json").read_bytes())
    assert "drop" not in summary["actions"]
    assert summary["problems"].keys() <= {"missing-field", "invalid-json"}


def test_repairs_are_applied_and_recorded(scanned: Path, script: str) -> None:
    done = run(
        script, "apply", "shards", "--scan", "scanned", "-o", "fixed", "-q", "--workers", 2, "--fix", cwd=scanned
    )
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


def test_nested_fields_are_replaced_in_place(tmp_path: Path, script: str) -> None:
    row: dict[str, Any] = {
        "id": 1,
        "meta": {"text": "居(jū)民(mín)反映社(shè)区(qū)的居(jū)住(zhù)环境良好。" * 2, "lang": "zh"},
        "n": 1.5,
    }
    (tmp_path / "a.jsonl").write_bytes(json.dumps(row).encode() + b"\n" + b'{"id":2}\n')
    parquet.write_table(pa.Table.from_pylist([row]), tmp_path / "b.parquet")
    for name in ("a.jsonl", "b.parquet"):
        run(script, "scan", name, "-o", f"{name}.scan", "-q", "--workers", 1, "--text-field", "meta.text", cwd=tmp_path)
        done = run(script, "apply", name, "--scan", f"{name}.scan", "-o", f"{name}.new", "-q", "--fix", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    wanted = {**row, "meta": {**row["meta"], "text": GLOSS.sub("", row["meta"]["text"])}}
    lines = (tmp_path / "a.jsonl.new" / "a.jsonl").read_bytes().split(b"\n")
    assert json.loads(lines[0]) == wanted
    assert lines[1:] == [b'{"id":2}', b""]
    assert parquet.read_table(tmp_path / "b.parquet.new" / "b.parquet").to_pylist() == [wanted]


def test_other_inputs_than_those_scanned_are_refused(scanned: Path, script: str) -> None:
    done = run(script, "apply", "shards/a.jsonl", "--scan", "scanned", "-o", "other", cwd=scanned)
    assert done.returncode == 2
    assert b"not those that were scanned" in done.stderr
    assert run(script, "apply", "shards", "--scan", "shards", "-o", "other", cwd=scanned).returncode == 2
    assert run(script, "apply", "shards", "--scan", "scanned", "-o", "shards", cwd=scanned).returncode == 2
    assert not (scanned / "other").exists()
