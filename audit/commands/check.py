"""`jiaokan check`: audit and report."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from audit.catalogue import language, speaking
from audit.commands.telling import complain
from audit.commands.tongue import of_machines, settle
from audit.config import Config, load_config
from audit.errors import AuditError
from audit.words import cause

if TYPE_CHECKING:
    from audit.run import Audit

SLOW = 0.5  # seconds after which a progress bar appears
INCOMPLETE, FAILED = 3, 1


class Format(StrEnum):
    """The output formats."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    HTML = "html"


MACHINES = frozenset({Format.JSON, Format.JSONL})  # formats that programs read


def words(value: list[str] | None) -> tuple[str, ...] | None:
    """Rule words, given apart or joined by commas."""
    if value is None:
        return None
    return tuple(word.strip() for item in value for word in item.split(",") if word.strip())


def check(
    paths: Annotated[list[str], typer.Argument(help="Files and folders; - reads standard input.", show_default=False)],
    output_format: Annotated[
        Format, typer.Option("--format", "-f", help="What the report is written as.")
    ] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the report to a file.")] = None,
    select: Annotated[
        list[str] | None, typer.Option(help="Only these rules: codes, code prefixes, names or kinds, by comma.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Not these rules, named the same way.")] = None,
    min_severity: Annotated[str | None, typer.Option(help="Report from here: info, minor, major, critical.")] = None,
    min_confidence: Annotated[float | None, typer.Option(help="Report from this probability, 0 to 1.")] = None,
    fail_on: Annotated[
        str | None, typer.Option(help="End with 1 if a finding is this severe: info, minor, major, critical, never.")
    ] = None,
    fail_grade: Annotated[str | None, typer.Option(help="End with 1 if the grade is below this letter.")] = None,
    text_field: Annotated[
        str | None,
        typer.Option(help="The field that holds the text, in JSONL, CSV, TSV and Parquet; dots lead into it."),
    ] = None,
    id_field: Annotated[str | None, typer.Option(help="The field that holds the id.")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings to use instead of the nearest jiaokan.toml.")] = None,
) -> None:
    """Audit texts and write a graded report.

    Ends with 0 if the gate passed, 1 if a finding or the grade closed it, 2 for bad use, 3 if something could not be
    read or run.
    """
    from audit.run import audit_paths, require_text  # noqa: PLC0415 - after the arguments are known to be good

    options = {
        "select": words(select),
        "ignore": words(ignore),
        "min_severity": min_severity,
        "min_confidence": min_confidence,
        "fail_on": fail_on,
        "fail_grade": fail_grade and fail_grade.upper(),
        "text_field": text_field,
        "id_field": id_field,
    }
    settings = override(load_config(config), options)
    settle(settings.lang)
    if output is not None:
        check_output(output, paths)
    with progress_bar() as report_progress:
        audit = audit_paths(paths, settings, report_progress)
    if audit.skipped and not audit.documents:
        print_failures(audit)
        raise typer.Exit(INCOMPLETE)
    require_text(audit)
    emit(audit, output_format, output)
    raise typer.Exit(exit_code(audit))


def check_output(output: Path, paths: list[str]) -> None:
    """AuditError for a report that has no folder or would replace a text that it is about."""
    if output.name == "-" or (output.exists() and not output.is_file()):
        return
    if not output.resolve().parent.is_dir():
        raise AuditError("{output}: its folder does not exist", output=output)
    if output.exists() and any(Path(path).exists() and output.samefile(path) for path in paths):
        raise AuditError("{output}: the report would replace the text that it is about", output=output)


def override(config: Config, options: dict[str, Any]) -> Config:
    """The configuration with the options that were given."""
    given = {name: value for name, value in options.items() if value is not None}
    return msgspec.structs.replace(config, **given).checked("command line")


def emit(audit: Audit, output_format: Format, output: Path | None) -> None:
    """Writes the report to the file or to standard output."""
    if output_format is Format.TEXT and output is None and sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415 - as above

        from audit.report import terminal  # noqa: PLC0415

        terminal.write(audit, Console())
        return
    if output_format is Format.HTML and output is not None and str(output) != "-":
        write_page(audit, output)
        return
    spoken = of_machines() if output_format in MACHINES else language()
    with speaking(spoken):
        page = renderer(output_format)(audit)
    if output is None or str(output) == "-":
        sys.stdout.buffer.write(page)
        sys.stdout.buffer.flush()
        return
    write(output, page)


def write(output: Path, page: bytes) -> None:
    """Writes a report; AuditError where that fails."""
    from audit.atomic import write_atomically  # noqa: PLC0415 - only reports to a file need it

    try:
        write_atomically(output, page)
    except OSError as error:
        raise AuditError(
            "{output}: the report cannot be written ({reason})", output=output, reason=cause(error)
        ) from error


def write_page(audit: Audit, output: Path) -> None:
    """Writes the HTML page, and beside it every finding where they are too many for a page."""
    from audit.report import json_lines  # noqa: PLC0415 - as above
    from audit.report.html import page  # noqa: PLC0415

    sidecar = output.with_suffix(".findings.jsonl")
    text, whole = page.report(audit, sidecar.name)
    if not whole:
        with speaking(of_machines()):
            write(sidecar, json_lines.render(audit))
    write(output, text)


def renderer(output_format: Format) -> Callable[[Audit], bytes]:
    """The format's `render`."""
    if output_format is Format.HTML:
        from audit.report.html import page  # noqa: PLC0415 - jinja2 loads only here

        return page.render
    from audit.report import json_document, json_lines, markdown, terminal  # noqa: PLC0415 - rich loads only here

    return {
        Format.TEXT: terminal.render,
        Format.JSON: json_document.render,
        Format.JSONL: json_lines.render,
        Format.MARKDOWN: markdown.render,
    }[output_format]


def exit_code(audit: Audit) -> int:
    """0 to 3, as the manual says; an incomplete audit outranks a closed gate."""
    from audit.grade import ORDER  # noqa: PLC0415 - as above
    from audit.settle import gated  # noqa: PLC0415

    if not audit.complete:
        return INCOMPLETE
    below = audit.config.fail_grade and ORDER.index(audit.graded.now.letter) > ORDER.index(audit.config.fail_grade)
    closed = any(gated(audited.sure, audit.config.fail_on) for audited in audit.documents)
    return FAILED if below or closed else 0


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
