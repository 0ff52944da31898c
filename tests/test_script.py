"""Scripts, punctuation and recognition errors: the rules on any text, on the labelled source and on clean prose."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import pytest
from audit.rules import ocr, punctuation
from audit.rules import script as script_rules
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import audit_text
from audit.language import confusables, script, variants
from audit.model import Hit, Hits, Severity, Text
from audit.rule import Rule, Scope

RULES = (*script_rules.RULES, *punctuation.RULES, *ocr.RULES)
TEXT_RULES = [rule for rule in RULES if rule.scope is Scope.TEXT]
ALPHABET = "干幹乾后後发發髮于於并並里裡系係，,。.、；;：:“”「」『』《》（）()lIO0129年- \n\r木几亻门部署主席步工的是国國한かАο🀄\ud800"


def hits_of(rule: Rule, text: Text) -> list[Hit]:
    found: list[Hit] = []
    for hit in rule.check(text):
        found += [hit.make(n) for n in range(len(hit.starts))] if isinstance(hit, Hits) else [hit]
    return found


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=ALPHABET, max_size=80))
def test_any_text_is_taken(body: str) -> None:
    text = Text(body)
    for rule in TEXT_RULES:
        for hit in hits_of(rule, text):
            assert 0 <= hit.span.start < hit.span.end <= len(body)
            message = rule.messages[hit.variant].format(**hit.values)
            assert message
            if hit.edit is not None:
                assert hit.edit.text != body[hit.span.start : hit.span.end]


@pytest.mark.parametrize("body", ["", "\n", "干", "。", "，。", "（", "l、", "-", "12"])
def test_small_texts(body: str) -> None:
    for rule in TEXT_RULES:
        hits_of(rule, Text(body))


def test_families_are_disjoint_and_fold_to_their_first() -> None:
    members = "".join(variants.FAMILIES)
    assert len(set(members)) == len(members)
    for family in variants.FAMILIES:
        assert {script.to_simplified(member) for member in family} == {family[0]}


def test_modernity_is_the_same_by_windows_and_by_sums() -> None:
    text = Text("各級工會組織要認真學習，進一步規範工作。\n" * 40)
    few = np.array([0, 100, 300, len(text.codes) - 1])
    many = np.arange(len(text.codes))
    assert np.array_equal(script.modernity(text, few), script.modernity(text, many)[few])


def test_the_same_character_is_never_its_own_alternative() -> None:
    rows = script.table("ocr_confusables")
    assert np.all(rows[:, 0] != rows[:, 1])
    assert np.all(np.diff(rows[:, 0].astype(np.int64)) >= 0)
    assert set(np.unique(rows[:, 2]).tolist()) == {confusables.SHAPE, confusables.SOUND}


def test_residue_is_found_on_the_source(shared: Path, source: Path) -> None:
    """Of the labelled places, nine in ten, and nine in ten of what is found is labelled."""
    lines = (shared / "gold" / "source-lines-1-166.tsv").read_text(encoding="utf-8").split("\n")
    rows = [line.split("\t") for line in lines if "\tconversion\t" in line]
    gold = {(int(row[3]), int(row[4]) + 1) for row in rows}
    findings = audit_text(source.read_bytes()).findings
    found = {(f.line, f.column) for f in findings if f.kind == "script" and f.line <= 166}
    assert len(gold & found) >= 0.9 * len(gold)
    assert len(gold & found) >= 0.9 * len(found)


LIMITS = {"law_trad": 0.75, "law_simp": 0.5, "encyclopedia_trad": 6.0, "classical_mixed": 0.5, "news_simp": 4.0}


@pytest.mark.parametrize("genre", LIMITS)
def test_clean_prose_stays_clean(shared: Path, genre: str) -> None:
    """Findings above info in 100,000 characters; those in the encyclopaedia, the news and the statutes are misprints of theirs."""
    body = lzma.decompress((shared / "corpus" / f"{genre}.txt.xz").read_bytes()).decode("utf-8")[:400_000]
    text = Text(body)
    above = [
        hit
        for rule in TEXT_RULES
        if not rule.preview
        for hit in hits_of(rule, text)
        if (rule.severity if hit.severity is None else hit.severity) > Severity.INFO
    ]
    assert len(above) <= LIMITS[genre] * len(body) / 100_000, [hit.values for hit in above]


def test_exchanges_are_the_same_however_many_are_weighed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    text = Text("今年以来，社区组织居民清理河道，已经末能按时完成目标；各部门要目常巡查，末来三年继续推进。" * 20)
    at = np.arange(1, len(text.body) - 1, 3)
    whole = confusables.weighed(text.codes, at, 0.0)
    assert len(whole) > 10
    monkeypatch.setattr(confusables, "TOGETHER", 7)
    assert confusables.weighed(text.codes, at, 0.0) == whole
    assert confusables.weighed(text.codes, at[:0], 0.0) == []
