"""How many entries a collection's title promises, and which titles number the parts of one text."""

from __future__ import annotations

import re

from audit.language.numerals import NUMBER, parse
from audit.language.patterns import regex

# `(汇编15篇)`, `精选十篇`, `通用3篇`, `（五篇）`: a number before the counter of texts, in the first line that is not blank
PROMISE = regex(rf"({NUMBER})\s*[篇則则首]")
ORDINAL = "第"
CHAPTER = regex(rf"\W{{0,6}}(?:第\s{{0,3}}(?:{NUMBER})\s{{0,3}}[章节節编編部卷回]|卷[之第]?\s{{0,3}}(?:{NUMBER}))")


def promised_entries(front: str) -> int | None:
    r"""The number of entries that the first line of the front matter promises, or None.

    >>> promised_entries("社区工作总结(精选15篇)\n……")
    15
    >>> promised_entries("第三篇 总结") is None
    True
    """
    first = next((line for line in re.split(r"\r\n|\r|\n", front) if line.strip()), "")
    for found in PROMISE.finditer(first):
        if not first[: found.start()].rstrip().endswith(ORDINAL):
            return parse(found[1])
    return None


def is_chapter(title: str) -> bool:
    """Whether a title is that of a chapter: a part of one text, not a piece of a collection.

    >>> is_chapter("第三章 附则"), is_chapter("工作总结3")
    (True, False)
    """
    return CHAPTER.match(title) is not None
