"""Which findings a page shows: all, up to a number; beyond, the gravest of the most frequent rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from audit.address import each_finding
from audit.engine import Batch
from audit.joined import Mask
from audit.model import Finding
from audit.run import Audit, Audited

LIMIT = 100_000  # findings of a page
DENSE = 400  # characters to a finding: a rule that speaks more often is one remark, not a thousand
OFTEN = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """`most` findings of a rule in a document are shown, None for all; `quiet` rules have marks without notes."""

    total: int
    shown: int
    most: int | None
    quiet: frozenset[str]

    def of(self, audited: Audited) -> Iterator[Finding]:
        """The findings of a document that are shown, in order of place."""
        if self.most is None:
            yield from audited.findings
            return
        kept = [*gravest(audited.batches, self.most), *(np.zeros(len(one), dtype=bool) for one in audited.suppressed)]
        yield from each_finding(audited.document, [*audited.batches, *audited.suppressed], kept)


def choose(audit: Audit, limit: int = LIMIT) -> Choice:
    """What is shown of an audit."""
    counts: dict[str, int] = {}
    groups: list[int] = []
    for audited in audit.documents:
        own: dict[str, int] = {}
        for batch in audited.batches:
            own[batch.rule.code] = own.get(batch.rule.code, 0) + len(batch)
        groups += own.values()
        for code, count in own.items():
            counts[code] = counts.get(code, 0) + count
    total = sum(groups)
    length = sum(len(audited.document.body) for audited in audit.documents)
    quiet = frozenset(code for code, count in counts.items() if count > OFTEN and count * DENSE > length)
    most = None if total <= limit else level(groups, limit)
    shown = total if most is None else sum(min(count, most) for count in groups)
    return Choice(total, shown, most, quiet)


def level(counts: list[int], limit: int) -> int:
    """The number to which counts are cut so that their sum stays below the limit; 0 where even 1 each is too much.

    >>> level([5, 100, 2], 20)
    13
    """
    low, high = 0, max(counts)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(count, middle) for count in counts) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def gravest(batches: Sequence[Batch], most: int) -> list[Mask]:
    """Which hits to keep, a mask for each batch: of each rule the most severe, the surest, the first."""
    masks = [np.zeros(len(batch), dtype=bool) for batch in batches]
    for code in dict.fromkeys(batch.rule.code for batch in batches):
        own = [number for number, batch in enumerate(batches) if batch.rule.code == code]
        columns = (
            np.concatenate([getattr(batches[number], name) for number in own])
            for name in ("ends", "starts", "confidences", "severities")
        )
        ends, starts, confidences, severities = columns
        kept = np.zeros(len(starts), dtype=bool)
        kept[np.lexsort((ends, starts, -confidences.round(3), -severities))[:most]] = True
        bounds = np.cumsum([len(batches[number]) for number in own])[:-1]
        for number, mask in zip(own, np.split(kept, bounds), strict=True):
            masks[number] = mask
    return masks
