"""The doubt about byte shifts can be fitted anew: pages are broken, what is judged of them is noted, weights come out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from audit import audit_text
from audit.config import Config
from audit.language import store
from audit.restore import surety

pytest.importorskip("pypinyin")

SAMPLE = """
会议讨论了今年的工作总结和明年的计划，决定先从最困难的地区开始。
各地要按照规定检查生产安全，发现问题及时报告，不得拖延。
他们在山区修建了一条公路，当地群众的生活因此有了很大的改善。
学校组织学生参观博物馆，了解本地历史和文化的发展过程。
随着经济的发展，人民生活水平不断提高，对文化的要求也越来越高。
工厂引进了新的设备，提高了产量，降低了成本，工人的收入增加了。
医院增加了床位，方便了附近的居民看病，受到大家的欢迎。
农民专业合作社的成员共同使用机器，共同销售产品，共同承担风险。
图书馆每天上午九点开门，晚上八点关门，周末照常为读者服务。
政府工作人员应当公开办事程序，接受社会的监督和群众的意见。
法院认为原告的请求有事实和法律依据，应当予以支持和保护。
研究人员经过三年的努力，终于找到了提高粮食产量的新方法。
"""


@pytest.fixture(scope="module")
def fitting(root: Path) -> Iterator[ModuleType]:
    """The tool, which imports its neighbours."""
    sys.path.insert(0, str(root / "tools"))
    try:
        yield import_module("fit_shift_doubt")
    finally:
        sys.path.remove(str(root / "tools"))


@pytest.fixture(scope="module")
def genre(fitting: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What is judged of a small genre."""
    path = tmp_path_factory.mktemp("genres") / "sample.txt"
    path.write_text(SAMPLE, encoding="utf-8")
    return fitting.judged_in(path, store.shipped().folder, 2, [1, 2])


def test_what_is_judged_is_noted_with_what_it_is_weighed_by(genre: Any) -> None:
    assert any(one.right for one in genre.judged)
    for one in genre.judged:
        assert one.rows.shape[1] == len(surety.WEIGHTS)
        assert one.right == (one.best == one.true)
        assert np.isclose(one.standing.lead, surety.lead_of(one.rows @ surety.WEIGHTS, one.best))


def test_weights_and_doubt_are_told(fitting: ModuleType, genre: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fitting.tell({"one": genre, "other": genre})
    told = dict(line.split(" ", 1) for line in capsys.readouterr().out.split("\n") if line)
    assert told["WEIGHTS"].count(",") + 1 == len(surety.WEIGHTS)
    assert told["DOUBT"].count(",") + 1 == len(surety.DOUBT)


def test_a_reading_with_a_stretch_of_nonsense_is_told_and_not_offered() -> None:
    body = "如果第二?龆丝诤糯笥诘谝桓觯?敲此?腔岜唤换弧Ｕ飧鲅∠羁梢允褂? --sport的别名。\n"
    (found,) = audit_text(body, config=Config(select=("BYT001",))).findings
    assert "会被交换" in found.message
    assert (found.suggestion, found.safety) == (None, None)
