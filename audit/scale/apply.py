"""`apply`: a corpus written anew without what is to be dropped, and with its repairs. Two maps: blocks are decided, files written."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from pyarrow import parquet

from audit.atomic import mode_of, part_of
from audit.errors import AuditError
from audit.reading.formats.parquet import rewrite_file
from audit.reading.records import ARCHIVES, TABLES, Broken, cut, format_of, module
from audit.scale.changes import CHANGES
from audit.scale.job import RECORD, File, Job, begin, describe, groups
from audit.scale.local import Lost
from audit.scale.progress import Progress
from audit.scale.reduce import single
from audit.scale.repairs import COUNTS, LAST, Decided, Plan, decide, pieces
from audit.scale.scan import Engine
from audit.scale.tables import Writer
from audit.scale.unwritten import written_to
from audit.words import say

MADE = "changes.parquet"
DONE = b"record"  # in its metadata: of the job that came to its end
WRITTEN = TABLES | {None}  # formats that can be written anew; None is plain text


@dataclass(frozen=True, slots=True)
class Target:
    """A file to be written: the group of its block, and where it goes."""

    plan: Plan
    file: File
    target: str
    outcomes: str  # of the block of texts that it stands in; "" for tables


def apply(plan: Plan, engine: Engine, output: Path, *, quiet: bool = False) -> tuple[Decided, bool]:
    """Writes what can be written of the corpus to a folder; gives the counts, and whether all of that could be done."""
    with written_to(str(output)):
        try:
            total, whole = both_maps(plan, engine, output, quiet=quiet)
            record = (plan.job.parts / RECORD).read_bytes() if whole else b""
            told = {DONE: record, COUNTS: msgspec.json.encode(counts(total))}
            with Writer(output / MADE, CHANGES.with_metadata(told)) as changes:
                for path in sorted(plan.job.parts.glob("*.changes.parquet")):
                    changes.add(parquet.read_table(path))
        finally:
            engine.close()
    if whole:  # else what was decided is kept, for --resume
        shutil.rmtree(plan.job.parts, ignore_errors=True)
    return total, whole


def begin_apply(plan: Plan, scanned: Path, output: Path, *, resume: bool) -> Decided | None:
    """Begins to write a corpus, or goes on: gives the counts of one that is whole, else None.

    Raises AuditError as `audit.scale.job.begin` does.
    """
    verdicts = hashlib.sha256((scanned / "summary.json").read_bytes() + (scanned / RECORD).read_bytes()).hexdigest()
    wanted = plan.wanted and {"suggested": plan.wanted.suggested, "least": plan.wanted.min_confidence}
    more = {"scan": verdicts, "repairs": wanted}
    if resume and (told := written(output / MADE, {**describe(plan.job), **more})):
        shutil.rmtree(plan.job.parts, ignore_errors=True)  # it may have been killed at that
        return told
    if taken := next((one.file.name for one in targets(plan, output) if Path(one.target) == output / MADE), None):
        raise AuditError("{path}: apply writes its record of changes under this name; rename the file", path=taken)
    begin(plan.job, resume=resume, record=plan.job.parts / RECORD, more=more)
    return None


def written(path: Path, now: Mapping[str, Any]) -> Decided | None:
    """The counts of a corpus that was written whole, of this job; None where there is none."""
    if not path.exists():
        return None
    try:
        known = parquet.read_schema(path).metadata or {}
    except (OSError, ValueError):  # a table of somebody else's
        return None
    record = known.get(DONE)
    return Decided(*msgspec.json.decode(known[COUNTS])) if record and msgspec.json.decode(record) == now else None


def both_maps(plan: Plan, engine: Engine, output: Path, *, quiet: bool) -> tuple[Decided, bool]:
    """Decides all blocks, then writes all files."""
    files = [file for file in plan.job.files if is_written(file)]
    progress = Progress("apply", sum(file.size for file in files), quiet=quiet)
    total, whole = Decided(), True
    brief = replace(plan, job=plan.job.brief())
    for done in engine.map(pieces, decide, [(brief, group) for group in groups(files)]):
        if isinstance(done, Lost):
            raise AuditError("{path}: {value}; nothing was written", path=done.item.block.path, value=say("scan.lost"))
        total = Decided(*(a + b for a, b in zip(counts(total), counts(done), strict=True)))
        progress.add(0, done.kept + done.dropped)
    for done in engine.map(single, write_file, list(targets(plan, output))):
        whole = whole and not isinstance(done, Lost)
        progress.add(0 if isinstance(done, Lost) else done)
    progress.end()
    return total, whole


def is_written(file: File) -> bool:
    """Whether a file can be written anew."""
    return format_of(file.name) in WRITTEN


def counts(one: Decided) -> tuple[int, int, int, int]:
    """The figures of a decision."""
    return one.kept, one.dropped, one.repaired, one.left


def targets(plan: Plan, output: Path) -> Iterator[Target]:
    """Where each file goes: its name, below the folder that all have in common."""
    paths = [file.path for file in plan.job.files]
    brief = replace(plan, job=plan.job.brief())
    base = os.path.commonpath([os.path.dirname(path) for path in paths])  # noqa: PTH120 - strings of the job
    for files in groups([file for file in plan.job.files if is_written(file)]):
        for file in files:
            target = output / os.path.relpath(file.path, base)
            outcomes = "" if format_of(file.name) else f"{files[0].number:08d}-000000.outcomes.json"
            yield Target(brief, file, str(target), outcomes)


def write_file(item: Target) -> int:
    """Writes one file as it was decided, unless that was done before; gives its size in the input."""
    target = Path(item.target)
    parts, file = item.plan.job.parts, item.file
    outcomes: dict[str, str] = {file.name: ""}
    if item.outcomes:
        outcomes = msgspec.json.decode((parts / item.outcomes).read_bytes())
    if target.exists() or file.name not in outcomes:
        return file.size
    target.parent.mkdir(parents=True, exist_ok=True)
    with part_of(target) as (part, _):
        if item.outcomes:
            shutil.copyfile(outcomes[file.name], part)
        else:
            write_table(item, part)
        part.chmod(mode_of(target))
        part.replace(target)
    return file.size


def write_table(item: Target, part: Path) -> None:
    """Writes a table as it was decided to a file that will take its place."""
    parts, file = item.plan.job.parts, item.file
    source, fields, size = Path(file.path), item.plan.job.fields, item.plan.job.block
    first = next(
        (block for block in cut(file.name, source, fields, size) if not isinstance(block.payload, Broken)), None
    )
    if first is None:
        shutil.copyfile(source, part)  # nothing in it could be read
    elif first.kind == "parquet":
        rewrite_file(source, part, fields, decided(parts, file))
    else:
        with part.open("wb") as stream:
            for block in cut(file.name, source, fields, size):
                if not isinstance(block.payload, Broken):
                    path = parts / f"{file.number:08d}-{block.number:06d}.decisions.parquet"
                    made = module(block.kind).rewrite(block, decisions_of(path)[1])
                    stream.write(packed(made, Path(item.target).suffix.lower()))


def decided(parts: Path, file: File) -> Iterator[tuple[int, Mapping[int, str | None]]]:
    """The decisions on a file, block by block, each with the last row that it is about."""
    for path in sorted(parts.glob(f"{file.number:08d}-*.decisions.parquet")):
        yield decisions_of(path)


def decisions_of(path: Path) -> tuple[int, dict[int, str | None]]:
    """The last number that a block is about, and its decisions: None drops."""
    made = parquet.read_table(path)
    found = {row["number"]: None if row["drop"] else row["text"] for row in made.to_pylist()}
    return int(made.schema.metadata[LAST]), found


def packed(raw: bytes, ending: str) -> bytes:
    """Bytes as the file's ending says: members of gzip and frames of Zstandard may follow one another."""
    if ending == ".gz":
        return gzip.compress(raw, mtime=0)
    if ending == ".zst":
        import zstandard  # noqa: PLC0415 - only such a file needs it

        return zstandard.compress(raw)
    return raw


