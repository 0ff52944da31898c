"""`jiaokan explain`: the page of a rule."""

from __future__ import annotations

import inspect
import sys
from typing import Annotated

import typer

from audit.errors import AuditError, nearest
from audit.registry import load_rules, matches, selectors
from audit.rule import Rule

GRADE = "grade"


def explain(word: Annotated[str, typer.Argument(help="A code, name or kind; or grade, for the formula.")]) -> None:
    """Print what a rule finds, why it matters, what it leaves alone, and its repair."""
    if word.lower() == GRADE:
        from audit import grade  # noqa: PLC0415 - its page is the formula

        sys.stdout.write(inspect.cleandoc(grade.__doc__ or "") + "\n")
        return
    rules, _ = load_rules()
    found = [rule for rule in rules if word.upper() == rule.code or word.lower() == rule.name]
    found = found or [rule for rule in rules if matches(rule, word)]
    if not found:
        raise AuditError(f"unknown rule {word!r}{nearest(word, [*selectors(rules), GRADE])}")
    sys.stdout.write("\n".join(page(rule) for rule in found))


def page(rule: Rule) -> str:
    """The rule's page as plain text."""
    repair = rule.repair.value if rule.repair else "none"
    repair += ", an editor's decision" if rule.editorial and rule.repair else ""
    head = f"{rule.code} {rule.name}"
    facts = (
        f"kind: {rule.kind} · severity: {rule.severity.label} · repair: {repair} · confidence: {rule.confidence:.0%}"
    )
    return f"{head}\n{'=' * len(head)}\n{facts}\n\n{inspect.cleandoc(rule.page)}\n"
