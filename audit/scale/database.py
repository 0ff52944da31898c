"""The embedded database of the reduce: its memory is bounded, what does not fit goes to the disk."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit.errors import AuditError
from audit.scale.job import Job

FILE, SPILL = "reduce.duckdb", "spill"
MEMORY = "512MB"


def connect(job: Job, threads: int) -> Any:
    """A new database in the folder of parts, with a view of each of their tables."""
    try:
        import duckdb  # noqa: PLC0415 - only the reduce needs it
    except ImportError as error:
        raise AuditError("scan needs duckdb: pip install 'jiaokan[scale]'") from error
    path = job.parts / FILE
    remove(job)
    base = duckdb.connect(str(path))
    base.execute(f"SET memory_limit = '{MEMORY}'")
    base.execute(f"SET threads = {threads}")
    base.execute("SET preserve_insertion_order = false")
    base.execute(f"SET temp_directory = '{quoted(job.parts / SPILL)}'")
    for kind in ("entries", "sketches", "texts", "problems", "findings"):
        files = f"{quoted(job.parts)}/*.{kind}.parquet"
        base.execute(f"CREATE VIEW {kind} AS SELECT * FROM read_parquet('{files}')")  # noqa: S608 - our own names
    return base


def disconnect(base: Any, job: Job) -> None:
    """Ends the database and gives back its place on the disk: each reduce makes it anew."""
    with contextlib.suppress(Exception):  # it has nothing left to say; on a full disk it may fail once more
        base.close()
    with contextlib.suppress(OSError):
        remove(job)


def remove(job: Job) -> None:
    """Removes the files of a database that came to no end, or of one before."""
    for old in job.parts.glob(f"{FILE}*"):
        old.unlink()
    shutil.rmtree(job.parts / SPILL, ignore_errors=True)


def quoted(path: Path) -> str:
    """A path as it may stand between quotes."""
    return str(path).replace("'", "''")


def rows(base: Any, query: str, size: int = 1024) -> Iterator[dict[str, Any]]:
    """The rows of a query, some at a time."""
    found = base.cursor().execute(query)
    names = [column[0] for column in found.description]
    while chunk := found.fetchmany(size):
        for row in chunk:
            yield dict(zip(names, row, strict=True))
