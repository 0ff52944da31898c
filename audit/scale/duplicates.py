"""Which entries are worth a comparison: the join by which those of any part meet.

Equal digests are equal texts. For the others two joins propose pairs: a band of the MinHash signatures in common (texts that
are alike as a whole), and rare prints in common (passages). Both are bounded by how often a key occurs: of a key that many
share, each entry meets the first that has it and the one before; a print that many share is boilerplate and proposes nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit.language.likeness import BY_BANDS, MIN_PRINTS, TRIES, few, thinning, worth
from audit.language.shingles import SAMPLED
from audit.scale.database import quoted

GROUP = 2048  # pairs compared at a time: a few megabytes of text
SLICE = (
    1 << 25
)  # kept characters of pairs that are joined with their texts at a time: some 100 MB, and the texts are read once for each

MEET = """
CREATE OR REPLACE TABLE sketch AS SELECT n, document, digest, size, len(prints) AS prints FROM sketches WHERE digest IS NOT NULL;
CREATE OR REPLACE TABLE equal AS
    SELECT n AS later, first AS earlier FROM (SELECT n, min(n) OVER (PARTITION BY digest, size) AS first FROM sketch)
    WHERE n <> first;
CREATE OR REPLACE TABLE band AS
    SELECT key, n FROM (SELECT n, unnest(bands) AS key FROM sketches WHERE bands IS NOT NULL)
    WHERE n NOT IN (SELECT later FROM equal);
CREATE OR REPLACE TABLE banded AS
    SELECT later, earlier, list_extract({by_bands}, count(*) + 1) AS score FROM (
        SELECT DISTINCT key, later, unnest([first, previous]) AS earlier FROM (
            SELECT key, n AS later, min(n) OVER w AS first, lag(n) OVER w AS previous
            FROM band WHERE key IN (SELECT key FROM band GROUP BY key HAVING count(*) > 1)
            WINDOW w AS (PARTITION BY key ORDER BY n)))
    WHERE earlier < later GROUP BY later, earlier;
DROP TABLE band;
CREATE OR REPLACE TABLE print AS
    SELECT p, n FROM (SELECT n, unnest(prints) AS p FROM sketches WHERE prints IS NOT NULL)
    WHERE p < {limit} AND n NOT IN (SELECT later FROM equal);
CREATE OR REPLACE TABLE shared AS SELECT p, count(*) AS many FROM print GROUP BY p HAVING count(*) > 1;
CREATE OR REPLACE TABLE rare AS SELECT p, n FROM print WHERE p IN (SELECT p FROM shared WHERE many <= {few});
CREATE OR REPLACE TABLE printed AS
    SELECT b.n AS later, a.n AS earlier, count(*) AS many FROM rare a JOIN rare b ON a.p = b.p AND a.n < b.n
    GROUP BY later, earlier HAVING count(*) >= {least};
CREATE OR REPLACE TABLE candidate AS
    SELECT later, earlier, max(score) AS score FROM (
        SELECT later, earlier, score FROM banded
        UNION ALL
        SELECT later, earlier, many * {thin} / greatest(least(a.prints, b.prints), 1) AS score
        FROM printed JOIN sketch a ON a.n = later JOIN sketch b ON b.n = earlier)
    WHERE score >= {worth} GROUP BY later, earlier
    QUALIFY row_number() OVER (PARTITION BY later ORDER BY max(score) DESC, earlier) <= {tries};
INSERT INTO candidate SELECT later, earlier, 1 FROM equal JOIN sketch a ON a.n = later JOIN sketch b ON b.n = earlier WHERE a.document = b.document;
DELETE FROM equal USING sketch a, sketch b WHERE a.n = later AND b.n = earlier AND a.document = b.document;
CREATE OR REPLACE TABLE boilerplate AS
    SELECT n, list(p ORDER BY p) AS prints FROM print
    WHERE p IN (SELECT p FROM shared WHERE many > {few}) AND n IN (SELECT later FROM candidate) GROUP BY n;
"""
SLICED = """
CREATE OR REPLACE TABLE sliced AS
    SELECT later, earlier, a.document = b.document AS together, CAST(sum(a.size + b.size) OVER (ORDER BY later, earlier) // {most} AS BIGINT) AS slice
    FROM candidate JOIN sketch a ON a.n = later JOIN sketch b ON b.n = earlier
"""
PAIRS = """
COPY (SELECT c.later, c.earlier, c.together, {{{here}}} AS here, {{{there}}} AS there, p.prints AS common
      FROM (SELECT later, earlier, together FROM sliced WHERE slice = {slice}) c
      JOIN texts a ON a.n = c.earlier JOIN texts b ON b.n = c.later LEFT JOIN boilerplate p ON p.n = c.later)
TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group})
"""


HELD = (
    "text",
    "title",
    "heading",
    "glosses",
    "number",
    "record",
    "caption",
    "part",
    "start",
)  # what an entry is made of again


def propose(base: Any) -> tuple[dict[str, int], int]:
    """The table `sliced` of pairs worth a comparison; gives the volumes of the joins, for the record, and of how many prints one was looked at."""
    fresh = count(base, "(SELECT DISTINCT digest, size FROM sketches WHERE digest IS NOT NULL)")
    thin = thinning(fresh)
    query = MEET.format(
        by_bands=list(BY_BANDS),
        limit=SAMPLED // thin,
        few=few(fresh),
        least=MIN_PRINTS,
        thin=thin,
        worth=worth(thin),
        tries=TRIES,
    )
    for statement in filter(str.strip, query.split(";")):
        base.execute(statement)
    base.execute(SLICED.format(most=SLICE))
    return {name: count(base, name) for name in ("equal", "banded", "printed", "candidate")}, thin


def write_pairs(base: Any, folder: Path) -> Iterator[Path]:
    """The pairs with their texts in files, one slice after the other: joined all at once, the texts are more than memory holds."""
    here, there = (", ".join(f"'{name}': {side}.{name}" for name in HELD) for side in "ba")
    slices = base.execute("SELECT DISTINCT slice FROM sliced ORDER BY slice").fetchall()
    for number, (one,) in enumerate(slices):
        path = folder / f"{number:08d}.pairs.parquet"
        base.execute(PAIRS.format(path=quoted(path), group=GROUP, slice=one, here=here, there=there))
        yield path


def count(base: Any, table: str) -> int:
    """The rows of a table."""
    return int(base.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])  # noqa: S608 - our own tables
