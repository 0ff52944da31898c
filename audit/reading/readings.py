"""What any reading costs over all units: UTF-8 by its own grammar, double bytes by pairs, pages by letters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audit.reading.candidates import BIT, UTF8, Reading, Scores, glue, score_codes, sums
from audit.reading.letters import Page, score_page
from audit.reading.pairs import score_pairs
from audit.reading.units import Block

LF = 10
LOST = "\N{REPLACEMENT CHARACTER}"
NEIGHBOUR = "\N{OBJECT REPLACEMENT CHARACTER}".encode()  # of as many bytes
PLAINLY = 6  # characters of three bytes or more; GBK that is valid UTF-8 so far: none in 10 M lines
USUAL = 9 * BIT  # cost of a character of plain text
ASCII = 6 * BIT  # ... and of one of ASCII


def score(units: Sequence[Block], reading: Reading | Page) -> Scores:
    """The scores of all units."""
    if isinstance(reading, Page):
        return glue([score_page(block, reading) for block in units])
    return glue([_score_utf8(block) if reading is UTF8 else score_pairs(block, reading) for block in units])


def _score_utf8(block: Block) -> Scores:
    """Units that are plainly UTF-8 are not priced: so many characters of three bytes do not come about by chance.

    `worst` of a unit that fails is 0 or more where its leads are half as many again as its faults: it is partly UTF-8. Text in
    GBK, Big5, Shift_JIS or EUC has three faults for each such lead, in Cyrillic letters one.
    """
    raw = block.raw.replace(LOST.encode(), NEIGHBOUR)  # so that the mark stands for faults alone
    codes = np.frombuffer(raw.decode("utf-8", "replace").encode("utf-32-le"), dtype=np.uint32)
    ends = np.flatnonzero(codes == LF)
    lost = codes == ord(LOST)
    faults = sums(lost, ends) if lost.any() else np.zeros(len(ends), dtype=np.int64)
    leads = sums(codes >= 0x80, ends) - faults
    long = sums(codes >= 0x800, ends) - faults
    scores = Scores.failed(len(ends))
    wrong = faults > 0
    scores.worst[wrong] = np.where(long >= PLAINLY, 2 * long - 3 * faults, -1)[wrong]
    plain = ~wrong & (long >= PLAINLY)
    sizes = np.diff(ends, prepend=-1)
    scores.valid[plain] = True
    scores.foreign[plain] = leads[plain]
    scores.strange[plain] = leads[plain] * USUAL
    scores.cost[plain] = (leads * USUAL + (sizes - leads) * ASCII)[plain]
    right = np.flatnonzero(~wrong & ~plain)
    if len(right):
        mask = np.repeat(~wrong & ~plain, sizes)
        scores.replace(right, score_codes(codes[mask], np.cumsum(sizes[right]) - 1, UTF8))
    return scores
