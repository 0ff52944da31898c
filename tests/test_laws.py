"""Laws that every rule keeps, whoever wrote it."""

from __future__ import annotations

import inspect
import pickle
import re
import string
import time

import pytest

from audit.registry import load_rules
from audit.rule import CODE, KINDS, Rule, Scope
from tests.casefiles import all_cases

RULES, BROKEN = load_rules()
SECTIONS = ("Why it matters:", "Left alone:", "Repair:")


def test_every_family_loads() -> None:
    assert BROKEN == ()
    assert {rule.kind for rule in RULES} == set(KINDS.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_declaration(rule: Rule) -> None:
    assert CODE.fullmatch(rule.code)
    assert KINDS[rule.code.rstrip(string.digits)] == rule.kind
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert 0 < rule.floor <= rule.confidence <= 1
    assert (rule.sketch is not None) == (rule.scope is Scope.COLLECTION)
    assert not rule.triggers or rule.scope in (Scope.LINE, Scope.TEXT)
    assert all(rule.triggers), "an empty trigger group would never be met"
    assert rule.messages
    assert all(rule.messages.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_page(rule: Rule) -> None:
    page = inspect.cleandoc(rule.page)
    assert page.split("\n", 1)[0].endswith((".", "。")) or "\n\n" in page
    missing = [section for section in SECTIONS if section not in page]
    assert not missing, f"{rule.code} {rule.name}: the page lacks {missing}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_cases_of_every_origin(rule: Rule) -> None:
    origins = {case.origin for case in all_cases() if case.rule == rule.code}
    assert origins == {"wild", "negative", "synthetic"}, f"{rule.code} {rule.name} has cases of {origins} only"


def test_cases_name_known_rules() -> None:
    codes = {rule.code for rule in RULES}
    assert {case.rule for case in all_cases()} <= codes


def test_sketches_pickle_and_rules_are_values() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        if rule.sketch is not None:
            pickle.dumps(rule.sketch)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_patterns_are_linear(rule: Rule) -> None:
    """Every compiled pattern of the rule's module, on text made to make it backtrack: ten times the text, about ten times the time."""
    module = inspect.getmodule(rule.check)
    patterns = {name: value for name, value in vars(module).items() if isinstance(value, re.Pattern) and value.pattern}
    for name, pattern in patterns.items():
        for sample in hostile(pattern):
            began = time.process_time()
            for _ in pattern.finditer(sample * 20_000):
                pass
            assert time.process_time() - began < 5, f"{name} is slow on {sample!r}"


def hostile(pattern: re.Pattern[str] | re.Pattern[bytes]) -> list[str]:
    """Runs of what the pattern itself is made of."""
    if isinstance(pattern.pattern, bytes):
        return []
    literals = sorted(set(re.findall(r"[^\W_]|[，。、（）《》“”.,;:()<>*_`'\"-]", pattern.pattern)))[:6]
    return [*literals, "的", "1", " ", "一、"]
