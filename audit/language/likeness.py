"""How alike two entries are: what to keep of each, which pairs to compare, what they share.

The sketches are small and made apart, so a collection can be mapped in pieces; only the pairs that share rare prints
(passages) or a band of their MinHash signatures (whole texts) are read again and aligned.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from audit.language.passages import Likeness
from audit.language.shingles import PARAGRAPH, RUN, SAMPLED, shingles, signature_of
from audit.language.spots import distinct
from audit.model import Entry, Offsets, Role

COMMON = 3  # entries that may share a passage before it is the boilerplate of the collection
BANDS = 32  # of 4 places: a similarity of 0.6 is found with 0.99, of 0.3 with 0.23
TRIES = 3
NEAR = 0.88  # of the characters alike in order: 5 % of edits leave 0.95, entries that share four fifths stay at 0.84
HELD = 0.85  # of the shorter entry stands in the longer
SHARED = (
    0.2  # of the shorter entry: in the source 0.28 where one was written from the other, 0.05 where formulas are shared
)
MIN_SHARED = 60  # characters of all passages
UNLIKE = (
    4  # times as long: a short entry shares a fifth with something in any long one (13 times in statutes run together)
)
MANY, THINNED = (
    50_000,
    4,
)  # from so many entries prints are thinned to a quarter and passages must be twice as much to be worth a
# comparison: what holds another or is held by it is found all the same, a fifth of a text not always
MIN_PRINTS = 3  # a span of 24 has 1.6 on average, the least that is worth a finding 11
WORTH = 0.08  # of the prints; less is never a fifth of the text
LONG = 1 << 16  # longer entries are compared by their prints alone


class Sketch(NamedTuple):
    """What a comparison needs of an entry: about two bytes a character.

    `prints` ascend; `signature` is None for long entries; `starts`, `ends` and `hashes` are the paragraphs'.
    """

    size: int
    digest: int
    prints: NDArray[np.uint32]
    signature: NDArray[np.uint16] | None
    starts: Offsets
    ends: Offsets
    hashes: NDArray[np.uint64]


def _make(entry: Entry) -> Sketch | None:
    one = shingles(entry.text)
    low, high = one.bounds(*entry.content)
    if entry.role is not Role.ENTRY or high - low < PARAGRAPH:
        return None
    kept = one.kept[low:high]
    first, last = np.searchsorted(one.print_at, (low, high - RUN + 1))
    begin, end = np.searchsorted(one.lines, entry.line_range)
    numbers = one.lines[begin:end]
    return Sketch(
        size=high - low,
        digest=int.from_bytes(hashlib.sha1(kept.tobytes(), usedforsecurity=False).digest()[:8], "little"),
        prints=distinct(one.prints[first:last]),
        signature=signature_of(kept) if len(kept) <= LONG else None,
        starts=entry.text.line_starts[numbers],
        ends=entry.text.line_ends[numbers],
        hashes=one.line_hashes[begin:end],
    )


def sketch(entry: Entry) -> Sketch | None:
    """The sketch of an entry, computed once for all rules; None for what is no entry or too short."""
    return cast("Sketch | None", entry.text.signal(f"duplicate {entry.start} {entry.end}", lambda _: _make(entry)))


def band_keys(signed: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """The bands of signatures as keys of which equal ones are of equal bands; shape (..., 32) for (..., 128)."""
    bands = np.ascontiguousarray(signed).view(np.uint64)
    mixed = (bands ^ (np.arange(BANDS, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(
        0xBF58476D1CE4E5B9
    )
    return np.asarray(mixed ^ (mixed >> np.uint64(29)))


def _grouped(keys: NDArray[np.unsignedinteger], owners: NDArray[np.int64], reach: int) -> NDArray[np.int64]:
    """Pairs (earlier, later) of owners with one key: each with the `reach` before it, and with its group's first, once for each key."""
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    heads = np.maximum.accumulate(np.where(np.r_[True, keys[1:] != keys[:-1]], np.arange(len(keys)), 0))
    far = np.flatnonzero(np.arange(len(keys)) - heads > reach)  # the others are not farther from it
    found = [np.stack([owners[heads[far]], owners[far]], axis=1)]
    for step in range(1, reach + 1):
        same = np.flatnonzero(keys[step:] == keys[:-step])
        found.append(np.stack([owners[same], owners[same + step]], axis=1))
    pairs = np.concatenate(found)
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]])


