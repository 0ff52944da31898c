"""Precision and recall per kind on the hand-labelled lines of the real source.

python tools/score.py SHARED [further options of score.py]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Audits the source and hands the findings to the scorer."""
    shared = Path(sys.argv[1])
    source = next((shared / "seeds").glob("*.txt"))
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "findings.jsonl")
        audit = [Path(sys.executable).parent / "jiaokan", "check", source, "--format", "jsonl", "--output", report]
        if subprocess.run(audit, check=False).returncode not in (0, 1):
            return 2
        gold = shared / "gold" / "source-lines-1-166.tsv"
        scorer = [sys.executable, shared / "eval" / "score.py", gold, report, "--lines", "1-166", *sys.argv[2:]]
        return subprocess.run(scorer, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
