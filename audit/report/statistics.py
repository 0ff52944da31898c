"""How often each rule found something, the most frequent first; then what every report says of what was not read."""

from __future__ import annotations

from collections import Counter

from audit.pages import title
from audit.report import phrases
from audit.report.layout import cells, padded
from audit.run import Audit
from audit.words import label


def render(audit: Audit) -> bytes:
    """A line for each rule: count, code, what a repair of it is, kind, name."""
    found = Counter[str]()
    for audited in audit.documents:
        for batch in audited.batches:
            found[batch.rule.code] += len(batch)
    rules = {rule.code: rule for rule in audit.rules}
    rows = []
    for code, count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        rule = rules[code]
        repair = label("column", rule.repair.value) if rule.repair else "-"
        rows.append(
            (f"{count:,}", code, label("severity", rule.severity.label), repair, label("kind", rule.kind), title(rule))
        )
    lines = [line(row, [max(cells(one[n]) for one in rows) for n in range(len(row))]) for row in rows]
    lines += [words for words, _ in phrases.notes(audit)]
    return "".join(f"{text}\n" for text in lines).encode("utf-8")


def line(row: tuple[str, ...], widths: list[int]) -> str:
    """The count set right, the rest left."""
    first = " " * (widths[0] - cells(row[0])) + row[0]
    rest = (padded(text, width) for text, width in zip(row[1:], widths[1:], strict=True))
    return "  ".join([first, *rest]).rstrip()
