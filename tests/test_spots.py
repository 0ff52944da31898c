"""What rules share instead of running through the text themselves: spots, places, seams, patterns, the judgement of a collection."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audit.language.patterns import regex
from audit.language.seams import seams
from audit.language.shingles import shingles, signature
from audit.language.spot_tables import BEYOND, everyday
from audit.language.spots import behind_han, distinct, look_up, narrow, one_of, places, spots
from audit.language.whereabouts import where
from audit.model import Text
from audit.registry import load_rules
from audit.rule import remembered
from audit.sieve import Sieve

MIXED = st.text(alphabet=st.sampled_from("的工年一，。；:(1a\n\r \u3000龘𠀀\U0001f600\uffff\udc80第点請"), max_size=60)


@given(MIXED)
@example("")
@example("𠀀" * 3 + "，的")
def test_where_and_places_are_a_plain_search(body: str) -> None:
    text = Text(body)
    for chars in ("，。", "的工", "，的𠀀"):
        at, held = where(text, one_of(chars))
        wanted = [n for n, char in enumerate(body) if char in chars or (max(chars) > "\uffff" <= char)]
        assert at.tolist() == wanted
        assert held.all()
    for mark in "，的1\n龘":
        assert places(text, mark).tolist() == [n for n, char in enumerate(body) if char == mark]
        found = [
            n for n in range(1, len(body)) if body[n] == mark and re.match("[\u3400-\u9fff\uf900-\ufaff]", body[n - 1])
        ]
        assert behind_han(text, mark).tolist() == found


@given(MIXED)
def test_spots_leave_out_nothing_but_everyday_characters(body: str) -> None:
    text = Text(body)
    codes = [min(ord(char), BEYOND) for char in body]
    assert narrow(text).tolist() == codes
    assert spots(text).at.tolist() == [n for n, code in enumerate(codes) if not everyday()[code]]
    assert look_up(text, np.arange(BEYOND + 1)).tolist() == codes


def test_everyday_characters_are_han_and_few_others_stand_in_prose() -> None:
    assert all(0x4E00 <= code < 0xA000 for code in np.flatnonzero(everyday()).tolist())
    text = Text("各级工会组织要认真学习，进一步规范工作。\n")
    assert [text.body[at] for at in spots(text).at.tolist()] == ["，", "。", "\n"]


@given(MIXED)
def test_seams_are_pairs_of_neighbours(body: str) -> None:
    found = seams(Text(body))
    assert found.items.tolist() == [
        m.end() - 1 for m in re.finditer(r"(?<=[。；;！!：:，,])[0-9０-９一二三四五六七八九十第(（]", body)
    ]
    assert found.strays.tolist() == [m.end() - 1 for m in re.finditer(r"(?<=[的地得了着著])[0-9]", body)]


@given(MIXED.filter(bool))
def test_a_line_s_bits_are_those_of_its_characters(body: str) -> None:
    rules, _ = load_rules()
    text, sieve = Text(body), Sieve(rules)
    bits = sieve.bits(text)
    for rule in rules:
        if not rule.triggers or rule.scope.value not in ("line", "text"):
            continue
        called = sieve.lines(rule, bits).tolist()
        for number in range(len(text.line_starts)):
            line = text.body[text.line_starts[number] : text.line_ends[number]]
            if all(not set(group).isdisjoint(line) for group in rule.triggers):
                assert number in called, rule.code


def test_a_pattern_is_compiled_once_it_is_used_and_not_before() -> None:
    year = regex(r"(?P<year>\d{4})", re.ASCII)
    assert "match" not in vars(year)
    assert year.pattern == r"(?P<year>\d{4})"
    found = year.search("in 1999")
    assert found is not None
    assert found["year"] == "1999"
    assert vars(year)["match"]("1999")
    assert year.flags & re.ASCII
    with pytest.raises(re.error):
        regex("(").search("")


def test_a_judgement_is_remembered_for_its_sketches_alone() -> None:
    asked: list[int] = []

    @remembered
    def judged(sketches: object, fetch: object) -> int:  # noqa: ARG001 - the shape that judgements have
        asked.append(1)
        return len(asked)

    first, equal = [1, 2], [1, 2]
    assert judged(first, None) == judged(first, None) == 1
    assert judged(equal, None) == 2


@given(st.text(alphabet="工会1 a，。\n𠀀", max_size=40))
def test_kept_characters_know_their_offsets(body: str) -> None:
    one = shingles(Text(body))
    kept = [n for n, char in enumerate(body) if char in "工会1a"]
    assert [one.offset(place) for place in range(len(one.kept))] == kept
    for start in range(len(body) + 1):
        assert one.bounds(0, start) == (0, sum(at < start for at in kept))


@given(st.lists(st.integers(0, 2**32 - 1), max_size=50))
def test_prints_ascend_and_stand_once(values: list[int]) -> None:
    prints = np.array(values, dtype=np.uint32)
    assert distinct(prints).tolist() == sorted(set(values))


def test_a_signature_holds_the_smallest_of_each_bin() -> None:
    draw = np.random.default_rng(3).integers(0, 1 << 32, 5000, dtype=np.uint64).astype(np.uint32)
    smallest = np.array([min(v for v in draw.tolist() if v >> 25 == number) for number in range(128)])
    assert signature(draw).tolist() == ((smallest >> 9) & 0xFFFF).tolist()
