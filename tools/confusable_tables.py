"""The tables of `audit.language.confusables`. Used by `build_tables.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import jieba
import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, pinyin
from script_tables import LETTER, codes_of, dictionary

from audit.language import confusables

SHAPES = [Path(__file__).with_name(name) for name in ("shapes.txt", "glyphs.txt")]  # by hand, and by `glyph_shapes.py`
NUMERALS = "一二三四五六七八九十百千万亿两甩"  # stand beside anything; 甩: 甩锅 and its like are newer than the tables
FREQUENT, TYPED = (
    3600,
    1100,
)  # so many characters have sound-alikes; so many are typed by mistake, rarer ones are chosen
IN_BOTH = (100, 3)  # a pair is frequent with this weight in the word list and so many places in the corpus,
IN_WORDS, IN_TEXT = 500, 60  # or with more in either
MISPRINT = 600  # a pair seen once is a misprint if its rival is so frequent
CERTAIN, CHANCE = 10**9, 3

Pair = int  # two folded code points, the first in the high bits
Fold = NDArray[np.uint16]


def words(fold: Fold) -> Iterator[tuple[list[int], int]]:
    """Words as folded code points, with their frequency."""
    path = Path(jieba.__file__).with_name("dict.txt")
    for line in path.read_text(encoding="utf-8").split("\n"):
        word, frequency, *_ = [*line.split(" "), "0"]
        if len(word) > 1:
            yield fold.take(codes_of(word), mode="clip").tolist(), int(frequency)
    for phrase in dictionary("STPhrases"):
        yield fold.take(codes_of(phrase), mode="clip").tolist(), 0


def likenesses(fold: Fold, count: NDArray[np.int64]) -> dict[int, dict[int, int]]:
    """For each character what it may stand for, and why."""
    like: dict[int, dict[int, int]] = defaultdict(dict)
    for pair in " ".join(path.read_text(encoding="utf-8") for path in SHAPES).split():
        first, second = fold.take(codes_of(pair)).tolist()
        if first != second:
            like[first][second] = like[second][first] = confusables.SHAPE
    frequent = [code for code in np.argsort(-count, kind="stable")[:FREQUENT].tolist() if code > LETTER]
    typed = set(frequent[:TYPED])
    sounds: dict[str, list[int]] = defaultdict(list)
    for code in frequent:
        sounds[pinyin(chr(code), style=Style.NORMAL)[0][0]].append(code)
    for group in sounds.values():
        for first in group:
            for second in group:
                if first in typed and first != second:
                    like[first].setdefault(second, confusables.SOUND)
    for numeral in NUMERALS:
        like.pop(ord(numeral), None)
    return like


def build(texts: Mapping[str, str], fold: Fold) -> dict[str, NDArray[Any]]:
    folded = fold.take(codes_of("\n".join(texts.values())), mode="clip").astype(np.uint64)
    keys, counts = np.unique((folded[:-1] << np.uint64(16)) | folded[1:], return_counts=True)
    in_text = dict(zip(keys.tolist(), counts.tolist(), strict=True))
    in_words: dict[Pair, int] = defaultdict(int)
    for word, frequency in words(fold):
        for first, second in pairwise(word):
            if first > LETTER and second > LETTER:
                in_words[(first << 16) | second] += frequency
    like = likenesses(fold, np.bincount(folded.astype(np.int64), minlength=len(fold)))
    rows = sorted((first, second, why) for first, others in like.items() for second, why in others.items())
    wrong = mistakes(in_text, in_words, like)
    for halves in confusables.HALVES:
        first, second = fold.take(codes_of(halves)).tolist()
        if in_text.get((first << 16) | second, 0) <= CHANCE:
            wrong[(first << 16) | second] = CERTAIN
    seen = {pair for pair, n in in_text.items() if n > 1} | set(in_words)
    return {
        "ocr_confusables": np.array(rows, dtype=np.uint16),
        "ocr_pairs": pair_table(wrong, (seen | set(in_text)) - set(wrong)),
    }


def mistakes(
    in_text: Mapping[Pair, int], in_words: Mapping[Pair, int], like: Mapping[int, dict[int, int]]
) -> dict[Pair, int]:
    """Pairs that were not seen but become frequent by one exchange, with the frequency of what they become."""
    wrong: dict[Pair, int] = {}
    for pair in sorted(set(in_text) | set(in_words)):
        first, second = pair >> 16, pair & 0xFFFF
        text, word = in_text.get(pair, 0), in_words.get(pair, 0)
        frequent = (word >= IN_BOTH[0] and text >= IN_BOTH[1]) or word >= IN_WORDS or text >= IN_TEXT
        if second <= LETTER or first in {0, 1, LETTER} or not frequent:
            continue
        weight = max(text, word)
        others = [(other << 16) | second for other in like.get(first, ())] + [
            (first << 16) | other for other in like.get(second, ())
        ]
        for other in others:
            if other not in in_words and in_text.get(other, 0) <= (weight >= MISPRINT):
                wrong[other] = max(weight, wrong.get(other, 0))
    return wrong


def pair_table(wrong: Mapping[Pair, int], seen: set[Pair]) -> NDArray[np.uint8]:
    """An 8-bit check in the slot of each wrong pair; slots that a seen pair would pass are emptied."""
    table = np.zeros(1 << confusables.PAIR_BITS, dtype=np.uint8)
    slots, checks = _slots(sorted(wrong, key=lambda pair: (wrong[pair], pair)))
    table[slots] = checks
    slots, checks = _slots(sorted(seen))
    table[slots[table[slots] == checks]] = 0
    return table


def _slots(pairs: list[Pair]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    keys = np.array(pairs, dtype=np.uint64)  # the pairs are folded already
    first, second = ((keys >> np.uint64(shift)).astype(np.uint16) for shift in (16, 0))
    return confusables.pair_slots(confusables.hashed(first, second))
