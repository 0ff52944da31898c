"""Text *about* mojibake: samples quoted, shown in code or in a table, or named beside words of the trade."""

from __future__ import annotations

import re
from typing import cast

from audit.language.layout import layout
from audit.language.patterns import regex
from audit.model import Text

TRADE = regex(
    r"乱码|亂碼|(?:编|解|转)码(?!器)|(?:編|解|轉)碼(?!器)|字符集|字元集|字符编|转义|轉義|码点|碼點|代码页|mojibake|charset|encod|decod|escap"
    r"|gbk|gb2312|gb18030|big5|utf-?8|utf-?16|ascii|latin-?1|iso-?8859|unicode|cp125|shift.?jis|euc-|还原[后後为為成]|還原[后後為成]|\bbom\b|u\+fffd|替[换換]字[符元]",
    re.IGNORECASE,
)
NAMES = regex(  # of encodings, which a table of figures and codes has not
    r"乱码|亂碼|mojibake|gbk|gb2312|gb18030|big5|utf-?8|utf-?16|latin-?1|iso-?8859|cp125|shift.?jis|euc-", re.IGNORECASE
)
SHOWN = regex(r"(?:显示|顯示|打印|输出|輸出|呈现|呈現)[成为為作]了?\s?\Z")
PROMPT = regex(r"(?:\$|>>>|\w{1,30}@\S{1,60}[$#]) ")
MARKUP = regex(r"HTML|XML|URL|URI|MIME|JSON|quoted|percent|字符|字元|百分号|百分號|[实實][体體]", re.IGNORECASE)
TAG = regex(r"</?[A-Za-z][^<>\n]{0,80}>|\A\s*(?:msgid|msgstr)\b|\A\s*\"[^\"\n]*\"\s*\Z")
NAMED = regex(r"乱码|亂碼|mojibake", re.IGNORECASE)
TELLS = regex(
    r"(?:看到|看見|修[复復]前|显示|顯示|变|變|[成为為作是叫如像即→>:：=]|得到|输出|輸出|打印|出现|出現|实体|實體|转义|轉義)\s*[:：]?\s*$"
)
WORDING = regex(
    r"\s{0,2}[”’」』\"'》）)]?\s{0,2}(?:[的这這那]?(?:字[样樣]|字符串)|(?:等?[这這那][么麼]?)?[一二两兩三四五六七八九十几幾]+[个個]?[大汉漢]?字(?!节|節|符|元|段|典|[体體]))"
)
ENGLISH = regex(
    r"\b(?:see[ns]?|saw|seeing|shows?|showed|shown|displays?|displayed|becomes?|became|turn(?:s|ed)?|into|like|as|prints?|printed|gets?|got"
    r"|called|character|garbage|replaced (?:by|with))\s*:?\s*$",
    re.IGNORECASE,
)
COMPUTING = regex(
    r"程序[员員]|程式|代[码碼]|[编編]程|[计計]算[机機]|[电電]脑|[电電]腦|字符|字元|字[节節]|[内內]存|记忆体|記憶體|[终終]端|programm|unicode|U\+FFFD|[替取]换字|decod",
    re.IGNORECASE,
)
# A sample that a sentence speaks of stands where a noun may: behind a mark or one of these, before a mark or one of these.
NOUN_BEHIND = regex(
    r"(?:\A|[\s，。、；：！？,.:;!?“‘「『《【（(\"'*#>·—–\-|]|[从從把是见見种種个個为為叫读讀句写寫出到满滿现現成说說谈談论論被用即像和与與及或串堆朵片句])\Z"
)
NOUN_BEFORE = regex(
    r"\Z|[\s，。、；：！？,.:;!?”’」』》】）)（(\"'*·—–\-|]|的|是|[这這那]|和|[与與]|及|或|[说說]|[来來]|起|等|[从從]|[为為]|就|也|都|在|之|代替|替[换換]|表示"
)
ITEM = regex(
    r"\s{0,8}(?:[-*+•]\s|\d{1,3}[.、)）]\s?|[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)?\s{0,4}\Z"
)
GLOSS = regex(r"\s{0,3}(?:[:：=→|]|[—–\-]{1,2}\s)")
ENDS = "。！？!?\n"
OPENERS = "“‘「『\"'《〈【（([`<>"
CLOSERS = "”’」』\"'》〉】）)]`><"
PAUSES = ("，", "。", "、", "；", "！", "？")
PAIRED = "“”‘’「」『』\"\"''"
WORD = 6  # code points of a residue that is spoken of as a word: one or two of a kind
WITHIN = 24  # code points of a quotation that is a sample
BLOCK = 1500  # code points in which the trade is looked for together
QUOTES = 6  # of these pairs are quotes
NEAR = 60  # code points to either side in which a word of the trade explains a short sample
SHORT = 16  # code points: a sample that a sentence mentions is no longer
LONG = 40  # the same for escapes
NO_SAMPLE = 4  # so many characters in the middle of a sentence are part of it
LINE = 2000  # code points of a line that are looked at for tags
TABLE_REACH = 1500  # code points before a table's row in which the trade is named


