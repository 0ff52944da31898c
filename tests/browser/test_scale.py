"""A hundred thousand findings: one file that opens at once; beyond, the gravest of them and a file beside it with all."""

from __future__ import annotations

import json
import random
from functools import partial
from pathlib import Path

import pytest

from audit import audit_text
from audit.commands import outputs
from audit.report import json_lines
from audit.report.html import page as html
from audit.run import Audit
from tests.browser.conftest import Open, until
from tests.browser.test_page import agrees, shown_at

TIMES = 77  # the seeds have some 1,240 findings when mixed


@pytest.fixture(scope="module")
def large(root: Path) -> Audit:
    """The seeds over and over, their lines shuffled."""
    lines = [line for path in sorted((root / "seeds").glob("*.txt")) for line in path.read_bytes().split(b"\n")]
    draw, shuffled = random.Random(7), []
    for _ in range(TIMES):
        draw.shuffle(lines)
        shuffled += lines
    return audit_text(b"\n".join(shuffled))


def test_a_large_page_is_built_as_it_is_read(open_page: Open, large: Audit, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(html.render(large))
    findings = large.findings
    assert 90_000 < len(findings) <= 100_000
    assert file.stat().st_size < 30_000_000
    page = open_page(file)
    assert page.evaluate("total") == len(findings)
    assert page.evaluate("document.querySelectorAll('*').length") < 6_000
    lines = json_lines.render(large).decode("utf-8").rstrip("\n").split("\n")
    for line in random.Random(2).sample(lines[1:-1], 8):
        finding = json.loads(line)
        agrees(shown_at(page, finding["fingerprint"]), finding)
    page.fill("#query", "水庫")
    until(page, "document.querySelector('#status').value.includes('found in')")


def test_beyond_the_limit_the_gravest_are_shown_and_all_are_listed(
    open_page: Open, large: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "report", partial(html.report, limit=500))
    file = tmp_path / "page.html"
    for place, text in outputs.html_pages(large, file):
        outputs.put(place, text)
    listed = (tmp_path / "page.findings.jsonl").read_bytes().split(b"\n")
    assert len(listed) - 3 == len(large.findings)
    page = open_page(file)
    shown = page.evaluate("total")
    assert 100 < shown <= 500
    told = page.inner_text("#text")
    assert f"{shown} of {len(large.findings):,} findings are shown" in told
    assert "page.findings.jsonl" in told
    kinds = page.evaluate("[...new Set(F.rule.map((_, i) => kindOf(i)))]")
    assert set(kinds) == {one.kind for one in large.findings}
    assert f"{len(large.findings):,}" in page.inner_text("#text")
