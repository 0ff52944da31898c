"""Gate rules as settings: what closes the gate for which rules in which files, and budgets."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from audit.errors import AuditError, nearest
from audit.model import Severity

SEVERITIES = {severity.label: severity for severity in Severity}
NEVER = "never"
LETTERS = tuple("ABCDF")


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Other settings for some files; of several that name a file the last one counts."""

    paths: tuple[str, ...]
    ignore: tuple[str, ...] = ()
    severity: dict[str, str] = {}
    gate: dict[str, str] = {}
    fail_on: str = ""
    min_grade: str = ""
    min_confidence: float | None = None


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """So many findings of these rules are put up with in these files together; what it covers does not close the gate singly."""

    at_most: int
    rules: tuple[str, ...] = ("ALL",)
    paths: tuple[str, ...] = ()


def check_level(origin: str, name: str, value: str, *, never: bool) -> None:
    """AuditError for a word that is no severity (or `never`, where that is allowed)."""
    check_word(origin, name, value, [*SEVERITIES, NEVER] if never else [*SEVERITIES])


def check_word(origin: str, name: str, value: str, known: Sequence[str]) -> None:
    """AuditError for a word that is none of those known."""
    if value not in known:
        raise AuditError(
            "{origin}: {name} = {value!r}; it is one of {known}{hint}",
            origin=origin,
            name=name,
            value=value,
            known=", ".join(known),
            hint=nearest(value, known),
        )


def check_letter(origin: str, name: str, value: str) -> None:
    """AuditError for a word that is no grade; the empty word asks for none."""
    if value and value not in LETTERS:
        raise AuditError(
            "{origin}: {name} = {value!r}; it is one of A, B, C, D, F", origin=origin, name=name, value=value
        )


def check_share(origin: str, name: str, value: float) -> None:
    """AuditError for a number that is no probability."""
    if not 0 <= value <= 1:
        raise AuditError("{origin}: {name} = {value}; it lies between 0 and 1", origin=origin, name=name, value=value)


def check_override(origin: str, number: int, one: Override) -> None:
    """AuditError naming the place of a value that makes no sense."""
    where = f"overrides[{number}]"
    if not one.paths:
        raise AuditError("{origin}: {name} names no files", origin=origin, name=f"{where}.paths")
    if one.fail_on:
        check_level(origin, f"{where}.fail-on", one.fail_on, never=True)
    for group, levels, never in (("severity", one.severity, False), ("gate", one.gate, True)):
        for word, level in levels.items():
            check_level(origin, f"{where}.{group}.{word}", level, never=never)
    check_letter(origin, f"{where}.min-grade", one.min_grade)
    if one.min_confidence is not None:
        check_share(origin, f"{where}.min-confidence", one.min_confidence)


def check_budget(origin: str, number: int, one: Budget) -> None:
    """AuditError for a budget below nothing or of nothing."""
    if one.at_most < 0:
        raise AuditError(
            "{origin}: {name} = {value}; it is 0 or more",
            origin=origin,
            name=f"budgets[{number}].at-most",
            value=one.at_most,
        )
    if not one.rules:
        raise AuditError("{origin}: {name} names no rules", origin=origin, name=f"budgets[{number}].rules")


@cache
def spec(patterns: tuple[str, ...]) -> Any:
    """Patterns as `.gitignore` has them."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - 20 ms that settings without paths need not pay

    return GitIgnoreSpec.from_lines(patterns)


def concerns(patterns: Sequence[str], path: str, root: str) -> bool:
    """Whether patterns name a file; they count from the folder of the settings."""
    return not patterns or bool(spec(tuple(patterns)).match_file(below(path, root)))


def below(path: str, root: str) -> str:
    """A path as patterns see it: from the root if it lies there, else as it was given."""
    if path.startswith("<"):
        return path
    inner = os.path.relpath(os.path.abspath(path), root or os.path.abspath("."))  # noqa: PTH100 - no links resolved
    return Path(path if inner.startswith("..") else inner).as_posix().lstrip("/")


def layers(overrides: Sequence[Override], path: str, root: str) -> Iterator[Override]:
    """The overrides for a file, the one that counts most first."""
    return (one for one in reversed(overrides) if concerns(one.paths, path, root))


def chosen(levels: Mapping[str, str], words: Sequence[str]) -> str | None:
    """The level that the most specific of these words has."""
    return levels[max(words, key=len)] if words else None