def mentioned(text: Text, start: int, end: int, *, lone: bool = False) -> bool:
    """Whether `start:end` is shown as a sample rather than damage; `lone`: quotes alone suffice."""
    number = text.line_at(start)
    line = int(text.line_starts[number]), int(text.line_ends[number])
    if layout(text).code[number] or _set_off(text, line, start, end, lone=lone):
        return True
    return end - start <= (LONG if lone else SHORT) and _spoken_of(text, line, start, end, lone=lone)


def _set_off(text: Text, line: tuple[int, int], start: int, end: int, *, lone: bool) -> bool:
    """Whether quotes, a table or markup set a stretch off as a sample."""
    body, (first, last) = text.body, line
    if _in_backticks(body, first, start, last) or WORDING.match(body, end, last):
        return True
    quoted = _quoted(body, first, start, end, last, tight=lone)
    if quoted and (lone or _in_the_trade(body, start, end)):
        return True
    row = body.count("|", first, last) >= 2 or "\t" in body[first:last]
    if row and TRADE.search(body, max(0, first - TABLE_REACH), last):
        return True
    if _a_field(body, first, start, end, last) or _an_output(body, first):
        return True
    return _indented(body, first, start) and _of_the_trade_near(text, start, end)


def _a_field(body: str, first: int, start: int, end: int, last: int) -> bool:
    """Whether a stretch is a field of a row that names encodings."""
    alone = body[start - 1 : start] == "," and body[end : end + 1] in (",", "\n", "\r", "") and start > first
    return alone and NAMES.search(body[first : min(last, first + LINE)]) is not None


def _an_output(body: str, first: int) -> bool:
    """Whether a command about encodings stands on the line before, so that this is what it wrote."""
    above = body.rfind("\n", max(0, first - LINE), max(first - 1, 0)) + 1
    return bool(first and PROMPT.match(body, above, first) and TRADE.search(body, above, first))


def _spoken_of(text: Text, line: tuple[int, int], start: int, end: int, *, lone: bool) -> bool:
    """Whether the sentence of a short stretch speaks of it."""
    body, (first, last) = text.body, line
    low, high = _sentence(body, max(first, start - NEAR), start, end, min(last, end + NEAR))
    before, after = body[low:start], body[end:high]
    noun = _a_noun(body, first, start, end, last) or body[end : end + 1] == "."
    if noun and SHOWN.search(before):
        return True
    short = end - start <= WORD or body[start:end].isascii()
    word = lone and short and COMPUTING.search(body, max(0, start - BLOCK), end + BLOCK)
    if noun and (word or _told(before, after)):
        return True
    item = ITEM.match(body, first, start) and GLOSS.match(body, end, last)
    presented = item or _cited(body, first, start, end, last) or TELLS.search(before) or ENGLISH.search(before)
    return bool(presented and _in_the_trade(body, start, end))


def lost_mentioned(text: Text, start: int, end: int) -> bool:
    """Whether loss marks are shown as what a decoder writes: in a text on encodings, as a sample or as a noun of a sentence about them."""
    if not _of_the_trade_near(text, start, end):
        return False
    number = text.line_at(start)
    first, last = int(text.line_starts[number]), int(text.line_ends[number])
    low, high = _sentence(text.body, max(first, start - NEAR), start, end, min(last, end + NEAR))
    speaks = TRADE.search(text.body, low, high) or COMPUTING.search(text.body, low, high)
    if speaks and end - start <= SHORT and _a_noun(text.body, first, start, end, last):
        return True
    return mentioned(text, start, end)


