"""Findings picked from the columns of an audit without making all: examples, reasons, the worst passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from audit.address import findings_of
from audit.engine import Batch
from audit.grade import DROP_KINDS, SURE
from audit.model import Action, Finding, Severity
from audit.run import Audit, Audited

Reasons = tuple[tuple[int, Finding], ...]  # number of the entry, the finding that decides what to do with it
REASONS = 12  # entries of one document whose reason is told
PER_RULE = 3
SHORT = 24  # code points of an example that reads at a glance


def picked(audited: Audited, batch: Batch, rows: Sequence[int]) -> list[Finding]:
    """The findings in these rows of a batch."""
    mask = np.zeros(len(batch), dtype=bool)
    mask[list(rows)] = True
    return findings_of(audited.document, [batch.keep(mask)])


def examples(audit: Audit) -> dict[str, Finding]:
    """For each kind the finding that shows it best: with a repair, short, sure, early."""
    best: dict[str, tuple[tuple[float, ...], Audited, Batch, int]] = {}
    for place, audited in enumerate(audit.documents):
        for batch in audited.batches:
            sizes = batch.ends - batch.starts
            awkward = (sizes == 0) | (sizes > SHORT)
            row = int(np.lexsort((batch.starts, -batch.confidences, awkward, batch.safeties == 0))[0])
            rank = (
                float(batch.safeties[row] == 0),
                float(awkward[row]),
                -float(batch.severities[row]),
                -float(batch.confidences[row]),
                float(place),
                float(batch.starts[row]),
            )
            if batch.rule.kind not in best or rank < best[batch.rule.kind][0]:
                best[batch.rule.kind] = (rank, audited, batch, row)
    return {kind: picked(audited, batch, [row])[0] for kind, (_, audited, batch, row) in best.items()}


def reasons(audited: Audited, action: Action, numbers: Sequence[int]) -> Reasons:
    """For entries to drop, to look up or to convert: the finding that says so."""
    if action not in {Action.DROP, Action.RESTORE, Action.FIX}:
        return ()
    wanted = set(numbers[:REASONS])
    found: dict[int, Finding] = {}
    for batch in audited.batches:
        kept = deciding(batch, action)
        if not len(kept):
            continue
        for finding in findings_of(audited.document, [kept]):
            number = finding.entry
            if number in wanted and (number not in found or weight(finding) > weight(found[number])):
                found[number] = finding
    return tuple(sorted(found.items()))


def deciding(batch: Batch, action: Action) -> Batch:
    """The hits that may have decided on the action."""
    sure = batch.confidences >= SURE
    if action is Action.DROP:
        return batch.keep(sure & (batch.severities >= Severity.MAJOR) & (batch.rule.kind in DROP_KINDS))
    if action is Action.FIX:
        return batch.keep(sure & batch.rule.converts)
    return batch.keep(sure & (batch.severities == Severity.CRITICAL) & (batch.safeties == 0))


def weight(finding: Finding) -> tuple[float, float, int]:
    """What ranks one reason above another: the share of a duplicate, how sure it is, how early it stands."""
    return float(finding.evidence.get("share_of_shorter", 1.0)), finding.confidence, -finding.start


def worst_findings(audit: Audit, count: int) -> list[tuple[Finding, int]]:
    """The worst passages, one for each rule and severity in a document, with how often that rule spoke there.

    Of several documents each rule is heard once before one is heard again.
    """
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
    heard: Counter[tuple[str, Severity]] = Counter()
    turns: list[tuple[int, int, int, Finding, int]] = []
    for _, total, finding in found:
        turns.append((-finding.severity, heard[finding.rule, finding.severity], len(turns), finding, total))
        heard[finding.rule, finding.severity] += 1
    return [(finding, total) for *_, finding, total in sorted(turns)[:count]]


def top_of(audited: Audited) -> list[Finding]:
    """At most a few findings of each rule."""
    few = []
    for batch in audited.batches:
        mask = np.zeros(len(batch), dtype=bool)
        mask[np.lexsort((batch.starts, -batch.confidences, -batch.severities))[:PER_RULE]] = True
        few.append(batch.keep(mask))
    return findings_of(audited.document, few)
