"""Which encoding each line is in: every reading is priced, the document's majority is a prior, the cheapest wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
from audit.reading.board import NEVER, Board, Pool, Row
from audit.reading.candidates import BIT, DEAR, MULTIBYTE, UTF8, Costs, Reading
from audit.reading.letters import Page, tongues
from audit.reading.propose import propose
from audit.reading.readings import PLAINLY, score
from audit.reading.strays import NONE
from audit.reading.units import SMALL, Units
from audit.reading.words import lonely, speak_for

LOST = ""  # the codec of bytes that no codec takes
ENOUGH = 8  # foreign characters; below that every reading is tried
MANY = 64  # ... before anything is known of the document
FAMILIAR = 23 * BIT // 2  # ... 90 % of lines of eight; of EUC-JP read as GBK 0.4 %, of other encodings none
KNOWN = 25 * BIT // 2  # mean cost of what is in the encoding that most lines are in, ...
KNOWN_KANA = 14 * BIT  # ... in Shift_JIS, as which no other encoding reads for less; both lowered by ...
LEAD = 4 * BIT  # ... this over all: 96 % of lines of six and more, of those in another encoding 1 in 5,000
FEWEST = 6  # characters for that
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
CHEAP = 32  # UTF-8 is told by its grammar at a quarter of what pricing costs; the document's own encoding counts WEIGHT-fold
WEIGHT = 8  # units that one such unit counts for: two pages of letters in one file are rare
POOL = 1 << 16  # bytes of odd units that propose pages
SAMPLE = 512  # units judged in full to learn what the document is made of
BUDGET = 1 << 17  # bytes of a document that may be read character by character
MOSTLY = 8  # units of UTF-8 for each of another encoding, where single bytes among ASCII letters are in none of them
MANY_ISLANDS = 8  # units for each that holds characters of UTF-8; GBK does by chance in one of a hundred long lines
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

    def mostly_utf8(self) -> bool:
        """Whether the document is UTF-8 but for little."""
        return sum(self.counts.values()) * MOSTLY < self.counts.get(UTF8.codec, 0.0) * (MOSTLY + 1)

    def settled_page(self) -> Page | None:
        """The page that most of the document was in so far, None where that was no page."""
        codec = max(self.counts, key=self.counts.__getitem__, default="")
        return next((page for page in self.pages if page.codec == codec), None)

    def order(self) -> list[Reading]:
        """Multibyte readings, the most common first; UTF-8 before others unless it is rare here."""
        shares = {**self.counts, UTF8.codec: CHEAP * self.counts.get(UTF8.codec, 0.0) + 1.0}
        return sorted(MULTIBYTE, key=lambda reading: (-shares.get(reading.codec, 0.0), reading.prior))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was made of each unit; arrays have shape (units,), `choice` is the number of a row.

    `margin` is the distance to the second best; `suspect` units are not one encoding, or none at all.
    """

    rows: Sequence[Row]
    choice: NDArray[np.int64]
    margin: Costs
    suspect: NDArray[np.bool_]


def price(units: Units, evidence: Evidence, *, lines: bool = False) -> Board:
    """What each reading makes of each unit; a unit that one reading explains well is not tried in the others.

    Once the document is known a few characters are enough for that, before it takes many.
    """
    board = Board(units)
    pool = Pool(units, np.arange(len(units.ends)))
    enough = ENOUGH if evidence.counts else MANY
    page = evidence.settled_page()
    for reading in (*([page] if page else ()), *evidence.order()):
        if not len(pool.held):
            break
        scores = score(pool.blocks, reading)
        mean = board.add(reading, pool, scores)
        if isinstance(reading, Reading) and reading is not UTF8 and evidence.counts.get(reading.codec, 0.0) >= MEMORY:
            usual = KNOWN_KANA if reading.codec == "cp932" else KNOWN
            wanted = (scores.foreign < FEWEST) | (scores.foreign * (usual - mean) < LEAD)
        else:
            limit = NATURAL_UTF8 if reading is UTF8 else NATURAL_LETTER if isinstance(reading, Page) else FAMILIAR
            wanted = (mean > limit) | (scores.foreign < (PLAINLY if reading is UTF8 else enough))
        if reading is UTF8:  # what is partly UTF-8 is nothing else as a whole
            partly = ~scores.valid & (scores.worst >= 0) & pool.live
            board.partly[pool.held[partly]] = True
            wanted &= ~partly
            board.broken = pool.held[~scores.valid & pool.live]
            board.islands[pool.held] = ~scores.valid & (scores.foreign > 0) & pool.live
            if lines and evidence.counts.get(UTF8.codec):  # they are taken apart, whatever else reads them
                wanted &= ~board.islands[pool.held]
        pool = pool.keep(wanted)
    alive = pool.held[pool.live]
    if len(alive):
        _letters(units, alive, board, evidence)
    return board