def _of_the_trade_near(text: Text, start: int, end: int) -> bool:
    """Whether words of the trade stand in the block of the text or in those beside it; each block is searched once."""
    known = cast("dict[int, bool]", text.signal("about.trade", lambda _: {}))
    for block in range(max(start // BLOCK - 1, 0), end // BLOCK + 2):
        if block not in known:
            known[block] = TRADE.search(text.body, block * BLOCK, (block + 1) * BLOCK) is not None
        if known[block]:
            return True
    return False


def _sentence(body: str, low: int, start: int, end: int, high: int) -> tuple[int, int]:
    """The part of `low:high` that is in the sentence of a stretch."""
    low = max([low, *(body.rfind(mark, low, start) + 1 for mark in ENDS)])
    return low, min([high, *(at for mark in ENDS if (at := body.find(mark, end, high)) >= 0)])


def _a_noun(body: str, first: int, start: int, end: int, last: int) -> bool:
    """Whether a stretch stands where a noun of a sentence may."""
    return bool(
        NOUN_BEHIND.search(body[max(first, start - 1) : start]) and NOUN_BEFORE.match(body[end : min(last, end + 2)])
    )


def _cited(body: str, first: int, start: int, end: int, last: int) -> bool:
    """Whether a stretch lies in a short quotation that a sentence of the trade gives or that is presented as a sample."""
    for opener, closer in zip(PAIRED[::2], PAIRED[1::2], strict=True):
        left = body.rfind(opener, max(first, start - WITHIN), start)
        right = body.find(closer, end, min(last, end + WITHIN))
        if left < 0 or right < 0 or right - left > WITHIN or (opener != closer and closer in body[left:start]):
            continue
        if opener == closer and body.count(opener, first, left) % 2:
            continue
        low, high = _sentence(body, max(first, left - NEAR), left, right, min(last, right + NEAR))
        if TELLS.search(body[low:left]) or TRADE.search(body, low, left) or TRADE.search(body, right, high):
            return True
    return False


def _indented(body: str, first: int, start: int) -> bool:
    """Whether a line is set off as code: by four blanks or a tab, by a prompt, or between tags that say so."""
    if body.startswith(("    ", "\t", ">>> ", "$ "), first):
        return True
    opened = max(body.rfind(tag, max(0, first - TABLE_REACH), start) for tag in ("<pre", "<code", "<td"))
    return opened >= 0 and body.find("</" + body[opened + 1 : opened + 3], opened, start) < 0


def of_the_trade(text: Text, start: int, end: int) -> bool:
    """Whether a text about encodings, markup or addresses surrounds a stretch: an escape may be its subject there.

    So it is on a line of markup or of a message catalogue, where references are the way to write a character.
    """
    near = text.body[max(0, start - TABLE_REACH // 5) : end + TABLE_REACH // 5]
    line = text.line(text.line_at(start)).content[:LINE]
    return bool(TRADE.search(near) or MARKUP.search(near) or TAG.search(line))


def in_a_sentence(text: Text, start: int, end: int) -> bool:
    """Whether a stretch stands between the words of a sentence that does not present it: no blank, quote or colon sets it off."""
    line = text.line(text.line_at(start))
    before, after = text.body[max(line.start, start - NEAR) : start], text.body[end : min(line.end, end + NEAR)]
    beside = (before[-1:], after[:1])
    joined = all(_han(char) or char in PAUSES for char in beside) and any(map(_han, beside))
    return joined and not TELLS.search(before) and not WORDING.match(after)


def named(body: str, sample: str, first: int, last: int) -> bool:
    """Whether `first:last` names a few characters: between quotes, blanks, marks or words that present it, not inside a sentence."""
    if any(char in OPENERS or char in CLOSERS for char in sample):
        return False
    at = body.find(sample, first, last)
    while at >= 0:
        end = at + len(sample)
        if NOUN_BEHIND.search(body[max(at - 1, 0) : at]) and NOUN_BEFORE.match(body[end : end + 2]):
            return True
        at = body.find(sample, end, last)
    return False


def _han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _in_the_trade(body: str, start: int, end: int) -> bool:
    """Whether words of the trade stand near."""
    return TRADE.search(body, max(0, start - TABLE_REACH // 5), min(len(body), end + TABLE_REACH // 5)) is not None


def _told(before: str, after: str) -> bool:
    """Whether the words about a short stretch present it as a sample."""
    if NAMED.search(before) or NAMED.search(after):
        return True
    return bool(TELLS.search(before) and (TRADE.search(before) or TRADE.search(after)))


def _in_backticks(body: str, first: int, start: int, last: int) -> bool:
    return body.count("`", first, start) % 2 == 1 and "`" in body[start:last]


def _quoted(body: str, first: int, start: int, end: int, last: int, *, tight: bool) -> bool:
    """Whether quotes close about the span; brackets too, and a few characters between, unless `tight`."""
    if tight:
        left, right = body[max(first, start - 1) : start], body[end : min(last, end + 1)]
    else:
        left, right = body[max(first, start - 3) : start], body[end : min(last, end + 4)]
    pairs = list(zip(OPENERS, CLOSERS, strict=True))[: QUOTES if tight else None]
    return any(opener in left and closer in right for opener, closer in pairs)
