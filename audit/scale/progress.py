"""How far a scan has come: rate and time left, on standard error."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable

from audit.words import say

EVERY, SELDOM = 0.5, 30.0  # seconds between lines: on a terminal, in a log
UNPACKED = 3.0  # times as large as on the disk, until a packed file has been read


class Progress:
    """Counts what is done of a stage and tells it now and then; `quiet` tells nothing."""

    def __init__(
        self, stage: str, total: float, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stage, self._total, self._quiet, self._clock = stage, max(total, 1.0), quiet, clock
        self._began = self._told = clock()
        self._terminal = sys.stderr.isatty()
        self.done = 0.0
        self.entries = 0

    def expect(self, total: float) -> None:
        """Says how much there is to do, where that was not known at the start."""
        self._total = max(total, 1.0)

    def add(self, done: float, entries: int = 0) -> None:
        """Counts so much of the total and so many entries."""
        self.done += done
        self.entries += entries
        now = self._clock()
        if not self._quiet and now - self._told >= (EVERY if self._terminal else SELDOM):
            self._told = now
            self._tell(now - self._began)

    def _tell(self, seconds: float) -> None:
        share = min(self.done / self._total, 0.999)
        left = seconds * (1 - share) / share if share else 0
        words = say(
            "scan.progress",
            stage=say(f"scan.stage.{self._stage}"),
            percent=f"{100 * share:.0f}",
            entries=f"{self.entries:,}",
            rate=f"{self.entries / max(seconds, 1e-9):,.0f}",
            left=clock_time(left),
        )
        with contextlib.suppress(OSError):  # nobody can be told; the scan still goes on
            sys.stderr.write(f"\r{words}\x1b[K" if self._terminal else f"jiaokan: {words}\n")
            sys.stderr.flush()

    def end(self) -> float:
        """Clears the line; gives the seconds that the stage took."""
        if self._terminal and not self._quiet:
            sys.stderr.write("\r\x1b[K")
        return self._clock() - self._began


def clock_time(seconds: float) -> str:
    """Seconds as hours, minutes and seconds.

    >>> clock_time(3725)
    '1:02:05'
    """
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
