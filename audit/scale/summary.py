"""The graded report of a scan: figures and examples, as a value, as JSON and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from audit.atomic import write_atomically
from audit.grade import ORDER, rated
from audit.model import Action
from audit.report.markdown import cell
from audit.report.passage import flat
from audit.scale.database import quoted, rows
from audit.scale.job import Job
from audit.scale.phrases import again
from audit.words import label, listing, say

EXAMPLES, WORST, TOLD = 3, 20, 20
SHOWN = 40  # code points of an example
KINDS = """
    SELECT kind, count(*) AS count, count(*) FILTER (safety = 'safe') AS safe,
           count(*) FILTER (safety = 'suggested') AS suggested, count(*) FILTER (safety IS NULL) AS none
    FROM found GROUP BY kind
"""
EFFORT = """
    SELECT item.key AS kind, sum(round(item.value * 100)::BIGINT) / 100 AS effort
    FROM (SELECT unnest(map_entries(effort)) AS item FROM entry) GROUP BY kind
"""
TOTALS = """
    SELECT count(*) AS entries, coalesce(sum(characters), 0)::BIGINT AS characters, coalesce(sum(critical), 0)::BIGINT AS critical,
           coalesce(sum(round(effort_after * 100)::BIGINT), 0)::BIGINT AS after,
           count(DISTINCT cluster) AS clusters, count(cluster) AS clustered
    FROM entry
"""
# a few of each kind first, so that none is missing; the same places once more, with what they are said by
PROBLEM = """
    SELECT path, entry, line, kind, reason, any_value(words) AS words FROM (
        SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY file_row_number) AS rank FROM problem)
        QUALIFY row_number() OVER (ORDER BY rank, file_row_number) <= {count}) p
    LEFT JOIN problems USING (path, entry, line, kind, reason)
    GROUP BY path, entry, line, kind, reason, file_row_number ORDER BY file_row_number
"""
# the places first and their words then: a window over the words of millions of findings is more than memory holds
EXAMPLE = """
    SELECT kind, rule, path, entry, id, line, message, excerpt, suggestion, confidence FROM found JOIN (
        SELECT place, row_number() OVER (PARTITION BY kind ORDER BY rank, confidence DESC, place) AS chosen FROM (
            SELECT kind, confidence, file_row_number AS place,
                   row_number() OVER (PARTITION BY kind, rule ORDER BY confidence DESC, file_row_number) AS rank FROM found)
        QUALIFY chosen <= {count}) ON place = file_row_number
    ORDER BY kind, chosen
"""
WORST_ENTRIES = """
    SELECT path, entry, id, title, line, grade, score, action, effort FROM entry WHERE score < 90 AND action <> 'drop'
    ORDER BY score, file_row_number LIMIT {count}
"""


def summarise(base: Any, job: Job, failures: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The figures of a scan from the tables that it wrote."""
    from audit import __version__  # noqa: PLC0415 - the package imports us

    folder = quoted(Path(job.output))
    for view, name in (("found", "findings"), ("entry", "entries"), ("problem", "problems")):
        file = f"read_parquet('{folder}/{name}.parquet', file_row_number = true)"
        base.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT * FROM {file}")  # noqa: S608 - our own names
    (totals,) = rows(base, TOTALS)
    size, weights = totals["characters"], job.config.grade
    efforts = {row["kind"]: row["effort"] for row in rows(base, EFFORT)}
    now = rated(sum(efforts.values()), totals["critical"], size, weights)
    after = rated(totals["after"] / 100, totals["critical"], size, weights)
    kinds = [
        {**row, "effort": round(efforts.get(row["kind"], 0.0) * 1000 / max(size, 1), 3)} for row in rows(base, KINDS)
    ]
    return {
        "tool": "jiaokan",
        "version": __version__,
        "files": len(job.files),
        "entries": totals["entries"],
        "characters": size,
        "as_it_stands": {"score": round(now[0], 1), "grade": now[1]},
        "after_safe_repairs": {"score": round(after[0], 1), "grade": after[1]},
        "grades": tally(base, "grade", "entry", tuple(ORDER)),
        "actions": tally(base, "action", "entry", tuple(action.value for action in Action)),
        "severities": tally(base, "severity", "found", ()),
        "kinds": sorted(kinds, key=lambda row: (-row["effort"], row["kind"])),
        "rules": tally(base, "rule", "found", ()),
        "clusters": {"clusters": totals["clusters"], "entries": totals["clustered"]},
        "foreign": tally(base, "rule", "found", ()).get("TOP001", 0),
        "examples": list(rows(base, EXAMPLE.format(count=EXAMPLES))),
        "worst": list(rows(base, WORST_ENTRIES.format(count=WORST))),
        "problems": tally(base, "kind", "problem", ()),
        "problem_examples": [
            {**row, "reason": again(row.pop("words"), row["reason"])} for row in rows(base, PROBLEM.format(count=TOLD))
        ],
        "sure": tally(base, "severity", "(SELECT severity FROM found WHERE confidence >= 0.5)", ()),
        "failures": [{"rule": rule, "reason": reason} for rule, reason in failures],
    }


