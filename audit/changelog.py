"""The record of a fix: JSON Lines from which the original bytes come back, and a page to read.

The log of `page.txt` is `page.txt.changes.jsonl`, its page `page.txt.changes.txt`. Each fix of the same file adds a
session: one line with the digests of the file before and after, then one line a change. What was fixed by way of a link has its
log beside the file itself, where any other of its names finds it.
"""

from __future__ import annotations

import base64
import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from audit.address import printable
from audit.atomic import alone_in, write_atomically
from audit.errors import AuditError
from audit.fix import Change, digest
from audit.model import Safety
from audit.reading.collect import LOG, PAGE
from audit.words import label, say

VERSION = 1


@dataclass(frozen=True, slots=True)
class Session:
    """One fix of a file."""

    before: str
    after: str
    changes: tuple[Change, ...]


def log_path(path: Path) -> Path:
    """Where the log of a file stands, be it named by a link or not."""
    real = Path(os.path.realpath(path))
    return real.with_name(real.name + LOG)


def page_path(path: Path) -> Path:
    """Where the page to read stands."""
    return log_path(path).with_name(log_path(path).name.removesuffix(LOG) + PAGE)


def record(change: Change) -> dict[str, Any]:
    """A change as a line of the log."""
    return {
        "record": "change",
        "round": change.round,
        "rule": change.rule,
        "name": change.name,
        "line": change.line,
        "column": change.column,
        "byte_start": change.byte_start,
        "before": base64.b64encode(change.before).decode("ascii"),
        "after": base64.b64encode(change.after).decode("ascii"),
        "text_before": printable(change.text_before),
        "text_after": printable(change.text_after),
        "safety": change.safety.value,
        "confidence": change.confidence,
    }


def read_log(file: Path) -> list[Session]:
    """The sessions of a log; raises AuditError for a log that cannot be read or is damaged."""
    heads: list[tuple[str, str]] = []
    changes: list[list[Change]] = []
    try:
        lines = [msgspec.json.decode(line) for line in file.read_bytes().split(b"\n") if line]
        for line in lines:
            if line["record"] == "fix":
                check_version(file, line["version"])
                heads.append((line["before"], line["after"]))
                changes.append([])
            else:
                changes[-1].append(change_of(line))
    except (OSError, msgspec.DecodeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise AuditError("{file}: the log cannot be read ({error})", file=file, error=error) from error
    return [Session(*head, tuple(made)) for head, made in zip(heads, changes, strict=True)]


def check_version(file: Path, version: object) -> None:
    """AuditError for the log of another version, which this one might take for something else."""
    if version != VERSION:
        raise AuditError(
            "{file}: the log is of version {version}, this program knows {known}; the file was left as it is",
            file=file,
            version=version,
            known=VERSION,
        )


def change_of(line: dict[str, Any]) -> Change:
    """A line of the log as a change."""
    return Change(
        line["round"],
        line["rule"],
        line["name"],
        line["line"],
        line["column"],
        line["byte_start"],
        base64.b64decode(line["before"]),
        base64.b64decode(line["after"]),
        line["text_before"],
        line["text_after"],
        Safety(line["safety"]),
        line["confidence"],
    )


@contextlib.contextmanager
def recorded(path: Path, original: bytes, fixed: bytes, changes: Sequence[Change]) -> Iterator[None]:
    """Adds a session to the log of `path` and writes the page, before the file itself is written in the body.

    Where that fails, both are as they were. A run that dies between leaves a session that `undo` passes over. Of two runs at the
    same file one waits, so that neither takes the other's session away.
    """
    with alone_in(log_path(path).parent), _recorded(path, original, fixed, changes):
        yield


@contextlib.contextmanager
def _recorded(path: Path, original: bytes, fixed: bytes, changes: Sequence[Change]) -> Iterator[None]:
    file, page = log_path(path), page_path(path)
    name = file.name.removesuffix(LOG)
    if file.is_symlink():
        raise AuditError("{file}: the log is a link; nothing was changed", file=file)
    if file.exists():
        read_log(file)  # a log that cannot be read could not be undone
    before = {one: one.read_bytes() if one.is_file() else None for one in (file, page)}
    session = [head(name, digest(original), digest(fixed)), *map(record, changes)]
    words = "\n".join(readable(name, changes)) + "\n"
    try:
        write_atomically(file, (before[file] or b"") + lines_of(session), follow=False)
        write_atomically(page, words.encode("utf-8"), follow=False)
        yield
    except BaseException:
        for one, old in before.items():
            with contextlib.suppress(OSError):
                one.unlink(missing_ok=True) if old is None else write_atomically(one, old, follow=False)
        raise


def head(name: str, before: str, after: str) -> dict[str, Any]:
    """The line of the log that opens a session."""
    return {"record": "fix", "version": VERSION, "file": printable(name), "before": before, "after": after}


def lines_of(records: Sequence[dict[str, Any]]) -> bytes:
    """JSON Lines."""
    return b"".join(msgspec.json.encode(one) + b"\n" for one in records)


def readable(name: str, changes: Sequence[Change]) -> Iterator[str]:
    """The page: what was changed, rule by rule, then place by place."""
    yield say("{name}: {count:,} changes", name=printable(name), count=len(changes))
    counts: dict[str, int] = {}
    for change in changes:
        rule, safety = f"{change.rule} {change.name}", label("safety", change.safety.value)
        key = say("{what} ({reason})", what=rule, reason=safety)
        counts[key] = counts.get(key, 0) + 1
    for key, count in sorted(counts.items()):
        yield f"  {count:>6}  {key}"
    yield ""
    for change in changes:
        after = printable(change.text_after).replace("\n", "<U+000A>") or say("(deleted)")
        before = printable(change.text_before).replace("\n", "<U+000A>")
        yield f"{change.line}:{change.column} {change.rule} {before} → {after}"


def check_writable(path: Path) -> None:
    """AuditError for a file that nobody, or not this user, may write to, and for one in such a folder."""
    writers = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    if not path.stat().st_mode & writers or not os.access(path, os.W_OK):
        raise AuditError("{path}: the file is read-only and was left as it is", path=path)
    folder = log_path(path).parent
    if not os.access(folder, os.W_OK):
        raise AuditError(
            "{path}: the folder {folder} is read-only, so nothing can take the file's place; it was left as it is",
            path=path,
            folder=folder,
        )


def check_still(path: Path, seen: os.stat_result, error: AuditError) -> None:
    """Raises the error where a file is no longer the one that was read."""
    now = path.stat()
    if (seen.st_ino, seen.st_size, seen.st_mtime_ns) != (now.st_ino, now.st_size, now.st_mtime_ns):
        raise error
