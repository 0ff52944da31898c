"""Entries of different texts that hold the same passage: what is kept of each, which of them meet, and where they differ.

Only what other texts hold is asked for here; passages that stand twice in one text are those of `audit.language.parallels`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.likeness import sketch, sorted_prints, thinning
from audit.language.parallels import COLUMNS, LINK, Rows, between
from audit.language.shingles import RUN, SAMPLED, shingles
from audit.language.spots import distinct
from audit.model import Entry, Offsets, Text
from audit.native import kernels

FEW = 6  # entries that may hold a passage: what more of them hold is a formula, and is asked for nowhere
MEETINGS = 3  # prints that two entries share before they are read; a passage of sixty characters has six
MOST = (
    1 << 23
)  # prints that are held at once, 4 bytes each: of 200 MB of Chinese all, of more every second, fourth, ... one
READ, READ_EVERY = 1_000, 10  # pairs that are read, a millisecond each: so many, and one more for so many entries
PRIME = np.uint64(0x9E3779B97F4A7C15)
PAIR_SHIFT, ONLY_SECOND = np.uint64(32), np.uint64(0xFFFFFFFF)
BLOCK = 10  # bits: entries whose numbers differ in no higher ones are read from one place


class Witness(NamedTuple):
    """What is kept of an entry: its prints, ascending, and a number that all entries of its text share, 0 for a record."""

    home: int
    prints: NDArray[np.uint32]


def witness(entry: Entry) -> Witness | None:
    """The sketch of an entry; None for what is no entry or too short."""
    like = sketch(entry)
    return None if like is None else Witness(0 if entry.record else _home(entry.text), like.prints)


def _home(text: Text) -> int:
    """A number that tells texts apart: equal ones have nothing to say of each other; computed once."""
    return text.signal("witnesses.home", _number_of)  # type: ignore[no-any-return]


def _number_of(text: Text) -> int:
    prints = shingles(text).prints
    return 1 + len(text.body) + (int(prints.sum(dtype=np.uint64)) << 32)


def meetings(witnesses: Sequence[Witness | None]) -> Iterator[tuple[int, int]]:
    """Pairs (earlier, later) of entries of different texts that share passages; the sketches are gone through three times.

    Pairs whose entries lie near each other come together, for entries of large collections are fetched from the disk.
    """
    homes, marks = [], []
    for one in witnesses:
        homes.append(0 if one is None else one.home)
        marks.append(0 if one is None or not len(one.prints) else int(one.prints[0]))
    if len(homes) < 2 or (homes[0] and homes.count(homes[0]) == len(homes)):
        return
    total = sum(0 if one is None else len(one.prints) for one in witnesses)
    below = SAMPLED // thinning(len(homes)) >> (total // MOST).bit_length()
    shared, owners, sizes = sorted_prints([_below(one, below) for one in witnesses])
    few = sizes <= FEW
    shared, owners = shared[few], owners[few]
    found = [np.empty(0, dtype=np.uint64)]
    for step in range(1, FEW):
        same = (shared[step:] == shared[:-step]).nonzero()[0]
        found.append(owners[same].astype(np.uint64) << PAIR_SHIFT | owners[same + step].astype(np.uint64))
    keys = np.sort(np.concatenate(found))
    often = keys[MEETINGS - 1 :][keys[MEETINGS - 1 :] == keys[: len(keys) - MEETINGS + 1]]
    pairs = _read(distinct(often), np.array(marks, dtype=np.uint64))
    first, second = (pairs >> PAIR_SHIFT).astype(np.int64), (pairs & ONLY_SECOND).astype(np.int64)
    order = np.lexsort((second >> BLOCK, first >> BLOCK))
    for one, other in zip(first[order].tolist(), second[order].tolist(), strict=True):
        if not homes[one] or homes[one] != homes[other]:
            yield one, other


def _read(pairs: NDArray[np.uint64], marks: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Of more pairs than are read some, ascending, chosen by what `marks` tell of their entries, in whatever order these come."""
    most = READ + len(marks) // READ_EVERY
    if len(pairs) <= most:
        return pairs
    first, second = marks[pairs >> PAIR_SHIFT], marks[pairs & ONLY_SECOND]
    drawn = (first + second) * PRIME ^ (first ^ second)
    drawn = (drawn ^ drawn >> PAIR_SHIFT) * PRIME
    return np.asarray(np.sort(pairs[np.argsort(drawn, kind="stable")[:most]]))


def _below(one: Witness | None, bound: int) -> NDArray[np.uint32]:
    """The prints of an entry below a bound."""
    return np.empty(0, dtype=np.uint32) if one is None else one.prints[: one.prints.searchsorted(bound)]


def apart(one: Entry, other: Entry) -> Rows:
    """Where passages that two entries share differ by one character, as `audit.language.parallels.differences` has it, each in its own text."""
    first, second = _own(one), _own(other)
    if kernels is None:
        rows = between(_string(first.kept), _string(second.kept), _met(first, second))
    else:
        room = np.empty(COLUMNS * (len(second.kept) // LINK + 1), dtype=np.int64)
        count = kernels.apart(*first[1:], *second[1:], room)
        rows = room[: COLUMNS * count].reshape(-1, COLUMNS)
    rows[:, :2] += first.low
    rows[:, 2:4] += second.low
    return rows


class _Own(NamedTuple):
    """The kept characters of an entry, the first of which is number `low` of its text; its prints as they come, and where each begins."""

    low: int
    kept: NDArray[np.uint16]
    prints: NDArray[np.uint32]
    places: Offsets


def _own(entry: Entry) -> _Own:
    whole = shingles(entry.text)
    low, high = whole.bounds(*entry.content)
    first, last = whole.print_at.searchsorted((low, high - RUN + 1))
    return _Own(low, whole.kept[low:high], whole.prints[first:last], whole.print_at[first:last] - low)


def _string(kept: NDArray[np.uint16]) -> str:
    return kept.astype("<u2").tobytes().decode("utf-16-le", "surrogatepass")


def _met(one: _Own, other: _Own) -> Iterator[tuple[int, int]]:
    """Places of the prints that two entries share, the first one in the first, by that of the second."""
    first = dict(zip(one.prints[::-1].tolist(), one.places[::-1].tolist(), strict=True))
    both = zip(other.prints.tolist(), other.places.tolist(), strict=True)
    return ((first[print_], place) for print_, place in both if print_ in first)