def few(entries: int) -> int:
    """How many entries may share a passage before it is boilerplate."""
    return min(max(COMMON, entries // 50), 8)


def thinning(entries: int) -> int:
    """Of how many prints one is looked at, in a collection of so many different entries."""
    return THINNED if entries > MANY else 1


def worth(thin: int) -> float:
    """The score from which two entries are compared."""
    return WORTH if thin == 1 else 2 * WORTH


# the similarity that so many bands in common speak for
BY_BANDS = tuple((count / BANDS) ** 0.25 for count in range(BANDS + 1))


def sorted_prints(
    prints: Sequence[NDArray[np.uint32]],
) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """The prints that several entries share, ascending, the place of each one's entry, and how many entries share it."""
    every = np.sort(np.concatenate(prints))
    twice = distinct(every[1:][every[1:] == every[:-1]])
    if not len(twice):
        return twice, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    keys = [own.astype(np.uint64) << np.uint64(32) | place for place, own in enumerate(_sharing(prints, twice))]
    ordered = np.sort(np.concatenate(keys))
    shared = (ordered >> np.uint64(32)).astype(np.uint32)
    sizes = np.diff(np.flatnonzero(np.r_[True, shared[1:] != shared[:-1], True]))
    return shared, (ordered & np.uint64(0xFFFFFFFF)).astype(np.int64), np.repeat(sizes, sizes)


def _sharing(prints: Sequence[NDArray[np.uint32]], twice: NDArray[np.uint32]) -> Iterator[NDArray[np.uint32]]:
    """Of each entry's prints those that are among `twice`; all ascend, and the shorter ones are looked for in the longer."""
    for own in prints:
        short, long = (own, twice) if len(own) < len(twice) else (twice, own)
        yield short[long.take(long.searchsorted(short), mode="clip") == short] if len(long) else short


def containment(one: Sketch, other: Sketch) -> float:
    """Share of the shorter entry's prints that the other has."""
    if one.digest == other.digest:
        return 1.0
    shared = len(np.intersect1d(one.prints, other.prints, assume_unique=True))
    return shared / max(min(len(one.prints), len(other.prints)), 1)


def kind_of(one: Likeness) -> str:
    """What a likeness makes of the later entry: nearly the same, held by the earlier, holding it; "" for none of these."""
    if one.alike >= NEAR:
        return "near"
    if one.share >= HELD:
        return "holds" if one.ratio > 1 else "contained"
    return ""


class Survey(NamedTuple):
    """For each later entry the earlier ones worth a comparison, the likeliest first; and the prints of boilerplate, ascending.

    `thin`: of so many prints one was looked at.
    """

    pairs: dict[int, list[int]]
    boilerplate: NDArray[np.uint32]
    thin: int = 1


def survey(sketches: Sequence[Sketch | None]) -> Survey:
    """What to compare in a collection, and what does not count there."""
    first: dict[int, int] = {}
    pairs: dict[int, list[int]] = {}
    fresh: list[tuple[int, Sketch]] = []
    for index, one in enumerate(sketches):
        if one is None:
            continue
        if (earlier := first.setdefault(one.digest, index)) != index:
            pairs[index] = [earlier]
        else:
            fresh.append((index, one))
    if len(fresh) < 2:
        return Survey(pairs, np.empty(0, dtype=np.uint32))
    thin = thinning(len(fresh))
    prints, places, shared = sorted_prints([one.prints[: one.prints.searchsorted(SAMPLED // thin)] for _, one in fresh])
    common = shared > few(len(fresh))
    rare = (shared > 1) & ~common
    owners = np.array([index for index, _ in fresh])
    for later, earlier in _ranked(fresh, _grouped(prints[rare], owners[places[rare]], few(len(fresh)) - 1), thin):
        if len(pairs.setdefault(later, [])) < TRIES:
            pairs[later].append(earlier)
    return Survey(dict(sorted(pairs.items())), distinct(prints[common]), thin)


def _ranked(fresh: Sequence[tuple[int, Sketch]], met: NDArray[np.int64], thin: int) -> Iterator[tuple[int, int]]:
    """Later and earlier entry of the pairs that share enough prints or bands, by the later, the likeliest first."""
    prints = {index: len(one.prints) for index, one in fresh}
    scores = {
        (a, b): count * thin / max(min(prints[a], prints[b]), 1) for (a, b), count in _counted(met, MIN_PRINTS).items()
    }
    for pair, count in _counted(_banded(fresh), 1).items():
        scores[pair] = max(scores.get(pair, 0.0), BY_BANDS[count])
    for (earlier, later), score in sorted(scores.items(), key=lambda item: (item[0][1], -item[1], item[0][0])):
        if score >= worth(thin):
            yield later, earlier


def _counted(pairs: NDArray[np.int64], least: int) -> dict[tuple[int, int], int]:
    """Pairs with how often they met, where it is enough to be looked at."""
    if not len(pairs):
        return {}
    keys = np.sort((pairs[:, 0] << 32) | pairs[:, 1])
    edges = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1], True])
    counts = np.diff(edges)
    often = edges[:-1][counts >= least]
    return {
        (key >> 32, key & 0xFFFFFFFF): count
        for key, count in zip(keys[often].tolist(), counts[counts >= least].tolist(), strict=True)
    }


def _banded(fresh: Sequence[tuple[int, Sketch]]) -> NDArray[np.int64]:
    """Pairs (earlier, later) of which each has a band in common with the other, once for each band; shape (n, 2)."""
    none = np.empty((0, 2), dtype=np.int64)
    signed = [(index, one.signature) for index, one in fresh if one.signature is not None]
    if len(signed) < 2:
        return none
    keys = band_keys(np.stack([one for _, one in signed])).ravel()
    owners = np.repeat([index for index, _ in signed], BANDS)
    ordered = np.sort(keys)
    met = np.isin(keys, ordered[1:][ordered[1:] == ordered[:-1]])
    if not met.any():
        return none
    return _grouped(keys[met], owners[met], 1)
