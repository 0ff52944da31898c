"""A slip that published text has too is a remark where nothing else is damaged."""

from __future__ import annotations

import pytest

from audit import audit_text
from audit.config import Config

SENTENCES = [
    "春天的早晨，河边的柳树刚刚发芽，几位老人坐在长椅上谈天。",
    "图书馆里很安静，读者们低头看书，偶尔传来翻动书页的声音。",
    "去年修好的那座石桥连接着两个村庄，孩子们每天从桥上走过。",
    "渔民在天亮之前出海，傍晚时分满载而归，码头上十分热闹。",
    "山路弯弯曲曲，路旁开满野花，走了半天也没有遇见一个人。",
    "木匠把旧门板刨平，重新上漆，挂在院子里晾了整整三天。",
]
CLEAN = "\n".join("".join(SENTENCES[turn:] + SENTENCES[:turn]) for turn in range(len(SENTENCES)))
SLIP = "雨停了，，他们收起雨伞，继续往前走。"


def severities(text: str, config: Config | None = None) -> list[str]:
    return [one.severity.label for one in audit_text(text, config=config).findings if one.rule == "PUN003"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{CLEAN}\n{SLIP}", ["info"]),
        (SLIP, ["minor"]),
        (f"{CLEAN}\n{SLIP}\n人们都说、、今年的收成比去年好。", ["minor", "minor"]),
        (f"{CLEAN}\n{SLIP}\n新的.水平，新的`要求，新的'成绩。", ["minor"]),
    ],
)
def test_a_lone_slip_is_a_remark(text: str, expected: list[str]) -> None:
    assert severities(text) == expected


def test_what_a_user_set_stays() -> None:
    assert severities(f"{CLEAN}\n{SLIP}", Config(severity={"PUN003": "minor"})) == ["minor"]


def test_a_bracket_whose_partner_lies_in_broken_bytes_is_not_told() -> None:
    broken = "天有不測風雲,人有旦夕禍!倍蜻\\發生在學會村村主任兒子身上。"
    found = audit_text(f"“{broken}", config=Config(min_confidence=0.0)).findings
    assert any(one.kind == "byte-shift" for one in found)
    assert not any(one.rule == "PUN005" for one in found)


def test_a_number_that_lies_in_broken_bytes_is_not_missed() -> None:
    page = "总结1\n。ㄒ唬┘忧孔橹I导，落实责任。\n(二)突出重点，加快建设。\n(三)严格管理，注重实效。\n(四)总结经验，不断提高。\n(五)检查验收，奖优罚劣。\n总结2\n第二篇的正文，写得很短。\n"
    found = audit_text(page, config=Config(min_confidence=0.0)).findings
    assert any(one.kind == "byte-shift" for one in found)
    assert not any(one.rule == "NUM001" for one in found)
