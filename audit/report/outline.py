"""What every report says first: verdict, promise, kinds, actions, and the repairs that raise the grade most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audit.config import Weights
from audit.engine import SAFETIES, Batch
from audit.grade import DROP_KINDS, efforts, score
from audit.language.promise import promised_entries
from audit.model import Action, Finding, Role, Safety, Severity
from audit.run import Audit, Audited, GradedEntry

USABLE = frozenset({Action.PUBLISH, Action.FIX, Action.EDIT})
FIRST = 5
SAFE = SAFETIES.index(Safety.SAFE)
SUGGESTED = SAFETIES.index(Safety.SUGGESTED)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a document promised and what was found."""

    promised: int | None
    found: int
    usable: int


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of finding: counts by repair, and the effort per 1,000 characters."""

    kind: str
    count: int
    safe: int
    suggested: int
    none: int
    effort: float


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: mending these findings raises the score by `gain`."""

    kind: str
    repair: str  # "safe", "suggested" or "none"
    count: int
    gain: float


def outline(audited: Audited) -> Outline:
    """Promise against content of one document."""
    entries = audited.document.entries
    front = next((entry for entry in entries if entry.role is Role.FRONT), None)
    promised = promised_entries(front.text.body[front.start : front.end]) if front else None
    usable = sum(one.graded.action in USABLE for one in audited.entries)
    return Outline(promised, len(audited.entries), usable)


def kinds(audit: Audit) -> list[KindRow]:
    """The kinds that occur, dearest first."""
    sizes = max(audit.graded.size, 1)
    rows: dict[str, list[float]] = {}
    for batch in every_batch(audit):
        row = rows.setdefault(batch.rule.kind, [0, 0, 0, 0, 0.0])
        counts = np.bincount(batch.safeties, minlength=3)
        row[0] += len(batch)
        row[1] += int(counts[SAFE])
        row[2] += int(counts[SUGGESTED])
        row[3] += int(counts[0])
        row[4] += float(efforts(batch, audit.config.grade).sum()) * 1000 / sizes
    found = [
        KindRow(kind, int(row[0]), int(row[1]), int(row[2]), int(row[3]), round(row[4], 2))
        for kind, row in rows.items()
    ]
    return sorted(found, key=lambda row: (-row.effort, row.kind))


def every_batch(audit: Audit) -> list[Batch]:
    """All batches of all documents."""
    return [batch for audited in audit.documents for batch in audited.batches]


def steps(audit: Audit) -> list[Step]:
    """The groups of findings whose mending raises the score most."""
    batches = [batch for batch in every_batch(audit) if batch.rule.kind not in DROP_KINDS]
    size, weights = audit.graded.size, audit.config.grade
    groups: dict[tuple[str, int], list[int]] = {}
    for number, batch in enumerate(batches):
        for safety in np.unique(batch.safeties).tolist():
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


def actions(entries: Sequence[GradedEntry]) -> dict[Action, list[int]]:
    """The numbers of the entries for each action, the harshest last."""
    return {
        action: numbers
        for action in Action
        if (numbers := [one.number for one in entries if one.graded.action is action])
    }


def worst_findings(audit: Audit, count: int) -> list[tuple[Finding, int]]:
    """The worst passages, one for each rule and severity in a document, with how often that rule spoke there."""
    found: list[tuple[tuple[float, ...], int, Finding]] = []
    for audited in audit.documents:
        groups: dict[tuple[str, Severity], list[Finding]] = {}
        for finding in top_of(audited):
            groups.setdefault((finding.rule, finding.severity), []).append(finding)
        totals = {batch.rule.code: 0 for batch in audited.batches}
        for batch in audited.batches:
            totals[batch.rule.code] += len(batch)
        for (code, severity), members in groups.items():
            best = max(members, key=lambda finding: (finding.confidence, -finding.start))
            found.append(((-severity, -best.confidence, best.start), totals[code], best))
    found.sort(key=lambda item: (item[0], item[2].path))
    return [(finding, total) for _, total, finding in found[:count]]


def top_of(audited: Audited) -> list[Finding]:
    """At most a few findings of each rule, made from its batches without making all."""
    from audit.address import findings_of  # noqa: PLC0415 - only the readable reports need it

    few = []
    for batch in audited.batches:
        order = np.lexsort((batch.starts, -batch.confidences, -batch.severities))[:3]
        mask = np.zeros(len(batch), dtype=bool)
        mask[order] = True
        few.append(batch.keep(mask))
    return findings_of(audited.document, few)
