"""The cases of `tests/cases/*.toml` as values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from audit.pages import Example

FOLDER = Path(__file__).parent / "cases"
KEYS = {
    "rule",
    "why",
    "origin",
    "good",
    "bad",
    "at",
    "fixed",
    "known_failure",
    "path",
    "encodings",
    "severity",
    "beside",
}
ORIGINS = {"wild", "negative", "synthetic"}


@dataclass(frozen=True)
class Case:
    """A text with what one rule must say of it: nothing (`good`), or exactly `at`."""

    family: str
    number: int
    rule: str
    why: str
    origin: str
    text: str
    at: tuple[str, ...] | None
    fixed: str | None
    known_failure: bool
    path: str
    severity: str  # of every hit; "" asks nothing
    encodings: tuple[str, ...]  # of the lines, the last one of the rest; in such a text `\\xNN` spells a byte
    beside: str  # another text of the collection; "" for none

    @property
    def raw(self) -> bytes:
        """The text as bytes."""
        return self.example.raw

    @property
    def example(self) -> Example:
        """The same as an example of a rule's page."""
        return Example(self.text, self.path, self.encodings, self.beside)

    @property
    def files(self) -> list[tuple[str, bytes, str]]:
        """The text, and what stands beside it."""
        return self.example.files

    @property
    def label(self) -> str:
        return f"{self.family}-{self.number}-{self.rule}-{self.why[:40]}"


def case(family: str, number: int, table: dict[str, object]) -> Case:
    unknown = set(table) - KEYS
    assert not unknown, f"{family} case {number}: unknown keys {unknown}"
    assert ("good" in table) != ("bad" in table), f"{family} case {number}: either good or bad"
    assert table["origin"] in ORIGINS, f"{family} case {number}: origin {table['origin']!r}"
    at = table.get("at")
    assert ("bad" in table) == (at is not None), f"{family} case {number}: `at` goes with bad"
    return Case(
        family=family,
        number=number,
        rule=str(table["rule"]),
        why=str(table["why"]),
        origin=str(table["origin"]),
        text=str(table.get("bad", table.get("good"))),
        at=tuple(at) if isinstance(at, list) else None,
        fixed=table.get("fixed"),  # type: ignore[arg-type]
        known_failure=bool(table.get("known_failure", False)),
        path=str(table.get("path", "case.txt")),
        severity=str(table.get("severity", "")),
        encodings=tuple(table.get("encodings", ())),  # type: ignore[arg-type]
        beside=str(table.get("beside", "")),
    )


@cache
def all_cases() -> tuple[Case, ...]:
    found = []
    for file in sorted(FOLDER.glob("*.toml")):
        tables = tomllib.loads(file.read_bytes().decode("utf-8")).get("case", [])
        found += [case(file.stem, number, table) for number, table in enumerate(tables, 1)]
    return tuple(found)
