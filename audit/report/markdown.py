"""The report for a pull request or an issue: the terminal report's order and words, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from audit.address import printable
from audit.model import Finding
from audit.report.outline import kinds, steps, worst_findings
from audit.report.passage import flat, percent
from audit.report.terminal import ALL, ROWS, WORST, dearest, graded_rows, passed_over, promises, verdict
from audit.run import Audit
from audit.words import say


def render(audit: Audit) -> bytes:
    """The report as UTF-8 Markdown."""
    return ("\n".join(lines(audit)) + "\n").encode("utf-8")


def lines(audit: Audit) -> Iterator[str]:
    """The lines of the page."""
    yield f"# {verdict(audit)}"
    yield ""
    for words in promises(audit):
        yield f"- {cell(words.strip())}"
    rows = kinds(audit)
    if rows:
        yield from ("", f"## {say('title.first')}", "")
        for step in steps(audit):
            gain = f"+{step.gain:.1f}"
            yield f"1. {say('first.' + step.repair, kind=step.kind, count=f'{step.count:,}', gain=gain)}"
        yield from ("", f"## {say('title.kinds')}", "")
        yield from header("kind", ">count", ">safe", ">suggested", ">none", ">cost")
        for row in rows:
            yield line(
                (
                    row.kind,
                    f"{row.count:,}",
                    f"{row.safe:,}",
                    f"{row.suggested:,}",
                    f"{row.none:,}",
                    f"{row.effort:.2f}",
                )
            )
    yield from ("", f"## {say('title.entries')}", "")
    yield from entries(audit)
    yield from passages(audit)
    yield from remarks(audit)


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


def entries(audit: Audit) -> Iterator[str]:
    """Grades per entry or document."""
    rows = graded_rows(audit)
    yield from header(">number", "entry", "grade", "after", "action", "why")
    for number, name, graded in rows if len(rows) <= ROWS else sorted(rows, key=lambda row: row[2].now.score)[:ROWS]:
        grades = [f"{grade.letter} {grade.score:.0f}" for grade in (graded.now, graded.after)]
        yield line((number, flat(name, 60), *grades, graded.action.value, dearest(graded)))


def passages(audit: Audit) -> Iterator[str]:
    """The worst passages, or all findings where they are few."""
    total = sum(len(batch) for audited in audit.documents for batch in audited.batches)
    if not total:
        return
    few = total <= ALL
    yield from ("", f"## {say('title.all' if few else 'title.worst')}", "")
    shown = [(finding, 1) for finding in audit.findings] if few else worst_findings(audit, WORST)
    for finding, times in shown:
        yield passage(finding, times)
    if not few:
        yield from ("", say("more", count=f"{total - len(shown):,}"))


def passage(finding: Finding, times: int) -> str:
    """One finding as a list item."""
    often = f" ×{times:,}" if times > 1 else ""
    words = f"- **{finding.rule}** {cell(printable(finding.path))}:{finding.line}:{finding.column}{often} {cell(finding.message)}"
    if finding.suggestion is not None:
        words += f" → {cell(flat(printable(finding.suggestion), 60)) or say('delete')}"
    return f"{words} ({finding.severity.label}, {percent(finding.confidence)})"


def remarks(audit: Audit) -> Iterator[str]:
    """What is folded away, and what could not be read or run."""
    folded = sum(audited.folded for audited in audit.documents)
    yield from ("", say("effort"))
    if folded:
        yield from ("", say("folded", count=f"{folded:,}", least=audit.config.min_confidence))
    if audit.passed_over:
        yield from ("", cell(say("passed", kinds=passed_over(audit))))
    for one in audit.skipped:
        yield from ("", cell(say("skipped", path=printable(one.path), reason=one.reason)))
    for failure in audit.failures:
        yield from (
            "",
            cell(say("failed", rule=failure.rule, path=printable(failure.path) or "*", reason=failure.reason)),
        )
