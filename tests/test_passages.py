"""Passages that do not belong in their entry: the judgement depends on the entry alone, and stands hostile texts."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from audit.rules.off_topic_passages import foreign_passage

from audit import Config, audit_text
from audit.language.axes import axes, han_before
from audit.language.cells import CELL, may_hold
from audit.language.intruders import MAX_SIZE, MIN_SIZE, farthest, intruder
from audit.language.stretches import stretches
from audit.model import Action, Entry, Hit, Role, Span, Text
from tests.casefiles import all_cases

CASES = [case for case in all_cases() if case.rule == "TOP002"]
PLANTED = [case for case in CASES if case.at]


def entry(body: str, start: int = 0, end: int | None = None) -> Entry:
    return Entry(Text(body), 0, Role.ENTRY, start, len(body) if end is None else end, Span(start, start))


def said(one: Entry) -> list[Hit]:
    return list(foreign_passage.check(one))


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.label)
def test_what_stands_around_an_entry_makes_no_difference(case) -> None:  # type: ignore[no-untyped-def]
    (alone,) = said(entry(case.text))
    before = ("别的一篇，说的是别的事情。" * CELL)[: 3 * CELL - 1] + "\n"
    whole = before + case.text + "\n" + before * 2
    (among,) = said(entry(whole, len(before), len(before) + len(case.text)))
    assert among.span == Span(alone.span.start + len(before), alone.span.end + len(before))
    assert (among.values, among.evidence, among.confidence) == (alone.values, alone.evidence, alone.confidence)


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.label)
def test_evidence_can_be_checked(case) -> None:  # type: ignore[no-untyped-def]
    (hit,) = said(entry(case.text))
    passage, rest = case.text[slice(*hit.span)], case.text[: hit.span.start] + case.text[hit.span.end :]
    assert set(hit.evidence["missing"]) <= set(hit.evidence["entry_terms"])
    assert all(term in rest for term in hit.evidence["entry_terms"])
    assert not any(term in passage for term in hit.evidence["missing"])
    assert all(term in passage for term in hit.evidence["own_terms"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_stretches_cover_every_character_once(case) -> None:  # type: ignore[no-untyped-def]
    one = entry(case.text)
    found = [Span(*span) for span in stretches(one, han_before(one.text.codes)).tolist()]
    assert all(left.end <= right.start for left, right in itertools.pairwise(found))
    between = [case.text[left.end : right.start] for left, right in itertools.pairwise(found)]
    assert not "".join([case.text[: found[0].start], *between, case.text[found[-1].end :]]).strip()


@pytest.mark.parametrize(
    "body",
    [
        "字" * MIN_SIZE,
        "。" * MIN_SIZE,
        "\n" * MIN_SIZE,
        "a b " * MIN_SIZE,
        "字\r" * MIN_SIZE,
        "\U00020000" * MIN_SIZE,
        "\ud800" * MIN_SIZE,
    ],
    ids=["one character", "marks", "blank", "Latin", "old line ends", "beyond the first plane", "surrogates"],
)
def test_hostile_texts(body: str) -> None:
    assert said(entry(body)) == []
    assert farthest(entry(body)) is None or farthest(entry(body)).span.end <= len(body)  # type: ignore[union-attr]


def test_length() -> None:
    body = PLANTED[0].text
    assert intruder(entry(body)) is not None
    assert intruder(entry(body, 0, MIN_SIZE - 1)) is None
    assert intruder(entry(body + "\n" + "又。" * MAX_SIZE)) is None


def test_an_entry_may_end_within_a_line() -> None:
    body = PLANTED[0].text.rstrip() + "后面这半行属于别处。"
    (hit,) = said(entry(body, 0, len(body) - 10))
    assert hit.span.end <= len(body) - 10
    assert farthest(entry(body, 0, MIN_SIZE + 250)) is not None


def test_what_must_be_cut_out_costs_something() -> None:
    grades = [
        audit_text(case.text, config=Config(select=("TOP002",))).documents[0].entries[-1].graded for case in PLANTED
    ]
    assert Action.EDIT in {graded.action for graded in grades}
    assert all((graded.action is Action.EDIT) == (graded.now.score < 100) for graded in grades)


def test_no_part_but_an_entry_is_judged() -> None:
    body = PLANTED[0].text
    assert not said(Entry(Text(body), 0, Role.FRONT, 0, len(body), Span(0, 0)))


def test_the_cheap_looks_let_most_entries_be() -> None:
    silent = [case for case in CASES if case.at is None and "nothing" in case.why]
    assert silent
    assert not any(may_hold(entry(case.text)) for case in silent)
    assert all(may_hold(entry(case.text)) for case in PLANTED)


def test_axes_are_apart() -> None:
    table = axes()
    assert table.weights.dtype == np.int16
    assert np.abs(table.weights).max() < 2**15 - 1  # nothing was cut off
    assert list(table.between) == sorted(table.between, reverse=True)
