"""`jiaokan encodings`: which encoding each line of a file is in."""

from __future__ import annotations

import sys
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

import typer

from audit.commands.telling import complain
from audit.errors import AuditError
from audit.printing import printable, spelled
from audit.report.layout import cells, padded
from audit.words import cause, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audit.reading.collect import Source
    from audit.reading.runs import EncodingRun

FORMATS = ("text", "json", "jsonl")
FEW = 40  # files that each have their table; of more, those that are UTF-8 throughout are only counted
INCOMPLETE = 3
UTF8 = "utf-8"


def encodings(
    paths: Annotated[list[str], typer.Argument(help="Files and folders; - is standard input.", show_default=False)],
    output_format: Annotated[str, typer.Option("--format", "-f", help="text, json or jsonl.")] = "text",
) -> None:
    """Show the encodings of each file: runs of lines with their bytes and how sure it is. Reads files of any size.

    Of more than 40 files, those that are UTF-8 throughout are only counted; json and jsonl list all.

    Ends with 0 when done, 2 for bad use, 3 if a file could not be read.
    """
    from audit.reading.collect import collect  # noqa: PLC0415 - after the arguments are known to be good

    if output_format not in FORMATS:
        raise AuditError("--format {output_format!r}; it is text, json or jsonl", output_format=output_format)
    failed = False
    opened = output_format == "json"
    sys.stdout.write("[" if opened else "")
    collected = collect(paths)
    for name, reason in collected.unreadable:
        complain("{name}: {reason}", name=name, reason=reason)
        failed = True
    brief = output_format == "text" and len(collected.sources) > FEW
    told = usual = 0
    for file in collected.sources:
        try:
            runs = read(file)
            start = list(islice(runs, 2))  # what cannot be read says so before it has a table
            if brief and len(start) <= 1 and all(run.encoding == UTF8 for run in start):
                usual += 1
                continue
            show(file.name, chain(start, runs), output_format, first=told == 0)
            told += 1
        except AuditError as error:
            complain("{error}", error=error)
            failed = True
    sys.stdout.write("]\n" if opened else "")
    if usual:
        sys.stdout.write(("\n" if told else "") + say("{count} files are UTF-8 throughout.", count=f"{usual:,}") + "\n")
    if failed:
        raise typer.Exit(INCOMPLETE)


def read(file: Source) -> Iterator[EncodingRun]:
    """The runs of one file. Raises AuditError where it cannot be read: an OSError of ours would be one of writing."""
    from audit.reading.runs import encoding_runs  # noqa: PLC0415 - after the arguments are known to be good
    from audit.reading.stream import pieces  # noqa: PLC0415

    try:
        with sys.stdin.buffer if file.path is None else file.path.open("rb") as stream:
            yield from encoding_runs(pieces(stream))
    except OSError as error:
        raise AuditError("{name}: cannot be read: {reason}", name=file.name, reason=cause(error)) from error


def show(name: str, runs: Iterable[EncodingRun], output_format: str, *, first: bool) -> None:
    """The table of one file, written run by run; the first one has the head."""
    if output_format == "text":
        sys.stdout.write((head() if first else "\n") + f"{spelled(name)}\n")
        for run in runs:
            sys.stdout.write(line_of(run))
        return
    from msgspec.json import encode  # noqa: PLC0415 - only these formats need it

    if output_format == "json":
        sys.stdout.write(("" if first else ",") + f'\n{{"path":{encode(printable(name)).decode()},"runs":[')
    try:
        for number, run in enumerate(runs):
            row = {key: value for key, value in run._asdict().items() if value is not None}
            if output_format == "jsonl":
                sys.stdout.write(encode({"path": printable(name), **row}).decode() + "\n")
            else:
                sys.stdout.write((",\n " if number else "\n ") + encode(row).decode())
    finally:  # a file that breaks off leaves the others readable
        sys.stdout.write("]}" if output_format == "json" else "")


def head() -> str:
    """The head of the table."""
    lines, places = say("lines"), say("bytes")
    blanks = " " * (17 - cells(lines)), " " * (27 - cells(places))
    return f"{blanks[0]}{lines}{blanks[1]}{places}  {padded(say('encoding'), 14)} {say('confidence')}\n"


def line_of(run: EncodingRun) -> str:
    """A run as a row of the table."""
    lines = f"{run.first_line:,}" if run.first_line == run.last_line else f"{run.first_line:,}-{run.last_line:,}"
    tail = f"  {run.hex}" if run.hex else ""
    return f"{lines:>17}  {f'{run.byte_start:,}-{run.byte_end:,}':>25}  {run.encoding:<14} {run.confidence:.2f}{tail}\n"
