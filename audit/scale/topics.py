"""Entries that belong to no subject of a large collection; a small one is judged by the rule itself (`audit.scale.judging`).

The subjects are clusters, found on a sample that fits in memory, chosen by the entries' own digests, so that the order of shards
changes nothing. Then every entry is measured against all of them, part by part, and those apart from all are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from audit.language.headings import Suspects, silent
from audit.language.outliers import LEAST, Spread, is_outlier
from audit.language.strays import NAMING, Strays, apart_from_all
from audit.language.subjects import Sketch
from audit.language.themes import SAMPLE, THEMES, Measured, Themes, learn, measure
from audit.scale.database import quoted
from audit.scale.held import span_in
from audit.scale.job import Job
from audit.scale.parts import write
from audit.scale.rows import MEASURED
from audit.scale.said import Said, Speaker
from audit.scale.spilled import COLUMNS, listed

FOREIGN, TITLES = "foreign-entry", "title-against-content"
NONE = np.empty(0, dtype=np.uint8)


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
        themes = Themes(file["totals"], file["gains"], file["usual"], spread)
        return themes, dict(zip(file["sample"].tolist(), file["member"].tolist(), strict=True))


def sample_of(base: Any, job: Job, collection: int) -> Learning:
    """Writes entries by their digests, which is as good as by lot and the same for any order of shards; equal texts once."""
    path = job.parts / f"{collection}.sample.parquet"
    base.execute(f"""
        COPY (SELECT {", ".join(COLUMNS)}, drawn FROM sketches WHERE len(buckets) > 0 AND collection = {collection}
              QUALIFY row_number() OVER (PARTITION BY drawn ORDER BY n) = 1 ORDER BY drawn LIMIT {SAMPLE})
        TO '{quoted(path)}' (FORMAT parquet)
    """)  # noqa: S608 - our own names
    return Learning(str(path), str(themes_of(job, collection)))


def learn_themes(item: Learning) -> int:
    """Learns the subjects of a sample and writes them beside it; gives the number of entries."""
    drawn = parquet.read_table(item.sample)
    numbers, sample = sketches_of(drawn.sort_by("drawn"))
    themes, member = learn(sample)
    path = Path(item.themes)
    with part_of(path) as (part, stream):
        places, *bounds = themes.spread
        known: dict[str, NDArray[Any]] = {
            "totals": themes.totals,
            "gains": themes.gains,
            "usual": themes.usual,
            "places": places,
        }
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


def judge(base: Any, job: Job) -> None:
    """The table `measured`, of all collections, from the parts that were measured."""
    write(job.parts / "none.measured.parquet", MEASURED.empty_table())
    files = f"{quoted(job.parts)}/*.measured.parquet"
    base.execute(f"CREATE OR REPLACE TABLE measured AS SELECT * FROM read_parquet('{files}')")  # noqa: S608 - our own names


def sayings(base: Any, speaker: Speaker, large: Sequence[int], job: Job) -> Iterator[Said]:
    """What the rules say of the entries of large collections that are foreign there, or have another's title."""
    asked = [(speaker.rules[name], name) for name in (FOREIGN, TITLES) if name in speaker.rules]
    for place, collection in enumerate(large if asked else ()):
        known = strays_of(base, load(str(themes_of(job, collection)))[0], collection, THEMES * place)
        for rule, name in asked:
            found = known if name == FOREIGN else suspects_of(job, collection, known)
            for n, hit in rule.check(found, speaker.shelf.entry):
                here = speaker.shelf.facts(n)
                at = span_in(here, *hit.span)
                yield Said(here, rule.name, hit.variant, hit.values, hit.evidence, at, hit.confidence, hit.severity)


def suspects_of(job: Job, collection: int, known: Strays) -> Suspects:
    """The entries of a large collection whose title may be another's."""
    return Suspects(silent(titled(job, collection)), lambda: {stray.entry for stray in known.found})


def titled(job: Job, collection: int) -> Iterator[tuple[int, Sketch]]:
    """The numbers and sketches of the entries of a collection that have titles, without their counts, which no title needs."""
    for file in sorted(job.parts.glob("*.sketches.parquet")):
        rows = parquet.read_table(file, columns=["n", "buckets", "title_buckets", "han", "collection"])
        rows = rows.filter(pc.and_(pc.equal(rows["collection"], collection), pc.fill_null(rows["han"], False)))
        (buckets, bounds), (titles, ends) = (listed(rows[name]) for name in ("buckets", "title_buckets"))
        for row, n in enumerate(rows["n"].to_pylist()):
            if len(title := titles[ends[row] : ends[row + 1]]):
                yield n, Sketch(buckets[bounds[row] : bounds[row + 1]], NONE, title, han=True)


def strays_of(base: Any, themes: Themes, collection: int, first: int) -> Strays:
    """The entries of a large collection that lie far from all others; `first` is the number of its first subject."""
    query = f"SELECT * FROM measured JOIN home USING (n) WHERE collection = {collection} AND NOT isnan(bits)"  # noqa: S608 - numbers
    (entries,) = base.execute(f"SELECT count(*) FROM ({query})").fetchone()  # noqa: S608
    found = base.execute(f"{query} AND far >= {LEAST}").fetchnumpy()  # a few in a hundred
    measured = Measured(found["subject"] - first, found["bits"], found["far"])
    apart = is_outlier(measured.far, themes.spread)
    outside = ", ".join(map(str, found["n"][apart].tolist())) or "-1"

    def like(subject: int) -> list[int]:
        same = f"""
            SELECT n FROM ({query}) JOIN sketches USING (n) WHERE subject = {first + subject} AND n NOT IN ({outside})
            ORDER BY drawn, n LIMIT {NAMING}
        """  # noqa: S608
        return sorted(n for (n,) in base.execute(same).fetchall())

    return apart_from_all(found["n"][apart], measured.of(apart), themes, entries, like)


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
