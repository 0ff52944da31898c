"""Masks that the text speaks of, or that only look like masks."""

from __future__ import annotations

from typing import Any

import numpy as np

from audit.language import flags
from audit.language.code import among_code
from audit.language.flags import members
from audit.language.patterns import regex
from audit.language.spots import member, narrow
from audit.model import Text

TAIL = 8
REMEMBERED = 1 << 14  # runs and stretches whose judgement is kept
OPENING = tuple("“\"「『‘'")
IS_HAN = regex(r"[\u3400-\u9fff]")
DENOTES = regex(
    r"(?:[识識][别別][为為成]|表示[为為]?|[写寫][作成为為]|[记記][作成为為]|[显顯]示[为為成]|格式[为為是]|形如|例如|[诸諸]如|比如)[ \u3000“「\"'：:]{0,2}\Z"
)
DENOTING = frozenset("为為成作是如 \u3000“「\"'：:别別示写寫记記显顯")  # what such words end with
# Masks of different makes side by side are masks spoken of: `19xx/20xx`, `XX、××、20xx`; of one make they hide names: `XX、XX等镇`
MASK = r"(?P<mask>(?:20|19)?(?:[xX]{2,4}|×{2,4}))年?"
LISTED = regex(rf"{MASK}[ ]?[/／、或和与與][ ]?\Z")
LISTING = regex(rf"年?[ ]?[/／、或和与與][ ]?{MASK}(?![\u3400-\u9fff])")
JOINS = frozenset("/／、或和与與")
JOINS_BEHIND = JOINS | {"年"}  # after a blank, or none
# `“××县”`: a mask quoted with a noun of its kind, as an example; `“××讲坛”` is a thing whose name was masked
QUOTED = regex(
    r"(?:[省市县縣區区镇鎮乡鄉村年月日期号號人]|街道|(?:有限)?公司|[学學]校|[单單]位|部[门門]|同志|先生|女士|[万萬]?元|[工小][区區]|[项項]目|[大中小][学學]|[医醫]院|幼[儿兒][园園]|集[团團])[”\"」』’']"
)
ENUMERATED = tuple("等之")
# also `女性为XX，男性为XY`
SEXES = regex(r"(?<![A-Za-z])(?:XX[ ]?[^A-Za-z。\n]{1,6}XY|XY[ ]?[^A-Za-z。\n]{1,6}XX)(?![A-Za-z])")

WORDING = regex(
    r"字[样樣]|式[样樣]|[註注]明|[標标]示|例如|名[稱称][為为]|格式|[编編][號号]"
)  # statutes prescribe a wording with blanks
SLOGAN = regex(
    r"活[动動]|工程|主[题題]|精神|行[动動]|[计計][划劃]|[专專][项項]|[学學][习習]|教育|[称稱][号號]|[竞競][赛賽]|品牌|[项項]目|[会會][议議]"
)

WIDGET = regex(
    r"[ ]?(?:方[塊块]|[欄栏]位?|[區区][塊块域]?|按[鈕钮]|[選选][項项單单擇择]|[對对][話话]|清[單单]|列表|[標标][籤签]|[數数]列|字段|[輸输]入框|文本框|[屬属]性|[參参][數数])"
)
TALKED = regex(r"[参參][数數]|[脚腳]本|命令|路[径徑]|[转轉][义義]|[代源][码碼]|Makefile|[Ss]hell")
TALK = 24  # code points before and behind a token in which such words tell that it is spoken of


def in_programs(text: Text, start: int, end: int) -> bool:
    """Whether a token of a template stands among lines of a program, or where programs are spoken of."""
    body = text.body
    if body[start] not in "{$":
        return False
    return (
        among_code(text, start)
        or TALKED.search(body[max(0, start - TALK) : start] + body[end : end + TALK]) is not None
    )


# What judgments are made of; in 10,000 characters of them it stands 60 to 300 times, in other prose hardly twice
COURT = regex(
    r"被告人|公[诉訴][机機]关|公訴機關|原告|被告|上[诉訴]人|被害人|附[带帶]民事|[经經][审審]理查明|本院[认認][为為]|人民[检檢]察院指控|[诉訴][称稱]|[辩辯][称稱]|[证證]人"
)
BEFORE_COURT, BEHIND_COURT = "被原公上本指", "称稱机機带帶理人"  # what stands beside `flags.OF_COURT` in these words
PARTIES, PER_PARTY = 8, 500  # so many, one in so many characters


def of_court(text: Text) -> bool:
    """Whether a text is of a court, which publishes its judgments without the names of those concerned."""
    return bool(text.signal("placeholder.court", _of_court))


def _of_court(text: Text) -> bool:
    enough, at = max(PARTIES, len(text.body) // PER_PARTY), members(text, flags.COURT)
    near = narrow(text)  # few texts have so many of the pairs that each of the words has
    before, behind = near.take(np.maximum(at - 1, 0)), near.take(at + 1, mode="clip")
    if np.count_nonzero(member(before, BEFORE_COURT) | member(behind, BEHIND_COURT)) < enough:
        return False
    return any(n >= enough for n, _ in enumerate(COURT.finditer(text.body), 1))


def spoken_of(text: Text, start: int, end: int, hides: str) -> bool:
    """Whether the text speaks of a mask: explains it (`识别为 20xx 年`), quotes it with its noun, lists it among others
    (`XX、××、20xx`), or gives a figure a line of its own, as a manual does with the form of its output.
    """
    body = text.body
    before = body[max(0, start - TAIL) : start]
    if (before[-1:] in DENOTING and DENOTES.search(before)) or (before[-1:] in OPENING and QUOTED.match(body, end)):
        return True
    if hides == "number":
        line = text.line(text.line_at(start))
        return body[line.start : line.end].strip(" \t\u3000%％") == body[start:end].strip("%％")
    return hides in ("words", "year") and _among(body[start:end], before, body, end)


def _among(mask: str, before: str, body: str, end: int) -> bool:
    """Whether a mask of another make stands beside this one."""
    last = LISTED.search(before) if before.rstrip(" ")[-1:] in JOINS else None
    if last and (body[end : end + 1] in ENUMERATED or hides_year(mask) or not IS_HAN.match(body, end)):
        return _make(last["mask"]) != _make(mask)
    following = LISTING.match(body, end) if body[end : end + 2].lstrip(" ")[:1] in JOINS_BEHIND else None
    return following is not None and _make(following["mask"]) != _make(mask)


def hides_year(mask: str) -> bool:
    """Whether the digits of a century belong to the mask."""
    return mask[0].isdecimal()


def _make(mask: str) -> str:
    """What a mask is made of: its century and its sign."""
    return "".join(dict.fromkeys(mask.lower()))


def remember(seen: dict[Any, Any], key: Any, value: Any) -> None:
    """Keeps what was judged for another time; a text of a hundred megabytes is no reason to keep all of it."""
    if len(seen) >= REMEMBERED:
        seen.clear()
    seen[key] = value
