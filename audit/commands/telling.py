"""What the commands tell beside their reports, a line each, in the language spoken."""

from __future__ import annotations

import sys
from typing import Any

from audit.errors import AuditError
from audit.words import cause, say


def tell(sentence: str, /, **values: Any) -> None:
    """On standard output."""
    sys.stdout.write(say(sentence, **values) + "\n")


def remark(sentence: str, /, **values: Any) -> None:
    """On standard error."""
    sys.stderr.write(say(sentence, **values) + "\n")


def complain(sentence: str, /, **values: Any) -> None:
    """On standard error, in the program's name."""
    sys.stderr.write(f"jiaokan: {say(sentence, **values)}\n")


def complain_of(name: str, error: AuditError | OSError) -> None:
    """On standard error: why this file was left as it is."""
    if isinstance(error, AuditError):
        complain("{error}", error=error)
    else:
        complain("{name}: {reason}; the file is as it was", name=name, reason=cause(error))
