"""Passages that differ by a character: compiled and not, and what collation tells of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.joined import join
from audit.language import habits, parallels
from audit.language.shingles import shingles
from audit.model import Text
from audit.native import kernels
from audit.registry import load_rules
from audit.restore.collate import variants
from audit.restore.usage import unusual

compiled = pytest.mark.skipif(kernels is None, reason="no compiler stood at the installation")
worse_reading = next(rule for rule in load_rules()[0] if rule.code == "OCR009")
PASSAGE = "各级工会组织认真学习贯彻会议精神，结合本镇实际制订了年度工作目标管理考核意见。"
BETWEEN = "他们还走访了困难职工家庭，送去慰问金和生活用品，帮助他们解决实际困难。\n"
EDITS = st.lists(
    st.tuples(st.integers(0, len(PASSAGE)), st.sampled_from(["", "，", "的", "会议", "12"]), st.integers(0, 2)),
    max_size=3,
)


def edited(passage: str, edits: list[tuple[int, str, int]]) -> str:
    """The passage with a few characters put in place of others."""
    for at, put, gone in edits:
        passage = passage[:at] + put + passage[at + gone :]
    return passage


@compiled
@given(st.lists(EDITS, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_both_ways_tell_the_same(copies: list[list[tuple[int, str, int]]], every: bool, apart: bool) -> None:
    body = (BETWEEN if apart else "").join(edited(PASSAGE, edits) for edits in copies)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallels, "LEAST", 0 if every else 1 << 16)
        fast = parallels.differences(Text(body))
        patch.setattr(parallels, "kernels", None)
        slow = parallels.differences(Text(body))
    assert fast.shape == slow.shape
    assert (fast == slow).all()


@pytest.mark.parametrize(
    ("copy", "row"),
    [
        (PASSAGE.replace("工作目标", "戏作目标"), (27, 28, 27, 28)),
        (PASSAGE.replace("制订了", "制了"), (23, 24, 23, 23)),
        (PASSAGE.replace("制订了", "制订好了"), (24, 24, 24, 25)),
    ],
)
def test_a_difference_is_told_where_it_is(copy: str, row: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallels, "LEAST", 0)
    text = Text(PASSAGE + BETWEEN + copy)
    found = parallels.differences(text)
    second = len(shingles(Text(PASSAGE + BETWEEN)).kept)
    assert [one[:2] + [place - second for place in one[2:4]] for one in found.tolist()] == [list(row)]


@compiled
def test_what_does_not_fit_is_refused() -> None:
    kept, rows, every = np.zeros(9, np.uint16), np.zeros(12, np.int64), np.array([1])
    for arguments in (
        (kept, np.array([3, 3]), every, rows),
        (kept, np.array([-1]), every, rows),
        (kept, np.array([20]), every, rows),
        (kept, np.array([1]), np.zeros(2, np.int64), rows),
    ):
        with pytest.raises(ValueError, match="parallels"):
            kernels.parallels(*arguments)  # type: ignore[union-attr]


@compiled
def test_rows_without_room_are_left_out() -> None:
    one = shingles(Text(PASSAGE + BETWEEN + PASSAGE.replace("工作目标", "戏作目标")))
    assert kernels.parallels(one.kept, one.dropped, np.array([1]), np.zeros(5, np.int64)) == 0  # type: ignore[union-attr]


def test_the_reading_that_stands_more_often_is_let_be() -> None:
    wrong = PASSAGE.replace("工作目标", "戏作目标")
    one = variants(Text(PASSAGE + BETWEEN + wrong))
    assert [(found.wrong.said, found.right.said) for found in one] == [("戏", "工")]
    assert not variants(Text(BETWEEN.join([wrong, wrong, PASSAGE, wrong])))


@compiled
@given(st.lists(st.sampled_from("集体本合同工会签订了和"), min_size=5, max_size=80))
def test_both_ways_find_what_stands_once(characters: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(habits, "LEAST", 0)
        fast = habits.lone_readings(Text("".join(characters)))
        patch.setattr(habits, "kernels", None)
        slow = habits.lone_readings(Text("".join(characters)))
    assert fast.shape == slow.shape
    assert (fast == slow).all()


@compiled
def test_what_was_not_kept_is_refused() -> None:
    with pytest.raises(ValueError, match="lone_readings"):
        kernels.lone_readings(np.zeros(9, np.uint16), np.zeros(8, np.int64))  # type: ignore[union-attr]


def page(term: str) -> str:
    """A page long enough to have habits, in which a contract is named five times, last by this term."""
    verbs = ("签订", "推行", "审查", "完善")
    rest = "".join(f"第{number}村修了水渠，{BETWEEN}" for number in range(60))
    return "".join(f"各企业{verb}集体合同并报工会备案。\n" for verb in verbs) + rest + f"要加大{term}签订力度。\n"


def test_a_term_that_is_written_otherwise_once() -> None:
    found = [(one.wrong.said, one.form, one.times) for one in unusual(Text(page("集本合同")))]
    assert found == [("本", "体", 4)]
    assert not unusual(Text(page("集体合同")))
    assert not unusual(Text("要加大集本合同签订力度，推行集体合同，签订集体合同。"))


def test_records_are_collated_as_texts_are() -> None:
    wrong = f"{PASSAGE}\n{BETWEEN}\n{PASSAGE.replace('工作目标', '戏作目标')}"
    bodies = [PASSAGE, wrong, BETWEEN, PASSAGE.replace("制订", "制定"), page("集本合同")]
    joined = join(bodies, [False] * len(bodies))
    assert joined.text.body.count(PASSAGE) == 2
    assert worse_reading.scout is not None
    told = worse_reading.scout(joined).tolist()
    alone = [bool(list(worse_reading.check(Text(body)))) for body in bodies]
    assert alone == [False, True, False, False, True]
    assert all(scouted or not spoken for scouted, spoken in zip(told, alone, strict=True))
    assert not told[0]
