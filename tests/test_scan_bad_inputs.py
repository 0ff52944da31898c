"""Every kind of bad input in one scan: counted, with its place and reason, and the rest goes on."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from audit.catalogue import speaking
from audit.cli import app
from audit.commands.tongue import take
from audit.reading.records import MAX_TEXT
from tests.samples import CLEAN, DAMAGED, OTHER, chapter, epub


def lines(*rows: Any) -> bytes:
    """Lines of JSON; a text stands as it is."""
    made = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    return "".join(f"{row}\n" for row in made).encode()


def texts(*values: Any) -> bytes:
    return lines(*({"id": number, "text": value} for number, value in enumerate(values, 1)))


def bad(folder: Path) -> None:
    folder.mkdir()
    files = {
        "width.csv": f"id,text\n1,{DAMAGED},x\n2\n3,{CLEAN}\n".encode(),
        "column.csv": f"id,texts\n1,{CLEAN}\n".encode(),
        "column.jsonl": lines({"id": 1, "texts": CLEAN}) + texts(DAMAGED),
        "cut.jsonl.gz": gzip.compress(texts(*(f"{CLEAN}{n * 7919}" for n in range(9_000))))[:-500],
        "cut.parquet": b"PAR1 and no more",
        "blank.txt": "\ufeff \n".encode("utf-16-le"),
        "empty.txt": b"",
        "nothing.jsonl.gz": b"",
        "nothing.jsonl.zst": b"",
        "empty.jsonl": texts("", " \n ", DAMAGED),
        "ids.jsonl": lines({"id": 1, "text": OTHER}, {"id": 1, "text": DAMAGED}),
        "json.jsonl": lines('{"id":1,', "[1]", "null") + texts(DAMAGED),
        "large.jsonl": texts(OTHER, "字" * (50_000_000 // 3), DAMAGED),
        "types.jsonl": texts(5, ["a"], {"a": "b"}, True, None, DAMAGED),
    }
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    parquet.write_table(pa.table({"id": [1], "title": [CLEAN]}), folder / "column.parquet")
    epub(folder / "book.epub", {"a.xhtml": chapter("第一章", DAMAGED), "b.xhtml": None})
    parquet.write_table(pa.table({"id": [1], "text": [1]}), folder / "types.parquet")
    parquet.write_table(pa.table({"id": [1, 2, 3], "text": [None, "", DAMAGED]}), folder / "nulls.parquet")


def test_bad_inputs_are_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    bad(tmp_path / "in")
    out = tmp_path / "out"
    words = ["scan", str(tmp_path / "in"), "-o", str(out), "--text-field", "text", "--id-field", "id"]
    ran = CliRunner().invoke(app, [*words, "--select", "PLC001", "--workers", "1", "--quiet"])
    assert ran.exit_code == 3, ran.output
    rows = parquet.read_table(out / "problems.parquet").to_pylist()
    told: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        told.setdefault(Path(row["path"]).name, []).append((row["entry"], row["kind"]))
    gone = told.pop("cut.jsonl.gz")
    assert gone[-1] == (0, "unreadable")
    assert told == {
        "book.epub": [(2, "missing")],
        "column.csv": [(0, "missing-field")],
        "width.csv": [(1, "field-count"), (2, "missing-field")],
        "column.jsonl": [(1, "missing-field")],
        "column.parquet": [(0, "missing-field")],
        "cut.parquet": [(0, "unreadable")],
        "blank.txt": [(0, "empty")],
        "empty.txt": [(0, "empty")],
        "nothing.jsonl.gz": [(0, "unreadable")],
        "nothing.jsonl.zst": [(0, "unreadable")],
        "empty.jsonl": [(1, "empty"), (2, "empty")],
        "ids.jsonl": [(2, "duplicate-id")],
        "json.jsonl": [(1, "invalid-json"), (2, "wrong-type"), (3, "wrong-type")],
        "large.jsonl": [(2, "too-large")],
        "nulls.parquet": [(1, "null"), (2, "empty")],
        "types.jsonl": [*((number, "wrong-type") for number in range(1, 5)), (5, "null")],
        "types.parquet": [(0, "wrong-type")],
    }
    reasons = {Path(row["path"]).name: row["reason"] for row in rows}
    assert "no field 'text'; the fields are: id, texts" in reasons["column.csv"]
    assert "the fields are: id, title" in reasons["column.parquet"]
    assert f"{MAX_TEXT >> 20} MiB at most" in reasons["large.jsonl"]
    found = parquet.read_table(out / "findings.parquet").to_pylist()
    assert {Path(row["path"]).name for row in found if row["rule"] == "PLC001"} == {
        *("column.jsonl", "empty.jsonl", "ids.jsonl", "json.jsonl", "large.jsonl", "nulls.parquet", "types.jsonl"),
        *("book.epub", "width.csv"),
    }
    summary = json.loads((out / "summary.json").read_bytes())
    assert sum(summary["problems"].values()) == len(rows)


@contextlib.contextmanager
def spoken(language: str) -> Iterator[None]:
    """Speaks a language as the command does, and none that is chosen afterwards."""
    with speaking(language):
        yield
    take([], {"JIAOKAN_LANG": "en"})


def test_reasons_are_english_in_tables_and_in_the_language_spoken_on_the_page(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(texts(DAMAGED))[:-9])
    (folder / "ids.jsonl").write_bytes(lines({"id": 1, "text": OTHER}, {"id": 1, "text": DAMAGED}))
    made = {}
    for language in ("en", "zh"):
        out = tmp_path / language
        words = ["scan", str(folder), "-o", str(out), "--select", "PLC001", "--workers", "1", "--quiet"]
        with spoken(language):
            assert CliRunner().invoke(app, take(words, {"JIAOKAN_LANG": language})).exit_code == 3
        made[language] = {path.name: path.read_bytes() for path in out.iterdir() if path.suffix == ".parquet"}
    assert made["en"] == made["zh"], "what program wrote a table does not show"
    page = (tmp_path / "zh" / "summary.md").read_text(encoding="utf-8")
    assert "压缩文件不完整或已损坏" in page
    assert "cannot be read" not in page
    assert "stood already" not in page


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="names of files are Unicode there")
def test_a_name_that_is_no_utf8_is_spelled(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xc4\xe3\xba\xc3.txt")).write_bytes(DAMAGED.encode())
    words = ["scan", str(folder), "-o", str(out), "--select", "PLC001", "--workers", "1", "--quiet"]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code in (0, 1), ran.output
    paths = {
        row["path"]
        for name in ("findings", "entries")
        for row in parquet.read_table(out / f"{name}.parquet", columns=["path"]).to_pylist()
    }
    assert len(paths) == 1, "both tables spell it alike"
    assert paths.pop().endswith(r"\xc4\xe3\xba\xc3.txt")
