"""Characters of clean prose that the safe repairs would change; there must be none.

    python tools/clean_fixes.py SHARED [--megabytes N] [--chunk LINES...] [--genres a,b] [--show N]

Every genre is fixed in memory as one document, and again in documents of 200 lines. Only rules with safe repairs run.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpora import chunks, genres, load, name_of

from audit.config import Config
from audit.fix import Change, Wanted, fix_bytes
from audit.model import Safety
from audit.registry import load_rules


def safe_rules() -> Config:
    """Settings that select the rules with safe repairs."""
    return Config(select=tuple(rule.code for rule in load_rules()[0] if rule.repair is Safety.SAFE))


def changes(text: str, lines: int, config: Config) -> list[Change]:
    """What `fix` would do to a text, as one document or in pieces."""
    parts = chunks(text, lines) if lines else [text]
    return [change for part in parts for change in fix_bytes("clean.txt", part.encode(), Wanted(), config).changes]


def main() -> int:
    """Prints a line a genre; ends with 1 if anything would be changed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("shared", type=Path)
    parser.add_argument("--megabytes", type=float, default=2.0, help="at most so much of each genre")
    parser.add_argument("--chunk", type=int, nargs="*", default=[0, 200], help="lines a document; 0: one document")
    parser.add_argument("--genres", default="")
    parser.add_argument("--show", type=int, default=10, help="changes shown a genre")
    args = parser.parse_args()
    wanted = set(filter(None, args.genres.split(",")))
    config = safe_rules()
    size = total = 0
    for path in genres(args.shared / "corpus"):
        if wanted and name_of(path) not in wanted:
            continue
        text = load(path, int(args.megabytes * 1_000_000))
        size += len(text.encode())
        for lines in args.chunk:
            made = changes(text, lines, config)
            changed = sum(max(len(change.text_before), len(change.text_after)) for change in made)
            total += changed
            rules = " ".join(f"{rule}:{n}" for rule, n in Counter(change.rule for change in made).most_common())
            print(
                f"{name_of(path):<24}{lines or 'all':>6}{len(text):>11,} characters{changed:>8} changed  {rules}",
                flush=True,
            )
            for change in made[: args.show]:
                print(
                    f"      {change.rule} {change.line}:{change.column} {change.text_before!r} -> {change.text_after!r}"
                )
    print(f"{size / 1e6:.1f} MB of clean text, {total} characters changed")
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main())
