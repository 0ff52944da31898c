"""Formats and archives in a scan: what `check` finds stands in its tables too, whoever read it."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from audit import Config, audit_paths
from audit.address import in_record
from audit.cli import app
from audit.errors import AuditError
from audit.model import Document
from audit.reading.collect import collect
from audit.reading.document import read_records
from audit.reading.records import Block, Broken, Record, read
from audit.scale.apply import check_inputs
from audit.scale.job import TEXTS, Job, begin, describe, files_of, groups
from audit.scale.local import Local
from audit.scale.scan import scan
from audit.scale.shard import expand, texts
from tests.samples import CLEAN, DAMAGED, OTHER, chapter, document, epub, page_of, pdf_of, tarred, zipped


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("formats")
    (made / "a.html").write_bytes(page_of([CLEAN, DAMAGED]).encode())
    (made / "b.pdf").write_bytes(pdf_of([OTHER, DAMAGED]))
    (made / "c.pdf").write_bytes(b"no PDF")
    document(made / "d.docx", [["# 第一份"], [CLEAN], ["# 第二份"], [DAMAGED[:9], DAMAGED[9:]]])
    epub(made / "e.epub", {"a.xhtml": chapter("第一章", OTHER), "b.xhtml": chapter("第二章", DAMAGED)})
    rows = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in (OTHER, DAMAGED)) + "[]\n"
    members: dict[str, str | bytes] = {
        "a.txt": DAMAGED,
        "b.jsonl": rows,
        "c.docx": (made / "d.docx").read_bytes(),
        "d.zip": b"PK",
    }
    zipped(made / "f.zip", members)
    tarred(made / "g.tar.gz", members)
    return made


def job_of(folder: Path, output: Path) -> Job:
    sources = collect([str(folder)], tables=True, pages=True).sources
    return Job(files_of([(one.name, one.path) for one in sources if one.path]), str(output), Config(text_field="text"))


def documents(block: Block) -> Iterator[tuple[str, Document | Broken]]:
    if block.kind == TEXTS:
        yield from texts(block)
        return
    for item in read(block):
        yield block.path, read_records(block.path, [item])[0] if isinstance(item, Record) else item


def test_blocks_can_be_sent_and_hold_everything(folder: Path, tmp_path: Path) -> None:
    job = job_of(folder, tmp_path)
    seen: list[tuple[str, str]] = []
    for group in groups(job.files):
        shards = list(expand((job, group)))
        assert [shard.block.number for shard in shards] == list(range(len(shards)))
        for shard in shards:
            for path, item in documents(pickle.loads(pickle.dumps(shard.block))):  # noqa: S301 - our own
                seen.append((path.removeprefix(f"{folder.as_posix()}/"), item.kind if isinstance(item, Broken) else ""))
                assert isinstance(item, Broken) or (isinstance(item, Document) and item.body)
    inside = [
        ("a.txt", ""),
        ("b.jsonl", ""),
        ("b.jsonl", ""),
        ("b.jsonl", "wrong-type"),
        ("c.docx", ""),
        ("d.zip", "unreadable"),
    ]
    assert sorted(seen) == sorted(
        [("a.html", ""), ("b.pdf", ""), ("c.pdf", "unreadable"), ("d.docx", ""), ("e.epub", ""), ("e.epub", "")]
        + [(f"{archive}!/{name}", kind) for archive in ("f.zip", "g.tar.gz") for name, kind in inside]
    )


def test_a_scan_finds_what_check_finds(folder: Path, tmp_path: Path) -> None:
    job = job_of(folder, tmp_path / "out")
    begin(job, resume=False)
    _, code = scan(job, Local(1), quiet=True)
    assert code == 3
    rows = parquet.read_table(tmp_path / "out" / "findings.parquet").to_pylist()
    here = {
        (row["path"], row["entry"], row["line"], row["column"], row["start"], row["fingerprint"], row["location"])
        for row in rows
        if row["rule"] == "PLC001"
    }
    audit = audit_paths([str(folder)], Config(text_field="text"))
    there = set()
    for one in audit.findings:
        if one.rule == "PLC001":
            place = one.location
            packed = json.dumps(place, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if place else None
            start = place["start"] if place else one.start
            there.add((one.path, one.entry, one.line, one.column, start, one.fingerprint, packed))
    assert len(there) == 10
    assert here == there
    problems = parquet.read_table(tmp_path / "out" / "problems.parquet").to_pylist()
    assert len(problems) == len(audit.skipped) == 5


def test_apply_leaves_out_what_it_cannot_write(folder: Path, tmp_path: Path) -> None:
    glossed = "居(jū)民(mín)反映社(shè)区(qū)的居(jū)住(zhù)环境良好。"
    made = tmp_path / "in"
    shutil.copytree(folder, made)
    (made / "c.txt").write_bytes(glossed.encode())  # stands between files that are left out
    (made / "sub").mkdir()
    (made / "sub" / "h.jsonl").write_bytes((json.dumps({"text": glossed}) + "\n").encode())
    arguments = [str(made), "--workers", "1", "--quiet", "--output"]
    said = CliRunner().invoke(app, ["scan", *arguments, str(tmp_path / "scan"), "--text-field", "text"])
    assert said.exit_code == 3, said.output
    arguments += [str(tmp_path / "new"), "--scan", str(tmp_path / "scan"), "--fix"]
    said = CliRunner().invoke(app, ["apply", *arguments])
    assert said.exit_code == 3, said.output
    for name in ("a.html", "b.pdf", "c.pdf", "d.docx", "e.epub", "f.zip", "g.tar.gz"):
        (line,) = [one for one in said.stderr.splitlines() if f"/{name}: is not written" in one]
        assert ("unpack it" if name[0] in "fg" else "save its text as a .txt file") in line
    new = tmp_path / "new"
    files = {path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()}
    assert files == {"c.txt", "sub/h.jsonl", "changes.parquet"}
    wanted = "居民反映社区的居住环境良好。"
    assert (new / "c.txt").read_bytes().decode() == wanted
    assert json.loads((new / "sub" / "h.jsonl").read_bytes()) == {"text": wanted}


def test_apply_refuses_where_it_can_write_nothing(folder: Path, tmp_path: Path) -> None:
    job = job_of(folder, tmp_path)
    with pytest.raises(AuditError, match="is not written, as apply writes plain text and tables"):
        check_inputs(job, describe(job), tmp_path)


def test_repeats_have_the_places_that_check_gives_them(tmp_path: Path) -> None:
    """A copy of a text in each format, and a paragraph that stands twice in it."""
    said = "社区组织居民清理河道三公里，运走淤泥与杂物四十车，沿岸居民反映良好，邻近街道也派人前来参观学习。"
    lines = [f"第{n}组：{said}{CLEAN * 3}" for n in "一二三四"]
    made = tmp_path / "in"
    made.mkdir()
    (made / "a.html").write_bytes(page_of(lines).encode())
    (made / "b.html").write_bytes(page_of([OTHER, *lines, lines[0]]).encode())
    (made / "c.pdf").write_bytes(pdf_of([line[:40] for line in [*lines, OTHER]]))
    (made / "d.pdf").write_bytes(pdf_of([line[:40] for line in [OTHER, *lines]]))
    document(made / "e.docx", [[OTHER], *([line[:9], line[9:]] for line in lines)])
    epub(made / "f.epub", {"a.xhtml": chapter("第一章", OTHER * 4), "b.xhtml": chapter("第二章", *lines, lines[0])})
    job = job_of(made, tmp_path / "out")
    begin(job, resume=False)
    scan(job, Local(1), quiet=True)
    rows = parquet.read_table(tmp_path / "out" / "findings.parquet").to_pylist()
    told = [row for row in rows if row["kind"] == "duplicate"]
    assert {Path(row["path"]).suffix for row in told} == {".html", ".pdf", ".docx", ".epub"}
    audit = audit_paths([str(made)], Config(text_field="text"))
    documents, some = {one.document.path: one for one in audit.documents}, next(iter(audit.findings))
    for row in told:
        audited = documents[row["path"]]
        part = next(one.entry.index for one in audited.entries if one.number == row["entry"])
        above = audited.document.origins[part].start
        blank = replace(some, start=above + row["start"], end=above + row["end"])
        line = audited.document.source.line_at(blank.start)
        column = blank.start - int(audited.document.source.line_starts[line]) + 1
        wanted = in_record(replace(blank, line=line + 1, column=column), audited.document, part)
        assert wanted.location == json.loads(row["location"])
        names = ("line", "column", "end_line", "end_column")
        assert [getattr(wanted, name) for name in names] == [row[name] for name in names]
