"""Findings that the file of acceptances names: decided once the map is over, since each entry of it accepts so many and no more.

What a part loses by that is audited again, without them, so that its grades are those of `check`; what the reduce says is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from audit.catalogue import speaking
from audit.gate.held import usage_of
from audit.gate.rules import concerns
from audit.gate.sidecar import Entry
from audit.gate.suppress import Usage, amiss, candidates, fits
from audit.registry import load_rules
from audit.rule import Rule
from audit.scale.job import File, Job, groups
from audit.scale.local import Lost
from audit.scale.parts import AGAIN
from audit.scale.rows import part_name, part_of
from audit.scale.shard import Shard, audit_into, expand
from audit.words import say

PRINT, PASSAGE = 16, 8  # hex digits of a fingerprint, and those of them that tell rule and passage
LOOKED_AT = ("n", "path", "rule", "start", "end", "fingerprint")


class Found(NamedTuple):
    """A finding that an acceptance may name."""

    n: int
    path: str
    rule: str
    start: int
    end: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Again:
    """A block to be audited again, and which of its findings are accepted."""

    shard: Shard
    entries: tuple[Entry, ...]


Wanted = dict[str, tuple[Entry, ...]]  # by the name of the part


def decide(usage: Usage, found: Sequence[Found]) -> dict[Found, int]:
    """Which findings are accepted, by which entry, as `audit.gate.suppress.by_sidecar` has it; `found` come in order of place."""
    sidecar = usage.sidecar
    by_passage = candidates(sidecar.entries)
    rules = {rule.code: rule for rule in load_rules()[0]}
    taken: dict[Found, int] = {}
    for path, own in groupby(found, key=lambda one: one.path):
        rows = list(own)
        for whole in (True, False):
            for one in rows:
                for number in by_passage.get(one.fingerprint[:PASSAGE], ()) if one not in taken else ():
                    named = sidecar.entries[number].path
                    here = not named or concerns((named,), path, sidecar.root)
                    if here and fits(sidecar, number, rules[one.rule], one.fingerprint[:PRINT], usage, whole=whole):
                        usage.counts[number] += 1
                        taken[one] = number
                        break
    return taken


def to_again(job: Job, usage: Usage) -> Wanted:
    """The parts of which something is accepted."""
    keys = pa.array(sorted({one.fingerprint[:PASSAGE] for one in usage.sidecar.entries}), pa.string())
    found: list[Found] = []
    for path in sorted(job.parts.glob("*.findings.parquet")):
        rows = parquet.read_table(path, columns=list(LOOKED_AT))
        named = pc.is_in(pc.utf8_slice_codeunits(rows["fingerprint"], 0, PASSAGE), value_set=keys)
        found += sorted(Found(**row) for row in rows.filter(named).to_pylist())
    wanted: dict[str, list[Entry]] = {}
    for one, number in decide(usage, found).items():
        entry = replace_print(usage.sidecar.entries[number], one)
        wanted.setdefault(part_of(one.n), []).append(entry)
    return {name: tuple(entries) for name, entries in wanted.items()}


def replace_print(entry: Entry, one: Found) -> Entry:
    """An entry that accepts this finding alone."""
    return Entry(one.fingerprint[:PRINT], entry.reason, one.rule, entry.path)


def expand_again(item: tuple[Job, tuple[File, ...], Wanted]) -> Iterator[Again]:
    """The blocks of a group of files that are to be audited again."""
    job, files, wanted = item
    for shard in expand((job, files)):
        name = part_name(shard.file, shard.block.number)
        if name in wanted:
            yield Again(shard, wanted[name])


def audit_again(item: Again) -> str:
    """Audits a block without what is accepted; gives the name of its part."""
    job = item.shard.job
    folder = job.parts / AGAIN
    folder.mkdir(exist_ok=True)
    usage = usage_of(job.config)
    assert usage is not None
    exact = Usage(replace(usage.sidecar, entries=item.entries, lines=(0,) * len(item.entries)), exact=True)
    with speaking("en"):
        audit_into(item.shard, folder, exact)
    return part_name(item.shard.file, item.shard.block.number)


def accept(job: Job, engine: Any, usage: Usage | None) -> Iterator[tuple[str, str]]:
    """Audits those blocks again of which something is accepted; gives what failed as pairs of rule and reason."""
    wanted = {} if usage is None else to_again(job, usage)
    for done in engine.map(expand_again, audit_again, groups_of(job, wanted)):
        if isinstance(done, Lost):
            yield "", f"{done.item.shard.block.path}: {say('scan.lost')}"


def told(job: Job, usage: Usage | None, rules: Sequence[Rule]) -> dict[str, Any]:
    """What the summary says of acceptances: how many findings they took, and what is amiss with them."""
    if usage is None:
        return {}
    remarks = amiss(usage, [file.name for file in job.files], (rules, load_rules()[0]))
    said = [{"path": one.path, "line": one.line, "message": f"{one.words}"} for one in remarks]
    return {"accepted": usage.counts.total(), "remarks": said}


def groups_of(job: Job, wanted: Wanted) -> Iterable[tuple[Job, tuple[File, ...], Wanted]]:
    """The groups of files that hold such blocks."""
    numbers = {int(name.split("-")[0]) for name in wanted}
    return [(job.brief(), files, wanted) for files in groups(job.files) if files[0].number in numbers]


def leave_out(base: Any, usage: Usage | None) -> None:
    """Takes what is accepted out of what the reduce says."""
    if usage is None:
        return
    keys = sorted({one.fingerprint[:PASSAGE] for one in usage.sidecar.entries})
    columns = ", ".join(f'"{name}"' for name in LOOKED_AT)
    query = (
        f'SELECT {columns} FROM said WHERE fingerprint[:{PASSAGE}] IN (SELECT unnest(?)) ORDER BY n, start, "end", rule'  # noqa: S608 - our own names
    )
    for one in decide(usage, [Found(*row) for row in base.execute(query, [keys]).fetchall()]):
        place = [one.n, one.rule, one.start, one.end]
        base.execute('DELETE FROM said WHERE n = ? AND rule = ? AND start = ? AND "end" = ?', place)
