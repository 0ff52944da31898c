"""The settings as they hold for one file: overrides laid over the rest, what each rule is worth there and whether it gates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit.config import Config
from audit.errors import AuditError, nearest
from audit.gate.layers import said_at
from audit.gate.rules import NEVER, SEVERITIES, Override, chosen, concerns, layers
from audit.registry import matches, selectors
from audit.rule import Rule
from audit.standing import Standing

SHUT = len(SEVERITIES)  # the bar of what never closes the gate


@dataclass(frozen=True, slots=True)
class Effective:
    """The settings for one file; `layers` are the overrides that name it, the one that counts most first."""

    config: Config
    path: str
    layers: tuple[Override, ...]

    @property
    def min_confidence(self) -> float:
        """The least probability that is reported."""
        given = (one.min_confidence for one in self.layers if one.min_confidence is not None)
        return next(given, self.config.min_confidence)

    @property
    def min_grade(self) -> str:
        """The letter that this file must reach by itself; empty where none was asked for it."""
        return next((one.min_grade for one in self.layers if one.min_grade), "")

    def ignores(self, rule: Rule) -> bool:
        """Whether the rule is not asked for here."""
        return any(matches(rule, word) for one in self.layers for word in one.ignore)

    def severity(self, rule: Rule) -> str | None:
        """The severity that the settings give a rule; None where they say nothing of it."""
        tables = (*(one.severity for one in self.layers), self.config.severity)
        levels = (chosen(table, [word for word in table if matches(rule, word)]) for table in tables)
        return next((level for level in levels if level is not None), None)

    def standing(self, rule: Rule) -> Standing:
        """The bar that a rule's findings must reach to close the gate, and the budgets that they come out of."""
        budgets = tuple(
            number
            for number, budget in enumerate(self.config.budgets)
            if any(matches(rule, word) for word in budget.rules) and concerns(budget.paths, self.path, self.config.root)
        )
        level = NEVER if budgets else self.gate(rule)
        return Standing(bar=SEVERITIES.get(level, SHUT), budgets=budgets)

    def gate(self, rule: Rule) -> str:
        """The least severity of a rule that closes the gate; a new rule does so only where it is named itself."""
        tables = [(one.gate, one.fail_on) for one in self.layers]
        for table, general in [*tables, (self.config.gate, self.config.fail_on)]:
            words = [word for word in table if matches(rule, word)]
            if rule.preview:
                words = [word for word in words if word.upper() == rule.code or word.lower() == rule.name]
            level = chosen(table, words)
            if level is not None:
                return level
            if general and not rule.preview:
                return general
        return NEVER


def effective(config: Config, path: str) -> Effective:
    """The settings for one file."""
    return Effective(config, path, tuple(layers(config.overrides, path, config.root)))


def check_words(rules: Sequence[Rule], config: Config) -> None:
    """AuditError for a rule that is named somewhere in the settings and does not exist."""
    for where, words in named(config):
        for word in words:
            if any(matches(rule, word) for rule in rules):
                continue
            place = said_at(config, where, word)
            if place or where not in {"select", "ignore"}:  # those of the command line are named where they are chosen
                said = f"{place}: {where}" if place else where
                raise AuditError(
                    "{where}: unknown rule {word!r}{hint}", where=said, word=word, hint=nearest(word, selectors(rules))
                )


def named(config: Config) -> Iterable[tuple[str, Iterable[str]]]:
    """The words for rules in the settings, and where they stand."""
    yield "select", config.select
    yield "ignore", config.ignore
    yield "severity", config.severity
    yield "gate", config.gate
    for number, one in enumerate(config.overrides, 1):
        yield f"overrides[{number}]", (*one.ignore, *one.severity, *one.gate)
    for number, budget in enumerate(config.budgets, 1):
        yield f"budgets[{number}]", budget.rules
