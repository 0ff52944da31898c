"""Entries that are alike: of what kind two of them are, which copy is worth keeping, what is to be said of the others.

A scan asks the same of its tables by joins (`audit.scale.clusters`); a test holds both to the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.likeness import HELD, MIN_SHARED, SHARED, UNLIKE, Sketch, containment, kind_of
from audit.language.passages import Likeness, Shared, compare, slotted, turned
from audit.language.worth import is_worse
from audit.model import Entry

COPIES = frozenset({"exact", "near", "template"})  # of two such entries one is enough
TURNED = {"contained": "holds", "holds": "contained"}


class Edge(NamedTuple):
    """Two entries that share something; `kind` is of the later one, "" where passages are shared."""

    later: int
    earlier: int
    kind: str
    likeness: Likeness


class Told(NamedTuple):
    """What is to be said of an entry: which other one it is like, in what way, as the entry sees it."""

    entry: int
    other: int
    kind: str
    likeness: Likeness


def equal(there: Entry, here: Entry) -> Likeness:
    """The likeness of entries that say the same word for word."""
    return Likeness(1.0, 1.0, 1.0, [Shared(here.content, there.content)])


def resemblance(
    entries: tuple[Entry, Entry], sketches: tuple[Sketch, Sketch], common: NDArray[np.uint32], thin: int = 1
) -> tuple[str, Likeness] | None:
    """How the second entry, the later one, is like the first; None where what they share is not worth a word.

    `common` and `thin` as `audit.language.passages.compare` has them.
    """
    (there, here), (other, own) = entries, sketches
    if own.digest == other.digest:
        return "exact", equal(there, here)
    if max(own.size, other.size) > UNLIKE * min(own.size, other.size) and containment(own, other) < HELD / 2:
        return None
    one = compare(there, here, common, thin)
    kind = kind_of(one)
    length = sum(shared.here.end - shared.here.start for shared in one.passages)
    if not kind and (one.share < SHARED or length < MIN_SHARED or not 1 / UNLIKE <= one.ratio <= UNLIKE):
        return None
    return "template" if kind == "near" and slotted(there, here) else kind, one


def clusters(edges: Iterable[Edge]) -> list[list[int]]:
    """The entries that are copies of one another, each cluster ascending."""
    root: dict[int, int] = {}

    def top(one: int) -> int:
        while (above := root.setdefault(one, one)) != one:
            root[one] = root[above]
            one = above
        return one

    for edge in edges:
        if edge.kind in COPIES:
            low, high = sorted((top(edge.later), top(edge.earlier)))
            root[high] = low
    found: dict[int, list[int]] = {}
    for one in sorted(root):
        found.setdefault(top(one), []).append(one)
    return list(found.values())


def kept_of(members: Sequence[int], damage: Mapping[int, float]) -> int:
    """The copy worth keeping: of those that are not clearly more damaged than the best one, the first."""
    least = min(damage[one] for one in members)
    return min(one for one in members if not is_worse(damage[one], least))


def told(edges: Sequence[Edge], damage: Callable[[int], float]) -> list[Told]:
    """What is to be said of whom, in order of the entries: of each one thing.

    Of a copy that is not kept: the kept one, or else its likest neighbour. Of what stands in another entry: that. Of the rest: the
    earlier entry that it shares most with.
    """
    members = clusters(edges)
    kept = {kept_of(group, {one: damage(one) for one in group}) for group in members}
    spare = {one for group in members for one in group} - kept
    both = [*(Told(*edge) for edge in edges), *(_turned(edge) for edge in edges)]
    said: dict[int, Told] = {}

    def say(found: Iterable[Told], rank: Callable[[Told], tuple[float, ...]]) -> None:
        fresh: dict[int, list[Told]] = {}
        for one in found:
            fresh.setdefault(one.entry, []).append(one)
        said.update({entry: min(several, key=rank) for entry, several in fresh.items() if entry not in said})

    say(
        (one for one in both if one.kind in COPIES and one.entry in spare),
        lambda one: (one.other not in kept, -one.likeness.alike, one.other),
    )
    say((one for one in both if one.kind == "contained"), lambda one: (-one.likeness.share, one.other))
    say((Told(*edge) for edge in edges if not edge.kind), lambda one: (-one.likeness.share, one.other))
    return [said[entry] for entry in sorted(said)]


def _turned(edge: Edge) -> Told:
    return Told(edge.earlier, edge.later, TURNED.get(edge.kind, edge.kind), turned(edge.likeness))
