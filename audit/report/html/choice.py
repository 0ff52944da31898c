"""Which findings a page shows: all, up to a number; beyond, the gravest of the most frequent rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
        yield from gravest(audited.stream(), self.most)


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


def gravest(findings: Iterable[Finding], most: int) -> list[Finding]:
    """Those to keep, in their order: of each rule the most severe, the surest, the first."""
    kept: dict[str, list[tuple[int, float, int, Finding]]] = {}
    for at, one in enumerate(findings):
        own = kept.setdefault(one.rule, [])
        own.append((-one.severity, -one.confidence, at, one))
        if len(own) >= 2 * most + OFTEN:
            own.sort()
            del own[most:]
    rows = [row for own in kept.values() for row in sorted(own)[:most]]
    return [one for *_, one in sorted(rows, key=lambda row: row[2])]
