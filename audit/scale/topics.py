"""Entries that belong to no subject of the collection: one centre for a small collection, clusters for a large one.

The clusters are found on a sample that fits in memory, chosen by the entries' own digests, so that the order of shards changes
nothing. Then every entry is measured against all of them, part by part, and those apart from all are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from audit.atomic import part_of
from audit.language.subjects import DEVIATIONS, DROP, HEAD, Sketch, belonging, flagged, is_apart
from audit.language.terms import own_terms, subject_terms
from audit.language.themes import Themes, learn, measure
from audit.scale import promises
from audit.scale.database import quoted, rows
from audit.scale.duplicates import count
from audit.scale.job import Job
from audit.scale.parts import write
from audit.scale.rows import NUMBER
from audit.scale.said import Said, Speaker, with_facts

SMALL = 2_000  # entries that are judged leaving each out, as `check` does
SAMPLE = 4_000  # entries from which subjects are learnt: 6 MB of features
READ = 40  # entries read again to name a subject's terms
COLUMNS = ("n", "buckets", "counts", "title_buckets", "han")
MEASURED = pa.schema({"n": NUMBER, "subject": pa.int32(), "bits": pa.float32()})


@dataclass(frozen=True, slots=True)
class Measuring:
    """A part to be measured against the subjects, which stand in a file."""

    sketches: str
    themes: str


@dataclass(frozen=True, slots=True)
class Learning:
    """A sample from which the subjects are to be learnt."""

    sample: str


def measure_part(item: Measuring) -> int:
    """Measures the entries of a part and writes their subject and bits; gives their number."""
    themes, members = load(item.themes)
    numbers, known = sketches_of(parquet.read_table(item.sketches, columns=list(COLUMNS)))
    own = np.array([members.get(number, -1) for number in numbers.tolist()], dtype=np.int64)
    subject, bits = measure(known, themes, own)
    columns = {"n": numbers, "subject": subject, "bits": bits}
    name = Path(item.sketches).name.replace(".sketches.", ".measured.")
    write(Path(item.sketches).with_name(name), pa.Table.from_pydict(columns, schema=MEASURED))
    return len(known)


@lru_cache(maxsize=1)
def load(path: str) -> tuple[Themes, dict[int, int]]:
    """The subjects and the sample that they were learnt from, once a process."""
    with np.load(path) as file:
        themes = Themes(file["totals"], file["usual"], file["spread"])
        return themes, dict(zip(file["sample"].tolist(), file["member"].tolist(), strict=True))


def sample_of(base: Any, job: Job) -> Learning:
    """Writes entries by their digests, which is as good as by lot and the same for any order of shards; equal texts once."""
    path = job.parts / "sample.parquet"
    base.execute(f"""
        COPY (SELECT {", ".join(COLUMNS)}, hash(digest) AS drawn, digest FROM sketches WHERE len(buckets) > 0 AND alone
              QUALIFY row_number() OVER (PARTITION BY digest ORDER BY n) = 1 ORDER BY hash(digest), digest, n LIMIT {SAMPLE})
        TO '{quoted(path)}' (FORMAT parquet)
    """)  # noqa: S608 - our own names
    return Learning(str(path))


def learn_themes(item: Learning) -> int:
    """Learns the subjects of a sample and writes them beside it; gives the number of entries."""
    drawn = parquet.read_table(item.sample)
    order = [(name, "ascending") for name in ("drawn", "digest", "n")]
    numbers, sample = sketches_of(drawn.sort_by(order))
    themes, member = learn(sample)
    path = themes_of(Path(item.sample).parent)
    with part_of(path) as (part, stream):
        np.savez(stream, totals=themes.totals, usual=themes.usual, spread=themes.spread, sample=numbers, member=member)
        stream.flush()
        part.replace(path)
    return len(sample)


def themes_of(parts: Path) -> Path:
    """Where the subjects are kept."""
    return parts / "themes.npz"


def to_measure(job: Job) -> list[Measuring]:
    """What is to be measured against the subjects."""
    return [Measuring(str(file), str(themes_of(job.parts))) for file in sorted(job.parts.glob("*.sketches.parquet"))]


def judge_small(base: Any) -> None:
    """The table `foreign` of a small collection, each entry measured against the others."""
    found = list(rows(base, f"SELECT {', '.join(COLUMNS)} FROM sketches WHERE alone ORDER BY n"))  # noqa: S608
    known = [sketch_of(row) if row["buckets"] else None for row in found]
    verdict = belonging(known)
    keep(
        base,
        "measured",
        {"n": [row["n"] for row in found], "subject": np.zeros(len(found), dtype=np.int32), "bits": verdict.bits},
    )
    apart = flagged(verdict)
    promises.judge(base, [row["n"] for row in found], known, apart)
    usual = [verdict.usual] * len(apart)
    keep(
        base,
        "foreign_entry",
        {
            "n": np.array([found[index]["n"] for index in apart], dtype=np.int64),
            "subject": np.zeros(len(apart), dtype=np.int32),
            "bits": verdict.bits[apart],
            "usual": np.array(usual, dtype=np.float64),
            "deviations": verdict.deviations[apart],
        },
    )


def judge_large(base: Any, job: Job) -> None:
    """The same table of a large one, from the parts that were measured."""
    themes, _ = load(str(themes_of(job.parts)))
    files = f"{quoted(job.parts)}/*.measured.parquet"
    base.execute(f"CREATE OR REPLACE TABLE measured AS SELECT * FROM read_parquet('{files}')")  # noqa: S608 - our own names
    columns = {"subject": np.arange(len(themes.usual)), "usual": themes.usual, "spread": themes.spread}
    keep(base, "theme", columns)
    base.execute("""
        CREATE OR REPLACE TABLE doubtful AS
        SELECT n, subject, bits, usual, (usual - bits) / spread AS deviations FROM measured JOIN theme USING (subject)
        WHERE bits < usual / 2
    """)
    found = base.execute("SELECT * FROM doubtful ORDER BY n").fetchnumpy()
    apart = is_apart(found["bits"], found["deviations"], found["usual"], DROP)  # the spread of many is known
    keep(base, "foreign_entry", {name: np.asarray(column)[apart] for name, column in found.items()})


def keep(base: Any, name: str, columns: dict[str, Any]) -> None:
    """Columns as a table of the database."""
    base.register("columns_", pa.table(columns))
    base.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM columns_")  # noqa: S608 - our own names
    base.unregister("columns_")


def sayings(base: Any, speaker: Speaker) -> Iterator[Said]:
    """What is to be said of foreign entries, with the terms of the subject nearest to each."""
    if "foreign-entry" not in speaker.rules:
        return
    total = count(base, "measured WHERE NOT isnan(bits)")
    subjects = [row[0] for row in base.execute("SELECT DISTINCT subject FROM foreign_entry ORDER BY 1").fetchall()]
    terms = {subject: terms_of(base, subject) for subject in subjects}
    ranked = (
        "SELECT *, NULL::BIGINT AS other, row_number() OVER (ORDER BY deviations DESC, n) AS rank FROM foreign_entry"
    )
    for row in with_facts(base, ranked):
        subject, text = terms[row["subject"]], row["text"][:HEAD]
        missing = [term for term in subject if term not in text]
        distance = float(row["deviations"])
        values = {
            "others": total - len(subjects),
            "missing": ", ".join(missing[:5]) or "-",
            "lacks": len(missing),
            "terms": len(subject),
        }
        evidence = {
            "subject_terms": subject,
            "missing": missing,
            "own_terms": own_terms(text, subject),
            "bits": round(float(row["bits"]), 3),
            "usual_bits": round(float(row["usual"]), 3),
            "deviations": round(distance, 1),
            "rank": row["rank"],
            "entries": total,
            "subject": row["subject"],
        }
        yield Said(
            row,
            "foreign-entry",
            "",
            values,
            evidence,
            confidence=round(min(0.98, 0.8 + 0.05 * (distance - DEVIATIONS)), 2),
        )


def terms_of(base: Any, subject: int) -> list[str]:
    """The terms of a subject, from entries that it describes as well as is usual."""
    query = f"""
        SELECT t.text FROM texts t JOIN (
            SELECT n FROM measured JOIN sketches USING (n) WHERE subject = {subject} AND n NOT IN (SELECT n FROM foreign_entry)
            AND NOT isnan(bits) ORDER BY hash(digest), n LIMIT {READ}) USING (n) ORDER BY t.n
    """  # noqa: S608 - a number
    return subject_terms([row["text"][:HEAD] for row in rows(base, query)])


def sketches_of(table: pa.Table) -> tuple[NDArray[np.int64], list[Sketch]]:
    """Numbers and sketches of the rows that have features, as the rule knows them."""
    lists = [listed(table[name]) for name in ("buckets", "counts", "title_buckets")]
    kept = np.flatnonzero(np.diff(lists[0][1]))
    han = table["han"].combine_chunks().fill_null(False).to_numpy(zero_copy_only=False)
    known = []
    for row in kept.tolist():
        buckets, counts, title = (values[bounds[row] : bounds[row + 1]] for values, bounds in lists)
        known.append(Sketch(buckets, counts, title, bool(han[row])))
    return table["n"].to_numpy()[kept], known


def listed(column: pa.ChunkedArray) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The values of a column of lists end to end, and where each list begins and the last ends; none for nulls."""
    lists = column.combine_chunks()
    sizes = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return lists.flatten().to_numpy(zero_copy_only=False), np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def sketch_of(row: dict[str, Any]) -> Sketch:
    """A row of the table of sketches as the rule knows it."""
    return Sketch(
        np.array(row["buckets"], dtype=np.uint16),
        np.array(row["counts"], dtype=np.uint8),
        np.array(row["title_buckets"], dtype=np.uint16),
        row["han"],
    )
