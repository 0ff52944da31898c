"""Which of many joined texts a rule may say something of: cheap questions that need no context, asked of all texts at once.

A scout may name a text of which the rule says nothing in the end; it may never leave one out of which it says something.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.joined import Joined, Mask, Scout
from audit.language import script, variants
from audit.language.confusables import HALVES, odd_pairs
from audit.language.glosses import brackets, closers, openers
from audit.language.letters import TABLE_SIZE, letter_table
from audit.language.misreadings import misreadings
from audit.language.overconverted import overconverted
from audit.language.spots import blanks, flanks, found, member, narrow, one_of, places
from audit.language.whereabouts import where
from audit.model import Codes, Offsets

HINTS = "小写寫一"  # first characters of what a site's introduction has (BPL002)
LETTERS, DIGITS, STARTS = "OolLI", "0123456789", "lI|"
PLACES = 9  # code points of an opening bracket and what a line end may cut off behind it


def holds(*marks: str) -> Scout:
    """For rules that need one of these passages."""

    def scout(joined: Joined) -> Mask:
        told = np.zeros(len(joined), dtype=bool)
        for mark in marks:
            told |= joined.holding(list(found(joined.text.body, mark)))
        return told

    return scout


def nowhere(joined: Joined) -> Mask:
    """For rules that speak of files as they were read: a record is text already."""
    return np.zeros(len(joined), dtype=bool)


def titled(joined: Joined) -> Mask:
    """For rules that speak of an entry's title."""
    return joined.titled


def escaped(joined: Joined) -> Mask:
    """Texts with a backslash before a u."""
    return joined.holding(flanks(joined.text, "\\", "", "u"))


def glossed(joined: Joined) -> Mask:
    """Texts with a bracket that holds a syllable, or with half of one: cut by a line end, or without its opening."""
    text = joined.text
    marks = text.signal("brackets", brackets)
    opens, ends = openers(text), text.line_ends
    left = ends[np.minimum(ends.searchsorted(opens), len(ends) - 1)] - opens
    opens = opens[(left > 0) & (left <= PLACES)]
    closes, table = closers(text), letter_table()
    toned = np.zeros(len(closes), dtype=bool)
    for back in range(1, 7):
        code = text.codes[np.maximum(closes - back, 0)]
        toned |= (code > 127) & (table[np.minimum(code, TABLE_SIZE)] & 7 > 0)
    return joined.holding(np.concatenate([marks.starts, opens, closes[toned]]))


def _han(codes: Codes | NDArray[np.uint16]) -> Mask:
    return np.asarray((codes >= 0x3400) & (codes <= 0x9FFF))


def between_han(marks: str, *, behind: bool) -> Scout:
    """For rules about a mark between two Han characters, the first of them 的 (`behind`) or another."""

    def scout(joined: Joined) -> Mask:
        text, codes = joined.text, narrow(joined.text)
        told = [np.empty(0, dtype=np.int64)]
        for mark in marks:
            at = places(text, mark)
            at = at[(at > 0) & (at + 1 < len(codes))]
            before = codes[at - 1]
            told.append(at[_han(before) & _han(codes[at + 1]) & ((before == ord("的")) == behind)])
        return joined.holding(np.concatenate(told))

    return scout


def gaps(joined: Joined) -> Mask:
    """Texts with a blank or two beside a Han character, with such a character, a digit, 、 or 。 on the other side."""
    codes, at = narrow(joined.text), blanks(joined.text)
    if not len(at):
        return np.zeros(len(joined), dtype=bool)
    joins = np.diff(at) == 1
    starts, ends = at[~np.concatenate([[False], joins])], at[~np.concatenate([joins, [False]])] + 1
    inside = (starts > 0) & (ends < len(codes)) & (ends - starts <= 2)
    starts, ends = starts[inside], ends[inside]
    before, after = codes[starts - 1], codes[ends]
    left, right = _han(before), _han(after)
    digits = one_of(DIGITS)
    near = right & (left | digits.take(before) | member(before, "、。")) | left & digits.take(after)
    return joined.holding(starts[near & (codes[starts] == ord(" "))])


def split(joined: Joined) -> Mask:
    """Texts with the two halves of a character side by side."""
    body = joined.text.body
    odd: Offsets = joined.text.signal("ocr.odd", lambda one: odd_pairs(narrow(one)))
    firsts = member(joined.text.codes.take(odd, mode="clip"), "".join({pair[0] for pair in HALVES}))
    return joined.holding([at for at in odd[firsts].tolist() if body[at : at + 2] in HALVES])


def digit_letters(joined: Joined) -> Mask:
    """Texts with a letter that may be a digit beside one, or before the mark of an item."""
    text, codes = joined.text, joined.text.codes
    letters, _ = where(text, one_of(LETTERS))
    beside = np.zeros(len(letters), dtype=bool)
    for step in (-1, 1):
        near = codes.take(letters + step, mode="clip")
        beside |= (near >= ord("0")) & (near <= ord("9"))
    starts = text.line_starts[text.line_ends - text.line_starts > 1]
    heads = member(codes[starts], STARTS) & member(codes[starts + 1], "、．") if len(starts) else starts > 0
    return joined.holding(np.concatenate([letters[beside], starts[heads]]))


def misread(joined: Joined) -> Mask:
    """Texts with a word that is a known misreading."""
    return joined.holding(list(misreadings(joined.text)))


def mixed(joined: Joined) -> Mask:
    """Texts with characters of the simplified script and of the traditional one."""
    bits = script.scripts(joined.text).bits
    both = (np.flatnonzero(bits & kind) for kind in (script.SIMPLIFIED, script.TRADITIONAL))
    return np.asarray(np.logical_and.reduce([joined.holding(at) for at in both]))


def converted(joined: Joined) -> Mask:
    """Texts in traditional script with a character that its neighbours vote against, or a word that no converter should make."""
    text = joined.text
    bits = script.scripts(text).bits
    traditional = _leading(joined, 4)
    if not traditional.any():
        return traditional
    at = np.flatnonzero(bits & (script.MERGED | script.SILENT) == script.MERGED)
    at = at[traditional[owners(joined, at)]]
    voted = variants.votes(text.codes, at)
    return traditional & joined.holding([*at[~voted.right].tolist(), *overconverted(text)])


def varied(joined: Joined) -> Mask:
    """Texts in traditional script with a character that has two forms."""
    return _leading(joined, 1) & joined.holding(np.flatnonzero(script.scripts(joined.text).bits & script.VARIANT))


def _leading(joined: Joined, times: int) -> Mask:
    """Which texts have more than one traditional character for so many simplified ones."""
    bits = script.scripts(joined.text).bits
    kinds = (script.SIMPLIFIED, script.TRADITIONAL)
    simplified, traditional = (joined.counts(np.flatnonzero(bits & kind)) for kind in kinds)
    return np.asarray(traditional * times > simplified)


def owners(joined: Joined, at: Offsets) -> Offsets:
    """The number of the text that each place stands in."""
    return np.asarray(joined.starts.searchsorted(at, side="right") - 1)
