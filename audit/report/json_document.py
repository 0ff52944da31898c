"""One JSON document with the records of the JSON Lines report."""

from __future__ import annotations

import msgspec

from audit.report.records import finding, header, summary
from audit.run import Audit


def render(audit: Audit) -> bytes:
    """The report as indented UTF-8."""
    report = {
        "header": header(audit),
        "findings": [finding(found) for audited in audit.documents for found in audited.all_findings],
        "summary": summary(audit),
    }
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"
