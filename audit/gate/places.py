"""Where a known finding stood: whether its place was mended, and whether what stood around it still does.

Asked only of findings that nothing nearer paired. A text is a stream of the hashes of its characters, without blanks.
"""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from audit.gate.marks import Mark

PIECE = 8  # characters of a trace that stand together nowhere else
GAP = 150  # characters that may have been put between a passage and its old neighbour
SEARCHED = 32  # known findings whose surroundings are searched for one by one; a table pays for more
MENDED = 48  # characters that may stand where the passage was
MANY = 200  # leftovers of one passage: beyond, only those near in order are compared
BESIDE = 40
Pairs = dict[int, int]  # present -> known; a negative key marks a known one that is gone


@dataclass(frozen=True, slots=True)
class Place:
    """A text as a stream of hashes, and where in it each present finding begins and ends."""

    body: bytes
    spans: Sequence[tuple[int, int]]


def group(mark: Mark) -> Hashable:
    """What can be the same finding at all."""
    return (mark.rule, "long") if mark.head else mark.digest


def left_over(known: Sequence[Mark], present: Sequence[Mark], pairs: Pairs) -> Iterator[tuple[list[int], list[int]]]:
    """Known and present marks without a partner, by what can be the same."""
    spent = set(pairs.values())
    before: dict[Hashable, list[int]] = {}
    for number, mark in enumerate(known):
        if number not in spent:
            before.setdefault(group(mark), []).append(number)
    now: dict[Hashable, list[int]] = {}
    for number, mark in enumerate(present):
        if number not in pairs and group(mark) in before:
            now.setdefault(group(mark), []).append(number)
    for name, numbers in now.items():
        yield before[name], numbers


def candidates(before: Sequence[int], now: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Places in the two lists that are compared: all, or those near in order."""
    if max(len(before), len(now)) <= MANY:
        return ((i, j) for i in range(len(before)) for j in range(len(now)))
    scale = len(before) / len(now)
    return (
        (i, j)
        for j in range(len(now))
        for i in range(max(0, int(j * scale) - BESIDE), min(len(before), int(j * scale) + BESIDE))
    )


def between(known: Sequence[Mark], present: Sequence[Mark], pairs: Pairs, place: Place) -> None:
    """Pairs those left over that lie between what stood before and behind a known one."""
    for before, now in list(left_over(known, present, pairs)):
        spent: set[int] = set()
        for i, j in candidates(before, now):
            old, new = before[i], now[j]
            same = known[old].digest == present[new].digest and old not in spent and new not in pairs
            if same and lies_between(known[old], place.body, *place.spans[new]):
                pairs[new] = old
                spent.add(old)


def lies_between(mark: Mark, body: bytes, start: int, end: int) -> bool:
    """Whether a near piece of each trace still stands on its side, not too far off."""
    return any(body.rfind(piece[::-1], max(0, start - GAP), start) >= 0 for piece in near_pieces(mark.left)) and any(
        body.find(piece, end, end + GAP) >= 0 for piece in near_pieces(mark.right)
    )


def pieces(trace: bytes) -> Iterator[bytes]:
    """A trace in pieces that are long enough to stand nowhere else."""
    return (trace[at : at + PIECE] for at in range(0, len(trace) - PIECE + 1, PIECE // 2))


def without(place: Place, spans: Sequence[tuple[int, int]]) -> tuple[bytes, list[int]]:
    """The stream without some passages, and where in it each of them was taken out."""
    parts, seams, at, size = [], [], 0, 0
    for start, end in spans:
        parts.append(place.body[at:start])
        size += max(start - at, 0)
        seams.append(size)
        at = max(at, end)
    return b"".join([*parts, place.body[at:]]), seams


def finder(body: bytes, times: int) -> Callable[[bytes], Iterable[int]]:
    """What tells where a piece of PIECE characters stands in a stream that is asked for so many."""

    def search(piece: bytes) -> Iterator[int]:
        at = body.find(piece)
        while at >= 0:
            yield at
            at = body.find(piece, at + 1)

    if times <= SEARCHED or len(body) < PIECE:
        return search
    windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(body, dtype=np.uint8), PIECE)
    keys = np.ascontiguousarray(windows).view(np.uint64).ravel()
    order = np.argsort(keys, kind="stable")
    keys = keys[order]

    def look_up(piece: bytes) -> list[int]:
        key = np.frombuffer(piece, dtype=np.uint64)
        places: list[int] = order[slice(*(keys.searchsorted(key[0], side) for side in ("left", "right")))].tolist()
        return places

    return look_up


def mended(
    left: bytes, right: bytes, body: bytes, seams: Sequence[int], places: Callable[[bytes], Iterable[int]]
) -> bool:
    """Whether what stood on both sides of a passage still does, and no such passage was taken out between the two."""
    for before in near_pieces(left):
        for at in places(before[::-1]):
            start = at + len(before)
            for behind in near_pieces(right):
                end = body.find(behind, start, start + MENDED)
                if end >= 0 and bisect_left(seams, start) == bisect(seams, end):
                    return True
    return False


def near_pieces(trace: bytes) -> Iterator[bytes]:
    """The two pieces of a trace that are nearest to its passage."""
    return islice(pieces(trace), 2)


def without_mended(known: Sequence[Mark], present: Sequence[Mark], pairs: Pairs, place: Place) -> list[int]:
    """The known ones left over whose place has been mended: whatever is like them elsewhere is new."""
    gone = []
    spans: dict[str, list[tuple[int, int]]] = {}
    for span, mark in zip(place.spans, present, strict=True):
        spans.setdefault(mark.digest, []).append(span)
    for before, now in left_over(known, present, pairs):
        if present[now[0]].head:
            continue
        taken = sorted(spans[present[now[0]].digest])
        body, seams = without(place, taken)
        places = finder(body, len(before))
        passage = place.body[slice(*taken[0])]
        for old in before:
            left, right = known[old].left, known[old].right
            if passage:
                left, right = left.replace(passage[::-1], b""), right.replace(passage, b"")
            if mended(left, right, body, seams, places):
                gone.append(old)
    return gone
