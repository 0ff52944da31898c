"""How a scan grows: entries a second, memory of the largest process, disk, by number of entries and workers.

    python tools/bench_scan.py SHARED --entries 1000 10000 100000 --workers 1 2 [--damaged 0.3] [--engine ray]

Entries of about 700 characters: sentences of one genre of the corpus by lot, three in ten damaged (masked years, readings in brackets,
stray marks, half-width marks, a stretch of UTF-8 read as GBK), one in twenty a repeat of an earlier one, one in twenty an edited one.
They are written as ten shards of JSON Lines and scanned with all rules. Wall time says little on a machine that does other work:
CPU seconds stand beside it. `map s` is the wall time of the audit of entries, `alone s` the CPU time of the phases in which one process works and the others wait,
`busy` the share of the workers' wall time in which some process worked. Numbers of workers may be given several times (`--workers 1 2 1 2`): the
last line tells how much faster two are than one, by the best of each.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpora import genres, load

ALONE = ("tables", "summary")  # phases of one process
SHARDS = 10
LENGTH = 700
RECENT = 5_000  # entries that a repeat is drawn from
SENTENCE = re.compile(r"[^。！？\n]{6,120}[。！？]")
YEAR = re.compile(r"\d{4}年")


def sentences(shared: Path) -> list[list[str]]:
    """The sentences of each genre."""
    return [SENTENCE.findall(load(path, 6_000_000)) for path in genres(shared / "corpus")]


def damaged(text: str, draw: random.Random) -> str:
    """A text with one kind of damage in two or three places."""
    kind = draw.randrange(5)
    if kind == 0:
        return YEAR.sub("20xx年", text) if YEAR.search(text) else text.replace("。", "，20xx年度。", 2)
    if kind == 1:
        return text.replace("人", "人(rén)").replace("大", "大(dà)").replace("中", "中(zhōng)")
    if kind == 2:
        return text.replace("的", "的.", 3)
    if kind == 3:
        return text.replace("，", ",", 5)
    at = draw.randrange(max(len(text) - 40, 1))
    return text[:at] + text[at : at + 16].encode().decode("gb18030", "replace") + text[at + 16 :]


def entries(shared: Path, count: int, share: float) -> Iterator[str]:
    """The texts, of which such a share is damaged."""
    draw = random.Random(17)
    known = sentences(shared)
    recent: list[str] = []
    for _ in range(count):
        chance = draw.random()
        if chance < 0.05 and recent:
            text = draw.choice(recent)
        elif chance < 0.1 and recent:
            text = "".join("" if draw.random() < 0.02 else char for char in draw.choice(recent))
        else:
            pool, parts, size = draw.choice(known), list[str](), 0
            while size < LENGTH:
                parts.append(draw.choice(pool))
                size += len(parts[-1])
            text = "".join(part + ("\n" if draw.random() < 0.2 else "") for part in parts)
            text = damaged(text, draw) if chance > 1 - share else text
        recent.append(text)
        if len(recent) > RECENT:
            recent = recent[RECENT // 2 :]
        yield text


def write(shared: Path, folder: Path, count: int, share: float) -> int:
    """Writes the shards; gives their size in bytes."""
    folder.mkdir()
    shards = [(folder / f"{number:02}.jsonl").open("wb") for number in range(SHARDS)]
    size = 0
    for number, text in enumerate(entries(shared, count, share)):
        line = json.dumps({"id": number, "text": text}, ensure_ascii=False).encode() + b"\n"
        size += len(line)
        shards[number * SHARDS // count].write(line)
    for shard in shards:
        shard.close()
    return size


class Watch(threading.Thread):
    """The largest memory of any process of a session, and the largest size of a folder."""

    def __init__(self, session: int, folder: Path) -> None:
        super().__init__(daemon=True)
        self.session, self.folder = session, folder
        self.memory = self.disk = 0.0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.5):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    if os.getsid(int(process.name)) == self.session:
                        found = re.search(rb"VmHWM:\s+(\d+)", (process / "status").read_bytes())
                        self.memory = max(self.memory, int(found[1]) / 1024 if found else 0)
                except (OSError, ProcessLookupError):
                    continue
            total = 0
            for base, _, names in os.walk(self.folder):
                for name in names:
                    try:
                        total += Path(base, name).stat().st_size
                    except OSError:
                        continue
            self.disk = max(self.disk, total / 1e6)


def measure(shards: Path, output: Path, workers: int, engine: str) -> tuple[float, float, Watch]:
    """Scans; gives wall and CPU seconds, and what was watched."""
    script = Path(sys.executable).with_name("jiaokan")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    command = [script, "scan", shards, "-o", output, "-q", "--engine", engine, "--workers", str(workers)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    watch = Watch(process.pid, output)
    watch.start()
    process.wait()
    watch.ended.set()
    if process.returncode not in (0, 1):
        sys.exit(f"the scan ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, watch


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--entries", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--damaged", type=float, default=0.3)
    parser.add_argument("--engine", default="local")
    args = parser.parse_args()
    names = (
        "entries",
        "workers",
        "MB",
        "wall s",
        "CPU s",
        "entries/s",
        "MB/CPU s",
        "peak MB",
        "disk MB",
        "pairs",
        "map s",
        "alone s",
        "busy",
    )
    print("".join(f"{name:>10}" for name in names))
    for count in args.entries:
        with tempfile.TemporaryDirectory() as folder:
            size = write(args.shared, Path(folder, "shards"), count, args.damaged) / 1e6
            best: dict[int, float] = {}
            for turn, workers in enumerate(args.workers):
                output = Path(folder, f"out-{turn}")
                wall, cpu, watch = measure(Path(folder, "shards"), output, workers, args.engine)
                pairs = json.loads((output / "summary.json").read_bytes())["join"]["candidate"]
                times = json.loads((output / "times.json").read_bytes())["seconds"]
                alone = sum(times[name]["own"] for name in ALONE)
                watched = (watch.memory, watch.disk, pairs, times["map"]["wall"], alone, cpu / wall / workers)
                shown = (count, workers, size, wall, cpu, count / wall, size / cpu, *watched)
                cells = (
                    f"{value:,.2f}" if isinstance(value, float) and value < 10 else f"{value:,.0f}" for value in shown
                )
                print("".join(f"{cell:>10}" for cell in cells), flush=True)
                best[workers] = min(wall, best.get(workers, wall))
            if {1, 2} <= best.keys():
                print(f"two workers are {best[1] / best[2]:.2f} times as fast as one")
    return 0


if __name__ == "__main__":
    sys.exit(main())
