"""Other formats than plain text: the same text gives the same findings, each at its place in its own file."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from audit import __file__ as package
from audit import audit_paths, audit_text
from audit.catalogue import speaking
from audit.model import Finding
from audit.reading.extract import extract
from audit.reading.formats.html import read
from audit.report import json_lines, markdown
from audit.report.html import page as html_page
from tests.samples import (
    CLEAN,
    DAMAGED,
    OTHER,
    TARS,
    chapter,
    document,
    epub,
    page,
    page_of,
    pdf,
    pdf_of,
    tarred,
    zipped,
)

LINES = ["工作总结", DAMAGED, f"新的.水平 & <更高>，{OTHER}", CLEAN]
SCHEMA = json.loads((Path(package).parent / "schema.json").read_bytes())
MAKERS: dict[str, Callable[[Path], object]] = {
    "a.html": lambda path: path.write_bytes(page_of(LINES).encode()),
    "a.htm": lambda path: path.write_bytes(page_of(LINES).replace("utf-8", "gbk").encode("gbk")),
    "a.docx": lambda path: document(path, [[line[:5], line[5:]] for line in LINES]),
    "a.pdf": lambda path: path.write_bytes(pdf_of(LINES)),
}


def key(finding: Finding) -> tuple[Any, ...]:
    return (
        finding.rule,
        finding.start,
        finding.end,
        finding.excerpt,
        finding.message,
        finding.fingerprint,
        finding.entry,
    )


def only(path: Path, rule: str = "PLC001") -> Finding:
    audit = audit_paths([str(path)])
    assert audit.complete, audit.skipped
    (finding,) = (one for one in audit.findings if one.rule == rule)
    return finding


def place(finding: Finding, *names: str) -> tuple[Any, ...]:
    assert finding.location is not None
    return tuple(finding.location.get(name) for name in names)


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_text_gives_the_same_findings(tmp_path: Path, name: str) -> None:
    MAKERS[name](tmp_path / name)
    audit = audit_paths([str(tmp_path / name)])
    assert audit.complete
    plain = audit_text("\n".join(LINES)).findings
    assert {"PLC001", "NOI001"} <= {finding.rule for finding in plain}
    assert [key(finding) for finding in audit.findings if finding.kind != "encoding"] == [key(one) for one in plain]
    for finding in audit.findings:
        assert finding.location is not None
        assert (finding.byte_start, finding.byte_end) == (None, None)


def test_html_says_line_and_column_of_the_source(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    source = page(f"<p>&lt;&nbsp;{CLEAN}\n<b title='20xx'>按照</b><i>20x</i>x年&#24230;目标<br>开展工作。</p>")
    path.write_bytes(source.encode())
    finding = only(path)
    at = source.index("20x</i>")
    line = source.count("\n", 0, at) + 1
    column = at - source.rindex("\n", 0, at)
    assert (finding.line, finding.column) == (line, column)
    assert (finding.end_line, finding.end_column) == (line, column + len("20x</i>x"))
    assert place(finding, "line", "column", "source_offset", "text_line") == (line, column, at, 1)
    assert (
        audit_paths([str(path)]).documents[0].document.body == f"<\N{NO-BREAK SPACE}{CLEAN}按照20xx年度目标\n开展工作。"
    )


def test_html_blocks_are_lines_and_headings_entries(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(
        page(
            f"<h1>汇编</h1><h2>第一份</h2><p>{CLEAN}<p>{DAMAGED}<h2>第二份</h2><table><tr><td>甲<td>乙<tr><td>丙</table>"
            f"<ruby>汉<rt>hàn</ruby>字<style>p {{}}</style><pre> 一\n\n 二</pre><svg><text>图</text></svg><li>{OTHER}"
        ).encode()
    )
    (audited,) = audit_paths([str(path)]).documents
    assert audited.document.body == f"汇编\n第一份\n{CLEAN}\n{DAMAGED}\n第二份\n甲\t乙\n丙\n汉字\n 一\n\n 二\n{OTHER}"
    assert [one.entry.title_text for one in audited.entries] == ["第一份", "第二份"]
    assert [finding.entry for finding in audited.findings if finding.rule == "PLC001"] == [1]


@pytest.mark.parametrize(("said", "used"), [("gb2312", "gbk"), ("utf-8", "gbk"), ("gbk", "utf-8"), ("big5", "big5")])
def test_a_declared_encoding_is_believed_where_the_bytes_bear_it_out(tmp_path: Path, said: str, used: str) -> None:
    path = tmp_path / "a.html"
    text = CLEAN if used != "big5" else "今年以來，社區組織居民清理河道，效果良好。"
    path.write_bytes(page(f"<p>{text}</p>" * 3, f"<meta charset={said}>").encode(used))
    assert extract(path).text == "\n".join([text] * 3)


def test_undecodable_bytes_of_a_page_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    lost = "好\n<p>今天".encode() + b"\xe5\xa4" + "气很好，我们去</p>".encode()
    raw = page(f"<p>{CLEAN}</p>\n<p>{OTHER}").encode() + lost
    path.write_bytes(raw)
    finding = only(path, "ENC003")
    assert finding.start == extract(path).text.index("\udce5")
    assert (finding.evidence["hex"], finding.evidence["byte_start"]) == ("e5 a4", raw.index(b"\xe5\xa4\xe6"))


WORDS = st.text(st.sampled_from("今天20x&<>\"' 　\N{NO-BREAK SPACE}𠀀。，—é"), min_size=1, max_size=12)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=5), st.booleans())
@example([["&"], ["<", "&amp;"]], False)
def test_html_gives_back_what_was_put_in_and_knows_where(blocks: list[list[str]], named: bool) -> None:
    def written(text: str) -> str:
        return html.escape(text) if named else "".join(f"&#{ord(c)};" if c in "&<>\"'" else c for c in text)

    source = page("\n".join(f"<p>{'<b>'.join(map(written, words))}</p>" for words in blocks))
    got = read(source.encode())
    lines = [" ".join("".join(words).replace("\n", " ").split(" ")) for words in blocks]
    lines = [" ".join(part for part in line.split(" ") if part) for line in lines]
    assert got.text == "\n".join(line for line in lines if line)
    for at, char in enumerate(got.text):
        if char != "\n" and got.marks:
            found = got.marks.at(at)
            assert source[found["source_offset"]] in (char, "&")
            behind = got.marks.behind(at + 1)["source_offset"]
            assert html.unescape(source[found["source_offset"] : behind].replace("<b>", "")).strip(" ") == char.strip(
                " "
            )


def test_html_reads_as_a_browser_does() -> None:
    """Against a parser that follows the standard to the letter, on pages that do not."""
    import random
    import re

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    unseen = {
        "script",
        "style",
        "title",
        "iframe",
        "noembed",
        "noframes",
        "noscript",
        "template",
        "svg",
        "rt",
        "rp",
        "head",
    }
    pieces = [
        "<p>",
        "</p>",
        "甲",
        "乙",
        "丙",
        "a<b",
        "&amp;",
        "&lt;",
        "&nbsp",
        "&#20013;",
        "&#x4e2d",
        "&copy",
        "&notit;",
        "<!--x-->",
        "<!-->",
        "<!--->",
        "<!--a--!>",
        "<b\tclass='x>y'>",
        "</b>",
        '<i\ta="<p>">',
        "<script>a<b'</p>'</script>",
        "<style>p{}</style>",
        "<br/>",
        "<br>",
        "<div",
        "<div>",
        "</div\t>",
        "<!x>",
        "<?php\tx?>",
        "</>",
        "</\tx>",
        "<3",
        "<中>",
        "\n",
        "<textarea>a&lt;<b>x</b></textarea>",
        "<pre>\nx\n</pre>",
        "<li>",
        "<h1>",
        "</h1>",
        "<ruby>汉<rt>h</rt></ruby>",
        "<a\thref=x/y>",
        "=",
        "&",
        "&&",
        "<template>q</template>",
        '<p\ttitle="a\'b">',
        "<img\talt='<'>",
        "<title>t</title>",
        "<noscript>z</noscript>",
        "<span/>",
        "<svg>s</svg>",
    ]

    def seen(node: LexborNode | None) -> str:
        said = ""
        while node:
            if node.is_text_node:
                said += node.text_content or ""
            elif node.tag not in unseen and not node.is_comment_node:
                said += seen(node.child)
            node = node.next
        return said

    rng = random.Random(1)
    for _ in range(2000):
        source = "<body>" + "".join(rng.choice(pieces) for _ in range(rng.randint(1, 12)))
        ours, theirs = read(source.encode()).text, seen(LexborHTMLParser(source).body)
        assert re.sub(r"\s", "", ours) == re.sub(r"\s", "", theirs), source


@pytest.mark.parametrize(
    "unit", ["<!--", "<!doctype[", "<a ='x", "</", "<", "&#", "<script>", "<svg><rt>", "<td>", "\n中"]
)
def test_html_takes_time_in_proportion(unit: str) -> None:
    count = 300_000 // len(unit)  # whoever looks back at each step is still at it tomorrow
    said = {"<": "<", "&#": "&#", "\n中": "中"}.get(unit, "")
    assert read((unit * count).encode()).text == said * count


def test_epub_chapters_come_in_the_order_of_the_spine(tmp_path: Path) -> None:
    parts = {"b.xhtml": chapter("第一章", CLEAN), "t/a%20.xhtml": "", "cover.xhtml": page("<img src=a.png>")}
    second = chapter("第二章", OTHER, DAMAGED)
    book = epub(tmp_path / "a.epub", {**parts, "d.xhtml": second}, **{"OEBPS/t/a .xhtml": chapter("附", OTHER + CLEAN)})
    (audited,) = audit_paths([str(book)]).documents
    assert [one.entry.title_text for one in audited.entries] == ["第一章", "附", "第二章"]
    assert [one.number for one in audited.entries] == [1, 2, 4]
    finding = only(book)
    at = second.index("20xx")
    line, column = second.count("\n", 0, at) + 1, at - second.rindex("\n", 0, at)
    assert (finding.entry, finding.entry_title, finding.line, finding.column) == (4, "第二章", line, column)
    assert place(finding, "chapter", "file", "source_offset") == (4, "OEBPS/d.xhtml", at)
    text = f"第二章\n{OTHER}\n{DAMAGED}"
    assert place(finding, "start", "text_line") == (text.index("20xx"), 3)
    (plain,) = (one for one in audit_text(text).findings if one.rule == "PLC001")
    assert finding.fingerprint == plain.fingerprint


def test_docx_says_paragraph_and_run(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    made = docx.Document()
    made.add_heading("第一份", 1)
    made.add_paragraph("")
    paragraph = made.add_paragraph(CLEAN)
    paragraph.add_run(DAMAGED[:10]).bold = True
    paragraph.add_run(DAMAGED[10:])
    made.add_heading("第二份", 1)
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 0).text, table.cell(1, 1).text = "甲", "乙\t丙", "丁"
    table.cell(0, 1).add_paragraph(f"新的.水平，{OTHER}")
    made.add_paragraph("末")
    made.save(str(path))
    finding = only(path)
    assert (finding.entry, finding.entry_title, finding.line, finding.column) == (1, "第一份", 3, len(CLEAN) + 9)
    assert place(finding, "paragraph", "run", "character") == (3, 2, 9)
    assert docx.Document(str(path)).paragraphs[2].runs[1].text[8:] == "20"
    inside = only(path, "NOI001")
    assert place(inside, "table", "row", "cell", "paragraph", "run") == (1, 1, 2, 2, 1)
    assert extract(path).text == f"第一份\n\n{CLEAN}{DAMAGED}\n第二份\n甲\t\n新的.水平，{OTHER}\n乙\t丙\t丁\n末\n"


RUNS = st.lists(st.text(st.sampled_from("今天20x&<> 　\t\n𠀀。—é"), min_size=1, max_size=9), max_size=4)


@given(st.lists(RUNS, min_size=1, max_size=6))
@limits(max_examples=8)
def test_docx_gives_back_what_was_put_in_and_knows_where(
    tmp_path_factory: pytest.TempPathFactory, paragraphs: list[list[str]]
) -> None:
    path = document(tmp_path_factory.getbasetemp() / "p.docx", paragraphs)
    got = extract(path)
    assert got.text == "".join(f"{''.join(runs)}\n" for runs in paragraphs)
    opened = docx.Document(str(path)).paragraphs
    ends = {at for at, char in enumerate(got.text) if char == "\n"}
    for at, char in enumerate(got.text):
        if at not in ends and got.marks:
            found = got.marks.at(at)
            run = opened[found["paragraph"] - 1].runs[found["run"] - 1]
            assert run.text[found["character"] - 1] == char


def test_docx_leaves_out_what_was_deleted_and_reads_notes(tmp_path: Path) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    made = docx.Document()
    made.add_paragraph()._p.append(parse_xml(f"<w:del {space}><w:r><w:delText>旧</w:delText></w:r></w:del>"))
    made.paragraphs[0]._p.append(parse_xml(f"<w:ins {space}><w:r><w:t>{CLEAN}</w:t></w:r></w:ins>"))
    notes = (
        f'<w:footnotes {space}><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>线</w:t></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:t>{DAMAGED}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), made.part.package)
    made.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    made.save(str(tmp_path / "a.docx"))
    assert extract(tmp_path / "a.docx").text == f"{CLEAN}\n{DAMAGED}\n"
    assert place(only(tmp_path / "a.docx"), "note", "paragraph", "run") == ("footnote 2", 1, 1)


def test_docx_says_which_cell_holds_a_table(tmp_path: Path) -> None:
    document = docx.Document()
    outer = document.add_table(2, 2)
    inner = outer.cell(1, 0).add_table(1, 2)
    inner.cell(0, 1).text = DAMAGED
    document.save(str(tmp_path / "a.docx"))
    names = ("in_table", "in_row", "in_cell", "table", "row", "cell", "paragraph", "run")
    assert place(only(tmp_path / "a.docx"), *names) == (1, 2, 1, 1, 1, 2, 1, 1)


def test_docx_reads_text_boxes_once(tmp_path: Path) -> None:
    from docx.oxml import parse_xml

    spaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    box = f"<w:txbxContent><w:p/><w:p><w:r><w:t>{DAMAGED}</w:t></w:r></w:p></w:txbxContent>"
    both = f"<w:r {spaces}><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    made = docx.Document()
    made.add_paragraph(CLEAN)._p.append(parse_xml(both))
    made.save(str(tmp_path / "a.docx"))
    assert extract(tmp_path / "a.docx").text == f"{CLEAN}\n\n{DAMAGED}\n"
    assert place(only(tmp_path / "a.docx"), "in_paragraph", "box", "paragraph", "run") == (1, 1, 2, 1)


def test_pdf_says_page_and_joins_what_the_margin_broke(tmp_path: Path) -> None:
    text = (CLEAN + OTHER) * 3 + DAMAGED
    lines = [text[:38], *(text[at : at + 40] for at in range(38, len(text), 40))]
    first = [(74.0 if not number else 50.0, 800.0 - 20 * number, line) for number, line in enumerate(lines)]
    verse = [(50.0, 800.0, "白日依山尽"), (50.0, 780.0, "黄河入海流"), (50.0, 760.0, DAMAGED), (50.0, 740.0, "𠀀 end")]
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([first, [], verse]))
    assert extract(path).text == f"{text}\n白日依山尽\n黄河入海流\n{DAMAGED}\n𠀀 end"
    audit = audit_paths([str(path)])
    assert audit.complete
    first_found, second = (one for one in audit.findings if one.rule == "PLC001")
    assert place(first_found, "page", "page_line") == (1, 1 + (text.index("20xx") - 38) // 40 + 1)
    assert (first_found.line, first_found.column) == (1, text.index("20xx") + 1)
    assert place(second, "page", "page_line") == (3, 3)


def test_pdf_words_that_a_line_divides_are_whole(tmp_path: Path) -> None:
    lines = [
        "This is a rather long line of English text that ends with an exam-",
        "ple and goes on with several more words until it is full and then",
        "ends here.",
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([[(50.0, 800.0 - 15 * number, line) for number, line in enumerate(lines)]]))
    assert extract(path).text == " ".join(lines).replace("exam- ple", "example")


@pytest.mark.parametrize("ending", ["zip", *TARS])
def test_an_archive_is_like_a_folder(tmp_path: Path, ending: str) -> None:
    epub(tmp_path / "b.epub", {"a.xhtml": chapter("第一章", DAMAGED)})
    document(tmp_path / "c.docx", [[DAMAGED]])
    members: dict[str, str | bytes] = {
        "甲/a.txt": f"{CLEAN}\n{DAMAGED}",
        "../../etc/d.txt": DAMAGED,
        "/e.md": DAMAGED,
        "b.epub": (tmp_path / "b.epub").read_bytes(),
        "c.docx": (tmp_path / "c.docx").read_bytes(),
        "p.html": page_of([DAMAGED]).encode(),
        "r.jsonl": json.dumps({"text": DAMAGED}),
        ".git/x.txt": DAMAGED,
        "__MACOSX/._a.txt": "\0",
        "a.png": "\0",
        "drafts/f.txt": DAMAGED,
        "n.zip": b"PK",
    }
    before = {one.name for one in tmp_path.iterdir()}
    path = (zipped if ending == "zip" else tarred)(tmp_path / f"x.{ending}", members)
    from audit import Config

    audit = audit_paths([str(path)], Config(exclude=("drafts/",), text_field="text"))
    assert {one.name for one in tmp_path.iterdir()} == before | {path.name}
    found = {one.path.partition("!/")[2]: one for one in audit.findings if one.rule == "PLC001"}
    assert set(found) == {"甲/a.txt", "../../etc/d.txt", "/e.md", "b.epub", "c.docx", "p.html", "r.jsonl"}
    first = found["甲/a.txt"]
    assert (first.path, first.line, first.column) == (f"{path.as_posix()}!/甲/a.txt", 2, 9)
    assert first.byte_start == len(f"{CLEAN}\n".encode()) + len(DAMAGED[:8].encode())
    assert place(found["b.epub"], "file", "chapter") == ("OEBPS/a.xhtml", 1)
    assert place(found["r.jsonl"], "line", "field") == (1, "text")
    assert [(one.path, "archive" in one.reason) for one in audit.skipped] == [(f"{path.as_posix()}!/n.zip", True)]
    assert audit.passed_over == {".png": 1, "hidden": 2}
    assert "r.jsonl" not in {one.path[-7:] for one in audit_paths([str(path)]).findings}


def test_names_of_members_are_decoded(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"GGGGGG.txt": DAMAGED})
    path.write_bytes(path.read_bytes().replace(b"GGGGGG", "工会篇".encode("gbk")))
    assert only(path).path.endswith("!/工会篇.txt")
    path = zipped(tmp_path / "b.zip", {"..|dir|b.txt": DAMAGED})
    path.write_bytes(path.read_bytes().replace(b"..|dir|b", b"..\\dir\\b"))
    assert only(path).path.endswith("b.zip!/../dir/b.txt")


def test_a_name_that_stands_twice_is_read_twice(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": CLEAN, "b.txt": DAMAGED})
    path.write_bytes(path.read_bytes().replace(b"b.txt", b"a.txt"))
    assert only(path).path.endswith("!/a.txt#2")


def test_a_folder_is_searched_for_every_format(tmp_path: Path) -> None:
    for name, make in MAKERS.items():
        make(tmp_path / name)
    epub(tmp_path / "a.epub", {"a.xhtml": chapter("第一章", DAMAGED)})
    zipped(tmp_path / "a.zip", {"a.txt": DAMAGED})
    (tmp_path / "a.jsonl").write_bytes(b"{}")
    audit = audit_paths([str(tmp_path)])
    (tmp_path / "report.html").write_bytes(html_page.render(audit))
    (tmp_path / "report.md").write_bytes(markdown.render(audit))
    again = audit_paths([str(tmp_path)])
    assert len(audit.documents) == len(again.documents) == 6
    assert again.passed_over == {".jsonl": 1, "report": 2}


def test_every_report_can_say_it(tmp_path: Path) -> None:
    for name, make in MAKERS.items():
        make(tmp_path / name)
    epub(tmp_path / "a.epub", {"a.xhtml": chapter("第一章", CLEAN, DAMAGED), "b.xhtml": chapter("第二章", OTHER)})
    audit = audit_paths([str(tmp_path)])
    for line in json_lines.render(audit).split(b"\n")[:-1]:
        jsonschema.validate(json.loads(line), SCHEMA)
    with speaking("zh"):
        assert "a.epub" in markdown.render(audit).decode()
    assert "第二章" in html_page.render(audit).decode()
