"""Recognition errors in letters and layout: letters for digits, look-alike letters, hyphens at line ends, page numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from audit.language import scouts
from audit.language.patterns import regex
from audit.language.spots import member, one_of
from audit.language.whereabouts import where
from audit.model import Edit, Hit, Line, Safety, Severity, Span, Text
from audit.rule import Scope, family

rule = family("ocr")

# a number with its unit, and one letter in it that looks like a digit
DIGIT_LETTER = regex(r"(?<![A-Za-z0-9.#/_-])(?=[0-9OolI]{2,9}[年月日号號元万萬亿億户戶名岁歲页頁周％%])[0-9OolI]{2,9}")
AS_DIGIT = str.maketrans("OolI", "0011")


@rule(
    "OCR003",
    "letter-among-digits",
    Severity.MINOR,
    {"": "letter in the number {text!r}", "item": "letter {text!r} where a list has its number 1"},
    scope=Scope.TEXT,
    scout=scouts.digit_letters,
    confidence=0.9,
    repair=Safety.SUGGESTED,
)
def letter_for_digit(text: Text) -> Iterator[Hit]:
    """A letter that stands for a digit, as in `2O19年` or `l、` at the head of a list.

    Why it matters: the figure is no figure any more; sorting, search and calculation miss it.
    Left alone: codes, model numbers, chemical formulas and everything without a Chinese unit behind it; `I、` among Roman numerals.
    Repair: the digit.
    """
    codes = text.codes
    letters, _ = where(text, one_of("OolLI"))
    beside = np.zeros(len(letters), dtype=bool)
    for step in (-1, 1):
        near = codes.take(letters + step, mode="clip")
        beside |= (near >= ord("0")) & (near <= ord("9"))
    till = 0
    for at in letters[beside].tolist():
        line_start = int(text.line_starts[text.line_at(at)])
        match = DIGIT_LETTER.search(text.body, max(at - 8, line_start), at + 11)
        if match and match.start() <= at < match.end() and match.start() >= till and any(c.isdigit() for c in match[0]):
            till = match.end()
            fixed = match[0].translate(AS_DIGIT)
            yield Hit(Span(*match.span()), {"text": match[0]}, Edit(fixed), evidence={"number": fixed})
    yield from _items(text)


def _items(text: Text) -> Iterator[Hit]:
    """`l、` or `I、` at the head of a line, with `2、` further down and no `II、`."""
    starts = text.line_starts[text.line_ends - text.line_starts > 1]
    first = text.codes.take(starts, mode="clip")
    second = text.codes.take(starts + 1, mode="clip")
    heads = starts[
        ((first == ord("l")) | (first == ord("I")) | (first == ord("|")))
        & ((second == ord("、")) | (second == ord("．")))
    ]
    if not len(heads):
        return
    twos = starts[(first == ord("2")) & (second == text.codes[heads[0] + 1])]
    last = int(twos.max(initial=-1))
    roman = "II、" in text.body or "II．" in text.body
    for start in heads.tolist():
        if not roman and start < last:
            yield Hit(
                Span(start, start + 1),
                {"text": text.body[start]},
                Edit("1"),
                evidence={"followed_by": "2"},
                variant="item",
            )


CYRILLIC = dict(zip("АВЕКМНОРСТХаеорсухіјѕ", "ABEKMHOPCTXaeopcyxijs", strict=True))
GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True))
LIKE = CYRILLIC | GREEK
STRANGE_WORD = regex(f"[A-Za-z{''.join(LIKE)}]{{3,40}}")
AS_LATIN = str.maketrans(LIKE)


@rule(
    "OCR004",
    "lookalike-letter",
    Severity.MINOR,
    "{text!r} has letters of another alphabet",
    triggers="".join(LIKE),
    by_line=True,
    confidence=0.9,
    repair=Safety.SUGGESTED,
)
def lookalike_letter(line: Line) -> Iterator[Hit]:
    """A Latin word with Cyrillic or Greek letters that look Latin.

    Why it matters: search and links fail though nothing is to be seen.
    Left alone: Russian and Greek words, single letters as symbols, words whose other letters are not Latin.
    Repair: the Latin letter.
    """
    for match in STRANGE_WORD.finditer(line.body, line.start, line.end):
        word = match[0]
        latin = sum(character.isascii() for character in word)
        if 0 < len(word) - latin <= latin and not _beside_letters(line.body, match.start(), match.end()):
            fixed = word.translate(AS_LATIN)
            strange = sorted({f"U+{ord(character):04X}" for character in word if not character.isascii()})
            yield Hit(Span(*match.span()), {"text": word}, Edit(fixed), evidence={"word": fixed, "letters": strange})


def _beside_letters(body: str, start: int, end: int) -> bool:
    """Whether the word goes on with letters that have no Latin likeness."""
    beside = body[max(start - 1, 0) : start] + body[end : end + 1]
    return any("\u0370" <= character <= "\u04ff" for character in beside)


BROKEN_WORD = regex(r"([A-Za-z]{2,20})-(\r?\n|\r)[ \t]*([a-z]{2,20})")


@rule(
    "OCR005",
    "line-end-hyphen",
    Severity.INFO,
    "{text!r} is one word over a line end",
    scope=Scope.TEXT,
    by_line=True,
    triggers="-",
    confidence=0.6,
    repair=Safety.SUGGESTED,
)
def line_end_hyphen(text: Text) -> Iterator[Hit]:
    """A Latin word cut by a hyphen at the end of a line.

    Why it matters: the layout of a page stays in the text, and neither half is a word.
    Left alone: hyphens inside a line, numbers, list dashes, code.
    Repair: the joined word; a compound may keep its hyphen.
    """
    ends = text.line_ends[:-1]
    ends = ends[(ends > 1) & (text.codes.take(np.maximum(ends - 1, 0), mode="clip") == ord("-"))]
    for end in ends.tolist():
        start = end - 1
        while start > 0 and start > end - 21 and text.body[start - 1].isascii() and text.body[start - 1].isalpha():
            start -= 1
        if match := BROKEN_WORD.match(text.body, start):
            joined = match[1] + match[3]
            yield Hit(Span(*match.span()), {"text": match[1] + "-"}, Edit(joined), evidence={"word": joined})


DASH = "[-—–―·•]"
PAGE = regex(
    rf"""[ \t\u3000]{{0,8}}(?:
    第[ ]?[0-9]{{1,4}}[ ]?[页頁](?:[ ]?[，,/／]?[ ]?共[ ]?[0-9]{{1,4}}[ ]?[页頁])?  # 第3页 共9页
    |{DASH}{{1,3}}[ ]?[0-9]{{1,4}}[ ]?{DASH}{{1,3}}  # - 12 -
    )[ \t\u3000]{{0,8}}""",
    re.VERBOSE,
)
SHORTEST, LONGEST = 3, 20


@rule(
    "OCR006",
    "page-number",
    Severity.INFO,
    "page number {text!r} inside the text",
    scope=Scope.TEXT,
    by_line=True,
    confidence=0.8,
    repair=Safety.SUGGESTED,
)
def page_number(text: Text) -> Iterator[Hit]:
    """A page number, as in `- 12 -` or `第3页 共9页`, on a line of its own inside the text.

    Why it matters: it cuts a sentence of the running text in two.
    Left alone: plain numbers, list dashes, rules of dashes, page numbers inside a sentence.
    Repair: the line without it.
    """
    starts, ends = text.line_starts, text.line_ends
    size = ends - starts
    short = np.flatnonzero((size >= SHORTEST) & (size <= LONGEST))
    if not len(short):
        return
    first = text.codes.take(starts[short], mode="clip")
    for number in short[member(first, "第-—–―·• \t\u3000")].tolist():
        start, end = int(starts[number]), int(ends[number])
        if PAGE.fullmatch(text.body, start, end):
            shown = text.body[start:end].strip()
            yield Hit(Span(start, end), {"text": shown}, Edit(""), evidence={"line": number + 1})


RULES = (letter_for_digit, lookalike_letter, line_end_hyphen, page_number)
