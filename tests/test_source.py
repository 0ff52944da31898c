"""The real source: what must be found in it, against hand labels."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

LINES = "1-166"
# kind: least precision, least recall
FLOORS = {
    "gloss": (0.99, 0.99),
    "placeholder": (0.95, 0.95),
    "noise": (0.90, 0.90),
    "byte-shift": (0.95, 0.95),
    "numbering": (0.6, 0.75),
    "truncation": (0.6, 0.75),
    "script": (0.75, 0.8),
}
EDITOR = "CFDFDDDB"  # an editor's grades of entries 1 to 8
STATES = ("as_it_stands", "after_safe_repairs")


@pytest.fixture(scope="module")
def report(script: str, source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "findings.jsonl"
    done = subprocess.run([script, "check", source, "-f", "jsonl", "-o", path], capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    return path


@pytest.fixture(scope="module")
def records(report: Path) -> list[dict]:
    return [json.loads(line) for line in report.read_bytes().split(b"\n") if line]


@pytest.fixture(scope="module")
def scores(report: Path, shared: Path) -> dict:
    gold = shared / "gold" / "source-lines-1-166.tsv"
    command = [sys.executable, shared / "eval" / "score.py", gold, report, "--lines", LINES, "--json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


@pytest.mark.parametrize("kind", FLOORS)
def test_precision_and_recall(scores: dict, kind: str) -> None:
    precision, recall = FLOORS[kind]
    assert scores[kind]["precision"] >= precision
    assert scores[kind]["recall"] >= recall


def test_promise_off_topic_and_duplicate(records: list[dict]) -> None:
    (document,) = records[-1]["documents"]
    assert (document["promised"], document["found"]) == (15, 15)
    assert [one["entry"] for one in records if one.get("kind") == "off-topic"] == [9, 12]
    (shared,) = [one for one in records if one.get("kind") == "duplicate"]
    assert shared["entry"] == 10
    assert shared["evidence"]["earlier"]["entry"] == 4
    assert 0.25 <= shared["evidence"]["share_of_shorter"] <= 0.45
    dropped = [entry for entry in document["entries"] if entry["action"] == "drop"]
    assert [entry["entry"] for entry in dropped] == [9, 12]
    assert {(entry[state]["grade"], entry[state]["score"]) for entry in dropped for state in STATES} == {("F", 0)}


@pytest.mark.parametrize("state", STATES)
def test_grades_agree_with_an_editors(records: list[dict], state: str) -> None:
    entries = records[-1]["documents"][0]["entries"][: len(EDITOR)]
    ours = ranks([entry[state]["score"] for entry in entries])
    theirs = ranks(["FDCBA".index(letter) for letter in EDITOR])
    assert correlation(ours, theirs) >= 0.6


def ranks(values: list[float]) -> list[float]:
    order = sorted(values)
    return [order.index(value) + (order.count(value) - 1) / 2 for value in values]


def correlation(one: list[float], other: list[float]) -> float:
    mean = sum(one) / len(one)
    cross = sum((a - mean) * (b - mean) for a, b in zip(one, other, strict=True))
    spread = sum((a - mean) ** 2 for a in one) * sum((b - mean) ** 2 for b in other)
    return cross / spread**0.5


def test_every_excerpt_is_where_the_finding_says(records: list[dict], source: Path) -> None:
    raw = source.read_bytes()
    lines = raw.decode("utf-8").split("\n")
    for one in records[1:-1]:
        if one["excerpt"].endswith("…") and one["end"] - one["start"] > 100:
            continue
        assert raw[one["byte_start"] : one["byte_end"]].decode("utf-8") == one["excerpt"]
        if one["line"] == one["end_line"]:
            assert lines[one["line"] - 1][one["column"] - 1 : one["end_column"] - 1] == one["excerpt"]
