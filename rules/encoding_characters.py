"""Characters that are damage wherever they stand: controls, U+FFFD, private use, noncharacters."""

from __future__ import annotations

from collections.abc import Iterator

from audit.language.patterns import regex
from audit.model import Edit, Hit, Safety, Severity, Span, Text
from audit.restore.about import lost_mentioned
from audit.rule import Scope, family

from .encoding_spots import around, chars, han, runs, told

rule = family("encoding")

JUNK = chars((0x00, 0x07), (0x0E, 0x1A), (0x1C, 0x1F), (0x7F, 0x7F))  # no text program gives them a meaning
OVERSTRIKE, ESCAPE = "\x08", "\x1b"
SEQUENCE = regex(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")  # what a terminal takes for a colour
C1 = chars((0x80, 0x84), (0x86, 0x9F))
GENERAL = chars((0x2010, 0x2027))  # dashes, quotes, dots
BREAKS = "\x0b\x85\u2028\u2029"
LOST = "\N{REPLACEMENT CHARACTER}"
PRIVATE = chars((0xE000, 0xF8FF))
UNASSIGNED = chars((0x2FE0, 0x2FEF), (0xFDD0, 0xFDEF), (0xFFF0, 0xFFF8), (0xFFFE, 0xFFFF))
QUOTES = frozenset([*["“”", "「」", "（）", "()", "‘’", "『』", "``", '""', "''"], "  "])


@rule(
    "ENC007",
    "control-character",
    Severity.INFO,
    "control character {names}",
    scope=Scope.TEXT,
    triggers=JUNK + OVERSTRIKE + ESCAPE,
    confidence=0.97,
    repair=Safety.SAFE,
)
def control_character(text: Text) -> Iterator[Hit]:
    """A control character in text: NUL, backspace, DEL and others that no text program gives a meaning.

    Why it matters: nobody sees it, but searches miss the word it stands in, and NUL ends the text for some programs.
    Left alone: tab, line feed, carriage return and form feed.
    Repair: deleted; safe for NUL, and for others between blanks and Latin letters. Beside Chinese characters one
    may have stood there; that, an escape sequence of a terminal, and a backspace are suggested.
    """
    for span in runs(text, JUNK + OVERSTRIKE + ESCAPE):
        piece = text.body[span.start : span.end]
        beside = any(char in GENERAL or han(char) for char in "".join(around(text, span)).strip())
        doubtful = (beside and set(piece) != {"\0"}) or OVERSTRIKE in piece or ESCAPE in piece
        safety = Safety.SUGGESTED if doubtful else Safety.SAFE
        severity = Severity.MINOR if "\0" in piece else Severity.INFO
        found = told(text, span)
        sequence = SEQUENCE.match(text.body, span.end - 1) if piece[-1] == ESCAPE else None
        whole = Span(span.start, sequence.end()) if sequence else span  # `[32m` alone would be seen
        yield Hit(whole, found, Edit("", safety), evidence=found, severity=severity)


@rule(
    "ENC008",
    "c1-control",
    Severity.MINOR,
    "C1 control {names}, as when windows-1252 was read as Latin-1",
    scope=Scope.TEXT,
    triggers=C1,
    confidence=0.95,
    repair=Safety.SUGGESTED,
)
def c1_control(text: Text) -> Iterator[Hit]:
    """A control of U+0080 to U+009F: a quotation mark or dash of windows-1252 that was read as Latin-1.

    Why it matters: the mark that stood there is invisible or a box.
    Left alone: U+0085, which is a line break and told as one.
    Repair: the character that windows-1252 has there; suggested.
    """
    for span in runs(text, C1):
        piece = text.body[span.start : span.end]
        try:
            edit = Edit(piece.encode("latin-1").decode("cp1252"))
        except UnicodeDecodeError:
            edit = None
        found = told(text, span)
        yield Hit(span, found, edit, evidence=found)


@rule(
    "ENC009",
    "odd-line-break",
    Severity.INFO,
    "{names} stands for a line break",
    scope=Scope.TEXT,
    triggers=BREAKS,
    confidence=0.95,
    repair=Safety.SUGGESTED,
)
def odd_line_break(text: Text) -> Iterator[Hit]:
    """A line break that most programs do not take for one: vertical tab, U+0085, U+2028, U+2029.

    Why it matters: lines run together in one program and break in another, and line numbers disagree.
    Left alone: LF, CRLF and CR.
    Repair: LF instead; suggested.
    """
    for span in runs(text, BREAKS):
        found = told(text, span)
        yield Hit(span, found, Edit("\n" * (span.end - span.start)), evidence=found)


@rule(
    "ENC010",
    "replacement-character",
    Severity.MAJOR,
    "{count} × U+FFFD: what stood here was lost in decoding",
    scope=Scope.TEXT,
    triggers=LOST,
    confidence=0.97,
)
def replacement_character(text: Text) -> Iterator[Hit]:
    """U+FFFD, which a decoder writes where it could not read: the text that stood there is lost.

    Why it matters: characters are missing, and no tool can know which.
    Left alone: the character named by itself in quotation marks, brackets or between blanks, and samples in a text about encodings.
    Repair: none, ever; only the source has what was lost.
    """
    for span in runs(text, LOST):
        if span.end - span.start == 1 and "".join(around(text, span)) in QUOTES:
            continue
        if lost_mentioned(text, span.start, span.end):
            continue
        found = told(text, span)
        yield Hit(span, found, evidence=found)


@rule(
    "ENC011",
    "private-use",
    Severity.MINOR,
    "private-use character {names}",
    scope=Scope.TEXT,
    triggers=PRIVATE,
    confidence=0.9,
)
def private_use(text: Text) -> Iterator[Hit]:
    """A character of the private-use area: its meaning was agreed between a font and its maker, and is lost elsewhere.

    Why it matters: readers see a box or nothing where a rare character, a mark or an icon stood.
    Left alone: nothing; a character that stands alone, as icons do, is told at severity info.
    Repair: none; the font or code page it was made for has to be known.
    """
    for span in runs(text, PRIVATE):
        before, after = around(text, span)
        beside = any(neighbour and "\u3400" <= neighbour <= "\u9fff" for neighbour in (before, after))
        found = told(text, span)
        yield Hit(span, found, evidence=found, severity=Severity.MINOR if beside else Severity.INFO)


@rule(
    "ENC012",
    "unassigned",
    Severity.MINOR,
    "{names} is no character",
    scope=Scope.TEXT,
    triggers=UNASSIGNED,
    confidence=0.95,
)
def unassigned(text: Text) -> Iterator[Hit]:
    """A noncharacter or a code point that Unicode has not given out, such as U+FFFF or U+FDD0.

    Why it matters: no font shows it; it is left from a wrong conversion or a program's own use.
    Left alone: everything that Unicode defines or may yet define for writing systems.
    Repair: none; what it stood for is not known.
    """
    for span in runs(text, UNASSIGNED):
        found = told(text, span)
        yield Hit(span, found, evidence=found)


RULES = (control_character, c1_control, odd_line_break, replacement_character, private_use, unassigned)
