"""One JSON document with the records of the JSON Lines report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from audit.report.records import finding, header, summary
from audit.run import Audit


def render(audit: Audit) -> bytes:
    """The report as indented UTF-8."""
    return b"".join(chunks(audit))


def chunks(audit: Audit) -> Iterator[bytes]:
    """The same finding by finding."""
    yield b'{\n "header": ' + indented(header(audit), 1) + b',\n "findings": ['
    parting, end = b"\n  ", b"]"
    for audited in audit.documents:
        for found in audited.stream(accepted=True):
            yield parting + indented(finding(found), 2)
            parting, end = b",\n  ", b"\n ]"
    yield end + b',\n "summary": ' + indented(summary(audit), 1) + b"\n}\n"


def indented(value: Any, depth: int) -> bytes:
    """A value as it stands so deep in a document; no text in it holds a line break as it is."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1).replace(b"\n", b"\n" + b" " * depth)
