"""Titles, names and objects that dropped out of a sentence and left its joints behind."""

from __future__ import annotations

from collections.abc import Iterator

from audit.language.code import in_code
from audit.language.patterns import regex
from audit.language.spots import flanked, narrow, one_of
from audit.language.whereabouts import where
from audit.model import Hit, Severity, Span, Text
from audit.rule import Scope, family

from .elision_joints import ITEMS, NAMES, joints
from .elision_joints import RULES as JOINTS

rule = family("elision")

HAN = regex(r"[\u3400-\u9fff\uf900-\ufaff]")
JOINED = regex(r"、(?:和|及|与|與|以及)[等、，,；;。]")
WORD = regex(
    r"[\u3400-\u9fff](?:等|、|[和或])"
)  # `我、这、和、啊等`: the conjunction itself is an item among single words
LISTED = frozenset("、，。；：！？,;:\n（(“「")  # before the first of some single words
VERBED = regex(r"(?:和|及)(?:等|[、，。；,;]|[两兩二三四五六七八九十几幾0-9]{1,3}[本部篇首册冊项項])")
ISSUED = regex(
    r"(?:制[订訂定]|出[台臺]|[颁頒]布|[拟擬][定订訂]|修[订訂]|起草|印[发發]|下[发發]|[编編]印|[转轉][发發]|[观觀]看|[签簽][订訂]|[编編][写寫制])了(?P<next>[，,；;。、]|[并並](?![发發行列排非]))"
)
HELD = regex(r"(?:[举舉][办辦]|[开開]展|召[开開]|[举舉]行|建立|成立|配[备備]|[购購添]置)了[，,]")
# What may stand before a verb whose subject is the reporting side, so that the object is due: `我们还先后组织开展了，`
AGENT = regex(
    r"(?:我[们們校站所局院镇鎮乡鄉村司园園班科处處部会會]?|[还還]|先[后後]|[并並]|同[时時]|及[时時]|[相陆陸][继繼續续]|[积積][极極]|[认認]真|[组組][织織]|又|共|今年|本[校站所局院司])*"
)
PATIENT = regex(r"[已都均也就被把将將由早]|[这這那]|[经經]")
CLAUSE = regex(r"[，,；;。！？!?：:\n]")
STAGED = regex(
    r"(?:[选選]送|[报報]送|推[荐薦]|上演|演出|表演|播放|播出|展出|放映|收看|[观觀]看|欣[赏賞])了?由(?P<whom>[\u3400-\u9fff]{2,24})(?:演出|[创創]作|表演|[编編][写寫排]|主演|撰[写寫]|拍[摄攝]|[制製]作)的(?=[。，,；;])"
)
MADE = regex(
    r"(?:演出|[创創]作|表演|[编編][写寫排]|撰[写寫]|主演|拍[摄攝]|[选選]送|[报報]送)的(?:[参參]加|[获獲]得|[荣榮][获獲立]|入[选選]|被[评評授])"
)
TITLELESS = regex(
    r"(?:按照|根[据據]|依照|依[据據]|[贯貫][彻徹]|落[实實]|遵照|[学學][习習]|宣[传傳])了?的[.`']?(?:要求|[规規]定|精神|通知|意[见見]|部署)"
    r"|(?:[关關][于於])的(?:通知|意[见見]|[决決]定|[规規]定|方案|[报報]告|[请請]示)"
    r"|以[为為](?:[载載][体體]|主[题題]|契[机機]|抓手)"
    r"|(?:[荣榮][获獲]|被[评評][为為]|被命名[为為])了?的?[称稱][号號]"
)
UNCOUNTED = regex(
    r"(?:以下|如下|下列|上述)[个個](?:方面|[问問][题題]|要求|措施|[环環][节節]|步[骤驟]|[阶階]段|[层層]次|重[点點]|[项項]目)"
)
MODIFIER = regex(r"(?:[学學][习習]|宣[传傳]|[贯貫][彻徹]|落[实實])的")  # may be an attribute: 发出学习的通知
ORGANISERLESS = regex(
    r"(?<![共])(?:[参參]加|[参參][与與])了?(?:[组組][织織]|[举舉][办辦]|主[办辦])的(?![学學]校|民[办辦])"
)
PAIRS = {
    "《": (0.95, Severity.MAJOR),
    "〈": (0.9, Severity.MAJOR),
    "“": (0.75, Severity.MINOR),
    "『": (0.6, Severity.MINOR),
    "「": (0.4, Severity.INFO),
    "（": (0.4, Severity.INFO),
    "【": (0.4, Severity.INFO),
}
# The marks themselves are spoken of: two empty pairs in a row, `“”（空串）`
_EMPTY = r"(?:《》|〈〉|“”|『』|「」|（）|【】|\(\)|\[\]|\{\}|<>)"
NAMED = regex(
    rf"{_EMPTY}[、和或与與及]?{_EMPTY}|{_EMPTY}[ ]?[（(]?[一]?[个個]?空|空.?{_EMPTY}|[号號][：: （(]?{_EMPTY}"
)
OPENINGS = "".join(PAIRS)
NOT_DROPPED = regex(r"[所其我你他她它]|如[何]|[可难難]\Z|[或和及与與]者?\Z")


