"""Annotations for GitHub's log: one command a line. Source: GitHub's workflow commands."""

from __future__ import annotations

from collections.abc import Iterator

from audit.address import printable
from audit.model import Finding
from audit.report.spoken import LEVELS, lacking, sentence
from audit.run import Audit
from audit.standing import State

COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(audit: Audit) -> bytes:
    """The commands as UTF-8."""
    return b"".join(chunks(audit))


def chunks(audit: Audit) -> Iterator[bytes]:
    """The same command by command."""
    for audited in audit.documents:
        for finding in audited.stream():
            yield f"{annotation(finding)}\n".encode()
    for path, words in lacking(audit):
        where = f" file={escaped(path, ':,')}" if path else ""
        yield f"::error{where}::{escaped(words)}\n".encode()


def annotation(finding: Finding) -> str:
    """One finding as a command; columns are told only within one line, as GitHub wants it; what is known is a notice."""
    values: dict[str, object] = {"file": printable(finding.path), "line": finding.line, "endLine": finding.end_line}
    if finding.line == finding.end_line:
        values |= {"col": finding.column, "endColumn": finding.end_column}
    values["title"] = f"{finding.rule} {finding.name}"
    told = ",".join(f"{name}={escaped(str(value), ':,')}" for name, value in values.items())
    level = "notice" if finding.baseline is State.UNCHANGED else COMMANDS[LEVELS[finding.severity]]
    return f"::{level} {told}::{escaped(sentence(finding))}"


def escaped(words: str, more: str = "") -> str:
    """Words that neither end a command nor start one; `more` are characters that part its properties.

    >>> escaped("a%b: 1,5", ":,")
    'a%25b%3A 1%2C5'
    """
    for char in f"%\r\n{more}":
        words = words.replace(char, f"%{ord(char):02X}")
    return words
