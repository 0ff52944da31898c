"""What is to be said of duplicates: rows with their texts and addresses, written by the database and put into words by the workers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from audit.language.passages import own_share
from audit.language.worth import NEARBY, is_prose, leans
from audit.model import Severity, Span
from audit.rule import Scope
from audit.scale.database import quoted
from audit.scale.held import document_of
from audit.scale.job import Job
from audit.scale.parts import write
from audit.scale.pieces import Piece, pieces
from audit.scale.rows import SAID, table
from audit.scale.said import Said, Speaker
from audit.scale.shard import prepared
from audit.scale.shelf import Shelf

# what is said of an entry comes with its address, its text, and the address of the entry that it names
FACTS = """
SELECT q.*, e.path, e.entry, e.id, e.line, e.location, t.start AS base, t.* EXCLUDE (n, start),
       o.path AS other_path, o.entry AS other_entry, o.line AS other_line, o.id AS other_id, s.start AS other_base, s.record AS other_record
FROM (SELECT * FROM spoken_of WHERE n BETWEEN {low} AND {high}) q
JOIN (SELECT * FROM entries WHERE n BETWEEN {low} AND {high}) e ON e.n = q.n
JOIN (SELECT * FROM texts WHERE n BETWEEN {low} AND {high}) t ON t.n = q.n
LEFT JOIN entries o ON o.n = q.other LEFT JOIN texts s ON s.n = q.other
"""
TOGETHER = (
    1 << 14
)  # rows that are joined with their texts at a time: sorted all at once they are more than memory holds
FIRSTS = """
SELECT DISTINCT n FROM (SELECT n, row_number() OVER (ORDER BY n) AS place FROM spoken_of) WHERE place % {together} = 1 ORDER BY n
"""
COPY_FACTS = "COPY ({facts}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)"
PAIRS, PARAGRAPHS = "pairs", "paragraphs"
QUERIES = {  # and the rules that want it
    PAIRS: (
        "SELECT s.*, c.cluster FROM spoken s LEFT JOIN cluster c USING (n)",
        {"duplicate-entry", "shared-passages"},
    ),
    PARAGRAPHS: ("SELECT * FROM again", {"repeated-paragraph"}),
}


@dataclass(frozen=True, slots=True)
class Speaking:
    """Some rows of what is to be said: of pairs, or of paragraphs."""

    job: Job
    kind: str
    piece: Piece


def write_spoken(base: Any, job: Job, names: frozenset[str]) -> Iterator[Speaking]:
    """The rows that rules of these names say something of, with what `FACTS` adds, as items of work."""
    brief = job.brief()
    for kind, (query, rules) in QUERIES.items():
        if rules & names:
            yield from (Speaking(brief, kind, piece) for piece in pieces(files(base, job, kind, query)))


def files(base: Any, job: Job, kind: str, query: str) -> Iterator[Path]:
    """Those rows in files, some thousand in each."""
    base.execute(f"CREATE OR REPLACE TABLE spoken_of AS {query}")
    firsts = base.execute(FIRSTS.format(together=TOGETHER)).fetchall()
    for low, next_low in pairwise([*(low for (low,) in firsts), 1 << 62]):
        path = job.parts / f"{kind}-{low}.spoken.parquet"
        base.execute(COPY_FACTS.format(facts=FACTS.format(low=low, high=next_low - 1), path=quoted(path)))
        yield path


def speak(item: Speaking) -> int:
    """Writes what is to be said of rows as findings; gives their number."""
    config = item.job.config
    rules = {rule.name: rule for rule in prepared(msgspec.json.encode(config))[0] if rule.scope is Scope.COLLECTION}
    speaker = Speaker(rules, config, Shelf(item.job.parts))
    said = of_pair if item.kind == PAIRS else of_paragraph
    spoken = (one for row in item.piece.rows() for one in said(row) if one.rule in rules)
    found = [row for one in spoken if (row := speaker.row(one)) is not None]
    made = table([{**row, "drop": drop} for row, drop in found], SAID)
    write(item.job.parts / f"{item.kind}-{item.piece.number:06d}.said.parquet", made)
    return len(found)


def of_paragraph(row: Mapping[str, Any]) -> Iterator[Said]:
    """What is to be said of a paragraph that stood before, if it is prose."""
    seen = document_of(row).text
    passage = seen.body[row["first"] : row["last"]]
    if not is_prose(passage):
        return
    near = row["inside"] and row["first"] - row["other_last"] <= NEARBY and not leans(passage)
    yield Said(
        row,
        "repeated-paragraph",
        "" if row["inside"] else "across",
        {"count": row["many"]},
        {"count": row["many"]},
        span=seen.to_origin(row["first"], row["last"]),
        severity=None if near else Severity.INFO,
        other=Span(row["other_first"], row["other_last"]),
    )


def of_pair(row: Mapping[str, Any]) -> Iterator[Said]:
    """What is to be said of an entry that is like another."""
    name = "duplicate-entry" if row["kind"] else "shared-passages"
    share, alike = row["share"], row["alike"]
    percent = int(100 * (share if row["kind"] in {"contained", ""} else alike))
    sides = ("there", "here") if row["flipped"] else ("here", "there")
    bases = (row["base"], row["other_base"])
    passages = []
    for one in row["passages"]:
        here, there = (
            {"start": one[f"{side}_start"] + base, "end": one[f"{side}_end"] + base}
            for side, base in zip(sides, bases, strict=True)
        )
        passages.append({"here": here, "earlier": there, "length": here["end"] - here["start"]})
    sure = 0.99 if row["kind"] == "exact" else 0.95 if row["kind"] else round(min(0.97, 0.8 + share / 2), 2)
    evidence = {
        "similarity": round(alike, 3) or None,
        "share_of_shorter": round(share, 3),
        "share_of_entry": round(own_share(share, row["ratio"]), 3),
        "passages": passages,
        "cluster": row["cluster"],
    }
    values = {"percent": percent, "count": row["many"]}
    severity = None if row["severity"] is None else Severity(row["severity"])
    yield Said(row, name, row["kind"], values, evidence, confidence=sure, severity=severity)
