"""Placeholder, noise, elision, privacy and fact: laws that single cases cannot show."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from audit.rules.elision import RULES as ELISION
from audit.rules.fact import RULES as FACT
from audit.rules.noise import RULES as NOISE
from audit.rules.placeholder import RULES as PLACEHOLDER
from audit.rules.privacy import RULES as PRIVACY
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import audit_text
from audit.language.code import in_code
from audit.language.spots import digit_runs, flanked, places
from audit.model import Hits, Safety, Text
from audit.rule import Rule, Scope

RULES = (*PLACEHOLDER, *NOISE, *ELISION, *PRIVACY, *FACT)
ALPHABET = "xX×*○□_某的了、和等，,。.`'《》“”（）<>{}[]$&;@-%月日年人元县工會 \u3000\n0123456789abwW张患癌"
HOSTILE = (
    "x",
    "**年",
    "的.",
    "、和等",
    "《》",
    "1",
    "13月5日",
    "2008年至2005年",
    "12%,共5万,",
    "a@",
    "www.a.",
    "<br ",
    "“啊x",
    "粤B12345",
    "_",
    "为了提高的，",
)


def hits_of(rule: Rule, text: Text) -> list:
    if rule.scope is Scope.TEXT:
        found = rule.check(text)
    else:
        found = (hit for number in range(len(text.line_starts)) for hit in rule.check(text.line(number)))
    return [
        hit
        for item in found
        for hit in ([item.make(n) for n in range(len(item.starts))] if isinstance(item, Hits) else [item])
    ]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=ALPHABET, max_size=120))
def test_any_text_gives_spans_within_it_and_messages_that_fill(body: str) -> None:
    text = Text(body)
    for rule in RULES:
        for hit in hits_of(rule, text):
            assert 0 <= hit.span.start < hit.span.end <= len(body), rule.code
            assert rule.messages[hit.variant].format(**hit.values)
            assert 0 < (hit.confidence or rule.confidence) <= 1
            assert hit.edit is None or rule.repair is not None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_time_grows_with_the_text(rule: Rule) -> None:
    for sample in HOSTILE:
        text = Text(sample * (15_000 // len(sample)))
        began = time.process_time()
        for _ in zip(range(15_000), rule.check(text if rule.scope is Scope.TEXT else text.line(0)), strict=False):
            pass
        assert time.process_time() - began < 2, sample


@given(st.text(alphabet="的，x1 ", max_size=60))
def test_spots_are_where_a_plain_search_finds_them(body: str) -> None:
    text = Text(body)
    assert places(text, "的").tolist() == [at for at, char in enumerate(body) if char == "的"]
    wanted = [at for at in range(1, len(body) - 1) if body[at] == "的" and body[at - 1] == "x" and body[at + 1] == "，"]
    assert flanked(text, "的", "x", "，") == wanted
    starts, ends = digit_runs(text)
    assert "".join(body[start:end] for start, end in zip(starts, ends, strict=True)) == "".join(
        c for c in body if c == "1"
    )


def test_places_agree_however_often_a_character_stands() -> None:
    for body in ("的" * 30_000, "啊" * 30_000 + "的", "的啊" * 20_000):
        assert np.array_equal(places(Text(body), "的"), np.flatnonzero(Text(body).codes == ord("的")))


def test_code_is_known_by_its_fences() -> None:
    body = "见`a` b\n```\n20xx年\n```\n20xx年"
    text = Text(body)
    assert in_code(text, body.index("a"), body.index("a") + 1)
    assert in_code(text, body.index("20xx"), body.index("20xx") + 4)
    assert not in_code(text, body.rindex("20xx"), body.rindex("20xx") + 4)


def test_a_stray_mark_is_safe_only_where_nothing_else_can_be_meant() -> None:
    stray = next(rule for rule in NOISE if rule.code == "NOI001")
    alone = hits_of(stray, Text("提高一个新的.水平。"))
    assert [hit.edit.safety for hit in alone] == [Safety.SAFE]
    spans = hits_of(stray, Text("用`a`函数\n提高一个新的`水平。"))
    assert [hit.edit.safety for hit in spans] == [Safety.SUGGESTED]
    full_stops = hits_of(stray, Text("提高一个新的.水平。\n他来了.我走了。\n这是我的.你拿走。"))
    assert {hit.edit.safety for hit in full_stops} == {Safety.SUGGESTED}


def test_dense_masks_are_all_read() -> None:
    year = next(rule for rule in PLACEHOLDER if rule.code == "PLC001")
    assert len(hits_of(year, Text("**年" * 500))) == 500
    assert hits_of(year, Text("**年**，" * 500)) == []


def test_gold(source: Path, shared: Path) -> None:
    body = source.read_bytes().decode("utf-8")
    found = audit_text(body).findings
    rows = (shared / "gold" / "source-lines-1-166.tsv").read_bytes().decode("utf-8").split("\n")
    header = rows[0].split("\t")
    gold = [dict(zip(header, row.split("\t"), strict=False)) for row in rows[1:] if row]
    for kind, least in (("placeholder", 0.95), ("noise", 0.9)):
        owed = [(int(row["line"]), int(row["start"]), int(row["end"])) for row in gold if row["kind"] == kind]
        seen = [(f.line, f.column - 1, f.end_column - 1) for f in found if f.kind == kind and f.line <= 166]
        hit = [g for g in owed if any(g[0] == f[0] and g[1] < f[2] and f[1] < g[2] for f in seen)]
        right = [f for f in seen if any(g[0] == f[0] and g[1] < f[2] and f[1] < g[2] for g in owed)]
        assert len(hit) >= least * len(owed), (kind, set(owed) - set(hit))
        assert len(right) >= least * len(seen), (kind, set(seen) - set(right))


def test_messages_of_privacy_do_not_repeat_the_secret() -> None:
    text = Text("手机：15226632381，身份证号11010519491231002X，卡号6228481736291384863")
    for rule in PRIVACY[:3]:
        for hit in hits_of(rule, text):
            shown = rule.messages[hit.variant].format(**hit.values) + str(hit.evidence)
            assert text.body[hit.span.start : hit.span.end] not in shown
