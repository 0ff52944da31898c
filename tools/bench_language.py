"""How fast `audit.language.surprise` tells the surprise of each character: MB of UTF-8 a CPU second, per genre, best of several.

    python tools/bench_language.py FOLDER [--size CHARACTERS] [--rounds N]

*pairs*: what every check runs. *triples*: the deep look at what was suspected. *own*: pairs, with the collection's own counts
mixed in. With `JIAOKAN_NATIVE=0` numpy does the work. `tools/train_language.py --heldout` prints the perplexity.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from corpora import genres, load, name_of

from audit.language import adapt, surprise
from audit.native import kernels


def speeds(text: str, rounds: int) -> list[float]:
    """Megabytes a second of the three ways; they take turns, so that a slow phase of the machine meets all."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    size = len(text.encode("utf-8"))
    counts = adapt([codes])
    ways: tuple[Callable[[], object], ...] = (
        lambda: surprise(codes),
        lambda: surprise(codes, deep=True),
        lambda: surprise(codes, counts),
    )
    best = [float("inf")] * len(ways)
    for _ in range(rounds):
        for number, way in enumerate(ways):
            begun = time.process_time()
            way()
            best[number] = min(best[number], time.process_time() - begun)
    return [size / one / 1e6 for one in best]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=1_000_000, help="characters of each genre")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    surprise(np.zeros(1, dtype=np.uint32))  # maps the tables
    print(f"{'surprise, ' + ('kernels' if kernels else 'numpy'):<24}{'pairs':>8}{'triples':>9}{'own':>8}   MB/s")
    for path in genres(args.folder):
        pairs, triples, own = speeds(load(path)[: args.size], args.rounds)
        print(f"{name_of(path):<24}{pairs:>8.0f}{triples:>9.0f}{own:>8.0f}", flush=True)


if __name__ == "__main__":
    main()
