"""Gate rules, budgets and baseline of the command line; they count more than the settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from audit.config import Config
from audit.errors import AuditError
from audit.gate.rules import Budget, Override, check_level
from audit.gate.values import NONE


def flagged(config: Config, gates: Sequence[str], budgets: Sequence[str], baseline: str | None) -> Config:
    """The configuration with what the command line adds."""
    file = config.baseline if baseline is None else baseline
    if baseline is not None and baseline != NONE:
        file = str(Path(baseline).absolute())
    return msgspec.structs.replace(
        config,
        overrides=(*config.overrides, *map(gate_of, gates)),
        budgets=(*config.budgets, *map(budget_of, budgets)),
        baseline=file,
    )


def budget_of(text: str) -> Budget:
    """A budget from the command line: `placeholder=3` or `placeholder@drafts/**=3`."""
    words, _, count = text.rpartition("=")
    rules, _, path = words.partition("@")
    if not rules or not count.strip().isdigit():
        raise AuditError("--budget {value!r}; write it like placeholder=3 or placeholder@drafts/**=3", value=text)
    return Budget(int(count), tuple(word.strip() for word in rules.split(",")), (path,) if path else ())


def gate_of(text: str) -> Override:
    """A gate rule from the command line: `ocr=never` or `ocr@drafts/**=never`."""
    words, _, level = text.rpartition("=")
    rules, _, path = words.partition("@")
    if not rules or not level:
        raise AuditError("--gate {value!r}; write it like ocr=never or ocr@drafts/**=major", value=text)
    check_level("--gate", rules, level, never=True)
    return Override((path or "**",), gate={word.strip(): level for word in rules.split(",")})
