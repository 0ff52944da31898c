"""List items, numbers and paragraph statistics: what is read, and that hostile text costs no more than long text."""

from __future__ import annotations

import time

import pytest
from audit.rules import boilerplate, numbering, structure, truncation
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.language.layout import layout
from audit.language.listing import CIRCLED, DIGIT, DIGIT_BRACKET, HAN, HAN_BRACKET, IS, NTH, items
from audit.language.numerals import parse, write_han
from audit.language.prose import tidy
from audit.model import Entry, Hit, Hits, Role, Span, Text
from audit.reading.split import split
from audit.rule import Rule, Scope

RULES: tuple[Rule, ...] = (*numbering.RULES, *truncation.RULES, *structure.RULES, *boilerplate.RULES)


def hits(rule: Rule, text: Text, entries: tuple[Entry, ...]) -> list[Hit]:
    if rule.scope is Scope.ENTRY:
        said = [hit for entry in entries for hit in rule.check(entry)]
    elif rule.scope is Scope.TEXT:
        said = list(rule.check(text))
    elif rule.scope is Scope.LINE:
        said = [hit for n in range(len(text.line_starts)) for hit in rule.check(text.line(n))]
    else:
        assert rule.sketch is not None
        said = [hit for _, hit in rule.check([rule.sketch(e) for e in entries], entries.__getitem__)]
    assert not any(isinstance(hit, Hits) for hit in said)
    return said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7), ("１５", 15), ("一", 1), ("十", 10), ("十五", 15), ("二十", 20), ("二十一", 21), ("一百零二", 102), ("廿三", 23),
        ("二〇二三", 2023), ("\N{CIRCLED DIGIT THREE}", 3), ("\N{ROMAN NUMERAL FOUR}", 4), ("三四", None), ("x", None), ("", None),
    ],
)  # fmt: skip
def test_numerals(text: str, value: int | None) -> None:
    assert parse(text) == value


@given(st.integers(1, 99))
def test_numerals_round_trip(value: int) -> None:
    assert parse(write_han(value)) == value


@pytest.mark.parametrize(
    ("marker", "scheme", "number"),
    [
        ("一、", HAN, 1), ("二十三、", HAN, 23), ("（十二）", HAN_BRACKET, 12), ("(三)", HAN_BRACKET, 3), ("三)", HAN_BRACKET, 3),
        ("12、", DIGIT, 12), ("３．", DIGIT, 3), ("7. ", DIGIT, 7), ("(4)", DIGIT_BRACKET, 4), ("5）", DIGIT_BRACKET, 5),
        ("二是", IS, 2), ("第三，", NTH, 3), ("\N{CIRCLED DIGIT TWO}", CIRCLED, 2),
    ],
)  # fmt: skip
def test_markers(marker: str, scheme: int, number: int) -> None:
    found = items(Text(f"　　{marker}加强领导"))
    assert [(int(s), int(n)) for s, n in zip(found.schemes, found.numbers, strict=True)] == [(scheme, number)]
    assert bool(found.leads[0])


@pytest.mark.parametrize(
    "text", ["3、4月份", "1.5公里", "三、四年级", "2023、", "第三章", "一个", "(x)", "第一条 总则", ""]
)
def test_no_markers(text: str) -> None:
    assert not len(items(Text(text)).starts)


def test_items_inside_paragraphs() -> None:
    found = items(Text("要求：一是快；二是好，三是省。4、再说一遍。（五）完了，6、不算。"))
    assert found.numbers.tolist() == [1, 2, 3, 4, 5]
    assert not found.leads.any()


def test_layout_leaves_blanks_out() -> None:
    lay = layout(Text("　 甲乙 \n\n```\nx\n```\n丙"))
    assert lay.lengths.tolist() == [2, 0, 3, 1, 3, 1]
    assert lay.code.tolist() == [False, False, True, True, True, False]


def test_tidy_needs_paragraphs() -> None:
    sentence = "这是一个足够长的段落，里面有好几个分句，用来说明什么样的段落才算得上是段落，并且以句号结尾。"
    assert tidy(Text("\n".join([sentence] * 9)))
    assert not tidy(Text("\n".join([sentence] * 3)))
    assert not tidy(Text("\n".join([sentence[:-1]] * 9)))


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="一二三四1234lO、.（）()是第章篇。，：…\n\r　 #-*总结小编希望文章", max_size=300),
)
def test_hits_lie_in_the_text(body: str) -> None:
    text = Text(body)
    entries = split(text)
    for rule in RULES:
        for hit in hits(rule, text, entries):
            assert 0 <= hit.span.start <= hit.span.end <= len(body)
            rule.messages[hit.variant].format(**hit.values)


HOSTILE = [
    "1、甲。3、乙\n", "l、甲\n2、乙\n", "一、甲\n1、乙\n1、丙\n", "共三项工作：\n1、甲\n2、乙\n", "总结1\n甲\n", "---\n甲\n", "# 甲\n", "…… \n",
    "（", "# ", " ", "小编希望", "第一章\n", "1. 甲\n   1. 乙\n", "相关文章：\n甲12-30\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_length_only(piece: str) -> None:
    """Eight times the text takes about eight times as long, not sixty-four."""

    def cost(count: int) -> float:
        text = Text(piece * count)
        began = time.process_time()
        entries = split(text)
        for rule in RULES:
            hits(rule, text, entries)
        return time.process_time() - began

    cost(20)
    small, large = cost(250), cost(2000)
    assert large < 24 * small + 0.2


def test_entries_without_text_say_nothing() -> None:
    text = Text("")
    empty = Entry(text, 0, Role.ENTRY, 0, 0, Span(0, 0))
    for rule in RULES:
        if rule.scope is Scope.ENTRY:
            assert not list(rule.check(empty))
