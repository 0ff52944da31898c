"""Settings from `jiaokan.toml` or `[tool.jiaokan]` in `pyproject.toml`; the nearest such file above the working folder counts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from audit.catalogue import LANGUAGES
from audit.errors import AuditError, nearest
from audit.language.patterns import regex
from audit.model import Severity
from audit.words import Phrase

SEVERITIES = {severity.label: severity for severity in Severity}


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
    fail_grade: str = ""
    text_field: str = ""
    id_field: str = ""
    lang: str = "auto"
    severity: dict[str, str] = {}
    grade: Weights = Weights()

    def checked(self, origin: str) -> Config:
        """The configuration itself, if its values make sense; else AuditError naming the setting."""
        for name, value in (
            ("min-severity", self.min_severity),
            ("fail-on", self.fail_on),
            *((f"severity.{rule}", level) for rule, level in self.severity.items()),
        ):
            if value not in SEVERITIES and not (name == "fail-on" and value == "never"):
                known = [*SEVERITIES, "never"] if name == "fail-on" else [*SEVERITIES]
                raise AuditError(
                    "{origin}: {name} = {value!r}; it is one of {known}{hint}",
                    origin=origin,
                    name=name,
                    value=value,
                    known=", ".join(known),
                    hint=nearest(value, known),
                )
        if not 0 <= self.min_confidence <= 1:
            raise AuditError(
                "{origin}: min-confidence = {value}; it lies between 0 and 1", origin=origin, value=self.min_confidence
            )
        if self.fail_grade and self.fail_grade not in tuple("ABCDF"):
            raise AuditError(
                "{origin}: fail-grade = {value!r}; it is one of A, B, C, D, F", origin=origin, value=self.fail_grade
            )
        if self.lang not in (*LANGUAGES, "auto"):
            known = [*LANGUAGES, "auto"]
            raise AuditError(
                "{origin}: lang = {value!r}; it is one of {known}",
                origin=origin,
                value=self.lang,
                known=", ".join(known),
            )
        if self.grade.half <= 0:
            raise AuditError("{origin}: grade.half = {value}; it is above 0", origin=origin, value=self.grade.half)
        return self


def load_config(path: Path | None = None, start: Path | None = None) -> Config:
    """The configuration in `path`, or in the nearest file above `start` (the working folder), or the defaults.

    Raises AuditError for a file that cannot be read, is no TOML, or holds an unknown key or a wrong value.
    """
    file = path or find_config(start or Path.cwd())
    if file is None:
        return Config()
    return parse(read_table(file), str(file))


def find_config(start: Path) -> Path | None:
    """The nearest `jiaokan.toml`, or `pyproject.toml` with a `[tool.jiaokan]` table, at or above a folder."""
    for folder in (start, *start.parents):
        if (folder / "jiaokan.toml").is_file():
            return folder / "jiaokan.toml"
        project = folder / "pyproject.toml"
        if project.is_file() and b"tool.jiaokan" in project.read_bytes():
            return project
    return None


def read_table(file: Path) -> Mapping[str, Any]:
    """The settings table of a file."""
    try:
        table = tomllib.loads(file.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AuditError("{file}: the configuration cannot be read: {error}", file=file, error=error) from error
    if file.name == "pyproject.toml":
        table = table.get("tool", {}).get("jiaokan", {})
    return table


def parse(table: Mapping[str, Any], origin: str) -> Config:
    """A configuration from a table; unknown keys are refused with the nearest known name."""
    refuse_unknown(table, Config, origin)
    if isinstance(table.get("grade"), Mapping):
        refuse_unknown(table["grade"], Weights, f"{origin}: grade")
    try:
        return msgspec.convert(table, Config).checked(origin)
    except msgspec.ValidationError as error:
        raise AuditError("{origin}: {error}", origin=origin, error=wrong_type(table, str(error))) from error


KINDS = {
    "array": Phrase("a list, as in ['PLC']"),
    "object": Phrase("a table"),
    "float": Phrase("a number"),
    "int": Phrase("a whole number"),
    "str": Phrase("text in quotation marks"),
}
STEP = regex(r"\[[^\]]*\]|[^.\[]+")
MISTYPED = regex(r"Expected `(?P<wanted>\w+)`, got `\w+` - at `\$\.?(?P<place>[^`]*)`")


def wrong_type(table: Mapping[str, Any], said: str) -> str:
    """What msgspec says of a value of a wrong type, in the words of the other messages: setting, value, what it is.

    >>> wrong_type({"min-confidence": "high"}, "Expected `float`, got `str` - at `$.min-confidence`")
    "min-confidence = 'high'; it is a number"
    """
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
    known: Sequence[str] = shape.__struct_encode_fields__
    for key in table:
        if key not in known:
            near = nearest(key, known) or Phrase("; the settings are {known}", known=", ".join(known))
            raise AuditError("{origin}: unknown setting {key!r}{hint}", origin=origin, key=key, hint=near)
