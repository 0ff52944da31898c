"""The report for a terminal: verdict, kinds, entries, worst passages; plain where the output is no terminal."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from audit.model import Grade
from audit.report import phrases
from audit.report.layout import cells
from audit.report.outline import KindRow, Outline, Row, Section, outline
from audit.report.passage import change, ending, flat, passage
from audit.report.samples import worst_findings
from audit.run import Audit
from audit.words import label, say

WIDTH = 110  # of a report that goes to a file or a pipe
WORST = 12
ALL = 20  # so few findings are all shown
ROWS = 40  # entries or documents in the table; beyond, the worst
GAP = 3  # columns between two columns of a table
SHORTEST = 12  # columns of the console that words are cut to at most
FLEXIBLE = frozenset({"kind", "entry", "example", "why"})
DISPENSABLE = (
    "example",
    "why",
    ">cost",
    ">share",
    "after",
    ">suggested",
    ">number",
)  # what a narrow console goes without, in order
REASONS = 3  # entries to drop or to look up whose reason is told
STYLES = {"A": "bold green", "B": "green", "C": "yellow", "D": "dark_orange", "F": "bold red"}


def render(audit: Audit) -> bytes:
    """The report as plain UTF-8 text."""
    page = io.StringIO()
    write(audit, Console(file=page, width=WIDTH, color_system=None, force_terminal=False, legacy_windows=False))
    lines = (line.rstrip() for line in page.getvalue().split("\n"))
    return "\n".join(lines).encode("utf-8")


def write(audit: Audit, console: Console) -> None:
    """Writes the report to a console."""
    view = outline(audit)
    plain(console, phrases.verdict(view), "bold")
    for words in phrases.reservations(view):
        plain(console, words)
    if view.files > 1:
        plain(console, phrases.files(view))
    for section in view.sections[:ROWS]:
        tasks(section, console)
    if view.kinds:
        if view.steps:
            title(console, "first")
        for step in view.steps:
            plain(console, f"  {phrases.step(step)}")
        title(console, "kinds")
        console.print(kind_table(view, console.width))
    title(console, "entries")
    console.print(entry_table(view, console.width))
    passages(audit, view, console)
    console.print()
    for words, grave in phrases.remarks(audit):
        plain(console, words, "red" if grave else "dim")


def plain(console: Console, words: str, style: str = "") -> None:
    """Words as they are, however long the line."""
    console.print(words, style=style, highlight=False, markup=False, soft_wrap=True)


def title(console: Console, name: str) -> None:
    """A heading."""
    console.print()
    plain(console, say(f"title.{name}"), "bold")


def tasks(section: Section, console: Console) -> None:
    """Promise of a document and what to do with its entries."""
    head = phrases.heading(section)
    if head:
        plain(console, head)
    for task in section.tasks:
        plain(console, f"  {phrases.task(task)}")
        for number, finding in task.reasons[:REASONS]:
            plain(console, f"    {phrases.reason(task, number, finding)}", "dim")


def table(columns: dict[str, list[str | Styled]], width: int) -> Table:
    """A table as wide as the console, without the columns that it has no room for; a leading ">" sets a column right."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim", expand=True)
    heads = {name: say(f"column.{name.lstrip('>')}") for name in columns}
    shown = dict(columns)
    for name in DISPENSABLE:
        if sum(least(key, [heads[key], *column]) + GAP for key, column in shown.items()) > width + GAP:
            shown.pop(name, None)
    for name, column in shown.items():
        made.add_column(
            heads[name],
            justify="right" if name.startswith(">") else "left",
            overflow="ellipsis",
            no_wrap=True,
            min_width=least(name, [heads[name], *column]),
            ratio=1 if name in {"example", "why"} else None,  # what is left of the line
        )
    for row in zip(*shown.values(), strict=True):
        made.add_row(*(cell if isinstance(cell, Styled) else Styled(cell) for cell in row))  # brackets are no markup
    return made


def least(name: str, column: list[str | Styled]) -> int:
    """How few columns of the console a column of a table may have: figures are never cut, words may be."""
    widest = max(cells(str(each)) for each in column)
    return min(widest, SHORTEST) if name in FLEXIBLE else widest


def kind_table(view: Outline, width: int) -> Table:
    """Counts per kind."""
    rows: list[list[str | Styled]] = [
        [label("kind", row.kind), *figures(row), change(row.example)] for row in view.kinds
    ]
    return table(
        by_column(("kind", ">count", ">share", ">safe", ">suggested", ">none", ">cost", "example"), rows), width
    )


def by_column(names: Sequence[str], rows: Sequence[Sequence[str | Styled]]) -> dict[str, list[str | Styled]]:
    """The columns of a table by name."""
    return {name: [row[number] for row in rows] for number, name in enumerate(names)}


def figures(row: KindRow) -> list[str]:
    """Count, share, repairs and effort of a kind."""
    repairs = ("·" if number == 0 else f"{number:,}" for number in (row.safe, row.suggested, row.none))
    return [f"{row.count:,}", phrases.share(row.share), *repairs, f"{row.effort:.2f}"]


def entry_table(view: Outline, width: int) -> Table:
    """Grades per entry, or per document where documents are single entries; the worst, if there are many."""
    rows = [
        [
            str(row.number or ""),
            (ending if row.number is None else flat)(phrases.name(row), 34),
            *([letter(row.graded.now), letter(row.graded.after)] if row.graded.size else ["–", "–"]),
            phrases.act(row.graded),
            phrases.dearest(row.graded),
        ]
        for row in shown_rows(view)
    ]
    return table(by_column((">number", "entry", "grade", "after", "action", "why"), rows), width)


def shown_rows(view: Outline) -> list[Row]:
    """All rows, or the worst where they are many."""
    if len(view.rows) <= ROWS:
        return list(view.rows)
    return sorted(view.rows, key=lambda row: row.graded.now.score)[:ROWS]


def letter(grade: Grade) -> Styled:
    """A grade with its score."""
    return Styled(f"{grade.letter} {int(grade.score):3}", style=STYLES[grade.letter])


def passages(audit: Audit, view: Outline, console: Console) -> None:
    """The worst passages in their context, or all findings where they are few."""
    if not view.total:
        return
    if view.total <= ALL:
        title(console, "all")
        shown = [(finding, 1) for finding in audit.findings]
    else:
        title(console, "worst")
        shown = worst_findings(audit, WORST)
    documents = {audited.document.path: audited.document for audited in audit.documents}
    for finding, times in shown:
        console.print(passage(finding, documents[finding.path], times), highlight=False, soft_wrap=True)
    if view.total > ALL:
        plain(console, say("more", count=f"{view.total - len(shown):,}"), "dim")
