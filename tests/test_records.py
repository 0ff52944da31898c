"""Tables of records: each format gives its texts with their places, tells what is broken, and goes on."""

from __future__ import annotations

import gzip
import json
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pytest
import zstandard
from pyarrow import parquet

from audit import Config, audit_paths
from audit import __file__ as package
from audit.reading.records import MAX_TEXT, Broken, Fields, Record, cut, read
from tests import console

DAMAGED = "一年来，我站按照20xx年度目标开展工作，居民反映良好。"
CLEAN = "今年以来，社区组织居民清理河道，效果良好。"
ROWS: list[dict[str, Any]] = [
    {"id": "a1", "text": CLEAN, "meta": {"text": DAMAGED}},
    {"id": "a2", "text": f"{CLEAN}\n{DAMAGED}", "meta": {"text": CLEAN}},
]


def items(path: Path, text: str = "", key: str = "") -> list[Record | Broken]:
    return [item for block in cut(path.name, path, Fields(text, key)) for item in read(block)]


def lines(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n" for row in rows)


def tables(folder: Path) -> list[Path]:
    """The same two records in every format."""
    raw = lines(ROWS)
    (folder / "a.jsonl").write_bytes(raw)
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(raw[:50]) + gzip.compress(raw[50:]))
    (folder / "c.jsonl.zst").write_bytes(zstandard.compress(raw[:50]) + zstandard.compress(raw[50:]))
    for name, mark in (("d.csv", ","), ("e.tsv", "\t")):
        table = "".join(f'{row["id"]}{mark}"{row["text"]}"\r\n' for row in ROWS)
        (folder / name).write_bytes(f"id{mark}text\r\n{table}".encode())
    parquet.write_table(pa.Table.from_pylist(ROWS), folder / "f.parquet")
    return sorted(folder.iterdir())


def test_every_format_gives_the_same_texts_and_findings(tmp_path: Path) -> None:
    said = set()
    for path in tables(tmp_path):
        assert [(item.text, item.id) for item in items(path)] == [(row["text"], row["id"]) for row in ROWS], path.name
        audit = audit_paths([str(path)])
        assert audit.complete
        (finding,) = audit.findings
        assert finding.location is not None
        place = finding.location
        assert ROWS[1]["text"][place["start"] : place["end"]] == "20xx"
        assert (finding.entry, place["id"], place["text_line"]) == (2, "a2", 2)
        assert finding.line == (place.get("line") or place["row"])
        assert place.get("field", place.get("column")) == "text"
        said.add(
            (finding.rule, finding.fingerprint, finding.excerpt, place["start"], place["end"], place["text_column"])
        )
        assert [one.number for one in audit.documents[0].entries] == [1, 2]
    assert len(said) == 1


@pytest.mark.parametrize("name", ["a.jsonl", "f.parquet"])
def test_dots_lead_into_nested_fields(tmp_path: Path, name: str) -> None:
    tables(tmp_path)
    audit = audit_paths([str(tmp_path / name)], Config(text_field="meta.text"))
    assert [(finding.entry, finding.excerpt) for finding in audit.findings] == [(1, "20xx")]


def test_broken_lines_are_told_and_the_others_go_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    bad = [
        b'{"t":1}',
        b"{no json",
        b"[1]",
        b'{"text":null}',
        b'{"text":5}',
        b"",
        b'{"text":" "}',
        b'{"text":"\\ud83d"}',
    ]
    path.write_bytes(b"\xef\xbb\xbf" + lines(ROWS) + b"\n".join(bad) + b"\n" + b"[" * 100_000 + b"\n" + lines(ROWS[:1]))
    found = items(path)
    assert [one.number for one in found if isinstance(one, Record)] == [1, 2, 10, 12]
    kinds = {one.number: one.kind for one in found if isinstance(one, Broken)}
    assert kinds == {
        3: "missing-field",
        4: "invalid-json",
        5: "wrong-type",
        6: "null",
        7: "wrong-type",
        9: "empty",
        11: "invalid-json",
    }
    audit = audit_paths([str(path)])
    assert not audit.complete
    assert len(audit.skipped) == len(kinds) + 1, "the id a1 stands twice"
    assert any("the fields are: t" in one.reason for one in audit.skipped)


def test_lines_beyond_all_bounds_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    long = [b'{"text":"' + b"x" * size + b'"}\n' for size in (MAX_TEXT + 1, 2 * MAX_TEXT + 10, 3 * MAX_TEXT)]
    path.write_bytes(b'{"text":"a"}\n' + b'{"text":"b"}\n'.join(long) + b'{"text":"c"}\n')
    found = [(one.number, one.text if isinstance(one, Record) else one.kind) for one in items(path)]
    assert found == [(1, "a"), (2, "too-large"), (3, "b"), (4, "too-large"), (5, "b"), (6, "too-large"), (7, "c")]


@pytest.mark.parametrize("packed", [".gz", ".zst"])
def test_of_a_cut_file_what_can_be_read_is_read(tmp_path: Path, packed: str) -> None:
    raw = lines([{"text": f"{CLEAN}{number * 7919}"} for number in range(20_000)])
    path = tmp_path / f"a.jsonl{packed}"
    path.write_bytes((gzip.compress(raw) if packed == ".gz" else zstandard.compress(raw))[:-500])
    found = items(path)
    assert sum(isinstance(one, Record) for one in found) > 1_000
    assert isinstance(found[-1], Broken)
    assert found[-1].kind == "unreadable"
    assert "cut off" in found[-1].reason