def read_scan(folder: Path) -> dict[str, Any]:
    """The record of a scan that came to its end; raises AuditError for any other folder."""
    record = folder / RECORD
    try:
        found = msgspec.json.decode(record.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise AuditError("{folder}: is no output of a scan ({error})", folder=folder, error=error) from error
    if not (folder / "summary.json").exists():
        raise AuditError(
            "{folder}: the scan did not come to its end; go on with `jiaokan scan … --resume`", folder=folder
        )
    return dict(found)


def check_inputs(job: Job, record: Mapping[str, Any], folder: Path) -> list[AuditError]:
    """What is to be said of the files that cannot be written anew and are left out.

    AuditError where the inputs are not those that were scanned, or none can be written.
    """
    now = describe(job)
    if any(now[name] != record.get(name) for name in ("files", "inputs")):
        raise AuditError("{folder}: the inputs are not those that were scanned, or were changed since", folder=folder)
    left = [left_out(file) for file in job.files if not is_written(file)]
    if left and len(left) == len(job.files):
        raise left[0]
    return left


def left_out(file: File) -> AuditError:
    """What is to be done with a file that is not written."""
    if format_of(file.name) in ARCHIVES:
        return AuditError(
            "{path}: is not written, as apply writes plain text and tables; unpack it, then scan and apply the files in it",
            path=file.name,
        )
    return AuditError(
        "{path}: is not written, as apply writes plain text and tables; save its text as a .txt file, which `jiaokan fix` repairs",
        path=file.name,
    )
