"""The console script: parse, wire, print, return a code; nothing else."""

from __future__ import annotations

import os
import signal
import sys
from typing import Annotated

import typer

from audit.commands.apply import apply
from audit.commands.check import check
from audit.commands.convert import convert
from audit.commands.encodings import encodings
from audit.commands.explain import explain
from audit.commands.fix import fix, undo
from audit.commands.rules import list_rules
from audit.commands.scan import scan
from audit.errors import AuditError

BAD_USE, INTERRUPTED = 2, 130

app = typer.Typer(
    name="jiaokan",
    help="Find what is broken in a collection of texts, and mend it without harm.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(check)
app.command("rules")(list_rules)
app.command()(explain)
app.command()(fix)
app.command()(undo)
app.command()(encodings)
app.command()(convert)
app.command()(scan)
app.command()(apply)


def show_version(asked: bool) -> None:
    """Prints the version and ends."""
    if asked:
        from audit import __version__  # noqa: PLC0415 - only this option needs it

        sys.stdout.write(f"jiaokan {__version__}\n")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find what is broken in a collection of texts, and mend it without harm."""


class Interrupted(BaseException):
    """Ctrl-C, under a name that neither a rule's failure nor the option parser catches."""


def interrupt(*_: object) -> None:
    """The handler of SIGINT."""
    raise Interrupted


def main() -> None:
    """Runs the command; every fault of the caller is one line on standard error and exit code 2."""
    signal.signal(signal.SIGINT, interrupt)
    try:
        app()
    except AuditError as error:
        sys.stderr.write(f"jiaokan: {error}\n")
        sys.exit(BAD_USE)
    except Interrupted:
        sys.stderr.write("jiaokan: interrupted; no file was left half-written\n")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # the reader of our output went away: `jiaokan … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:  # standard output that is full or closed, standard input that is closed
        sys.stderr.write(f"jiaokan: {error.filename or 'standard output'}: {error.strerror or error}\n")
        sys.exit(BAD_USE)