def test_tables_without_the_column_say_which_they_have(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,texts\n1,a\n")
    parquet.write_table(pa.table({"id": [1], "texts": ["a"], "n": [1]}), tmp_path / "b.parquet")
    for name in ("a.csv", "b.parquet"):
        (broken,) = items(tmp_path / name)
        assert isinstance(broken, Broken)
        assert broken.kind == "missing-field"
        assert "id, texts" in broken.reason
        assert "did you mean 'texts'" in broken.reason
    (broken,) = items(tmp_path / "b.parquet", "n")
    assert isinstance(broken, Broken)
    assert broken.kind == "wrong-type"
    (tmp_path / "c.parquet").write_bytes(b"PAR1nothing")
    (broken,) = items(tmp_path / "c.parquet")
    assert isinstance(broken, Broken)
    assert broken.kind == "unreadable"


def test_rows_of_another_width_are_told_and_read(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(f"id,text,note\n1,{CLEAN},x\n2,{DAMAGED},x,y,z\n3,{DAMAGED}\n4\n\n5,{CLEAN},x\n", encoding="utf-8")
    audit = audit_paths([str(table)])
    assert [(one.entry, one.line) for one in audit.findings if one.rule == "PLC001"] == [(2, 3), (3, 4)]
    assert [one.number for one in audit.documents[0].entries] == [1, 2, 3, 5]
    assert [(one.path.rpartition(":")[2], str(one.reason)) for one in audit.skipped] == [
        ("3", "the row has 5 fields, the header 3"),
        ("4", "the row has 2 fields, the header 3"),
        ("5", "the row has 1 fields, none of them 'text'"),
    ]


def test_a_quotation_without_end_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'id,text\n1,"{CLEAN}\n第二行"\n2,"{CLEAN}\n3,{DAMAGED}\n', encoding="utf-8")
    (tmp_path / "b.csv").write_text(f'id,text\n1,"{CLEAN}\n第二行"\n2,{DAMAGED}', encoding="utf-8")
    audit = audit_paths([str(tmp_path / name) for name in ("a.csv", "b.csv")])
    assert [len(one.entries) for one in audit.documents] == [2, 2]
    (said,) = audit.skipped
    assert said.path.endswith("a.csv:4")
    assert "opens here has no end" in said.reason


def test_of_parquet_what_is_damaged_is_told_and_the_other_rows_are_read(tmp_path: Path) -> None:
    rows = pa.table({"text": [f"{CLEAN}{number}" for number in range(3_000)]})
    parquet.write_table(rows, tmp_path / "a.parquet", row_group_size=1_000)
    raw = bytearray((tmp_path / "a.parquet").read_bytes())
    at = parquet.read_metadata(tmp_path / "a.parquet").row_group(1).column(0).data_page_offset
    raw[at : at + 500] = bytes(500)
    (tmp_path / "a.parquet").write_bytes(raw)
    found = items(tmp_path / "a.parquet")
    (broken,) = (one for one in found if isinstance(one, Broken))
    assert broken.number == 1_001
    assert "rows 1001 to 2000 cannot be read" in broken.reason
    assert [one.number for one in found if isinstance(one, Record)] == [*range(1, 1_001), *range(2_001, 3_001)]


def test_csv_of_another_encoding(tmp_path: Path) -> None:
    body = "编号,正文\r\n" + "".join(f'{n},"今年以来，社区组织居民\r\n清理河道。"\r\n' for n in range(30))
    (tmp_path / "a.csv").write_bytes(body.encode("gb18030"))
    found = items(tmp_path / "a.csv")
    assert len(found) == 30
    assert all(isinstance(one, Record) and one.text == "今年以来，社区组织居民\r\n清理河道。" for one in found)
    assert [one.line for one in found] == list(range(2, 62, 2))


def test_command_line(tmp_path: Path) -> None:
    tables(tmp_path)
    (tmp_path / "a.jsonl").write_bytes(lines(ROWS) + b"{bad\n")

    run = partial(console.run, cwd=tmp_path)

    done = run("check", "a.jsonl", "--text-field", "meta.text", "--format", "jsonl")
    assert done.returncode == 3
    schema = json.loads((Path(package).parent / "schema.json").read_bytes())
    records = [json.loads(line) for line in done.stdout.decode("utf-8").rstrip("\n").split("\n")]
    for record in records:
        jsonschema.validate(record, schema)
    (finding,) = (record for record in records if record["record"] == "finding")
    assert finding["location"]["field"] == "meta.text"
    assert finding["line"] == 1
    assert run("check", ".", "--text-field", "text", "--format", "json").returncode == 3
    assert run("check", "f.parquet", "--fail-on", "never").returncode == 0
    assert run("check", "f.parquet", "--text-field", "none").returncode == 3
    refused = run("fix", "a.jsonl", "-i")
    assert refused.returncode == 3
    assert b"jiaokan apply" in refused.stderr
    assert (tmp_path / "a.jsonl").read_bytes() == lines(ROWS) + b"{bad\n"
