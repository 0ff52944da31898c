"""Named private persons beside what is nobody's business: illness, disability, what they were paid."""

from __future__ import annotations

from collections.abc import Iterator

from audit.language.flags import named
from audit.language.names import SURNAMES
from audit.language.patterns import regex
from audit.language.spots import flanked, narrow, one_of
from audit.model import Hit, Line, Severity, Span, Text
from audit.rule import Scope, family

rule = family("privacy")

SPARED = "某|女士|先生|小姐|大[妈媽爷爺娘叔嫂]|阿姨|奶奶|[爷爺]|老[师師]|[师師]傅|[医醫]生|同[学學志]"
NAME = rf"(?P<name>[{SURNAMES}](?!{SPARED})[\u4e00-\u9fff](?!某)[\u4e00-\u9fff]?)"
BEHIND = r"(?=[患系是现現因被得突多家在从從于於的为為将將看与與和，,、。（(]|身患|[确確]|查|[发發]|[领領]|一家|同志|夫[妇婦]|[儿兒]子|女[儿兒]|不幸|[检檢]查|[医醫])"
# who is named behind such a word is a private person; behind 主席 or 局长 an official
ROLE = (
    r"(?:[职職]工|[员員]工|村民|居民|[会會][员員]|[学學]生|女工|工人|民工|工友|患者|病人|[伤傷]者|死者|[户戶]主|[困贫貧特五][难難困保][户戶]|低保[户戶]|[残殘]疾人"
    r"|[儿兒]童|老人|[员員]|同[学學]|孤[儿兒]|村[里裡]的?|[组組]的?|[岁歲]的)"
)
BARE = NAME.replace("<name>", "<bare>")
PERSON = regex(rf"{ROLE}{NAME}{BEHIND}|{BARE}(?=[，,][男女][，,])")
LEVEL = "[一二三四五六七八九十壹贰貳叁參肆伍陆陸柒捌玖0-9]"
# the characters of ROLE before its last one, BEARERS; where it has but one, that one
INNER, ALONE = "职職员員村居会會学學女工民患病伤傷死户戶难難困贫貧特五保低疾残殘儿兒童老人同孤里裡组組岁歲", "员員组組"
FOLLOWS = "患系是现現因被得突多家在从從于於的為为將将看与與和，,、。（(身确確查发發领領一同夫妇婦儿兒女不检檢医醫"  # the first of BEHIND
SEPARATED = "，,"
MATTER = regex(
    r"(?:身?患[有上了的]?|[确確][诊診]|[诊診][断斷]|查出|得了|罹患|[发發]了?)[^。，,；;！？\n]{0,12}?(?:癌|病|瘤|症|炎|梗)"
    rf"|{LEVEL}[级級][^。，,；;\n]{{0,4}}[残殘]疾?|[残殘]疾?(?:等[级級])?[为為是]?{LEVEL}[级級]|(?:智力|肢[体體]|[视視]力|[听聽]力|精神)[残殘]疾|截肢|[瘫癱][痪瘓]"
    r"|(?:救助|慰[问問]|[抚撫]恤|[补補][偿償助]|[赔賠][偿償])[金款]?[^。；;\n]{0,8}?[0-9][0-9,.]*[万萬]?元|[领領]取[^。，,；;\n]{0,6}[金款][^。，,；;\n]{0,8}元|工[伤傷][^。，,；;\n]{0,4}待遇"
)
STOP = regex(r"[。！？!?]")
AROUND = 7  # code points on each side of a place that hold the word before a name, the name, and what follows it
REACH = 90  # code points from the name to the matter, inside one sentence


@rule(
    "PII006",
    "private-circumstance",
    Severity.MINOR,
    "a person is named together with {matter!r}",
    scope=Scope.TEXT,
    by_line=True,
    triggers=("癌瘤症炎梗病级級元残殘瘫癱肢遇",),
    confidence=0.6,
    alone=Severity.INFO,
)
def private_circumstance(text: Text) -> Iterator[Hit]:
    """A named private person beside a diagnosis, a grade of disability, or a payment: `职工李建国身患肝癌`.

    Why it matters: health and need are the most private of data; the person was not asked by whoever copies the text.
    Left alone: officials, persons without a word for a private person before the name, names that are spared (`张某`), figures without a
    name. A name told once is looked for in the line's other sentences.
    Repair: none; replace the name or ask.
    """
    named: dict[int, list[int]] = {}
    for place in _places(text):
        named.setdefault(text.line_at(place), []).append(place)
    for number, places in named.items():
        yield from _told(text.line(number), places)


def _places(text: Text) -> list[int]:
    """Where a name may have begun just before, behind a word for a private person or before `，男，`; ascending."""
    close, at, follows = narrow(text), named(text), one_of(FOLLOWS)
    at = at[one_of(ALONE).take(close.take(at - 1)) | one_of(INNER).take(close.take(at - 2, mode="clip"))]
    at = at[follows.take(close.take(at + 2, mode="clip")) | follows.take(close.take(at + 3, mode="clip"))]
    sexes = [place for sex in "男女" for place in flanked(text, sex, SEPARATED, "")]
    return sorted([*at.tolist(), *sexes])


def _told(line: Line, places: list[int]) -> Iterator[Hit]:
    """What a line tells of the persons named about these places."""
    told: dict[int, tuple[str, str]] = {}
    for place in places:
        start, end = max(line.start, place - AROUND), min(line.end, place + AROUND)
        for match in PERSON.finditer(line.body, start, end):
            group = "name" if match["name"] else "bare"
            if match.start(group) not in told and (matter := _matter(line, match.end(group))):
                told[match.start(group)] = (match[group], matter)
    for name in {name for name, _ in told.values()}:
        at = line.body.find(name, line.start, line.end)
        while at >= 0:
            if at not in told and (matter := _matter(line, at + len(name))):
                told[at] = (name, matter)
            at = line.body.find(name, at + 1, line.end)
    for at in sorted(told):
        name, matter = told[at]
        yield Hit(Span(at, at + len(name)), {"matter": matter}, evidence={"matter": matter})


def _matter(line: Line, start: int) -> str:
    """What is told of the person behind the name in the same sentence, or nothing."""
    stop = STOP.search(line.body, start, min(line.end, start + REACH))
    found = MATTER.search(line.body, start, stop.start() if stop else min(line.end, start + REACH))
    return found[0] if found else ""


RULES = (private_circumstance,)
