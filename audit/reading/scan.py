"""Which encoding each line is in: every reading is priced, the document's majority is a prior, the cheapest wins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audit.reading.board import NATURAL, NEVER, Board, Pool
from audit.reading.candidates import (
    BIT,
    DEAR,
    MULTIBYTE,
    UTF8,
    Costs,
    Reading,
    take,
    unit_ends,
)
from audit.reading.letters import Page, tongues
from audit.reading.propose import propose
from audit.reading.readings import score

LOST = ""  # the codec of bytes that no codec takes
ENOUGH = 8  # foreign characters; below that every reading is tried
MANY = 64  # ... before anything is known of the document
NATURAL_UTF8 = 13 * BIT  # validity is evidence by itself
NATURAL_LETTER = 6 * BIT  # a letter after another costs 3 to 5 in its own language
DEAR_LETTER = 15 * BIT // 2  # ... and 9 and more when it is none
ODD = 13 * BIT  # a unit that costs more a character in all multibyte readings is also tried as letters
SUSPECT = 15 * BIT  # ... and is looked at for several encodings inside it
SURE = 10 * BIT  # margin of the units that count as evidence
CLOSE = 20 * BIT  # a unit farther off than that is in another encoding
SECOND_PAGE = 8.0  # bits; a line in another page of letters than the rest
STRANGER = 13.0  # bits; an encoding that the document has not shown yet; one Han character misread and more
FAR = 14.0  # ... of the other kind: letters among Han, Han among letters
WEIGHT = 8  # units that one such unit counts for: two pages of letters in one file are rare
POOL = 1 << 16  # bytes of odd units that propose pages
SAMPLE = 512  # units judged in full to learn what the document is made of
BUDGET = 1 << 17  # bytes of a document that may be read character by character
MEMORY = 64  # units; more evidence than that does not make another encoding less likely


@dataclass(slots=True)
class Evidence:
    """What a document's encodings were so far, in units that were sure."""

    counts: dict[str, float] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    budget: int = BUDGET

    def prior(self, reading: Reading | Page) -> float:
        """Cost of choosing a reading, given what the document was so far."""
        total = sum(self.counts.values())
        seen = self.counts.get(reading.codec, 0.0)
        scale = min(1.0, MEMORY / total) if total else 1.0
        share = (seen * scale + 2.0**-reading.prior) / (total * scale + 1.0)
        page = self.settled_page() if isinstance(reading, Page) else None
        cost = float(-np.log2(share)) + (SECOND_PAGE if page and page.codec != reading.codec else 0.0)
        if total and not seen:
            cost += STRANGER * min(1.0, total / MEMORY) + (FAR if isinstance(reading, Page) != bool(page) else 0.0)
        return cost * BIT

    def settled_page(self) -> Page | None:
        """The page that most of the document was in so far, None where that was no page."""
        codec = max(self.counts, key=self.counts.__getitem__, default="")
        return next((page for page in self.pages if page.codec == codec), None)

    def order(self) -> list[Reading]:
        """Multibyte readings, the most common first; UTF-8 before others unless it is rare here."""
        shares = {**self.counts, UTF8.codec: 4 * self.counts.get(UTF8.codec, 0.0) + 1.0}
        return sorted(MULTIBYTE, key=lambda reading: (-shares.get(reading.codec, 0.0), reading.prior))


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


def judge(joined: bytes, evidence: Evidence) -> Judgement:
    """Price the readings of all units and choose."""
    return choose(price(joined, evidence), evidence)


def price(joined: bytes, evidence: Evidence) -> Board:
    """What each reading makes of each unit; a unit that one reading explains well is not tried in the others.

    Once the document is known a few characters are enough for that, before it takes many.
    """
    ends = unit_ends(joined)
    board = Board(len(ends))
    pool = Pool(joined, ends, np.arange(len(ends)))
    enough = ENOUGH if evidence.counts else MANY
    page = evidence.settled_page()
    for reading in (*([page] if page else ()), *evidence.order()):
        if not len(pool.held):
            break
        scores = score(pool.units, reading)
        mean = board.add(reading, pool, scores)
        limit = NATURAL_UTF8 if reading is UTF8 else NATURAL_LETTER if isinstance(reading, Page) else NATURAL
        wanted = (mean > limit) | (scores.foreign < (ENOUGH if reading is UTF8 else enough))
        if reading is UTF8:  # what is partly UTF-8 is nothing else as a whole
            partly = ~scores.valid & (scores.worst >= 0) & pool.live
            board.partly[pool.held[partly]] = True
            wanted &= ~partly
        pool = pool.keep(wanted)
    alive = pool.held[pool.live]
    if len(alive):
        _letters(joined, ends, alive, board, evidence)
    return board


