"""Units and measure words that close their clause without a figure, and without a blank to show where it stood."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audit.language.code import in_code
from audit.language.patterns import regex
from audit.language.spots import behind_han, flanks, member, narrow
from audit.model import Hit, Severity, Span, Text

MARKS = "，,。；;、"
LAST = "份册冊张張名次元亩畝吨噸里米斤顷頃条條幅场場辆輛台臺套盏盞盆棵株起件户戶家个個"
# What may stand right before such a unit: the end of a verb that hands out or counts, 余, or the first half of the unit
AHEAD = "放发發印贴貼掛挂出订訂制製集散植种種理新增训訓开開查处處解化受访訪问問助移建造修装裝置購购换換办辦余餘万萬亿億方公人"
WORDS = 12  # code points before the mark that the pattern looks at
COINED = "一个個"  # 一个吨 is no weight
_VERB = (
    r"(?:[发發]放|印[发發]|[张張][贴貼]|[悬懸][挂掛]|下[发發]|[发發]出|[签簽][订訂]|印[制製]|收集|征集|散[发發]|[栽种種]植|清理|新增|培[训訓]|召[开開]"
    r"|排查|查[处處]|[调調]解|化解|[办辦]理|受理|走[访訪]|慰[问問]|救助|[资資]助|[转轉]移|新建|改造|[维維]修|安[装裝]|[购購]置|更[换換]|[举舉][办辦])"
)
# In 30 million characters of law, news, fiction, encyclopaedia and technology none; 停车场、维修场、枢纽站 is why no 场 stands behind 维修
_HANDED = rf"{_VERB}(份|册|冊|[张張]|[条條]|幅|起|次|(?<!修)[场場]|[辆輛]|[台臺]|套|[盏盞]|盆|棵|株|名|人次|公里|[亩畝]|[吨噸]|平方米|[万萬亿億]元)"
_NUMERALS = "．.·〇零○一二三四五六七八九十百千万萬亿億两兩几幾数數半多余餘来來每整各拾佰仟壹贰貳叁參肆伍陆陸柒捌玖"
_COUNTING = "0-9０-９" + _NUMERALS
COUNTING = "0123456789０１２３４５６７８９" + _NUMERALS
HALVES = "万萬亿億方公人余餘"  # the first half of a unit, or 余: its figure stands one further off, that of 平方米 two
# 其余、剩余、业余 name a rest; behind a figure or 年 余 goes on counting
_ODD = rf"(?<=[\u3400-\u9fff])(?<![{_COUNTING}其剩多业業富结結节節残殘盈空有之年月日天岁歲])[余餘](份|册|冊|[张張]|名|人次|件|[万萬]元|[亩畝]|[吨噸]|公里|平方米|公斤|[个個]|家|[场場]|[条條]|幅|盆|株|棵|次)"
# 总吨、登记吨、延吨公里 are units of their own, and 以吨、按公顷 speak of the unit; 年产值超亿元 is whole
_MASS = rf"(?<=[\u3400-\u9fff]{{2}})(?<![{_COUNTING}为為是按以和或及与與位论論计計第这這那该公市英方海华華登用总總延若])([吨噸]|公斤|平方米|立方米|公[顷頃])"
PERCENT = regex(r"(?:增[长長]|下降|上升|提高|[达達]到?|占|[长長]了|降了)[%％](?![A-Za-z0-9(（])")
FIGURELESS = regex(rf"(?:{_HANDED}|{_ODD}|{_MASS})\Z")


def figureless(text: Text) -> Iterator[Hit]:
    """Where such a unit ends a clause, a verb that handed it out included: `发放份，`, `受益群众余名。`, `减少用量吨。`"""
    codes = narrow(text)
    for mark in MARKS:
        at = flanks(text, mark, LAST, "")
        at = at[at > 3]
        at = at[member(codes[at - 2], AHEAD) | member(codes[at - 1], "吨噸")]
        figure = np.where(member(codes[at - 2], HALVES), at - 3 - (codes[at - 2] == ord("方")), at - 2)
        at = at[~member(codes[figure], COUNTING)]
        for end in at.tolist():
            match = FIGURELESS.search(text.body, max(0, end - WORDS), end)
            if match is None or in_code(text, *match.span()) or text.body[match.start() - 1] in COINED:
                continue
            unit = match.start(match.lastindex or 0)
            values = {"before": text.body[max(0, unit - 4) : unit], "after": text.body[unit : end + 4]}
            yield Hit(Span(unit, end), values, confidence=0.75, severity=Severity.MINOR, evidence=values)


def percents(text: Text) -> Iterator[int]:
    """Where a percent sign stands right behind a word that a figure has to follow: `增长%`."""
    for sign in "%％":
        for at in behind_han(text, sign).tolist():
            if PERCENT.search(text.body, max(0, at - 3), at + 2):
                yield at
