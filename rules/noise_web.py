"""What a web page left in its text: tags, entities, addresses, site names, search bait, words spelt to pass a filter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audit.language.code import breaks_cell, in_code
from audit.language.patterns import regex
from audit.language.spots import member
from audit.model import Edit, Hit, Line, Safety, Severity, Span, Text
from audit.rule import Scope, family

rule = family("noise")

HAN = r"[\u3400-\u9fff\uf900-\ufaff]"
HAN_OR_POINT = regex(r"[\u3400-\u9fff，。、；：？！”“》《）（]")
TAG = regex(
    r"</?(?:br|p|div|span|font|strong|b|i|u|em|a|img|t[dr]|th|table|tbody|ul|ol|li|h[1-6]|center|iframe|script|style|input|hr|o:p|st1:[a-z]+)"
    r"(?:[ ]+[a-z:-]{1,20}=[^<>\n]{0,200}|[ ]?/)?>"
    r"|<(?:br|/p|/div|/span|/font|/strong|/td|/tr|/li)(?=[\u3400-\u9fff]|$)",
    re.IGNORECASE,
)
INLINE = regex(r"</?(?:span|font|strong|b|i|u|em|a)[ >]", re.IGNORECASE)
HELD, CODE = regex(r"<(script|style)\b", re.IGNORECASE), regex(r"</?(?:script|style)\b", re.IGNORECASE)
CLOSING = {name: regex(rf"</{name}[ ]*>", re.IGNORECASE) for name in ("script", "style")}
OPENED, CLOSED = (regex(rf"<{slash}(?:span|font|strong|b|i|u|em|a)[ >]", re.IGNORECASE) for slash in ("", "/"))
ENOUGH_PAIRS = 5  # messages of programs hold a pair in twenty lines; a scraped page keeps one or two, mostly torn
CUE = regex(r"\d\d:\d\d[,.]\d{3} --> \d")  # when a subtitle is shown: its players read <i> and <b>
ENTITY = regex(
    r"&(?:amp;)?(?:nbsp|ensp|emsp|quot|ldquo|rdquo|lsquo|rsquo|mdash|hellip|middot|bull|lt|gt|amp)(?:;|(?=[\u3400-\u9fff&]))"
)
MARKUP = regex(r"&(?:amp;)?(?:lt|gt|amp)")  # a tag or a name may be meant: 58 in 200 k of a textbook
BLOCK = 2000
WEB = regex(r"HTML|XML|CSS|Markdown|JavaScript|[标標][签籤]|元素|[网網][页頁]|[实實][体體]|代[码碼]|[转轉][义義]")
ADDRESS = regex(
    r"(?:https?://|[hH][tT]{2}[pP]://)?(?:[wWｗ][ ]?){3}[.．。][ ]?(?:[a-zA-Z0-9-][ ]?){1,30}[.．][ ]?(?:c[ ]?o[ ]?m|c[ ]?n|n[ ]?e[ ]?t|o[ ]?r[ ]?g|c[ ]?c)(?:[.．][ ]?c[ ]?n)?(?![a-zA-Z0-9])/?"
)
ADDRESS_BEFORE = regex(
    r"(?:[网網][址站页頁]|登[录錄陆陸入][网網]?|[访訪][问問]|域名|官[网網]|[邮郵]箱|[见見於于]|[为為是]|[:：(（【「《“\"<\[|/])[ ]?\Z"
)
SITE = regex(  # its first characters are one set: so the search leaps from one of them to the next
    r"[范範课課作文公教试試论論个個无無百豆道](?:"
    r"(?:(?<=[范範作公论論])文|(?<=[课課])件|(?<=文)秘|(?<=教)案|(?<=[试試])[题題]|(?<=[个個])人[简簡][历歷])"
    r"(?:大全|中心|之家|[参參]考|[资資]源)?[网網](?![络絡站友上页頁])"
    r"|(?<=[无無])[忧憂]考[网網]|(?<=百)度文[库庫]|(?<=豆)丁[网網]|(?<=道)客巴巴)"
)
BAIT = regex(
    r"(?<=[\u3400-\u9fff。！？”…])(?:java|javascript|jquery|mysql|php|python|android|linux|html5?|css3?|asp\.net|nginx|redis|oracle|sqlserver|spring|docker|c\+\+|c#|unity|ios)[ ]*$"
)
LEADS_ON = "的和与與及或是为為用学學叫在于於写寫、："  # the word belongs to the sentence
OTHER_LATIN = regex(r"[A-Za-z]{2}")
BAIT_ENDS = "atylpndxsrceikgo+#53"
TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
SYLLABLE = rf"[a-zü]{{0,4}}[{TONED}][a-z]{{0,3}}"
SPELT = regex(
    rf"(?<=[\u3400-\u9fff“，。、])[ ]?{SYLLABLE}(?:[ ]?[•·・.‧][ ]?{SYLLABLE})+[ ]?(?=[\u3400-\u9fff”，。、；！？]|$)"
)


def _prose_around(line: Line, start: int, end: int) -> bool:
    """Whether Han or Chinese punctuation touches the span on a side, leaving out blanks."""
    before, after = line.body[line.start : start].rstrip(" "), line.body[end : line.end].lstrip(" ")
    return bool(HAN_OR_POINT.match(before[-1:]) or HAN_OR_POINT.match(after[:1]))


def _technical(text: Text, at: int) -> bool:
    """Whether the text hereabouts speaks of the web; judged once for each stretch of 2,000 code points."""
    seen: dict[int, bool] = text.signal("noise.web", lambda _: {})
    block = at // BLOCK
    if block not in seen:
        seen[block] = bool(WEB.search(text.body, max(0, (block - 1) * BLOCK), (block + 2) * BLOCK))
    return seen[block]


def _marked_up(text: Text) -> bool:
    """Whether the text is written with inline markup: its tags come in pairs, and often; or it is a file of subtitles."""
    if CUE.search(text.body):
        return True
    closed = len(CLOSED.findall(text.body))
    return closed >= ENOUGH_PAIRS and len(OPENED.findall(text.body)) <= closed + closed // 10


@rule(
    "NOI005",
    "html-tag",
    Severity.MINOR,
    "HTML tag {text!r} in running text",
    triggers=("<", "bBpPdDsSfFiIuUeEaAtToOlLhHcC"),
    repair=Safety.SUGGESTED,
)
def html_tag(line: Line) -> Iterator[Hit]:
    """An HTML tag left in running text: `<br>`, `</p>`, `<br` cut short.

    Why it matters: a reader sees the page's markup; a model learns it as words.
    Left alone: code, `<br>` in the rows of Markdown tables, text about the web (it speaks of HTML, 标签, 网页 ...: a remark there, as is `<i>` in subtitles), Markdown's automatic links.
    Repair: the tag is deleted; suggested, since a `<br>` may have parted two sentences. A script or style goes with what is in
    it, or stays where its other end is not on the line.
    """
    end = line.start
    for match in TAG.finditer(line.body, line.start, line.end):
        start = match.start()
        if start < end:
            continue
        held = HELD.match(match[0])
        closing = CLOSING[held[1].lower()].search(line.body, match.end(), line.end) if held else None
        end = closing.end() if closing else match.end()
        if in_code(line.text, start, end) or breaks_cell(line, match[0]) or not _prose_around(line, start, end):
            continue
        technical = _technical(line.text, match.start()) or (
            INLINE.match(match[0]) is not None and line.text.signal("noise.markup", _marked_up)
        )
        whole = closing is not None or not CODE.match(match[0])
        yield Hit(
            Span(start, end),
            {"text": match[0]},
            edit=Edit("") if whole else None,
            confidence=0.4 if technical else 0.9,
            severity=Severity.INFO if technical else Severity.MINOR,
            evidence={"text_about_the_web": technical},
        )


@rule(
    "NOI006",
    "html-entity",
    Severity.MINOR,
    "HTML entity {text!r} in running text",
    triggers=("&", "nelrmhbqag"),
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
)
def html_entity(line: Line) -> Iterator[Hit]:
    """An HTML entity by name left in running text: `&nbsp;`, `&quot;`, `&ldquo;`. (Numbered ones are mojibake's.)

    Why it matters: the mark it stands for is missing.
    Left alone: code, `<br>` in the rows of Markdown tables, text about the web (a remark there), `&` in names (`H&M`).
    Repair: the character meant; suggested.
    """
    for match in ENTITY.finditer(line.body, line.start, line.end):
        if in_code(line.text, *match.span()):
            continue
        technical = _technical(line.text, match.start()) or MARKUP.match(match[0]) is not None
        yield Hit(
            Span(*match.span()),
            {"text": match[0]},
            edit=Edit(_unescaped(match[0])),
            confidence=0.5 if technical else 0.95,
            severity=Severity.INFO if technical else Severity.MINOR,
            evidence={"text_about_the_web": technical},
        )


def _unescaped(entity: str) -> str:
    from html import unescape  # noqa: PLC0415 - only with a find

    return unescape(unescape(entity if entity.endswith(";") else entity + ";")).replace("\xa0", " ")


@rule(
    "NOI007",
    "site-address",
    Severity.MINOR,
    "web address {text!r} inside a sentence",
    triggers=("wWｗ", ".．", "mntgc"),
    repair=Safety.SUGGESTED,
    confidence=0.8,
    by_line=True,
)
def site_address(line: Line) -> Iterator[Hit]:
    """The address of a site set into a sentence as a watermark: `工会www.example.com工作`, `w w w .x k b 1.c o m`.

    Why it matters: it parts the sentence and advertises a stranger.
    Left alone: addresses that the sentence is about (behind 网址, 登录, 访问, a colon or a bracket, between blanks), links, code.
    Repair: the address is deleted; suggested.
    """
    for match in ADDRESS.finditer(line.body, line.start, line.end):
        spaced = " " in match[0].strip()
        before = line.body[max(line.start, match.start() - 6) : match.start()]
        touching = bool(re.match(HAN, before[-1:]) and re.match(HAN, line.body[match.end() : match.end() + 1]))
        if ADDRESS_BEFORE.search(before) or not (spaced or touching) or in_code(line.text, *match.span()):
            continue
        yield Hit(Span(*match.span()), {"text": match[0]}, edit=Edit(""), evidence={"spaced_out": spaced})


@rule(
    "NOI008",
    "site-name",
    Severity.INFO,
    "name of a document site {text!r}",
    triggers=("网網库庫巴", "范範课課作秘公教试試论論简簡无無百豆道", "文件案题題历歷忧憂度丁客秘"),
    confidence=0.6,
    by_line=True,
)
def site_name(line: Line) -> Iterator[Hit]:
    """The name of a site that trades in documents, such as `第一范文网`, `百度文库`.

    Why it matters: it is the watermark of the copy, and tells where the text was taken from.
    Left alone: `作文网站`, sites of other trades; a remark only, since a text may speak of such a site.
    Repair: none; a human decides how much of the line belongs to the site.
    """
    for match in SITE.finditer(line.body, line.start, line.end):
        yield Hit(Span(*match.span()), {"text": match[0]})


@rule(
    "NOI009",
    "search-bait",
    Severity.MINOR,
    "{text!r} is glued to the end of the paragraph",
    scope=Scope.TEXT,
    repair=Safety.SUGGESTED,
    confidence=0.8,
    by_line=True,
)
def search_bait(text: Text) -> Iterator[Hit]:
    """A catchword of programming glued to the end of a paragraph, as scrapers do: `…的工作。java`.

    Why it matters: the word has nothing to do with the text.
    Left alone: paragraphs that hold other Latin words, texts about programming, words set off by a blank.
    Repair: the word is deleted; suggested.
    """
    ends = text.line_ends[text.line_ends > text.line_starts + 3]
    for end in ends[member(text.codes[ends - 1], BAIT_ENDS)].tolist():
        match = BAIT.search(text.body, end - 14 if end > 14 else 0, end)
        if match is None:
            continue
        line = text.line(text.line_at(end - 1))
        if text.body[match.start() - 1] in LEADS_ON:
            continue
        if match.start() > line.start and not OTHER_LATIN.search(text.body, max(line.start, end - 400), match.start()):
            yield Hit(Span(*match.span()), {"text": match[0]}, edit=Edit(""))


@rule(
    "NOI010", "spelt-word", Severity.MAJOR, "a word is spelt out: {text!r}", triggers=(TONED, "•·・.‧"), confidence=0.85
)
def spelt_word(line: Line) -> Iterator[Hit]:
    """A word spelt in pinyin to slip past a filter, as in `发生dòng • luàn时`.

    Why it matters: the word is missing; a reader must sound it out.
    Left alone: glosses in brackets, language teaching (pinyin beside its characters), names in other languages.
    Repair: none; several words sound like it.
    """
    for match in SPELT.finditer(line.body, line.start, line.end):
        yield Hit(Span(*match.span()), {"text": match[0].strip()})


RULES = (html_tag, html_entity, site_address, site_name, search_bait, spelt_word)
