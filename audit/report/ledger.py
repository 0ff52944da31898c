"""What each finding costs: the grade's formula with its figures, for a whole audit and entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from audit.address import printable
from audit.config import Weights
from audit.engine import SAFETIES, Batch
from audit.grade import Graded, grave, merged
from audit.model import Action, Grade, Safety, Severity
from audit.pages import title
from audit.printing import spelled
from audit.report.outline import title_of
from audit.rule import Rule
from audit.run import Audit, Audited


@dataclass(frozen=True, slots=True)
class Item:
    """Findings of one rule that cost the same but for their confidence; `again`: their passage stood before."""

    rule: Rule
    severity: Severity
    safety: Safety | None
    again: bool
    count: int
    confidence: float  # the mean

    @property
    def name(self) -> str:
        """Code and name of the rule."""
        return f"{self.rule.code} {title(self.rule)}"

    def weight(self, weights: Weights) -> float:
        """What the severity weighs."""
        return (weights.info, weights.minor, weights.major, weights.critical)[self.severity]

    def share(self, weights: Weights) -> float:
        """What the repair leaves of it."""
        return {Safety.SAFE: weights.safe, Safety.SUGGESTED: weights.suggested, None: 1.0}[self.safety]

    def effort(self, weights: Weights) -> float:
        """What the findings cost together, in minor corrections."""
        again = weights.repeat if self.again else 1.0
        return self.count * self.weight(weights) * self.share(weights) * again * self.confidence


@dataclass(frozen=True, slots=True)
class Account:
    """A stretch of text with what its findings cost; `size` in characters that are not blank; what is `dropped` scores 0 whatever it costs."""

    name: str
    size: int
    items: tuple[Item, ...]
    critical: int  # findings that cap the letter
    now: Grade
    after: Grade
    dropped: bool = False

    def effort(self, weights: Weights, *, repaired: bool = False) -> float:
        """What all findings cost, or those that the safe repairs leave."""
        left = (item for item in self.items if not (repaired and item.safety is Safety.SAFE))
        return sum(item.effort(weights) for item in left)


def accounts(audit: Audit) -> list[Account]:
    """The whole audit, then each document and each entry where there are several; of what the audit reports."""
    whole = [batch for audited in audit.documents for batch in audited.batches]
    alone = len(audit.documents) == 1
    found = [account(spelled(audit.documents[0].document.path) if alone else "", audit.graded, whole)]
    for audited in audit.documents:
        if not alone:
            found.append(account(spelled(audited.document.path), audited.graded, audited.batches))
        if len(audited.entries) > 1:
            found += entries(audited)
    return found


def entries(audited: Audited) -> Iterator[Account]:
    """The account of each entry of a document."""
    text = audited.document.text
    starts = [text.to_origin(entry.start, entry.start).start for entry in audited.document.entries]
    homes = [np.searchsorted(starts, batch.starts, side="right") - 1 for batch in audited.batches]
    for one in audited.entries:
        own = [batch.keep(home == one.entry.index) for batch, home in zip(audited.batches, homes, strict=True)]
        yield account(f"{one.number} {printable(title_of(one.entry))}", one.graded, own)


def account(name: str, graded: Graded, batches: Sequence[Batch]) -> Account:
    """The account of a stretch of text; what is dropped or merged costs nothing."""
    counted = [batch for batch in batches if len(batch) and not merged(batch.rule, batch.severities.max())]
    groups: dict[tuple[str, int, int, bool], tuple[Rule, list[float]]] = {}
    for batch in counted:
        rows = zip(batch.severities, batch.safeties, batch.repeats, batch.confidences, strict=True)
        for severity, safety, again, confidence in rows:
            key = batch.rule.code, int(severity), int(safety), bool(again)
            groups.setdefault(key, (batch.rule, []))[1].append(float(confidence))
    items = [
        Item(rule, Severity(severity), SAFETIES[safety], again, len(sure), sum(sure) / len(sure))
        for (_, severity, safety, again), (rule, sure) in groups.items()
    ]
    dropped = graded.action is Action.DROP
    return Account(name, graded.size, tuple(items), sum(map(grave, counted)), graded.now, graded.after, dropped)
