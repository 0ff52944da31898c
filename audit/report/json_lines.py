"""JSON Lines: a header, one finding a line, a summary."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from audit.report.records import records
from audit.run import Audit


def render(audit: Audit) -> bytes:
    """The report as UTF-8."""
    return b"".join(chunks(audit))


def chunks(audit: Audit) -> Iterator[bytes]:
    """The same line by line."""
    encoder = msgspec.json.Encoder()
    return (encoder.encode(record) + b"\n" for record in records(audit))
