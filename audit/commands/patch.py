"""What a fix changes, as a unified diff."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator

from audit.printing import printable

CONTEXT = 1  # lines around a change
COLOURS = {"+": 32, "-": 31, "@": 36}
UNENDED = "\\ No newline at end of file"  # what diff and patch say


def show(name: str, raw: bytes, new: bytes, *, patch: bool) -> None:
    """The changes, coloured on a terminal. They are in the bytes of the file where a `patch` was asked for."""
    from audit.reading.decode import decode  # noqa: PLC0415 - only changes need it

    colour = sys.stdout.isatty()
    if colour or not patch:
        raw, new = (decode(data).body.encode("utf-8", "surrogateescape") for data in (raw, new))
    for line in diff_lines(name, raw, new):
        painted = f"\x1b[{COLOURS.get(line[:1], 0)}m{printable(line)}\x1b[0m" if colour else line
        sys.stdout.buffer.write(painted.encode("utf-8", "surrogateescape") + b"\n")
    sys.stdout.buffer.flush()


def diff_lines(name: str, raw: bytes, new: bytes) -> Iterator[str]:
    """A unified diff; undecodable bytes are carried through, so that `patch -p1` and `git apply` mend the files themselves."""
    end = "\t" if " " in name else ""  # else a blank would end the name
    lines = difflib.unified_diff(_lines(raw), _lines(new), f"a/{name}{end}", f"b/{name}{end}", lineterm="\n", n=CONTEXT)
    for line in lines:
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield UNENDED


def _lines(data: bytes) -> list[str]:
    """The lines with their ends; a carriage return alone ends none, as with diff."""
    text = data.decode("utf-8", "surrogateescape")
    lines = [line + "\n" for line in text.split("\n")]
    return [*lines[:-1], last] if (last := lines[-1][:-1]) else lines[:-1]
