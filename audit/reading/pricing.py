"""What each reading makes of each unit; a unit that one reading explains well is not tried in the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.reading.board import NATURAL, Board, Pool
from audit.reading.candidates import BIT, UTF8, Costs, Reading, Scores
from audit.reading.evidence import MEMORY, Evidence
from audit.reading.letters import Page, tongues
from audit.reading.propose import propose
from audit.reading.readings import PLAINLY, score
from audit.reading.units import SMALL, Units
from audit.reading.words import lonely, speak_for

ENOUGH = 8  # foreign characters; below that every reading is tried
MANY = 64  # ... before anything is known of the document
FAMILIAR = 23 * BIT // 2  # ... 90 % of lines of eight; of EUC-JP read as GBK 0.4 %, of other encodings none
KNOWN = 25 * BIT // 2  # mean cost of what is in the encoding that most lines are in, ...
KNOWN_KANA = 14 * BIT  # ... in Shift_JIS, as which no other encoding reads for less; both lowered by ...
LEAD = 4 * BIT  # ... this over all: 96 % of lines of six and more, of those in another encoding 1 in 5,000
FEWEST = 6  # characters for that
CHEAPEST = 6 * BIT  # mean cost of a character at least: of 34,000 words of two to five, 3 cost less, in any encoding
NATURAL_UTF8 = 13 * BIT  # validity is evidence by itself
NATURAL_LETTER = 6 * BIT  # a letter after another costs 3 to 5 in its own language
ODD = 13 * BIT  # a unit that costs more a character in all multibyte readings is also tried as letters
POOL = 1 << 16  # bytes of odd units that propose pages
EVIDENT = 8  # characters that one reading finds natural throughout: none of 80,000 texts in pages of DOS and Macintosh reads so


def price(units: Units, evidence: Evidence, *, lines: bool = False) -> Board:
    """What each reading makes of each unit.

    Once the document is known a few characters are enough for one that explains it, before it takes many.
    """
    board, alive = price_multibyte(units, evidence, lines=lines)
    price_letters(alive, board, evidence)
    return board


def price_multibyte(units: Units, evidence: Evidence, *, lines: bool = False) -> tuple[Board, NDArray[np.int64]]:
    """The same without pages of letters, but for that of the document; and the units that nothing explains."""
    board = Board(units)
    pool = Pool(units, np.arange(len(units.ends)))
    page = evidence.settled_page()
    for reading in (*([page] if page else ()), *evidence.order()):
        if not len(pool.held):
            break
        scores = score(pool.blocks, reading)
        mean = board.add(reading, pool, scores)
        wanted = _unexplained(reading, scores, mean, evidence, lines=lines)
        if reading is UTF8:  # what is partly UTF-8 is nothing else as a whole
            partly = ~scores.valid & (scores.worst >= 0) & pool.live
            board.partly[pool.held[partly]] = True
            wanted &= ~partly
            board.broken = pool.held[~scores.valid & pool.live]
            board.islands[pool.held] = ~scores.valid & (scores.foreign > 0) & pool.live
            if lines and evidence.counts.get(UTF8.codec):  # they are taken apart, whatever else reads them
                wanted &= ~board.islands[pool.held]
        pool = pool.keep(wanted)
    return board, pool.held[pool.live]


def _unexplained(
    reading: Reading | Page, scores: Scores, mean: Costs, evidence: Evidence, *, lines: bool
) -> NDArray[np.bool_]:
    """The units that are to be tried in other readings too."""
    known, limit, enough = _asked(reading, evidence)
    dear = scores.foreign * (limit - mean) < LEAD if known else mean > limit
    wanted: NDArray[np.bool_] = dear | (scores.foreign < enough)
    if known and not lines:  # too few characters to be told by them, but no other encoding reads them for so much less
        wanted &= (scores.strange > scores.foreign * CHEAPEST + _ahead(reading, evidence)) | ~scores.valid
    return wanted


def _asked(reading: Reading | Page, evidence: Evidence) -> tuple[bool, int, int]:
    """When a reading explains a unit: whether it is known, what a character may cost (usually costs, if known), and how many it takes."""
    if reading is UTF8:
        return False, NATURAL_UTF8, PLAINLY
    if isinstance(reading, Reading) and evidence.counts.get(reading.codec, 0.0) >= MEMORY:
        return True, KNOWN_KANA if reading.codec == "cp932" else KNOWN, FEWEST
    return False, NATURAL_LETTER if isinstance(reading, Page) else FAMILIAR, ENOUGH if evidence.counts else MANY


def _ahead(reading: Reading | Page, evidence: Evidence) -> int:
    """How much likelier the document makes a known encoding than any that is tried after it."""
    order = evidence.order()
    others = order[order.index(reading) + 1 :] if reading in order else order
    return int(min([evidence.prior(other) for other in others], default=0.0) - evidence.prior(reading))


def price_letters(alive: NDArray[np.int64], board: Board, evidence: Evidence) -> None:
    """Price the units that nothing explained as pages of letters."""
    units = board.units
    if not len(alive):
        return
    few = int(np.diff(units.ends, prepend=-1)[alive].sum()) <= POOL
    odd = alive if few and not board.explained else alive[board.best[alive] > ODD]
    if not len(odd):
        return
    pool = Pool(units.take(odd), odd)
    part = pool.units.joined
    known = [page for page in evidence.pages if evidence.counts.get(page.codec)]
    evident = board.natural >= EVIDENT and bool((board.best[odd] <= NATURAL).all())
    widely = not board.explained and not evident
    pages = list(dict.fromkeys([*known, *propose(part[:POOL], widely=widely)]))
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
