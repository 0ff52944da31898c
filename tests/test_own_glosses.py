"""Readings that the author of a page full of injected ones may have written are only suggested for deletion."""

from __future__ import annotations

from audit import audit_text
from audit.config import Config
from audit.model import Safety

PAGE = "一年來,鄉(xiāng)鎮(zhèn)總結(jié)經(jīng)驗(yàn),工作好的方面。\n" * 12


def safeties(text: str) -> dict[str, Safety | None]:
    findings = audit_text(text, config=Config(select=("GLS001",))).findings
    return {text[finding.start - 1 : finding.end]: finding.safety for finding in findings}


def test_a_character_glossed_once_and_left_alone_elsewhere() -> None:
    found = safeties(PAGE + "我們要虛心好(hào)學。\n")
    assert found.pop("好(hào)") is Safety.SUGGESTED
    assert set(found.values()) == {Safety.SAFE}


def test_the_rarer_reading_of_a_character_that_stands_nowhere_else() -> None:
    found = safeties(PAGE.replace("好", "") + "虛心好(hào)學，縣(xiàn)里很多。\n")
    assert found["好(hào)"] is Safety.SUGGESTED
    assert found["縣(xiàn)"] is Safety.SAFE
