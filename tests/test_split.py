"""Documents as parts: every kind of heading, and what is no heading."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.model import Entry, Role, Text
from audit.reading.document import read
from audit.reading.split import split

PROSE = "一年来，工会围绕中心工作，服务大局，取得了新的进展，现将有关情况报告如下。"


def parts(body: str, *, markdown: bool | None = None) -> list[tuple[str, str, int | None]]:
    text = Text(body)
    entries = split(text, markdown=markdown)
    assert_tiles(text, entries)
    return [(e.role.value, e.title_text, e.number) for e in entries]


def assert_tiles(text: Text, entries: tuple[Entry, ...]) -> None:
    assert entries[0].start == 0
    assert entries[-1].end == len(text.body)
    for before, after in itertools.pairwise(entries):
        assert before.end == after.start
    assert [e.index for e in entries] == list(range(len(entries)))
    assert all(e.start <= e.title.start <= e.title.end <= e.end for e in entries if e.title.end > e.title.start)


def document(*headings: str, lead: str = "", tail: str = "") -> str:
    return lead + "".join(f"{h}\n{PROSE}\n{PROSE}\n" for h in headings) + tail


@pytest.mark.parametrize(
    "headings",
    [
        ["读书心得1", "读书心得2", "读书心得3"],
        ["讀書心得（一）", "讀書心得（二）", "讀書心得（三）"],
        ["实习报告 篇1", "实习报告 篇2", "实习报告 篇3"],
        ["【篇一】春天", "【篇二】夏天", "【篇三】秋天"],
        ["范文1：春天", "范文2：夏天", "范文3：秋天"],
        ["第一篇 春天", "第二篇 夏天", "第三篇 秋天"],
        ["第一章 总则", "第二章 分则", "第三章 附则"],
        ["第１回　宴桃園", "第２回　斬黃巾", "第３回　議溫明"],
        ["第1节：安装", "第2节：使用", "第3节：卸载"],
        ["辞职信范文①", "辞职信范文②", "辞职信范文③"],
        ["標題1:春天", "標題2:夏天", "標題3:秋天"],
    ],
)
def test_numbered_headings(headings: list[str]) -> None:
    found = parts(document(*headings, lead="文集\n这里有三篇文章，供大家参考。\n"))
    assert found == [("front", "", None), *(("entry", h, n) for n, h in enumerate(headings, 1))]


def test_lone_numbers_are_headings_where_pieces_are_promised() -> None:
    pieces = document("（一）", "（二）", "（三）", lead="幼儿园安全工作总结【三篇】\n")
    assert [n for _, _, n in parts(pieces)] == [None, 1, 2, 3]
    assert len(parts(document("（一）", "（二）", "（三）", lead="春天的故事\n"))) == 1


def test_numbers_stay_as_they_are() -> None:
    found = parts(document("工作总结1", "工作总结2", "工作总结4", "工作总结5"))
    assert [n for _, _, n in found] == [1, 2, 4, 5]


def test_one_number_said_twice() -> None:
    found = parts(document("工作总结1", "工作总结2", "工作总结3", "工作总结3", "工作总结5"))
    assert [n for _, _, n in found] == [1, 2, 3, 3, 5]


def test_title_with_damage_fills_its_gap() -> None:
    found = parts(document("乡镇工作总结1", "乡镇工作总结2", "乡锞工作总结3", "乡镇工作总结4"))
    assert [n for _, _, n in found] == [1, 2, 3, 4]


def test_table_of_contents_is_front() -> None:
    contents = "某条例\n目录\n第一章 总则\n第二章 罚则\n第三章 附则\n"
    found = parts(document("第一章 总则", "第二章 罚则", "第三章 附则", lead=contents))
    assert [role for role, _, _ in found] == ["front", "entry", "entry", "entry"]


def test_articles_of_a_statute_are_no_parts() -> None:
    body = "".join(f"第{n}条 {PROSE}\n" for n in "一二三四五")
    assert [role for role, _, _ in parts(body)] == ["entry"]


def test_related_links_are_tail() -> None:
    tail = "【工作总结】相关文章：\n工作总结12-30\n年度工作总结02-12\n学校工作总结06-16\n"
    found = parts(document("工作总结1", "工作总结2", "工作总结3", tail=tail))
    assert found[-1] == ("tail", "", None)
    assert [n for _, _, n in found] == [1, 2, 3, None]


@pytest.mark.parametrize("heading", ["相關文章", "推荐阅读：", "猜你喜欢", "上一篇：春天"])
def test_tail_of_a_single_page(heading: str) -> None:
    found = parts(f"春天\n{PROSE}\n{PROSE}\n{heading}\n夏天的故事\n秋天的故事\n")
    assert [role for role, _, _ in found] == ["entry", "tail"]


def test_links_under_an_item_are_no_tail() -> None:
    assert [
        role for role, _, _ in parts(f"{PROSE}\n{PROSE}\n1. 方法:\n   推荐阅读:\n   - 场景结构\n2. 类型知识\n")
    ] == ["entry"]


def test_signature_and_date_are_no_tail() -> None:
    assert [role for role, _, _ in parts(f"{PROSE}\n{PROSE}\n工会办公室\n2023-12-30\n")] == ["entry"]


def test_markdown_lowest_level_with_two() -> None:
    body = f"# 书\n\n{PROSE}\n\n## 甲\n\n### 甲一\n\n```sh\n# 注释\n## 注释\n```\n\n## 乙\n\n{PROSE}\n"
    assert [t for _, t, _ in parts(body)] == ["", "## 甲", "## 乙"]
    assert [role for role, _, _ in parts(body, markdown=False)] == ["entry"]


def test_indented_comments_and_other_markup_are_no_headings() -> None:
    code = f"{PROSE}\n\n    # 第一步\n    运行()\n\n    # 第二步\n    结束()\n\n{PROSE}\n"
    assert [role for role, _, _ in parts(code)] == ["entry"]
    comments = f"# 说明\n{PROSE}\n# 用法\n{PROSE}\n".encode()
    assert len(read("page.md", comments).entries) == 2
    assert len(read("page.rst", comments).entries) == 1


def test_underlined_headings_are_no_separators() -> None:
    sections = "\n\n".join(f"{title}\n--------\n\n{PROSE}" for title in ("安装", "用法", "许可"))
    assert len(split(Text(sections))) == 1
    assert len(split(Text(f"{PROSE}\n--------\n\n{PROSE}\n--------\n{PROSE}\n"))) == 3


def test_separators() -> None:
    found = split(Text(f"{PROSE}\n---\n{PROSE}\n---\n{PROSE}\n"))
    assert [e.role for e in found] == [Role.ENTRY] * 3
    assert_tiles(found[0].text, found)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n\n",
        PROSE,
        f"表1\n{PROSE}\n表2\n{PROSE}\n表3\n{PROSE}\n",
        f"第1页\n{PROSE}\n第2页\n{PROSE}\n第3页\n{PROSE}\n",
        "".join(f"{PROSE}\n第{n}章 附则\n" for n in "五一三八二"),
        f"5月1\n{PROSE}\n5月2\n{PROSE}\n5月3\n{PROSE}\n",
        "一、甲\n二、乙\n三、丙\n",
        f"下一页说明{PROSE}\n统一\n{PROSE}\n",
    ],
)
def test_one_entry(body: str) -> None:
    assert [role for role, _, _ in parts(body)] == ["entry"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                PROSE,
                "总结1",
                "总结2",
                "总结3",
                "第一章 甲",
                "第二章",
                "# 甲",
                "## 乙",
                "---",
                "```",
                "",
                "　",
                "相关文章：",
                "甲12-30",
                "篇一",
                "篇二",
            ]
        ),
        max_size=30,
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_parts_tile(lines: list[str], newline: str) -> None:
    text = Text(newline.join(lines))
    assert_tiles(text, split(text))


def test_source(shared: Path) -> None:
    from audit.reading.document import read

    path = shared / "seeds" / "000_25279264fab4da48.txt"
    entries = read(path.name, path.read_bytes()).entries
    assert [e.number for e in entries if e.role is Role.ENTRY] == list(range(1, 16))
    assert entries[0].line_range == (0, 2)
    first, last = entries[-1].line_range
    assert entries[-1].role is Role.TAIL
    assert last - first == 10


def test_an_indented_comment_in_plain_text_is_no_heading() -> None:
    body = "使用指南\n\n.. code-block:: bash\n\n   # 安装\n   pip install x\n   # 升级\n   pip install -U x\n\n配置完成后重新启动即可。\n"
    assert len(split(Text(body))) == 1
    assert len(split(Text("  # 安装\n第一段正文。\n  # 升级\n第二段正文。\n"), markdown=True)) == 2
