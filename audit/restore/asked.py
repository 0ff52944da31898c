"""What a search for shifted bytes is asked, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from audit.restore.page import Page
from audit.restore.run import Run

CONTEXT = 2


class Head(NamedTuple):
    """What may open a run: characters, the lead byte that waits behind them, units beyond what the characters cost."""

    text: str
    lead: int
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """How a run begins: with one of the heads, or with a character that a mark of that second byte was born of.

    `skip` of its pairs are accounted for; the next character must be `first` where that is given.
    """

    heads: tuple[Head, ...] = ()
    mark: int = 0
    skip: int = 0
    first: str = ""


class Reading(NamedTuple):
    """One reading of a run between two contexts on a page."""

    run: Run
    page: Page
    left: str
    right: str


class Original(NamedTuple):
    """What may have stood there, its cost in units, and before which pairs some vanished."""

    text: str
    cost: int
    gaps: tuple[int, ...]


class Told(NamedTuple):
    """Originals, the cheapest first; then in units, of the first one's characters and those of the right context, so many:
    what they cost together and the highest; what they cost where the page does not vouch for the context; what is shown costs.
    """

    originals: list[Original]
    units: int
    length: int
    peak: int
    cost: int
    shown: int


def context_of(left: str) -> str:
    """The last two characters of what stands before a run."""
    return ("\n" * CONTEXT + left)[-CONTEXT:]
