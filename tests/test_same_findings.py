"""One collection through every door: whoever reads it, on however many workers, finds the same."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from audit import Config, audit_paths
from audit.cli import app
from audit.commands.scan import make_job
from audit.language import outliers, strays
from audit.registry import load_rules
from audit.scale import courts, spilled
from audit.scale.job import begin
from audit.scale.local import Local
from audit.scale.scan import scan
from tests import mixed
from tests.test_collection_rules import texts
from tests.test_scan import TABLES

Row = tuple[Any, ...]
SETTINGS = Config(text_field="text", id_field="id", min_confidence=0.0)
PLACE = ("line", "column", "end_line", "end_column")
SAID = (
    "rule",
    "name",
    "kind",
    "severity",
    "path",
    "entry",
    *PLACE,
    "excerpt",
    "message",
    "suggestion",
    "safety",
    "fingerprint",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The collection, with the rules of the house installed for this process and all that it starts."""
    folder = tmp_path_factory.mktemp("same")
    packages = str(mixed.house_rules(folder / "packages"))
    before, sys.path[:] = [*sys.path], [packages, *sys.path]
    path, os.environ["PYTHONPATH"] = (
        os.environ.get("PYTHONPATH"),
        os.pathsep.join([packages, str(Path(__file__).parent.parent)]),
    )
    load_rules.cache_clear()
    mixed.write(folder / "in")
    yield folder
    sys.path[:] = before
    os.environ.pop("PYTHONPATH")
    if path is not None:
        os.environ["PYTHONPATH"] = path
    load_rules.cache_clear()


def row_of(said: dict[str, Any]) -> Row:
    """A finding as a tuple of everything that a reader is told; offsets are those of `location` where there is one."""
    place = said.get("location")
    place = json.loads(place) if isinstance(place, str) else place
    offsets = (place or said)["start"], (place or said)["end"]
    return (*(said[name] for name in SAID), round(said["confidence"], 3), *offsets, json.dumps(place, sort_keys=True))


@pytest.fixture(scope="module")
def found(home: Path) -> list[Row]:
    """What the library finds."""
    audit = audit_paths([str(home / "in")], SETTINGS)
    assert {failure.rule for failure in audit.failures} == mixed.BROKEN
    assert {batch.rule.code for one in audit.documents for batch in one.suppressed} == {"DUP001"}
    rows = [
        row_of(
            {name: getattr(one, name) for name in (*SAID, "confidence", "start", "end", "location")}
            | {"severity": one.severity.label, "safety": one.safety and one.safety.value}
        )
        for one in audit.findings
    ]
    return sorted(rows, key=repr)


def scanned(home: Path, name: str, *words: str) -> list[Row]:
    """What a scan finds."""
    out = home / name
    command = [
        "scan",
        str(home / "in"),
        "-o",
        str(out),
        "--text-field",
        "text",
        "--id-field",
        "id",
        "--min-confidence",
        "0",
        "--quiet",
        *words,
    ]
    ran = CliRunner().invoke(app, command)
    assert ran.exit_code == 3, ran.output
    summary = json.loads((out / "summary.json").read_bytes())
    assert {one["rule"] for one in summary["failures"]} == mixed.BROKEN
    return sorted((row_of(row) for row in parquet.read_table(out / "findings.parquet").to_pylist()), key=repr)


def test_everything_is_in_it(found: list[Row]) -> None:
    assert {row[0] for row in found} >= {
        "DUP001",
        "DUP002",
        "DUP003",
        "TOP001",
        "STR001",
        "STR003",
        "STR005",
        "HSE001",
        "HSE002",
    }
    assert not any(row[4].endswith("kept.md") for row in found), "that it is a copy was accepted"


def test_check_says_the_same(home: Path, found: list[Row]) -> None:
    (home / "jiaokan.toml").write_text('text-field = "text"\nid-field = "id"\nmin-confidence = 0.0\n', encoding="utf-8")
    command = ["check", str(home / "in"), "--format", "jsonl", "--config", str(home / "jiaokan.toml"), "--no-cache"]
    ran = CliRunner().invoke(app, command)
    assert ran.exit_code == 3, ran.output
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    assert (
        sorted((row_of(row) for row in rows if row.get("record") == "finding" and not row["suppression"]), key=repr)
        == found
    )


@pytest.fixture(scope="module")
def one(home: Path) -> tuple[Path, list[Row]]:
    """The folder of a scan by one process, and what it found."""
    return home / "one", scanned(home, "one", "--workers", "1")


def test_a_scan_says_the_same(one: tuple[Path, list[Row]], found: list[Row]) -> None:
    assert one[1] == found


def test_entries_have_the_same_grades(home: Path, one: tuple[Path, list[Row]]) -> None:
    audit = audit_paths([str(home / "in")], SETTINGS)
    here = {
        (row["path"], row["entry"]): (
            row["grade"],
            row["grade_after"],
            row["action"],
            pytest.approx(row["score"], abs=0.11),
            dict(row["findings"]),
        )
        for row in parquet.read_table(one[0] / "entries.parquet").to_pylist()
    }
    there = {
        (one.document.path, each.number): (
            each.graded.now.letter,
            each.graded.after.letter,
            each.graded.action.value,
            each.graded.now.score,
            each.graded.counts,
        )
        for one in audit.documents
        for each in one.entries
    }
    assert there == here
    assert {row[2] for row in there.values()} >= {"drop", "edit", "publish"}