def _letters(
    joined: bytes, ends: NDArray[np.int64], alive: NDArray[np.int64], board: Board, evidence: Evidence
) -> None:
    """Price the units that nothing explained as pages of letters."""
    few = int((ends[alive] - np.concatenate([[-1], ends[:-1]])[alive]).sum()) <= POOL
    odd = alive if few and not board.explained else alive[board.best[alive] > ODD]
    if not len(odd):
        return
    pool = Pool(joined, ends, odd)
    part = take(joined, ends, odd)
    known = [page for page in evidence.pages if evidence.counts.get(page.codec)]
    pages = list(dict.fromkeys([*known, *propose(part[:POOL])]))
    for page in pages:
        if page not in board.readings:
            board.add(page, pool, score(pool.units, page))
    for page, against in zip(pages, tongues(part, pages) if pages else (), strict=True):
        board.costs[board.readings.index(page)][odd] += against


def choose(board: Board, evidence: Evidence) -> Judgement:
    """The cheapest reading of each unit, priors included."""
    costs = np.stack(board.costs) if board.costs else np.full((1, board.size), NEVER, dtype=np.int64)
    priors = np.array([evidence.prior(reading) for reading in board.readings]).astype(np.int64)
    total = costs + priors[:, None]
    choice = total.argmin(axis=0)
    columns = np.arange(board.size)
    least = total[choice, columns]
    alone = np.full(board.size, NEVER, dtype=np.int64)
    second = np.partition(total, 1, axis=0)[1] if len(total) > 1 else alone
    worst, mean = np.stack(board.worst), np.stack(board.mean)
    page = np.array([isinstance(reading, Page) for reading in board.readings])[choice]
    utf8 = np.array([reading is UTF8 for reading in board.readings])[choice]
    suspect = least >= NEVER
    suspect |= page & (mean[choice, columns] > DEAR_LETTER)
    suspect |= ~page & ~utf8 & ((worst[choice, columns] > DEAR) | (mean[choice, columns] > SUSPECT))
    return Judgement(board.readings, costs, choice, np.minimum(second - least, NEVER), suspect)


def lean(board: Board, evidence: Evidence) -> None:
    """Begin with the encoding that reads most units nearly as well as any: most files are in one."""
    costs = np.stack(board.costs)
    least = costs.min(axis=0)
    least[least >= NEVER] = 0
    codecs = dict.fromkeys(reading.codec for reading in board.readings)
    best, support = (NEVER, ""), 0
    for codec in codecs:
        rows = [at for at, reading in enumerate(board.readings) if reading.codec == codec]
        cost = costs[rows].min(axis=0)
        cost = np.where(board.partly, 0, cost) if codec == UTF8.codec else cost
        prior = min(board.readings[at].prior for at in rows) * BIT
        total = (int(np.minimum(cost - least, CLOSE).sum() + prior), codec)
        if total < best:
            best, support = total, int((cost - least < CLOSE).sum())
    evidence.counts[best[1]] = float(support * WEIGHT)
    evidence.pages += [page for page in board.readings if isinstance(page, Page) and page.codec == best[1]][:1]


def learn(judgement: Judgement, evidence: Evidence) -> None:
    """Count the sure units."""
    sure = (judgement.margin > SURE) & ~judgement.suspect
    counts = np.bincount(judgement.choice[sure], minlength=len(judgement.readings))
    for reading, count in zip(judgement.readings, counts.tolist(), strict=True):
        if count:
            if isinstance(reading, Page) and reading not in evidence.pages:
                evidence.pages.append(reading)
            evidence.counts[reading.codec] = evidence.counts.get(reading.codec, 0.0) + count


def judge_lines(joined: bytes, evidence: Evidence) -> Judgement:
    """As `judge`, after learning what the document is made of: an encoding that one unit proves is believed of others."""
    ends = unit_ends(joined)
    if not evidence.counts:
        sample = (np.arange(SAMPLE) * (len(ends) / SAMPLE)).astype(np.int64)
        board = price(joined if len(ends) <= SAMPLE else take(joined, ends, sample), evidence)
        lean(board, evidence)
        learn(choose(board, evidence), evidence)
        if len(ends) <= SAMPLE:
            return choose(board, evidence)
    known = set(evidence.counts)
    board = price(joined, evidence)
    judged = choose(board, evidence)
    learn(judged, evidence)
    return judged if known.issuperset(evidence.counts) else choose(board, evidence)


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
