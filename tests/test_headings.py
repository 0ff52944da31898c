"""Titles against their texts: in one document, among files, and in a scan of them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from audit import Config, audit_paths
from audit.language import strays
from audit.language.headings import broken, subject_words
from audit.model import Span, Text
from audit.reading.collect import collect
from audit.scale import courts
from audit.scale.job import Job, begin, files_of
from audit.scale.local import Local
from audit.scale.scan import scan
from tests.casefiles import all_cases

VERSE = "春山一路鸟空啼，溪水无人自向西\n" * 30
PROSE = "毛笔用过以后要趁墨还没有干的时候洗，洗的时候不要用热水，热水会把笔根的胶化开。" * 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sections of the first case as files, the stray heading over one of them."""
    case = next(case for case in all_cases() if case.rule == "TOP003" and case.at)
    home = tmp_path_factory.mktemp("titles")
    for number, section in enumerate(case.text.split("## ")[1:]):
        (home / f"{number}.txt").write_text(section, encoding="utf-8")
    return home


def scanned(folder: Path, output: Path) -> tuple[list[dict], dict, str]:
    sources = collect([str(folder)], tables=True).sources
    config = Config(select=("TOP003",))
    job = Job(files_of([(one.name, one.path) for one in sources if one.path]), str(output), config)
    begin(job, resume=False)
    page, code = scan(job, Local(1), quiet=True)
    assert code == 0
    rows = parquet.read_table(output / "findings.parquet").to_pylist()
    return rows, json.loads((output / "summary.json").read_bytes()), page


def test_a_scan_says_what_check_says(folder: Path, tmp_path: Path) -> None:
    (found,) = audit_paths([str(folder)], config=Config(select=("TOP003",))).findings
    (row,), summary, _ = scanned(folder, tmp_path / "out")
    assert (row["rule"], row["severity"], row["message"]) == (found.rule, "info", found.message)
    assert (row["line"], row["column"], row["end_line"], row["end_column"]) == (1, 1, 1, 7)
    assert (row["excerpt"], row["fingerprint"]) == (found.excerpt, found.fingerprint)
    assert json.loads(row["evidence"]) == dict(found.evidence)
    assert summary["failures"] == []


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
@pytest.mark.parametrize("field", ["标题", "meta.名称"])
def test_titles_may_have_a_column(folder: Path, tmp_path: Path, name: str, field: str) -> None:
    (wanted,) = audit_paths([str(folder)], config=Config(select=("TOP003",))).findings
    texts = [path.read_text(encoding="utf-8").partition("\n") for path in sorted(folder.iterdir())]
    home = tmp_path / "in"
    home.mkdir()
    flat = [{"text": body, field: title} for title, _, body in texts]
    rows = (
        flat
        if name == "a.csv" or "." not in field
        else [{"text": body, "meta": {"名称": title}} for title, _, body in texts]
    )
    if name == "a.parquet":
        parquet.write_table(pa.Table.from_pylist(rows), home / name)
    elif name == "a.csv":
        with (home / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, ["text", field])
            writer.writeheader()
            writer.writerows(rows)
    else:
        (home / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = Config(select=("TOP003",), text_field="text", title_field="" if field == "标题" else field)
    audit = audit_paths([str(home)], config=config)
    (found,) = audit.findings
    assert audit.complete
    assert (found.entry_title, found.message) == (wanted.entry_title, wanted.message)
    assert dict(found.evidence) == dict(wanted.evidence)
    job = Job(files_of([(f"in/{name}", home / name)]), str(tmp_path / "out"), config)
    begin(job, resume=False)
    scan(job, Local(1), quiet=True)
    (row,) = parquet.read_table(tmp_path / "out" / "findings.parquet").to_pylist()
    assert (row["message"], row["excerpt"], row["entry"]) == (found.message, found.excerpt, found.entry)
    assert json.loads(row["evidence"]) == dict(found.evidence)
    titles = parquet.read_table(tmp_path / "out" / "entries.parquet")["title"].to_pylist()
    assert titles == [title for title, _, _ in texts]


def test_a_column_for_titles_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"id,text\n1,{PROSE}\n", encoding="utf-8")
    audit = audit_paths([str(tmp_path / "a.csv")], config=Config(title_field="name"))
    assert [entry.entry.caption for entry in audit.documents[0].entries] == [""]
    (said,) = audit.skipped
    assert "no field 'name'; the fields are: id, text" in said.reason


def test_a_large_collection_is_asked_too(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courts, "SMALL", 3)
    monkeypatch.setattr(strays, "SMALL", 3)
    (found,) = audit_paths([str(folder)], config=Config(select=("TOP003",))).findings
    (row,), _, _ = scanned(folder, tmp_path / "out")
    assert (row["message"], row["fingerprint"]) == (found.message, found.fingerprint)
    assert json.loads(row["evidence"]) == dict(found.evidence)


def told(title: str, content: str) -> bool:
    text = Text(f"{title}\n{content}")
    return broken(title, text, Span(len(title), len(text.body))) is not None


def test_what_a_title_is_asked_for() -> None:
    assert subject_words("第三章 关于垃圾分类的工作总结2023") == ["垃圾分类"]
    assert told("鱼缸换水步骤", PROSE)
    assert not told("毛筆洗滌要訣", PROSE), "the same characters in the other script"
    assert not told("鱼缸", PROSE), "too short"
    assert not told("2023年度工作总结报告", PROSE), "no subject"
    assert not told("鱼缸换水步骤", PROSE[:200]), "too little text"
    assert not told("寄友人赴京任", VERSE.replace("，", "\n")), "verse"
    assert not told("热毛干胶笔墨", PROSE), "its characters are all there"
