"""The frame that a site puts around a text: its editor's voice, invitations, related links, sources, navigation.

The frame is told by what it does, not by a site's words: somebody who gathered texts addresses whoever came to copy one.
A text that speaks *of* editors, sources or links does not address anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from audit.joined import Joined, Mask
from audit.language import scouts, spots
from audit.language.layout import layout, lines_of
from audit.language.patterns import regex
from audit.model import Edit, Entry, Hit, Line, Offsets, Role, Safety, Severity, Span
from audit.rule import Scope, family

from .boilerplate_lines import RULES as LINES

rule = family("boilerplate", editorial=True)

_YOU = r"(?:大家|[您你]们?|你們|各位|朋友们|朋友們|同学们|同學們|读者|讀者|网友|網友)"
_GIVE = r"(?:整理|收集|搜集|[汇匯彙][总總集编編]|[带帶][来來]|分享|推[荐薦]|[准準][备備]|[编編][写寫辑輯]|提供|[为為][您你大])"
EDITOR = regex(
    rf"(?:(?:以下|下面|下列|上面|以上|今天|[这這][里裡裏]|接下[来來]|本文|[这這][篇是]|[来來]看|跟着|跟著|和|[随隨]|[为為]此|因此|那么|那麼|下面就)[^。！？!?；;\n“”]{{0,14}}?小[编編][^。！？!?\n“”]{{0,24}}?(?:{_GIVE}|一起|看看|{_YOU})"
    rf"|小[编編](?:就|也|在此|今天|特[意地别別]|精心|[给給为為跟和帮幫]|已|[将將])[^。！？!?\n“”]{{0,14}}?(?:{_GIVE}|{_YOU})"
    rf"|小[编編](?:{_GIVE})[^。！？!?\n“”]{{0,30}}?(?:{_YOU}|希望|[参參]考|[帮幫]助)"
    rf"|小[编編][^。！？!?\n“”]{{0,10}}?(?:整理|收集|搜集)(?:了|的|好了|出)[^。！？!?\n“”]{{1,40}}(?:$|[。！？!?])"
    r"|(?:更多|[关關]于|關於)[^。！？!?\n“”]{0,24}?[请請]?[关關]注小[编編])"
)
WISH = regex(
    rf"(?:希望|[愿願]|但愿)[^。！？!?\n“”]{{0,16}}?(?:[对對给給帮幫]|能|可以)[^。！？!?\n“”]{{0,8}}?{_YOU}?[^。！？!?\n“”]{{0,8}}?(?:有所[帮幫]助|[帮幫]助|有[帮幫]助|[参參]考|借[鉴鑒鑑]|[启啟]发|喜[欢歡])"
)
INVITE = regex(
    rf"(?:[仅僅]供|[欢歡]迎|供){_YOU}?(?:[参參]考|[阅閱][读讀]|借[鉴鑒鑑]|[浏瀏][览覽]|[查观]看|[学學][习習]|下[载載]|收藏)"
    rf"|(?:一起|快)[来來去]?(?:[学學][习習][^。\n]{{0,6}}[写寫]|看看吧|[参參]考|[阅閱][读讀]|看一看|了解)"
    rf"|{_YOU}[^。！？!?\n]{{0,8}}(?:是不是|是否|[还還]在)[^。！？!?\n]{{0,12}}(?:[烦煩][恼惱]|[头頭]疼|困[扰擾]|不知道|苦[恼惱])"
)
HOWTO = regex(
    r"(?:不知道|不清楚|怎[么麼样樣]|如何|[该該])[^。！？!?\n“”]{0,10}?[写寫](?:些什[么麼]|[吗嗎]|呢|才好|才[对對]|好)|[让讓]我[们們][^。\n]{0,10}[写寫][^。\n]{0,12}吧"
    r"|是[^。，,\n]{0,30}(?:一[种種][^。，,\n]{0,12}(?:[书書]面材料|[应應]用文|文[书書体體]|文[种種]))"
)
PRESENTED = regex(  # the same without a name: 以下是本站整理的…，供大家参考
    r"(?:以下|下面|下列)(?:就?是|[为為])(?![^。\n]{0,16}小[编編])[^。！？!?\n“”]{0,16}?(?:整理|收集|搜集|[汇匯彙][总總集编編]|[准準][备備])的[^。！？!?\n“”]{2,40}"
)
GATHERED = regex(r"整理|收集|搜集|[汇匯彙][总總集编編]|[参參]考|[范範]文")
FORMULAS = (("editor", EDITOR), ("wish", WISH), ("invitation", INVITE), ("how-to", HOWTO), ("presentation", PRESENTED))
SENTENCE = regex(r"[^。！？!?\n]*")
BESIDE = "以下上今這这接本来來跟和随隨为為因那就也在特精给給帮已将將更关關整收搜汇匯彙带帶分推准準提"


@rule(
    "BPL001",
    "editor-voice",
    Severity.MINOR,
    "a site's editor speaks: {text!r}",
    triggers=("小", "编編", BESIDE),
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
)
def editor_voice(line: Line) -> Iterator[Hit]:
    """A sentence in which the site's editor offers the text, as in `以下是小编精心整理的…，希望能够帮助到大家`.

    Why it matters: it is not the author's and says nothing; a model learns to say it.
    Left alone: texts about editors (`小编每天要整理稿件`), the formula quoted.
    Repair: suggested; the sentence is deleted.
    """
    named = any(
        line.body.find(name, line.start, line.end) >= 0 for name in ("小编", "小編")
    )  # much faster than the search
    found = EDITOR.search(line.body, line.start, line.end) if named else None
    if found is None:
        return
    before = line.body[line.start : found.start()]
    if before.count("“") > before.count("”") or before.count("「") > before.count("」"):
        return
    start = max(before.rfind(mark) for mark in "。！？!?") + 1 + line.start
    tail = SENTENCE.match(line.body, found.end(), line.end)
    end = min(line.end, (tail.end() if tail else found.end()) + 1)
    # an editor who gathered or wishes is a frame; one who presents a thing may be the author (news: 1.5 in 100,000)
    frame = GATHERED.search(line.body, start, end) or WISH.search(line.body, start, end)
    seen, severity = found[0], None if frame else Severity.INFO
    yield Hit(Span(start, end), {"text": seen}, edit=Edit(""), severity=severity, evidence={"formula": seen})


NEAR, MAX_FRAME = 4, 500  # filled lines at a part's beginning and end that may be frame, and code points of one
MOSTLY = 0.6  # of a paragraph in the sentences of its frame; what is left of one in an entry may be the author's
HINTS = (
    "小编",
    "小編",
    "写",
    "寫",
    "一种",
    "一種",
    "以下",
    "下面",
    "下列",
)  # fmt: skip - no editor, no how-to and no presentation comes without one of these


def _edges(lengths: Offsets, first: int, after: int) -> list[int]:
    """The first NEAR filled lines of a part and its last two."""
    near: list[int] = []
    for lines, count in ((range(first, after), NEAR), (range(after - 1, first - 1, -1), 2)):
        filled = (line for line in lines if lengths[line] > 0)
        near += [line for line, _ in zip(filled, range(count), strict=False)]
    return sorted(set(near))


def _scout(joined: Joined) -> Mask:
    """Texts with a line in which an editor speaks, or that presents a text or tells how to write one: one of them is in every introduction."""
    text, lay = joined.text, layout(joined.text)
    lines = {text.line_at(at) for hint in HINTS for at in spots.found(text.body, hint)}
    spans = ((lay.starts.item(line), lay.ends.item(line)) for line in sorted(lines))
    kinds = (EDITOR, HOWTO, PRESENTED)
    return joined.holding([start for start, end in spans if any(kind.search(text.body, start, end) for kind in kinds)])


def _frame(body: str, paragraph: Span, formulas: list[tuple[int, int]]) -> Span:
    """Of a paragraph the sentences from the first formula to the last, or all of it if they are most of it."""
    first, last = min(start for start, _ in formulas), max(end for _, end in formulas)
    start = max(body.rfind(mark, paragraph.start, first) for mark in "。！？!?") + 1 or paragraph.start
    tail = SENTENCE.match(body, last, paragraph.end)
    end = min(paragraph.end, (tail.end() if tail else last) + 1)
    return Span(start, end) if end - start < MOSTLY * (paragraph.end - paragraph.start) else paragraph


@rule(
    "BPL002",
    "site-introduction",
    Severity.MAJOR,
    "the site introduces the text: {text!r}…",
    scope=Scope.ENTRY,
    scout=_scout,
    repair=Safety.SUGGESTED,
)
def site_introduction(entry: Entry) -> Iterator[Hit]:
    """A paragraph that introduces or rounds off a page for whoever came to copy it.

    Why it matters: it belongs to the page, not to the text, is often nonsense, and repeats from page to page.
    Left alone: an author's own introduction; it takes two formulas of different kinds, one before the first entry.
    Repair: suggested; the paragraph is deleted, of one in an entry that says other things too only the sentences that do this.
    """
    text, lay, body = entry.text, layout(entry.text), entry.text.body
    first, after = lines_of(entry)
    front = entry.role is Role.FRONT and after - first <= 40  # a longer one is a text
    for line in range(first, after) if front else _edges(lay.lengths, first, after):
        start, end = int(lay.starts[line]), int(lay.ends[line])
        if not 12 <= end - start <= MAX_FRAME or not (front or any(body.find(hint, start, end) >= 0 for hint in HINTS)):
            continue
        formulas = {name: found for name, pattern in FORMULAS if (found := pattern.search(text.body, start, end))}
        kinds = {name: found[0] for name, found in formulas.items()}
        if (
            len(kinds) >= 3
            or (len(kinds) == 2 and (front or "editor" in kinds or "how-to" in kinds))
            or (front and "editor" in kinds)
        ):
            sure = 0.95 if len(kinds) > 2 or "editor" in kinds else 0.7
            span = Span(start, end)
            if not front:
                span = _frame(body, span, [found.span() for found in formulas.values()])
            yield Hit(
                span, {"text": body[span.start : span.start + 20]}, edit=Edit(""), confidence=sure, evidence=dict(kinds)
            )


@rule(
    "BPL003",
    "related-links",
    Severity.MAJOR,
    "{count} links to other pages trail behind the text",
    scope=Scope.ENTRY,
    scout=scouts.nowhere,
    repair=Safety.SUGGESTED,
    confidence=0.95,
)
def related_links(entry: Entry) -> Iterator[Hit]:
    """The list of links to other pages behind the last entry, as under `相关文章：`.

    Why it matters: titles of other pages pass for the text's last paragraphs.
    Left alone: bibliographies and lists of sources, links inside the text.
    Repair: suggested; the list is deleted with its heading.
    """
    if entry.role is not Role.TAIL:
        return
    lines = np.flatnonzero(layout(entry.text).lengths[slice(*lines_of(entry))] > 0) + lines_of(entry)[0]
    if len(lines):
        lay = layout(entry.text)
        start, end = int(lay.starts[lines[0]]), int(lay.ends[lines[-1]])
        count = max(1, len(lines) - 1)
        yield Hit(
            Span(start, end),
            {"count": count},
            edit=Edit(""),
            evidence={"heading": entry.text.body[start : int(lay.ends[lines[0]])]},
        )


UNTITLED = regex(r"^\s*(?:[-+*] |\.\.)|[。；;，,]\W*$|[\x1b|=]")  # items, sentences, rows, what a terminal shows
OFTEN = 3  # a refrain, a caption, a running head


@rule(
    "BPL007",
    "repeated-title",
    Severity.MINOR,
    "the title {text!r} stands again under itself",
    scope=Scope.ENTRY,
    scout=scouts.titled,
    repair=Safety.SUGGESTED,
)
def repeated_title(entry: Entry) -> Iterator[Hit]:
    """A title repeated as the first line of its own text.

    Why it matters: page title and text title were both taken over; readers see it twice.
    Left alone: verse that begins with its title's words, running text; on a page by itself, where the first line may be
    the name of the page, it is a remark.
    Repair: suggested; the repetition is deleted.
    """
    title, text = re.sub(r"[\W\d_]+", "", entry.title_text), entry.text
    if len(title) < 4 or UNTITLED.search(entry.title_text):
        return
    lay = layout(text)
    first, after = text.line_at(entry.title.start), lines_of(entry)[1]  # blank lines may stand before the title
    under = [line for line in range(first + 1, min(after, first + 8)) if lay.lengths[line] > 0][:2]
    for start, end in ((int(lay.starts[line]), int(lay.ends[line])) for line in under):
        if (
            text.body[start] == "|"
            or end - start > len(entry.title_text) + 6
            or re.sub(r"[\W\d_]+", "", text.body[start:end]) != title
        ):
            continue
        if text.body.count(entry.title_text.strip()) <= OFTEN:  # counted last: it reads the whole text
            page = entry.start == 0 and entry.end == len(text.body)  # many a page has its title twice on purpose
            yield Hit(
                Span(start, end),
                {"text": text.body[start:end]},
                edit=Edit(""),
                confidence=0.5 if page else None,
                severity=Severity.INFO if page else None,
                evidence={"title": entry.title_text, "whole_page": page},
            )
        return


RULES = (editor_voice, site_introduction, related_links, repeated_title, *LINES)
