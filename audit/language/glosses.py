"""Romanisations in brackets behind the character that they spell: `鄉(xiāng)`, `系(xi)(xi)統(tong)`, `鄉（ㄒㄧㄤ）`.

`brackets` finds every bracket that holds one syllable, `find` those that are glosses, `strip` gives the reader's text.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.letters import LETTER_BITS, MAX_LETTERS, TABLE_SIZE, TONE_BITS, letter_table
from audit.language.sounds import NO_SYLLABLE, base_ids, is_toned, reads, syllable_ids
from audit.language.spots import one_of, where
from audit.model import Codes, Glosses, Offsets, Text

Bools = NDArray[np.bool_]
MAX_INSIDE = 11  # letters, combining marks, a blank on either side
FIRST_ZHUYIN_KEY = 32
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


def han(codes: Codes) -> Bools:
    """Whether each code point is a Han character, shape (n,)."""
    found: Bools = (codes >= 0x3400) & (codes < 0xA000) | (codes >= 0xF900) & (codes < 0xFB00)
    return found | (codes >= 0x20000) & (codes < 0x33480)


def brackets(source: Text) -> Brackets:
    """Every bracket that holds nothing but up to seven letters of a romanisation."""
    codes = source.codes
    opens, _ = where(source, one_of("(（"))
    starts, ends, keys, lower = _insides(codes, opens)
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


def _insides(codes: Codes, opens: Offsets) -> tuple[Offsets, Offsets, Offsets, Bools]:
    """Starts, ends and keys of the brackets at `opens` that hold one romanised word, and whether it has no capital."""
    table = letter_table()
    size = len(codes)
    at = opens
    keys = np.zeros(len(at), dtype=np.int64)
    tones = np.zeros(len(at), dtype=np.int64)
    lengths = np.zeros(len(at), dtype=np.int64)
    lower = np.ones(len(at), dtype=bool)
    found = []
    for step in range(1, MAX_INSIDE + 2):
        inside = at + step
        code = codes[np.minimum(inside, size - 1)]
        packed = table[np.minimum(code, TABLE_SIZE)]
        packed[inside >= size] = 0
        closes = ((code == 0x29) | (code == 0xFF09)) & (lengths > 0) & (inside < size)
        done = closes & (lengths <= MAX_LETTERS) & (tones <= 5)
        if done.any():
            tone = np.where((tones == 0) & (keys & 127 >= FIRST_ZHUYIN_KEY), 1, tones)
            found.append((at[done], at[done] + step + 1, ((keys << TONE_BITS) | tone)[done], lower[done]))
        letter = packed >> TONE_BITS
        goes_on = ((packed > 0) | (code == 0x20) | (code == 0x3000) | (code == 0xA0)) & ~closes
        keys = np.where(letter > 0, (keys << LETTER_BITS) | letter, keys)
        tones = tones + (packed & 7)
        lengths = lengths + (letter > 0)
        lower = lower & ~((code >= 0x41) & (code <= 0x5A))
        at, keys, tones, lengths, lower = (a[goes_on] for a in (at, keys, tones, lengths, lower))
        if not len(at):
            break
    if not found:
        none = np.empty(0, dtype=np.int64)
        return none, none, none, np.empty(0, dtype=bool)
    starts, ends, all_keys, all_lower = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(starts)
    return starts[order], ends[order], all_keys[order], all_lower[order]


def glossed(marks: Brackets) -> Bools:
    """Which of the brackets are glosses, shape (n,)."""
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