def tally(base: Any, column: str, view: str, known: Sequence[str]) -> dict[str, int]:
    """How often each value of a column occurs; the known ones first."""
    query = f"SELECT {column} AS value, count(*) AS count FROM {view} GROUP BY value ORDER BY value"  # noqa: S608 - our own names
    found = {row["value"]: row["count"] for row in rows(base, query)}
    return {
        value: found[value] for value in [*known, *(value for value in found if value not in known)] if value in found
    }


def write_summary(job: Job, summary: dict[str, Any]) -> str:
    """Writes `summary.json` and `summary.md`; gives the page."""
    folder = Path(job.output)
    page = "\n".join(lines(summary)) + "\n"
    write_atomically(folder / "summary.md", page.encode("utf-8"))
    write_atomically(
        folder / "summary.json", msgspec.json.format(msgspec.json.encode(summary, enc_hook=str), indent=1) + b"\n"
    )
    return page


def lines(summary: dict[str, Any]) -> Iterator[str]:
    """The page."""
    now, after = summary["as_it_stands"], summary["after_safe_repairs"]
    words = [say("graded", letter=one["grade"], score=int(one["score"])) for one in (now, after)]
    key = "verdict" if words[0] != words[1] else "verdict.same"
    yield f"# {say(key, now=words[0], after=words[1])}"
    yield ""
    figures = {name: f"{summary[name]:,}" for name in ("files", "entries", "characters")}
    yield f"- {say('scan.size', **figures)}"
    clusters = {name: f"{count:,}" for name, count in summary["clusters"].items()}
    if summary["clusters"]["clusters"]:
        yield f"- {say('scan.clusters', **clusters)}"
    if summary["foreign"]:
        foreign = f"{summary['foreign']:,}"
        yield f"- {say('scan.foreign', entries=foreign)}"
    if summary.get("accepted"):
        yield f"- {say('scan.accepted', count=format(summary['accepted'], ','))}"
    for one in summary.get("remarks", ())[:TOLD]:
        yield f"- {cell(say('remark', path=one['path'], line=one['line'], words=one['message']))}"
    yield from counted(
        say("scan.actions"), {say(f"action.{name}"): count for name, count in summary["actions"].items()}
    )
    yield from counted(say("scan.grades"), summary["grades"])
    if summary["kinds"]:
        yield from heading(say("title.kinds"))
        yield from table(
            ("kind", "count", "safe", "suggested", "none", "cost"),
            (
                (
                    label("kind", row["kind"]),
                    *(f"{row[name]:,}" for name in ("count", "safe", "suggested", "none")),
                    f"{row['effort']:.2f}",
                )
                for row in summary["kinds"]
            ),
        )
        yield from heading(say("scan.examples"))
        yield from table(
            ("rule", "place", "excerpt", "message"),
            (
                (row["rule"], place(row), flat(row["excerpt"], SHOWN), flat(row["message"], 2 * SHOWN))
                for row in summary["examples"]
            ),
        )
    if summary["worst"]:
        yield from heading(say("scan.worst"))
        yield from table(
            ("place", "grade", "action", "why"),
            (
                (place(row), f"{row['grade']} {int(row['score'])}", label("act", row["action"]), dearest(row["effort"]))
                for row in summary["worst"]
            ),
        )
    if summary["problems"] or summary["failures"]:
        yield from lacking(summary)
    yield ""
    yield say("scan.tables", findings="`findings.parquet`", entries="`entries.parquet`")


def lacking(summary: dict[str, Any]) -> Iterator[str]:
    """What could not be read or run."""
    yield from heading(say("scan.problems", count=f"{sum(summary['problems'].values()):,}"))
    yield from table(
        ("problem", "count"),
        ((say(f"problem.{kind}"), f"{count:,}") for kind, count in summary["problems"].items()),
    )
    yield ""
    yield from table(("place", "reason"), ((place(row), f"{row['reason']}") for row in summary["problem_examples"]))
    if sum(summary["problems"].values()) > len(summary["problem_examples"]):
        yield ""
        yield say("scan.problems.all", problems="`problems.parquet`")
    for failure in summary["failures"]:
        yield f"- {cell(say('failed', path='*', **failure))}"
    yield ""
    yield say("incomplete")


def heading(words: str) -> list[str]:
    """A section's heading."""
    return ["", f"## {words}", ""]


def counted(words: str, counts: dict[str, int]) -> Iterator[str]:
    """Counts on one line."""
    yield "- " + say(
        "{name}: {reason}", name=words, reason=listing(f"{name} {count:,}" for name, count in counts.items())
    )


def table(columns: Sequence[str], cells: Any) -> Iterator[str]:
    """A Markdown table."""
    yield "| " + " | ".join(say(f"column.{name}") for name in columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in cells:
        yield "| " + " | ".join(cell(str(value)) for value in row) + " |"


def place(row: dict[str, Any]) -> str:
    """Path and line, with the id where there is one."""
    at = f"{row['path']}:{row['line']}" if row["line"] else row["path"]
    return f"{at} ({row['id']})" if row.get("id") else at


def dearest(effort: dict[str, float]) -> str:
    """The kinds that cost most."""
    return listing(label("kind", kind) for kind, _ in sorted(effort.items(), key=lambda item: (-item[1], item[0]))[:3])
