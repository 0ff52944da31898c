"""Runs of x, X, ×, *, ○ or □ that stand for something, and what each stands for by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.code import fences, in_code
from audit.language.patterns import regex
from audit.language.spots import places
from audit.model import Codes, Severity, Text

from .placeholder_mentions import SEXES, SLOGAN, WORDING, remember, spoken_of

NEAR = 100
TAIL = 8
LONGEST = 12  # longer runs are rules and borders
MASKS = "xX×\N{FULLWIDTH LATIN SMALL LETTER X}\N{FULLWIDTH LATIN CAPITAL LETTER X}*＊○〇◯□"
LETTERS = frozenset("xX×\N{FULLWIDTH LATIN SMALL LETTER X}\N{FULLWIDTH LATIN CAPITAL LETTER X}")
STARS = frozenset("*＊")
ZEROS = frozenset("○〇◯")  # also the Chinese digit zero: 二○○八年 is 2008
NUMERALS = frozenset("0123456789０１２３４５６７８９〇○零一二三四五六七八九十百千萬万兩两點点、．.‧·第其")
HAN = r"[\u3400-\u9fff\uf900-\ufaff]"
IS_HAN = regex(HAN)
LATIN = regex(r"[A-Za-z0-9_\u00c0-\u024f\u0370-\u03ff]")

CENTURY = regex(
    r"(?<![0-9A-Za-z.\-*])(?:(?:1\d|20)\d?|[12]|一九[〇○零一二三四五六七八九]?|二[〇○零0][〇○零一二三四五六七八九]?)\Z"
)
EARLIER = regex(r"1[0-8]")
CENTURY_ENDS = frozenset("一二三四五六七八九〇○零")  # cheaper asked first
FOREIGN = regex(r"[A-Za-z0-9][,/] ?\Z")
PLACE = regex(r"[省市县縣区區镇鎮乡鄉村州旗]|街道|社[区區]|地[区區]")
TOWN = regex(r"[省市县縣镇鎮乡鄉](?!场|場|面|集)")
ORGANISATION = regex(
    r"(?:有限|股份|集[团團]|科技|工程|[实實][业業]|[电電]器)*(?:公司|[厂廠]|集[团團]|[银銀]行|[学學]校|大[学學]|小[学學]|中[学學]|[医醫]院"
    r"|[单單]位|[协協][会會]|[总總]工[会會]|委[员員][会會]|企[业業]|部[门門]|[项項]目|法院|派出所|[宾賓][馆館])"
)
PERSON = regex(r"同志|先生|女士|小姐|老[师師]|同[学學]|主任|局[长長]|[书書][记記]|[经經]理|主席")
COUNTED = regex(
    r"人(?![民们們才])|[名个個家户戶次元件期项項条條篇份岁歲位天倍本册冊支所例起批课課台亿億余餘篇]|[万萬](?:[元人平亩畝])?|[场場辆輛间間][次]?|平方|公[里斤顷]|多[名人个個家]|[%％‰]|[秒吨噸斤]|[亩畝](?![产產])|分[钟鐘]|天(?![气氣然空下才赋賦津河地使堂窗花线線])|小[时時]|[课課学學][时時]"
)
PARTLY = regex(r"(?:[xX]{2,4}\.?\d+(?:\.\d+)?|[xX]{1,4}\.[xX]{1,2})(?=[%％万萬亿億元余餘亩畝吨噸户戶人个個])")
EMPHASIS = regex(rf"[*＊]+(?![*＊年月日某]|{PLACE.pattern}|{ORGANISATION.pattern})")  # not ahead of a masked noun
ROMAN = regex(r"世[纪紀]|[型号號届屆]|染色|色[体體]|/|级|級|射线|[光线線轴軸]|军[团團]")
PARTY = regex(r"委(?:[书書][记記]|[、和](?:政府|[省市县縣区區镇鎮乡鄉])|政府)")
DOCUMENT_NUMBER = regex(rf"{HAN}{{1,5}}[字发發][\[〔（(【]")
ALGEBRA = regex(r"(?<![A-Za-z])[xX] ?[=+<>^/]|[=+<>^/] ?[xX](?![A-Za-z])|[xy] ?[轴軸]|[变變][量數数] ?[xX]|[yY]年")
NAME_BEFORE = regex(r"[A-Za-z0-9][._/\\-]\Z")
NAME_AFTER = regex(r"[._/\\-][A-Za-z]")
NAME_SIGNS = frozenset("._/\\-")
VAGUE = frozenset("近过過第每用花约約满滿经經前后後需")  # "after x years": a variable, not a mask
QUOTES = {"“": "”", '"': '"', "'": "'", "‘": "’", "「": "」", "『": "』", "`": "`"}


class Mask(NamedTuple):
    """A run of mask characters, what it hides, and how sure that is."""

    start: int
    end: int
    hides: str
    confidence: float
    severity: Severity


NOUNS = (
    (ORGANISATION, "name", 0.95, Severity.MAJOR),
    (PERSON, "name", 0.95, Severity.MAJOR),
    (PLACE, "place", 0.95, Severity.MINOR),
    (COUNTED, "number", 0.9, Severity.MAJOR),
)


def runs(text: Text) -> Iterator[tuple[int, int]]:
    """Runs of mask characters that touch no Latin letter."""
    spots = [found for mark in MASKS if len(found := places(text, mark))]
    if not spots:
        return
    at = np.sort(np.concatenate(spots), kind="stable")  # ascending runs, merged
    codes = text.codes
    first = np.concatenate([[True], np.diff(at) != 1])
    starts, ends = at[first], at[np.concatenate([first[1:], [True]])] + 1
    before = np.where(starts > 0, _letter(codes[starts - 1]), np.False_)
    after = np.where(ends < len(codes), _letter(codes[np.minimum(ends, len(codes) - 1)]), np.False_)
    free = ~before & ~after & (ends - starts <= LONGEST)
    yield from zip(starts[free].tolist(), ends[free].tolist(), strict=True)


def _letter(codes: Codes) -> NDArray[np.bool_]:
    folded = codes | 0x20
    return (folded >= ord("a")) & (folded <= ord("z"))


def _near(text: Text, pattern: re.Pattern[str], at: int) -> bool:
    """Whether the line holds the pattern near a place; judged once for each stretch, so that dense masks cost no more."""
    number = text.line_at(at)
    block = (at - text.line_starts.item(number)) // NEAR
    seen: dict[tuple[str, int, int], bool] = text.signal("placeholder.near", lambda _: {})
    key = (pattern.pattern, number, block)
    if key not in seen:
        line = text.line(number)
        first, last = line.start + max(0, block - 1) * NEAR, min(line.end, line.start + (block + 2) * NEAR)
        match = pattern.search(line.body, first, last)
        whole = match is not None and (last == line.end or match.end() <= last - TAIL)
        remember(seen, key, whole)  # what the cut hides is not judged
    return seen[key]


def _year(body: str, start: int, end: int) -> Mask | None:
    """`20xx`, `19××`, `二○XX年`: the digits of the century belong to the mask."""
    if not start or not (body[start - 1].isdecimal() or body[start - 1] in CENTURY_ENDS):
        return None
    century = CENTURY.search(body[max(0, start - 4) : start])
    if century is None:
        return None
    after = body[end : end + 1]
    size = len(century[0]) + end - start
    known = after in {"年", "级", "級", "届", "屆"} if body[start] in STARS | ZEROS else after != "%"
    known &= not EARLIER.match(century[0]) or (size == 4 and after == "年")  # or else a price, a number of pieces
    if (
        not known
        or not (size == 4 or (len(century[0]) > 1 and (size == 5 or (size == 3 and after == "年"))))
        or (body[start] in ZEROS and not century[0].isascii())
    ):
        return None
    begin = start - len(century[0])
    sure = after == "年" or (body[begin - 1 : begin] in tuple("[〔（(【《“") and after in tuple("]〕）)】"))
    if not sure and not IS_HAN.match(after) and LATIN.match(body, end):
        return None
    if not sure and FOREIGN.search(body[max(0, begin - 4) : begin]) and not IS_HAN.match(after.strip() or "x"):
        return Mask(begin, end, "year", 0.4, Severity.INFO)  # `Windows NT, 200x, XP`: versions, or the form of a date
    return Mask(begin, end, "year", 0.97 if sure else 0.85, Severity.MINOR)


def _date(text: Text, start: int, end: int) -> Mask | None:
    """`X年`, `XX日`, `X月`: nothing of the date is left."""
    body, size = text.body, end - start
    before, after = body[start - 1 : start] if start else "", body[end : end + 1]
    capital = body[start] not in {"x", "○", "〇", "◯"}
    if after == "年" and size <= 4:
        if size == 1 and (before in VAGUE or (body[start] in "xX" and _near(text, ALGEBRA, start))):
            return None
        return Mask(start, end, "year", 0.95 if size > 1 else 0.85 if capital else 0.6, Severity.MINOR)
    if (
        (body[end + 1 : end + 2] not in {"刊", "报", "報"} and after in {"月", "日", "时", "時"})
        and size <= 4
        and (size > 1 or before in {"年", "月", "日"} or (capital and after == "月"))
    ):
        return Mask(start, end, "day" if after != "月" else "month", 0.9, Severity.MAJOR)
    return None


def _single(body: str, start: int, before: str) -> Mask | None:
    """`X县`, `镇X委`: one letter before a place, or for 党."""
    after = body[start + 1 : start + 2]
    if PARTY.match(body, start + 1) or (before and before in "省市县縣区區镇鎮乡鄉村" and after in {"委", "政"}):
        return Mask(start, start + 1, "words", 0.85, Severity.MINOR)
    if before not in {"某", "Y", "y"} and TOWN.match(body, start + 1):
        return Mask(start, start + 1, "place", 0.7, Severity.MINOR)
    return None


def _name(body: str, start: int, end: int) -> Mask | None:
    """`XX县`, `XXX公司`, `xx的`: a name, or whatever two or more letters stand for."""
    before, letters = body[start - 1 : start] if start else "", body[start] in LETTERS
    if end - start <= 3 and DOCUMENT_NUMBER.match(body, end):
        return Mask(start, end, "authority", 0.9, Severity.MINOR)
    if end - start == 1:
        return _single(body, start, before) if letters else None
    if before == "第" and letters:  # XX may be a Roman numeral
        roman = body[start] == "X"
        return Mask(start, end, "number", 0.4 if roman else 0.85, Severity.INFO if roman else Severity.MINOR)
    if ROMAN.match(body, end) or before in {"/", "第"} or SEXES.search(body, max(0, start - 9), end + 9):
        return None
    for pattern, hides, sure, severity in NOUNS:
        if pattern.match(body, end):
            return Mask(start, end, hides, sure, severity)
    return Mask(start, end, "words", 0.85, Severity.MINOR) if letters else None


def _in_name(body: str, start: int, end: int) -> bool:
    """Whether the run is a part of a file's name: `/tmp/lpq.xxxx文件`, `xxxx.so.1`."""
    before, after = body[max(0, start - 2) : start], body[end : end + 2]
    named = before[-1:] in NAME_SIGNS and NAME_BEFORE.search(before)
    return bool(named or (after[:1] in NAME_SIGNS and NAME_AFTER.match(after)))


