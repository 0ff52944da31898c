"""`jiaokan rules`: the list of rules."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from audit.registry import choose, load_rules
from audit.rule import Rule


def list_rules(
    select: Annotated[list[str] | None, typer.Argument(help="Codes, code prefixes, names or kinds.")] = None,
    output_format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> None:
    """List the rules with code, severity, repair and name."""
    from audit.commands.check import words  # noqa: PLC0415 - one reading of rule words
    from audit.errors import AuditError  # noqa: PLC0415

    every, broken = load_rules()
    chosen = choose(every, words(select) or (), ())
    if output_format == "json":
        import msgspec  # noqa: PLC0415 - only this format needs it

        sys.stdout.write(msgspec.json.format(msgspec.json.encode([record(rule) for rule in chosen])).decode() + "\n")
    elif output_format == "text":
        for rule in chosen:
            repair = rule.repair.value if rule.repair else "-"
            sys.stdout.write(f"{rule.code}  {rule.severity.label:<9}{repair:<11}{rule.kind:<12} {rule.name}\n")
    else:
        raise AuditError(f"--format {output_format!r}; it is text or json")
    for one in broken:
        sys.stderr.write(f"jiaokan: family {one.family} could not be loaded: {one.reason}\n")
    if broken:
        raise typer.Exit(3)


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
