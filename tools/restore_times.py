"""How long a damaged span takes to find and to give back: over all kinds of damage, and the first one of a process."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import bench_shift
from audit.rules.byte_shift import RULES
from corpora import genres, load

from audit.model import Hits, Text
from audit.rule import Rule

PROGRAMS = ("F1", "G", "F3")
LINES = 12  # of a page
SIZE = 200_000  # bytes of a genre that pages are drawn from
Spent = tuple[str, float]


def of_shifts(folder: Path, spans: int, seed: int) -> Iterator[Spent]:
    """Program and CPU seconds of so many byte shifts of each: a page is looked at whole, and its time shared among its spans."""
    texts = [load(path, SIZE) for path in genres(folder)]
    for program in PROGRAMS:
        left = spans
        for page in pages(texts, program, seed):
            size = len(page.damaged.spans)
            if not size:
                continue
            spent = timed(Text(page.damaged.text), RULES)
            yield from [(program, spent / size)] * min(size, left)
            left -= size
            if left <= 0:
                break


def pages(texts: Sequence[str], program: str, seed: int) -> Iterator[bench_shift.Page]:
    """Damaged pages of all genres by turns, each another one."""
    for turn in range(1000):
        for text in texts:
            yield from bench_shift.pages(text, program, 1, LINES, seed * 1000 + turn)


def timed(text: Text, rules: Sequence[Rule]) -> float:
    """CPU seconds that rules of whole texts take, all that a report asks of their hits included."""
    begun = time.process_time()
    for rule in rules:
        for hit in rule.check(text):
            for one in map(hit.make, range(len(hit.starts))) if isinstance(hit, Hits) else [hit]:
                one.evidence.get("originals")
    return time.process_time() - begun


def told(times: Sequence[float], first: float) -> str:
    """The last line of the table: milliseconds a span over all kinds, and of the first span of the process."""
    ordered = sorted(times)
    middle, high = (ordered[len(ordered) * part // 100] * 1000 for part in (50, 95))
    return (
        f"all spans: median {middle:.2f} ms, 95 % below {high:.2f} ms ({len(ordered)} spans, CPU time);"
        f" the first span of a process {first * 1000:.0f} ms, as tables are mapped and made"
    )