def _letters(units: Units, alive: NDArray[np.int64], board: Board, evidence: Evidence) -> None:
    """Price the units that nothing explained as pages of letters."""
    few = int(np.diff(units.ends, prepend=-1)[alive].sum()) <= POOL
    odd = alive if few and not board.explained else alive[board.best[alive] > ODD]
    if not len(odd):
        return
    pool = Pool(units.take(odd), odd)
    part = pool.units.joined
    known = [page for page in evidence.pages if evidence.counts.get(page.codec)]
    pages = list(dict.fromkeys([*known, *propose(part[:POOL], widely=not board.explained)]))
    for page in pages:
        if not board.row_of(page):
            board.add(page, pool, score(pool.blocks, page))
    told = tongues(part, pages) if pages else ()
    if pages and len(units.joined) <= SMALL:  # in more the pairs of letters tell
        told = told - speak_for(part, pages) + lonely(part, pages)
    for page, against in zip(pages, told, strict=True):
        row = board.row_of(page)
        if row and len(row.units):
            at = np.searchsorted(row.units, odd).clip(max=len(row.units) - 1)
            there = row.units[at] == odd
            row.cost[at[there]] += against[there]


def choose(board: Board, evidence: Evidence) -> Judgement:
    """The cheapest reading of each unit, priors included."""
    least, second, mean, worst = np.full((4, board.size), NEVER, dtype=np.int64)
    choice = np.zeros(board.size, dtype=np.int64)
    for number, row in enumerate(board.rows):
        prior = int(evidence.prior(row.reading))
        if kernels:
            options = np.array([prior, number], dtype=np.int64)
            kernels.compete(row.units, row.cost, row.mean, row.worst, options, least, second, mean, worst, choice)
            continue
        total = row.cost + prior
        here = least[row.units]
        better = total < here
        second[row.units] = np.minimum(second[row.units], np.maximum(here, total))
        at = row.units[better]
        least[at], mean[at], worst[at], choice[at] = total[better], row.mean[better], row.worst[better], number
    letters = np.array([isinstance(row.reading, Page) for row in board.rows])[choice]
    utf8 = np.array([row.reading is UTF8 for row in board.rows])[choice]
    mixed = evidence.counts.get(UTF8.codec) or np.count_nonzero(board.islands) * MANY_ISLANDS > board.size
    islands = board.islands if mixed else False
    dear = np.where(letters, mean > DEAR_LETTER, ~utf8 & ((worst > DEAR) | (mean > SUSPECT) | islands))
    if evidence.mostly_utf8():
        dear |= board.strays() != NONE
    return Judgement(board.rows, choice, np.minimum(second - least, NEVER), dear | (least >= NEVER))


def lean(board: Board, evidence: Evidence) -> None:
    """Begin with the encoding that reads most units nearly as well as any: most files are in one."""
    costs = np.stack([row.dense(board.size) for row in board.rows])
    readings = [row.reading for row in board.rows]
    least = costs.min(axis=0)
    least[least >= NEVER] = 0
    codecs = dict.fromkeys(reading.codec for reading in readings)
    best, support = (NEVER, ""), 0
    for codec in codecs:
        rows = [at for at, reading in enumerate(readings) if reading.codec == codec]
        cost = costs[rows].min(axis=0)
        cost = np.where(board.partly, 0, cost) if codec == UTF8.codec else cost
        prior = min(readings[at].prior for at in rows) * BIT
        total = (int(np.minimum(cost - least, CLOSE).sum() + prior), codec)
        if total < best:
            best, support = total, int((cost - least < CLOSE).sum())
    evidence.counts[best[1]] = float(support * WEIGHT)
    evidence.pages += [page for page in readings if isinstance(page, Page) and page.codec == best[1]][:1]


def learn(judgement: Judgement, evidence: Evidence) -> None:
    """Count the sure units."""
    sure = (judgement.margin > SURE) & ~judgement.suspect
    counts = np.bincount(judgement.choice[sure], minlength=len(judgement.rows))
    for row, count in zip(judgement.rows, counts.tolist(), strict=True):
        reading = row.reading
        if count:
            if isinstance(reading, Page) and reading not in evidence.pages:
                evidence.pages.append(reading)
            evidence.counts[reading.codec] = evidence.counts.get(reading.codec, 0.0) + count


def judge_lines(units: Units, evidence: Evidence) -> Judgement:
    """Price the readings of all units and choose, after learning what the document is made of: an encoding that one unit proves is believed of others."""
    if not evidence.counts:
        few = len(units.ends) <= SAMPLE
        sample = (np.arange(SAMPLE) * (len(units.ends) / SAMPLE)).astype(np.int64)
        board = price(units if few else units.take(sample), evidence)
        lean(board, evidence)
        learn(choose(board, evidence), evidence)
        pieces = int(np.count_nonzero(board.islands))
        if pieces * MANY_ISLANDS > board.size:  # lines that hold characters of UTF-8 beside others prove it as well
            evidence.counts[UTF8.codec] = max(evidence.counts.get(UTF8.codec, 0.0), float(pieces * WEIGHT))
        if few:
            return choose(board, evidence)
    known = set(evidence.counts)
    board = price(units, evidence, lines=True)
    judged = choose(board, evidence)
    learn(judged, evidence)
    return judged if known.issuperset(evidence.counts) else choose(board, evidence)


def confidence(margin: Costs) -> NDArray[np.float64]:
    """A margin as a probability; bits of a character model are overconfident, hence halved."""
    return 1.0 / (1.0 + 2.0 ** (-np.minimum(margin, 128 * BIT) / (2 * BIT)))
