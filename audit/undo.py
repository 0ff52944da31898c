"""The way back from a fix: the bytes that a file had before, as its log tells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from audit.atomic import alone_in, write_atomically
from audit.changelog import (
    Session,
    check_still,
    check_writable,
    head,
    lines_of,
    log_path,
    page_path,
    read_log,
    readable,
    record,
)
from audit.errors import AuditError
from audit.fix import digest, revert


def undo(path: Path) -> int:
    """Gives a file back the bytes it had before its last fix that still stands; returns the number of changes undone.

    Raises AuditError where there is no log, or where the file is not what the fix left.
    """
    with alone_in(log_path(path).parent):
        return _undo(path)


def _undo(path: Path) -> int:
    file = log_path(path)
    if not file.exists():
        raise AuditError("{path}: there is no log {log} beside it, so nothing can be undone", path=path, log=file.name)
    check_writable(path)
    sessions = read_log(file)
    seen = path.stat()
    raw = path.read_bytes()
    now = digest(raw)
    while sessions and sessions[-1].before == now:  # a fix that never reached the file
        sessions.pop()
    if not sessions:
        forget(path)
        raise AuditError("{path}: the file already is what it was before the fix", path=path)
    last = sessions.pop()
    edited = AuditError("{path}: the file was changed after the fix; undoing it would lose that", path=path)
    if last.after != now:
        raise edited
    original = revert(raw, last.changes)
    if digest(original) != last.before:
        raise AuditError("{path}: the log {log} is damaged; the file was left as it is", path=path, log=file.name)
    write_atomically(path, original, still=lambda: check_still(path, seen, edited))
    if sessions:
        keep_sessions(file, sessions, path)
    else:
        forget(path)
    return len(last.changes)


def keep_sessions(file: Path, sessions: Sequence[Session], path: Path) -> None:
    """Writes the log with only these sessions, and the page of the last."""
    records: list[dict[str, Any]] = []
    for session in sessions:
        records += [head(path.name, session.before, session.after), *map(record, session.changes)]
    write_atomically(file, lines_of(records))
    words = "\n".join(readable(path.name, sessions[-1].changes)) + "\n"
    write_atomically(page_path(path), words.encode("utf-8"), follow=False)


def forget(path: Path) -> None:
    """Removes the log and its page."""
    log_path(path).unlink(missing_ok=True)
    page_path(path).unlink(missing_ok=True)
