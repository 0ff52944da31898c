"""A run of `check` that is known already: its reports are written again, its exit code given again."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.catalogue import language
from audit.commands.outputs import Output, Page, put, screen
from audit.commands.tongue import of_machines

if TYPE_CHECKING:
    from audit.cache.runs import Run
    from audit.config import Config
    from audit.reading.collect import Collected


class Heard:
    """A stream that remembers whether anything was said on it."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.said = stream, False

    def write(self, text: str) -> int:
        """Passes it on."""
        self.said = True
        return int(self.stream.write(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextlib.contextmanager
def overhearing() -> Iterator[Heard]:
    """Standard error, overheard: what is said there is not kept, so a run that says something is not either."""
    heard = Heard(sys.stderr)
    with contextlib.redirect_stderr(heard):
        yield heard


def begin(collected: Collected, settings: Config, reports: Sequence[Output]) -> Run | None:
    """The run as the cache knows it; None where it is not to be kept."""
    if not settings.cache:
        return None
    from audit.cache import runs  # noqa: PLC0415 - only a run that may be kept needs it

    day = datetime.now(UTC).astimezone().date()  # what was accepted until a day is not the day after
    told = [day, language(), of_machines(), *screen(reports), *reports]
    return runs.begin(runs.folder_of(settings), collected, settings, told)


def replay(run: Run | None) -> int | None:
    """Writes what the same run wrote before; its exit code, or None where it is not known."""
    if run is None:
        return None
    from audit.cache import runs  # noqa: PLC0415 - as above

    outcome = runs.known(run)
    if outcome is None:
        return None
    for name, page in outcome.pages:
        put(None if name is None else Path(os.fsdecode(name)), page)
    return outcome.code


def keep(run: Run | None, pages: Sequence[Page], code: int, settings: Config) -> None:
    """Keeps what a run wrote, unless it was too much to be held as a whole."""
    whole = [(place, page) for place, page in pages if isinstance(page, bytes)]
    if run is None or len(whole) < len(pages):
        return
    from audit.cache import runs  # noqa: PLC0415 - as above

    kept = [(None if place is None else os.fsencode(place), page) for place, page in whole]
    runs.keep(run, runs.Outcome(code, kept), named=bool(settings.cache_dir))
