"""The settings: what they are called, what values they take. `audit.gate.layers` reads them from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from audit.catalogue import LANGUAGES
from audit.errors import AuditError, nearest
from audit.gate.rules import (
    SEVERITIES,
    Budget,
    Override,
    check_budget,
    check_letter,
    check_level,
    check_override,
    check_share,
    check_word,
)
from audit.language.patterns import regex
from audit.words import Phrase

__all__ = ["SEVERITIES", "Config", "Weights", "parse"]

STALE = ("report", "fail")


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The grade's formula in figures; see `audit.grade`."""

    info: float = 0.0
    minor: float = 1.0
    major: float = 4.0
    critical: float = 12.0
    safe: float = 0.25
    suggested: float = 0.5
    repeat: float = 0.1
    half: float = 10.0


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Everything a user may set; the command line overrides each by an option of the same name."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    min_severity: str = "info"
    min_confidence: float = 0.5
    fail_on: str = "minor"
    min_grade: str = ""
    gate: dict[str, str] = {}
    budgets: tuple[Budget, ...] = ()
    overrides: tuple[Override, ...] = ()
    terms: tuple[str, ...] = ()
    term_files: tuple[str, ...] = ()
    comments: bool = True
    suppressions: str = ""
    baseline: str = ""
    new_only: bool = False
    stale: str = "report"
    text_field: str = ""
    id_field: str = ""
    title_field: str = ""
    lang: str = "auto"
    gitignore: bool = True  # in folders, what .gitignore names is not read
    cache: bool = True  # what a run wrote is kept for the same run again
    cache_dir: str = ""  # empty: the user's folder for caches
    severity: dict[str, str] = {}
    grade: Weights = Weights()
    root: str = ""  # the folder of the settings, which patterns and names of files count from; no setting itself
    file: str = ""  # the file of the settings, for messages; no setting itself

    def checked(self, origin: str) -> Config:
        """The configuration itself, if its values make sense; else AuditError naming the setting."""
        check_level(origin, "min-severity", self.min_severity, never=False)
        check_level(origin, "fail-on", self.fail_on, never=True)
        for rule, level in self.severity.items():
            check_level(origin, f"severity.{rule}", level, never=False)
        for rule, level in self.gate.items():
            check_level(origin, f"gate.{rule}", level, never=True)
        check_share(origin, "min-confidence", self.min_confidence)
        check_letter(origin, "min-grade", self.min_grade)
        for number, override in enumerate(self.overrides, 1):
            check_override(origin, number, override)
        for number, budget in enumerate(self.budgets, 1):
            check_budget(origin, number, budget)
        for name, value, known in (("lang", self.lang, (*LANGUAGES, "auto")), ("stale", self.stale, STALE)):
            check_word(origin, name, value, known)
        if self.grade.half <= 0:
            raise AuditError("{origin}: grade.half = {value}; it is above 0", origin=origin, value=self.grade.half)
        return self


INNER: Mapping[str, type[msgspec.Struct]] = {"grade": Weights, "overrides": Override, "budgets": Budget}
INTERNAL = ("root", "file")
EXTENDS = "extends"  # the presets below the settings; `audit.gate.layers` reads it
OLD = {"fail-grade": "min-grade"}  # names of before


def parse(table: Mapping[str, Any], origin: str) -> Config:
    """A configuration from a table; unknown keys are refused with the nearest known name."""
    table = renamed(table, origin)
    refuse_unknown(table, Config, origin)
    for name, shape in INNER.items():
        inner = table.get(name)
        for number, one in enumerate(inner if isinstance(inner, list) else [inner], 1):
            if isinstance(one, Mapping):
                place = f"{name}[{number}]" if isinstance(inner, list) else name
                refuse_unknown(one, shape, f"{origin}: {place}")
    try:
        return msgspec.convert(table, Config).checked(origin)
    except msgspec.ValidationError as error:
        raise AuditError("{origin}: {error}", origin=origin, error=wrong_type(table, str(error))) from error


def renamed(table: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """The table with settings under their names of today."""
    for old, new in OLD.items():
        if old in table and new in table:
            raise AuditError(
                "{origin}: {old} is the old name of {new}; keep one of them", origin=origin, old=old, new=new
            )
    return {OLD.get(key, key): value for key, value in table.items()}


KINDS = {
    "array": Phrase("a list, as in ['PLC']"),
    "object": Phrase("a table"),
    "bool": Phrase("true or false"),
    "float": Phrase("a number"),
    "int": Phrase("a whole number"),
    "str": Phrase("text in quotation marks"),
}
STEP = regex(r"\[[^\]]*\]|[^.\[]+")
MISTYPED = regex(r"Expected `(?P<wanted>\w+)`, got `\w+` - at `\$\.?(?P<place>[^`]*)`")

LACKING = regex(r"Object missing required field `(?P<field>[^`]+)` - at `\$\.?(?P<place>[^`]*)`")
NUMBER = regex(r"\[([0-9]+)\]")


def wrong_type(table: Mapping[str, Any], said: str) -> str:
    """What msgspec says of a value of a wrong type, or of one that is not there, in the words of the other messages.

    >>> wrong_type({"min-confidence": "high"}, "Expected `float`, got `str` - at `$.min-confidence`")
    "min-confidence = 'high'; it is a number"
    """
    lacking = LACKING.fullmatch(said)
    if lacking:
        place = NUMBER.sub(lambda match: f"[{int(match[1]) + 1}]", lacking["place"])
        return Phrase("{name} has no {field}", name=place, field=lacking["field"])
    found = MISTYPED.fullmatch(said)
    if found is None or found["wanted"] not in KINDS:
        return said
    value: Any = table
    names: list[str] = []
    for step in STEP.findall(found["place"]):
        if isinstance(value, Mapping):  # `[...]` is any key: the first whose value is no text is meant
            name = step if step != "[...]" else next(key for key, one in value.items() if not isinstance(one, str))
            value = value[name]
            names.append(name)
    return Phrase("{name} = {value!r}; it is {kind}", name=".".join(names), value=value, kind=KINDS[found["wanted"]])


def refuse_unknown(table: Mapping[str, Any], shape: type[msgspec.Struct], origin: str) -> None:
    """AuditError for the first key that the shape does not have."""
    known: Sequence[str] = [name for name in shape.__struct_encode_fields__ if name not in INTERNAL]
    known = [*known, EXTENDS] if shape is Config else known
    for key in table:
        if key not in known:
            near = nearest(key, known) or Phrase("; the settings are {known}", known=", ".join(known))
            raise AuditError("{origin}: unknown setting {key!r}{hint}", origin=origin, key=key, hint=near)
