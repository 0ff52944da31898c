"""What runs first: the console script, and `python -m audit`. Ctrl-C ends it without a word until the program itself listens."""

from __future__ import annotations

import signal


def main() -> None:
    """Loads the program and runs it; loading takes a tenth of a second, in which nothing is written."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else the shell wants it ignored: `jiaokan … &`
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from audit.cli import main as program  # noqa: PLC0415 - after that

    program()


if __name__ == "__main__":
    main()
