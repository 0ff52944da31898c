"""The tables that a scan leaves, written part by part in the order of the input, so that equal jobs give equal files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from audit.catalogue import speaking
from audit.config import SEVERITIES, Weights
from audit.grade import DROP_KINDS, ORDER, SHARED_KIND, SURE, rated
from audit.model import Action, Safety, Severity
from audit.scale.database import quoted, rows
from audit.scale.job import Job
from audit.scale.parts import latest, write
from audit.scale.phrases import kept
from audit.scale.progress import Progress
from audit.scale.rows import ENTRIES, FINDINGS, KEPT_PROBLEMS, PROBLEMS, SAID, VERDICT, table
from audit.words import Phrase

CHUNK = 4096
# what an entry to be dropped is, as `audit.grade` has it
DROPPED = {"action": Action.DROP.value, "score": 0.0, "grade": ORDER[-1], "score_after": 0.0, "grade_after": ORDER[-1]}
CHANGED = ("findings", "effort", "effort_after", "critical", *DROPPED)
STEPS = [one.value for one in (Action.PUBLISH, Action.FIX, Action.EDIT, Action.RESTORE, Action.DROP)]
SORTED = [(name, "ascending") for name in ("n", "start", "end", "rule")]
VERDICTS = (  # queries and their columns
    (
        "SELECT n, cluster, many AS cluster_size, kept FROM cluster WHERE n {range}",
        ("cluster", "cluster_size", "kept"),
    ),
    (
        "SELECT n, subject, round(bits, 3) AS belonging FROM measured WHERE n {range} AND NOT isnan(bits)",
        ("subject", "belonging"),
    ),
)
BRIEF = pa.schema([field for field in ENTRIES if field.name != "n"] + list(VERDICT))


def write_said(base: Any, job: Job, found: Iterable[tuple[dict[str, Any], bool]]) -> None:
    """Keeps the findings of the reduce as the table `said`."""
    chunk: list[dict[str, Any]] = []
    number = 0

    def flush() -> None:
        write(job.parts / f"{number:06d}.said.parquet", table(chunk, SAID))

    for row, drop in found:
        chunk.append({**row, "drop": drop})
        if len(chunk) == CHUNK:
            flush()
            chunk, number = [], number + 1
    flush()
    files = f"{quoted(job.parts)}/*.said.parquet"
    base.execute(f"CREATE OR REPLACE TABLE said AS SELECT * FROM read_parquet('{files}')")  # noqa: S608 - our own names


def write_tables(base: Any, job: Job, progress: Progress) -> None:
    """Writes `findings.parquet`, `entries.parquet` and `problems.parquet`, each whole or not at all.

    Keeps the ids that stand twice as a part of problems.
    """
    folder = Path(job.output)
    names = [path.name.split(".")[0] for path in sorted(job.parts.glob("*.entries.parquet"))]
    with (
        ThreadPoolExecutor(1) as aside,  # packs one part while the next is read
        Writer(folder / "findings.parquet", drop_number(FINDINGS)) as findings,
        Writer(folder / "entries.parquet", BRIEF) as entries,
        Writer(folder / "problems.parquet", drop_number(PROBLEMS)) as problems,
    ):
        written: Future[None] | None = None
        for name in names:
            own = parquet.read_table(latest(job.parts, name, "entries"))
            said = said_of(base, own)
            found = parquet.read_table(latest(job.parts, name, "findings"))
            found = pa.concat_tables([found, table(said, FINDINGS)]) if said else found
            judged = with_verdicts(base, own, said, job.config.grade)
            if written:
                written.result()
            written = aside.submit(add_all, (findings, found.sort_by(SORTED)), (entries, judged))
            problems.add(parquet.read_table(job.parts / f"{name}.problems.parquet"))
            progress.add(1, own.num_rows)
        if written:
            written.result()
        again = table(list(repeated_ids(base)), KEPT_PROBLEMS)
        problems.add(again)
        write(job.parts / "again.problems.parquet", again)


def add_all(*rows: tuple[Writer, pa.Table]) -> None:
    """Adds rows to tables."""
    for writer, made in rows:
        writer.add(made)


class Writer:
    """A Parquet file that takes its place when it is whole; the column `n` stays behind."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path, self._part = path, path.with_name(f".{path.name}.part")
        self._schema = schema
        try:
            self._writer = parquet.ParquetWriter(self._part, schema, compression="zstd")
        except OSError:
            self._part.unlink(missing_ok=True)
            raise

    def add(self, made: pa.Table) -> None:
        """Adds rows."""
        if made.num_rows:
            self._writer.write_table(made.select(self._schema.names).cast(self._schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            self._writer.close()  # writes what it holds
            if kind is None:
                self._part.replace(self._path)
        finally:
            self._part.unlink(missing_ok=True)


def drop_number(schema: pa.Schema) -> pa.Schema:
    """A schema without the column by which rows are joined."""
    return pa.schema([field for field in schema if field.name != "n"])


def between(own: pa.Table) -> str:
    """The range of a part's entries."""
    numbers = own["n"]
    return f"BETWEEN {numbers[0]} AND {numbers[-1]}" if len(numbers) else "IS NULL"


def said_of(base: Any, own: pa.Table) -> list[dict[str, Any]]:
    """What the reduce said of the entries of a part."""
    return list(rows(base, f'SELECT * FROM said WHERE n {between(own)} ORDER BY n, start, "end", rule'))  # noqa: S608 - numbers


def with_verdicts(base: Any, own: pa.Table, said: list[dict[str, Any]], weights: Weights) -> pa.Table:
    """The entries of a part with their cluster and subject; counts and action as the reduce changes them."""
    numbers = own["n"].to_numpy()
    for query, names in VERDICTS:
        found = base.execute(query.format(range=between(own))).fetchnumpy()
        order = np.argsort(found["n"])
        at = np.searchsorted(found["n"], numbers, sorter=order)
        known = np.append(found["n"][order], -1)[at] == numbers
        rows = pa.array(np.append(order, 0)[at], mask=~known)
        for name in names:
            field = VERDICT.field(name)
            own = own.append_column(field, pa.array(found[name]).take(rows).cast(field.type))
    place = {n: at for at, n in enumerate(numbers.tolist())}
    return with_said(own, said, place, weights) if said else own


def with_said(own: pa.Table, said: list[dict[str, Any]], place: dict[int, int], weights: Weights) -> pa.Table:
    """The entries of a part with counts, grades and action as the findings of the reduce change them."""
    touched = sorted({place[row["n"]] for row in said})
    rows = dict(zip(touched, own.take(touched).to_pylist(), strict=True))
    for row in said:
        add(rows[place[row["n"]]], row, weights)
    for row in rows.values():
        settle(row, weights)
    values = {name: own[name].to_pylist() for name in CHANGED}
    for at, row in rows.items():
        for name, column in values.items():
            column[at] = row[name]
    for name, column in values.items():
        field = ENTRIES.field(name)
        own = own.set_column(own.schema.get_field_index(name), field, pa.array(column, field.type))
    return own


def add(entry: dict[str, Any], said: dict[str, Any], weights: Weights) -> None:
    """Counts a finding with its entry, whose costs are dictionaries meanwhile; see `audit.grade`."""
    for name in ("findings", "effort"):
        entry[name] = dict(entry[name])
    kind, severity = said["kind"], SEVERITIES[said["severity"]]
    entry["findings"][kind] = entry["findings"].get(kind, 0) + 1
    if said["drop"]:
        entry["action"] = Action.DROP.value
    sure = said["confidence"] >= SURE and said["safety"] != Safety.SAFE.value
    lost = sure and severity is Severity.CRITICAL and said["safety"] is None
    due = Action.RESTORE if lost else Action.EDIT if sure and severity > Severity.INFO else Action.PUBLISH
    entry["action"] = max(entry["action"], due.value, key=STEPS.index)
    if kind == SHARED_KIND or (kind in DROP_KINDS and severity >= Severity.MAJOR):
        return  # such an entry is dropped or merged, not edited
    share = {Safety.SAFE.value: weights.safe, Safety.SUGGESTED.value: weights.suggested}.get(said["safety"], 1.0)
    cost = getattr(weights, said["severity"]) * share * said["confidence"]
    if cost:
        entry["effort"][kind] = entry["effort"].get(kind, 0.0) + cost
        entry["effort_after"] += cost * (said["safety"] != Safety.SAFE.value)
    entry["critical"] += sure and severity is Severity.CRITICAL


def settle(entry: dict[str, Any], weights: Weights) -> None:
    """The grades of an entry that something was said of."""
    if entry["action"] == Action.DROP.value:
        entry.update(DROPPED)
    else:
        for after, effort in (("", sum(dict(entry["effort"]).values())), ("_after", entry["effort_after"])):
            score, letter = rated(effort, entry["critical"], entry["characters"], weights)
            entry |= {f"score{after}": round(score, 1), f"grade{after}": letter}
    entry["findings"] = sorted(entry["findings"].items())
    entry["effort"] = sorted((kind, round(cost, 2)) for kind, cost in entry["effort"].items())


def repeated_ids(base: Any) -> Iterator[dict[str, Any]]:
    """The entries whose id stood before in the same file."""
    query = """
        SELECT n, path, entry, line, id, first FROM (
            SELECT n, path, entry, line, id, first_value(entry) OVER w AS first, row_number() OVER w AS place
            FROM entries WHERE id IS NOT NULL WINDOW w AS (PARTITION BY path, id ORDER BY n))
        WHERE place > 1 ORDER BY n
    """
    for row in rows(base, query):
        with speaking("en"):
            reason = Phrase("id {id!r} stood already at {first}", id=row["id"], first=row["first"])
        place = {name: row[name] for name in ("n", "path", "entry", "line")}
        yield {**place, "kind": "duplicate-id", "reason": str(reason), "words": kept(reason)}
