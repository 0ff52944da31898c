"""`jiaokan cache`: what is kept of earlier runs, and how to let go of it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from audit.commands.telling import tell
from audit.errors import AuditError
from audit.words import cause


class Action(StrEnum):
    """What to do with the cache."""

    INFO = "info"
    CLEAR = "clear"


def cache(
    action: Annotated[Action, typer.Argument(help="Tell where the cache is and what it holds, or empty it.")],
    cache_dir: Annotated[Path | None, typer.Option(help="The folder, if it is not the usual one.")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings to use instead of the nearest jiaokan.toml.")] = None,
) -> None:
    """Show or empty the cache: what `check` wrote for the same texts under the same settings.

    Nothing is lost with it: the next run audits anew.
    """
    from audit.cache import runs, store  # noqa: PLC0415 - help needs neither
    from audit.gate.layers import load_config  # noqa: PLC0415

    folder = cache_dir or runs.folder_of(load_config(config))
    if action is Action.CLEAR:
        try:
            gone = store.clear(folder)
        except OSError as error:
            raise AuditError(
                "{folder}: the cache cannot be emptied ({reason})", folder=folder, reason=cause(error)
            ) from error
        tell("{folder}: {count} entries removed", folder=folder, count=gone)
        return
    held = store.usage(folder)
    tell(
        "{folder}: {count} entries, {size} MB of at most {limit}",
        folder=folder,
        count=held.entries,
        size=f"{held.size / (1 << 20):.1f}",
        limit=store.LIMIT >> 20,
    )
