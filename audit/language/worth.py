"""What a copy is worth: how damaged it is, and whether it is prose, for code, lists and tables repeat by right."""

from __future__ import annotations

import re

import numpy as np

from audit.language import surprise
from audit.language.numerals import NUMBER
from audit.language.passages import filled_throughout
from audit.language.patterns import regex
from audit.language.shingles import PARAGRAPH
from audit.model import Entry, Severity

HAN = regex("[\u3400-\u9fff]+")
ODD = 19.0  # bits: pairs of characters so odd stand 0.2 to 1.6 times in 1,000 code points of good prose
MASKED = regex("[xX×*○□]{2,}|[\ufffd\ue000-\uf8ff]|…[ …]*(?=\r|$)", re.MULTILINE)
WORSE, MUCH_WORSE = 3.0, 12.0  # the damaged copy has so many times as much, and so much more in 1,000 code points
LOOKED_AT = 20_000  # code points of each copy
WIDE = 100  # characters of a paragraph that is worth a word when it stands in another entry
NEARBY = 5_000  # code points; in clean law and essays run together, paragraphs repeat farther apart (5 in 100,000)
TOGETHER = 0.15  # share of prints from which two entries are spoken of as wholes, not for a paragraph
WORDS = 30  # of a paragraph without Han characters
ARTICLE = regex(rf"(?:^|\r)[ \t\u3000]*第(?:{NUMBER})[条條]", re.MULTILINE)
LINE_END = regex(r"\r\n?|\n")
ARTICLES = 3  # in an entry that is a chapter of a statute or a contract
# a clause that leans on the one before it: word for word the same, it says something else each time
LEANING = regex("[前上本][一二三四五两兩数數]?[款项項条條]")


def is_prose(passage: str) -> bool:
    """Whether a line is a paragraph rather than a command, a row of a table or a formula, which repeat by right."""
    return sum(map(len, HAN.findall(passage))) >= PARAGRAPH or len(passage.split()) >= WORDS


def leans(passage: str) -> bool:
    """Whether a paragraph is a clause about the one before it, as `单位犯前款罪的，…`, which a code of law repeats by right."""
    return LEANING.search(passage) is not None


def are_statutes(here: Entry, there: Entry) -> bool:
    """Whether two entries are chapters of statutes or contracts: their articles use the same words on purpose."""
    return all(sum(1 for _ in ARTICLE.finditer(one.text.body, *one.content)) >= ARTICLES for one in (here, there))


def severity_of(kind: str, here: Entry, there: Entry, *, together: bool) -> Severity | None:
    """INFO for passages that statutes share, MINOR for reports on one form, and between sections of one document (`together`) that hold
    more code, lists and tables than paragraphs; else the rule's.
    """
    if not kind and are_statutes(here, there):
        return Severity.INFO
    if kind == "template" and filled_throughout(there, here):
        return Severity.MINOR
    if not (together and _is_section(here) and _is_section(there)):
        return None
    lines = [line.strip() for line in LINE_END.split(here.text.body[slice(*here.content)])]
    paragraphs = sum(len(line) for line in lines if line[:1] not in tuple("-*+>|") and is_prose(line))
    return Severity.MINOR if 2 * paragraphs < sum(map(len, lines)) else None


def _is_section(entry: Entry) -> bool:
    """Whether an entry is a part of a document under a title of its own, not a numbered piece of a collection."""
    return entry.number is None and entry.title.end > entry.title.start and not entry.record


def is_worse(one: float, least: float) -> bool:
    """Whether of two copies with so much damage the first is clearly the damaged one."""
    return one >= WORSE * least and one - least >= MUCH_WORSE


def damage(entry: Entry) -> float:
    """Odd pairs of characters, glosses and masks in 1,000 code points of an entry."""
    start, end = entry.content
    end = min(end, start + LOOKED_AT)
    size = max(end - start, 1)
    odd = int(np.count_nonzero(surprise(entry.text.codes[start:end])[1:] >= ODD))
    origin = entry.text.origin
    glosses = 0 if origin is None else int(np.count_nonzero(np.diff(origin[start : end + 1]) > 1))
    return 1000 * (odd + glosses + len(MASKED.findall(entry.text.body, start, end))) / size