def test_two_workers_say_the_same(home: Path, found: list[Row]) -> None:
    assert scanned(home, "two", "--workers", "2") == found


def test_large_collections_are_judged_from_the_disk(
    home: Path, found: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more sketches than are held at once only what streams is asked; subjects of many entries are measured otherwise."""
    monkeypatch.setattr(courts, "SMALL", 5)
    monkeypatch.setattr(spilled, "HELD", 64)
    out = home / "large"
    command = ["scan", str(home / "in"), "-o", str(out), "--text-field", "text", "--id-field", "id", "--quiet"]
    ran = CliRunner().invoke(app, [*command, "--min-confidence", "0", "--workers", "1"])
    assert ran.exit_code == 3, ran.output
    failures = json.loads((out / "summary.json").read_bytes())["failures"]
    assert {one["rule"] for one in failures} == {"HSE001", *mixed.BROKEN}
    told = [one["reason"] for one in failures if one["rule"] == "HSE001"]
    assert all(one.startswith("it was not asked of a collection of ") for one in told)
    rows = {row_of(row) for row in parquet.read_table(out / "findings.parquet").to_pylist()}
    left = {row for row in rows if row[0][:3] != "TOP"}
    assert left == {row for row in found if row[0][:3] != "TOP" and row[0] != "HSE001"} | {
        row for row in left if row[0] == "HSE001"
    }
    assert {row for row in left if row[0] == "HSE001"} < set(found), (
        "the few of a document or a book are no large collection"
    )


def test_strays_of_a_large_collection_are_the_same(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is learnt of a sample and measured part by part is what one process finds in memory, to the last term of the evidence."""
    for module in (courts, strays):
        monkeypatch.setattr(module, "SMALL", 50)
    monkeypatch.setattr(outliers, "LOOKED", 20)
    rng = random.Random(8)
    bodies = [body for genre in ("law_simp", "tech_articles_simp") for body in texts(shared, genre, 90, rng)]
    bodies += texts(shared, "classical_mixed", 2, rng) + bodies[:3]
    rng.shuffle(bodies)
    rows = [msgspec.json.encode({"id": number, "text": body}) for number, body in enumerate(bodies)]
    for half in (0, 1):
        (tmp_path / f"{half}.jsonl").write_bytes(b"\n".join(rows[half::2]))
    settings = msgspec.structs.replace(SETTINGS, select=("TOP001",))
    files = [str(tmp_path / name) for name in ("0.jsonl", "1.jsonl")]
    here = {(one.path, one.entry): one for one in audit_paths(files, settings).findings}
    job = make_job(files, tmp_path / "out", settings)
    begin(job, resume=False)
    scan(job, Local(1), quiet=True)
    there = parquet.read_table(tmp_path / "out" / "findings.parquet").to_pylist()
    assert len(there) >= 2
    assert {(row["path"], row["entry"]) for row in there} == here.keys()
    for row in there:
        one = here[row["path"], row["entry"]]
        assert (row["message"], row["confidence"]) == (one.message, pytest.approx(one.confidence))
        assert json.loads(row["evidence"]) == one.evidence
        assert row["fingerprint"] == one.fingerprint


LATE = 75  # the exit code of "try again", as in sysexits.h


def test_a_cluster_of_two_nodes_writes_the_same_bytes(home: Path, one: tuple[Path, list[Row]]) -> None:
    pytest.importorskip("ray.data", reason="the extra ray is not installed")
    code = f"""
import sys
from pathlib import Path
import ray
from ray.cluster_utils import Cluster
from audit import Config
from audit.commands.scan import make_job
from audit.scale.cluster import RayCluster
from audit.scale.job import begin
from audit.scale.local import Lost
from audit.scale.scan import scan
from tests.test_scan import die_on_three, one_by_one

try:
    cluster = Cluster(initialize_head=True, head_node_args={{"num_cpus": 1, "object_store_memory": 200_000_000}})
    cluster.add_node(num_cpus=1, object_store_memory=200_000_000)
    cluster.wait_for_nodes(timeout=120)
except Exception as error:
    sys.exit({LATE} if "timed out" in str(error).lower() else repr(error))
assert len(cluster.list_all_nodes()) == 2
settings = Config(text_field="text", id_field="id", min_confidence=0.0)
job = make_job([{str(home / "in")!r}], Path({str(home / "there")!r}), settings)
begin(job, resume=False)
scan(job, RayCluster(2, cluster.address), quiet=True)
killed = list(RayCluster(2, cluster.address).map(one_by_one, die_on_three, [range(5)]))
assert sorted(item for item in killed if isinstance(item, int)) == [0, 1, 2, 4], killed
assert [item for item in killed if isinstance(item, Lost)] == [Lost(3)], killed
assert sum(node["Alive"] for node in ray.nodes()) == 2
ray.shutdown()
cluster.shutdown()
"""
    env = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0"}
    for _ in range(3):  # on a busy machine a node may come too late for Ray, which waits 30 s
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, env=env, timeout=400)
        if ran.returncode != LATE:
            break
    assert ran.returncode == 0, ran.stderr.decode("utf-8", "replace")[-3000:]
    for name in TABLES:
        assert (one[0] / name).read_bytes() == (home / "there" / name).read_bytes(), name
