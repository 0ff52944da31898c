"""`jiaokan check`: audit and report."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audit.commands.keeping import begin, keep, overhearing, replay
from audit.commands.outputs import Format, Output, check_output, outputs, pages, put
from audit.commands.telling import complain, remark
from audit.commands.tongue import settle
from audit.errors import AuditError

if TYPE_CHECKING:
    from audit.config import Config
    from audit.run import Audit

SLOW = 0.5  # seconds after which a progress bar appears
INCOMPLETE, FAILED = 3, 1


def words(value: list[str] | None) -> tuple[str, ...] | None:
    """Rule words, given apart or joined by commas."""
    if value is None:
        return None
    return tuple(word.strip() for item in value for word in item.split(",") if word.strip())


def check(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files and folders; - reads standard input.", show_default=False)
    ] = None,
    output_format: Annotated[
        Format | None,
        typer.Option("--format", "-f", help="What the report is written as; text, or by the ending of its file."),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", help="Write the report to a file; several as FORMAT=FILE, - for the terminal."),
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option(help="Only these rules: codes, code prefixes, names or kinds, by comma.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Not these rules, named the same way.")] = None,
    min_severity: Annotated[str | None, typer.Option(help="Report from here: info, minor, major, critical.")] = None,
    min_confidence: Annotated[float | None, typer.Option(help="Report from this probability, 0 to 1.")] = None,
    fail_on: Annotated[
        str | None, typer.Option(help="End with 1 if a finding is this severe: info, minor, major, critical, never.")
    ] = None,
    min_grade: Annotated[
        str | None,
        typer.Option("--min-grade", "--fail-grade", help="End with 1 if the grade is below this letter."),
    ] = None,
    gate: Annotated[
        list[str] | None,
        typer.Option(
            help="What closes the gate for a rule, as in ocr=never or ocr@drafts/**=major; may be given again."
        ),
    ] = None,
    budget: Annotated[
        list[str] | None,
        typer.Option(help="How many are put up with, as in placeholder=3 or placeholder@drafts/**=3."),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(help="The file of known findings; none: as if there were no such file.")
    ] = None,
    new_only: Annotated[bool, typer.Option("--new-only", help="Report only what the baseline does not know.")] = False,
    diff: Annotated[
        str | None, typer.Option(metavar="REV", help="Report only what is new since this revision of git.")
    ] = None,
    text_field: Annotated[
        str | None,
        typer.Option(help="The field that holds the text, in JSONL, CSV, TSV and Parquet; dots lead into it."),
    ] = None,
    id_field: Annotated[str | None, typer.Option(help="The field that holds the id.")] = None,
    title_field: Annotated[
        str | None, typer.Option("--title-field", "--title-column", help="The field that holds the title.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Settings to use instead of the nearest jiaokan.toml.")] = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read standard input, as - does.")] = False,
    stdin_filename: Annotated[str, typer.Option(help="What standard input is called in the report.")] = "<stdin>",
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Report how often each rule found something.")
    ] = False,
    no_gitignore: Annotated[
        bool, typer.Option("--no-gitignore", help="In folders, read what .gitignore names as well.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Audit anew, whatever earlier runs found, and keep nothing.")
    ] = False,
    cache_dir: Annotated[Path | None, typer.Option(help="The folder that keeps what was found.")] = None,
    show_settings: Annotated[
        bool,
        typer.Option("--show-settings", help="Show the settings of this call and where each comes from; read no text."),
    ] = False,
) -> None:
    """Audit texts and write a graded report.

    Ends with 0 if the gate passed, 1 if a finding or the grade closed it, 2 for bad use, 3 if something could not be
    read or run.
    """
    from audit.gate.flags import flagged  # noqa: PLC0415 - as below
    from audit.gate.layers import load  # noqa: PLC0415 - after the arguments are known to be good

    options = {
        "select": words(select),
        "ignore": words(ignore),
        "min_severity": min_severity,
        "min_confidence": min_confidence,
        "fail_on": fail_on,
        "min_grade": min_grade and min_grade.upper(),
        "new_only": new_only or None,
        "text_field": text_field,
        "id_field": id_field,
        "title_field": title_field,
        "gitignore": False if no_gitignore else None,
        "cache": False if no_cache else None,
        "cache_dir": cache_dir and str(cache_dir.absolute()),
    }
    loaded = load(config)
    settings = flagged(override(loaded.config, options), gate or [], budget or [], baseline)
    settle(settings.lang)
    if show_settings:
        from audit.commands.config import show_flagged  # noqa: PLC0415 - as below

        given = {name for name, value in {**options, "baseline": baseline}.items() if value is not None}
        raise typer.Exit(show_flagged(loaded, settings, given, paths or []))
    paths = named(paths, stdin=stdin)
    if settings.new_only and not diff:
        tell_unknown(settings)
    reports = outputs(Format.STATISTICS if statistics else output_format, output or [])
    raise typer.Exit(carry_out(paths, settings, reports, stdin_name=stdin_filename, diff=diff))


def carry_out(paths: list[str], settings: Config, reports: list[Output], *, stdin_name: str, diff: str | None) -> int:
    """Audits and reports, or reports again what the same run found before; the exit code."""
    from audit.reading.collect import collect_for  # noqa: PLC0415 - as above

    collected = collect_for(settings, paths, stdin_name)
    for report in reports:
        if report.file is not None:
            check_output(report.file, [one.path for one in collected.sources if one.path is not None])
    run = None if diff else begin(collected, settings, reports)  # what a revision held is not in the key
    code = replay(run)
    if code is not None:
        return code
    from audit.gate.since import audit_since  # noqa: PLC0415 - as below
    from audit.run import audit_collected, require_text  # noqa: PLC0415 - numpy and the rules, of no use before

    with progress_bar() as report_progress:
        audit = audit_since(paths, settings, diff) if diff else audit_collected(collected, settings, report_progress)
    if audit.skipped and not audit.documents:
        print_failures(audit)
        return INCOMPLETE
    require_text(audit)
    with overhearing() as heard:
        made = [page for report in reports for page in pages(audit, report)]
        for page in made:
            put(*page)
        code = exit_code(audit)
    if audit.complete and not heard.said:
        keep(run, made, code, settings)
    return code


def tell_unknown(settings: Config) -> None:
    """That all findings will be new, where no baseline says which are known."""
    from audit.gate.held import place_of  # noqa: PLC0415 - only this option needs it
    from audit.gate.values import BASELINE  # noqa: PLC0415 - as above

    if place_of(settings, settings.baseline, BASELINE) is None:
        remark("there is no baseline yet, so every finding is new; `jiaokan baseline write` makes one")


def named(paths: list[str] | None, *, stdin: bool) -> list[str]:
    """What to read; AuditError where nothing is named."""
    every = [*(paths or []), *(["-"] if stdin else [])]
    if not every:
        raise AuditError("nothing to check: name files or folders, or give --stdin")
    return every


def override(config: Config, options: dict[str, Any]) -> Config:
    """The configuration with the options that were given."""
    import msgspec  # noqa: PLC0415 - as above

    given = {name: value for name, value in options.items() if value is not None}
    return msgspec.structs.replace(config, **given).checked("command line")


def exit_code(audit: Audit) -> int:
    """0 to 3, as the manual says; an incomplete audit outranks a closed gate."""
    from audit.gate.verdict import reasons  # noqa: PLC0415 - as above

    if not audit.complete:
        return INCOMPLETE
    return FAILED if reasons(audit) else 0


def print_failures(audit: Audit) -> None:
    """What was skipped, on standard error."""
    for one in audit.skipped:
        complain("skipped", path=one.path, reason=one.reason)


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None] | None]:
    """A bar on standard error once the work takes longer than SLOW; none where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - a pipe needs no bar
    from rich.progress import Progress  # noqa: PLC0415

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)  # pulses until there is something to count
    timer = threading.Timer(SLOW, bar.start)
    timer.daemon = True
    timer.start()

    def report(done: int, total: int, name: str) -> None:
        bar.update(task, completed=done, total=total if total > 1 else None, description=name[-40:])

    try:
        yield report
    finally:
        timer.cancel()
        timer.join()
        bar.stop()
