"""Damage a clean text as sites of its kind do, and write the gold labels beside it.

    python tools/damage CLEAN.txt --seed N --output DIR [--only STEP,STEP]

Writes DIR/NAME.txt and DIR/gold/NAME.tsv. What is known of the text (foreign and duplicate entries, names to mask, the
site's set of glossed characters) stands beside it in CLEAN.toml. Same text, same facts, same seed: same bytes.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

from chain import STEPS, damaged
from collection import facts
from labels import gold


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("clean", type=Path)
    parser.add_argument("--seed", type=int, help="default: the one in the facts beside the text")
    parser.add_argument("--output", type=Path, default=Path("seeds"))
    parser.add_argument("--only", default=",".join(STEPS), help=f"steps by comma, of {', '.join(STEPS)}")
    args = parser.parse_args()
    known = facts(args.clean)
    steps = args.only.split(",")
    if unknown := set(steps) - set(STEPS):
        parser.error(f"unknown steps: {', '.join(sorted(unknown))}")
    text = args.clean.read_bytes().decode("utf-8")
    page = damaged(text, known, random.Random(known.seed if args.seed is None else args.seed), steps)
    (args.output / "gold").mkdir(parents=True, exist_ok=True)
    (args.output / args.clean.name).write_bytes(page.text.encode("utf-8"))
    (args.output / "gold" / f"{args.clean.stem}.tsv").write_bytes(gold(page).encode("utf-8"))
    print(f"{args.output / args.clean.name}: {len(page.text)} characters, {len(page.labels)} labels")
    return 0


if __name__ == "__main__":
    sys.exit(main())
