"""Laws that every rule keeps, whoever wrote it."""

from __future__ import annotations

import importlib
import inspect
import pickle
import pkgutil
import re
import string
import sys
import time

import pytest

import audit
from audit.language.patterns import Regex
from audit.registry import load_rules
from audit.rule import CODE, KINDS, Rule, Scope
from tests.casefiles import all_cases

RULES, BROKEN = load_rules()
for module in pkgutil.walk_packages(audit.__path__, "audit."):
    importlib.import_module(module.name)  # so that every pattern is seen, whichever tests ran before
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
    wanted = {"negative", "synthetic"} if rule.preview else {"wild", "negative", "synthetic"}
    assert origins >= wanted, f"{rule.code} {rule.name} has cases of {origins} only"


def test_cases_name_known_rules() -> None:
    codes = {rule.code for rule in RULES}
    assert {case.rule for case in all_cases()} <= codes


def test_sketches_pickle_and_rules_are_values() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        if rule.sketch is not None:
            pickle.dumps(rule.sketch)


SIZES = (1_500, 6_000)  # code points; four times the text takes four times as long, or sixteen times if it backtracks
NOTHING = 0.05  # seconds that tell nothing
QUADRATIC = 10


def patterns() -> list[object]:
    found = {}
    for module in list(sys.modules.values()):
        name = getattr(module, "__name__", "")
        if name.startswith("audit."):
            for label, value in vars(module).items():
                if isinstance(value, re.Pattern | Regex) and isinstance(value.pattern, str):
                    found[value.pattern, value.flags] = pytest.param(value, id=f"{name}.{label}")
    return list(found.values())


@pytest.mark.parametrize("pattern", patterns())
def test_patterns_are_linear(pattern: re.Pattern[str]) -> None:
    for sample in hostile(pattern):
        short, long = (sample * (size // len(sample)) for size in SIZES)
        found = seconds(pattern, long)
        if found < NOTHING or found < QUADRATIC * seconds(pattern, short):
            continue
        once, found = (min(seconds(pattern, text) for _ in range(3)) for text in (short, long))  # the machine was busy
        assert found < QUADRATIC * once, f"{sample!r}: {once:.3f} s, {found:.3f} s for four times the text"


def seconds(pattern: re.Pattern[str], text: str) -> float:
    began = time.process_time()
    for _ in zip(range(1000), pattern.finditer(text), strict=False):  # matches cost what they cost; failing is the risk
        pass
    pattern.match(text + "\n")
    return time.process_time() - began


def hostile(pattern: re.Pattern[str]) -> list[str]:
    """What the pattern is made of, over and over: each part alone, and all together."""
    plain = re.sub(r"\\[a-zA-Z]|\(\?[^)]*\)", "", pattern.pattern)
    literals = list(dict.fromkeys(re.findall(r"[\w，。、（）《》“”.,;:()<>*`'\" -]", plain)))
    return [*literals[:4], "".join(literals[:12]) or "a", "的", "1", "的1", " "]
