"""The engine of a cluster: Ray Data maps the same functions over the same items; the output folder must be visible to all nodes."""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from audit.errors import AuditError
from audit.scale.local import Lost

TRIES = 2  # as the engine of one machine has it
Work = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class RayCluster:
    """A Ray cluster; without an address one is started on this machine."""

    workers: int
    address: str | None = None
    _attempts: list[Any] = field(default_factory=list, repr=False, compare=False)  # the actor, once it is started

    def map(self, expand: Callable[[Any], Iterable[Any]], work: Work, groups: Iterable[Any]) -> Iterator[Any]:
        """What `work` makes of the items of every group, in whatever order they are done.

        Ray starts a task again whose node died, without end; a part that was written before is not made twice. An item over which
        its process died twice is given up.
        """
        ray = self._connect()
        rows = [{"group": pickle.dumps(group)} for group in groups]
        if not rows:
            return
        data = ray.data.from_items(rows, override_num_blocks=min(len(rows), 4 * self.workers))
        items = data.flat_map(Expand(expand))
        if not self._attempts:
            counted = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)(Attempts)
            self._attempts.append(counted.remote())
        done = items.map_batches(Apply(work, self._attempts[0]), batch_size=1, num_cpus=1, zero_copy_batch=False)
        for row in done.iter_rows():
            yield pickle.loads(row["result"])  # noqa: S301 - what our own tasks wrote

    def close(self) -> None:
        """Leaves the cluster to whoever started it; one of our own ends with this process."""
        self._attempts.clear()

    def _connect(self) -> Any:
        try:
            import ray  # noqa: PLC0415 - only this engine needs it
            import ray.data  # noqa: PLC0415
        except ImportError as error:
            raise AuditError("--engine ray needs ray: pip install 'jiaokan[ray]'") from error
        if not ray.is_initialized():
            os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
            own: dict[str, Any] = {} if self.address else {"num_cpus": self.workers, "include_dashboard": False}
            ray.init(address=self.address, log_to_driver=False, logging_level=logging.ERROR, **own)
        for name in ("ray.data", "ray.data._internal.execution.streaming_executor"):
            logging.getLogger(name).setLevel(logging.ERROR)
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        return ray


@dataclass(frozen=True, slots=True)
class Expand:
    """A group's items as rows."""

    expand: Callable[[Any], Iterable[Any]]

    def __call__(self, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Rows of pickled items, as they are read."""
        for item in self.expand(pickle.loads(row["group"])):  # noqa: S301 - what the driver wrote
            yield {"item": pickle.dumps(item)}


class Attempts:
    """How often work on each item was begun and not ended, kept where its processes may die."""

    def __init__(self) -> None:
        self.begun: dict[bytes, int] = {}

    def begin(self, key: bytes) -> int:
        """Counts a beginning; gives how many there were before."""
        before = self.begun.get(key, 0)
        self.begun[key] = before + 1
        return before

    def end(self, key: bytes) -> None:
        """Forgets an item that is done."""
        self.begun.pop(key, None)


@dataclass(frozen=True, slots=True)
class Apply:
    """The work on rows; `attempts` is an actor."""

    work: Work
    attempts: Any

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[bytes]]:
        """Pickled results."""
        return {"result": [pickle.dumps(self.one(item)) for item in batch["item"]]}

    def one(self, raw: bytes) -> Any:
        """What the work makes of an item."""
        import ray  # noqa: PLC0415 - as above

        item, key = pickle.loads(raw), hashlib.sha256(raw).digest()  # noqa: S301 - what our own tasks wrote
        if ray.get(self.attempts.begin.remote(key)) >= TRIES:
            return Lost(item)
        made = self.work(item)
        self.attempts.end.remote(key)
        return made
