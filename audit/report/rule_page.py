"""A rule's page: what it finds, its sections, and its examples with what the rule says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from audit.address import printable
from audit.config import Config
from audit.model import Finding
from audit.pages import Example, Page, page
from audit.report.layout import indented
from audit.report.passage import flat, mended, percent
from audit.rule import Rule
from audit.run import audit_bytes
from audit.words import label, listing, say

LINES, LENGTH = 6, 120  # of an example: lines, and code points of one
AROUND = 30  # code points to each side of a passage that are always shown


@dataclass(frozen=True, slots=True)
class Shown:
    """An example as a page shows it: its lines with the passages in ⟦⟧, and what the rule says of the first ones."""

    lines: tuple[str, ...]
    remarks: tuple[str, ...]


def facts(rule: Rule) -> str:
    """Kind, severity, repair and confidence in a line."""
    told = say(
        "page.facts",
        kind=label("kind", rule.kind),
        severity=label("severity", rule.severity.label),
        repair=label("safety", rule.repair.value if rule.repair else "none"),
        confidence=percent(rule.confidence),
    )
    return told if rule.alone is None else say("page.alone", facts=told, severity=label("severity", rule.alone.label))


def heading(rule: Rule, told: Page) -> str:
    """Code, name, and what the rule is called where that is not its name."""
    return " ".join(word for word in (rule.code, rule.name, told.title) if word)


def shown(rule: Rule, example: Example) -> Shown:
    """An example as the rule sees it."""
    audit = audit_bytes(example.files, Config(select=(rule.code,), min_confidence=0.0))
    findings = [finding for finding in audit.findings if finding.path == example.path]
    body = audit.documents[0].document.body if audit.documents else example.text
    first = findings[0].line - 1 if findings else 0
    lines = marked(body, findings).split("\n")
    start = max(min(first - 1, len(lines) - LINES), 0)
    part = [clipped(printable(line)) for line in lines[start : start + LINES]]
    more = ["…"] * (start + LINES < len(lines))
    return Shown((*["…"] * (start > 0), *part, *more), tuple(dict.fromkeys(remark(one) for one in findings[:3])))


def marked(body: str, findings: list[Finding]) -> str:
    """The text with the passages of the findings in ⟦⟧; what lies inside another is not marked again."""
    pieces, at = [], 0
    for finding in findings:
        if finding.start >= at:
            passage = body[finding.start : finding.end].rstrip("\n")
            pieces += [body[at : finding.start], "⟦", passage, "⟧"]
            at = finding.start + len(passage)
    return "".join([*pieces, body[at:]])


def clipped(line: str) -> str:
    """A line cut to its first passage with some text around, if it is long."""
    if len(line) <= LENGTH:
        return line
    start = max(line.find("⟦") - AROUND, 0)
    return ("…" if start else "") + flat(line[start:], LENGTH)


def beside(example: Example) -> str:
    """What stands beside an example in its collection."""
    return say("page.beside", text=flat(example.beside, LENGTH))


def remark(finding: Finding) -> str:
    """What the rule says, and the repair it offers."""
    said = flat(finding.message, LENGTH)
    if finding.suggestion is not None:
        said += f" → {mended(finding.suggestion, 40)}"
    return said


def lines(rule: Rule, width: int) -> Iterator[tuple[str, str]]:
    """The page for a terminal: lines with the name of their style."""
    told = page(rule)
    yield heading(rule, told), "bold"
    yield facts(rule), "dim"
    yield "", ""
    yield from ((line, "") for line in indented(told.what, width, ""))
    yield "", ""
    for name, words in told.sections.items():
        yield from ((line, "") for line in indented(say(f"page.{name}", words=words), width, ""))
    for sort, mark, style in (("bad", "✗", "red"), ("good", "✓", "green")):
        examples = told.bad if sort == "bad" else told.good
        if examples:
            yield "", ""
            yield say(f"page.{sort}"), f"bold {style}"
        for number, example in enumerate(examples):
            if number:
                yield "", ""
            seen = shown(rule, example)
            first, *others = [line for text in seen.lines for line in indented(text, width - 4, "")]
            yield f"  {mark} {first}", ""
            yield from ((f"    {line}", "") for line in others)
            encodings = listing(dict.fromkeys(example.encodings))
            if encodings:
                yield f"    {say('page.encodings', encodings=encodings)}", "dim"
            if example.beside:
                yield from ((line, "dim") for line in indented(beside(example), width, "    "))
            for said in seen.remarks:
                yield from ((line, "dim") for line in indented(say("page.says", said=said), width, "    "))
