"""Romanisations in brackets behind the character that they spell: `鄉(xiāng)`, `系(xi)(xi)統(tong)`, `鄉（ㄒㄧㄤ）`.

`brackets` finds every bracket that holds one syllable, `find` those that are glosses, `strip` gives the reader's text.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.letters import LETTER_BITS, MAX_LETTERS, TABLE_SIZE, TONE_BITS, letter_table
from audit.language.sounds import NO_SYLLABLE, base_ids, is_toned, reads, syllable_ids
from audit.language.spots import narrow, places
from audit.model import Codes, Glosses, Offsets, Text

Bools = NDArray[np.bool_]
MAX_INSIDE = 11  # letters, combining marks, a blank on either side
FIRST_ZHUYIN_KEY = 32
BELONGS, CAPITAL = (
    1 << 10,
    1 << 11,
)  # flags above a letter and its tone: it may stand in such a bracket, it is a capital
# A toneless word in a bracket is a gloss only on a page that glosses so. An English word or a unit spells the character
# before it by chance (帕(pa), 啊(a), 她(ta)) in fewer than 1 of 100 brackets; no clean file of 25 M characters has two.
MIN_TONELESS_HOSTS = 3
MIN_TONELESS_SHARE = 0.75
MIN_TONED = 5  # toned glosses that make a page one of glosses: its 的(de) is one too


class Brackets(NamedTuple):
    """Brackets around one syllable, in order; all of shape (n,)."""

    starts: Offsets
    ends: Offsets
    hosts: Offsets  # the code point that the bracket, or the run of brackets it is part of, stands behind; -1: none
    syllables: Offsets  # ids of `audit.language.syllables`, NO_SYLLABLE for other words of Latin letters
    toned: Bools
    lower: Bools  # no capital among the letters
    repeated: Bools  # right behind or before a bracket with the same syllable
    reads: Bools  # the host has this reading
    sounds: Bools  # the host has this reading but for the tone


NOWHERE = np.empty(0, dtype=np.int64)
NO_BRACKETS = Brackets(NOWHERE, NOWHERE, NOWHERE, NOWHERE, *(NOWHERE > 0 for _ in range(5)))


def han(codes: Codes) -> Bools:
    """Whether each code point is a Han character, shape (n,)."""
    found: Bools = (codes >= 0x3400) & (codes < 0xA000) | (codes >= 0xF900) & (codes < 0xFB00)
    return found | (codes >= 0x20000) & (codes < 0x33480)


def brackets(source: Text) -> Brackets:
    """Every bracket that holds nothing but up to seven letters of a romanisation."""
    codes = source.codes
    starts, ends, keys, lower = _insides(source)
    if not len(starts):
        return NO_BRACKETS
    syllables = syllable_ids(keys)
    follows = np.zeros(len(starts), dtype=bool)
    follows[1:] = starts[1:] == ends[:-1]
    first = np.maximum.accumulate(np.where(follows, 0, np.arange(len(starts)))) if len(starts) else starts
    hosts = starts[first] - 1
    repeated = np.zeros(len(starts), dtype=bool)
    again = follows[1:] & (keys[1:] == keys[:-1])
    repeated[1:] |= again
    repeated[:-1] |= again
    host_codes = np.where(hosts >= 0, codes[np.maximum(hosts, 0)], 0).astype(np.uint32)
    known = (syllables != NO_SYLLABLE) & han(host_codes)
    return Brackets(
        starts=starts,
        ends=ends,
        hosts=hosts,
        syllables=syllables,
        toned=is_toned(syllables),
        lower=lower,
        repeated=repeated,
        reads=known & reads(host_codes, syllables),
        sounds=known & reads(host_codes, base_ids(syllables)),
    )


def openers(source: Text) -> Offsets:
    """Where round brackets open, ascending; computed once."""
    return source.signal("openers", lambda whole: _either(whole, "(（"))  # type: ignore[no-any-return]


def closers(source: Text) -> Offsets:
    """Where round brackets close, ascending; computed once."""
    return source.signal("closers", lambda whole: _either(whole, ")）"))  # type: ignore[no-any-return]


def _either(source: Text, marks: str) -> Offsets:
    return np.sort(
        np.concatenate([places(source, mark) for mark in marks]), kind="stable"
    )  # two ascending runs, merged


def _insides(source: Text) -> tuple[Offsets, Offsets, Offsets, Bools]:
    """Starts, ends and keys of the brackets that hold one romanised word, and whether it has no capital."""
    opens, closes = openers(source), closers(source)
    if not len(opens) or not len(closes):
        return NOWHERE, NOWHERE, NOWHERE, NOWHERE > 0
    behind = closes.searchsorted(opens)
    opens, behind = opens[behind < len(closes)], behind[behind < len(closes)]
    inside = closes[behind] - opens - 1
    short = (inside > 0) & (inside <= MAX_INSIDE)
    opens, inside = opens[short], inside[short]
    if not len(opens):
        return NOWHERE, NOWHERE, NOWHERE, NOWHERE > 0
    order = np.argsort((MAX_INSIDE - inside).astype(np.uint8), kind="stable")  # the longest first
    starts = opens[order]
    keys = np.zeros(len(starts), dtype=np.int64)
    tones, lengths, some = (np.zeros(len(starts), dtype=np.int16) for _ in range(3))
    every = np.full(len(starts), BELONGS, dtype=np.int16)
    for step, reach in enumerate(np.bincount(inside, minlength=1)[::-1].cumsum()[-2::-1].tolist(), 1):
        packed = _inside_table().take(narrow(source).take(starts[:reach] + step))
        every[:reach] &= packed
        some[:reach] |= packed
        tones[:reach] += packed & 7
        letter = (packed >> TONE_BITS) & 127
        lengths[:reach] += letter > 0
        keys[:reach] = np.where(letter > 0, (keys[:reach] << LETTER_BITS) | letter, keys[:reach])
    word = (every > 0) & (lengths > 0) & (lengths <= MAX_LETTERS) & (tones <= 5)
    tones[(tones == 0) & (keys & 127 >= FIRST_ZHUYIN_KEY)] = 1
    kept, row = np.zeros(len(starts), dtype=bool), np.empty(len(starts), dtype=np.int64)
    kept[order], row[order] = word, np.arange(len(starts))
    row = row[kept]
    return opens[kept], opens[kept] + inside[kept] + 2, (keys[row] << TONE_BITS) | tones[row], some[row] < CAPITAL


@cache
def _inside_table() -> NDArray[np.int16]:
    """What each code point is in a bracket: (letter << 3) | tone, and the flags of what may stand there; shape (65536,)."""
    table = np.zeros(0x10000, dtype=np.int16)
    table[: TABLE_SIZE + 1] = letter_table()
    table[table > 0] |= BELONGS
    table[[0x20, 0x3000, 0xA0]] |= BELONGS
    table[ord("A") : ord("Z") + 1] |= CAPITAL
    return table


def glossed(marks: Brackets) -> Bools:
    """Which of the brackets are glosses, shape (n,)."""
    if not len(marks.starts):
        return marks.toned
    toned = marks.toned & marks.sounds
    words = ~marks.toned & marks.lower & (marks.ends - marks.starts > 3)
    plain = words & marks.sounds
    hosts = 1 if (plain & marks.repeated).any() or toned.sum() >= MIN_TONED else MIN_TONELESS_HOSTS
    if (
        np.count_nonzero(np.diff(marks.hosts[plain], prepend=-1)) < hosts
        or plain.sum() < MIN_TONELESS_SHARE * words.sum()
    ):
        plain &= marks.repeated
    found: Bools = toned | plain
    return found


def find(source: Text) -> Glosses:
    """All glosses of a text, brackets included."""
    marks: Brackets = source.signal("brackets", brackets)
    found = glossed(marks)
    return Glosses(marks.starts[found], marks.ends[found])


def strip(source: Text, glosses: Glosses) -> Text:
    """The text as a reader sees it, without its glosses; `source` itself if it has none."""
    if not len(glosses.starts):
        return source
    codes = source.codes
    steps = np.zeros(len(codes) + 1, dtype=np.int8)
    steps[glosses.starts] += 1
    steps[glosses.ends] -= 1
    kept = np.flatnonzero(np.cumsum(steps, dtype=np.int8) == 0)  # the end of the text too
    left = codes[kept[:-1]]
    text = Text(left.tobytes().decode("utf-32-le", "surrogatepass"), kept)
    vars(text)["codes"] = left  # what the text would compute from its body
    return text
