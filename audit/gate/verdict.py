"""Whether the gate is open, and what closed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.config import Config
from audit.engine import Batch
from audit.gate.effective import effective
from audit.gate.rules import LETTERS
from audit.standing import TRUST
from audit.words import Phrase, listing

if TYPE_CHECKING:
    from audit.audited import Audit

STALE = "fail"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the gate is closed: `kind` is findings, grade, budget or stale; `path` the file, empty for the whole."""

    kind: str
    path: str
    count: int
    words: Phrase


def tally(batches: Sequence[Batch], config: Config) -> dict[str, Any]:
    """How many hits close the gate by themselves (`gating`), and how many come out of each budget (`budgeted`)."""
    gating, budgeted = 0, [0] * len(config.budgets)
    for batch in batches:
        if not batch.standing.counts:
            continue
        sure = batch.confidences >= TRUST
        gating += int(np.count_nonzero(sure & (batch.severities >= batch.standing.bar)))
        for number in batch.standing.budgets:
            budgeted[number] += int(np.count_nonzero(sure))
    return {"gating": gating, "budgeted": tuple(budgeted)}


def reasons(audit: Audit) -> list[Reason]:
    """What closes the gate; nothing where it is open."""
    return [*of_findings(audit), *of_budgets(audit), *of_grades(audit), *of_remarks(audit)]


def of_findings(audit: Audit) -> list[Reason]:
    """Findings that close it by themselves."""
    count = sum(audited.gating for audited in audit.documents)
    return (
        [Reason("findings", "", count, Phrase("findings at or above the bar: {count}", count=f"{count:,}"))]
        if count
        else []
    )


def of_budgets(audit: Audit) -> list[Reason]:
    """Budgets that are overdrawn."""
    closed = []
    for number, budget in enumerate(audit.config.budgets):
        count = sum(audited.budgeted[number] for audited in audit.documents)
        if count > budget.at_most:
            what = listing([*budget.rules, *budget.paths])
            words = Phrase("{count} of {what}; the budget is {most}", count=count, what=what, most=budget.at_most)
            closed.append(Reason("budget", "", count, words))
    return closed


def of_grades(audit: Audit) -> list[Reason]:
    """Grades below what was asked for: of the whole, and of files that have a least grade of their own."""
    asked = [("", audit.graded.now.letter, audit.config.min_grade)]
    if audit.config.overrides:
        asked += [
            (one.document.path, one.graded.now.letter, effective(audit.config, one.document.path).min_grade)
            for one in audit.documents
        ]
    return [
        Reason("grade", path, 1, Phrase("grade {letter} is below {least}", letter=letter, least=least))
        for path, letter, least in asked
        if least and LETTERS.index(letter) > LETTERS.index(least)
    ]


def of_remarks(audit: Audit) -> list[Reason]:
    """Acceptances that hold nothing any more, and known findings that are gone, where the settings want them cleared away."""
    count = len(audit.remarks) + (len(audit.baseline.absent) if audit.baseline else 0)
    if audit.config.stale != STALE or not count:
        return []
    return [Reason("stale", "", count, Phrase("{count} acceptances or known findings are out of date", count=count))]
