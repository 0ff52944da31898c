"""The reports on `seeds/`, one per format, as they stand in `reports/`: `python tools/write_reports.py [FOLDER]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from audit import audit_paths
from audit.commands.check import Format, renderer

ROOT = Path(__file__).resolve().parent.parent
ENDINGS = {Format.TEXT: "txt", Format.JSON: "json", Format.JSONL: "jsonl", Format.MARKDOWN: "md", Format.HTML: "html"}


def main() -> int:
    """Writes the reports."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "reports"
    target = target.resolve()
    os.chdir(ROOT)  # so that the reports name the files the same way wherever the project stands
    audit = audit_paths(["seeds"])
    for output_format, ending in ENDINGS.items():
        (target / f"seeds.{ending}").write_bytes(renderer(output_format)(audit))
    return 0 if audit.complete else 3


if __name__ == "__main__":
    sys.exit(main())
