"""Records are looked at together and judged alone: what is found in each is what is found in it by itself."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import pytest

from audit.blocks import check_documents, packed
from audit.engine import Batch, Checked, check_document
from audit.joined import BREAKS, join
from audit.model import Hit, Severity, Span
from audit.reading.document import read_record, read_records
from audit.reading.records import Record
from audit.registry import load_rules
from audit.rule import Rule, Scope
from audit.sieve import Sieve
from tests.casefiles import all_cases

CLEAN = "今年以来，我们认真学习有关文件，深入基层调查研究，帮助群众解决了许多实际困难，取得了较好的成绩。"
HOSTILE = (
    "字",
    "。",
    "\N{CARRIAGE RETURN}",
    "第一行\r",
    "\n\n第二段，从空行开始，",
    "一\r\n二\r三\n四\v五\f六\x85七\u2028八\u2029九",
    "半个\ud800字符和\udfff另一半",
    "零\x00字节\x00在中间\x1b[0m",
    "他说：“这句话没有说完，下一条记录又接着说",
    "说完了。”前面的引号在上一条记录里。",
    "```python\nprint(1)\n没有结束的代码块，下一条记录不在里面",
    "省略了`一个反引号，价格是$5",
    "前",
    "2019年-2015年的规划，30日前完成。",
    "12",
    "2月30日召开会议。",
    "空《》空",
    "《》里什么也没有",
    "各位领导、同志们：\n一、抓学习\n二、抓落实\n四、抓总结",
    "(hǎo)",
    "好(hǎo)人(rén)天(tiān)地(dì)山(shān)水(shuǐ)",
    "总(zǒ",
    "ng)的来说",
    "�",
    " ",
    "𠀀𠮷野家的𠀋字",
    "é́́" * 40,
)


@cache
def every() -> tuple[tuple[Rule, ...], Sieve]:
    rules, broken = load_rules()
    assert not broken
    return tuple(rules), Sieve(rules)


def flat(checked: Checked) -> tuple[list[object], list[object]]:
    return [columns(batch) for batch in checked.batches], list(checked.failures)


def columns(batch: Batch) -> tuple[object, ...]:
    hits = [repr(batch.make(row)) for row in batch.rows.tolist()]
    arrays = (batch.starts, batch.ends, batch.severities, batch.confidences, batch.safeties, batch.repeats)
    return batch.rule.code, [array.tolist() for array in arrays], hits


def compare(texts: Sequence[str]) -> None:
    records = [Record(text, number, number, {}) for number, text in enumerate(texts, 1)]
    rules, sieve = every()
    alone = [check_document(read_record("a.jsonl", record), rules, sieve) for record in records]
    together = check_documents(read_records("a.jsonl", records), rules, sieve)
    wrong = [text for text, one, other in zip(texts, alone, together, strict=True) if flat(other) != flat(one)]
    assert not wrong


def texts_of_cases() -> list[str]:
    found = {case.text for case in all_cases() if len(case.text) < 2_000}
    return sorted(found)


def test_cases_and_hostile_texts_together_and_alone() -> None:
    texts = [*texts_of_cases(), *HOSTILE, CLEAN]
    random.Random(1).shuffle(texts)
    compare(texts)


def test_texts_whose_ends_meet() -> None:
    compare([*HOSTILE, *reversed(HOSTILE)])


def test_one_text_and_none() -> None:
    compare([CLEAN])
    assert check_documents([], *every()) == []


def test_a_large_text_among_small_ones() -> None:
    compare([CLEAN, CLEAN.replace("，", ",") * 1_500, "2月30日召开会议。"])


def test_titles() -> None:
    records = [Record("工作总结\n工作总结\n" + CLEAN, 1, 1, {}, title=5), Record(CLEAN, 2, 2, {})]
    rules, sieve = every()
    alone = [check_document(read_record("a.epub", record), rules, sieve) for record in records]
    together = check_documents(read_records("a.epub", records), rules, sieve)
    assert [flat(one) for one in together] == [flat(one) for one in alone]
    assert any(batch.rule.code == "BPL007" for batch in together[0].batches)


@pytest.mark.parametrize("how", ["check", "scout"])
def test_a_rule_that_fails_on_texts_together_is_asked_of_each(how: str) -> None:
    def check(text):  # type: ignore[no-untyped-def]
        if BREAKS in text.body or "坏" in text.body:
            raise ValueError("no")
        return [Hit(Span(0, 1))]

    def scout(_):  # type: ignore[no-untyped-def]
        raise ValueError("no")

    rule = Rule("XXX001", "x", "noise", Severity.MINOR, Scope.TEXT, {"": "x"}, check)
    rule = replace(rule, by_line=True) if how == "check" else replace(rule, scout=scout)
    records = [Record(text, 1, 1, {}) for text in ("好", "坏", "好")]
    found = check_documents(read_records("a.jsonl", records), (rule,), Sieve((rule,)))
    assert [len(one.batches) for one in found] == [1, 0, 1]
    assert [len(one.failures) for one in found] == [0, 1, 0]


def test_places_belong_to_the_text_that_holds_them() -> None:
    joined = join(["甲乙", "", "丙"], [False, False, True])
    gap = len(BREAKS)
    assert joined.text.body == f"甲乙{BREAKS}{BREAKS}丙"
    assert joined.counts([0, 1, 2, 2 + 2 * gap]).tolist() == [3, 0, 1]
    assert joined.holding([]).tolist() == [False, False, False]


def test_packs_are_bounded_and_in_order() -> None:
    sizes = [200_000, 100_000, 5, 600_000, 1]
    assert list(packed(sizes, int)) == [[200_000, 100_000], [5, 600_000], [1]]
