"""Duplicates as clusters with the copy worth keeping, and what is to be said of each of the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from audit.language.worth import MUCH_WORSE, TOGETHER, WIDE, WORSE
from audit.scale.database import quoted
from audit.scale.duplicates import GROUP, HELD
from audit.scale.job import Job

Numbers = NDArray[np.int64]
LIKENESS = """
CREATE OR REPLACE TABLE edge AS
    SELECT later, earlier, kind, alike, share, ratio, "count" AS many, severity, severity_earlier, passages FROM read_parquet('{files}')
    UNION ALL SELECT later, earlier, 'exact', 1, 1, 1, 0, NULL, NULL, [] FROM equal
"""
COPIES = """
COPY (SELECT n, {held} FROM texts JOIN component USING (n)) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group})
"""
# of those that are not clearly more damaged than the best one the first, as `audit.language.copies.kept_of` has it
MEMBERS = """
CREATE OR REPLACE TABLE weighed AS
    SELECT n, root, damage, min(damage) OVER (PARTITION BY root) AS least
    FROM component JOIN read_parquet('{files}') USING (n);
CREATE OR REPLACE TABLE member AS
    SELECT n, root, count(*) OVER (PARTITION BY root) AS many,
           row_number() OVER (PARTITION BY root ORDER BY damage >= {worse} * least AND damage - least >= {much}, n) = 1 AS kept
    FROM weighed;
CREATE OR REPLACE TABLE cluster AS
    SELECT m.n, lower(hex(s.digest)) AS cluster, many, kept FROM member m JOIN sketch s ON s.n = m.root;
"""
# of each entry that is not kept the edge to the kept copy, or else to its likest neighbour; the shorter of a containment; then the
# rest: as `audit.language.copies.told` has it
SPOKEN = """
CREATE OR REPLACE TABLE sides AS
    SELECT later AS n, earlier AS other, kind, alike, share, ratio, many, severity, passages, false AS flipped FROM edge
    UNION ALL
    SELECT earlier, later, CASE kind WHEN 'holds' THEN 'contained' WHEN 'contained' THEN 'holds' ELSE kind END, alike, share,
           CASE WHEN ratio > 0 THEN 1 / ratio ELSE 0 END, many, severity_earlier, passages, true FROM edge;
CREATE OR REPLACE TABLE spoken AS
    SELECT b.* FROM sides b JOIN member m ON m.n = b.n JOIN member o ON o.n = b.other
    WHERE kind IN ('exact', 'near', 'template') AND NOT m.kept
    QUALIFY row_number() OVER (PARTITION BY b.n ORDER BY o.kept DESC, alike DESC, other) = 1;
INSERT INTO spoken
    SELECT * FROM sides WHERE kind = 'contained' AND n NOT IN (SELECT n FROM spoken)
    QUALIFY row_number() OVER (PARTITION BY n ORDER BY share DESC, other) = 1;
INSERT INTO spoken
    SELECT * FROM sides WHERE kind = '' AND NOT flipped AND n NOT IN (SELECT n FROM spoken)
    QUALIFY row_number() OVER (PARTITION BY n ORDER BY share DESC, other) = 1;
"""
# each paragraph once: its second place in the first entry that has it twice, or else in the second entry that has it, if that is not
# spoken of as a whole; as DUP003 has it
PARAGRAPHS = """
CREATE OR REPLACE TABLE paragraph AS
    SELECT n, unnest(paragraphs) AS h, unnest(paragraph_starts) AS first, unnest(paragraph_ends) AS last
    FROM sketches WHERE len(paragraphs) > 0;
CREATE OR REPLACE TABLE repeated AS
    SELECT h, n, first, last, lag(n) OVER w AS other, lag(first) OVER w AS other_first, lag(last) OVER w AS other_last,
           count(*) OVER (PARTITION BY h) AS many
    FROM paragraph WHERE h IN (SELECT h FROM paragraph GROUP BY h HAVING count(*) > 1) WINDOW w AS (PARTITION BY h ORDER BY n, first);
DROP TABLE paragraph;
CREATE OR REPLACE TABLE again AS
    SELECT *, n = other AS inside FROM repeated WHERE other IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY h ORDER BY n = other DESC, n, first) = 1;
DELETE FROM again WHERE NOT inside AND last - first < {wide};
CREATE OR REPLACE TABLE met AS
    SELECT h, a.digest = b.digest AS equal, a.prints AS mine, b.prints AS others
    FROM again JOIN sketches a ON a.n = again.n JOIN sketches b ON b.n = again.other WHERE NOT inside;
DELETE FROM again WHERE h IN (SELECT h FROM met
    WHERE equal OR len(list_intersect(mine, others)) >= {together} * greatest(least(len(mine), len(others)), 1));
DROP TABLE met;
"""


def run(base: Any, statements: str, **values: Any) -> None:
    """Executes statements one after the other."""
    for statement in filter(str.strip, statements.format(**values).split(";")):
        base.execute(statement)


def components(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """The nodes of a graph and the least node that each is connected with, shapes (nodes,)."""
    nodes, index = np.unique(np.concatenate([left, right]), return_inverse=True)
    a, b = index[: len(left)], index[len(left) :]
    label = np.arange(len(nodes))
    while True:
        least = np.minimum(label[a], label[b])
        new = label.copy()
        np.minimum.at(new, a, least)
        np.minimum.at(new, b, least)
        new = new[new]
        if np.array_equal(new, label):
            return nodes, nodes[label]
        label = new


def write_copies(base: Any, job: Job, path: Path) -> None:
    """The tables `edge` of pairs that were aligned and `component` of those that are copies of one another, whose texts go into a file."""
    run(base, LIKENESS, files=f"{quoted(job.parts)}/*.likeness.parquet")
    edges = base.execute("SELECT later, earlier FROM edge WHERE kind IN ('exact', 'near', 'template')").fetchnumpy()
    nodes, roots = components(edges["later"].astype(np.int64), edges["earlier"].astype(np.int64))
    base.register("found", pa.table({"n": nodes, "root": roots}))
    base.execute("CREATE OR REPLACE TABLE component AS SELECT * FROM found")
    base.unregister("found")
    base.execute(COPIES.format(held=", ".join(HELD), path=quoted(path), group=GROUP))


def sort(base: Any, job: Job) -> None:
    """The tables `cluster` (n, cluster, many, kept) and `spoken`, once the copies are weighed."""
    run(base, MEMBERS, files=f"{quoted(job.parts)}/*.damage.parquet", worse=WORSE, much=MUCH_WORSE)
    run(base, SPOKEN)


def find_paragraphs(base: Any) -> None:
    """The table `again` of paragraphs that stand twice."""
    run(base, PARAGRAPHS, wide=WIDE, together=TOGETHER)