def _bare(text: Text, start: int, end: int) -> Mask | None:
    """A run without digits of a century before it."""
    body, mark = text.body, text.body[start]
    before, after = body[start - 1 : start] if start else "", body[end : end + 1]
    quotes = QUOTES.get(before, "\0") == after
    touches_han = quotes or IS_HAN.match(after) or IS_HAN.match(before) or after in {"%", "％"}
    numeral = mark in ZEROS and (before in NUMERALS or after in NUMERALS)
    partly = PARTLY.match(body, start) if mark in "xX" and not LATIN.match(before) else None
    if partly is not None:
        return Mask(start, partly.end(), "number", 0.85, Severity.MAJOR)
    if not touches_han or numeral or LATIN.match(before) or LATIN.match(after) or _in_name(body, start, end):
        return None
    found = _date(text, start, end) or _name(body, start, end)
    if found is None or (mark in STARS and (found.hides == "number" or _near(text, EMPHASIS, start))):
        return None
    if _near(text, WORDING, start):
        return found._replace(confidence=0.4, severity=Severity.INFO)
    if mark in ZEROS or mark == "□":  # blanks of forms and statutes, gaps of old texts: 40 in 8 M of Taiwanese law
        return found._replace(confidence=0.5, severity=Severity.INFO)
    return found


