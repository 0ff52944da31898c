"""The report for a terminal: verdict, kinds, entries, worst passages; plain where the output is no terminal."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from audit.address import printable
from audit.grade import Graded
from audit.report.outline import KindRow, Outline, actions, kinds, outline, steps, worst_findings
from audit.report.passage import change, flat, passage
from audit.run import Audit, Audited
from audit.words import say

WIDTH = 110  # of a report that goes to a file or a pipe
WORST = 12
ALL = 20  # so few findings are all shown
ROWS = 40  # entries or documents in the table; beyond, the worst
STYLES = {"A": "bold green", "B": "green", "C": "yellow", "D": "dark_orange", "F": "bold red"}


def render(audit: Audit) -> bytes:
    """The report as plain UTF-8 text."""
    page = io.StringIO()
    write(audit, Console(file=page, width=WIDTH, color_system=None, force_terminal=False, legacy_windows=False))
    lines = (line.rstrip() for line in page.getvalue().split("\n"))
    return "\n".join(lines).encode("utf-8")


def write(audit: Audit, console: Console) -> None:
    """Writes the report to a console."""
    console.print(verdict(audit), style="bold", highlight=False)
    for line in promises(audit):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    rows = kinds(audit)
    if rows:
        section(console, "first")
        for step in steps(audit):
            words = say(f"first.{step.repair}", kind=step.kind, count=f"{step.count:,}", gain=f"+{step.gain:.1f}")
            console.print(f"  {escape(words)}", highlight=False)
        section(console, "kinds")
        console.print(kind_table(audit, rows))
    section(console, "entries")
    console.print(entry_table(audit))
    passages(audit, console)
    remarks(audit, console)


def section(console: Console, name: str) -> None:
    """A heading."""
    console.print()
    console.print(say(f"title.{name}"), style="bold", highlight=False)


def verdict(audit: Audit) -> str:
    """The verdict in one sentence."""
    now, after = audit.graded.now, audit.graded.after
    if not any(audited.batches for audited in audit.documents):
        return say("verdict.clean", now=now.letter)
    key = "verdict" if now != after else "verdict.same"
    return say(key, now=f"{now.letter} ({now.score:.0f})", after=f"{after.letter} ({after.score:.0f})")


def promises(audit: Audit) -> list[str]:
    """What was promised and found, and what to do with the entries."""
    lines = []
    if len(audit.documents) > 1:
        lines.append(say("files", files=len(audit.documents), characters=f"{audit.graded.size:,}"))
    several = [audited for audited in audit.documents if len(audited.entries) > 1]
    for audited in several[:ROWS]:
        lines.extend(promise(audited, outline(audited)))
    if not several and len(audit.documents) == 1:
        only = audit.documents[0]
        lines.append(say("file", path=printable(only.document.path), characters=f"{only.graded.size:,}"))
    return lines


def promise(audited: Audited, frame: Outline) -> list[str]:
    """Promise and actions of one document with several entries."""
    key = "found" if frame.promised is None else "promise"
    words = say(key, promised=frame.promised, found=frame.found, usable=frame.usable)
    todo = "; ".join(
        f"{say('action.' + action.value)}: {ranges(numbers)}" for action, numbers in actions(audited.entries).items()
    )
    head = say("file", path=printable(audited.document.path), characters=f"{audited.graded.size:,}")
    return [f"{head} {words}", f"  {say('actions', actions=todo)}"]


def ranges(numbers: list[int]) -> str:
    """Ascending numbers with their runs joined.

    >>> ranges([1, 2, 3, 7, 9, 10])
    '1-3, 7, 9-10'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def table(*columns: str) -> Table:
    """An empty table; a leading ">" sets a column right."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim", expand=True)
    for name in columns:
        made.add_column(
            say(f"column.{name.lstrip('>')}"),
            justify="right" if name.startswith(">") else "left",
            overflow="ellipsis",
            no_wrap=True,
            ratio=1 if name in {"example", "why"} else None,  # what is left of the line
        )
    return made


def kind_table(audit: Audit, rows: list[KindRow]) -> Table:
    """Counts per kind."""
    made = table("kind", ">count", ">safe", ">suggested", ">none", ">cost", "example")
    samples = {finding.kind: finding for finding, _ in reversed(worst_findings(audit, 10_000))}
    for row in rows:
        sample = samples.get(row.kind)
        shown = f"{row.safe:,}", f"{row.suggested:,}", f"{row.none:,}"
        made.add_row(
            row.kind, f"{row.count:,}", *(("·" if n == "0" else n) for n in shown), f"{row.effort:.2f}", change(sample)
        )
    return made


def entry_table(audit: Audit) -> Table:
    """Grades per entry, or per document where documents are single entries; the worst, if there are many."""
    rows = graded_rows(audit)
    made = table(">number", "entry", "grade", "after", "action", "why")
    if len(rows) > ROWS:
        rows = sorted(rows, key=lambda row: row[2].now.score)[:ROWS]
    for number, name, graded in rows:
        made.add_row(
            number,
            flat(name, 34),
            letter(graded, now=True),
            letter(graded, now=False),
            graded.action.value,
            dearest(graded),
        )
    return made


def dearest(graded: Graded) -> str:
    """The kinds that cost most, with their effort per 1,000 characters."""
    return ", ".join(f"{kind} {cost * 1000 / max(graded.size, 1):.1f}" for kind, cost in graded.now.costs[:3])


def passed_over(audit: Audit) -> str:
    """The files of other kinds, counted by kind."""
    return ", ".join(f"{printable(kind)} {count:,}" for kind, count in audit.passed_over.items())


def graded_rows(audit: Audit) -> list[tuple[str, str, Graded]]:
    """Number, name and grades: of documents, each followed by its entries where it has several."""
    rows: list[tuple[str, str, Graded]] = []
    for audited in audit.documents:
        several = len(audited.entries) > 1
        if not several or len(audit.documents) > 1:
            rows.append(("", printable(audited.document.path), audited.graded))
        if several:
            rows.extend(
                (str(one.number), printable(one.entry.title_text) or say("untitled"), one.graded)
                for one in audited.entries
            )
    return rows


def letter(graded: Graded, *, now: bool) -> Styled:
    """A grade with its score."""
    value = graded.now if now else graded.after
    return Styled(f"{value.letter} {value.score:3.0f}", style=STYLES[value.letter])


def passages(audit: Audit, console: Console) -> None:
    """The worst passages in their context, or all findings where they are few."""
    total = sum(len(batch) for audited in audit.documents for batch in audited.batches)
    if not total:
        return
    if total <= ALL:
        section(console, "all")
        shown = [(finding, 1) for finding in audit.findings]
    else:
        section(console, "worst")
        shown = worst_findings(audit, WORST)
    documents = {audited.document.path: audited.document for audited in audit.documents}
    for finding, times in shown:
        console.print(passage(finding, documents[finding.path], times), highlight=False, soft_wrap=True)
    if total > ALL:
        console.print(say("more", count=f"{total - len(shown):,}"), style="dim", highlight=False)


def remarks(audit: Audit, console: Console) -> None:
    """What is folded away, and what could not be read or run."""
    folded = sum(audited.folded for audited in audit.documents)
    console.print()
    console.print(say("effort"), style="dim", highlight=False)
    if folded:
        words = say("folded", count=f"{folded:,}", least=audit.config.min_confidence)
        console.print(words, style="dim", highlight=False)
    if audit.passed_over:
        console.print(
            say("passed", kinds=passed_over(audit)), style="dim", highlight=False, markup=False, soft_wrap=True
        )
    for one in audit.skipped:
        console.print(
            say("skipped", path=printable(one.path), reason=one.reason),
            style="red",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    for failure in audit.failures:
        words = say("failed", rule=failure.rule, path=printable(failure.path) or "*", reason=failure.reason)
        console.print(words, style="red", highlight=False, markup=False, soft_wrap=True)
    if not audit.complete:
        console.print(say("incomplete"), style="bold red", highlight=False)
