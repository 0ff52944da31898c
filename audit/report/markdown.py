"""The report for a pull request or an issue: the terminal report's order and words, as Markdown; a screen of 60 lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from audit.model import Finding
from audit.printing import spelled
from audit.report import phrases
from audit.report.outline import Outline, outline
from audit.report.passage import flat, mended, percent
from audit.report.samples import worst_findings
from audit.run import Audit
from audit.words import label, listing, say

MARK = "<!-- jiaokan report -->"  # so that a later audit of the folder passes the report over
SCREEN = 60  # lines of the page
SECTIONS, REASONS, KINDS, FEWEST, WORST, REMARKS = 4, 2, 8, 5, 3, 6  # told at most; of entries FEWEST at least


def render(audit: Audit) -> bytes:
    """The report as UTF-8 Markdown."""
    return ("\n".join(lines(audit)) + "\n").encode("utf-8")


def lines(audit: Audit) -> list[str]:
    """The lines of the page; the entries get what the rest leaves of the screen."""
    view = outline(audit)
    head = [f"# {phrases.verdict(view)}", "", MARK, *todo(view)]
    if view.kinds:
        if view.steps:
            head += ["", f"## {say('title.first')}", "", *(f"1. {phrases.step(step)}" for step in view.steps)]
        head += ["", f"## {say('title.kinds')}", "", *kinds(view)]
    head += ["", f"## {say('title.entries')}", ""]
    tail = [*passages(audit, view), "", *remarks(audit)]
    left = SCREEN - len(head) - len(tail) - len(list(header()))
    return [*head, *entries(view, max(left, FEWEST)), *tail]


def todo(view: Outline) -> Iterator[str]:
    """Promises, and what to do with the entries; one document has a line for each action and says why."""
    yield from (f"- {words}" for words in phrases.reservations(view))
    if view.files > 1:
        yield f"- {phrases.files(view)}"
    for section in view.sections[:SECTIONS]:
        head = phrases.heading(section)
        if head:
            yield f"- {cell(head)}"
        if len(view.sections) > 1 and section.tasks:
            yield f"  - {cell(say('list.semicolon').join(map(phrases.task, section.tasks)))}"
            continue
        for task in section.tasks:
            yield f"  - {cell(phrases.task(task))}"
            for number, finding in task.reasons[:REASONS]:
                yield f"    - {cell(phrases.reason(task, number, finding))}"


def cell(text: str) -> str:
    """Text that cannot end a table cell, open a tag or start emphasis."""
    for char in "\\`*_[]|":
        text = text.replace(char, "\\" + char)
    return text.replace("<", "&lt;").replace("\n", " ")


def line(cells: Iterable[str]) -> str:
    """One row of a table."""
    return "| " + " | ".join(cell(one) for one in cells) + " |"


def header(*columns: str) -> Iterator[str]:
    """The head of a table; a leading ">" sets a column right."""
    yield line(say(f"column.{name.lstrip('>')}") for name in columns)
    yield "|" + "|".join("--:" if name.startswith(">") else "---" for name in columns) + "|"


def kinds(view: Outline) -> Iterator[str]:
    """Counts per kind, the dearest if they do not all fit."""
    yield from header("kind", ">count", ">share", ">safe", ">suggested", ">none", ">cost")
    for row in view.kinds[:KINDS]:
        counts = (f"{number:,}" for number in (row.safe, row.suggested, row.none))
        yield line((label("kind", row.kind), f"{row.count:,}", phrases.share(row.share), *counts, f"{row.effort:.2f}"))
    if len(view.kinds) > KINDS:
        rest = view.kinds[KINDS:]
        count = sum(row.count for row in rest)
        yield from ("", say("more.kinds", kinds=listing(label("kind", row.kind) for row in rest), count=f"{count:,}"))


def entries(view: Outline, most: int) -> Iterator[str]:
    """Grades per entry or document, the worst if they do not all fit."""
    yield from header(">number", "entry", "grade", "after", "action", "why")
    rows = list(view.rows)
    if len(rows) > most:
        rows = sorted(rows, key=lambda row: row.graded.now.score)[: most - 2]
    for row in rows:
        pair = (row.graded.now, row.graded.after)
        grades = [f"{grade.letter} {int(grade.score)}" if row.graded.size else "–" for grade in pair]
        action = phrases.act(row.graded)
        yield line((str(row.number or ""), flat(phrases.name(row), 60), *grades, action, phrases.dearest(row.graded)))
    if len(view.rows) > len(rows):
        yield from ("", say("worst.rows", shown=len(rows), count=f"{len(view.rows):,}"))


def passages(audit: Audit, view: Outline) -> Iterator[str]:
    """The worst passages, or all findings where they are few."""
    if not view.total:
        return
    few = view.total <= WORST
    yield from ("", f"## {say('title.all' if few else 'title.worst')}", "")
    shown = [(finding, 1) for finding in audit.findings] if few else worst_findings(audit, WORST)
    for finding, times in shown:
        yield passage(finding, times)
    if not few:
        yield from ("", say("more", count=f"{view.total - len(shown):,}"))


def passage(finding: Finding, times: int) -> str:
    """One finding as a list item."""
    often = f" ×{times:,}" if times > 1 else ""
    words = f"- **{finding.rule}** {cell(spelled(finding.path))}:{finding.line}:{finding.column}{often} {cell(finding.message)}"
    if finding.suggestion is not None:
        words += f" → {cell(mended(finding.suggestion, 60))}"
    level = label("severity", finding.severity.label)
    return words + say("list.brackets", words=listing((level, percent(finding.confidence))))


def remarks(audit: Audit) -> Iterator[str]:
    """What is folded away and what could not be read, the gravest last."""
    legend = phrases.legend(audit)
    yield from (f"- {words}" for words in legend)  # our own words, which name commands in backticks
    for words, grave in phrases.notes(audit)[len(legend) - REMARKS :]:
        yield f"- **{cell(words)}**" if grave else f"- {cell(words)}"
