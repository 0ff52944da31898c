"""`jiaokan explain grade` in words: the formula with the weights in force, and what each finding of a run costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit.config import Weights
from audit.grade import LETTERS, ORDER, SURE, cap, letter_of, rated
from audit.model import Grade, Safety, Severity
from audit.report.layout import cells, padded
from audit.report.ledger import Account, Item
from audit.rule import Rule
from audit.words import label, listing, say

MOST = 12  # items of one account; the rest is summed up
SAMPLE = (  # rule, severity, repair, again, count, confidence: an everyday page of 2,000 characters
    ("GLS001", Severity.MINOR, Safety.SAFE, False, 8, 0.99),
    ("BYT001", Severity.MAJOR, Safety.SUGGESTED, False, 1, 0.9),
    ("PLC003", Severity.MINOR, None, False, 1, 0.9),
    ("PLC003", Severity.MINOR, None, True, 2, 0.9),
)
SAMPLE_SIZE = 2000


def formula(weights: Weights) -> str:
    """The formula with these weights."""
    figures = {name: f"{getattr(weights, name):g}" for name in weights.__struct_fields__}
    letters = listing(say("grade.letter", letter=letter, least=least) for least, letter in LETTERS if least)
    return say("grade.page", **figures, letters=letters, last=ORDER[-1], sure=SURE)


def example(rules: Sequence[Rule], weights: Weights) -> Account:
    """An everyday page reckoned with these weights."""
    known = {rule.code: rule for rule in rules}
    items = tuple(Item(known[code], *rest) for code, *rest in SAMPLE if code in known)
    effort = sum(item.effort(weights) for item in items)
    left = sum(item.effort(weights) for item in items if item.safety is not Safety.SAFE)
    return Account(say("grade.example"), SAMPLE_SIZE, items, 0, graded(effort, weights), graded(left, weights))


def graded(effort: float, weights: Weights) -> Grade:
    """The grade of the sample page at this effort."""
    points, letter = rated(effort, 0, SAMPLE_SIZE, weights)
    return Grade(round(points, 1), letter)


def reckoned(account: Account, weights: Weights) -> Iterator[str]:
    """The lines of an account: each item with its factors, the sum, and the grades that follow."""
    yield say("ledger.head", name=account.name or say("ledger.whole"), size=f"{account.size:,}")
    items = sorted(account.items, key=lambda item: -item.effort(weights))
    dear = [item for item in items if item.effort(weights)][:MOST]
    names = [f"{item.count:>7,} × {item.name}" for item in dear]
    factors = [factored(item, weights) for item in dear]
    widths = [max((cells(text) for text in column), default=0) for column in (names, factors)]
    for item, name, factor in zip(dear, names, factors, strict=True):
        yield f"{padded(name, widths[0])}  {padded(factor, widths[1])} = {item.effort(weights):.2f}"
    rest = items[len(dear) :]
    if rest:
        count = sum(item.count for item in rest)
        yield say("ledger.rest", count=f"{count:,}", effort=f"{sum(item.effort(weights) for item in rest):.2f}")
    if account.dropped:
        yield "  " + say("ledger.dropped", letter=account.now.letter)
        return
    effort, left = account.effort(weights), account.effort(weights, repaired=True)
    yield "  " + say("ledger.now", **figures(effort, account, account.now, weights))
    if cap(account.critical, account.size) > letter_of(account.now.score):
        yield "  " + say("ledger.capped", count=account.critical, letter=account.now.letter)
    yield "  " + say("ledger.after", **figures(left, account, account.after, weights))


def figures(effort: float, account: Account, grade: Grade, weights: Weights) -> dict[str, str]:
    """What the words of a sum are filled with."""
    return {
        "effort": f"{effort:.2f}",
        "density": f"{effort * 1000 / max(account.size, 1):.2f}",
        "half": f"{weights.half:g}",
        "score": f"{grade.score:.1f}",
        "letter": grade.letter,
    }


def factored(item: Item, weights: Weights) -> str:
    """Weight, share and confidence of an item, each with its name."""
    severity = label("severity", item.severity.label)
    repair = label("column", item.safety.value if item.safety else "none")
    again = f" × {say('ledger.again')} {weights.repeat:g}" if item.again else ""
    return (
        f"{severity} {item.weight(weights):g} × {repair} {item.share(weights):g}{again}"
        f" × {say('ledger.confidence')} {item.confidence:.3g}"
    )
