"""How much doubt its rivals leave about an original at first sight: the odds that another stood there, by the search's own model.

They were fitted on simulated damage, as the leads over the nearest rivals tell them. Where they are small a better reader is asked
(`surety`), which takes all rivals together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log
from typing import NamedTuple

CAP = 16.0  # bits; a rival so far behind is none
LEAST_LEAD = 2.0  # bits; below, nothing was fitted
# Natural logarithm of the odds that another stood there: a constant, the least lead, bits a character of the original, whether
# its last character is a guess, the logarithm of the pairs that show.
ANOTHER = (-2.41, -0.459, 0.258, 0.22, 0.0)
VANISHED = (-4.82, -0.388, 0.522, 0.82, 0.405)
HOPED = 0.0  # the same; above, no better reader is asked
NUMERALS = frozenset("〇零一二三四五六七八九十百千萬万億亿两兩")
NUMBER_BITS = 20.0  # a numeral beside another may have vanished though its number reads so much better without
LISTED_BITS = 24.0  # so may the number of a list within the item


class Ahead(NamedTuple):
    """Bits by which an original leads the nearest in which no pair vanished, and in which one did; of these the longer ones near it
    with their leads.
    """

    another: float
    vanished: float
    longer: Sequence[tuple[str, float]]


@dataclass(slots=True)
class Rivals:
    """An original, its bits a character, the pairs that show, and how far the rivals found so far are behind."""

    best: str
    mean: float
    pairs: int
    guessed: bool
    another: float = CAP
    vanished: float = CAP
    numbers: bool = False

    def add(self, ahead: Ahead) -> None:
        """More rivals."""
        self.another = min(self.another, ahead.another)
        self.vanished = min(self.vanished, ahead.vanished)
        self.numbers = self.numbers or any(_of_number(self.best, *rival) for rival in ahead.longer)


def doubt_of(rivals: Rivals) -> float:
    """The natural logarithm of the odds that another stood there; more rivals only add to it."""
    if rivals.numbers or min(rivals.another, rivals.vanished) <= LEAST_LEAD:
        return inf
    return log(_odds(rivals, rivals.another, ANOTHER) + _odds(rivals, rivals.vanished, VANISHED))


def _odds(rivals: Rivals, lead: float, weights: tuple[float, ...]) -> float:
    seen = (1.0, lead, rivals.mean, float(rivals.guessed), log(rivals.pairs + 1))
    return exp(sum(weight * one for weight, one in zip(weights, seen, strict=True)))


def _of_number(best: str, text: str, lead: float) -> bool:
    """Whether the rival but has more numerals in a number of the best, or the number of a list in front, and is not too far behind."""
    if lead >= LISTED_BITS or NUMERALS.isdisjoint(text):
        return False
    start = 0
    while start < len(best) and best[start] == text[start]:  # the rival is longer
        start += 1
    if text[start] not in NUMERALS:
        return False
    same = 0
    while same < min(len(best), len(text)) - start and best[-1 - same] == text[-1 - same]:
        same += 1
    more, less = text[start : len(text) - same], best[start : len(best) - same]
    if len(more) > 1 and "、" in more:
        return True
    beside = best[max(start - 1, 0) : start + 1]
    inside = not less and not NUMERALS.isdisjoint(beside)
    return inside and NUMERALS.issuperset(more) and lead < NUMBER_BITS
