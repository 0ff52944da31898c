"""Entries that belong to no subject of a large collection; a small one is judged by the rule itself (`audit.scale.judging`).

The subjects are clusters, found on a sample that fits in memory, chosen by the entries' own digests, so that the order of shards
changes nothing. Then every entry is measured against all of them, part by part, and those apart from all are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import parquet

from audit.atomic import part_of
from audit.language.outliers import LEAST, Spread, deviations, is_outlier
from audit.language.subjects import HEAD, Sketch, certainty, loose_severity
from audit.language.terms import own_terms, subject_terms
from audit.language.themes import THEMES, Themes, learn, measure
from audit.scale.database import quoted, rows
from audit.scale.job import Job
from audit.scale.parts import write
from audit.scale.rows import MEASURED, string
from audit.scale.said import Said, Speaker, with_facts
from audit.scale.sketches import TABLES
from audit.scale.spilled import COLUMNS, listed

SAMPLE = 4_000  # entries from which subjects are learnt: 6 MB of features
READ = 40  # entries read again to name a subject's terms


@dataclass(frozen=True, slots=True)
class Measuring:
    """A part of which the entries of a collection are to be measured against its subjects, which stand in a file."""

    sketches: str
    themes: str
    collection: int
    place: int  # of the collection among the large ones


@dataclass(frozen=True, slots=True)
class Learning:
    """A sample of a collection from which its subjects are to be learnt."""

    sample: str
    themes: str


def measure_part(item: Measuring) -> int:
    """Measures the entries of a part and writes their subject and bits; gives their number."""
    themes, members = load(item.themes)
    found = parquet.read_table(item.sketches, columns=[*COLUMNS, "collection"])
    numbers, known = sketches_of(found.filter(pc.equal(found["collection"], item.collection)))
    own = np.array([members.get(number, -1) for number in numbers.tolist()], dtype=np.int64)
    subject, bits, far = measure(known, themes, own)
    columns = {"n": numbers, "subject": subject + THEMES * item.place, "bits": bits, "far": far}
    name = Path(item.sketches).name.replace(".sketches.", f".{item.place}.measured.")
    write(Path(item.sketches).with_name(name), pa.Table.from_pydict(columns, schema=MEASURED))
    return len(known)


@lru_cache(maxsize=1)
def load(path: str) -> tuple[Themes, dict[int, int]]:
    """The subjects and the sample that they were learnt from, once a process."""
    with np.load(path) as file:
        spread = Spread(file["places"], *file["bounds"].tolist())
        themes = Themes(file["totals"], file["usual"], spread)
        return themes, dict(zip(file["sample"].tolist(), file["member"].tolist(), strict=True))


def sample_of(base: Any, job: Job, collection: int) -> Learning:
    """Writes entries by their digests, which is as good as by lot and the same for any order of shards; equal texts once."""
    path = job.parts / f"{collection}.sample.parquet"
    base.execute(f"""
        COPY (SELECT {", ".join(COLUMNS)}, hash(digest) AS drawn, digest FROM sketches WHERE len(buckets) > 0 AND collection = {collection}
              QUALIFY row_number() OVER (PARTITION BY digest ORDER BY n) = 1 ORDER BY hash(digest), digest, n LIMIT {SAMPLE})
        TO '{quoted(path)}' (FORMAT parquet)
    """)  # noqa: S608 - our own names
    return Learning(str(path), str(themes_of(job, collection)))


def learn_themes(item: Learning) -> int:
    """Learns the subjects of a sample and writes them beside it; gives the number of entries."""
    drawn = parquet.read_table(item.sample)
    order = [(name, "ascending") for name in ("drawn", "digest", "n")]
    numbers, sample = sketches_of(drawn.sort_by(order))
    themes, member = learn(sample)
    path = Path(item.themes)
    with part_of(path) as (part, stream):
        places, *bounds = themes.spread
        known = {"totals": themes.totals, "usual": themes.usual, "places": places}
        np.savez(stream, allow_pickle=False, sample=numbers, member=member, bounds=np.array(bounds), **known)
        stream.flush()
        part.replace(path)
    return len(sample)


def themes_of(job: Job, collection: int) -> Path:
    """Where the subjects of a collection are kept."""
    return job.parts / f"{collection}.themes.npz"


def to_measure(job: Job, large: Sequence[int]) -> list[Measuring]:
    """What is to be measured against the subjects of the large collections."""
    files = sorted(job.parts.glob("*.sketches.parquet"))
    return [
        Measuring(str(file), str(themes_of(job, one)), one, place) for place, one in enumerate(large) for file in files
    ]


def judge(base: Any, job: Job, large: Sequence[int]) -> None:
    """The tables `measured`, of all collections, and `foreign_entry`, of the large ones, from the parts that were measured."""
    write(job.parts / "none.measured.parquet", MEASURED.empty_table())
    files = f"{quoted(job.parts)}/*.measured.parquet"
    base.execute(f"CREATE OR REPLACE TABLE measured AS SELECT * FROM read_parquet('{files}')")  # noqa: S608 - our own names
    known = [load(str(themes_of(job, one)))[0] for one in large]
    columns = {
        "subject": np.concatenate(
            [np.zeros(0, int), *(THEMES * n + np.arange(len(one.usual)) for n, one in enumerate(known))]
        ),
        "collection": np.concatenate(
            [np.zeros(0, int), *(np.full(len(one.usual), c) for c, one in zip(large, known, strict=True))]
        ),
        "usual": np.concatenate([np.zeros(0), *(one.usual for one in known)]),
    }
    keep(base, "theme", columns)
    base.execute("""
        CREATE OR REPLACE TABLE subject_of AS SELECT n, subject, bits, usual, far, collection
        FROM measured JOIN home USING (n) JOIN theme USING (subject, collection) WHERE NOT isnan(bits)
    """)
    keep(base, "foreign_entry", _apart(base, dict(zip(large, (one.spread for one in known), strict=True))))


def _apart(base: Any, spreads: Mapping[int, Spread]) -> dict[str, Any]:
    """The entries that lie far from all others of their collection, in columns."""
    query = "SELECT *, far AS deviations FROM subject_of WHERE far >= ? ORDER BY n"  # a few in a hundred
    found = base.execute(query, [LEAST]).fetchnumpy()
    apart = np.zeros(len(found["n"]), dtype=bool)
    for collection, spread in spreads.items():
        own = found["collection"] == collection
        apart[own] = is_outlier(found["far"][own], spread)
        found["deviations"][own] = deviations(found["far"][own], spread)
    return {name: np.asarray(column)[apart] for name, column in found.items()}


def keep(base: Any, name: str, columns: dict[str, Any]) -> None:
    """Columns as a table of the database."""
    base.register("columns_", pa.table(columns))
    base.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM columns_")  # noqa: S608 - our own names
    base.unregister("columns_")


def sayings(base: Any, speaker: Speaker) -> Iterator[Said]:
    """What is to be said of foreign entries of large collections, with the terms of the subject nearest to each."""
    if "foreign-entry" not in speaker.rules:
        return
    totals = dict(base.execute("SELECT collection, count(*) FROM subject_of GROUP BY collection").fetchall())
    apart = dict(base.execute("SELECT collection, count(*) FROM foreign_entry GROUP BY collection").fetchall())
    subjects = [row[0] for row in base.execute("SELECT DISTINCT subject FROM foreign_entry ORDER BY 1").fetchall()]
    terms = {subject: terms_of(base, subject) for subject in subjects}
    ranked = """SELECT *, NULL::BIGINT AS other, row_number() OVER (PARTITION BY collection ORDER BY deviations DESC, n) AS rank
                FROM foreign_entry"""
    for row in with_facts(base, ranked):
        subject, text = terms[row["subject"]], string(row["text"])[:HEAD]
        missing = [term for term in subject if term not in text]
        distance = float(row["deviations"])
        loose = row["collection"] < TABLES
        values = {
            "others": totals[row["collection"]] - apart[row["collection"]],
            "missing": missing[:5] or ["-"],
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
            "entries": totals[row["collection"]],
            "subject": row["subject"],
        }
        sure = round(certainty(distance, loose=loose), 2)
        severity = loose_severity(distance) if loose else None
        yield Said(row, "foreign-entry", "", values, evidence, confidence=sure, severity=severity)


def terms_of(base: Any, subject: int) -> list[str]:
    """The terms of a subject, from entries that it describes as well as is usual."""
    query = f"""
        SELECT t.text FROM texts t JOIN (
            SELECT n FROM subject_of JOIN sketches USING (n) WHERE subject = {subject} AND n NOT IN (SELECT n FROM foreign_entry)
            ORDER BY hash(digest), n LIMIT {READ}) USING (n) ORDER BY t.n
    """  # noqa: S608 - a number
    return subject_terms([string(row["text"])[:HEAD] for row in rows(base, query)])


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
