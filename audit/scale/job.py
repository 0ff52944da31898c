"""A scan as a value: what goes in, how it is judged, where it is written; and the record by which it can be resumed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, cast

import msgspec

from audit.atomic import write_atomically
from audit.config import Config
from audit.errors import AuditError
from audit.gate.held import place_of
from audit.gate.values import SIDECAR
from audit.printing import spelled
from audit.reading.records import ARCHIVES, BLOCK, RECORDS, Fields, format_of
from audit.words import Phrase, cause

PARTS, RECORD = "parts", "job.json"
TEXTS = "texts"  # the kind of a block of files that are no records
MOST = BLOCK  # bytes of a block, and of small files that are read together
LEAST = 1 << 20  # so that what a block costs by itself stays a hundredth of it
BLOCKS = 256  # of a job: while the last ones are at work, the other workers of a few stand idle for a part of one
ALONE = RECORDS | ARCHIVES  # formats of files that are cut into blocks


@dataclass(frozen=True, slots=True)
class File:
    """A file of the input: its number in order of names, name, place and size in bytes."""

    number: int
    name: str
    path: str
    size: int
    argument: int = 0  # which argument of the command named it; the files of one are a collection


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that a worker needs to know; equal jobs give equal tables."""

    files: tuple[File, ...]
    output: str
    config: Config
    size: int = 0  # bytes of a block, where the files that they follow from are left out

    @property
    def fields(self) -> Fields:
        """Where the texts stand in tables."""
        return Fields(self.config.text_field, self.config.id_field, self.config.title_field)

    @property
    def block(self) -> int:
        """Bytes of a block of a file of records."""
        return self.size or block_of(self.files)

    def brief(self) -> Job:
        """The same for a worker, who is told which files are his: a list of millions is not sent along with each block."""
        return Job((), self.output, self.config, self.block)

    @property
    def parts(self) -> Path:
        """The folder of what is kept between map and reduce."""
        return Path(self.output, PARTS)


def describe(job: Job) -> dict[str, Any]:
    """What must be the same for a scan to be resumed."""
    from audit import __version__  # noqa: PLC0415 - the package imports us

    accepted = place_of(job.config, job.config.suppressions, SIDECAR)
    files = [[spelled(file.name), file.size, Path(file.path).stat().st_mtime_ns] for file in job.files]
    record: dict[str, Any] = {
        "version": __version__,
        "settings": msgspec.to_builtins(job.config, order="sorted"),
        "files": len(files),
        "inputs": hashlib.sha256(msgspec.json.encode(files)).hexdigest(),
        "accepted": hashlib.sha256(b"" if accepted is None else accepted.read_bytes()).hexdigest(),
        "arguments": hashlib.sha256(msgspec.json.encode([file.argument for file in job.files])).hexdigest(),
    }
    return cast("dict[str, Any]", msgspec.json.decode(msgspec.json.encode(record)))


def begin(job: Job, *, resume: bool, record: Path | None = None, more: Mapping[str, Any] | None = None) -> None:
    """Makes the output folder and its record, or holds the record against the job if it is resumed.

    The record is `job.json` there unless it is named; `more` stands in it too. Raises AuditError for a folder that holds something else,
    and for a job that is not the one that was begun.
    """
    output = Path(job.output)
    record = output / RECORD if record is None else record
    now = {**describe(job), **(more or {})}
    if resume and record.exists():
        hold(now, record, output)
    elif output.exists() and (not output.is_dir() or any(output.iterdir())):
        hint = Phrase("; --resume goes on with it") if record.exists() else ""
        raise AuditError("{output}: is there already and not empty{hint}", output=output, hint=hint)
    try:
        for stray in output.rglob(".*.part"):  # of files that were not finished
            stray.unlink()
        job.parts.mkdir(parents=True, exist_ok=True)
        write_atomically(record, msgspec.json.format(msgspec.json.encode(now), indent=1) + b"\n")
    except OSError as error:
        raise AuditError("{output}: cannot be written ({value})", output=output, value=cause(error)) from error


def hold(now: Mapping[str, Any], record: Path, output: Path) -> None:
    """AuditError where a record is not that of this job."""
    try:
        then = msgspec.json.decode(record.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise AuditError(
            "{record}: the record of the scan cannot be read ({error})", record=record, error=error
        ) from error
    changed = [name for name in now if then.get(name) != now[name]]
    if changed:
        raise AuditError(
            "{output}: not resumed, since other than when it was begun: {value}",
            output=output,
            value=", ".join(changed),
        )


def block_of(files: Sequence[File]) -> int:
    """Bytes of a block: small ones in a small job, where the last one at work would be felt."""
    return min(max(sum(file.size for file in files) // BLOCKS, LEAST), MOST)


def groups(files: Sequence[File]) -> list[tuple[File, ...]]:
    """The files in the order of the job: each table, book and archive by itself, neighbouring texts and pages together."""
    made: list[tuple[File, ...]] = []
    held: list[File] = []
    size, most = 0, block_of(files)
    for file in files:
        if format_of(file.name) in ALONE:
            made.append((file,))
            continue
        held.append(file)
        size += file.size
        if size >= most:
            made.append(tuple(held))
            held, size = [], 0
    if held:
        made.append(tuple(held))
    return made


def files_of(sources: Iterable[tuple[str, Path]], arguments: Sequence[str] = ()) -> tuple[File, ...]:
    """The files of a job, numbered in the order of their names; `arguments` are those that each came from, one for all if there are none."""
    named = sorted(zip(sources, arguments or repeat(""), strict=bool(arguments)))
    known = {argument: number for number, argument in enumerate(sorted(set(arguments)))}
    return tuple(
        File(number, name, str(path), path.stat().st_size, known.get(argument, 0))
        for number, ((name, path), argument) in enumerate(named)
    )
