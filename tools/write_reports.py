"""The reports on `seeds/`, one per format, as they stand in `reports/`: `python tools/write_reports.py [FOLDER]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from audit import audit_paths
from audit.commands.outputs import Format, rendered

ROOT = Path(__file__).resolve().parent.parent
ENDINGS = {
    Format.TEXT: "txt",
    Format.HTML: "html",
    Format.MARKDOWN: "md",
    Format.JSON: "json",
    Format.JSONL: "jsonl",
    Format.CSV: "csv",
    Format.SARIF: "sarif",
    Format.JUNIT: "junit.xml",
    Format.GITHUB: "github.txt",
    Format.GITLAB: "gitlab.json",
    Format.RDJSON: "rdjson",
    Format.TAP: "tap",
}


def main() -> int:
    """Writes the reports."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "reports"
    target = target.resolve()
    os.chdir(ROOT)  # so that the reports name the files the same way wherever the project stands
    audit = audit_paths(["seeds"])
    for output_format, ending in ENDINGS.items():
        (target / f"seeds.{ending}").write_bytes(rendered(audit, output_format))
    return 0 if audit.complete else 3


if __name__ == "__main__":
    sys.exit(main())
