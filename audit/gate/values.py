"""The values of a baseline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.gate.marks import Mark

BASELINE = ".jiaokan-baseline.jsonl"  # the usual names

SIDECAR = ".jiaokan-suppressions.toml"
NONE = "none"  # asks for no such file, whatever lies there


@dataclass(frozen=True, slots=True)
class Known:
    """A finding of the baseline; `line` and `excerpt` are for readers only, and a private excerpt is not kept."""

    path: str
    line: int
    excerpt: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Baseline:
    """Known findings and the folder that their paths are relative to; `name` is what reports call it."""

    name: str
    folder: Path
    known: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """What a comparison with a baseline came to."""

    name: str
    new: int
    unchanged: int
    absent: tuple[Known, ...]