def _clause(body: str, end: int) -> str:
    """What stands between the last mark and `end`."""
    return CLAUSE.split(body[max(0, end - 40) : end])[-1]


@rule(
    "ELI001",
    "title-drop",
    Severity.CRITICAL,
    "the items of {text!r} are gone",
    scope=Scope.TEXT,
    by_line=True,
)
def title_drop(text: Text) -> Iterator[Hit]:
    """Separators whose items are gone, as in `加强了、和等相关法律的宣传` or `学习和，`: titles in 《》 were deleted with what they name.

    Why it matters: the sentence no longer says which laws, plans or works are meant.
    Left alone: code, lists that have their items (3 in 30 M of clean text, all where inline code was lost).
    Repair: none; the titles must come from the source.
    """
    body = text.body
    spots = [(at, JOINED) for at in flanked(text, "、", "", "和及与與以")]
    spots += [(at, JOINED) for at in flanked(text, "、", "（(《“「：", "")]
    for past in "了过過":
        spots += [(at + 1, VERBED) for at in flanked(text, past, "", "和及")]
    for at, pattern in spots:
        match = pattern.match(body, at)
        opener = body[at - 1 : at] in tuple("（(《“「：") if at else False
        if match is None and opener and HAN.match(body, at + 1):
            yield Hit(Span(at, at + 1), {"text": body[at - 1 : at + 1]}, confidence=0.5, severity=Severity.MINOR)
        elif match is not None and at and HAN.match(body, at - 1) and not in_code(text, *match.span()):
            if body[at - 2 : at - 1] in LISTED and WORD.match(body, match.end()):
                continue
            yield Hit(Span(*match.span()), {"text": match[0]}, evidence={"before": body[max(0, at - 6) : at]})
    for span in joints(text, ITEMS):
        yield Hit(
            span, {"text": body[span.start : span.end]}, evidence={"before": body[max(0, span.start - 6) : span.start]}
        )


@rule(
    "ELI002",
    "object-drop",
    Severity.CRITICAL,
    "the object of {verb!r} is missing",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.85,
)
def object_drop(text: Text) -> Iterator[Hit]:
    """A verb of issuing, drafting, watching or holding whose object is gone, as in `及时制订了,并于3月初召开会议`.

    Why it matters: the reader does not learn what was drawn up; most often a title in 《》 was deleted.
    Left alone: clauses whose subject is the thing itself (`方案已经制定了，`, `把文件印发了。`).
    Repair: none; the object must come from the source.
    """
    body = text.body
    for at in flanked(text, "了", "订訂定台臺布发發草印看写寫制", "，,；;。、并並"):
        match = ISSUED.match(body, at - 2) if at > 1 else None
        if match is None or in_code(text, *match.span()) or PATIENT.search(_clause(body, match.start())):
            continue
        goes_on = match["next"] in "并並" or body[match.end() : match.end() + 1] in {"并", "並"}
        yield Hit(
            Span(match.start(), match.end()),
            {"verb": match[0][:3]},
            confidence=0.9 if goes_on else 0.5,
            severity=Severity.CRITICAL if goes_on else Severity.INFO,
            evidence={"clause": _clause(body, match.start()) + match[0]},
        )
    for at in flanked(text, "了", "办辦展开開行立备備置", "，,"):
        match = HELD.match(body, at - 2) if at > 1 else None
        if match is not None and AGENT.fullmatch(_clause(body, match.start())) and not in_code(text, *match.span()):
            seen = {"clause": _clause(body, match.start()) + match[0]}
            yield Hit(
                Span(*match.span()), {"verb": match[0][:3]}, confidence=0.7, severity=Severity.MAJOR, evidence=seen
            )


