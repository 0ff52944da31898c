"""The console script: parse, wire, print, return a code; nothing else."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from audit.commands.loading import Program
from audit.commands.telling import Unheard, complain
from audit.commands.tongue import take
from audit.commands.usage import complaint, usage
from audit.errors import AuditError
from audit.words import cause, say

BAD_USE, INTERRUPTED = 2, 130
ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",
    "1",
)  # the threads that numpy starts, and we do not use, cost a fifth of a short run's CPU time

app = typer.Typer(
    name="jiaokan",
    help="Find what is broken in a collection of texts, and mend it without harm.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    cls=Program,
)


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
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as a shell wants it for `jiaokan … &`
        signal.signal(signal.SIGINT, interrupt)
    stand_in()
    os.environ.setdefault(*ONE_THREAD)
    try:
        sys.exit(run(take(sys.argv[1:], os.environ)))
    except AuditError as error:
        complain("{error}", error=error)
        sys.exit(BAD_USE)
    except Interrupted:
        complain("interrupted; no file was left half-written")
        sys.exit(INTERRUPTED)
    except Unheard as error:
        sys.exit(unheard(error.__cause__))
    except OSError as error:
        sys.exit(unheard(error))


def unheard(error: Any) -> int:
    """The exit code where standard output is full or closed, standard input is closed, or our reader went away: `jiaokan … | head`."""
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    complain("{name}: {reason}", name=error.filename or say("standard output"), reason=cause(error))
    return BAD_USE


def stand_in() -> None:
    """Standard streams that were closed (`>&-`) refuse what is asked of them, as files do; what is said to nobody is lost."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - it stands as long as the program
    if sys.stdout is None:
        sys.stdout = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - as above
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - as above


def run(arguments: list[str]) -> int:
    """The exit code of a command line without its language."""
    try:
        code = app(arguments, prog_name="jiaokan", standalone_mode=False)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        return refuse(error, arguments)
    return code if isinstance(code, int) else 0


def refuse(error: Any, arguments: list[str]) -> int:
    """What the parser has to say of the arguments: a help page where there were none, else how it is called and why not."""
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(error.ctx.get_help() + "\n")
    else:
        if error.ctx is not None:
            sys.stderr.write(f"{usage(error.ctx.command, error.ctx)}\n")
            sys.stderr.write(say("hint", command=error.ctx.command_path) + "\n\n")
        complain("{error}", error=complaint(error.format_message()))
        name = next((one for one in arguments if one.startswith("-") and Path(one).exists()), None)
        if name is not None and "--" not in arguments:
            complain("{name} is a file: put -- before such names", name=name)
    return BAD_USE
