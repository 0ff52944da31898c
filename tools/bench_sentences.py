"""Whole sentences whose UTF-8 was read as GBK, of which at most one character in ten lost bytes, and what is offered for them.

    python tools/bench_sentences.py FOLDER [--sentences N] [--seed N]

*first*, *first 3*: the sentence is the first, or among the first three proposals. *harm*: sentences further from the truth
after the safe repairs.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench_restore import CLASSES, check, mended, sentences
from rapidfuzz.distance import Levenshtein

from audit.model import Text
from audit.restore.codecs import Channel, Loss, misread
from audit.restore.mojibake import find

SENTENCE = re.compile(r"[^。！？\n]{8,60}[。！？]")
LOSSES = 4  # the first classes of the table are its kinds of loss


def whole_sentences(folder: Path, count: int, seed: int) -> None:
    """The table of whole sentences read as GBK, of which at most one character in ten lost bytes."""
    texts = sentences(folder, seed)
    every = [found for lines in texts.values() for line in lines for found in SENTENCE.findall(line) if prose(found)]
    random.Random(seed).shuffle(every)
    print(f"\n{'whole sentences, at most one hole in ten characters':53}{'first':>7} {'first 3':>7} {'harm':>6}")
    for name, damage, _, _ in CLASSES[:LOSSES]:
        loss = Loss.PAIR_MARK if "Windows" in name else Loss.MARK
        seen = first = three = harm = 0
        for line in every:
            if seen == count:
                break
            holes = misread(line, Channel("utf-8", "gbk"), loss).count("\ufffd")
            if not 0 < holes * 10 <= len(line):
                continue
            seen += 1
            body = damage(line)
            found = find(Text(body))
            given = [
                body[: one.start] + proposal.text + body[one.end :] for one in found[:1] for proposal in one.proposals
            ]
            first += given[:1] == [line]
            three += line in given
            harm += Levenshtein.distance(
                mended(body, [hit for _, hit in check(Text(body))]), line
            ) > Levenshtein.distance(body, line)
        print(
            f"{name:44}{seen:>8} {100 * first / max(seen, 1):6.1f}% {100 * three / max(seen, 1):6.1f}% {harm:6}",
            flush=True,
        )


def prose(line: str) -> bool:
    """Whether most of it is Han."""
    return sum("\u4e00" <= char <= "\u9fff" for char in line) * 10 >= len(line) * 7


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sentences", type=int, default=200, help="of each kind of loss")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    whole_sentences(args.folder, args.sentences, args.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
