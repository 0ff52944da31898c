"""Readers that drop what they cannot read: what is left may look whole, and is given back as exact only where nothing more fits."""

import pytest

from audit import audit_text
from audit.model import Text
from audit.restore.codecs import Channel, Loss, misread
from audit.restore.mojibake import find
from audit.restore.verdict import Verdict

SIMPLIFIED = "全市去年新建公路三百多公里，沿线人口如期脱贫，强降雨过后群众热情不减，认真修复桥梁，签约企业日益增多。"
TRADITIONAL = (
    "這條鐵路連接沿海各縣，每天有二十多班列車經過，旅客上下車十分方便；下個月起，票價將調低一成，學生另有優惠。"
)
SIZE = 9
CHANNELS = [
    (SIMPLIFIED, "gbk", "big5"),
    (SIMPLIFIED, "gbk", "euc_kr"),
    (SIMPLIFIED, "gbk", "shift_jis"),
    (TRADITIONAL, "gbk", "euc_kr"),
    (TRADITIONAL, "big5", "gbk"),
    (TRADITIONAL, "utf-8", "euc_kr"),
]


def mended(text: str, start: int, channel: Channel, loss: Loss) -> list[tuple[str, bool]]:
    """What is called exact of a damaged run, and whether it stood there."""
    damage = misread(text[start : start + SIZE], channel, loss)
    body = text[:start] + damage + text[start + SIZE :]
    exact = [found for found in find(Text(body)) if found.verdict is Verdict.EXACT]
    return [(found.proposals[0].text, found.proposals[0].text in text) for found in exact]


@pytest.mark.parametrize(("text", "written", "read"), CHANNELS)
@pytest.mark.parametrize("loss", [Loss.DROP, Loss.PAIR])
def test_what_may_lack_something_is_not_exact(text: str, written: str, read: str, loss: Loss) -> None:
    told = [one for start in range(2, len(text) - SIZE, 3) for one in mended(text, start, Channel(written, read), loss)]
    assert all(right for _, right in told), told


def test_what_lacks_nothing_stays_exact() -> None:
    channel = Channel("gbk", "euc_kr")
    told = [
        one for start in range(2, len(SIMPLIFIED) - SIZE, 3) for one in mended(SIMPLIFIED, start, channel, Loss.MARK)
    ]
    assert sum(right for _, right in told) >= 4, told


def test_a_question_mark_between_characters_is_no_part_of_what_is_exact() -> None:
    (found,) = find(Text("会议定于켕벚瞳?끝举行，请准时参加。"))
    assert found.verdict is not Verdict.EXACT


@pytest.mark.parametrize(("text", "written"), [(SIMPLIFIED, "gbk"), (TRADITIONAL, "big5")])
def test_question_marks_of_bytes_are_told_with_the_letters_between(text: str, written: str) -> None:
    channel, left = Channel(written, "utf-8"), []
    for start in range(2, len(text) - SIZE, 4):
        damage = misread(text[start : start + SIZE], channel, Loss.QUESTION)
        findings = audit_text(text[:start] + damage + text[start + SIZE :]).findings
        left += [damage for hit in findings if hit.rule == "MOJ005" and 2 * (hit.end - hit.start) >= len(damage)]
    assert len(left) >= len(range(2, len(text) - SIZE, 4)) - 1


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [(TRADITIONAL, "big5", "gbk"), (SIMPLIFIED, "utf-8", "euc_kr"), (SIMPLIFIED, "gbk", "big5")],
)
def test_short_runs_with_question_marks_are_found(text: str, written: str, read: str) -> None:
    channel, found, cases = Channel(written, read), 0, 0
    for start in range(2, len(text) - SIZE, 3):
        damage = misread(text[start : start + 5], channel, Loss.PAIR)
        if "?" in damage:
            findings = audit_text(text[:start] + damage + text[start + 5 :]).findings
            cases += 1
            found += any(hit.kind == "mojibake" and 2 * (hit.end - hit.start) >= len(damage) for hit in findings)
    assert found >= 0.7 * cases


@pytest.mark.parametrize(
    "text",
    [
        "정말 이 파일을 삭제하시겠습니까?",
        "「保存しますか?」と聞かれた。",
        "他问：痉挛?抽搐?还是癫痫?",
        "真的?翡翠?玛瑙?你都买了?",
    ],
)
def test_questions_are_no_damage(text: str) -> None:
    assert [hit for hit in audit_text(text).findings if hit.kind == "mojibake"] == []


def test_what_is_left_of_a_stretch_that_nothing_explains_does_not_stand_for_it() -> None:
    """Most of the bytes are marks: the one character that shows is no likelier place of the damage than the marks around it."""
    damaged = "拍卖会上".encode().decode("big5", "replace")
    (found,) = find(Text(f"在这次{damaged}王光美把母亲的遗物捐了出来"))
    assert (found.start, found.end) == (3, 3 + len(damaged))
