"""What a search for shifted bytes gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class Verdict(Enum):
    """How sure a restoration is."""

    EXACT = "exact"  # breaking it again gives the damage, and no other original is near
    RANKED = "ranked"  # several originals
    PARTIAL = "partial"  # characters lost without trace


class Proposal(NamedTuple):
    """A possible original, full-width, and its share of the probability of all that were found."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Restoration:
    """A damaged run `start:end` and what may have stood there, likeliest first.

    `gain` is how many bits likelier the text becomes, `mean` and `peak` are the bits per character of the restored text,
    `margin` the bits between the first two proposals, `gaps` the number of pairs that vanished, `holed` the likeliest
    original with what was guessed about them marked as U+FFFD. Where another original is near, a better reader ranks them
    anew; that takes longer than the search and is done when `read` is called.
    """

    start: int
    end: int
    mechanism: str
    verdict: Verdict
    proposals: tuple[Proposal, ...]
    gain: float
    mean: float
    peak: float
    margin: float
    gaps: int
    holed: str
    again: Callable[[], Restoration] | None = field(default=None, compare=False, repr=False)

    def read(self) -> Restoration:
        """The restoration with its proposals as the better reader ranks them; verdict, place and gain are the same."""
        return self.again() if self.again else self
