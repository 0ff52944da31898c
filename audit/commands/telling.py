"""What the commands tell beside their reports, a line each, in the language spoken."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from audit.errors import AuditError
from audit.printing import spelled
from audit.words import cause, say


class Unheard(Exception):  # noqa: N818 - what happened, not whose fault it is
    """Standard output took no more, and why is the cause: it is full or closed, or its reader went away. No file's fault."""


def tell(sentence: str, /, **values: Any) -> None:
    """On standard output. Raises Unheard."""
    try:
        sys.stdout.write(spelled(say(sentence, **values)) + "\n")
    except OSError as error:
        raise Unheard from error


def remark(sentence: str, /, **values: Any) -> None:
    """On standard error."""
    with contextlib.suppress(OSError):  # nobody can be told; the exit code still is
        sys.stderr.write(spelled(say(sentence, **values)) + "\n")


def complain(sentence: str, /, **values: Any) -> None:
    """On standard error, in the program's name."""
    with contextlib.suppress(OSError):  # as above
        sys.stderr.write(f"jiaokan: {spelled(say(sentence, **values))}\n")


def complain_of(name: str, error: AuditError | OSError) -> None:
    """On standard error: why this file was left as it is."""
    if isinstance(error, AuditError):
        complain("{error}", error=error)
    else:
        complain("{name}: {reason}; the file is as it was", name=name, reason=cause(error))
