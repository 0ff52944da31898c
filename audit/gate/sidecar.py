"""The file of what was accepted in texts that have no comments, by fingerprint, with a reason and the last day it holds.

    [[suppress]]
    fingerprint = "37672b50befab46b"
    rule = "PLC001"              # if given, only findings of these rules
    path = "reports/2019.txt"    # if given, only there; a pattern as in .gitignore
    reason = "the ministry masked the year itself"
    until = 2027-01-31

A fingerprint is of the passage, of what stands before it and of what stands behind it; the passage and one of the two must
still be the same. Each entry accepts as many findings as its `count` says, one by default.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from audit.config import refuse_unknown, wrong_type
from audit.errors import AuditError
from audit.language.patterns import regex
from audit.words import cause

FINGERPRINT = regex(r"([0-9a-f]{16})(?:-[0-9]+)?")
HEAD = "[[suppress]]"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One acceptance."""

    fingerprint: str
    reason: str
    rule: str = ""
    path: str = ""
    until: dt.date | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The acceptances of a file, the lines where they stand, and the day on which they are asked."""

    name: str
    root: str
    entries: tuple[Entry, ...]
    lines: tuple[int, ...]
    today: dt.date

    def expired(self, number: int) -> bool:
        """Whether the last day of an entry has gone by."""
        until = self.entries[number].until
        return until is not None and until < self.today


def load(file: Path, name: str, today: dt.date) -> Sidecar:
    """The sidecar file; AuditError naming file and place where it cannot be read or an entry makes no sense."""
    try:
        text = file.read_bytes().decode("utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = str(error) if isinstance(error, ValueError) else cause(error)
        raise AuditError("{path}: the suppressions cannot be read: {reason}", path=name, reason=reason) from error
    for key in table:
        if key != "suppress":
            raise AuditError("{path}: unknown table {key!r}; it holds [[suppress]] alone", path=name, key=key)
    listed = table.get("suppress", [])
    if not isinstance(listed, list):
        raise AuditError("{path}: write each entry under [[suppress]]", path=name)
    places = [number for number, line in enumerate(text.split("\n"), 1) if "".join(line.split()).startswith(HEAD)]
    places += [1] * (len(listed) - len(places))  # entries written in another form
    entries = [entry(one, f"{name}:{line}") for one, line in zip(listed, places, strict=False)]
    return Sidecar(name, str(file.resolve().parent), tuple(entries), tuple(places), today)


def entry(table: Any, origin: str) -> Entry:
    """One entry of the file."""
    if isinstance(table, dict):
        refuse_unknown(table, Entry, origin)
    try:
        made = msgspec.convert(table, Entry)
    except msgspec.ValidationError as error:
        shown = wrong_type(table, str(error)) if isinstance(table, dict) else error
        raise AuditError("{origin}: {error}", origin=origin, error=shown) from error
    if not FINGERPRINT.fullmatch(made.fingerprint):
        raise AuditError(
            "{origin}: fingerprint = {value!r}; it has 16 hexadecimal digits, as the reports give it",
            origin=origin,
            value=made.fingerprint,
        )
    if not made.reason.strip():
        raise AuditError("{origin}: reason is empty; say why the finding is accepted", origin=origin)
    if made.count < 1:
        raise AuditError("{origin}: {name} = {value}; it is 1 or more", origin=origin, name="count", value=made.count)
    return made


def today() -> dt.date:
    """The day where the program runs."""
    return dt.datetime.now(tz=dt.UTC).astimezone().date()
