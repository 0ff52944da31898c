"""Which encoding each line is in: every reading is priced, the document's majority is a prior, the cheapest wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
from audit.reading.board import NEVER, Board, Row
from audit.reading.candidates import BIT, DEAR, UTF8, Costs
from audit.reading.evidence import Evidence
from audit.reading.letters import Page
from audit.reading.strays import NONE

LOST = ""  # the codec of bytes that no codec takes
DEAR_LETTER = 15 * BIT // 2  # ... and 9 and more when it is none
SUSPECT = 15 * BIT  # ... and is looked at for several encodings inside it
SURE = 10 * BIT  # margin of the units that count as evidence
CLOSE = 20 * BIT  # a unit farther off than that is in another encoding
WEIGHT = 8  # units that one such unit counts for: two pages of letters in one file are rare
MANY_ISLANDS = 8  # units for each that holds characters of UTF-8; GBK does by chance in one of a hundred long lines


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was made of each unit; arrays have shape (units,), `choice` is the number of a row.

    `margin` is the distance to the second best; `suspect` units are not one encoding, or none at all.
    """

    rows: Sequence[Row]
    choice: NDArray[np.int64]
    margin: Costs
    suspect: NDArray[np.bool_]


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


def confidence(margin: Costs) -> NDArray[np.float64]:
    """A margin as a probability; bits of a character model are overconfident, hence halved."""
    return 1.0 / (1.0 + 2.0 ** (-np.minimum(margin, 128 * BIT) / (2 * BIT)))
