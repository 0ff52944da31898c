"""The page as a file: it needs nothing else, says what may run, and holds what it was given."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from audit import audit_text
from audit.model import Finding
from audit.report.html import page as html
from audit.report.html.choice import choose, level
from audit.report.html.families import FAMILIES, LETTERS
from audit.report.html.island import as_json
from audit.report.html.rows import WIDTH, is_block, positions, rows_of, shown
from audit.rule import KINDS

HERE = Path(html.__file__).parent
DAMAGED = "20xx年总(zǒng)结XX县工会的.工作，\U00020000我們\u200b的工作。\n" * 3


class Elements(HTMLParser):
    """Elements and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def page() -> str:
    return html.render(audit_text(DAMAGED)).decode("utf-8")


def test_only_what_the_policy_names_can_act(page: str) -> None:
    policy = next(attrs["content"] for tag, attrs in Elements(page).found if attrs.get("http-equiv"))
    assert policy
    assert policy.startswith("default-src 'none'")
    for name in ("script", "style"):
        text = re.findall(rf"<{name}>(.*?)</{name}>", page, flags=re.DOTALL)
        assert len(text) == 1
        digest = base64.b64encode(hashlib.sha256(text[0].encode("utf-8")).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy


def test_nothing_is_loaded_and_nothing_acts_inline(page: str) -> None:
    for tag, attrs in Elements(page).found:
        assert not any(name.startswith("on") or name in {"style", "src", "srcset"} for name in attrs), (tag, attrs)
        assert (attrs.get("href") or "#").startswith("#")
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "@import" not in page
    assert not re.search(r"url\((?!\"#)", page)


def test_the_page_is_the_same_each_time(page: str) -> None:
    assert html.render(audit_text(DAMAGED)).decode("utf-8") == page


def test_a_clean_text_has_a_page() -> None:
    page = html.render(audit_text("今天天气很好。")).decode("utf-8")
    assert "Nothing was found." in page
    assert html.render(audit_text(""))


def test_data_cannot_end_its_element() -> None:
    value = {"a": "</script><!--\u2028&\U00020000"}
    text = as_json(value)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == value


def test_every_kind_has_a_letter_of_its_own_and_a_colour() -> None:
    assert set(LETTERS) == set(FAMILIES) == set(KINDS.values())
    assert len(set(LETTERS.values())) == len(LETTERS)
    colours = (HERE / "base.css").read_text(encoding="utf-8")
    for kind in LETTERS:
        assert colours.count(f"--{kind}: #") == 2, kind  # by day and by night
        assert f".k-{kind} {{" in colours


def test_shown_positions_count_as_a_script_counts() -> None:
    body = "\U00020000a\u200bb\x00"
    text = shown(body, 0, len(body))
    places = positions(body, 0, len(body))
    assert places is not None
    units = text.encode("utf-16-le")
    cut = [units[2 * int(a) : 2 * int(b)].decode("utf-16-le") for a, b in pairwise(places)]
    assert cut == ["\U00020000", "a", "<U+200B>", "b", "<U+0000>"]


def test_long_lines_are_cut_beside_findings() -> None:
    audit = audit_text("字" * (WIDTH - 2) + "20xx年" + "字" * 4000 + "\nb")
    audited = audit.documents[0]
    rows = rows_of(audited.document, audited.findings)
    assert rows.lines.tolist() == [0] * (len(rows.lines) - 1) + [1]
    assert "".join(
        audited.document.body[a:b] for a, b in zip(rows.starts, rows.ends, strict=True)
    ) == audited.document.body.replace("\n", "")
    inside = [finding for finding in audited.findings if not is_block(finding)]
    assert inside
    for finding in inside:
        assert not any(finding.start < start < finding.end for start in rows.starts.tolist())


def test_the_gravest_are_chosen() -> None:
    assert level([5, 100, 2], 20) == 13
    audit = audit_text(DAMAGED)
    choice = choose(audit, limit=len({one.rule for one in audit.findings}))
    kept = list(choice.of(audit.documents[0]))
    best: dict[str, Finding] = {}
    for one in audit.findings:
        if one.rule not in best or (one.severity, one.confidence) > (
            best[one.rule].severity,
            best[one.rule].confidence,
        ):
            best[one.rule] = one
    rules = [one.rule for one in kept]
    assert sorted(kept, key=lambda one: one.rule) == sorted(best.values(), key=lambda one: one.rule)
    assert [one.start for one in kept] == sorted(one.start for one in kept)
    assert (choice.shown, choice.most) == (len(rules), 1)


def test_scripts_are_short_enough_to_read() -> None:
    for path in HERE.iterdir():
        if path.suffix in {".js", ".css", ".j2"}:
            assert path.read_bytes().count(b"\n") <= 250, path.name
