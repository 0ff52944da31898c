"""Characters written twice by a slip: `强制執執行`, told from reduplication (`慢慢`) and from words that meet (`水稻稻草`)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import behind, script, surprise, tokens
from audit.language.lexicon import lexicon
from audit.language.spots import member, narrow
from audit.model import Codes, Offsets, Text

# Bits by which the text reads better with one of the two, and bits that are left: above, what stands around is damaged, or names.
# 20 M characters of published text have 30 such places, two in three of them slips of their own (`中中`, `別別`).
GAIN, LEFT = 15.0, 34.0
RARELY = 8.5  # bits of a character behind itself: those that are doubled in good prose have less, and are not looked at
BEFORE, AFTER = 4, 4  # code points round the two that are judged, of their line
BREAK = 10
SIZES = (2, 3, 4)  # characters of a word that ends or begins there
MODERN = 0.2  # bits of `script.modernity`; verse doubles freely
NUMERALS = "〇零一二三四五六七八九十百千万萬两兩亿億"


class Stutter(NamedTuple):
    """A character that stands twice: the offset of the second, and the bits that it costs."""

    at: int
    gain: float


def equals(text: Text) -> Offsets:
    """Where a Han character is followed by itself, ascending; computed once."""
    return text.signal("equals", _equals)  # type: ignore[no-any-return]


def _equals(text: Text) -> Offsets:
    codes = narrow(text)
    same = (codes[1:] == codes[:-1]).nonzero()[0]
    mine = codes[same]
    return np.asarray(same[(mine >= 0x3400) & (mine <= 0x9FFF)])


def stutters(text: Text) -> list[Stutter]:
    """Slips of a text, but for verse and classical prose."""
    found = anywhere(text)
    modern = script.modernity(text, np.array([one.at for one in found], dtype=np.int64)) > MODERN if found else ()
    return [one for one, kept in zip(found, modern, strict=True) if kept]


def anywhere(text: Text) -> list[Stutter]:
    """The same whatever the text is; computed once."""
    return text.signal("stutters", _found)  # type: ignore[no-any-return]


def _found(text: Text) -> list[Stutter]:
    codes, at = text.codes, equals(text)
    mine = tokens(codes[at])
    at = at[behind(mine, mine) >= RARELY]
    at = at[~member(codes[at], NUMERALS)]
    if not len(at):
        return []
    rows = _windows(codes, at)
    place = BEFORE + 1
    single = (rows[:, place - 1] != rows[:, place]) & (rows[:, place + 2] != rows[:, place])
    paired = (rows[:, place + 2] == rows[:, place + 3]) | (rows[:, place - 1] == rows[:, place - 2])  # 朦朦胧胧
    at, rows = at[single & ~paired], rows[single & ~paired]
    both, left = (_bits(one) for one in (rows, np.delete(rows, place, axis=1)))
    kept = (both - left >= GAIN) & (left <= LEFT)
    at, rows, gains = at[kept], rows[kept], (both - left)[kept]
    slips = np.flatnonzero(~_explained(rows)) if len(at) else ()
    return [Stutter(int(at[n]) + 1, float(gains[n])) for n in slips]


def _windows(codes: Codes, at: Offsets) -> Codes:
    """The code points round each two, of their line, behind a line break; shape (len(at), 1 + BEFORE + 2 + AFTER)."""
    places = at[:, None] + np.arange(-BEFORE, 2 + AFTER)
    rows = codes.take(places, mode="clip")
    broken = (places < 0) | (places >= len(codes)) | (rows == BREAK) | (rows == 13)
    beyond = broken.copy()
    beyond[:, BEFORE:] = np.logical_or.accumulate(broken[:, BEFORE:], axis=1)
    beyond[:, :BEFORE] = np.logical_or.accumulate(broken[:, BEFORE - 1 :: -1], axis=1)[:, ::-1]
    rows[beyond] = BREAK
    return np.concatenate([np.full((len(at), 1), BREAK), rows], axis=1).astype(np.uint32)


def _bits(rows: Codes) -> NDArray[np.float32]:
    """Surprise of what stands from the first of the two on; shape (rows,)."""
    bits = surprise(np.ascontiguousarray(rows).ravel(), deep=True).reshape(rows.shape)
    return np.asarray(bits[:, BEFORE + 1 :].sum(axis=1))


def _explained(rows: Codes) -> NDArray[np.bool_]:
    """Where the two are a word, or the end of one and the beginning of another, or neither belongs to any; shape (rows,)."""
    words, first = tokens(rows), BEFORE + 1
    pieces = [(first, first + 2)]
    pieces += [(first + 1 - size, first + 1) for size in SIZES]
    pieces += [(first + 1, first + 1 + size) for size in SIZES]
    both, *sides = lexicon().knows_each([words[:, low:high] for low, high in pieces])
    ends, begins = (np.any(side, axis=0) for side in (sides[: len(SIZES)], sides[len(SIZES) :]))
    return np.asarray(both | (ends == begins))
