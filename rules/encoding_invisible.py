"""Characters nobody sees, and characters that look like others but have another number."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from audit.language.patterns import regex
from audit.language.spots import one_of
from audit.language.whereabouts import where
from audit.model import Edit, Hit, Safety, Severity, Span, Text
from audit.rule import Scope, family

from .encoding_spots import around, chars, han, runs, told

rule = family("encoding")

ZERO_WIDTH = "\u200b\u2060\ufeff\u180e\u200c\u200d\u2061\u2062\u2063\u2064"
BIDI = "\u200e\u200f\u061c" + chars((0x202A, 0x202E), (0x2066, 0x2069))
OVERRIDES = "\u202d\u202e"
SOFT_HYPHEN = "\u00ad"
BYTES = r"[\x80-\x9f\xa1-\xa6\xa8-\xaa\xac\xae\xaf\xb1-\xb6\xb8-\xba\xbc-\xbf\u0152\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u201a\u201e\u2020\u2021\u2030\u2039]"
MISREAD = regex(f"{BYTES}{SOFT_HYPHEN}|{SOFT_HYPHEN}{BYTES}")  # of misread text; a word is divided between letters
UNIFIED = frozenset(
    "\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27\ufa28\ufa29"
)  # named compatibility by mistake
COMPATIBLE = "".join(char for char in chars((0xF900, 0xFAD9), (0x2F800, 0x2FA1D)) if char not in UNIFIED)
# radicals of the supplement that are whole characters; Unicode normalises two of them only (EquivalentUnifiedIdeograph.txt has all)
SUPPLEMENT = str.maketrans(
    "\u2ea0\u2ec4\u2ec5\u2ec6\u2ec9\u2ecb\u2ed1\u2ed3\u2ed4\u2ed7\u2ed8\u2ed9\u2eda\u2edb\u2edc\u2edd\u2ee2\u2ee3\u2ee4\u2ee5\u2ee6\u2ee7\u2ee8\u2ee9\u2eea\u2eeb\u2eec\u2eed\u2eee\u2eef\u2ef0\u2ef1\u2ef2",
    "民西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
)
RADICALS = chars((0x2F00, 0x2FD5)) + "\u2e9f\u2ef3" + "".join(map(chr, SUPPLEMENT))
KANA_HANGUL = chars((0x3041, 0x30FA), (0x3190, 0x319F), (0xAC00, 0xD7A3))  # and the reading marks of kanbun
JAPANESE = "図読売円県駅発楽経続験鉄広帰歩変徳"  # shapes of Japan alone; kanbun has no kana
JAPANESE_LEAST = 2  # one of them stands in a Chinese text as a name
MARKS = (
    chars((0x300, 0x34E), (0x1161, 0x1175), (0x11A8, 0x11C2), (0x3099, 0x309A))
    + "\u212b\u2126\u212a\u1f71\u1f73\u1f75\u1f77\u1f79\u1f7b\u1f7d\u2329\u232a"
)
SOUTHEAST = "\u0e00\u109f\u1780\u17ff"  # first and last of the scripts that break words by U+200B
SIGNS = "\u212b\u2126\u212a\u1f71\u1f73\u1f75\u1f77\u1f79\u1f7b\u1f7d\u2329\u232a"  # fold by themselves
JOINERS = "\u200c\u200d"
MARK = "\ufeff"  # of byte order


@rule(
    "ENC013",
    "zero-width",
    Severity.INFO,
    "zero-width character {names} inside text",
    scope=Scope.TEXT,
    triggers=ZERO_WIDTH,
    confidence=0.95,
    repair=Safety.SAFE,
)
def zero_width(text: Text) -> Iterator[Hit]:
    """A character without width inside text: U+200B, U+FEFF, a word joiner, a joiner between Han.

    Why it matters: nobody sees it, but searches miss the word it stands in, and models learn it as a character.
    Left alone: joiners outside Han (emoji, Indic and Arabic scripts need them), U+200B in Thai, Lao, Burmese and Khmer.
    Repair: deleted; safe for a byte order mark between characters of Chinese text, where it can mean nothing. Others are
    suggested: U+200B shows where a line may break.
    """
    for span in runs(text, ZERO_WIDTH):
        before, after = around(text, span)
        inside = han(before) and han(after)
        piece = text.body[span.start : span.end]
        if not inside and (set(piece) <= set(JOINERS + "\u2060\u180e") or southeast(before) or southeast(after)):
            continue
        found = told(text, span)
        safety = Safety.SAFE if inside and set(piece) == {MARK} else Safety.SUGGESTED
        yield Hit(span, found, Edit("", safety), evidence=found)


def southeast(char: str) -> bool:
    """Whether this is a letter of Thai, Lao, Tibetan, Burmese or Khmer."""
    return SOUTHEAST[0] <= char <= SOUTHEAST[1] or SOUTHEAST[2] <= char <= SOUTHEAST[3]


@rule(
    "ENC014",
    "bidi-control",
    Severity.MINOR,
    "control of writing direction {names}",
    scope=Scope.TEXT,
    triggers=BIDI,
    confidence=0.95,
    repair=Safety.SAFE,
)
def bidi_control(text: Text) -> Iterator[Hit]:
    """A control of writing direction on a line without any right-to-left letter.

    Why it matters: it hides in names and addresses; an override shows characters in another order than they stand.
    Left alone: lines with Hebrew, Arabic or other letters that run from right to left.
    Repair: deleted; safe for U+200E, which does nothing here, else suggested.
    """
    for span in runs(text, BIDI):
        line = text.line(text.line_at(span.start))
        if any(unicodedata.bidirectional(char) in ("R", "AL") for char in line.content if char not in BIDI):
            continue
        piece = set(text.body[span.start : span.end])
        plain = piece <= {"\u200e"}
        severity = Severity.MAJOR if piece & set(OVERRIDES) else Severity.INFO if plain else Severity.MINOR
        found = told(text, span)
        yield Hit(span, found, Edit("", Safety.SAFE if plain else Safety.SUGGESTED), evidence=found, severity=severity)


@rule(
    "ENC015",
    "soft-hyphen",
    Severity.INFO,
    "soft hyphen",
    scope=Scope.TEXT,
    triggers=SOFT_HYPHEN,
    confidence=0.9,
    repair=Safety.SUGGESTED,
)
def soft_hyphen(text: Text) -> Iterator[Hit]:
    """A soft hyphen, U+00AD: a place where a word may be divided.

    Why it matters: it is invisible, and searches for the whole word miss it.
    Left alone: hyphens that show, and bytes of misread text.
    Repair: deleted; suggested, for a page meant for print may want it.
    """
    for span in runs(text, SOFT_HYPHEN):
        if not MISREAD.search(text.body, max(span.start - 1, 0), span.end + 1):
            found = told(text, span)
            yield Hit(span, found, Edit(""), evidence=found)


@rule(
    "ENC016",
    "not-nfc",
    Severity.INFO,
    "{text!r} is not composed (NFC)",
    scope=Scope.TEXT,
    triggers=MARKS,
    confidence=0.9,
    repair=Safety.SUGGESTED,
)
def not_nfc(text: Text) -> Iterator[Hit]:
    """Letters written apart from their marks (e + U+0301), or signs that Unicode folds into letters (U+212B).

    Why it matters: they look like the composed letters, but searches and comparisons do not find them.
    Left alone: marks that no composed letter exists for, as in phonetics; Han, which has rules of its own.
    Repair: the composed form, which Unicode holds to be the same text; suggested.
    """
    for span in runs(text, MARKS):
        start = span.start - 1 if span.start and text.body[span.start] not in SIGNS else span.start
        piece = text.body[start : span.end]
        composed = unicodedata.normalize("NFC", piece)
        if composed != piece:
            found = told(text, span, text=piece)
            yield Hit(Span(start, span.end), found, Edit(composed), evidence=found)


@rule(
    "ENC017",
    "compatibility-ideograph",
    Severity.MINOR,
    "{names} stands for the ordinary character {plain}",
    scope=Scope.TEXT,
    triggers=COMPATIBLE,
    confidence=0.9,
    repair=Safety.SUGGESTED,
)
def compatibility_ideograph(text: Text) -> Iterator[Hit]:
    """A CJK compatibility ideograph, a second number for a character that has one, as U+F92C for U+90CE.

    Why it matters: it looks the same, but searches, dictionaries and models do not know it.
    Left alone: the twelve that are characters of their own; Korean and Japanese text, whose standards tell them apart.
    Repair: the ordinary character, which Unicode holds to be the same; suggested.
    """
    if len(where(text, one_of(KANA_HANGUL))[0]) or len(where(text, one_of(JAPANESE))[0]) >= JAPANESE_LEAST:
        return
    for span in runs(text, COMPATIBLE):
        yield ordinary(text, span)


@rule(
    "ENC018",
    "radical-for-character",
    Severity.MINOR,
    "radical {names} stands for the character {plain}",
    scope=Scope.TEXT,
    triggers=RADICALS,
    confidence=0.9,
    repair=Safety.SUGGESTED,
)
def radical_for_character(text: Text) -> Iterator[Hit]:
    """A Kangxi or other radical inside a word, as U+2F49 for 月, U+2EDB for 风: what some PDF files give when text is copied out of them.

    Why it matters: it looks the same, but searches, dictionaries and models do not know it.
    Left alone: radicals that stand by themselves, as in a list of radicals.
    Repair: the ordinary character; suggested.
    """
    for span in runs(text, RADICALS):
        if any("\u3400" <= char <= "\u9fff" for char in around(text, span) if char):
            yield ordinary(text, span)


def ordinary(text: Text, span: Span) -> Hit:
    """A run with the ordinary characters that it looks like."""
    plain = unicodedata.normalize("NFKC", text.body[span.start : span.end]).translate(SUPPLEMENT)
    found = told(text, span, plain=plain)
    return Hit(span, found, Edit(plain), evidence=found)


RULES = (zero_width, bidi_control, soft_hyphen, not_nfc, compatibility_ideograph, radical_for_character)
