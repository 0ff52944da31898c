"""Which of two readings is wrong, where two passages differ in one character: what editors call collation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import same_sound, tokens
from audit.language.confusables import alike
from audit.language.lexicon import lexicon
from audit.language.parallels import Rows, differences
from audit.language.shingles import Shingles, shingles
from audit.language.spots import member
from audit.model import Span, Text
from audit.restore.fluency import codes_of, words_bits

# Bits by which the passage reads worse. Of 14 M characters of good prose and interfaces 3 exchanges are told, two of them misprints, and 9 losses;
# of characters exchanged by sound or at random in genres that the model never saw 60 % are, of lost ones 29 %.
EXCHANGED, ALIKE, LOST = 9.0, 6.0, 3.0
NO_WORD = 12.0  # where the better reading makes no word either
SIDE, BOTH = 5, 14  # characters that are equal on each side, and on both together
SHOWN, WORD = 8, 3  # code points round the place that are judged, and of them those that may be of its word
SIZES = (2, 3, 4)
NEARBY = 100_000  # code points round a place in which its reading is counted
SOMEBODY = {*"某XxＸ×"}  # behind a surname
CONTEXT = 2  # code points that are counted with it, each side
SERIES = (
    "〇零一二三四五六七八九十百千万萬亿億两兩甲乙丙丁戊己庚辛壬癸東东西南北上中下左右前后後内內外大小男女年月日时時分正负負反已未繁简簡某"
    "国國省市县縣区區州乡鄉镇鎮村京津沪滬渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊台臺华華港澳"
    "长長短高低多少新旧舊早晚轻輕重买買卖賣"
)


class Reading(NamedTuple):
    """What stands in one of two passages: the span where they differ, the body of the text, and the number of its entry among several."""

    body: str
    span: Span
    home: int = 0

    @property
    def said(self) -> str:
        """The character, "" where there is none."""
        return self.body[self.span.start : self.span.end]

    def around(self, size: int) -> tuple[str, str]:
        """What stands on the same line before it and behind."""
        start, end = self.span
        before, behind = self.body[max(start - size, 0) : start], self.body[end : end + size]
        return before[before.rfind("\n") + 1 :], behind.partition("\n")[0]

    def with_(self, said: str) -> str:
        """The passage with another character there."""
        before, behind = self.around(SHOWN)
        return before + said + behind

    def word_codes(self, said: str) -> NDArray[np.uint32]:
        """What may be of the word of a character there; shape (2 * WORD + 1,)."""
        before, behind = self.around(WORD)
        return codes_of(before.rjust(WORD, "\n") + said + behind.ljust(WORD, "\n"))


class Variant(NamedTuple):
    """A reading that is worse than that of another passage, the bits that it costs, and how many characters agree."""

    wrong: Reading
    right: Reading
    gain: float
    equal: int


Pair = tuple[Reading, Reading, int]  # two readings of one place, and how many characters are equal around it


def variants(text: Text) -> list[Variant]:
    """Readings of a text that another passage of it proves wrong, by place; computed once."""
    return text.signal("collated", _collated)  # type: ignore[no-any-return]


def _collated(text: Text) -> list[Variant]:
    whole = shingles(text)
    rows = likely(whole.kept, whole.kept, differences(text))
    pairs = [pair for row in rows.tolist() if (pair := read((text, text), (whole, whole), row)) is not None]
    found: dict[Span, Variant] = {}
    for one in judged(pairs):
        if _is_rarer(one.wrong, one.right):
            found.setdefault(one.wrong.span, one)
    return [found[span] for span in sorted(found)]


def judged(pairs: Sequence[Pair]) -> list[Variant]:
    """Of each two readings the one that is wrong, where one is, in the order of the pairs."""
    if not pairs:
        return []
    texts = [
        side.with_(said.said) for first, second, _ in pairs for side in (first, second) for said in (first, second)
    ]
    bits = words_bits(texts).reshape(-1, 2, 2)  # of each pair by passage, then by what is said there
    gains = bits[:, :, 0] - bits[:, :, 1]  # by which the reading of the first is worse, in either passage
    told: list[Variant] = []
    for (first, second, equal), gain in zip(pairs, gains.tolist(), strict=True):
        least = ALIKE if first.said and second.said else LOST
        if min(gain) >= least:
            told.append(Variant(first, second, min(gain), equal))
        elif max(gain) <= -least:
            told.append(Variant(second, first, -max(gain), equal))
    if not told:
        return []
    words = are_words([(side, side.said) for one in told for side in (one.wrong, one.right)]).reshape(-1, 2).tolist()
    return [
        one
        for one, (word, meant_word) in zip(told, words, strict=True)
        if _is_wrong(one.wrong.said, one.right.said, one.gain, word=word, meant_word=meant_word)
    ]


def likely(kept: NDArray[np.uint16], other: NDArray[np.uint16], rows: Rows) -> Rows:
    """The rows of `differences` with enough that is equal, and other characters than members of a series.

    `kept` are the kept characters that the first place of each row counts, `other` those of the second.
    """
    before, behind = rows[:, 4], rows[:, 5]
    rows = rows[(before >= SIDE) & (behind >= SIDE) & (before + behind >= BOTH)]
    here, there = rows[:, 1] > rows[:, 0], rows[:, 3] > rows[:, 2]
    said = kept.take(rows[:, 0], mode="clip"), other.take(rows[:, 2], mode="clip")
    series = [member(char, SERIES) for char in said]
    han = [(char >= 0x3400) & (char <= 0x9FFF) for char in said]
    fine = (han[0] | ~here) & (han[1] | ~there) & ~((series[0] | ~here) & (series[1] | ~there))
    return np.asarray(rows[fine])


def _is_wrong(said: str, meant: str, gain: float, *, word: bool, meant_word: bool) -> bool:
    """Whether a reading is wrong that is worse by so many bits; `word`: it makes one with its neighbours."""
    if not said or not meant:  # a character too much costs bits of its own
        return not said and meant_word and gain >= LOST
    least = ALIKE if alike(said, meant) or same_sound(said, meant) else EXCHANGED
    return not word and gain >= (least if meant_word else NO_WORD)


def read(texts: tuple[Text, Text], kept: tuple[Shingles, Shingles], row: list[int]) -> Pair | None:
    """The two readings of a row of `differences`, of a text each; None where something stands between, or a surname."""
    one_side, other = _reading(texts[0], kept[0], *row[:2]), _reading(texts[1], kept[1], *row[2:4])
    if one_side is None or other is None:
        return None
    if any(side.body[side.span.end : side.span.end + 1] in SOMEBODY for side in (one_side, other)):
        return None
    return one_side, other, row[4] + row[5]


def _reading(text: Text, one: Shingles, low: int, high: int) -> Reading | None:
    """A kept character as a reading, or the place between two of them; None where something else stands there."""
    if high > low:
        at = one.offset(low)
        return Reading(text.body, Span(at, at + 1))
    before, behind = one.offset(low - 1), one.offset(low)
    return Reading(text.body, Span(behind, behind)) if behind == before + 1 else None


def are_words(places: Iterable[tuple[Reading, str]]) -> NDArray[np.bool_]:
    """Whether each character is of a word where it is put in place of a reading; shape (n,); False for nothing."""
    rows = tokens(np.stack([side.word_codes(said or "\n") for side, said in places]))
    pieces = [rows[:, low : low + size] for size in SIZES for low in range(WORD - size + 1, WORD + 1)]
    return np.asarray(np.any(lexicon().knows_each(pieces), axis=0))


def _is_rarer(wrong: Reading, right: Reading) -> bool:
    """Whether the wrong reading stands at most as often as the right one."""
    low, high = max(wrong.span.start - NEARBY, 0), wrong.span.end + NEARBY
    counts = []
    for one in (wrong, right):
        before, behind = one.around(CONTEXT)
        counts.append(wrong.body.count(before + one.said + behind, low, high))
    return counts[0] <= max(counts[1], 1)
