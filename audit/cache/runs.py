"""Whole runs: the reports of one that read the same bytes under the same settings are its reports."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
from platformdirs import user_cache_path

from audit.cache import key, store
from audit.config import Config
from audit.errors import AuditError
from audit.reading.collect import Collected
from audit.words import cause

Page = tuple[bytes | None, bytes]  # the name of a file, or None for standard output, and what is written there


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """What a run wrote, and its exit code."""

    code: int
    pages: list[Page]


@dataclass(frozen=True, slots=True)
class Run:
    """A run that may be kept: where, under which key, and what it reads."""

    folder: Path
    key: str
    collected: Collected
    read: list[tuple[str, str, str]]


def folder_of(config: Config) -> Path:
    """The folder of the cache: the one that the settings name, from where they lie, else the user's."""
    return Path(config.root, config.cache_dir) if config.cache_dir else user_cache_path("jiaokan", appauthor=False)


def begin(folder: Path, collected: Collected, config: Config, told: Sequence[object]) -> Run | None:
    """The run, before anything is audited; None where it cannot be known again: standard input, what cannot be read."""
    read = key.texts(collected)
    name = None if read is None else key.of_run(read, collected, config, told)
    return None if read is None or name is None else Run(folder, name, collected, read)


def known(run: Run) -> Outcome | None:
    """What the same run wrote before."""
    payload = store.read(run.folder, run.key)
    if payload is None:
        return None
    with suppress(msgspec.MsgspecError):
        return msgspec.msgpack.decode(payload, type=Outcome)
    return None


def keep(run: Run, outcome: Outcome, *, named: bool) -> None:
    """Keeps what the run wrote, unless a file changed while it was read.

    A folder that cannot be written is passed over; AuditError if the user named it.
    """
    if key.texts(run.collected) != run.read:
        return
    try:
        store.write(run.folder, run.key, msgspec.msgpack.encode(outcome))
    except OSError as error:
        if named:
            raise AuditError(
                "{folder}: the cache cannot be written ({reason})", folder=run.folder, reason=cause(error)
            ) from error
