"""Which encoding each line is in: every reading is priced, the document's majority is a prior, the cheapest wins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audit.reading.candidates import BIT, MULTIBYTE, UTF8, Costs, Reading, Scores, score
from audit.reading.letters import Page, propose, score_page

NEVER = 1 << 40  # cost of a reading that fails or was not needed
LOST = ""  # the codec of bytes that no codec takes
ENOUGH = 8  # foreign characters; below that every reading is tried
NATURAL = 11 * BIT  # a foreign character of plain text costs less on average: 10.4 in news, 16 to 25 when misread
NATURAL_UTF8 = 13 * BIT  # validity is evidence by itself
ODD = 13 * BIT  # a unit that costs more a character in all multibyte readings is also tried as letters
SUSPECT = 15 * BIT  # ... and is looked at for several encodings inside it
SUSPECT_THREE = 3 * 35 * BIT // 2  # three neighbours this dear: 0.1 % of lines of clean prose
SURE = 10 * BIT  # margin of the units that count as evidence
POOL = 1 << 16  # bytes of odd units that propose pages
SAMPLE = 512  # units judged in full to learn what the document is made of
MEMORY = 64  # units; more evidence than that does not make another encoding less likely


@dataclass(slots=True)
class Evidence:
    """What a document's encodings were so far, in units that were sure."""

    counts: dict[str, float] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)

    def prior(self, reading: Reading | Page) -> float:
        """Cost of choosing a reading, given what the document was so far."""
        total = sum(self.counts.values())
        seen = self.counts.get(reading.codec, 0.0)
        scale = min(1.0, MEMORY / total) if total else 1.0
        share = (seen * scale + 2.0**-reading.prior) / (total * scale + 1.0)
        return float(-np.log2(share)) * BIT

    def order(self) -> list[Reading]:
        """Multibyte readings, UTF-8 first, then the most common."""
        rest = sorted(MULTIBYTE[1:], key=lambda reading: (-self.counts.get(reading.codec, 0.0), reading.prior))
        return [UTF8, *rest]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was made of each unit; arrays have shape (units,), `costs` (readings, units) without priors.

    `margin` is the distance to the second best; `suspect` units are not one encoding, or none at all.
    """

    readings: Sequence[Reading | Page]
    costs: Costs
    choice: NDArray[np.int64]
    margin: Costs
    suspect: NDArray[np.bool_]


def unit_ends(joined: bytes) -> NDArray[np.int64]:
    """Where each unit's LF stands."""
    return np.flatnonzero(np.frombuffer(joined, dtype=np.uint8) == 10)


def take(joined: bytes, ends: NDArray[np.int64], chosen: NDArray[np.int64]) -> bytes:
    """Only the chosen units."""
    if len(chosen) == len(ends):
        return joined
    keep = np.zeros(len(ends), dtype=bool)
    keep[chosen] = True
    mask = np.repeat(keep, np.diff(ends, prepend=-1))
    return np.frombuffer(joined, dtype=np.uint8)[: len(mask)][mask].tobytes()


