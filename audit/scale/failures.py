"""What failed, a few of each rule: one that fails at every entry with words of its own must not fill memory and report."""

from __future__ import annotations

from collections.abc import Iterable

FEW = 20  # reasons told of a rule, the first in their order, so that nothing depends on which worker was first
MORE = "…"  # and others of the kind, in any language
MANY = 1_000  # from so many they are thinned while they come
Failures = dict[tuple[str, str], None]  # rule and reason; no rule: a part that was lost, all of which are told


def add(failures: Failures, found: Iterable[tuple[str, str]]) -> None:
    """Adds pairs of rule and reason."""
    failures.update(dict.fromkeys(found))
    if len(failures) > MANY:
        thin(failures)


def thin(failures: Failures) -> None:
    """Leaves a few of each rule, and a sign that there were more."""
    by_rule: dict[str, list[str]] = {}
    for rule, reason in sorted(failures):
        if rule and reason != MORE:
            by_rule.setdefault(rule, []).append(reason)
    for rule, reasons in by_rule.items():
        for reason in reasons[FEW:]:
            del failures[rule, reason]
            failures[rule, MORE] = None
