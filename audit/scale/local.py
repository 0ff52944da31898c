"""The engine of one machine: a pool of processes, a few items ahead of what is being worked on."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any

AHEAD = 2  # items a worker that wait in the queue: a few megabytes each
SELDOM = (20_000, 20, 50)  # of 700 objects at a time, as is usual, this costs 4 % of an audit
Work = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Lost:
    """An item whose worker died, twice: out of memory, most likely."""

    item: Any


@dataclass(frozen=True)
class Local:
    """Processes of this machine; they are started once and kept until `close`, for their rules and tables take a second to load."""

    workers: int
    _pools: list[ProcessPoolExecutor] = field(default_factory=list, repr=False, compare=False)

    def map(self, expand: Callable[[Any], Iterable[Any]], work: Work, groups: Iterable[Any]) -> Iterator[Any]:
        """What `work` makes of the items of every group, in whatever order they are done.

        The groups are expanded here, a little ahead of the work. An item that kills its worker is tried once more by itself.
        """
        items = (item for group in groups for item in expand(group))
        if self.workers == 1:
            yield from map(work, items)
            return
        pending: dict[Future[Any], Any] = {}
        try:
            for item in items:
                while not self._submitted(work, item, pending):
                    yield from self._collect(work, pending)
                while len(pending) >= self.workers * (AHEAD + 1):
                    yield from self._collect(work, pending)
            while pending:
                yield from self._collect(work, pending)
        finally:
            if pending:
                self.close()

    def close(self) -> None:
        """Ends the processes, once they have done what they are at."""
        while self._pools:
            self._pools.pop().shutdown(wait=True, cancel_futures=True)

    def _submitted(self, work: Work, item: Any, pending: dict[Future[Any], Any]) -> bool:
        """Hands an item over; False if a worker died and what it held must be collected first."""
        try:
            with undisturbed():  # the first of a pool starts its processes
                pending[self._kept().submit(work, item)] = item
        except BrokenProcessPool:
            if pending:
                return False
            self.close()  # it died at leisure
            return self._submitted(work, item, pending)
        return True

    def _kept(self) -> ProcessPoolExecutor:
        if not self._pools:
            self._pools.append(self._pool(self.workers))
        return self._pools[0]

    @staticmethod
    def _pool(workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=listen)

    def _collect(self, work: Work, pending: dict[Future[Any], Any]) -> Iterator[Any]:
        """Yields what is done; lets go of the pool if it broke."""
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        broken = []
        for future in done:
            item = pending.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                broken.append(item)
        if not broken:
            return
        broken += pending.values()  # they were lost with the pool
        pending.clear()
        self._pools.pop().shutdown(wait=False)
        for item in broken:
            yield self._alone(work, item)

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
    """A worker that has been loaded: Ctrl-C ends it at once and without a word, and so does the end of the command, which has its say."""
    settle_down()
    threading.Thread(target=follow, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def settle_down() -> None:
    """A process that goes through millions of texts: rubbish is looked for more seldom, and Arrow gives memory back where all others do."""
    from pyarrow import set_memory_pool, system_memory_pool  # noqa: PLC0415 - the extra has it

    gc.set_threshold(*SELDOM)
    set_memory_pool(system_memory_pool())


def follow() -> None:
    """Ends a worker once the process that started it is gone, killed most likely: nobody else would."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