class _Board:
    """Costs of all readings over all units, filled row by row."""

    def __init__(self, size: int) -> None:
        self.readings: list[Reading | Page] = []
        self.costs: list[Costs] = []
        self.quality = np.full(size, NEVER, dtype=np.int64)  # of the best multibyte reading
        self.size = size
        self.worst: list[Costs] = []
        self.mean: list[Costs] = []

    def add(self, reading: Reading | Page, alive: NDArray[np.int64], scores: Scores) -> NDArray[np.int64]:
        """Write a row; gives the mean cost of a foreign character in the units alive."""
        row, worst, mean = (np.full(self.size, NEVER, dtype=np.int64) for _ in range(3))
        here = np.where(scores.valid, scores.strange // np.maximum(scores.foreign, 1), NEVER)
        row[alive] = np.where(scores.valid, scores.cost, NEVER)
        worst[alive] = scores.worst
        mean[alive] = here
        self.readings.append(reading)
        self.costs.append(row)
        self.worst.append(worst)
        self.mean.append(mean)
        return here


def judge(joined: bytes, evidence: Evidence, *, hasty: bool = False) -> Judgement:
    """Price all readings of all units and choose; `hasty` leaves units alone that one reading explains well."""
    ends = unit_ends(joined)
    board = _Board(len(ends))
    alive = np.arange(len(ends))
    best = np.full(len(ends), NEVER, dtype=np.int64)
    for reading in evidence.order():
        if not len(alive):
            break
        scores = score(take(joined, ends, alive), reading)
        mean = board.add(reading, alive, scores)
        best[alive] = np.minimum(best[alive], mean)
        limit = NATURAL_UTF8 if reading is UTF8 else NATURAL if hasty else 0
        alive = alive[(mean > limit) | (scores.foreign < ENOUGH)]
    odd = alive[best[alive] > ODD]
    if len(odd):
        pool = take(joined, ends, odd)[:POOL]
        known = [page for page in evidence.pages if evidence.counts.get(page.codec, 0)]
        for page in dict.fromkeys([*known, *propose(pool)]):
            board.add(page, odd, score_page(take(joined, ends, odd), page))
            if page not in evidence.pages:
                evidence.pages.append(page)
    return choose(board, evidence)


def choose(board: _Board, evidence: Evidence) -> Judgement:
    """The cheapest reading of each unit, priors included."""
    costs = np.stack(board.costs) if board.costs else np.full((1, board.size), NEVER, dtype=np.int64)
    priors = np.array([evidence.prior(reading) for reading in board.readings]).astype(np.int64)
    total = costs + priors[:, None]
    choice = total.argmin(axis=0)
    columns = np.arange(board.size)
    least = total[choice, columns]
    if len(total) > 1:
        second = np.partition(total, 1, axis=0)[1]
    else:
        second = np.full(board.size, NEVER, dtype=np.int64)
    worst, mean = np.stack(board.worst), np.stack(board.mean)
    page = np.array([isinstance(reading, Page) for reading in board.readings])[choice]
    utf8 = np.array([reading is UTF8 for reading in board.readings])[choice]
    suspect = least >= NEVER
    suspect |= ~page & ~utf8 & ((worst[choice, columns] > SUSPECT_THREE) | (mean[choice, columns] > SUSPECT))
    return Judgement(board.readings, costs, choice, np.minimum(second - least, NEVER), suspect)


def learn(judgement: Judgement, evidence: Evidence) -> None:
    """Count the sure units."""
    sure = (judgement.margin > SURE) & ~judgement.suspect
    counts = np.bincount(judgement.choice[sure], minlength=len(judgement.readings))
    for reading, count in zip(judgement.readings, counts.tolist(), strict=True):
        if count:
            evidence.counts[reading.codec] = evidence.counts.get(reading.codec, 0.0) + count


def judge_lines(joined: bytes, evidence: Evidence) -> Judgement:
    """As `judge`, after learning from a sample, or from all units where they are few, what the document is made of."""
    ends = unit_ends(joined)
    if len(ends) <= SAMPLE:
        first = judge(joined, evidence)
        learn(first, evidence)
        return judge(joined, evidence) if evidence.counts else first
    step = len(ends) / SAMPLE
    sample = (np.arange(SAMPLE) * step).astype(np.int64)
    learn(judge(take(joined, ends, sample), evidence), evidence)
    return judge(joined, evidence, hasty=True)


def confidence(margin: Costs) -> NDArray[np.float64]:
    """A margin as a probability; bits of a character model are overconfident, hence halved."""
    return 1.0 / (1.0 + 2.0 ** (-np.minimum(margin, 128 * BIT) / (2 * BIT)))


def ids(names: Mapping[str, int], judgement: Judgement) -> NDArray[np.int64]:
    """Each unit's codec as a number out of `names`."""
    return np.array([names[reading.codec] for reading in judgement.readings])[judgement.choice]


def spans(ends: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Start and end of each unit, LF left out."""
    start = 0
    for end in ends.tolist():
        yield start, end
        start = end + 1
