"""One JSON document with the records of the JSON Lines report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from audit.report.records import finding, header, summary
from audit.run import Audit


def render(audit: Audit) -> bytes:
    """The report as indented UTF-8."""
    return b"".join(chunks(audit))


def chunks(audit: Audit) -> Iterator[bytes]:
    """The same finding by finding."""
    yield b'{\n "header": ' + indented(header(audit), 1) + b',\n "findings": '
    yield from listed((finding(one) for audited in audit.documents for one in audited.stream(accepted=True)), 2)
    yield b',\n "summary": ' + indented(summary(audit), 1) + b"\n}\n"


def listed(values: Iterable[Any], depth: int) -> Iterator[bytes]:
    """A list whose values stand so deep in a document, value by value."""
    parting, end = b"[\n" + b" " * depth, b"[]"
    for value in values:
        yield parting + indented(value, depth)
        parting, end = b",\n" + b" " * depth, b"\n" + b" " * (depth - 1) + b"]"
    yield end


def indented(value: Any, depth: int) -> bytes:
    """A value as it stands so deep in a document; no text in it holds a line break as it is."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1).replace(b"\n", b"\n" + b" " * depth)
