"""The corpus job: the same tables from any number of workers, on a cluster, and after a kill."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from audit import Config, audit_paths
from audit.errors import AuditError
from audit.model import Action
from audit.reading.collect import collect
from audit.registry import load_rules
from audit.rule import Scope
from audit.scale.failures import FEW, Failures, add, thin
from audit.scale.job import Job, begin, files_of
from audit.scale.local import Local, Lost
from audit.scale.scan import finished, scan
from tests import corpus

TABLES = ("findings.parquet", "entries.parquet", "problems.parquet", "summary.json", "summary.md")


def job_of(folder: Path, output: Path, config: Config | None = None) -> Job:
    sources = collect([str(folder)], tables=True).sources
    return Job(files_of([(one.name, one.path) for one in sources if one.path]), str(output), config or Config())


def tables(output: Path) -> dict[str, bytes]:
    return {name: (output / name).read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus.write(tmp_path_factory.mktemp("corpus") / "shards")


@pytest.fixture(scope="module")
def done(shards: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one worker makes of the shards."""
    job = job_of(shards, tmp_path_factory.mktemp("scan") / "out")
    begin(job, resume=False)
    _, code = scan(job, Local(1), quiet=True)
    assert code == 3, "two shards and two rows are broken"
    return Path(job.output)


def entries(output: Path) -> list[dict[str, Any]]:
    return list(parquet.read_table(output / "entries.parquet").to_pylist())


def test_every_entry_is_there_and_every_problem(done: Path) -> None:
    found = entries(done)
    paths = [Path(row["path"]).name for row in found]
    assert [paths.count(name) for name in ("a.jsonl", "b.jsonl.gz", "c.jsonl", "d.csv", "g.txt")] == [21, 20, 20, 20, 3]
    problems = parquet.read_table(done / "problems.parquet").to_pylist()
    told = {(Path(row["path"]).name, row["kind"]) for row in problems}
    assert told >= {
        ("a.jsonl", "missing-field"),
        ("a.jsonl", "invalid-json"),
        ("a.jsonl", "duplicate-id"),
        ("e.csv", "missing-field"),
        ("f.jsonl.gz", "unreadable"),
    }
    summary = json.loads((done / "summary.json").read_bytes())
    assert sum(summary["problems"].values()) == len(problems)
    assert summary["entries"] == len(found)
    assert summary["failures"] == []


def test_findings_are_those_of_check(shards: Path, done: Path) -> None:
    audit = audit_paths([str(shards / "c.jsonl")])
    wide = {rule.code for rule in load_rules()[0] if rule.scope is Scope.COLLECTION}
    wanted = {
        (finding.rule, finding.entry, finding.location["start"], finding.message, finding.fingerprint)
        for finding in audit.findings
        if finding.rule not in wide and finding.location
    }
    rows = parquet.read_table(done / "findings.parquet").to_pylist()
    found = {
        (row["rule"], row["entry"], row["start"], row["message"], row["fingerprint"])
        for row in rows
        if row["path"].endswith("c.jsonl") and row["rule"] not in wide
    }
    assert found == wanted
    assert found
    own = {one.number: one.graded for one in audit.documents[0].entries if one.graded.action is not Action.DROP}
    beside = {
        row["entry"] for row in rows if row["path"].endswith("c.jsonl") and row["rule"] in wide
    }  # the other shards tell more
    for row in entries(done):
        if row["path"].endswith("c.jsonl") and row["action"] != "drop" and row["entry"] in own.keys() - beside:
            assert (row["grade"], row["score"]) == (
                own[row["entry"]].now.letter,
                pytest.approx(own[row["entry"]].now.score),
            )


def test_repeats_are_clusters_with_one_kept(done: Path) -> None:
    found = entries(done)
    clusters: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        if row["cluster"]:
            clusters.setdefault(row["cluster"], []).append(row)
    assert len(clusters) >= 8
    for members in clusters.values():
        assert sum(row["kept"] for row in members) == 1
        assert all(row["cluster_size"] == len(members) for row in members)
        (kept,) = (row for row in members if row["kept"])
        assert kept["grade"] == min(row["grade"] for row in members)
        for row in members:
            assert row["kept"] or (row["action"], row["grade"], row["score"]) == ("drop", "F", 0)
    texts = {row["id"]: row["text"] for row in corpus.rows(80)}
    same = [row for row in found if row["id"] and row["id"].endswith("7") and row["path"].endswith((".jsonl", ".gz"))]
    for row in same:
        twins = [other for other in found if texts.get(other["id"]) == texts[row["id"]] and other["id"] != row["id"]]
        assert twins
        assert {other["cluster"] for other in twins} == {row["cluster"]}


