"""Words that exist only where a character was misread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from audit.joined import Joined, Mask
from audit.language import scouts, script
from audit.language.misreadings import misreadings
from audit.language.patterns import regex
from audit.language.spots import kinds
from audit.language.stutter import Stutter, anywhere, stutters
from audit.model import Edit, Hit, Offsets, Safety, Severity, Span, Text
from audit.restore.collate import Reading
from audit.restore.fluency import both_bits
from audit.rule import Scope, family

rule = family("ocr")

CLASSICAL = -0.1  # bits of `script.modernity`; of places in classical verse 0.1 % lie above -0.05
TYPED = "已己侯"  # typists confuse them as often, and readers pass over them: one in a long text is a remark
MISWRITTEN = regex(r"[错錯][别別]?字|[错錯][误誤]的字|[别別]字|改[错錯]|[误誤][写寫作为為]|[错錯][写寫]|[写寫]成")
BEFORE, BEHIND = 80, 30  # code points round a word that may say so
# Bits that words gain where a doubled character is left out: below, a word of one character stands before another (`被被告`); and bits by n-grams
# from which nine in ten are slips. Of 20 M characters of published text 30 are told, 20 of them slips; of characters doubled by lot one in five.
BY_WORDS, CERTAIN = 8.0, 18.0
SPARSE, PASSAGE = 2000, 500  # code points to a misreading; in so many one is alone


def is_traditional(text: Text) -> bool:
    """Whether the text's opening is in traditional script."""
    bits = kinds(text)[: 1 << 16]
    return bool(np.count_nonzero(bits & script.TRADITIONAL) > np.count_nonzero(bits & script.SIMPLIFIED))


@rule(
    "OCR007",
    "misread-word",
    Severity.MINOR,
    "{text!r} is a misread {form!r} in {context!r}",
    scope=Scope.TEXT,
    scout=scouts.misread,
    confidence=0.9,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
)
def misread_word(text: Text) -> Iterator[Hit]:
    """A word that exists only where a character was read for another of its shape: `自已`, `末来`, `5月3曰`, `12尸`.

    Why it matters: the word is lost to search, and a date or a count to every program.
    Left alone: the same characters at the border of two words (`自己经历`, `本月未完成`), classical texts, exercises on miswritten characters. In a text that has
    hardly any, one that typists make too (已 for 己, 侯 for 候) is a remark.
    Repair: the character that was meant.
    """
    found = misreadings(text)
    if not found:
        return
    at = np.array(sorted(found), dtype=np.int64)
    at = at[(script.modernity(text, at) > CLASSICAL) | _behind_digit(text, at)]
    traditional = is_traditional(text)
    dense = len(at) * SPARSE > len(text.codes) and (len(at) > 1 or len(text.codes) < PASSAGE)
    for start in at.tolist():
        if is_spoken_of(text, start):
            continue
        seen = text.body[start]
        form = script.to_traditional(found[start]) if traditional else found[start]
        context = text.body[max(start - 2, 0) : start + 3]
        yield Hit(
            Span(start, start + 1),
            {"text": seen, "form": form, "context": context},
            Edit(form),
            severity=Severity.INFO if seen in TYPED and not dense else None,
            evidence={"form": form, "context": context},
        )


def is_spoken_of(text: Text, at: int) -> bool:
    """Whether the text speaks of miswritten characters there, as an exercise or a style guide does: `下列词语中有错别字的一项`."""
    return MISWRITTEN.search(text.body, max(at - BEFORE, 0), at + BEHIND) is not None


def _behind_digit(text: Text, at: Offsets) -> NDArray[np.bool_]:
    """Which places stand behind a digit, which classical texts do not write."""
    before = text.codes.take(at - 1, mode="clip")
    return (before >= ord("0")) & (before <= ord("9"))


def _scout(joined: Joined) -> Mask:
    """Texts with a doubled character, verse or not."""
    return joined.holding([one.at for one in anywhere(joined.text)])


@rule(
    "OCR008",
    "doubled-character",
    Severity.MINOR,
    "{text!r} stands twice in {context!r}",
    scope=Scope.TEXT,
    scout=_scout,
    confidence=0.7,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
    preview=True,
)
def doubled_character(text: Text) -> Iterator[Hit]:
    """A character written twice by a slip, as in `强制执执行`, `国民身身分证`.

    Why it matters: neither a reader nor a program knows whether a word is lost between the two.
    Left alone: reduplication (`慢慢`, `朦朦胧胧`), numerals, two words that meet in one character (`水稻稻草`), names, verse and classical prose. In a text
    that shows hardly any other damage it is a remark: edited text has such slips too.
    Repair: one of the two is deleted where nine in ten such places are slips, suggested; else none.
    """
    found = stutters(text)
    for one, words in zip(found, _by_words(text, found), strict=True):
        if words < BY_WORDS:
            continue
        context = text.body[max(one.at - 3, 0) : one.at + 3].strip()
        values = {"text": text.body[one.at], "context": context}
        evidence = {"gain_bits": round(one.gain, 1), "words_bits": round(words, 1)}
        edit, confidence = (Edit(""), 0.85) if one.gain >= CERTAIN else (None, None)
        yield Hit(Span(one.at, one.at + 1), values, edit, confidence, evidence)


def _by_words(text: Text, found: Sequence[Stutter]) -> list[float]:
    """The bits by which words gain where one of the two is left out."""
    if not found:
        return []
    sides = [Reading(text.body, Span(one.at, one.at + 1)) for one in found]
    bits = both_bits([side.with_(said) for side in sides for said in (side.said, "")])[1]
    return cast("list[float]", (bits[::2] - bits[1::2]).tolist())


RULES = (misread_word, doubled_character)
