"""Grades: the estimated editing effort per 1,000 characters, as a score of 0 to 100 and a letter.

Each finding costs

    effort = weight(severity) * share(repair) * confidence

where the weights are 1 for minor, 4 for major, 12 for critical and 0 for info, and the share is 0.25 where a safe
repair exists (one command mends it, but a reader meets it until then), 0.5 where one is suggested (an editor confirms
it), and 1 where a human must find it. The same passage found again by the same rule in the same entry costs a tenth: what a mask stands for is looked up once.
With d the sum of the efforts per 1,000 characters that are not blank,

    score = 100 * 2 ** (-d / half)          half = 10

so half of the score is gone at an effort of ten minor corrections per 1,000 characters. Letters: A from 90, B from 75,
C from 55, D from 35, F below. One certain critical finding caps the letter at C, a density of more than one in 1,000
characters at D. An entry to be dropped, foreign to its collection or a duplicate, scores 0 and is an F before and after:
no editing makes it publishable. After the safe repairs the findings that have one cost nothing. All figures can be set under `[tool.jiaokan.grade]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.config import Weights
from audit.engine import SAFETIES, Batch
from audit.model import Action, Codes, Grade, Offsets, Safety, Severity
from audit.rule import Scope

LETTERS = ((90, "A"), (75, "B"), (55, "C"), (35, "D"), (0, "F"))
ORDER = "ABCDF"
SURE = 0.5
SAFE = SAFETIES.index(Safety.SAFE)
DROP_KINDS = frozenset({"off-topic", "duplicate"})
PRIME = np.uint64(0x9E3779B97F4A7C15)
KEY = 16  # code points
DROP_SHARE = 0.8  # a duplicate that is mostly its own text is edited, not dropped


@dataclass(frozen=True, slots=True)
class Graded:
    """A stretch of text graded as it stands and after the safe repairs."""

    now: Grade
    after: Grade
    action: Action
    size: int  # characters that are not blank
    counts: dict[str, int]  # findings by kind


def efforts(batch: Batch, weights: Weights) -> NDArray[np.float64]:
    """The effort that each hit costs as it stands, shape (n,)."""
    weight = np.array([weights.info, weights.minor, weights.major, weights.critical])
    share = np.array([1.0, weights.suggested, weights.safe])
    again = np.where(batch.repeats, weights.repeat, 1.0)
    cost: NDArray[np.float64] = weight[batch.severities] * share[batch.safeties] * batch.confidences * again
    return cost


def mark_repeats(batch: Batch, codes: Codes, homes: Offsets) -> Batch:
    """The batch with the hits marked whose passage stood before in the same entry; `homes` numbers each hit's entry."""
    if not len(codes):
        return batch
    key = (batch.ends - batch.starts).astype(np.uint64) * PRIME
    longest = int((batch.ends - batch.starts).max(initial=0))
    for step in range(min(KEY, longest)):  # the first code points and the length tell passages apart well enough
        at = batch.starts + step
        key = (key + np.where(at < batch.ends, codes.take(at, mode="clip"), 0).astype(np.uint64)) * PRIME
    key = (key + homes.astype(np.uint64)) * PRIME
    return replace(batch, repeats=batch.repeats | _seen_before(key))


