"""Text *about* mojibake: samples quoted, shown in code or in a table, or named beside words of the trade."""

from __future__ import annotations

import re

from audit.language.layout import layout
from audit.language.patterns import regex
from audit.model import Text

TRADE = regex(
    r"乱码|亂碼|(?:编|解|转)码(?!器)|(?:編|解|轉)碼(?!器)|字符集|字元集|字符编|转义|轉義|码点|碼點|代码页|mojibake|charset|encod|decod|escap"
    r"|gbk|gb2312|gb18030|big5|utf-?8|utf-?16|ascii|latin-?1|iso-?8859|unicode|cp125|shift.?jis|euc-|还原[后後为為成]|還原[后後為成]|\bbom\b",
    re.IGNORECASE,
)
MARKUP = regex(r"HTML|XML|URL|URI|MIME|JSON|quoted|percent|字符|字元|百分号|百分號|[实實][体體]", re.IGNORECASE)
TAG = regex(r"</?[A-Za-z][^<>\n]{0,80}>|\A\s*(?:msgid|msgstr)\b|\A\s*\"[^\"\n]*\"\s*\Z")
NAMED = regex(r"乱码|亂碼|mojibake", re.IGNORECASE)
TELLS = regex(
    r"(?:看到|看見|修[复復]前|显示|顯示|变|變|[成为為作是叫如像即→>:：=]|得到|输出|輸出|打印|出现|出現|实体|實體|转义|轉義)\s*[:：]?\s*$"
)
WORDING = regex(
    r"\s{0,2}[”’」』\"'》）)]?\s{0,2}(?:[的这這那]?(?:字[样樣]|字符串)|(?:等?[这這那][么麼]?)?[一二两兩三四五六七八九十几幾]+[个個]?字(?!节|節|符集))"
)
OPENERS = "“‘「『\"'《〈【（([`<>"
CLOSERS = "”’」』\"'》〉】）)]`><"
PAUSES = ("，", "。", "、", "；", "！", "？")
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
    first, last = int(text.line_starts[number]), int(text.line_ends[number])
    body = text.body
    if layout(text).code[number] or _in_backticks(body, first, start, last) or WORDING.match(body, end, last):
        return True
    quoted = _quoted(body, first, start, end, last, tight=lone)
    if quoted and (lone or _in_the_trade(body, start, end)):
        return True
    row = body.count("|", first, last) >= 2 or "\t" in body[first:last]
    if row and TRADE.search(body, max(0, first - TABLE_REACH), last):
        return True
    if lone and NAMED.search(body, max(0, start - TABLE_REACH // 5), start):
        return True
    before, after = body[max(first, start - NEAR) : start], body[end : min(last, end + NEAR)]
    if end - start > (LONG if lone else SHORT):
        return False
    return _told(before, after) or bool(TELLS.search(before) and _in_the_trade(body, start, end))


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
