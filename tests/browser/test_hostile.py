"""A collection that tries to run, to break the page, or to hide: nothing of it may act, all of it must be found."""

from __future__ import annotations

import json
import re
from pathlib import Path

from audit import audit_paths
from audit.report import json_lines
from audit.report.html import page as html
from tests.browser.conftest import Open, until
from tests.browser.test_page import agrees, shown_at

ATTACKS = (
    "</script><script>window.hacked = 1</script>",
    "<!--<script>",
    "--> ]]> <![CDATA[",
    '"><img src=x onerror="window.hacked = 1">',
    "<svg onload=alert(1)><style>*{display:none}</style>",
    "</title></head><body onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}${alert(1)}`${1}`",
    "javascript:alert(1)//%0a\\u003cscript\\u003e\\x3cscript",
    "\u2028\u2029\u0085\x0b\x0c",
    "\u202e\u2066abc\u2069\u200f\u061c",
    "\x00\x01\x07\x1b[31m\x7f\x9b",
    "__proto__ constructor toString",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe><base href=//evil.example>",
)
TAGS = re.findall(  # what the page itself is made of
    r"\w+",
    """
    HTML HEAD META TITLE STYLE SCRIPT BODY A NAV SPAN MAIN SECTION DIV H1 H2 H3 P DL DT DD UL OL LI SMALL B I SVG DEFS
    PATTERN RECT PATH TABLE THEAD TBODY TR TH TD DEL INS MARK SUP FIGURE FIGCAPTION CIRCLE G TEXT FORM LABEL INPUT SELECT
    OPTION BUTTON KBD OUTPUT FIELDSET LEGEND DIALOG NOSCRIPT FOOTER HEADER DETAILS SUMMARY EM CODE
    """,
)


def hostile(folder: Path) -> Path:
    """Attacks in titles, in text, inside damage, in file names, in undecodable bytes and in words without an end."""
    entries = []
    for number, attack in enumerate(ATTACKS, start=1):
        entries.append(
            f"总结{attack}{number}\n20xx年XX县{attack}的.工作，我乡镇总(zǒng)工会{attack}年鉴锟斤拷{attack}。\n{attack * 3}\n"
        )
    (folder / "a.txt").write_text("总结(汇编13篇)\n" + "".join(entries), encoding="utf-8")
    (folder / "<img src=x onerror=alert(1)>.txt").write_text("20xx年XX县<b>总工会</b>" * 30, encoding="utf-8")
    (folder / "bytes.txt").write_bytes(
        "总工会20xx年".encode() + b"\xff\xfe\x80\xed\xa0\x80\xed\xbf\xbf</script>" + "XX县".encode("gb18030") + b"\n"
    )
    long = "<a" + "字" * 500_000 + "20xx年" + "x" * 500_000 + "\u202e" + "</script>"
    (folder / "long.txt").write_text(long, encoding="utf-8")
    return folder


def test_nothing_acts_and_everything_is_found(open_page: Open, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    audit = audit_paths([str(hostile(folder))])
    file = tmp_path / "page.html"
    file.write_bytes(html.render(audit))
    raw = file.read_bytes().decode("utf-8")
    assert raw.count("<script") == 2
    assert raw.count("</script") == 2
    assert all(char.isprintable() or char in "\n\u3000\u00a0" for char in raw)
    page = open_page(file)
    page.evaluate("document.querySelectorAll('#proof .block').forEach(fillAll)")
    assert page.evaluate("window.hacked") is None
    tags = set(
        page.evaluate("[...new Set([...document.querySelectorAll('*')].map((node) => node.tagName.toUpperCase()))]")
    )
    assert tags <= set(TAGS), tags - set(TAGS)
    handlers = "[...document.querySelectorAll('*')].some((node) => [...node.attributes].some(({ name }) => /^on|srcdoc/.test(name)))"
    assert not page.evaluate(handlers)
    links = page.evaluate("[...document.querySelectorAll('a')].map((node) => node.getAttribute('href'))")
    assert all(link.startswith("#") for link in links)
    lines = json_lines.render(audit).decode("utf-8").rstrip("\n").split("\n")
    findings = [json.loads(line) for line in lines[1:-1]]
    for finding in findings[:: max(len(findings) // 40, 1)]:
        agrees(shown_at(page, finding["fingerprint"]), finding)
    page.fill("#query", "</script>")
    until(page, "document.querySelector('#status').value.includes('found in')")
    assert page.evaluate("window.hacked") is None


def test_an_address_that_names_nothing_is_harmless(open_page: Open, root: Path) -> None:
    page = open_page(root / "reports" / "seeds.html")
    for name in ("f-0123456789abcdef", "f-<script>", "e99-1", "constructor", "%E0%A4%A", "f-__proto__@1:1"):
        page.evaluate("name => { location.hash = name }", name)
        page.wait_for_timeout(30)
    assert page.is_visible("#verdict")
