"""What the parts say of one another, in three rounds of work for the engine.

A round hands out what needs nothing that is made in it, and the process that leads does meanwhile what only one can do: it joins while
subjects are learnt and small collections judged, and sorts clusters while entries are measured. So the workers seldom wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from audit.catalogue import speaking
from audit.scale import clusters, courts, duplicates, topics
from audit.scale.failures import Failures, add
from audit.scale.job import Job
from audit.scale.judging import Judged, Judging
from audit.scale.judging import judge as court
from audit.scale.local import Lost
from audit.scale.parts import write
from audit.scale.phases import Phases
from audit.scale.pieces import pieces
from audit.scale.progress import Progress
from audit.scale.spoken import Speaking, speak, write_spoken
from audit.scale.verify import DAMAGE, LIKENESS, Copies, Group, compare_group, weigh
from audit.words import say

Item = topics.Learning | Judging | Group | topics.Measuring | Copies | Speaking
WORK: dict[type, Callable[[Any], Any]] = {
    topics.Learning: topics.learn_themes,
    Judging: court,
    Group: compare_group,
    topics.Measuring: topics.measure_part,
    Copies: weigh,
    Speaking: speak,
}
KINDS = ("likeness", "pairs", "copies", "damage", "members", "sample", "measured", "spoken", "said")  # of what is made


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of an item; None: it was lost with its worker."""

    item: Item
    result: Any


def make(item: Item) -> Made:
    """Does an item of work."""
    with speaking("en"):  # as the map does
        return Made(item, WORK[type(item)](item))


def single(item: Any) -> list[Any]:
    """An item that is not divided."""
    return [item]


def reduce(
    base: Any, job: Job, engine: Any, failures: Failures, phases: Phases, *, names: frozenset[str], quiet: bool
) -> tuple[dict[str, int], list[int]]:
    """The tables `home`, `cluster` and `measured`, and as parts what the collection rules of these names say of entries.

    Gives the volumes of the joins, and the large collections, of which several subjects are normal.
    """
    large = courts.homes(base)
    write(job.parts / "none.likeness.parquet", LIKENESS.empty_table())
    write(job.parts / "none.damage.parquet", DAMAGE.empty_table())
    with phases.of("compare"):
        volumes = compare(base, job, engine, failures, large, quiet=quiet)
    with phases.of("clusters"):
        measure(base, job, engine, failures, large, quiet=quiet)
    with phases.of("said"):
        for _ in done_of(engine, write_spoken(base, job, names), failures):
            pass
    return volumes, large


def done_of(engine: Any, items: Iterable[Item], failures: Failures) -> Iterator[Made]:
    """What is made of items, in any order; what failed is told."""
    for done in engine.map(single, make, items):
        if isinstance(done, Lost):
            if not isinstance(done.item, topics.Learning):  # that is tried once more
                failures["", f"{name_of(done.item)}: {say('scan.lost')}"] = None
            yield Made(done.item, None)
            continue
        if isinstance(done.result, Judged):
            add(failures, done.result.failures)
        yield done


def name_of(item: Item) -> str:
    """An item that was lost, for a report."""
    if isinstance(item, topics.Measuring):
        return item.sketches
    if isinstance(item, Judging):
        return item.members
    return f"{type(item).__name__.lower()} {'' if isinstance(item, topics.Learning) else item.piece.number}"


def compare(
    base: Any, job: Job, engine: Any, failures: Failures, large: Sequence[int], *, quiet: bool
) -> dict[str, int]:
    """Aligns the pairs that meet, learns subjects, and asks all rules that need neither; gives the volumes of the joins."""
    volumes: dict[str, int] = {}
    progress = Progress("compare", 0, quiet=quiet)

    def items() -> Iterator[Item]:
        for collection in large:
            yield topics.sample_of(base, job, collection)
        yield from courts.to_judge(base, job, large)
        found, thin = duplicates.propose(base)
        volumes.update(found)
        progress.expect(found["candidate"])
        for piece in pieces(duplicates.write_pairs(base, job.parts)):
            yield Group(piece, thin)
        clusters.find_paragraphs(base)

    for done in done_of(engine, items(), failures):
        progress.add(done.result or 0 if isinstance(done.item, Group) else 0)
    progress.end()
    return volumes


def measure(base: Any, job: Job, engine: Any, failures: Failures, large: Sequence[int], *, quiet: bool) -> None:
    """Measures the entries of large collections against their subjects, weighs copies and makes clusters of them."""
    for collection in large:
        if not topics.themes_of(job, collection).exists():  # its worker died
            topics.learn_themes(topics.sample_of(base, job, collection))
    parts = topics.to_measure(job, large)
    progress = Progress("subjects", len(parts), quiet=quiet)
    path = job.parts / "copies.parquet"
    copies: list[Copies] = []
    weighed = 0

    def to_weigh() -> Iterator[Copies]:
        clusters.write_copies(base, job, path)
        copies.extend(map(Copies, pieces([path])))
        yield from copies

    half = len(parts) // 2
    for done in done_of(engine, chain(parts[:half], to_weigh(), parts[half:]), failures):
        progress.add(isinstance(done.item, topics.Measuring))
        weighed += isinstance(done.item, Copies)
        if isinstance(done.item, Copies) and weighed == len(copies):
            clusters.sort(base, job)
    if not copies:
        clusters.sort(base, job)
    progress.end()
    topics.judge(base, job)
