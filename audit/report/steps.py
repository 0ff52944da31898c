"""The repairs that raise the grade most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.config import Weights
from audit.engine import SAFETIES, Batch
from audit.grade import DROP_KINDS, score
from audit.language.spots import distinct
from audit.run import Audit

FIRST = 5


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: mending these findings raises the score by `gain`."""

    kind: str
    repair: str  # "safe", "suggested" or "none"
    count: int
    gain: float


def steps(audit: Audit) -> list[Step]:
    """The groups of findings whose mending raises the score most."""
    batches = [batch for batch in every_batch(audit) if batch.rule.kind not in DROP_KINDS]
    size, weights = audit.graded.size, audit.config.grade
    groups: dict[tuple[str, int], list[int]] = {}
    for number, batch in enumerate(batches):
        for safety in distinct(batch.safeties).tolist():
            groups.setdefault((batch.rule.kind, safety), []).append(number)
    found = []
    now = score(batches, size, weights).score
    for (kind, safety), numbers in groups.items():
        rest = [
            batch.keep(batch.safeties != safety) if number in numbers else batch for number, batch in enumerate(batches)
        ]
        gain = gain_of(rest, size, weights, now)
        count = sum(int((batches[number].safeties == safety).sum()) for number in numbers)
        repair = SAFETIES[safety]
        if gain >= 0.1:
            found.append(Step(kind, repair.value if repair else "none", count, gain))
    return sorted(found, key=lambda step: (-step.gain, step.kind, step.repair))[:FIRST]


def gain_of(rest: Sequence[Batch], size: int, weights: Weights, now: float) -> float:
    """The points that the score gains when only `rest` is left."""
    return round(score(rest, size, weights).score - now, 1)


def every_batch(audit: Audit) -> list[Batch]:
    """All batches of all documents."""
    return [batch for audited in audit.documents for batch in audited.batches]
