"""How long each phase of a scan took: no part of its result, which is the same however long it takes."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from audit.atomic import write_atomically

TIMES = "times.json"


class Took(msgspec.Struct, frozen=True):
    """Seconds of a phase by the clock, and of the processor in the process that leads."""

    wall: float
    own: float


@dataclass(frozen=True, slots=True)
class Phases:
    """The phases that came to their end, in order."""

    took: dict[str, Took] = field(default_factory=dict)

    @contextlib.contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Counts what is done meanwhile as this phase."""
        wall, own = time.monotonic(), spent()
        yield
        self.took[name] = Took(round(time.monotonic() - wall, 2), round(spent() - own, 2))

    def write(self, folder: Path, workers: int) -> None:
        """Writes them beside the tables."""
        page = msgspec.json.format(msgspec.json.encode({"workers": workers, "seconds": self.took}), indent=1)
        write_atomically(folder / TIMES, page + b"\n")


def spent() -> float:
    """Seconds of processor that this process has used."""
    times = os.times()
    return times.user + times.system


def read(folder: Path) -> dict[str, Took]:
    """The phases of a scan that came to its end; none where they were not written."""
    try:
        found = msgspec.json.decode((folder / TIMES).read_bytes())
        return msgspec.convert(found["seconds"], dict[str, Took])
    except (OSError, KeyError, TypeError, ValueError):
        return {}
