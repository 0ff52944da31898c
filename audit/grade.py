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
no editing makes it publishable; what tells of such costs nothing where the entry stays, but that it is foreign below major: a human reads it and
decides, which is an editing of one place. After the safe repairs the findings that have one cost nothing. All figures can be set under `[tool.jiaokan.grade]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.config import Weights
from audit.engine import SAFETIES, Batch
from audit.model import Action, Grade, Offsets, Safety, Severity
from audit.repeats import together
from audit.rule import Rule, Scope

LETTERS = ((90, "A"), (75, "B"), (55, "C"), (35, "D"), (0, "F"))
ORDER = "ABCDF"
SURE = 0.5
SAFE = SAFETIES.index(Safety.SAFE)
SHARED_KIND = "duplicate"  # what is foreign goes whole; a duplicate goes if enough of it stands elsewhere
DROP_KINDS = frozenset({"off-topic", SHARED_KIND})
FIRST = np.zeros(1, dtype=np.int64)
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
    return _efforts(_columns([batch]), weights)


class _Columns(NamedTuple):
    """What a grade asks of hits, those of several rules one after the other; shapes (n,)."""

    severities: NDArray[np.int8]
    safeties: NDArray[np.int8]
    confidences: NDArray[np.float32]
    repeats: NDArray[np.bool_]


def _columns(batches: Sequence[Batch]) -> _Columns:
    return _Columns(*(np.concatenate([getattr(batch, name) for batch in batches]) for name in _Columns._fields))


def _efforts(hits: _Columns, weights: Weights) -> NDArray[np.float64]:
    weight = np.array([weights.info, weights.minor, weights.major, weights.critical])
    share = np.array([1.0, weights.suggested, weights.safe])
    again = np.where(hits.repeats, weights.repeat, 1.0)
    cost: NDArray[np.float64] = weight[hits.severities] * share[hits.safeties] * hits.confidences * again
    return cost


def grade(
    batches: Sequence[Batch],
    size: int,
    weights: Weights,
    tallied: Sequence[Tally] | None = None,
    *,
    whole: bool = False,
) -> Graded:
    """The grades of a stretch of `size` characters with these hits; `whole`: it may not be dropped (a document).

    `tallied` are the batches' tallies where they are known.
    """
    tallied = tallies(batches, weights) if tallied is None else tallied
    now = rating(tallied, size, weights)
    after = rating([one._replace(effort=one.left) for one in tallied], size, weights) if _mends(tallied) else now
    due = action(batches, tallied, whole=whole)
    if due is Action.DROP:
        now, after = (replace(one, score=0.0, letter="F") for one in (now, after))
    return Graded(now, after, due, size, counts(batches))


def _mends(tallied: Sequence[Tally]) -> bool:
    """Whether safe repairs change anything."""
    return any(one.safe for one in tallied)


def counts(batches: Iterable[Batch]) -> dict[str, int]:
    """Findings by kind."""
    found: dict[str, int] = {}
    for batch in batches:
        if len(batch):
            found[batch.rule.kind] = found.get(batch.rule.kind, 0) + len(batch)
    return found


def score(batches: Sequence[Batch], size: int, weights: Weights) -> Grade:
    """Score, letter, and the costs per kind, dearest first."""
    return rating(tallies(batches, weights), size, weights)


class Tally(NamedTuple):
    """What a grade asks of one rule's hits: the effort now and `left` after the safe repairs, how many are grave, and what is left to do."""

    kind: str
    merged: bool  # it speaks of an entry that goes, or is merged: nothing to be edited
    effort: float
    left: float
    grave: int
    lost: bool  # a certain hit is critical and has no repair
    open: bool  # a certain hit above info has no safe repair
    safe: bool  # a hit has one


def tallies(batches: Sequence[Batch], weights: Weights, parts: Sequence[Offsets] | None = None) -> list[Tally]:
    """The tally of each rule's hits; with `parts`, of each part of them, which begin at these hits of theirs, the first at 0."""
    if parts is None:
        batches = [batch for batch in batches if len(batch)]
        parts = [FIRST] * len(batches)
    left = iter(parts)
    return [one for some in together(batches) for one in _tallied(some, [next(left) for _ in some], weights)]


def _tallied(batches: Sequence[Batch], parts: Sequence[Offsets], weights: Weights) -> list[Tally]:
    hits, sizes = _columns(batches), np.array([len(batch) for batch in batches], dtype=np.int64)
    rules = [batch.rule for batch, part in zip(batches, parts, strict=True) for _ in range(len(part))]
    at = np.concatenate(parts) + (sizes.cumsum() - sizes).repeat([len(part) for part in parts])
    cost, unsafe = _efforts(hits, weights), hits.safeties != SAFE
    sure = (hits.confidences >= SURE) & unsafe
    critical = sure & (hits.severities == Severity.CRITICAL)
    columns = (
        np.add.reduceat(cost, at),
        np.add.reduceat(np.where(unsafe, cost, 0.0), at),
        np.add.reduceat(critical, at, dtype=np.int64),
        np.logical_or.reduceat(critical & (hits.safeties == 0), at),
        np.logical_or.reduceat(sure & (hits.severities > Severity.INFO), at),
        np.logical_or.reduceat(~unsafe, at),
    )
    kinds, gone = [rule.kind for rule in rules], map(merged, rules, np.maximum.reduceat(hits.severities, at).tolist())
    return list(map(Tally, kinds, gone, *(column.tolist() for column in columns)))


def rating(tallies: Sequence[Tally], size: int, weights: Weights) -> Grade:
    """Score, letter, and the costs per kind, dearest first."""
    costs: dict[str, float] = {}
    critical = 0
    for one in tallies:
        if one.merged:
            continue
        costs[one.kind] = costs.get(one.kind, 0.0) + one.effort
        critical += one.grave
    points, letter = rated(sum(costs.values()), critical, size, weights)
    dearest = sorted(((kind, cost) for kind, cost in costs.items() if cost), key=lambda item: (-item[1], item[0]))
    return Grade(points, letter, tuple((kind, round(cost, 2)) for kind, cost in dearest))


def rated(effort: float, critical: int, size: int, weights: Weights) -> tuple[float, str]:
    """Score and letter of a stretch of `size` characters with this effort and so many certain critical findings."""
    points = round(100 * 2 ** (-effort * 1000 / max(size, 1) / weights.half), 1)
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


def is_light(graded: Graded) -> bool:
    """Whether a text that must be edited is as good as the best: a few places of it need a hand."""
    return graded.action is Action.EDIT and graded.now.letter == ORDER[0]


def merged(rule: Rule, worst: int) -> bool:
    """Whether a rule whose gravest finding is this one speaks of entries that are dropped or merged, not edited."""
    gone = rule.kind == SHARED_KIND or worst >= Severity.MAJOR
    return gone and rule.scope is Scope.COLLECTION and rule.kind in DROP_KINDS


def drops(batch: Batch) -> bool:
    """Whether a hit says that the entry should go: it is foreign, or stands elsewhere nearly whole."""
    if not merged(batch.rule, Severity.MAJOR):
        return False
    sure = batch.rows[(batch.confidences >= SURE) & (batch.severities >= Severity.MAJOR)].tolist()
    if batch.rule.kind != SHARED_KIND:
        return bool(sure)
    return any(stands_elsewhere(batch.make(row).evidence) for row in sure)


def stands_elsewhere(evidence: Mapping[str, Any]) -> bool:
    """Whether the evidence of a duplicate says that nearly all of the entry stands in another, not only all of a shorter one in it."""
    own = max(evidence.get("share_of_entry", 1.0), evidence.get("similarity") or 0.0)
    return bool(min(own, evidence.get("share_of_shorter", 1.0)) >= DROP_SHARE)
