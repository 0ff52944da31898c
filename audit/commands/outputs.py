"""Where a report goes and as what: `--format` and `--output`, of which there may be several."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.catalogue import language, speaking
from audit.commands.tongue import of_machines
from audit.errors import AuditError, nearest
from audit.words import cause

if TYPE_CHECKING:
    from audit.run import Audit

STDOUT = "-"
Pieces = Generator[bytes, None, None]  # of a report that is written while it is made
Page = tuple[Path | None, bytes | Pieces]  # a file, or None for standard output, and what is written there


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
    STATISTICS = "statistics"


MODULES = {
    Format.TEXT: "terminal",
    Format.HTML: "html.page",
    Format.JSON: "json_document",
    Format.JSONL: "json_lines",
    Format.CSV: "table",
}  # in `audit.report`; the others have their own name
BY_FINDING = frozenset(  # with very many these are neither held nor kept
    {
        *(Format.JSON, Format.JSONL, Format.CSV),
        *(Format.JUNIT, Format.GITHUB, Format.GITLAB, Format.RDJSON, Format.TAP),
    }
)
PEOPLE = frozenset({Format.TEXT, Format.HTML, Format.MARKDOWN, Format.STATISTICS})  # all others are read by programs
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
    places = [one.file and one.file.resolve() for one in made]
    for one, place in zip(made, places, strict=True):
        if places.count(place) > 1:
            raise AuditError("--output: two reports would go to {place}", place=one.file or STDOUT)
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


def check_output(output: Path, paths: Iterable[str | Path]) -> None:
    """AuditError for a report that has no folder or would replace a text that it is about."""
    if output.exists() and not output.is_file():
        return
    if not output.resolve().parent.is_dir():
        raise AuditError("{output}: its folder does not exist", output=output)
    if output.exists() and any(Path(path).exists() and output.samefile(path) for path in paths):
        raise AuditError("{output}: the report would replace the text that it is about", output=output)


def pages(audit: Audit, output: Output) -> list[Page]:
    """One report as what is written where: a page, or with it what does not fit into it."""
    if on_screen(output):
        return [(None, painted(audit))]
    if output.format is Format.HTML and output.file is not None:
        return html_pages(audit, output.file)
    return [(output.file, made(audit, output.format))]


def put(place: Path | None, page: bytes | Pieces) -> None:
    """Writes a page to its file or to standard output."""
    with nullcontext([page]) if isinstance(page, bytes) else closing(page) as pieces:
        if place is None:
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        else:
            write(place, pieces)


def on_screen(output: Output) -> bool:
    """Whether a person reads the report in a terminal."""
    return output.format is Format.TEXT and output.file is None and sys.stdout.isatty()


def screen(reports: Sequence[Output]) -> list[object]:
    """What the looks of a report in a terminal depend on; nothing where none goes there."""
    if not any(map(on_screen, reports)):
        return []
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    console = Console()
    return [console.width, console.color_system, console.encoding]


def painted(audit: Audit) -> bytes:
    """The report as this terminal shows it."""
    from rich.console import Console  # noqa: PLC0415 - as above

    from audit.report import terminal  # noqa: PLC0415

    console = Console()
    with console.capture() as shown:
        terminal.write(audit, console)
    return shown.get().encode(console.encoding, "replace")


def made(audit: Audit, wanted: Format) -> bytes | Pieces:
    """The report, or where there are very many findings and the format has a line for each, its pieces as they are made."""
    from audit.audited import MANY  # noqa: PLC0415 - as above

    many = sum(len(batch) for one in audit.documents for batch in one.batches) > MANY
    return pieces_of(audit, wanted) if many and wanted in BY_FINDING else rendered(audit, wanted)


def rendered(audit: Audit, wanted: Format) -> bytes:
    """The report in one format, in the language of its readers."""
    with speaking(language() if wanted in PEOPLE else of_machines()):
        page: bytes = module_of(wanted).render(audit)
    return page


def pieces_of(audit: Audit, wanted: Format) -> Pieces:
    """The same, finding by finding."""
    from audit.audited import passing  # noqa: PLC0415 - as above

    with speaking(of_machines()), passing():
        yield from module_of(wanted).chunks(audit)


def module_of(wanted: Format) -> Any:
    """What writes a format; rich and jinja2 load only if asked for."""
    return import_module(f"audit.report.{MODULES.get(wanted, wanted.value)}")


def write(output: Path, pieces: Iterable[bytes]) -> None:
    """Writes a report; AuditError where that fails."""
    from audit.atomic import write_atomically  # noqa: PLC0415 - only reports to a file need it

    try:
        write_atomically(output, pieces)
    except OSError as error:
        raise AuditError(
            "{output}: the report cannot be written ({reason})", output=output, reason=cause(error)
        ) from error


def html_pages(audit: Audit, output: Path) -> list[Page]:
    """The HTML page, and before it a file beside it with every finding where they are too many for a page."""
    from audit.report.html import page  # noqa: PLC0415 - as above

    sidecar = output.with_suffix(".findings.jsonl")
    text, whole = page.report(audit, sidecar.name)
    beside: list[Page] = [] if whole else [(sidecar, made(audit, Format.JSONL))]
    return [*beside, (output, text)]