def test_two_workers_write_the_same_bytes(shards: Path, done: Path, tmp_path: Path) -> None:
    job = job_of(shards, tmp_path / "out")
    begin(job, resume=False)
    scan(job, Local(2), quiet=True)
    assert tables(tmp_path / "out") == tables(done)


def test_a_killed_scan_goes_on_and_ends_the_same(shards: Path, done: Path, tmp_path: Path, script: str) -> None:
    output = tmp_path / "out"
    command = [script, "scan", str(shards), "-o", str(output), "-q"]
    process = subprocess.Popen([*command, "--workers", "1"], start_new_session=True, stdout=subprocess.DEVNULL)
    while not list(output.glob("parts/*.entries.parquet")) and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (output / "summary.json").exists(), "it was killed in the middle"
    kept = {path: path.stat().st_mtime_ns for path in output.glob("parts/*.entries.parquet")}
    refused = subprocess.run(command, capture_output=True, check=False)
    assert refused.returncode == 2
    assert b"--resume" in refused.stderr
    job = job_of(shards, output)
    begin(job, resume=True)
    page, code = scan(job, Local(1), quiet=True, keep_parts=True)
    assert kept
    assert all(path.stat().st_mtime_ns == then for path, then in kept.items()), "what was done is not done again"
    assert tables(output) == tables(done)
    assert finished(job) == (page, code)


def test_a_changed_input_is_not_resumed(shards: Path, tmp_path: Path, script: str) -> None:
    copy = tmp_path / "shards"
    shutil.copytree(shards, copy)
    begin(job_of(copy, tmp_path / "out"), resume=False)
    (copy / "c.jsonl").write_bytes(b"{}\n")
    again = subprocess.run(
        [script, "scan", str(copy), "-o", str(tmp_path / "out"), "--resume"], capture_output=True, check=False
    )
    assert again.returncode == 2
    assert b"inputs" in again.stderr


def test_an_empty_corpus_is_a_corpus(tmp_path: Path) -> None:
    (tmp_path / "shards").mkdir()
    (tmp_path / "shards" / "a.jsonl").write_bytes(b"")
    job = job_of(tmp_path / "shards", tmp_path / "out")
    begin(job, resume=False)
    page, code = scan(job, Local(1), quiet=True)
    assert code == 0
    assert "0 entries" in page
    assert entries(tmp_path / "out") == []


def die_on_three(item: int) -> int:
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def one_by_one(item: range) -> Iterator[int]:
    yield from item


def test_an_item_that_kills_its_worker_is_lost_alone() -> None:
    results = list(Local(2).map(one_by_one, die_on_three, [range(6)]))
    assert sorted(item for item in results if isinstance(item, int)) == [0, 1, 2, 4, 5]
    assert [item for item in results if isinstance(item, Lost)] == [Lost(3)]


def test_failures_are_few_whoever_comes_first() -> None:
    every = (
        [("PLC001", f"ValueError: {n}") for n in range(3_000)]
        + [("", f"part {n}") for n in range(30)]
        + [("OCR001", "x")]
    )
    found = []
    for order in (every, every[::-1]):
        failures: Failures = {}
        for at in range(0, len(order), 700):
            add(failures, order[at : at + 700])
        thin(failures)
        found.append(sorted(failures))
    assert found[0] == found[1]
    assert len(found[0]) == 30 + 1 + FEW + 1


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
@pytest.mark.parametrize("most", [3_000, 10_000, 50_000])
def test_output_that_cannot_be_written_is_named_and_resumed(
    shards: Path, done: Path, tmp_path: Path, most: int
) -> None:
    """Files that may not grow stand for a disk that is full: the system refuses both while a file is written."""
    import resource

    job = job_of(shards, tmp_path / "out")
    begin(job, resume=False)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        with pytest.raises(AuditError) as caught:
            scan(job, Local(1), quiet=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert str(caught.value).startswith(f"{job.output}: cannot be written (")
    left = [path for path in Path(job.output).rglob("*") if path.is_file()]
    assert [path for path in left if path.parent != job.parts] == [Path(job.output, "job.json")]
    assert all(
        path.name.endswith(".parquet") and parquet.read_metadata(path) for path in left if path.parent == job.parts
    )
    wholes = {path.name.split(".")[0] for path in left if path.name.endswith(".entries.parquet")}
    assert {path.name.split(".")[0] for path in left if path.name.endswith(".findings.parquet")} == wholes
    begin(job, resume=True)
    scan(job, Local(1), quiet=True)
    assert tables(Path(job.output)) == tables(done)
