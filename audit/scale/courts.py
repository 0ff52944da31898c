"""Which entries are judged together, and the items of work that this makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from audit.language.themes import SMALL
from audit.registry import choose, load_rules
from audit.rule import Scope
from audit.scale.database import quoted
from audit.scale.job import Job
from audit.scale.judging import Judging
from audit.scale.sketches import BOOKS, IN_COLUMNS

# entries of a document that has several were judged where it was read; a book of one chapter is a file of one entry
HOMES = """
CREATE OR REPLACE TABLE home AS
    SELECT n, len(buckets) > 0 AS written, CASE WHEN collection >= {books} AND count(*) OVER (PARTITION BY collection) = 1 THEN argument ELSE collection END AS collection
    FROM sketches WHERE collection < 0 OR collection >= {books}
"""
MEMBERS = "COPY (SELECT collection, n FROM home WHERE {which} ORDER BY collection, n) TO '{path}' (FORMAT parquet)"
EVERYONE = "COPY (SELECT 0::BIGINT AS collection, n FROM sketches ORDER BY n) TO '{path}' (FORMAT parquet)"


def homes(base: Any) -> list[int]:
    """Makes the table `home` of collections; gives the large ones: so many entries say what they are about that several subjects are normal."""
    base.execute(HOMES.format(books=BOOKS))
    query = (
        f"SELECT collection FROM home WHERE written GROUP BY collection HAVING count(*) > {SMALL} ORDER BY collection"  # noqa: S608
    )
    return [row[0] for row in base.execute(query).fetchall()]


def to_judge(base: Any, job: Job, large: Sequence[int]) -> Iterator[Judging]:
    """The collections as items of work: the large ones each by itself, the others some thousand entries together."""
    rules = [
        rule for rule in choose(load_rules()[0], job.config.select, job.config.ignore) if rule.scope is Scope.COLLECTION
    ]
    numbers = count()

    def item(query: str, *, wide: bool = False, large: bool = False) -> Judging:
        number = next(numbers)
        path = job.parts / f"{number:06d}.members.parquet"
        base.execute(query.replace("{path}", quoted(path)))
        return Judging(job.brief(), number, str(path), wide, large)

    if any(rule.everywhere and rule.sketch not in IN_COLUMNS for rule in rules):
        yield item(EVERYONE, wide=True)
    if any(not rule.everywhere and rule.sketch not in IN_COLUMNS for rule in rules):
        for one in large:
            yield item(MEMBERS.replace("{which}", f"collection = {one}"), large=True)
    for low, high in packs(base, large):
        yield item(MEMBERS.replace("{which}", f"collection BETWEEN {low} AND {high} AND {others(large)}"))


def others(large: Sequence[int]) -> str:
    """What tells the small collections."""
    return f"collection NOT IN ({', '.join(map(str, large))})" if large else "true"


def packs(base: Any, large: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of small collections that are judged in one go."""
    query = f"SELECT collection, count(*) FROM home WHERE {others(large)} GROUP BY collection ORDER BY collection"  # noqa: S608 - numbers
    held: list[int] = []
    size = 0
    for collection, entries in base.execute(query).fetchall():
        if held and size + entries > SMALL:
            yield held[0], held[-1]
            held, size = [], 0
        held.append(collection)
        size += entries
    if held:
        yield held[0], held[-1]
