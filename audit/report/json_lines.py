"""JSON Lines: a header, one finding a line, a summary."""

from __future__ import annotations

import msgspec

from audit.report.records import records
from audit.run import Audit


def render(audit: Audit) -> bytes:
    """The report as UTF-8."""
    encoder = msgspec.json.Encoder()
    return b"".join(encoder.encode(record) + b"\n" for record in records(audit))
