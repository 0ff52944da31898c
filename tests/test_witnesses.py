"""Passages that entries of different texts share: compiled and not, in any order, and what a character tells there."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.config import Config
from audit.language import witnesses
from audit.language.witnesses import apart, meetings, witness
from audit.model import Entry, Role, Span, Text
from audit.native import kernels
from audit.run import audit_bytes
from tests.test_parallels import BETWEEN, EDITS, edited
from tests.test_parallels import PASSAGE as SHORT

compiled = pytest.mark.skipif(kernels is None, reason="no compiler stood at the installation")
OTHERS = (
    "县里的图书馆新添了三千册图书，周末也向读者开放，孩子们放学以后常常到这里来看书写作业。",
    "村口的老槐树下，几位老人正在下棋，旁边的水渠刚刚修好，清水一直流到山脚下的稻田里去。",
    "财务人员每月核对账目，发现差错及时更正，年底把全年的收支情况张榜公布，接受群众监督。",
)
PASSAGE = SHORT[:-1] + "，并报县总工会备案，由各基层单位年终对照检查、逐项落实，结果向职工公布。"
WRONG = PASSAGE.replace("工作目标", "戏作目标")


def entry(body: str, *, record: bool = False) -> Entry:
    return Entry(Text(body), 0, Role.ENTRY, 0, len(body), Span(0, 0), record=record)


@compiled
@given(EDITS, EDITS, st.permutations(OTHERS))
def test_both_ways_tell_the_same(
    one: list[tuple[int, str, int]], other: list[tuple[int, str, int]], order: Sequence[str]
) -> None:
    first = entry("\n".join([*OTHERS[:2], edited(PASSAGE, one)]))
    second = entry("\n".join([order[0], edited(PASSAGE, other), order[1]]))
    fast = apart(first, second)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(witnesses, "kernels", None)
        slow = apart(first, second)
    assert fast.shape == slow.shape
    assert (fast == slow).all()


@compiled
def test_what_does_not_fit_is_refused() -> None:
    kept, prints, places, rows = (
        np.zeros(9, np.uint16),
        np.zeros(1, np.uint32),
        np.zeros(1, np.int64),
        np.zeros(12, np.int64),
    )
    good = (kept, prints, places, kept, prints, places, rows)
    for number, bad in ((1, np.zeros(2, np.uint32)), (2, np.array([-1])), (2, np.array([10])), (5, np.array([10]))):
        with pytest.raises(ValueError, match="apart"):
            kernels.apart(*good[:number], bad, *good[number + 1 :])  # type: ignore[union-attr]
    assert kernels.apart(*good[:6], np.zeros(0, np.int64)) == 0  # type: ignore[union-attr]


def test_entries_of_one_text_do_not_meet() -> None:
    body = BETWEEN + PASSAGE + "\n" + OTHERS[0] + WRONG + "\n"
    half = len(BETWEEN + PASSAGE) + 1
    text = Text(body)
    for record, met in ((False, []), (True, [(0, 1)])):
        parts = [
            Entry(text, 0, Role.ENTRY, 0, half, Span(0, 0), record=record),
            Entry(text, 1, Role.ENTRY, half, len(body), Span(half, half), record=record),
        ]
        assert list(meetings([witness(one) for one in parts])) == met


def test_many_prints_are_thinned_alike_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [entry(BETWEEN + PASSAGE * (1 + number)) for number in range(3)]
    known = [witness(one) for one in entries]
    assert list(meetings([*known, None])) == [(0, 1), (0, 2), (1, 2)]
    monkeypatch.setattr(witnesses, "MOST", 1)
    assert len(list(meetings(known))) == len(list(meetings(known[::-1]))) < 3


def told(files: Sequence[tuple[str, str]]) -> set[tuple[str, int, int, str | None]]:
    audit = audit_bytes([(path, body.encode(), "") for path, body in files], Config(select=("OCR010",)))
    assert audit.complete
    return {(one.path, one.start, one.end, one.suggestion) for one in audit.findings}


def test_the_order_of_files_makes_no_difference() -> None:
    bodies = [BETWEEN + WRONG, PASSAGE + OTHERS[0], OTHERS[1] + PASSAGE.replace("考核", "考亥"), OTHERS[2] + PASSAGE]
    files = [(f"{number}.txt", body) for number, body in enumerate(bodies)]
    found = told(files)
    assert {path for path, *_ in found} == {"0.txt", "2.txt"}
    for seed in range(4):
        assert told(random.Random(seed).sample(files, len(files))) == found


def test_what_a_text_writes_again_and_again_is_its_own() -> None:
    assert told([("a.txt", WRONG + BETWEEN + OTHERS[0]), ("b.txt", PASSAGE)])
    assert not told([("a.txt", WRONG + BETWEEN + OTHERS[0] + WRONG.replace("结合", "联系")), ("b.txt", PASSAGE)])


def test_what_more_entries_have_is_let_be() -> None:
    files = [("a.txt", WRONG + BETWEEN), ("b.txt", OTHERS[0] + PASSAGE), ("c.txt", OTHERS[1] + WRONG)]
    assert not told(files)
    assert {path for path, *_ in told([*files, ("d.txt", OTHERS[2] + PASSAGE)])} == {"a.txt", "c.txt"}


def test_formulas_that_more_than_a_few_hold_are_let_be() -> None:
    files = [(f"{number}.txt", f"{OTHERS[0][number:]}{PASSAGE}") for number in range(witnesses.FEW)]
    assert not told([*files, ("wrong.txt", WRONG + BETWEEN)]) - told([*files[:2], ("wrong.txt", WRONG + BETWEEN)])


def test_of_too_many_pairs_the_same_are_read_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which are read is told by what the entries hold, not by their numbers."""
    monkeypatch.setattr(witnesses, "READ", 20)
    draw = np.random.default_rng(5)
    marks = draw.integers(1, 1 << 32, 100, dtype=np.uint64)
    pairs = np.array([one << 32 | other for one in range(100) for other in range(one + 1, 100)], dtype=np.uint64)
    order = draw.permutation(100)  # entry n stands at place order[n]
    moved = np.empty_like(marks)
    moved[order] = marks

    def held(some: np.ndarray, by: np.ndarray) -> set[frozenset[int]]:
        return {frozenset((int(by[int(pair) >> 32]), int(by[int(pair) & 0xFFFFFFFF]))) for pair in some}

    read = witnesses._read(pairs, marks)
    assert len(read) == 30
    assert held(read, marks) == held(witnesses._read(pairs, moved), moved)
    assert np.array_equal(witnesses._read(pairs[:30], marks), pairs[:30])
