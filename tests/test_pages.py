"""Rule pages and examples: whole in both languages, and true."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import pytest

from audit import audit_text, load_rules
from audit.catalogue import speaking
from audit.config import Config
from audit.pages import Example, english, entry, messages, page, title
from audit.rule import Rule
from audit.run import audit_bytes
from tests.casefiles import all_cases

RULES = load_rules()[0]
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
CODE = re.compile(r"``[^`]*(?:`[^`]+)*``|`[^`]*`|「[^」]*」|\{[^}]*\}")
HALF = re.compile(r"[\u4e00-\u9fff」）][,;:?!]|[,;:?!][\u4e00-\u9fff「（]|\([\u4e00-\u9fff]|[\u4e00-\u9fff]\)")


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@each_rule
def test_chinese_is_whole(rule: Rule) -> None:
    own = entry(rule)["zh"]
    assert set(english(rule.page)) <= set(own), "the Chinese page lacks a section"
    assert set(own) == {"title", "message"} | set(english(rule.page))
    with speaking("zh"):
        assert title(rule) == page(rule).title != rule.name
        said = messages(rule)
    assert set(said) == set(rule.messages)
    for variant, template in rule.messages.items():
        assert fields(said[variant]) == fields(template), f"{rule.code} {variant!r}: other placeholders"
        assert said[variant] != template


@each_rule
def test_chinese_is_punctuated_as_chinese(rule: Rule) -> None:
    with speaking("zh"):
        told, said = page(rule), messages(rule)
    for text in (told.title, told.what, *told.sections.values(), *said.values()):
        bare = CODE.sub("引", text)
        assert not HALF.search(bare), f"half-width mark in {text!r}"
        assert re.search(r"[\u4e00-\u9fff]", bare)
        assert "--" not in bare
        assert "..." not in bare
    for text in (told.what, *told.sections.values()):
        assert text.endswith(("。", "。）")), text


def fired(rule: Rule, example: Example) -> int:
    audit = audit_bytes(example.files, Config(select=(rule.code,), min_confidence=0.0))
    assert audit.complete, audit.failures
    return len(audit.findings)


@each_rule
def test_examples_are_true(rule: Rule) -> None:
    told = page(rule)
    assert told.bad
    assert told.good
    for example in told.bad:
        assert fired(rule, example), f"{rule.code} is silent on {example.text!r}"
    for example in told.good:
        assert not fired(rule, example), f"{rule.code} fires on {example.text!r}"


def test_pages_name_known_rules() -> None:
    from audit.pages import file

    named = {code for kind in {rule.kind for rule in RULES} for code in file("audit.rules", kind)}
    assert named == {rule.code for rule in RULES}


def test_other_peoples_rules_speak_english_until_translated() -> None:
    def check(_: object) -> list[object]:
        """A thing of theirs.

        Why it matters: it does.
        Repair: none.
        """
        return []

    rule = replace(RULES[0], code="OWN001", check=check, messages={"": "a thing: {text!r}"})
    with speaking("zh"):
        assert messages(rule) == {"": "a thing: {text!r}"}
        assert title(rule) == rule.name
        assert page(rule).what == "A thing of theirs."
        assert page(rule).sections == {"why": "it does.", "repair": "none."}


def test_findings_differ_in_their_words_alone() -> None:
    text = next(case.text for case in all_cases() if case.rule == "DUP001" and case.at)
    audit = audit_text("按照20xx年的的目标，\n" + text)
    own = audit.findings
    with speaking("zh"):
        other = audit.findings
    assert [replace(finding, message="") for finding in own] == [replace(finding, message="") for finding in other]
    assert all(a.message != b.message for a, b in zip(own, other, strict=True))
    assert all(re.search(r"[\u4e00-\u9fff]", finding.message) for finding in other)
    repeated = next(finding.message for finding in other if finding.rule == "DUP001")
    assert re.search(r"第 \d+ 篇第 \d+ 行", repeated), repeated
    assert audit.findings == own, "the language is that of the moment"
