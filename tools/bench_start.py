"""What a start costs: CPU seconds of the console script, best of several, beside `import numpy` in the same run.

    python tools/bench_start.py SHARED [--rounds 5]

Ten kB are the head of the real source, heavily damaged; twenty files are its pieces; a thousand files of 3 kB are clean prose.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from corpora import genres, load

SCRIPT = str(Path(sys.executable).parent / "jiaokan")


def spent(words: list[str], cache: Path) -> float:
    """CPU seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environ = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, env=environ)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def pieces(raw: bytes, size: int) -> list[bytes]:
    """Whole lines in files of about `size` bytes."""
    found, current = [], b""
    for line in raw.split(b"\n"):
        current += line + b"\n"
        if len(current) >= size:
            found.append(current)
            current = b""
    return found


def lay_out(shared: Path, folder: Path) -> None:
    """The texts to check."""
    raw = next((shared / "seeds").glob("*.txt")).read_bytes()
    folder.joinpath("ten.txt").write_bytes(raw[:10_000])
    folder.joinpath("twenty").mkdir()
    for number, piece in enumerate(islice(pieces(raw * 3, 9_000), 20)):
        folder.joinpath("twenty", f"{number}.txt").write_bytes(piece)
    folder.joinpath("thousand").mkdir()
    texts = (text for path in genres(shared / "corpus") for text in pieces(load(path, 400_000).encode(), 3_000))
    for number, text in enumerate(islice(texts, 1_000)):
        folder.joinpath("thousand", f"{number}.txt").write_bytes(text)


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(args.shared, folder)
        ten, twenty, thousand = (str(folder / part) for part in ("ten.txt", "twenty", "thousand"))
        unit = min(spent([sys.executable, "-c", "import numpy"], folder) for _ in range(args.rounds))
        print(f"{'':<36}{'CPU s':>8}{'times import numpy':>20}")
        for label, rounds, words in (
            ("import numpy", 0, []),
            ("jiaokan --help", args.rounds, ["--help"]),
            ("10 kB", args.rounds, ["check", ten, "--no-cache"]),
            ("10 kB, known", args.rounds, ["check", ten]),
            ("20 files of 10 kB", 3, ["check", twenty, "--no-cache"]),
            ("1,000 files of 3 kB", 1, ["check", thousand, "--no-cache"]),
            ("1,000 files of 3 kB, known", args.rounds, ["check", thousand]),
        ):
            if "known" in label:
                spent([SCRIPT, *words], folder)  # the first run is the one that is kept
            seconds = min((spent([SCRIPT, *words], folder) for _ in range(rounds)), default=unit)
            print(f"{label:<36}{seconds:>8.2f}{seconds / unit:>20.1f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
