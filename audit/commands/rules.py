"""`jiaokan rules`: the list of rules."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from audit.commands.telling import complain
from audit.report.layout import padded
from audit.words import label

if TYPE_CHECKING:
    from audit.rule import Rule


def list_rules(
    select: Annotated[list[str] | None, typer.Argument(help="Codes, code prefixes, names or kinds.")] = None,
    output_format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> None:
    """List the rules with code, severity, repair and name."""
    from audit.commands.check import words  # noqa: PLC0415 - one reading of rule words
    from audit.errors import AuditError  # noqa: PLC0415
    from audit.registry import choose, load_rules  # noqa: PLC0415 - help needs no rules

    every, broken = load_rules()
    chosen = choose(every, words(select) or (), ())
    if output_format == "json":
        import msgspec  # noqa: PLC0415 - only this format needs it

        sys.stdout.write(msgspec.json.format(msgspec.json.encode([record(rule) for rule in chosen])).decode() + "\n")
    elif output_format == "text":
        for rule in chosen:
            sys.stdout.write(line(rule) + "\n")
    else:
        raise AuditError("--format {output_format!r}; it is text or json", output_format=output_format)
    for one in broken:
        complain("family {family} could not be loaded: {reason}", family=one.family, reason=one.reason)
    if broken:
        raise typer.Exit(3)


def line(rule: Rule) -> str:
    """A rule in a line: code, severity, repair, kind, name, and what it is called in another language than English."""
    from audit.pages import title  # noqa: PLC0415 - as above

    columns = (
        (rule.code, 8),
        (label("severity", rule.severity.label), 9),
        (label("column", rule.repair.value) if rule.repair else "-", 11),
        (label("kind", rule.kind), 13),
        (rule.name, 28 if title(rule) != rule.name else 0),
    )
    said = "".join(padded(text, width) for text, width in columns)
    return said if title(rule) == rule.name else f"{said} {title(rule)}"


def record(rule: Rule) -> dict[str, object]:
    """A rule as data."""
    return {
        "code": rule.code,
        "name": rule.name,
        "kind": rule.kind,
        "severity": rule.severity.label,
        "scope": rule.scope.value,
        "repair": rule.repair.value if rule.repair else None,
        "editorial": rule.editorial,
        "confidence": rule.confidence,
        "floor": rule.floor,
        "summary": rule.page.strip().split("\n", 1)[0],
    }
