"""Where a report goes and as what: `--format` and `--output`, of which there may be several."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from audit.catalogue import language, speaking
from audit.commands.tongue import of_machines
from audit.errors import AuditError, nearest
from audit.words import cause

if TYPE_CHECKING:
    from audit.run import Audit

STDOUT = "-"


class Format(StrEnum):
    """The output formats."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"
    RDJSON = "rdjson"
    TAP = "tap"


MODULES = {
    Format.TEXT: "terminal",
    Format.HTML: "html.page",
    Format.JSON: "json_document",
    Format.JSONL: "json_lines",
    Format.CSV: "table",
}  # in `audit.report`; the others have their own name
PEOPLE = frozenset({Format.TEXT, Format.HTML, Format.MARKDOWN})  # all others are read by programs
ENDINGS = {
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".md": Format.MARKDOWN,
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".csv": Format.CSV,
    ".sarif": Format.SARIF,
    ".xml": Format.JUNIT,
    ".tap": Format.TAP,
}


@dataclass(frozen=True, slots=True)
class Output:
    """One report; `file` is None for standard output."""

    format: Format
    file: Path | None


def outputs(named: Format | None, given: Sequence[str]) -> list[Output]:
    """The reports asked for: FORMAT=FILE, or FILE with `--format` or by its ending; one to standard output if none is.

    Raises AuditError for an unknown format and for two reports in one place.
    """
    made = [parsed(named, word) for word in given] or [Output(named or Format.TEXT, None)]
    places = [one.file for one in made]
    for place in places:
        if places.count(place) > 1:
            raise AuditError("--output: two reports would go to {place}", place=place or STDOUT)
    return made


def parsed(named: Format | None, word: str) -> Output:
    """One value of `--output`."""
    head, sign, rest = word.partition("=")
    if sign and head in Format.__members__.values():
        return Output(Format(head), file_of(rest))
    if sign and head.isalpha():
        raise AuditError(
            "--output: unknown format {name!r}{hint}; a file of that name is written ./{word}",
            name=head,
            hint=nearest(head, [*Format]),
            word=word,
        )
    return Output(named or ENDINGS.get(Path(word).suffix.lower(), Format.TEXT), file_of(word))


def file_of(word: str) -> Path | None:
    """The file, or None for standard output."""
    if not word:
        raise AuditError("--output: a file is missing")
    return None if word == STDOUT else Path(word)


def check_output(output: Path, paths: Sequence[str]) -> None:
    """AuditError for a report that has no folder or would replace a text that it is about."""
    if output.exists() and not output.is_file():
        return
    if not output.resolve().parent.is_dir():
        raise AuditError("{output}: its folder does not exist", output=output)
    if output.exists() and any(Path(path).exists() and output.samefile(path) for path in paths):
        raise AuditError("{output}: the report would replace the text that it is about", output=output)


def emit(audit: Audit, output: Output) -> None:
    """Writes one report to its file or to standard output."""
    if output.format is Format.TEXT and output.file is None and sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

        from audit.report import terminal  # noqa: PLC0415

        terminal.write(audit, Console())
        return
    if output.format is Format.HTML and output.file is not None:
        write_page(audit, output.file)
        return
    page = rendered(audit, output.format)
    if output.file is None:
        sys.stdout.buffer.write(page)
        sys.stdout.buffer.flush()
        return
    write(output.file, page)


def rendered(audit: Audit, wanted: Format) -> bytes:
    """The report in one format, in the language of its readers."""
    module = import_module(
        f"audit.report.{MODULES.get(wanted, wanted.value)}"
    )  # rich and jinja2 load only if asked for
    with speaking(language() if wanted in PEOPLE else of_machines()):
        page: bytes = module.render(audit)
    return page


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
    from audit.report.html import page  # noqa: PLC0415 - as above

    sidecar = output.with_suffix(".findings.jsonl")
    text, whole = page.report(audit, sidecar.name)
    if not whole:
        write(sidecar, rendered(audit, Format.JSONL))
    write(output, text)
