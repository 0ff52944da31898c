"""Romanisations in brackets behind the character that they spell: `鄉(xiāng)`, `系(xi)(xi)統(tong)`, `鄉（ㄒㄧㄤ）`.

`brackets` finds every bracket that holds one syllable, `find` those that are glosses, `strip` gives the reader's text.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.letters import LETTER_BITS, MAX_LETTERS, TABLE_SIZE, TONE_BITS, key_of, letter_table
from audit.language.sounds import NO_SYLLABLE, base_ids, is_toned, reads, syllable_ids
from audit.language.spot_tables import BEYOND
from audit.language.spots import narrow, places
from audit.model import Codes, Glosses, Offsets, Text
from audit.native import kernels

Bools = NDArray[np.bool_]
OPENING, CLOSING = "(（[［【〔{｛<〈", ")）]］】〕}｝>〉"
MAX_INSIDE = 11  # letters, combining marks, a blank on either side
FIRST_ZHUYIN_KEY = 32
# What is summed up over a bracket, above the letters: tones, letters, capitals, marks that change the letter before them, and
# what may not stand there.
TONES, LENGTH, CAPITALS, CHANGES, ALIENS = 11, 17, 21, 25, 1 << 27
CHANGING = (0x302, 0x308)  # of e and u
# A toneless word in a bracket is a gloss only on a page that glosses so. An English word or a unit spells the character
# before it by chance (帕(pa), 啊(a), 她(ta)) in fewer than 1 of 100 brackets; no clean file of 25 M characters has two.
MIN_TONELESS_HOSTS = 3
MIN_TONELESS_SHARE = 0.75
MOST_PAIRS = 1 << 20  # hosts times syllables
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
    reading, sound = _read(host_codes, syllables, known)
    return Brackets(
        starts=starts,
        ends=ends,
        hosts=hosts,
        syllables=syllables,
        toned=is_toned(syllables),
        lower=lower,
        repeated=repeated,
        reads=reading,
        sounds=sound,
    )


def _read(hosts: Codes, syllables: Offsets, known: Bools) -> tuple[Bools, Bools]:
    """Whether each known host has its reading, and whether it has it but for the tone; each pair of them is asked once."""
    rows = np.flatnonzero(known & (hosts <= BEYOND))
    close, spelled = hosts.take(rows), syllables.take(rows)
    chars, sounds = (np.flatnonzero(np.bincount(one, minlength=1)) for one in (close, spelled))
    if len(chars) * len(sounds) > MOST_PAIRS:
        return known & reads(hosts, syllables), known & reads(hosts, base_ids(syllables))
    number = np.zeros(BEYOND + 1, dtype=np.int64)
    number[chars] = np.arange(len(chars)) * len(sounds)
    place = np.zeros(NO_SYLLABLE + 1, dtype=np.int64)
    place[sounds] = np.arange(len(sounds))
    pairs = number.take(close) + place.take(spelled)
    asked = np.zeros(len(chars) * len(sounds), dtype=bool)
    asked[pairs] = True
    each = np.flatnonzero(asked)
    char, sound = chars.take(each // max(len(sounds), 1)).astype(np.uint32), sounds.take(each % max(len(sounds), 1))
    told = []
    for answer in (reads(char, sound), reads(char, base_ids(sound))):
        asked[each] = answer
        one = np.zeros(len(hosts), dtype=bool)
        one[rows] = asked.take(pairs)
        told.append(one)
    beyond = np.flatnonzero(known & (hosts > BEYOND))
    for one, wanted in zip(told, (syllables, base_ids(syllables)), strict=True):
        one[beyond] = reads(hosts.take(beyond), wanted.take(beyond))
    return told[0], told[1]


def openers(source: Text) -> Offsets:
    """Where brackets open, ascending; computed once."""
    return source.signal("openers", lambda whole: _either(whole, OPENING))  # type: ignore[no-any-return]


def closers(source: Text) -> Offsets:
    """Where brackets close, ascending; computed once."""
    return source.signal("closers", lambda whole: _either(whole, CLOSING))  # type: ignore[no-any-return]


def _either(source: Text, marks: str) -> Offsets:
    return np.sort(np.concatenate([places(source, mark) for mark in marks]), kind="stable")  # ascending runs, merged


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
    keys, sums = _spelled(source, opens, inside)
    tones, lengths, capitals = (sums >> TONES) & 63, (sums >> LENGTH) & 15, (sums >> CAPITALS) & 15
    word = (sums < ALIENS) & (lengths > 0) & (lengths <= MAX_LETTERS) & (tones <= 5)
    tones[(tones == 0) & (keys & 127 >= FIRST_ZHUYIN_KEY)] = 1
    opens, ends, packed_keys = opens[word], opens[word] + inside[word] + 2, (keys[word] << TONE_BITS) | tones[word]
    for n in np.flatnonzero(sums[word] >> CHANGES).tolist():
        packed_keys[n] = key_of(source.body[opens[n] + 1 : ends[n] - 1].strip())
    return opens, ends, packed_keys, capitals[word] == 0


def _spelled(source: Text, opens: Offsets, inside: Offsets) -> tuple[Offsets, NDArray[np.int32]]:
    """The letters in each bracket, and the sums over what stands there; shapes (n,)."""
    codes, table = narrow(source), _inside_table()
    keys, sums = np.zeros(len(opens), dtype=np.int64), np.zeros(len(opens), dtype=np.int32)
    if kernels is not None:
        kernels.bracket_letters(codes, opens, inside, table, keys, sums)
        return keys, sums
    order = np.argsort((MAX_INSIDE - inside).astype(np.uint8), kind="stable")  # the longest first
    starts = opens[order]
    for step, reach in enumerate(np.bincount(inside, minlength=1)[::-1].cumsum()[-2::-1].tolist(), 1):
        packed = table.take(codes.take(starts[:reach] + step))
        sums[:reach] += packed
        keys[:reach] <<= LETTER_BITS * ((packed >> LENGTH) & 1)
        keys[:reach] |= packed & 127
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return keys[back], sums[back]


@cache
def _inside_table() -> NDArray[np.int32]:
    """What each code point is in a bracket: a letter, and what is summed up; shape (65536,)."""
    letters = np.zeros(0x10000, dtype=np.int32)
    letters[: TABLE_SIZE + 1] = letter_table()
    belongs = letters > 0
    belongs[[0x20, 0x3000, 0xA0]] = True
    letter = letters >> TONE_BITS
    table = letter | ((letters & 7) << TONES) | ((letter > 0).astype(np.int32) << LENGTH) | (~belongs * ALIENS)
    table[ord("A") : ord("Z") + 1] |= 1 << CAPITALS
    table[list(CHANGING)] = 1 << CHANGES
    return table.astype(np.int32)


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
    kept, left = _without(source.codes, glosses)
    text = Text(left.tobytes().decode("utf-32-le", "surrogatepass"), kept)
    vars(text)["codes"] = left  # what the text would compute from its body
    return text


def _without(codes: Codes, glosses: Glosses) -> tuple[Offsets, Codes]:
    """Where what is left stood, the end of the text behind it, shape (n + 1,), and what it is, shape (n,)."""
    if kernels is not None:
        size = len(codes) - int((glosses.ends - glosses.starts).sum())
        kept, left = np.empty(size + 1, dtype=np.int64), np.empty(size, dtype=np.uint32)
        kernels.without(codes, *map(np.ascontiguousarray, (glosses.starts, glosses.ends)), kept, left)
        return kept, left
    begins = np.concatenate([[0], glosses.ends])  # of what is left between two glosses
    sizes = np.concatenate([glosses.starts, [len(codes) + 1]]) - begins  # the end of the text too
    kept = (begins - (sizes.cumsum() - sizes)).repeat(sizes)
    kept += np.arange(len(kept))
    return kept, codes.take(kept[:-1])
