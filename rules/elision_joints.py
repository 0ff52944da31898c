"""Joints of a sentence that hold nothing: what good prose hardly ever has, found by the two characters that meet there.

In 45 million characters of law, news, fiction, technology and reviews all of them together stand twice, both times misprints;
a file of jokes had `第条` 18 times, where a converter had taken the figures out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from audit.language.code import in_code
from audit.language.patterns import regex
from audit.language.spots import flanked
from audit.model import Hit, Severity, Span, Text
from audit.rule import Scope, family

rule = family("elision")

PAUSES, STOPS = "，,；;。、", "。；;！"
# what takes a title as its object
_ISSUING = r"[学學][习習]|[观觀]看|宣[传傳]|[贯貫][彻徹]|[阅閱][读讀]|[传傳][达達]|落[实實]|制[订訂定]|印[发發]|修[订訂]|[颁頒]布"
_VERB = rf"(?:{_ISSUING}|[执執]行|遵守|依[据據]|根[据據]|按照|依照)"
BARE_ITEM = regex(rf"[；;](?P<verb>{_ISSUING})[；;。]")


class Joint(NamedTuple):
    """Characters that may stand at such a place, what stands before and behind them, the pattern, and where it begins."""

    marks: str
    before: str
    after: str
    pattern: re.Pattern[str]
    back: int


ITEMS = (
    Joint(  # 学习和,开展: both titles are gone
        "和及与與",
        "习習彻徹实實传傳看行守据據照发發定订訂读讀布达達",
        PAUSES + "等的",
        regex(rf"{_VERB}[和及与與](?:[{PAUSES}]|等(?![待候到于於级級])|的)"),
        2,
    ),
)
NAMES = (
    Joint(
        "上中",
        "在",
        "发發刊登撰指提规規",
        regex(r"在[上中](?:[发發]表|刊[登载載发發]|登[载載]|撰文|指出|提出|[规規]定)"),
        1,
    ),
    Joint("获獲", "荣榮", PAUSES + "了", regex(rf"[荣榮][获獲]了?[{PAUSES}]"), 1),
    Joint("为為", "评評", PAUSES, regex(rf"被[评評][为為][{PAUSES}]"), 2),
    Joint("为為", "评評", PAUSES, regex(rf"(?<!被)[评評][为為][{PAUSES}]"), 1),
    Joint("为為", "被", "(（“「《0123456789", regex(r"被[为為](?=[(（“「《0-9])"), 1),
    Joint("上", "在", "播转轉发發公亮", regex(r"在上(?:播[出放]|[转轉][发發]|[发發]布|公[布示]|亮相)"), 1),
    Joint(  # 在的正确领导下
        "的",
        "在",
        "",
        regex(
            r"(?<![现現所存內内外潜潛实實自不正仍都还還好])在的[\u3400-\u9fff]{0,4}(?:[领領][导導]|指[导導]|[关關]心|支持|[带帶][领領]|[帮幫]助|[关關][怀懷]"
            r"|配合|努力|[组組][织織])下"
        ),
        1,
    ),
    Joint(  # 不少于，
        "于於",
        "少低高多晚早迟遲",
        "，,；;。",
        regex(r"(?<=[\u3400-\u9fff])不[少低高多晚早迟遲][于於][，,；;。]"),
        2,
    ),
    Joint("为為", "称稱", PAUSES, regex(r"[称稱][为為](?:[，,；;、]|。(?!。))"), 1),
    Joint("为為", "题題", "的", regex(r"[题題][为為]的(?!是)"), 1),
    Joint(  # 以为指导，
        "为為",
        "以",
        "指依核主榜宗导導切突支载載契抓",
        regex(
            rf"(?<![可足难難无無自引何所不都还還])以[为為](?:指[导導][针針]?|依[据據]|核心|主[线線题題]|榜[样樣]|宗旨|[导導]向|切入[点點]|突破口|支[撑撐]"
            rf"|[载載][体體]|契[机機]|抓手)(?:思想|方[针針]|原[则則])?[{PAUSES}]"
        ),
        1,
    ),
    Joint(  # 演讲的题目是。
        "是叫",
        "目题題字号號名称稱",
        STOPS,
        regex(r"(?:[题題]目|主[题題]|名字|[标標课課][题題]|口[号號]|[书書片]名|名[称稱])[是叫](?:[；;！]|。(?!。))"),
        2,
    ),
    Joint(
        "第",
        "",
        "届屆期批条條章",
        regex(r"第(?:[届屆期批条章]|條(?=[規之第、，。；]))(?![0-9０-９〇零一二三四五六七八九十百数數])"),
        0,
    ),
)


def joints(text: Text, kinds: tuple[Joint, ...]) -> Iterator[Span]:
    """Where such joints are, of each kind by place."""
    for kind in kinds:
        for mark in kind.marks:
            for at in flanked(text, mark, kind.before, kind.after):
                match = kind.pattern.match(text.body, at - kind.back) if at >= kind.back else None
                if match is not None and not in_code(text, *match.span()):
                    yield Span(*match.span())


@rule(
    "ELI006",
    "bare-item",
    Severity.INFO,
    "an item of the list is only {verb!r}; its object seems lost",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.5,
)
def bare_item(text: Text) -> Iterator[Hit]:
    """An item of a list that is only a transitive verb: `业务辅导;学习;组织交流`.

    Why it matters: what was studied or issued, most often a title, is lost; not certain, hence a remark.
    Left alone: items with an object.
    Repair: none; the object must come from the source.
    """
    for mark in "；;":
        for at in flanked(text, mark, "习習看传傳彻徹读讀达達实實订訂定发發布", ""):
            match = BARE_ITEM.match(text.body, at - 3) if at > 2 else None
            if match is None:
                continue
            yield Hit(Span(*match.span("verb")), {"verb": match["verb"]})


RULES = (bare_item,)
