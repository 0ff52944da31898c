"""One damage is told once, though two rules see it."""

from __future__ import annotations

import pytest

from audit import audit_text
from audit.config import Config
from audit.model import Severity

INTRODUCTION = """读后感
那么读后感该怎么写才好呢？下面是小编收集的读后感范文，欢迎大家参考，希望对你有帮助。
读后感1
这本书写了一个孩子怎样长大。
读后感2
那本书写了一座城市怎样老去。
"""


def found(text: str, config: Config | None = None) -> dict[str, Severity]:
    return {finding.rule: finding.severity for finding in audit_text(text, config=config or Config()).findings}


def test_the_editor_in_an_introduction() -> None:
    rules = found(INTRODUCTION)
    assert "BPL002" in rules
    assert "BPL001" not in rules
    assert "BPL001" in found(INTRODUCTION, Config(ignore=("BPL002",)))


@pytest.mark.parametrize(
    ("text", "sure", "remark"),
    [
        ("于5月XX日-28日赴北京参加培训。", "PLC002", "FCT004"),
        (
            "四、基层建设\nl、组建工会。\n2、参加互助。\n3、开展帮扶。\n五、宣传\n1、办报\n2、演出\n3、展览\n",
            "OCR003",
            "NUM004",
        ),
    ],
)
def test_two_kinds(text: str, sure: str, remark: str) -> None:
    rules = found(text)
    assert rules[sure] > Severity.INFO
    assert rules[remark] is Severity.INFO
    assert found(text, Config(severity={remark: "major"}))[remark] is Severity.MAJOR
