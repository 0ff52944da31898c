"""Whether a finding is one that was known: the same damage in surroundings that may have been edited.

Both lists hold marks of one document. Each known finding is spent once, so of n+1 equal ones the last is new. The tiers ask
for less and less of the surroundings and give in nothing that hides a finding elsewhere:

1. both traces whole; 2. the near half of both; 3. one trace alone, where no other known or present finding has it;
4. the nearest characters alike; 5. what stood before and after it still does, and it lies between.

Before the third, those are set aside whose place was mended: what stood around them does so still, without them. A passage
that was mended here and stands anew a few characters on is therefore new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence

from rapidfuzz.distance import LCSseq

from audit.gate.marks import TRACE, Mark
from audit.gate.places import Pairs, Place, between, candidates, left_over, without_mended

NEAR = TRACE // 2
CLOSE = 8  # the characters next to a passage, compared with
CLOSE_BY = 12  # so many now next to it: some may have come in between
BOTH, ONE = 0.5, 0.75  # of them in their order; foreign places of one mask share 0.1 to 0.3
INSIDE = 0.6  # of the ends of a long passage
Key = Callable[[Mark], Hashable]


def exact(known: Sequence[Mark], present: Sequence[Mark], pairs: Pairs, key: Key) -> None:
    """Pairs those left over that have the same key, in their order."""
    waiting: dict[Hashable, list[int]] = {}
    spent = set(pairs.values())
    for number in range(len(known) - 1, -1, -1):
        if number not in spent:
            waiting.setdefault(key(known[number]), []).append(number)
    for number, mark in enumerate(present):
        if number not in pairs and (queue := waiting.get(key(mark))):
            pairs[number] = queue.pop()


def whole(mark: Mark) -> Hashable:
    """Everything about a mark."""
    return mark


def anywhere(mark: Mark) -> Hashable:
    """Everything but the record's id."""
    return mark.digest, mark.left, mark.right


def near(mark: Mark) -> Hashable:
    """The passage and its neighbours on both sides."""
    return mark.digest, mark.left[:NEAR], mark.right[:NEAR], mark.id


def one_side(known: Sequence[Mark], present: Sequence[Mark], pairs: Pairs, side: str) -> None:
    """Pairs those left over that share a trace which no other has: labels that repeat tell nothing."""

    def key(mark: Mark) -> Hashable:
        return mark.digest, getattr(mark, side)[:NEAR], mark.id

    before, now = Counter(map(key, known)), Counter(map(key, present))
    lone = {one for one in before if before[one] == now[one] == 1 and len(one[1]) == NEAR}  # type: ignore[index]
    exact(known, present, pairs, lambda mark: key(mark) if key(mark) in lone else id(mark))


def close(one: bytes, other: bytes) -> int:
    """How many of the characters next to a passage still stand near it, in their order."""
    return int(LCSseq.similarity(one[:CLOSE], other[:CLOSE_BY]))


def alike(known: Mark, present: Mark) -> float:
    """How much of the nearest surroundings is still there, 0 to 1; 0 where it is too little."""
    if known.id is not None and present.id is not None and known.id != present.id:
        return 0.0
    if known.head and present.head:
        return same_long(known, present)
    if known.digest != present.digest:
        return 0.0
    sizes = [min(len(trace), CLOSE) for trace in (known.left, known.right)]
    shares = [close(known.left, present.left), close(known.right, present.right)]
    if not sum(sizes):
        return float(not present.left and not present.right)
    both = sum(shares) / sum(sizes)
    one = max((share / CLOSE for share, size in zip(shares, sizes, strict=True) if size == CLOSE), default=0.0)
    return max(both, one) if both >= BOTH or one >= ONE else 0.0


def same_long(known: Mark, present: Mark) -> float:
    """How much of one end two long passages have in common; 0 where it is too little."""
    ends = ((known.head, present.head), (known.tail, present.tail))
    share = max(LCSseq.normalized_similarity(*pair) for pair in ends)
    return float(share) if share >= INSIDE else 0.0


def similar(known: Sequence[Mark], present: Sequence[Mark], pairs: Pairs) -> None:
    """Pairs those left over whose surroundings are alike, the likest first, then those near in order."""
    for before, now in list(left_over(known, present, pairs)):
        scored = []
        for i, j in candidates(before, now):
            score = alike(known[before[i]], present[now[j]])
            if score:
                scored.append((-score, abs(i - j), before[i], now[j]))
        spent: set[int] = set()
        for _, _, old, new in sorted(scored):
            if old not in spent and new not in pairs:
                pairs[new] = old
                spent.add(old)


def paired(known: Sequence[Mark], present: Sequence[Mark], text: Callable[[], Place]) -> Pairs:
    """For each present mark that was known, the number of the known one; the rest are new. Both in order of place."""
    pairs: Pairs = {}
    for key in (whole, near):
        exact(known, present, pairs, key)
    if not any(True for _ in left_over(known, present, pairs)):
        return pairs
    place = text()
    gone = {-1 - number: old for number, old in enumerate(without_mended(known, present, pairs, place))}
    pairs |= gone
    for side in ("left", "right"):
        one_side(known, present, pairs, side)
    similar(known, present, pairs)
    between(known, present, pairs, place)
    return {new: old for new, old in pairs.items() if new >= 0}