@rule(
    "ELI003",
    "work-drop",
    Severity.CRITICAL,
    "the work that {text!r} speaks of is gone",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.85,
)
def work_drop(text: Text) -> Iterator[Hit]:
    """An attribute without its work, as in `选送了由某公司演出的。`, `公司创作的参加了演出`.

    Why it matters: the title of the piece is lost.
    Left alone: predicates with 是 (`这部戏是由他们演出的。`), which are no attributes.
    Repair: none; the title must come from the source.
    """
    body = text.body
    for at in flanked(text, "的", "出作演写寫排撰拍摄攝制製送", "。，,；;参參获獲荣榮被入"):
        made = MADE.search(body, max(0, at - 3), at + 4)
        staged = next((m for m in STAGED.finditer(body, max(0, at - 34), at + 2) if m.end() == at + 1), None)
        match = staged or made
        if match is None or "是" in _clause(body, match.start()) or "是" in match[0]:
            continue
        yield Hit(Span(*match.span()), {"text": match[0]}, evidence={"after": body[match.end() : match.end() + 6]})


@rule(
    "ELI004",
    "empty-pair",
    Severity.MINOR,
    "nothing stands inside {text!r}",
    scope=Scope.TEXT,
    by_line=True,
    alone=Severity.INFO,
)
def empty_pair(text: Text) -> Iterator[Hit]:
    """Brackets or quotation marks with nothing in them: `根据《》等法律`, `与“”不同`.

    Why it matters: a title or a name was deleted.
    Left alone: code and calls (`calc（）`), pairs that are named themselves (`“”、《》`, `书名号《》`, `“”（空串）`); 「」 and （） are a remark, since texts name the marks themselves and forms leave them empty.
    Repair: none; the content must come from the source.
    """
    codes = narrow(text)
    opened, _ = where(text, one_of(OPENINGS))
    opened = opened[opened + 1 < len(codes)]
    for at in opened[
        codes[opened + 1] - codes[opened] == 1
    ].tolist():  # each closing mark follows its opening one in Unicode
        if not in_code(text, at, at + 2) and not NAMED.search(text.body, max(0, at - 3), at + 8):
            sure, severity = PAIRS[text.body[at]]
            yield Hit(Span(at, at + 2), {"text": text.body[at : at + 2]}, confidence=sure, severity=severity)


@rule(
    "ELI005",
    "name-drop",
    Severity.MAJOR,
    "a name or number is missing in {text!r}",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.75,
)
def name_drop(text: Text) -> Iterator[Hit]:
    """A preposition or a verb without the title, name or number it needs: `按照的要求`, `关于的通知`, `荣获称号`, `参加组织的活动`, `以下个方面`,
    `以为指导，`, `题目是。`, `在上发表`, `在的领导下`, `被评为。`, `不少于，`.

    Why it matters: the name of the document, the slogan or the organiser is lost.
    Left alone: `所依据的规定`, `参与举办的学校` and the like.
    Repair: none; the name must come from the source.
    """
    spots = [
        (at, TITLELESS)
        for at in flanked(text, "的", "照据據彻徹实實习習传傳了于於", "要规規精通意有部方报報决決请請.`'")
    ]
    spots += [(at, ORGANISERLESS) for at in flanked(text, "的", "织織办辦", "")]
    spots += [(at, TITLELESS) for verb in "为為" for at in flanked(text, verb, "以", "载載主契抓")]
    spots += [(at, TITLELESS) for mark in "称稱" for at in flanked(text, mark, "获獲为為名的了", "号號")]
    spots += [
        (at, UNCOUNTED) for mark in "个個" for at in flanked(text, mark, "下列述", "方问問要措环環步阶階层層重项項")
    ]
    for at, pattern in sorted(spots, key=lambda spot: spot[0]):
        match = next((m for m in pattern.finditer(text.body, max(0, at - 5), at + 5) if m.end() > at), None)
        if match is None or NOT_DROPPED.search(text.body, max(0, match.start() - 4), match.start()):
            continue
        weak = pattern is ORGANISERLESS or MODIFIER.match(match[0]) is not None
        yield Hit(
            Span(*match.span()),
            {"text": match[0]},
            confidence=0.5 if weak else 0.8,
            severity=Severity.MAJOR if not weak else Severity.MINOR if pattern is ORGANISERLESS else Severity.INFO,
        )
    for span in joints(text, NAMES):
        yield Hit(span, {"text": text.body[span.start : span.end]}, confidence=0.85)


RULES = (title_drop, object_drop, work_drop, empty_pair, name_drop, *JOINTS)
