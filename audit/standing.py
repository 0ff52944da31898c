"""How a finding stands to what was decided before: accepted with a reason, known from a baseline, able to close the gate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """A finding beside its baseline; the names are those of SARIF."""

    NEW = "new"
    UNCHANGED = "unchanged"
    ABSENT = "absent"  # in the baseline, no longer in the text


TRUST = 0.5  # the confidence from which a finding may close the gate


@dataclass(frozen=True, slots=True)
class Suppression:
    """Who accepted a finding: a comment in the text (`inSource`) or the sidecar file (`external`), as SARIF says.

    `place` is where it is said (`page.md:12`), `until` the last day that it holds, as in 2027-01-31.
    """

    kind: str
    place: str
    reason: str = ""
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something amiss in what was decided before: a comment or an entry of the sidecar that accepts nothing."""

    path: str
    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for all hits of a batch. `bar` is the least severity that closes the gate, one above CRITICAL for none."""

    suppression: Suppression | None = None
    baseline: State | None = None
    bar: int = 1
    budgets: tuple[int, ...] = ()  # the budgets that they come out of, by number

    @property
    def counts(self) -> bool:
        """Whether the hits are neither accepted nor known."""
        return self.suppression is None and self.baseline is not State.UNCHANGED

    def closes(self, severity: int, confidence: float) -> bool:
        """Whether a hit as severe and as sure as this closes the gate."""
        return self.counts and severity >= self.bar and confidence >= TRUST


OPEN = Standing()
