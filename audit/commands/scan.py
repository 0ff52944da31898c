"""`jiaokan scan`: the corpus job."""

from __future__ import annotations

import os
import shutil
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.commands.telling import complain
from audit.commands.tongue import settle
from audit.errors import AuditError

if TYPE_CHECKING:
    from audit.config import Config
    from audit.scale.job import Job
    from audit.scale.scan import Engine


class EngineName(StrEnum):
    """Where the work is done."""

    LOCAL = "local"
    RAY = "ray"


def scan(
    inputs: Annotated[
        list[str],
        typer.Argument(
            help="Folders, archives, texts, HTML, EPUB, DOCX, PDF, and tables: .jsonl, .csv, .tsv (.gz, .zst), .parquet.",
            show_default=False,
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for tables and summary.")],
    text_field: Annotated[str | None, typer.Option(help="The field that holds the text; dots lead into it.")] = None,
    id_field: Annotated[str | None, typer.Option(help="The field that holds the id.")] = None,
    title_field: Annotated[
        str | None, typer.Option("--title-field", "--title-column", help="The field that holds the title.")
    ] = None,
    engine: Annotated[EngineName, typer.Option(help="Where the work is done.")] = EngineName.LOCAL,
    workers: Annotated[int | None, typer.Option(help="Processes; as many as there are processors.", min=1)] = None,
    address: Annotated[
        str | None, typer.Option(help="The address of a Ray cluster; a local one is started without it.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a scan that was interrupted.")] = False,
    select: Annotated[list[str] | None, typer.Option(help="Only these rules.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Not these rules.")] = None,
    min_confidence: Annotated[float | None, typer.Option(help="Report from this probability, 0 to 1.")] = None,
    fail_on: Annotated[str | None, typer.Option(help="End with 1 if a finding is this severe.")] = None,
    min_grade: Annotated[
        str | None,
        typer.Option("--min-grade", "--fail-grade", help="End with 1 if the grade is below this letter."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    config: Annotated[Path | None, typer.Option(help="Settings to use instead of the nearest jiaokan.toml.")] = None,
) -> None:
    """Audit a corpus of any size and write tables of findings and entries, and a summary.

    What is done is kept part by part: a scan that was killed goes on with --resume and ends with the same tables.
    Ends as `check` does: 3 if a file, a record or a rule could not be read or run.
    """
    from audit.commands.check import override, words  # noqa: PLC0415 - after the arguments are known to be good
    from audit.gate.held import place_of  # noqa: PLC0415
    from audit.gate.layers import load_config  # noqa: PLC0415
    from audit.gate.values import BASELINE  # noqa: PLC0415

    options = {
        "select": words(select),
        "ignore": words(ignore),
        "min_confidence": min_confidence,
        "fail_on": fail_on,
        "min_grade": min_grade and min_grade.upper(),
        "text_field": text_field,
        "id_field": id_field,
        "title_field": title_field,
    }
    settings = override(load_config(config), options)
    settle(settings.lang)
    need("pyarrow", "duckdb")
    began = time.monotonic()
    job = make_job(inputs, output, settings)
    if baseline := place_of(settings, settings.baseline, BASELINE):
        complain("scan.baseline", path=baseline)
    if whole := before(job, resume=resume):
        complain("scan.nothing")
    page, code = whole or run(job, make_engine(engine, workers or processors(), address), quiet=quiet)
    sys.stdout.write(page)
    if not quiet and not whole:
        sys.stderr.write(f"jiaokan: {told(job, time.monotonic() - began)}\njiaokan: {spent(job)}\n")
    raise typer.Exit(code)


def need(*modules: str) -> None:
    """AuditError where a package of the extra is missing."""
    from importlib.util import find_spec  # noqa: PLC0415 - as below

    for name in modules:
        if find_spec(name) is None:
            raise AuditError("this command needs {name}: pip install 'jiaokan[scale]'", name=name)


def make_job(inputs: list[str], output: Path, settings: Config) -> Job:
    """The job that the arguments describe; raises AuditError for inputs that are not there and for wrong names."""
    from audit.gate.effective import check_words  # noqa: PLC0415
    from audit.reading.collect import collect  # noqa: PLC0415 - as below
    from audit.registry import choose, load_rules  # noqa: PLC0415
    from audit.scale.job import Job, files_of  # noqa: PLC0415 - needs the extra

    rules = load_rules()[0]
    check_words(rules, settings)
    choose(rules, settings.select, settings.ignore)
    collected = collect(inputs, settings.exclude, tables=True, pages=True)
    if any(source.path is None for source in collected.sources):
        raise AuditError("scan reads files; standard input cannot be resumed")
    for name, reason in collected.unreadable:
        raise AuditError("{name}: {reason}", name=name, reason=reason)
    where = output.resolve()
    sources = [(one.name, one.path.resolve()) for one in collected.sources if one.path is not None]
    if any(path.is_relative_to(where) for _, path in sources):
        raise AuditError("{output}: the output folder holds an input", output=output)
    return Job(files_of(sources, [one.argument for one in collected.sources]), str(where), settings)


def make_engine(name: EngineName, workers: int, address: str | None) -> Engine:
    """The engine that was asked for."""
    from audit.scale.local import Local  # noqa: PLC0415 - as above

    if name is EngineName.LOCAL:
        return Local(workers)
    from audit.scale.cluster import RayCluster  # noqa: PLC0415 - needs the extra ray

    return RayCluster(workers, address)


def before(job: Job, *, resume: bool) -> tuple[str, int] | None:
    """Begins or resumes a job; gives page and exit code where it came to its end before."""
    from audit.scale.job import begin  # noqa: PLC0415 - as above
    from audit.scale.scan import finished  # noqa: PLC0415

    begin(job, resume=resume)
    whole = finished(job) if resume else None
    if whole:
        shutil.rmtree(job.parts, ignore_errors=True)  # it may have been killed at that
    return whole


def run(job: Job, engine: Engine, *, quiet: bool) -> tuple[str, int]:
    """Runs a job that was begun."""
    from audit.scale.local import settle_down  # noqa: PLC0415 - as above
    from audit.scale.scan import scan  # noqa: PLC0415

    settle_down()
    return scan(job, engine, quiet=quiet)


def told(job: Job, seconds: float) -> str:
    """Entries, time and speed of a whole scan."""
    from pyarrow import parquet  # noqa: PLC0415 - as above

    from audit.scale.progress import clock_time  # noqa: PLC0415
    from audit.words import say  # noqa: PLC0415

    entries = parquet.read_metadata(Path(job.output, "entries.parquet")).num_rows
    size = sum(file.size for file in job.files) / 1e6
    return say(
        "scan.done",
        entries=f"{entries:,}",
        time=clock_time(seconds),
        rate=f"{entries / max(seconds, 1e-9):,.0f}",
        speed=f"{size / max(seconds, 1e-9):.2f}",
    )


def spent(job: Job) -> str:
    """How long each phase took."""
    from audit.scale.phases import read  # noqa: PLC0415 - as above
    from audit.words import listing, say  # noqa: PLC0415

    return listing(
        say("scan.took", phase=say(f"scan.phase.{name}"), seconds=f"{one.wall:,.1f}")
        for name, one in read(Path(job.output)).items()
    )


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
