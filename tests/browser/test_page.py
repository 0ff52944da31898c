"""What a reader can do with the page: find every finding, filter, search, go by key, read it in every light."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from audit import audit_paths
from audit.address import printable
from audit.report import json_lines
from audit.report.html import page as html
from tests.browser.conftest import Open, until

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
ON_SCREEN = """(() => {
    const node = document.querySelector(".line .current") || document.querySelector(".note.current");
    const { top, bottom } = node.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
})()"""
LETTERS = re.compile(r"[\s⏎␣]+")


@pytest.fixture(scope="module")
def stored(root: Path) -> Path:
    return root / "reports" / "seeds.html"


@pytest.fixture(scope="module")
def findings(root: Path) -> list[dict[str, Any]]:
    lines = (root / "reports" / "seeds.jsonl").read_bytes().decode("utf-8").rstrip("\n").split("\n")
    return [json.loads(line) for line in lines[1:-1]]


def bare(text: str) -> str:
    return LETTERS.sub("", text)


def shown_at(page: Any, fingerprint: str) -> dict[str, Any]:
    """What the page shows of a finding when its address is opened."""
    page.evaluate("mark => { location.hash = '#f-' + mark }", fingerprint)
    page.wait_for_selector(f".known >> text={fingerprint}")
    until(page, ON_SCREEN)
    shown: dict[str, Any] = page.evaluate(
        """() => {
            const note = document.querySelector(".note.current");
            const text = (node) => node ? node.textContent : "";
            const row = note.closest(".row");
            const marks = [...document.querySelectorAll(".line .f.current")].map(text).join("");
            return {
                message: text(note.querySelector(".message")),
                known: note.querySelector(".known").innerText,
                facts: text(note.querySelector("summary small")),
                change: text(note.querySelector(".change")),
                line: text(row.querySelector(".no")),
                marks,
                about: Boolean(note.closest(".about")),
            };
        }"""
    )
    return shown


def agrees(shown: dict[str, Any], finding: dict[str, Any]) -> None:
    assert bare(shown["message"]) == bare(finding["message"])
    assert finding["rule"] in shown["known"]
    assert f"line {finding['line']}, column {finding['column']}" in shown["known"]
    assert finding["severity"] in shown["facts"].replace("remark", "info")
    if finding["suggestion"]:
        assert bare(printable(finding["suggestion"])) in bare(shown["change"])
    if not shown["about"] and not finding["excerpt"].endswith("…") and finding["end"] > finding["start"]:
        # a damage over two lines is marked in both; here the row of its beginning is read
        assert bare(finding["excerpt"]).startswith(bare(shown["marks"])[:1]) or bare(shown["marks"]).startswith("‸")


def test_two_hundred_findings_can_be_found(open_page: Open, stored: Path, findings: list[dict[str, Any]]) -> None:
    page = open_page(stored)
    for finding in random.Random(20).sample(findings, 200):
        agrees(shown_at(page, finding["fingerprint"]), finding)


def test_a_finding_is_found_by_its_fingerprint_in_the_search(
    open_page: Open, stored: Path, findings: list[dict[str, Any]]
) -> None:
    page = open_page(stored)
    for finding in random.Random(4).sample(findings, 5):
        page.fill("#query", finding["fingerprint"])
        until(page, f"needle === '{finding['fingerprint']}' && document.querySelectorAll('.row').length === 1")
        assert page.inner_text(".row .no") in {str(finding["line"]), ""}


def test_search_reads_over_what_may_safely_go(open_page: Open, stored: Path) -> None:
    page = open_page(stored)
    page.fill("#query", "鄉鎮水利站")
    until(page, "document.querySelector('#status').value.includes('found in')")
    assert "(xiāng)" in page.inner_text(".row .line")
    page.fill("#query", "nothing says this")
    page.wait_for_selector(".nothing")


def test_filters_leave_what_they_name(open_page: Open, stored: Path, findings: list[dict[str, Any]]) -> None:
    page = open_page(stored)
    page.click("#choices-button")
    page.select_option("#repair", "none")
    page.select_option("#severity", "2")
    left = [one for one in findings if one["safety"] is None and one["severity"] in {"major", "critical"}]
    until(page, f"document.querySelector('#status').value.startsWith('{len(left)} of')")
    page.evaluate("document.querySelectorAll('#proof .block').forEach(fillAll)")
    shown = {mark for node in page.query_selector_all(".note") for mark in node.get_attribute("data-f").split()}
    assert len(shown) == len(left)
    page.click("#all-button")
    until(page, f"document.querySelector('#status').value.startsWith('{len(findings):,}')")


def test_a_kind_of_the_table_is_a_filter(open_page: Open, stored: Path, findings: list[dict[str, Any]]) -> None:
    page = open_page(stored)
    page.click("#kinds a[data-kind=byte-shift]")
    count = sum(one["kind"] == "byte-shift" for one in findings)
    until(page, f"document.querySelector('#status').value.startsWith('{count} of')")


def test_keys_go_from_finding_to_finding(open_page: Open, stored: Path) -> None:
    page = open_page(stored)
    page.keyboard.press("j")
    first = page.inner_text(".note.current .mark")
    page.keyboard.press("j")
    assert page.inner_text(".note.current .mark") != first
    page.keyboard.press("k")
    assert page.inner_text(".note.current .mark") == first
    page.keyboard.press("J")
    assert page.evaluate("document.activeElement.tagName") == "H3"
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.uncheck("#shortcuts")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert not page.is_visible("#help")


def test_a_strip_leads_to_its_damage(open_page: Open, stored: Path) -> None:
    page = open_page(stored)
    page.locator(".strip svg").nth(3).click(position={"x": 40, "y": 8})
    page.wait_for_selector(".note.current")
    assert page.evaluate("document.querySelector('.note.current').closest('.part').id") == "e0-4"


def test_reading_with_repairs(open_page: Open, stored: Path) -> None:
    page = open_page(stored)
    page.evaluate("location.hash = '#e0-3'")
    page.wait_for_selector("#e0-3 .line")
    assert "(xiāng)" in page.inner_text("#e0-3 .line")
    page.select_option("#reading", "safe")
    assert page.inner_text("#e0-3 .line").startswith("鄉鎮水利站工作總結3")


def test_without_script_the_page_says_what_to_do(open_page: Open, stored: Path) -> None:
    page = open_page(stored, java_script_enabled=False)
    assert "15 entries promised, 15 found" in page.inner_text("#overview")
    assert page.locator("#entries tbody tr").count() == 32
    assert page.locator("noscript").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_wcag(open_page: Open, axe: str, stored: Path, scheme: str, width: int) -> None:
    page = open_page(stored, color_scheme=scheme, viewport={"width": width, "height": 900})
    page.click("#choices-button")
    for rule in ("BYT002", "BPL002", "TOP001", "PLC003"):
        page.evaluate("code => goTo(F.rule.findIndex((_, i) => ruleOf(i)[0] === code))", rule)
    page.evaluate("document.querySelectorAll('#proof .block').forEach((block, n) => n < 12 && fillAll(block))")
    page.evaluate(axe)
    for opened in (False, True):
        if opened:
            page.evaluate("document.querySelector('#help').showModal()")
        found = page.evaluate("tags => axe.run({ runOnly: { type: 'tag', values: tags } })", WCAG)
        told = [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]
        assert told == []
        assert found["passes"]


def test_wide_things_do_not_widen_the_page(open_page: Open, stored: Path) -> None:
    page = open_page(stored, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_print_holds_everything(open_page: Open, stored: Path) -> None:
    page = open_page(stored)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("[...document.querySelectorAll('.block')].every((block) => block.children.length)")
    assert not page.is_visible("#tools")


def test_the_real_source(open_page: Open, source: Path, tmp_path: Path) -> None:
    audit = audit_paths([str(source)])
    (tmp_path / "page.html").write_bytes(html.render(audit))
    lines = json_lines.render(audit).decode("utf-8").rstrip("\n").split("\n")
    page = open_page(tmp_path / "page.html")
    for line in random.Random(1).sample(lines[1:-1], 60):
        finding = json.loads(line)
        agrees(shown_at(page, finding["fingerprint"]), finding)