def _seen_before(keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which keys stand before; shape (n,). A table of their first bits tells it; only those that share a place are sorted."""
    numbers = np.arange(len(keys))
    bits = len(keys).bit_length() + 2
    slots = (keys >> np.uint64(64 - bits)).astype(np.int64)
    first = np.zeros(1 << bits, dtype=np.int64)
    first[slots[::-1]] = numbers[::-1]
    owners = first[slots]
    own = keys[owners] == keys
    repeats: NDArray[np.bool_] = own & (owners != numbers)
    rest = np.flatnonzero(~own)
    repeats[rest] = True
    repeats[rest[np.unique(keys[rest], return_index=True)[1]]] = False
    return repeats


def grade(batches: Sequence[Batch], size: int, weights: Weights, *, whole: bool = False) -> Graded:
    """The grades of a stretch of `size` characters with these hits; `whole`: it may not be dropped (a document)."""
    tallies = [tally(batch, weights) for batch in batches]
    now = rating(tallies, size, weights)
    after = rating([one._replace(effort=one.left) for one in tallies], size, weights)
    due = action(batches, tallies, whole=whole)
    if due is Action.DROP:
        now, after = (replace(one, score=0.0, letter="F") for one in (now, after))
    return Graded(now, after, due, size, counts(batches))


def counts(batches: Iterable[Batch]) -> dict[str, int]:
    """Findings by kind."""
    found: dict[str, int] = {}
    for batch in batches:
        if len(batch):
            found[batch.rule.kind] = found.get(batch.rule.kind, 0) + len(batch)
    return found


def score(batches: Sequence[Batch], size: int, weights: Weights) -> Grade:
    """Score, letter, and the costs per kind, dearest first."""
    return rating([tally(batch, weights) for batch in batches], size, weights)


class Tally(NamedTuple):
    """What a grade asks of one rule's hits: the effort now and `left` after the safe repairs, how many are grave, and what is left to do."""

    kind: str
    effort: float
    left: float
    grave: int
    lost: bool  # a certain hit is critical and has no repair
    open: bool  # a certain hit above info has no safe repair
    safe: bool  # a hit has one


def tally(batch: Batch, weights: Weights) -> Tally:
    """The tally of a rule's hits."""
    cost, unsafe = efforts(batch, weights), batch.safeties != SAFE
    every = bool(unsafe.all())
    sure = (batch.confidences >= SURE) & unsafe
    worst = int(batch.severities.max(initial=0))
    critical = sure & (batch.severities == Severity.CRITICAL) if worst == Severity.CRITICAL else None
    effort = float(cost.sum())
    return Tally(
        batch.rule.kind,
        effort,
        effort if every else float(cost[unsafe].sum()),
        0 if critical is None else int(critical.sum()),
        critical is not None and bool((critical & (batch.safeties == 0)).any()),
        worst > Severity.INFO and bool((sure & (batch.severities > Severity.INFO)).any()),
        not every,
    )


def rating(tallies: Sequence[Tally], size: int, weights: Weights) -> Grade:
    """Score, letter, and the costs per kind, dearest first."""
    costs: dict[str, float] = {}
    critical = 0
    for one in tallies:
        if one.kind in DROP_KINDS:
            continue  # such an entry is dropped or merged, not edited
        costs[one.kind] = costs.get(one.kind, 0.0) + one.effort
        critical += one.grave
    points, letter = rated(sum(costs.values()), critical, size, weights)
    dearest = sorted(((kind, cost) for kind, cost in costs.items() if cost), key=lambda item: (-item[1], item[0]))
    return Grade(round(points, 1), letter, tuple((kind, round(cost, 2)) for kind, cost in dearest))


def rated(effort: float, critical: int, size: int, weights: Weights) -> tuple[float, str]:
    """Score and letter of a stretch of `size` characters with this effort and so many certain critical findings."""
    points = 100 * 2 ** (-effort * 1000 / max(size, 1) / weights.half)
    return points, max(letter_of(points), cap(critical, size), key=ORDER.index)


def letter_of(points: float) -> str:
    """The letter that a score gives by itself."""
    return next(letter for least, letter in LETTERS if points >= least)


def grave(batch: Batch) -> int:
    """How many hits cap the letter: critical, certain, and without a safe repair."""
    sure = (batch.confidences >= SURE) & (batch.safeties != SAFE)
    return int(((batch.severities == Severity.CRITICAL) & sure).sum())


def cap(critical: int, size: int) -> str:
    """The best letter that so many critical findings in `size` characters allow."""
    if not critical:
        return ORDER[0]
    return "D" if critical * 1000 > size else "C"


def action(batches: Sequence[Batch], tallies: Sequence[Tally], *, whole: bool) -> Action:
    """What to do with the stretch."""
    if not whole and any(drops(batch) for batch in batches):
        return Action.DROP
    if any(one.lost for one in tallies):
        return Action.RESTORE
    if any(one.open for one in tallies):
        return Action.EDIT
    converts = any(batch.rule.converts and len(batch) for batch in batches)
    return Action.FIX if converts or any(one.safe for one in tallies) else Action.PUBLISH


def drops(batch: Batch) -> bool:
    """Whether a hit says that the entry should go: it is foreign, or stands elsewhere nearly whole."""
    if batch.rule.scope is not Scope.COLLECTION or batch.rule.kind not in DROP_KINDS:
        return False
    return any(
        batch.confidences[row] >= SURE
        and batch.severities[row] >= Severity.MAJOR
        and float(batch.make(int(batch.rows[row])).evidence.get("share_of_shorter", 1.0)) >= DROP_SHARE
        for row in range(len(batch))
    )
