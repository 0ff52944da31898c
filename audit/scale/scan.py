"""A scan from files to tables: map, duplicates, subjects, tables, summary."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import msgspec
from pyarrow import parquet

from audit.grade import ORDER
from audit.registry import choose, load_rules
from audit.rule import Scope
from audit.scale import clusters, duplicates, promises, topics
from audit.scale.database import connect, disconnect
from audit.scale.job import File, Job, groups
from audit.scale.local import Lost
from audit.scale.parts import PartWriter, write
from audit.scale.progress import UNPACKED, Progress
from audit.scale.said import Said, Speaker
from audit.scale.shard import audit_shard, expand
from audit.scale.summary import summarise, write_summary
from audit.scale.tables import write_said, write_tables
from audit.scale.unwritten import written_to
from audit.scale.verify import LIKENESS, Group, compare_group
from audit.settle import gated
from audit.words import say

NO_PART = "none"
PACKED = (".gz", ".zst", ".parquet", ".zip", ".tgz", ".epub")
KNOWN = frozenset({"duplicate-entry", "shared-passages", "repeated-paragraph", "foreign-entry", promises.NAME})
PER_DOCUMENT = "structure"  # the parts of one document, which the map has before it
PASSED, CLOSED, INCOMPLETE = 0, 1, 3
Failures = dict[tuple[str, str], None]


class Engine(Protocol):
    """Where the work is done."""

    @property
    def workers(self) -> int:
        """Processes that work side by side."""
        ...

    def map(
        self, expand: Callable[[Any], Iterable[Any]], work: Callable[[Any], Any], groups: Iterable[Any]
    ) -> Iterator[Any]:
        """What `work` makes of the items of every group, in any order; `Lost` for an item that killed its worker."""
        ...

    def close(self) -> None:
        """Ends what was started for it; the next `map` starts it anew."""
        ...


def scan(job: Job, engine: Engine, *, quiet: bool = False, keep_parts: bool = False) -> tuple[str, int]:
    """Runs a job that was begun; gives the page of its summary and the exit code. Raises AuditError where the output takes no more."""
    with written_to(job.output):
        try:
            return run(job, engine, quiet=quiet, keep_parts=keep_parts)
        finally:
            engine.close()


def run(job: Job, engine: Engine, *, quiet: bool, keep_parts: bool) -> tuple[str, int]:
    """The same, without an end to the engine."""
    rules, broken = load_rules()
    chosen = choose(rules, job.config.select, job.config.ignore)
    failures: Failures = {("", f"family {one.family} could not be loaded: {one.reason}"): None for one in broken}
    audit(job, engine, failures, quiet=quiet)
    PartWriter(job.parts, NO_PART, 0, 0, 0).close()  # so that there is a table of each kind, whatever was lost
    speaker = Speaker({rule.name: rule for rule in chosen if rule.scope is Scope.COLLECTION}, job.config)
    for rule in speaker.rules.values():
        if rule.name not in KNOWN and rule.kind != PER_DOCUMENT:
            failures[rule.code, say("scan.whole", rule=rule.code)] = None
    base = connect(job, engine.workers)
    try:
        volumes = join(base, job, engine, failures, quiet=quiet)
        judge_subjects(base, job, engine, failures, quiet=quiet)
        write_said(base, job, spoken(base, speaker))
        progress = Progress("write", len(list(job.parts.glob("*.entries.parquet"))), quiet=quiet)
        write_tables(base, job, progress)
        progress.end()
        unasked = [rule.code for rule in speaker.rules.values() if rule.name == promises.NAME and many(base)]
        summary = {**summarise(base, job, sorted(failures)), "join": volumes, "not_asked": unasked}
    finally:
        disconnect(base, job)
    page = write_summary(job, summary)
    if not keep_parts:
        shutil.rmtree(job.parts)
    return page, exit_code(job, summary)


def finished(job: Job) -> tuple[str, int] | None:
    """Page and exit code of a scan that came to its end before; None if it did not."""
    folder = Path(job.output)
    if not (folder / "summary.json").exists():
        return None
    summary = msgspec.json.decode((folder / "summary.json").read_bytes())
    return (folder / "summary.md").read_bytes().decode("utf-8"), exit_code(job, summary)


def audit(job: Job, engine: Engine, failures: Failures, *, quiet: bool) -> None:
    """The map: every block audited, its part written."""
    total = sum(file.size * (UNPACKED if file.name.endswith(PACKED) else 1) for file in job.files)
    progress = Progress("map", total, quiet=quiet)
    for done in engine.map(expand, audit_shard, [(job, files) for files in groups(job.files)]):
        if isinstance(done, Lost):
            failures["", f"{done.item.block.path}, part {done.item.block.number}: {say('scan.lost')}"] = None
            continue
        progress.add(done.size, done.entries)
        failures.update(dict.fromkeys(done.failures))
    progress.end()


def join(base: Any, job: Job, engine: Engine, failures: Failures, *, quiet: bool) -> dict[str, int]:
    """Duplicates: pairs that meet, aligned, as clusters; gives the volumes of the joins."""
    volumes = duplicates.propose(base)
    for old in (*job.parts.glob("*.likeness.parquet"), *job.parts.glob("*.pairs.parquet")):
        old.unlink()
    write(job.parts / "none.likeness.parquet", LIKENESS.empty_table())
    progress = Progress("compare", volumes["candidate"], quiet=quiet)
    for done in engine.map(single, reduce_item, to_compare(base, job)):
        if not isinstance(done, Lost):
            progress.add(done)
        elif isinstance(done.item, Group):
            failures["", f"pairs {done.item.number}: {say('scan.lost')}"] = None
    progress.end()
    clusters.cluster(base, job)
    return volumes


def to_compare(base: Any, job: Job) -> Iterator[Group | topics.Learning]:
    """The pairs in groups, and the sample of a large collection: whoever learns the subjects does it meanwhile."""
    if many(base):
        yield topics.sample_of(base, job)
    number = 0
    for path in duplicates.write_pairs(base, job.parts):
        with parquet.ParquetFile(path) as file:
            groups = file.num_row_groups
        for row_group in range(groups):
            yield Group(str(path), row_group, number)
            number += 1


def judge_subjects(base: Any, job: Job, engine: Engine, failures: Failures, *, quiet: bool) -> None:
    """Foreign entries: against all others, or against the subjects of a large collection."""
    if not many(base):
        topics.judge_small(base)
        return
    if not topics.themes_of(job.parts).exists():  # its worker died
        topics.learn_themes(topics.sample_of(base, job))
    items = topics.to_measure(job)
    progress = Progress("subjects", len(items), quiet=quiet)
    for done in engine.map(single, topics.measure_part, items):
        if isinstance(done, Lost):
            failures["", f"{done.item.sketches}: {say('scan.lost')}"] = None
        progress.add(1)
    progress.end()
    topics.judge_large(base, job)
    promises.judge(base, [], [], [])


def many(base: Any) -> bool:
    """Whether there are so many entries that several subjects are normal."""
    return duplicates.count(base, "(SELECT n FROM sketches WHERE alone AND len(buckets) > 0)") > topics.SMALL


def reduce_item(item: Group | topics.Learning) -> int:
    """Compares the pairs of a group, or learns the subjects: both want what the map left, and neither the other; gives the number of pairs."""
    if isinstance(item, Group):
        return compare_group(item)
    topics.learn_themes(item)
    return 0


def single(item: Any) -> list[Any]:
    """An item that is not divided."""
    return [item]


def spoken(base: Any, speaker: Speaker) -> Iterator[tuple[dict[str, Any], bool]]:
    """The findings of the collection rules as rows, and whether each drops its entry."""
    said: Iterable[Said]
    for said in (clusters.sayings(base, speaker), topics.sayings(base, speaker), promises.sayings(base, speaker)):
        for one in said:
            row = speaker.row(one)
            if row is not None:
                yield row


def exit_code(job: Job, summary: dict[str, Any]) -> int:
    """0, 1 or 3, as `check` ends."""
    if summary["problems"] or summary["failures"]:
        return INCOMPLETE
    sure = [summary["sure"].get(severity, 0) for severity in ("info", "minor", "major", "critical")]
    wanted = job.config.min_grade
    below = wanted and ORDER.index(summary["as_it_stands"]["grade"]) > ORDER.index(wanted)
    return CLOSED if below or gated(sure, job.config.fail_on) else PASSED


def files_of(sources: Iterable[tuple[str, Path]]) -> tuple[File, ...]:
    """The files of a job, numbered in the order of their names."""
    return tuple(
        File(number, name, str(path), path.stat().st_size) for number, (name, path) in enumerate(sorted(sources))
    )
