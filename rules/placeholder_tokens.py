"""Blanks, template tokens and notes to oneself that were never filled in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audit.joined import Joined, Mask
from audit.language.code import in_code
from audit.language.patterns import regex
from audit.language.spots import behind_han, blanks, flanked, member
from audit.model import Hit, Line, Offsets, Severity, Span, Text
from audit.rule import Scope, family

from .placeholder_mentions import WIDGET, in_programs
from .placeholder_reading import SURE, read_masks
from .placeholder_units import figureless, percents

rule = family("placeholder")

HAN = r"[\u3400-\u9fff\uf900-\ufaff]"
IS_HAN = regex(HAN)
AMOUNTS = "将將从從在分等共有达達约約近了计計为為放建成第余到"
BLANK_NUMBER = regex(
    r"(?:等|共|共有|(?<=[员員生人家户戶])有|[达達]到?|[约約]|[近]|了|[计計]|[发發]放|新建|完成|第)[ \u3000]{1,8}(?=[家个個户戶件期项項份]|名(?![字称稱单單额額词詞義义])|人次|人[，,。；;、]|[万萬]元|元(?![素件数數])|[场場次台])"
)
BLANK_ASPECT = regex(r"[ \u3000]{1,8}(?=[个個](?:方面|[问問][题題]|部分|[环環][节節]|[层層]次|[阶階]段|百分[点點]))")
BLANK_COUNT = regex(r"[ \u3000]{1,4}(?=[名處处口册冊座家](?![人长長庭理境])[\u3400-\u9fff，。；、,;])")
BLANK_UNIT = regex(
    r"[ \u3000]{1,8}(?=[万萬亿億]元|人次|[件次户戶家册冊份场場期项項处處座篇][，。；、,;]|(?<![姓书書题題署签簽报報排匿别別网網品地])(?<=[^\n][ \u3000])名(?:[，。；、,;]|通[过過]|[获獲])|(?<=[率达達到占长長降升约約][ \u3000])[%％](?:[，。；、,;]|以[上下]))"
)
COUNTED = "家名个個户戶件期项項份人万萬亿億元场場次台册冊处處座篇%％"
UNITS = "万萬亿億人件次户戶家册冊份场場期项項处處座篇名%％"
LABELS = "姓书書题題署签簽报報排匿化别別网網品地有"  # 姓 名, 题 名: the blank sets a label
FIRST_HAN = 0x3400
NEAR = 30
PARTED = regex(rf"{HAN}[，。、；]?[ ]{{1,2}}(?=[\u3400-\u9fff])(?![{COUNTED}])")
MANY_GAPS = 3
ALONE = regex(rf"{HAN}[ \u3000]+{HAN}")
MARK = regex(r"[，。；、：,;]")
LINKS = "在于於到向由和与與对對為为是及被把将將给給从從開开，、记記"  # a noun is due behind these: `召开_大会`; `客户_编号` is a name
NAMED = "叫是为為"  # a name is due behind these: `我叫___。`
RULED = regex(r"_+|＿+")
SUBJECT = regex(r"模[板版]|[范範]本|占位|佔位|[变變][量數数]|插值|[语語]法|[tT]emplate|JSON|HTML")
BRACED = regex(r"\{\{[ ]?[\w.\u4e00-\u9fff -]{1,40}\}\}|\$\{[\w.\u4e00-\u9fff-]{1,40}\}")
FIELD_STARTS = "请請您你贵貴本填公单單学學部客收项項活联聯作产產姓名日地电電金标標编編性年职職城时時人"
FIELD = regex(
    r"[<＜{\[【](?:[请請](?:[填写寫输輸入]{2}))?(?:您的|你的|[贵貴本]|[填]写)?(?:公司|[单單]位|[学學]校|部[门門]|客[户戶]|收件人|[项項]目|活[动動]|[联聯]系|作者|[产產]品)?"
    r"(?:姓名|名[称稱]|名字|日期|地址|地[点點]|[电電][话話]|金[额額]|[标標][题題]|[编編][号號]|性[别別]|年[龄齡]|年份|[职職][务務]|[职職]位|城市|[时時][间間]|人)[>＞}\]】](?![(（:：])"
)
SQUARE = regex(r"\[[\u3400-\u9fff]{1,10}\](?![(（])")
FORMATTED = regex(r"%[-+]?[0-9]{0,2}\Z")
USAGE = regex(r"[<＜][\u3400-\u9fff]{1,8}[>＞]")  # several such are how a command is written
NOTE = regex(
    r"此[处處](?:省略|[隐隱]藏|略去)了?(?![ ]?[0-9]{1,6}[ ]?[个個]?[字段])[ ]?[0-9一二三四五六七八九十百千几幾若干Xx]*[ ]?[个個]?[字条條行]?"
    r"|(?<![有等还還仍亟])待(?:[补補][充全写寫]?|填[写寫充补補]?)(?=[)）\]】。，,;；…]|$)"
)
DEVELOPER = regex(r"(?<![A-Za-z/#_])(?<!# )(?<!/ )(?<!\* )(?<!-- )(?:TODO|FIXME)(?=[:：)）\]】])|Lorem ipsum dolor")


def _likely(text: Text) -> Offsets:
    """Blanks before what is counted, behind what counts."""
    codes, gaps = text.codes, blanks(text)
    gaps = gaps[member(codes.take(gaps + 1, mode="clip"), COUNTED)]
    before, counted = codes[np.maximum(gaps - 1, 0)], codes[gaps + 1]
    return gaps[member(before, AMOUNTS + " \u3000") | member(counted, UNITS) & (before >= FIRST_HAN)]


def _scout(joined: Joined) -> Mask:
    """Texts with such a blank, a percent sign or a ruled line behind a Han character, or a unit without its figure."""
    text, units = joined.text, [hit.span.start for hit in figureless(joined.text)]
    return joined.holding(np.concatenate([_likely(text), units, *(behind_han(text, sign) for sign in "%％_＿")]))


@rule(
    "PLC005",
    "blanked-value",
    Severity.MAJOR,
    {"": "no figure stands between {before!r} and {after!r}", "ruled": "a ruled blank was never filled in"},
    scope=Scope.TEXT,
    scout=_scout,
    confidence=0.85,
    alone=Severity.INFO,
)
def blanked_value(text: Text) -> Iterator[Hit]:
    """A figure that was taken out, as in `等 家公司`, `增长%` or `发放份，`, and ruled blanks inside sentences (`建立____制度`).

    Why it matters: the statement has lost its content.
    Left alone: blanks of forms (a line with several of them is a remark), names in code (`__init__`), spaced lists of units, units spoken of (`以吨计`).
    Repair: none; the figure must come from the source.
    """
    for last in _likely(text).tolist():
        at = last
        while at > max(0, last - 8) and text.body[at - 1] in " \u3000":
            at -= 1
        match = BLANK_NUMBER.search(text.body, max(0, at - 2), at + 12)
        if match is None or not match.start() < at < match.end():
            label = text.body[last + 1] == "名" and text.body[at - 1] in LABELS
            han = bool(at) and not label and IS_HAN.match(text.body, at - 1) is not None
            match = BLANK_UNIT.match(text.body, at) or BLANK_ASPECT.match(text.body, at) if han else None
            if match is None and han and _taken_out(text, at, last):
                match = BLANK_COUNT.match(text.body, at)
        if match is not None and not _spaced_out(text.body, at):
            yield _blank(text, at, match.end())
    for at in percents(text):
        yield _blank(text, at, at + 1)
    yield from figureless(text)
    for mark in "_＿":
        yield from _ruled(text, mark)


def _taken_out(text: Text, start: int, last: int) -> bool:
    """Whether this is the only blank between Han hereabouts in a text whose names and years are masked."""
    body = text.body
    around = body[max(0, start - NEAR) : start] + body[last + 1 : last + NEAR]
    return ALONE.search(around) is None and any(
        mask.confidence >= SURE for mask in text.signal("placeholder.masks", read_masks)
    )


def _spaced_out(body: str, at: int) -> bool:
    """Whether blanks part the words hereabouts, as in segmented text, so that one before a measure word tells nothing."""
    return len(PARTED.findall(body, max(0, at - NEAR), at + NEAR)) > MANY_GAPS


def _blank(text: Text, start: int, end: int) -> Hit:
    before, after = text.body[max(0, start - 4) : start], text.body[end : end + 4]
    return Hit(Span(start, end), {"before": before, "after": after}, evidence={"before": before, "after": after})


def _ruled(text: Text, mark: str) -> Iterator[Hit]:
    body, behind = text.body, 0
    for at in behind_han(text, mark).tolist():
        if at < behind:
            continue
        match = RULED.match(body, at)
        assert match is not None
        single = match.end() - at < 3 and mark == "_"
        if single and not _in_sentence(body, at, match.end()):
            continue
        ended = body[match.end() : match.end() + 1]
        closed = match.end() - at >= 3 and ended in {"，", "。", "；"} and body[at - 1] in NAMED
        if not (IS_HAN.match(ended) or closed) or in_code(text, at, match.end()):
            continue
        behind = match.end()
        form = body[behind] in "年月日省市县縣"
        around = body[max(0, at - 40) : at] + body[behind : behind + 40]
        told = not form and mark * 3 not in around and _in_sentence(body, at, behind)
        severity = Severity.MINOR if told and (not single or body[at - 1] in LINKS) else Severity.INFO
        yield Hit(Span(at, behind), severity=severity, confidence=0.6, variant="ruled")


def _in_sentence(body: str, start: int, end: int) -> bool:
    """Whether a short rule is the only one among words with Chinese marks on both sides: a name was blanked."""
    before, after = body[max(0, start - NEAR) : start], body[end : end + NEAR]
    return "_" not in before[-4:] + after[:4] and bool(MARK.search(before) and MARK.search(after))


@rule(
    "PLC006",
    "template-token",
    Severity.MAJOR,
    "template token {text!r} was never filled in",
    scope=Scope.TEXT,
    by_line=True,
)
def template_token(text: Text) -> Iterator[Hit]:
    """A field of a template in running text, as in `尊敬的{{name}}`, `${x}`, `<姓名>`, `[公司名称]`.

    Why it matters: the reader sees the mail-merge, not the name.
    Left alone: code and settings, Markdown links, texts about templates and commands (they speak of 模板, 变量, template ...), buttons and fields of a program (`在 [名称] 字段中`), `【姓名】` as the label of a form.
    Repair: none; the value must come from the source.
    """
    body, matches = text.body, []
    for opening, sure in (("{", 0.9), ("<", 0.9), ("＜", 0.9), ("[", 0.7), ("【", 0.4)):
        spots = flanked(text, opening, "", FIELD_STARTS + "{")
        spots += flanked(text, opening, "$", "") if opening == "{" else []
        for at in sorted(set(spots)):
            begin = at - 1 if at and body[at - 1] == "$" else at
            match = BRACED.match(body, begin) or FIELD.match(body, at)
            if match is not None:
                matches.append((match, sure))
    if not matches:
        return
    technical = bool(SUBJECT.search(body)) or len(matches) * 200 > len(body) > 2000
    labels = any(match[0][0] == "[" for match, _ in matches) and len(SQUARE.findall(body)) > 2 * sum(
        match[0][0] == "[" for match, _ in matches
    )
    for match, sure in sorted(matches, key=lambda pair: pair[0].start()):
        before = body[max(0, match.start() - 4) : match.start()]
        if before.endswith("``") or FORMATTED.search(before):
            continue  # quoted as manuals quote what is typed, ``${SHELL} -i'', or a format like %-30{name}
        around = body[max(0, match.start() - 8) : match.end() + 8]
        if IS_HAN.search(around.replace(match[0], "")) and not in_code(text, *match.span()):
            told = technical or in_programs(text, *match.span())
            usage = len(USAGE.findall(body, max(0, match.start() - 40), match.end() + 40)) > 1
            label = usage or (match[0][0] == "[" and (labels or WIDGET.match(body, match.end()) is not None))
            yield Hit(
                Span(*match.span()),
                {"text": match[0]},
                confidence=0.4 if told or label else sure,
                severity=Severity.INFO if told or label or sure < 0.5 else Severity.MAJOR,
                evidence={"token": match[0], "technical_text": told},
            )


@rule(
    "PLC007",
    "unfinished-note",
    Severity.MAJOR,
    "a note to be filled in was left: {text!r}",
    triggers=("此待", "处處补補填", "省略隐隱藏补補填"),
)
def unfinished_note(line: Line) -> Iterator[Hit]:
    """A note that stands for text which is not there: `此处省略…字`, `（待补充）`, `待填写`.

    Why it matters: the passage was published unfinished, or was cut by the site it comes from.
    Left alone: statements such as `有待补充`, code.
    Repair: none; the text must come from the source.
    """
    for match in NOTE.finditer(line.body, line.start, line.end):
        if not in_code(line.text, *match.span()):
            yield Hit(Span(*match.span()), {"text": match[0]}, evidence={"note": match[0]})


@rule(
    "PLC009",
    "developer-note",
    Severity.MAJOR,
    "a note to be filled in was left: {text!r}",
    triggers=("DXL", "OIo", "TMm"),
    by_line=True,
)
def developer_note(line: Line) -> Iterator[Hit]:
    """A mark of unfinished work: `TODO:`, `【TODO】`, `FIXME:`, dummy text (`Lorem ipsum dolor`).

    Why it matters: the passage was published unfinished.
    Left alone: the words in running technical prose, code, comments of code.
    Repair: none; the text must come from the source.
    """
    for match in DEVELOPER.finditer(line.body, line.start, line.end):
        if not in_code(line.text, *match.span()):
            yield Hit(Span(*match.span()), {"text": match[0]}, evidence={"note": match[0]})


RULES = (blanked_value, template_token, unfinished_note, developer_note)
