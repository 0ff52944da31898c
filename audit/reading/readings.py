"""What any reading costs over all units: UTF-8 by its own grammar, double bytes by pairs, pages by letters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from audit.native import kernels
from audit.reading.candidates import BIT, UTF8, Costs, Reading, Scores, glue, score_codes, sums, table
from audit.reading.letters import Page, score_page
from audit.reading.pairs import score_pairs
from audit.reading.steps import grammar
from audit.reading.units import Block, take, unit_ends

LF = 10
FIRST_WIDE = 0xE0  # of the leads of characters of three bytes and four
PIECE = 1 << 12  # bytes
PLAINLY = 4  # characters of three bytes or more; GBK, Big5 or EUC that is valid UTF-8 so far: none in 27 M pieces
USUAL = 9 * BIT  # cost of a character of plain text
ASCII = 6 * BIT  # ... and of one of ASCII


def score(units: Sequence[Block], reading: Reading | Page) -> Scores:
    """The scores of all units."""
    if isinstance(reading, Page):
        return glue([score_page(block, reading) for block in units])
    return glue([_score_utf8(block) if reading is UTF8 else score_pairs(block, reading) for block in units])


def _faults(raw: bytes, ends: Costs) -> tuple[Costs, Costs, Costs]:
    """Faults of each unit, its characters of three bytes or four, and of such the pairs beside a fault; shape (units,) all.

    Valid bytes are decoded at ten times the speed that looking at each of them has, so only pieces with a fault are looked at.
    """
    codes = np.frombuffer(raw, dtype=np.uint8)
    fault, pair = np.zeros((2, len(raw)), dtype=bool)
    wide = codes >= FIRST_WIDE
    stops = (
        np.unique(ends[np.searchsorted(ends, np.arange(PIECE, len(raw) + PIECE, PIECE)).clip(max=len(ends) - 1)]) + 1
    )
    faulty = [not is_utf8(raw[at:stop]) for at, stop in pairwise((0, *stops.tolist()))]
    edges = np.flatnonzero(np.diff(np.array(faulty, dtype=np.int8), prepend=0, append=0))
    for start, stop in np.append(0, stops)[edges].reshape(-1, 2).tolist():
        fault[start:stop], wide[start:stop] = grammar(codes[start:stop])
        after = wide[start + 3 : stop]
        pair[start : start + len(after)] = wide[start : start + len(after)] & after
    none = np.zeros(len(ends), dtype=np.int64)
    return (sums(fault, ends), sums(wide, ends), sums(pair, ends)) if len(edges) else (none, sums(wide, ends), none)


def is_utf8(raw: bytes) -> bool:
    """Whether bytes are UTF-8 throughout."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _score_utf8(block: Block) -> Scores:
    """Units that are plainly UTF-8 are not priced: so many characters of three bytes do not come about by chance.

    `worst` of a unit that fails is 0 or more where its leads are half as many again as its faults: it is partly UTF-8. Text in
    GBK, Big5, Shift_JIS or EUC has three faults for each such lead, in Cyrillic letters one. `foreign` of such a unit counts the pairs of
    characters of three bytes that it holds all the same.
    """
    if kernels:
        found, rows = Scores.blank(block.count)
        kernels.price_utf8(block.raw, table(UTF8.table), rows, found.valid)
        return found
    ends = unit_ends(block.raw)
    faults, long, pairs = _faults(block.raw, ends)
    scores = Scores.failed(len(ends))
    wrong = faults > 0
    scores.worst[wrong] = np.where(long >= PLAINLY, 2 * long - 3 * faults, -1)[wrong]
    scores.foreign[wrong] = pairs[wrong]
    plain = ~wrong & (long >= PLAINLY)
    scores.valid[plain] = True
    scores.foreign[plain] = long[plain]
    scores.strange[plain] = long[plain] * USUAL
    scores.cost[plain] = (long * USUAL + (np.diff(ends, prepend=-1) - 3 * long) * ASCII)[plain]
    right = np.flatnonzero(~wrong & ~plain)
    if len(right):
        text = take(block.raw, ends, right).decode("utf-8")
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        scores.replace(right, score_codes(codes, np.flatnonzero(codes == LF), UTF8))
    return scores
