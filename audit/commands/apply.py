"""`jiaokan apply`: the corpus as a scan judged it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from audit.commands.scan import EngineName, make_engine, make_job, need, processors
from audit.commands.telling import complain
from audit.defaults import LIKELY
from audit.errors import AuditError

INCOMPLETE = 3


def apply(
    inputs: Annotated[list[str], typer.Argument(help="What was scanned, in the same words.", show_default=False)],
    scanned: Annotated[Path, typer.Option("--scan", help="The folder that the scan wrote.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for the new corpus.")],
    fix: Annotated[bool, typer.Option("--fix", help="Apply the safe repairs.")] = False,
    suggested: Annotated[bool, typer.Option("--suggested", help="Apply suggested repairs too.")] = False,
    min_confidence: Annotated[float, typer.Option(help="Suggested repairs from this probability.")] = LIKELY,
    engine: Annotated[EngineName, typer.Option(help="Where the work is done.")] = EngineName.LOCAL,
    workers: Annotated[int | None, typer.Option(help="Processes; as many as there are processors.", min=1)] = None,
    address: Annotated[str | None, typer.Option(help="The address of a Ray cluster.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what was interrupted.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Write a scanned corpus anew, without the entries whose action is drop, and with repairs if asked for.

    The inputs are not touched. Every repair is in changes.parquet. Rows that hold no text stay as they are; what was too
    large or too damaged to be read, and in CSV a row without the text column, cannot be written. CSV is written as UTF-8.
    HTML, DOCX, PDF, EPUB and archives are named and left out.
    Ends with 3 if something could not be done.
    """
    need("pyarrow", "duckdb")
    import msgspec  # noqa: PLC0415 - after the arguments are known to be good

    from audit.config import INTERNAL, parse  # noqa: PLC0415
    from audit.fix import Wanted  # noqa: PLC0415
    from audit.gate.held import usage_of  # noqa: PLC0415
    from audit.scale.apply import apply as run  # noqa: PLC0415
    from audit.scale.apply import begin_apply, check_inputs, read_scan  # noqa: PLC0415
    from audit.scale.repairs import Plan  # noqa: PLC0415
    from audit.words import say  # noqa: PLC0415

    if not 0 <= min_confidence <= 1:
        raise AuditError("--min-confidence {min_confidence}; it lies between 0 and 1", min_confidence=min_confidence)
    record = read_scan(scanned)
    given = dict(record["settings"])
    internal = {name: given.pop(name, "") for name in INTERNAL}  # kept in the record, but no settings
    settings = msgspec.structs.replace(parse(given, str(scanned)), min_severity="info", **internal)
    job = make_job(inputs, output, settings)
    left_out = check_inputs(job, record, scanned)
    for one in left_out:
        complain("{error}", error=one)
    wanted = Wanted(suggested, min_confidence) if fix or suggested else None
    usage = usage_of(settings)
    sidecar = None if usage is None else usage.sidecar
    plan = Plan(job, str(scanned.resolve() / "entries.parquet"), wanted, sidecar)
    total, whole = begin_apply(plan, scanned, Path(job.output), resume=resume), True
    if total is not None:
        complain("apply.nothing")
    else:
        total, whole = run(plan, make_engine(engine, workers or processors(), address), Path(job.output), quiet=quiet)
    figures = {name: f"{getattr(total, name):,}" for name in ("kept", "dropped", "repaired", "left")}
    sys.stdout.write(f"{say('apply.done', **figures)}\n")
    if total.left or left_out or not whole:
        raise typer.Exit(INCOMPLETE)
