"""What a title names, and whether its text speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.patterns import regex
from audit.language.script import fold_table
from audit.language.subjects import Buckets, Sketch
from audit.language.terms import pair_features
from audit.model import Span
from audit.text import Text

MIN_TITLED = 5  # titles with words of their own; fewer show no habit
MIN_PIECES = 3  # pairs of characters, as 垃圾分类 has
# Where more titles than these say nothing of their texts, titles are made to allure; of five, one may.
MAX_BROKEN = 0.05
USUAL = (
    0.6  # of a title's pairs, so many stand in the usual text, or titles and texts have little to do with each other
)
MIN_HAN = 300
MIN_LINE = 15  # Han characters of the usual line; verse has fewer
MAX_SINGLES = 0.5  # of the title's characters, so many may stand in the text, as any do
# words that say what kind of text it is, whose, and of when, and nothing of its subject
FORMULA = (
    "工作 总结 總結 报告 報告 通知 公告 通告 公示 计划 計劃 計畫 方案 规划 規劃 心得 体会 體會 感想 讲话 講話 发言 發言 致辞 致辭 致詞 汇报 匯報 "
    "意见 意見 办法 辦法 规定 規定 细则 細則 条例 條例 制度 合同 协议 協議 申请 申請 论文 論文 作文 随笔 隨筆 简介 簡介 介绍 介紹 说明 說明 "
    "范文 範文 范本 範本 样本 樣本 模板 参考 參考 文章 文档 文檔 精选 精選 汇编 匯編 彙編 汇总 匯總 个人 個人 年度 年终 年終 年末 上半年 下半年 季度 "
    "关于 關於 我们 我們"
)
COUNTED = "第[〇零一二三四五六七八九十百千两兩]+[章节節编編篇部分卷回集期条條届屆讲講课課]?|[〇零一二三四五六七八九十百千两兩]+|[我与與和及的之在了是]"
ASIDE = regex("|".join([*FORMULA.split(), COUNTED]))
RUNS = regex("[\u3400-\u9fff]{2,}")
HAN = regex("[\u3400-\u9fff]")


class Broken(NamedTuple):
    """What a title names, and its pairs of characters, none of which the text has; Han characters of the text."""

    words: list[str]
    pieces: list[str]
    han: int


def subject_words(title: str) -> list[str]:
    """The runs of Han characters of a title that name something, formula words and numerals set aside.

    >>> subject_words("第三章 关于垃圾分类的工作总结2023")
    ['垃圾分类']
    """
    return RUNS.findall(ASIDE.sub(" ", title))


@cache
def _names() -> NDArray[np.bool_]:
    """Which buckets hold no formula word; shape (65536,)."""
    found = np.ones(1 << 16, dtype=bool)
    found[pair_features(Text(FORMULA).codes)] = False
    return found


def _share(own: Buckets, buckets: Buckets) -> float:
    """How much of a title's pairs an entry has, whose buckets ascend."""
    at = buckets.searchsorted(own).clip(max=len(buckets) - 1)
    return int(np.count_nonzero(buckets[at] == own)) / len(own)


class Suspects(NamedTuple):
    """Entries whose text seems to have nothing of their title, and those that are foreign to their collection anyway, which are asked for late."""

    entries: list[int]
    foreign: Callable[[], set[int]]


def silent(sketches: Iterable[tuple[int, Sketch | None]]) -> list[int]:
    """Numbers of entries whose text seems to have nothing of their title, where nearly all other titles stand in their texts; ascending.

    A first sight, of the opening alone and by hashes: `broken` looks at the text.
    """
    shares, found = [], []
    for number, one in sketches:
        if one is None or not one.han or len(one.title) < MIN_PIECES:
            continue
        own = one.title[_names()[one.title]]
        if len(own) < MIN_PIECES:
            continue
        shares.append(_share(own, one.buckets))
        if not shares[-1]:
            found.append(number)
    kept = len(shares) >= MIN_TITLED and np.median(shares) >= USUAL
    return sorted(found) if kept and len(found) <= max(1, MAX_BROKEN * len(shares)) else []


def broken(title: str, text: Text, content: Span) -> Broken | None:
    """What a title names, if the text has no part of it; None where it has, or where too little is said to judge."""
    words = subject_words(title)
    pieces = [word[at : at + 2] for word in words for at in range(len(word) - 1)]
    body = text.body[content.start : content.end]
    han = len(HAN.findall(body))
    lines = [len(HAN.findall(line)) for line in body.splitlines() if line.strip()]
    if len(pieces) < MIN_PIECES or han < MIN_HAN or np.median(lines) < MIN_LINE:
        return None
    codes = text.codes[content.start : content.end]
    named = Text("".join(words)).codes
    present = np.isin(fold_table().take(named, mode="clip"), fold_table().take(codes, mode="clip"))
    told = np.isin(pair_features(Text(" ".join(words)).codes), pair_features(codes))
    return None if told.any() or present.mean() > MAX_SINGLES else Broken(words, pieces, han)
