"""Duplicates as clusters with the copy worth keeping, and what is to be said of each of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from audit.model import Severity
from audit.scale.database import quoted
from audit.scale.job import Job
from audit.scale.said import Said, Speaker, with_facts

Numbers = NDArray[np.int64]
LIKENESS = """
CREATE OR REPLACE TABLE edge AS
    SELECT later, earlier, kind, alike, share, ratio, "count" AS many, passages FROM read_parquet('{files}')
    UNION ALL SELECT later, earlier, 'exact', 1, 1, 1, 0, [] FROM equal
"""
# the best grade, then the longest, then the first
MEMBERS = """
CREATE OR REPLACE TABLE member AS
    SELECT c.n, root, count(*) OVER (PARTITION BY root) AS many,
           row_number() OVER (PARTITION BY root ORDER BY grade, characters DESC, c.n) = 1 AS kept
    FROM component c JOIN entries e ON e.n = c.n;
CREATE OR REPLACE TABLE cluster AS
    SELECT m.n, lower(hex(s.digest)) AS cluster, many, kept FROM member m JOIN sketch s ON s.n = m.root;
"""
# of each entry that is not kept the edge to the kept copy, or else to its likest neighbour; the shorter of a containment; then the rest
SPOKEN = """
CREATE OR REPLACE TABLE spoken AS
    SELECT n, other, kind, alike, share, b.many, passages, flipped FROM (
        SELECT later AS n, earlier AS other, kind, alike, share, many, passages, false AS flipped FROM edge
        UNION ALL SELECT earlier, later, kind, alike, share, many, passages, true FROM edge) b
    JOIN member m USING (n) JOIN member o ON o.n = b.other
    WHERE kind IN ('exact', 'near', 'template') AND NOT m.kept
    QUALIFY row_number() OVER (PARTITION BY n ORDER BY o.kept DESC, alike DESC, other) = 1;
INSERT INTO spoken
    SELECT n, other, 'contained', alike, share, many, passages, flipped FROM (
        SELECT later AS n, earlier AS other, alike, share, many, passages, false AS flipped FROM edge WHERE kind = 'contained'
        UNION ALL SELECT earlier, later, alike, share, many, passages, true FROM edge WHERE kind = 'holds')
    WHERE n NOT IN (SELECT n FROM spoken) QUALIFY row_number() OVER (PARTITION BY n ORDER BY share DESC, other) = 1;
INSERT INTO spoken
    SELECT later, earlier, '', alike, share, many, passages, false FROM edge
    WHERE kind = '' AND later NOT IN (SELECT n FROM spoken)
    QUALIFY row_number() OVER (PARTITION BY later ORDER BY share DESC, earlier) = 1;
"""
PARAGRAPHS = """
CREATE OR REPLACE TABLE paragraph AS
    SELECT n, unnest(paragraphs) AS h, unnest(paragraph_starts) AS first, unnest(paragraph_ends) AS last
    FROM sketches WHERE len(paragraphs) > 0;
CREATE OR REPLACE TABLE again AS
    SELECT h, n, other, first, last, other_first, other_last, many FROM (
        SELECT h, n, first, last, lag(n) OVER w AS other, lag(first) OVER w AS other_first, lag(last) OVER w AS other_last,
               count(*) OVER (PARTITION BY h) AS many, row_number() OVER w AS place
        FROM (SELECT h, n, min(first) AS first, min(last) AS last FROM paragraph GROUP BY h, n) WINDOW w AS (PARTITION BY h ORDER BY n))
    WHERE place = 2 AND n NOT IN (SELECT n FROM spoken);
DELETE FROM again USING sketch a, sketch b WHERE a.n = again.n AND b.n = again.other AND a.document = b.document;
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


def cluster(base: Any, job: Job) -> None:
    """The tables `cluster` (n, cluster, many, kept), `spoken` and `again` from the pairs that were aligned."""
    run(base, LIKENESS, files=f"{quoted(job.parts)}/*.likeness.parquet")
    edges = base.execute("SELECT later, earlier FROM edge WHERE kind IN ('exact', 'near', 'template')").fetchnumpy()
    nodes, roots = components(edges["later"].astype(np.int64), edges["earlier"].astype(np.int64))
    base.register("found", pa.table({"n": nodes, "root": roots}))
    base.execute("CREATE OR REPLACE TABLE component AS SELECT * FROM found")
    base.unregister("found")
    run(base, MEMBERS)
    run(base, SPOKEN)
    run(base, PARAGRAPHS)


def sayings(base: Any, speaker: Speaker) -> Iterator[Said]:
    """What is to be said of duplicates, by the rules that are at work."""
    if "duplicate-entry" in speaker.rules or "shared-passages" in speaker.rules:
        for row in with_facts(base, "SELECT s.*, c.cluster FROM spoken s LEFT JOIN cluster c USING (n)"):
            yield from of_pair(row, speaker)
    if "repeated-paragraph" in speaker.rules:
        for row in with_facts(base, "SELECT * FROM again", ", q.first"):
            yield Said(
                row,
                "repeated-paragraph",
                "across",
                {"count": row["many"]},
                {"count": row["many"]},
                span=(row["first"], row["last"]),
                severity=Severity.INFO,
            )


def of_pair(row: Mapping[str, Any], speaker: Speaker) -> Iterator[Said]:
    """What is to be said of an entry that is like another."""
    name = "duplicate-entry" if row["kind"] else "shared-passages"
    if name not in speaker.rules:
        return
    share, alike = round(row["share"], 3), round(row["alike"], 3)
    percent = int(100 * (alike if row["kind"] in {"near", "template", "exact"} else share))
    sides = ("there", "here") if row["flipped"] else ("here", "there")
    passages = [
        {
            "here": {"start": one[f"{sides[0]}_start"], "end": one[f"{sides[0]}_end"]},
            "earlier": {"start": one[f"{sides[1]}_start"], "end": one[f"{sides[1]}_end"]},
            "length": one[f"{sides[0]}_end"] - one[f"{sides[0]}_start"],
        }
        for one in row["passages"]
    ]
    sure = 0.99 if row["kind"] == "exact" else 0.95 if row["kind"] else round(min(0.97, 0.8 + share / 2), 2)
    evidence = {"similarity": alike or None, "share_of_shorter": share, "passages": passages, "cluster": row["cluster"]}
    values = {"percent": percent, "count": row["many"]}
    yield Said(row, name, row["kind"], values, evidence, confidence=sure)
