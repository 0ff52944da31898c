"""Build the tables of scripts, lists and confusable characters and write them beside the package.

    build_tables.py CORPUS [--out FOLDER] [--held-out]

CORPUS holds `*.txt` and `*.txt.xz`, one sentence or paragraph a line. OpenCC's dictionaries say which characters simplification
merged, the corpus which form a context takes; `shapes.txt`, `glyphs.txt`, `pypinyin` and `jieba`'s word list give the confusable pairs. Same input,
same tables. With `--held-out` every second line is left out, so that false alarms can be counted on it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import confusable_tables
import corpora
import numpy as np
import script_tables

from audit.language import script

CLASSICAL = "classical_mixed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, default=script.TABLES)
    parser.add_argument("--held-out", action="store_true")
    args = parser.parse_args()
    step = 2 if args.held_out else 1
    texts = {corpora.name_of(path): corpora.load(path) for path in corpora.genres(args.corpus)}
    texts = {name: "\n".join(text.split("\n")[::step]) for name, text in texts.items()}
    classical = texts.pop(CLASSICAL, "")
    tables = script_tables.build(texts, classical)
    tables |= confusable_tables.build(texts, tables["script_fold"])
    for name, table in tables.items():
        np.save(args.out / f"{name}.npy", table)
        print(f"{name:<20}{table.nbytes:>10} bytes")


if __name__ == "__main__":
    main()
