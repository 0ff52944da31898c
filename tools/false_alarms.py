"""False alarms per 100,000 characters of clean prose, per genre and rule.

    python tools/false_alarms.py SHARED [--megabytes N] [--chunk LINES] [--genres a,b] [--show RULE] [--examples N]

Every genre is audited as one document, and again in documents of 200 lines.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpora import chunks, genres, load, name_of

from audit import audit_text
from audit.config import Config
from audit.model import Finding, Severity


def findings(text: str, lines: int, config: Config) -> list[Finding]:
    """What is found in a text, as one document or in pieces."""
    parts = chunks(text, lines) if lines else [text]
    found: list[Finding] = []
    for part in parts:
        audit = audit_text(part, config=config)
        for failure in audit.failures:
            sys.stderr.write(f"{failure.rule} failed: {failure.reason}\n")
        found += audit.findings
    return found


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--megabytes", type=float, default=2.0, help="at most so much of each genre")
    parser.add_argument("--chunk", type=int, nargs="*", default=[0, 200], help="lines a document; 0: one document")
    parser.add_argument("--genres", default="")
    parser.add_argument("--select", default="")
    parser.add_argument("--show", default="", help="print the findings of rules whose code begins so")
    parser.add_argument("--examples", type=int, default=10)
    args = parser.parse_args()
    wanted = set(filter(None, args.genres.split(",")))
    config = Config(select=tuple(filter(None, args.select.split(","))))
    print(f"{'genre':<24}{'lines':>6}{'chars':>11}{'major+':>8}{'minor+':>8}  per 100,000 characters; rules")
    totals: Counter[str] = Counter()
    for path in genres(args.shared / "corpus"):
        if wanted and name_of(path) not in wanted:
            continue
        text = load(path, int(args.megabytes * 1_000_000))
        for lines in args.chunk:
            found = findings(text, lines, config)
            loud = [one for one in found if one.severity > Severity.INFO]
            major = sum(one.severity >= Severity.MAJOR for one in loud)
            rules = Counter(one.rule for one in loud)
            per = 100_000 / max(len(text), 1)
            print(
                f"{name_of(path):<24}{lines or 'all':>6}{len(text):>11,}{major * per:>8.2f}{len(loud) * per:>8.2f}  "
                + " ".join(f"{rule}:{count}" for rule, count in rules.most_common(12)),
                flush=True,
            )
            totals["chars"] += len(text)
            totals["major"] += major
            totals["loud"] += len(loud)
            if args.show:
                shown = [one for one in found if one.rule.startswith(args.show)][: args.examples]
                for one in shown:
                    print(
                        f"      {one.rule} {one.line}:{one.column} {one.severity.label} {one.confidence} {one.message}"
                    )
    per = 100_000 / max(totals["chars"], 1)
    print(f"{'all':<24}{'':>6}{totals['chars']:>11,}{totals['major'] * per:>8.2f}{totals['loud'] * per:>8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