def masks_of(text: Text, every: Iterable[tuple[int, int]]) -> list[Mask]:
    """The masks among ascending runs; those of a line that stands in the text again are judged once."""
    seen: dict[tuple[str, int, int], Mask | None] = {}
    found = []
    fenced, content, base, till = fences(text), "", 0, -1
    for start, end in every:
        if start >= till:
            line = text.line(text.line_at(start))
            content, base, till = line.content, line.start, line.end
        key = (content, start - base, end - base)
        if fenced or key not in seen:
            mask = mask_at(text, start, end)
            remember(seen, key, mask and mask._replace(start=mask.start - base, end=mask.end - base))
        if (mask := seen[key]) is not None:
            found.append(Mask(mask.start + base, mask.end + base, *mask[2:]))
    return found


def mask_at(text: Text, start: int, end: int) -> Mask | None:
    """The mask that a run is, judged by what stands beside it."""
    while text.body[start] in ZEROS and text.body[end - 1] in LETTERS:
        start += 1  # 二○XX年: the zero is a digit
    mask = _year(text.body, start, end) or _bare(text, start, end)
    if mask is None or in_code(text, mask.start, mask.end):
        return None
    before = text.body[mask.start - 1 : mask.start] if mask.start else ""
    after = mask.end + (mask.hides == "year" and text.body[mask.end : mask.end + 1] == "年")
    if QUOTES.get(before, "\0") != text.body[after : after + 1]:
        return (
            mask._replace(confidence=0.4, severity=Severity.INFO)
            if spoken_of(text, mask.start, mask.end, mask.hides)
            else mask
        )
    if mask.hides == "year" or not SLOGAN.match(text.body, mask.end + 1):
        return None  # the mask itself is quoted, as an example of one
    return mask._replace(confidence=0.7)
