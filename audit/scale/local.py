"""The engine of one machine: a pool of processes, a few items ahead of what is being worked on."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

AHEAD = 2  # items a worker that wait in the queue: a few megabytes each
Work = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Lost:
    """An item whose worker died, twice: out of memory, most likely."""

    item: Any


@dataclass(frozen=True, slots=True)
class Local:
    """Processes of this machine."""

    workers: int

    def map(self, expand: Callable[[Any], Iterable[Any]], work: Work, groups: Iterable[Any]) -> Iterator[Any]:
        """What `work` makes of the items of every group, in whatever order they are done.

        The groups are expanded here, a little ahead of the work. An item that kills its worker is tried once more by itself.
        """
        items = (item for group in groups for item in expand(group))
        if self.workers == 1:
            yield from map(work, items)
            return
        pending: dict[Future[Any], Any] = {}
        pool = self._pool(self.workers)
        try:
            for item in items:
                with undisturbed():  # the first of a pool starts its processes
                    pending[pool.submit(work, item)] = item
                while len(pending) >= self.workers * (AHEAD + 1):
                    pool = yield from self._collect(pool, work, pending)
            while pending:
                pool = yield from self._collect(pool, work, pending)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    @staticmethod
    def _pool(workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=listen)

    def _collect(
        self, pool: ProcessPoolExecutor, work: Work, pending: dict[Future[Any], Any]
    ) -> Generator[Any, None, ProcessPoolExecutor]:
        """Yields what is done; gives back the pool, a new one if the old one broke."""
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        broken = []
        for future in done:
            item = pending.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                broken.append(item)
        if not broken:
            return pool
        broken += pending.values()  # they were lost with the pool
        pending.clear()
        pool.shutdown(wait=False)
        for item in broken:
            yield self._alone(work, item)
        return self._pool(self.workers)

    def _alone(self, work: Work, item: Any) -> Any:
        """One item in a process of its own."""
        with self._pool(1) as pool:
            try:
                with undisturbed():
                    future = pool.submit(work, item)
                return future.result()
            except BrokenProcessPool:
                return Lost(item)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits until this is over; processes that are started meanwhile do not hear it before they `listen`."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def listen() -> None:
    """A worker that has been loaded: Ctrl-C ends it at once and without a word; the command has its say."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
