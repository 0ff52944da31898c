"""Records are settled, graded and written a pack at a time; what is written of each is what is written of it alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from audit import Config
from audit.scale.job import Job, begin, files_of
from audit.scale.shard import Auditor, audit_shard, expand
from tests.casefiles import all_cases
from tests.samples import DAMAGED

KINDS = ("judged", "findings", "entries", "sketches", "texts", "problems")
TWICE = (
    "这一段文字在同一条记录里出现了两次，而且足够长，所以应当被发现："
    + "我们认真学习文件，深入基层调查研究，帮助群众解决困难。" * 4
)


def write(folder: Path, step: int) -> Path:
    shards = folder / "shards"
    shards.mkdir()
    texts = [
        *sorted({case.text for case in all_cases() if len(case.text) < 1_000})[::step],
        f"{TWICE}\n\n{TWICE}",
        DAMAGED * 30,
    ]
    lines = [json.dumps({"id": n % 900, "text": text}) for n, text in enumerate(texts)]
    lines[5:5] = ['{"text": null}', "no JSON", '{"text": " "}', '{"text": "\\ud800半个\\r"}', '{"text": "\\r\\n首行"}']
    (shards / "a.jsonl").write_bytes("\n".join(lines).encode())
    return shards


def audited(shards: Path, output: Path, **settings: Any) -> dict[str, list[dict[str, Any]]]:
    files = files_of((path.name, path) for path in sorted(shards.iterdir()))
    job = Job(files, str(output), Config(text_field="text", id_field="id", **settings))
    begin(job, resume=False)
    for shard in expand((job, files)):
        assert not audit_shard(shard).failures
    rows = {kind: parquet.read_table(job.parts / f"00000000-000000.{kind}.parquet").to_pylist() for kind in KINDS}
    rows["judged"].sort(key=lambda row: (row["rule"], row["n"]))  # a judge asks for those of its rule, by number
    return rows


@pytest.mark.parametrize(
    ("step", "settings"), [(1, {}), (7, {"min_severity": "minor", "min_confidence": 0.6, "terms": ("的.",)})]
)
def test_a_pack_and_its_records_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, settings: dict[str, Any]
) -> None:
    shards = write(tmp_path, step)
    together = audited(shards, tmp_path / "together", **settings)

    def fail(*_: object) -> None:
        raise RuntimeError("one of them")

    monkeypatch.setattr(Auditor, "together", fail)
    alone = audited(shards, tmp_path / "alone", **settings)
    assert len(together["entries"]) > 600 // step
    assert len(together["problems"]) == 3
    judged = [(row["rule"], row["n"]) for row in together["judged"]]
    assert sorted(judged) == sorted(
        (code, row["n"]) for code in {code for code, _ in judged} for row in together["entries"]
    )
    for kind in KINDS:
        assert together[kind] == alone[kind], kind
