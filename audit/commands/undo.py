"""`jiaokan undo`: the way back from a fix or a conversion."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from audit.commands.fix import INCOMPLETE, tell_failure
from audit.commands.telling import remark
from audit.errors import AuditError


def undo(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Files that fix --in-place or convert changed, and folders that hold such files."),
    ],
) -> None:
    """Give files back the bytes they had before their last fix or conversion.

    Ends with 0 when done, 3 if a file could not be given back; such a file is left as it is.
    """
    failed = False
    for path in changed(paths):
        try:
            give_back(path)
        except (AuditError, OSError) as error:
            failed = tell_failure(str(path), error)
    if failed:
        raise typer.Exit(INCOMPLETE)


def give_back(path: Path) -> None:
    """Takes the last fix or conversion of one file back, and says so."""
    from audit.changelog import log_path  # noqa: PLC0415 - only this command needs it
    from audit.commands import convert  # noqa: PLC0415 - as above
    from audit.convert import is_what_became, record_path  # noqa: PLC0415 - as above
    from audit.undo import undo as undo_file  # noqa: PLC0415 - as above

    only_converted = not log_path(path).exists() and record_path(Path(os.path.realpath(path))).exists()
    if only_converted or is_what_became(path):
        convert.give_back(path)
        return
    count = undo_file(path)
    if count == 1:
        remark("{path}: 1 change undone", path=path)
    else:
        remark("{path}: {count:,} changes undone", path=path, count=count)


def changed(paths: list[Path]) -> Iterator[Path]:
    """The files named, those of the folders that have a log beside them; a log beside its file, as `*` gives it, is passed over."""
    from audit.reading.collect import CONVERTED, KEPT, LOG  # noqa: PLC0415 - as above

    for path in paths:
        if path.is_dir():
            logs = sorted(one for suffix in (LOG, CONVERTED) for one in path.rglob(f"*{suffix}"))
            yield from dict.fromkeys(one.with_name(_bare(one.name, KEPT)) for one in logs) or [path]
        elif (bare := _bare(path.name, KEPT)) == path.name or path.with_name(bare) not in paths:
            yield path


def _bare(name: str, suffixes: tuple[str, ...]) -> str:
    """The name of the file that a log belongs to; any other name as it is."""
    return next((name.removesuffix(suffix) for suffix in suffixes if name.endswith(suffix)), name)
