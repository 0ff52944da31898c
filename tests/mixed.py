"""A collection of everything: files, tables, a book and a page; damaged, copied, foreign, torn; and rules of somebody else's over it."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

from tests.corpus import edited
from tests.samples import chapter, epub, page_of

OWN = "社区 居民 河道 清理 志愿者 走访 群众 卫生 环境 网格 物业 楼道 垃圾 分类 宣传 调解 邻里 矛盾 巡查 台账 街道 干部 养老 食堂 帮扶"
FOREIGN = "光刻 晶圆 掩膜 蚀刻 离子 注入 沉积 薄膜 硅片 良率 工艺 线宽 封装 引脚 电压 漏电 栅极 氧化 抛光 清洗 退火 掺杂 显影 曝光 对准"
JOINTS = "组织 开展 落实 推进 完成 检查 改进 制定 总结 提高"


def paragraph(draw: random.Random, subject: str) -> str:
    """Five sentences of words by lot."""
    words, joints = subject.split(), (*JOINTS.split(), "", "")
    sentences = ("".join(draw.choice(words) + draw.choice(joints) for _ in range(draw.randint(5, 8))) for _ in range(5))
    return "，".join(sentences) + "。"


def text(draw: random.Random, subject: str = OWN, paragraphs: int = 5) -> str:
    """A text about one subject."""
    return "\n".join(paragraph(draw, subject) for _ in range(paragraphs))


def damaged(body: str) -> str:
    """The same with masks and readings put in."""
    return body.replace("社区", "社(shè)区(qū)").replace("居民", "居(jū)民(mín)").replace("干部", "xx干部", 1)


def write(folder: Path) -> Path:
    """The collection; some of it stands in several places, which are better and worse, earlier and later."""
    folder.mkdir(parents=True)
    draw = random.Random(11)
    texts = [text(draw) for _ in range(24)]
    shared = paragraph(draw, OWN) * 2
    for number in range(7):
        (folder / f"file{number}.txt").write_text(texts[number] + "\n", encoding="utf-8")
    (folder / "file7.txt").write_text(text(draw, FOREIGN), encoding="utf-8")
    (folder / "file8.txt").write_text(damaged(edited(texts[9], 0.03, draw)), encoding="utf-8")
    (folder / "file9.txt").write_bytes(texts[1].encode() + b"\n\xd6\xd0\xb9\xfa\xb5\xc4\n")
    kept = f"<!-- jiaokan: ignore-file duplicate it is to stand here too -->\n\n{texts[2]}\n"
    (folder / "kept.md").write_text(kept, encoding="utf-8")
    several = [text(draw) for _ in range(6)]
    several[3] = several[1] + "\n" + paragraph(draw, OWN)
    several[4] = f"{several[4]}\n{shared}\n{paragraph(draw, OWN)}\n{shared}"
    parts = "".join(f"第{number}篇 社区工作总结\n{body}\n\n" for number, body in enumerate(several, 1))
    (folder / "several.txt").write_text(f"社区工作总结（汇编8篇）\n\n{parts}", encoding="utf-8")
    notes = "\n\n".join(f"# 第{number}号笔记\n\n{texts[number + 10]}" for number in range(4))
    (folder / "notes.md").write_text(notes, encoding="utf-8")
    form = (
        "甲方：{}，乙方：{}。合同期限自{}起，乙方从事{}岗位工作，每月工资为{}元，双方应当依法缴纳各项社会保险费用，不得拖欠。"
        * 3
    )
    first = ("海城食品有限公司", "周敏", "2020年3月1日", "质检员", "4500") * 3
    second = ("江北机械厂", "吴强", "2021年7月1日", "钳工", "5200") * 3
    rows = [
        damaged(texts[8]),  # its better copy comes later
        *texts[9:20],
        texts[8],
        texts[10].split("\n", 2)[2],  # stands in another
        edited(texts[11], 0.02, draw),
        text(draw, FOREIGN),
        "说明如下。",
        "The committee met in spring and again in autumn, and nothing else was decided by it in the whole year. " * 8,
        form.format(*first),
        form.format(*second),
        text(draw) + "\n" + shared,
        "(zì)" + text(draw) + "\n" + shared + "(zì)",
        "\ud800半个字符" + text(draw),
        texts[12].split("\n")[0] + "\n" + texts[12].split("\n")[1] + "\n" + text(draw, paragraphs=3),
    ]
    lines = [
        json.dumps({"id": f"a{number}", "text": body, "title": f"第{number}条"}) for number, body in enumerate(rows)
    ]
    lines[3:3] = ["{no", json.dumps({"id": "a0", "text": texts[21] + "\r\n"}), json.dumps({"id": 1, "text": None})]
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["id", "text"])
    for number, body in enumerate([texts[20], texts[0], edited(texts[3], 0.03, draw), damaged(texts[22]), texts[9]]):
        writer.writerow([f"b{number}", body])
    (folder / "b.csv").write_text(table.getvalue(), encoding="utf-8")
    (folder / "page.html").write_bytes(page_of([*texts[23].split("\n"), shared]).encode())
    chapters = {f"{name}.xhtml": chapter(f"第{name}章", *text(draw).split("\n")) for name in "一二三四五六"}
    epub(folder / "book.epub", {**chapters, "last.xhtml": chapter("第七章", *texts[23].split("\n"))})
    return folder


RULES = '''
"""Rules of a house: collection rules that somebody else wrote."""

from audit.model import Hit, Place, Severity, Span
from audit.rule import Scope, family

rule = family("structure")


def opening(entry):
    return entry.text.body[entry.start : entry.start + 2]


@rule("HSE001", "same-opening", Severity.MINOR, "begins as {other} does", scope=Scope.COLLECTION, sketch=opening)
def same_opening(sketches, fetch):
    """An entry that begins as an earlier one."""
    first = {}
    for index, one in enumerate(sketches):
        if first.setdefault(one, index) != index:
            entry, there = fetch(index), fetch(first[one])
            place = Place(first[one], Span(there.start, there.start + 2))
            yield index, Hit(Span(entry.start, entry.start + 2), {"other": place}, evidence={"at": [place]})


def size(entry):
    return len(entry.text.body[slice(*entry.content)])


@rule("HSE002", "longest", Severity.INFO, "the longest of {count} entries", scope=Scope.COLLECTION, sketch=size, everywhere=True, streams=True)
def longest(sketches, fetch):
    """The longest entry of all."""
    if len(sketches):
        index = max(range(len(sketches)), key=lambda n: (sketches[n], -n))
        entry = fetch(index)
        yield index, Hit(Span(entry.end - 3, entry.end), {"count": len(sketches)})


@rule("HSE003", "failing", Severity.INFO, "never said", scope=Scope.COLLECTION, sketch=lambda entry: 1 // 0)
def failing(sketches, fetch):
    """A rule whose sketch fails."""
    return ()


def outside(entry):
    return None


@rule("HSE004", "outside", Severity.INFO, "never said", scope=Scope.COLLECTION, sketch=outside)
def outside_of_the_text(sketches, fetch):
    """A rule whose span is beyond every text."""
    if sketches:
        yield 0, Hit(Span(0, 1))
        yield 0, Hit(Span(0, 1 << 30))


@rule("HSE005", "nowhere", Severity.INFO, "never said", scope=Scope.COLLECTION, sketch=outside)
def nowhere(sketches, fetch):
    """A rule that names an entry which is not there."""
    if sketches:
        yield 0, Hit(Span(0, 1), {"other": Place(len(sketches), Span(0, 1))})


@rule("HSE006", "wordless", Severity.INFO, "{count} of them", scope=Scope.TEXT)
def wordless(text):
    """A rule that has no words for what it finds."""
    if "社区" in text.body:
        yield Hit(Span(0, 1))


@rule("HSE007", "mute", Severity.INFO, "as {other}", scope=Scope.COLLECTION, sketch=outside)
def mute(sketches, fetch):
    """Such a rule on collections."""
    if sketches:
        yield 0, Hit(Span(0, 1), evidence={"at": object()})


RULES = (same_opening, longest, failing, outside_of_the_text, nowhere, wordless, mute)
'''
BROKEN = {"HSE003", "HSE004", "HSE005", "HSE006", "HSE007"}  # those of them that fail


def house_rules(folder: Path) -> Path:
    """A distribution with these rules, as it lies in a folder of packages."""
    about = folder / "house_rules-1.0.dist-info"
    about.mkdir(parents=True)
    (folder / "house_rules.py").write_text(RULES, encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: house-rules\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[audit.rules]\nhouse = house_rules:RULES\n", encoding="utf-8")
    return folder
