"""`jiaokan explain`: the page of a rule, and the reckoning of a grade."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.commands.tongue import settle
from audit.errors import AuditError, nearest

if TYPE_CHECKING:
    from audit.config import Config
    from audit.rule import Rule

GRADE = "grade"
INCOMPLETE = 3
WIDEST, LEAST, PIPE = 100, 40, 100  # columns

Lines = Iterable[tuple[str, str]]  # a line and the name of its style


def explain(
    word: Annotated[str, typer.Argument(help="A code, name or kind; or grade, for the formula.")],
    paths: Annotated[
        list[str] | None, typer.Argument(help="Behind grade: files and folders whose grades are reckoned item by item.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Settings to use instead of the nearest jiaokan.toml.")] = None,
) -> None:
    """Print what a rule finds, why it matters, what it leaves alone, and its repair, with good and bad examples.

    `grade` explains the formula; with paths behind it, it audits them and shows what each finding costs.
    """
    from audit.gate.layers import load_config  # noqa: PLC0415 - help needs neither settings nor rules
    from audit.registry import load_rules, matches, selectors  # noqa: PLC0415

    settings = load_config(config)
    settle(settings.lang)
    if word.lower() == GRADE:
        raise typer.Exit(explain_grade(settings, paths or []))
    if paths:
        raise AuditError("paths go with `explain grade`; a rule's page needs none")
    rules, _ = load_rules()
    found = [rule for rule in rules if word.upper() == rule.code or word.lower() == rule.name]
    found = found or [rule for rule in rules if matches(rule, word)]
    if not found:
        raise AuditError("unknown rule {word!r}{hint}", word=word, hint=nearest(word, [*selectors(rules), GRADE]))
    write(pages(found))


def pages(rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    """The rules' pages one after the other."""
    from audit.report.rule_page import lines  # noqa: PLC0415 - only a rule's page runs the rule

    for number, rule in enumerate(rules):
        if number:
            yield from (("", ""), ("", ""))
        yield from lines(rule, width())


def explain_grade(settings: Config, paths: list[str]) -> int:
    """The formula with the weights in force, and the reckoning of an example or of these paths; the exit code."""
    import msgspec  # noqa: PLC0415 - a rule's page needs none of this

    from audit.commands.check import print_failures  # noqa: PLC0415
    from audit.registry import load_rules  # noqa: PLC0415
    from audit.report.layout import wrapped  # noqa: PLC0415
    from audit.report.ledger import accounts  # noqa: PLC0415
    from audit.report.reckoning import example, formula, reckoned  # noqa: PLC0415
    from audit.run import audit_paths, require_text  # noqa: PLC0415

    weights = settings.grade
    said = [(line, "") for line in wrapped(formula(weights), width())]
    if not paths:
        write([*said, ("", ""), *styled(reckoned(example(load_rules()[0], weights), weights))])
        return 0
    audit = audit_paths(paths, msgspec.structs.replace(settings, min_severity="info"))  # the grade counts remarks too
    print_failures(audit)
    require_text(audit)
    for account in accounts(audit):
        said += [("", ""), *styled(reckoned(account, weights))]
    write(said)
    return 0 if audit.complete else INCOMPLETE


def styled(lines: Iterable[str]) -> Lines:
    """An account's lines, the first one as a heading."""
    return [(line, "" if number else "bold") for number, line in enumerate(lines)]


def width() -> int:
    """The columns of a page."""
    if not sys.stdout.isatty():
        return PIPE
    return max(min(shutil.get_terminal_size().columns, WIDEST), LEAST)


def write(lines: Lines) -> None:
    """Writes the lines, styled on a terminal."""
    if not sys.stdout.isatty():
        sys.stdout.write("".join(f"{line.rstrip()}\n" for line, _ in lines))
        return
    from rich.console import Console  # noqa: PLC0415 - a pipe needs no colours

    console = Console(highlight=False)
    for line, style in lines:
        console.print(line, style=style, markup=False, soft_wrap=True)
