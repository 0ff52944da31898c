"""Speed and peak memory of detection beside ftfy and autocorrect, in one run.

    python tools/bench.py SHARED [--sizes 1,10]

Clean prose is an even mixture of the genres; damaged text is the real source repeated with its lines shuffled. Each
measurement is a process of its own: CPU seconds of the work itself (imports and reading left out), best of nine, small files in three
processes in turn, and the process's peak memory. Detection is all default rules, from bytes to graded batches; findings are made when a report asks.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

TOOLS = ("jiaokan", "ftfy", "autocorrect")
ROUNDS = 9
TURNS = 3  # processes of each tool in turn: a machine may be slow for a while


def clean(shared: Path, size: int) -> bytes:
    """An even mixture of the genres."""
    from corpora import genres, load

    paths = genres(shared / "corpus")
    text = "".join(load(path, size // len(paths) * 3 // 2) for path in paths)
    raw = text.encode("utf-8")
    while len(raw) < size:
        raw += raw
    return raw[:size].decode("utf-8", "ignore").encode("utf-8")


def damaged(shared: Path, size: int) -> bytes:
    """The source over and over, its lines shuffled."""
    lines = next((shared / "seeds").glob("*.txt")).read_bytes().splitlines(keepends=True)
    lines[-1] += b"\n"
    draw = random.Random(7)
    out: list[bytes] = []
    total = 0
    while total < size:
        draw.shuffle(lines)
        out += lines
        total += sum(map(len, lines))
    return b"".join(out)


def work(tool: str) -> Callable[[bytes], object]:
    """The work of one tool on bytes."""
    if tool == "jiaokan":
        from audit import audit_text

        audit_text("热身".encode())
        return audit_text
    if tool == "ftfy":
        import ftfy

        return lambda raw: ftfy.fix_text(raw.decode("utf-8"))
    import autocorrect_py

    # line by line: on a whole megabyte its parser ends with "call limit reached"
    return lambda raw: [autocorrect_py.format(line) for line in raw.decode("utf-8").split("\n")]


def measure(tool: str, file: str) -> None:
    """Prints the figures of one tool on one file."""
    raw = Path(file).read_bytes()
    act = work(tool)
    best = float("inf")
    for _ in range(ROUNDS if len(raw) < 5e6 or tool == "jiaokan" else 1):
        began = time.process_time()
        act(raw)
        best = min(best, time.process_time() - began)
    status = Path("/proc/self/status")  # ru_maxrss would count what the parent held before
    peak = int(re.search(rb"VmHWM:\s+(\d+)", status.read_bytes())[1]) / 1024 if status.exists() else 0
    print(json.dumps({"seconds": best, "speed": len(raw) / 1e6 / best, "peak": peak}))


def main() -> int:
    """Prints the table."""
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], sys.argv[3])
        return 0
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--sizes", default="1,10", help="megabytes, by comma")
    args = parser.parse_args()
    print(f"{'text':<16}{'tool':<13}{'CPU s':>8}{'MB/s':>8}{'peak MB':>9}{'times ftfy':>12}")
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in (("clean", clean), ("damaged", damaged)):
            for size in map(float, args.sizes.split(",")):
                file = Path(folder, f"{kind}-{size:g}.txt")
                file.write_bytes(make(args.shared, int(size * 1e6)))
                rows: dict[str, dict[str, float]] = {}
                for tool in TOOLS * (TURNS if size < 5 else 1):
                    done = subprocess.run(
                        [sys.executable, __file__, "--measure", tool, str(file)], stdout=subprocess.PIPE, check=True
                    )
                    row = json.loads(done.stdout)
                    if tool not in rows or row["seconds"] < rows[tool]["seconds"]:
                        rows[tool] = row
                for tool, row in rows.items():
                    ratio = row["speed"] / rows["ftfy"]["speed"]
                    print(
                        f"{kind + f' {size:g} MB':<16}{tool:<13}{row['seconds']:>8.2f}{row['speed']:>8.1f}"
                        f"{row['peak']:>9.0f}{ratio:>11.1f}x",
                        flush=True,
                    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
