"""A scan from files to tables: map, duplicates, subjects, tables, summary."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from audit.gate.held import usage_of
from audit.grade import ORDER
from audit.registry import choose, load_rules
from audit.rule import Scope
from audit.scale import acceptances, topics
from audit.scale.database import connect, disconnect
from audit.scale.failures import Failures, add, thin
from audit.scale.job import Job, groups
from audit.scale.local import Lost
from audit.scale.parts import AGAIN, PartWriter
from audit.scale.phases import Phases
from audit.scale.progress import UNPACKED, Progress
from audit.scale.reduce import KINDS, reduce
from audit.scale.said import Speaker
from audit.scale.shard import audit_shard, expand
from audit.scale.shelf import Shelf
from audit.scale.summary import summarise, write_summary
from audit.scale.tables import write_said, write_tables
from audit.scale.unwritten import written_to
from audit.settle import gated
from audit.words import say

NO_PART = "none"
PACKED = (".gz", ".zst", ".parquet", ".zip", ".tgz", ".epub")
PASSED, CLOSED, INCOMPLETE = 0, 1, 3


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
    phases = Phases()
    usage = usage_of(job.config)
    with phases.of("map"):
        audit(job, engine, failures, quiet=quiet)
    PartWriter(job.parts, NO_PART, (0, 0), 0).close()  # so that there is a table of each kind, whatever was lost
    clear(job)
    with phases.of("accepted"):
        add(failures, acceptances.accept(job, engine, usage))
    speaker = Speaker(
        {rule.name: rule for rule in chosen if rule.scope is Scope.COLLECTION}, job.config, Shelf(job.parts)
    )
    base = connect(job, engine.workers)
    try:
        volumes, large = reduce(base, job, engine, failures, phases, names=frozenset(speaker.rules), quiet=quiet)
        with phases.of("tables"):
            write_said(base, job, spoken(base, speaker, job, large))
            acceptances.leave_out(base, usage)
            progress = Progress("write", len(list(job.parts.glob("*.entries.parquet"))), quiet=quiet)
            write_tables(base, job, progress)
            progress.end()
        thin(failures)
        with phases.of("summary"):
            summary = {**summarise(base, job, sorted(failures)), "join": volumes}
            summary |= acceptances.told(job, usage, chosen)
    finally:
        disconnect(base, job)
    phases.write(Path(job.output), engine.workers)
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
    brief = job.brief()
    for done in engine.map(expand, audit_shard, [(brief, files) for files in groups(job.files)]):
        if isinstance(done, Lost):
            failures["", f"{done.item.block.path}, part {done.item.block.number}: {say('scan.lost')}"] = None
            continue
        progress.add(done.size, done.entries)
        add(failures, done.failures)
    progress.end()


def clear(job: Job) -> None:
    """Removes what a reduce that came to no end made of the parts."""
    for kind in KINDS:
        for old in job.parts.glob(f"*.{kind}.parquet"):
            old.unlink()
    for old in (*job.parts.glob("*.themes.npz"), job.parts / "copies.parquet"):
        old.unlink(missing_ok=True)
    shutil.rmtree(job.parts / AGAIN, ignore_errors=True)


def spoken(base: Any, speaker: Speaker, job: Job, large: Sequence[int]) -> Iterator[tuple[dict[str, Any], bool]]:
    """What is said of the entries of large collections as rows, and whether each drops its entry."""
    for one in topics.sayings(base, speaker, large, job):
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
