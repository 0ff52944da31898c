"""A folder of entries by key: written in one step, checked when read, bounded in size. A broken entry is no entry."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audit.atomic import write_atomically

MAGIC = b"jiaokan cache 1\n"
SUFFIX = ".entry"
TAG = "CACHEDIR.TAG"  # tells backups to pass the folder over: https://bford.info/cachedir/
SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55\n# This folder was made by jiaokan.\n"
LARGEST = 64 << 20  # bytes of an entry: a larger report is written faster than it is worth keeping
LIMIT = 256 << 20  # bytes of all entries
STALE = 3600  # seconds; no entry takes so long to write


@dataclass(frozen=True, slots=True)
class Usage:
    """What a cache holds."""

    entries: int
    size: int  # bytes


def read(folder: Path, key: str) -> bytes | None:
    """The entry, or None where there is none or where a byte of it is not what was written."""
    file = folder / f"{key}{SUFFIX}"
    try:
        data = file.read_bytes()
    except OSError:
        return None
    size = len(MAGIC) + hashlib.sha256().digest_size
    payload = data[size:]
    if data[:size] != MAGIC + digest(key, payload):
        return None
    with contextlib.suppress(OSError):
        os.utime(file)  # what is used stays longest
    return payload


def write(folder: Path, key: str, payload: bytes) -> None:
    """Keeps an entry, and lets go of those unused longest. Raises OSError as writing does."""
    if len(payload) > LARGEST:
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / TAG).exists():
        write_atomically(folder / TAG, SIGNATURE)
    write_atomically(folder / f"{key}{SUFFIX}", MAGIC + digest(key, payload) + payload)
    sweep(folder, time.time() - STALE)
    shrink(folder, LIMIT)


def digest(key: str, payload: bytes) -> bytes:
    """The checksum of an entry; with its key, so that a renamed entry is none."""
    return hashlib.sha256(key.encode() + b"\n" + payload).digest()


def shrink(folder: Path, limit: int) -> int:
    """Lets go of the entries unused longest until all fit into `limit` bytes; how many."""
    kept = sorted(entries(folder), reverse=True)
    gone = total = 0
    for _, size, file in kept:
        total += size
        if total > limit:
            with contextlib.suppress(OSError):  # another run was faster
                file.unlink()
                gone += 1
    return gone


def sweep(folder: Path, before: float) -> None:
    """Removes what a run that was killed left half-written before a time, in seconds."""
    for part in folder.glob(".*.part"):
        with contextlib.suppress(OSError):
            if part.stat().st_mtime < before:
                part.unlink()


def entries(folder: Path) -> Iterator[tuple[int, int, Path]]:
    """Time of last use in ns, bytes and file of each entry."""
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        for item in found:
            if item.name.endswith(SUFFIX):
                with contextlib.suppress(OSError):
                    status = item.stat()
                    yield status.st_mtime_ns, status.st_size, Path(item.path)


def clear(folder: Path) -> int:
    """Removes every entry; how many. Raises OSError as removing does."""
    found = [file for _, _, file in entries(folder)]
    for file in found:
        file.unlink(missing_ok=True)
    sweep(folder, time.time())
    return len(found)


def usage(folder: Path) -> Usage:
    """What the folder holds."""
    sizes = [size for _, size, _ in entries(folder)]
    return Usage(len(sizes), sum(sizes))
