"""What any reading costs over all units: UTF-8 by its own grammar, double bytes by pairs, pages by letters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audit.reading.candidates import BIT, UTF8, Block, Reading, Scores, glue, score_decoded, take, unit_ends
from audit.reading.letters import Page, score_page
from audit.reading.pairs import score_pairs

BEHIND = np.array([0] * 0xC2 + [1] * 30 + [2] * 16 + [3] * 5 + [0] * 11, dtype=np.uint8)  # bytes behind each lead
NEVER_UTF8 = np.isin(np.arange(256), [0xC0, 0xC1, *range(0xF5, 0x100)])
PLAINLY = 6  # characters of three bytes or more; GBK that is valid UTF-8 so far: none in 10 M lines
USUAL = 9 * BIT  # cost of a character of plain text
SECOND = {
    0xE0: (0xA0, 0xBF),
    0xED: (0x80, 0x9F),
    0xF0: (0x90, 0xBF),
    0xF4: (0x80, 0x8F),
}  # RFC 3629: narrower than 80-BF


def score(units: Sequence[Block], reading: Reading | Page) -> Scores:
    """The scores of all units."""
    if isinstance(reading, Page):
        return glue([score_page(block, reading) for block in units])
    return glue([_score_utf8(block) if reading is UTF8 else score_pairs(block, reading) for block in units])


def faults(raw: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where UTF-8 breaks: bytes that it never has, bytes missing behind a lead, bytes without one."""
    behind = BEHIND.take(raw)
    tail = (raw & 0xC0) == 0x80
    wanted = np.zeros(len(raw), dtype=bool)
    wanted[1:] = behind[:-1] != 0
    wanted[2:] |= (behind[:-2] >= 2) & tail[1:-1]
    wanted[3:] |= (behind[:-3] == 3) & tail[1:-2] & tail[2:-1]
    bad = wanted != tail
    bad |= NEVER_UTF8.take(raw)
    for lead, (low, high) in SECOND.items():
        at = np.flatnonzero(raw[:-1] == lead) + 1
        bad[at[(raw[at] < low) | (raw[at] > high)]] = True
    return np.flatnonzero(bad)


def _score_utf8(block: Block) -> Scores:
    """Units that are plainly UTF-8 are not priced: so many characters of three bytes do not come about by chance.

    `worst` of a unit that fails is 0 or more where its leads are half as many again as its faults: it is partly UTF-8. Text in
    GBK, Big5, Shift_JIS or EUC has three faults for each such lead, in Cyrillic letters one.
    """
    raw = np.frombuffer(block.raw, dtype=np.uint8)
    ends = unit_ends(block.raw)
    starts = np.concatenate([[0], ends[:-1] + 1])
    count = np.zeros(len(ends), dtype=np.int64)
    if not _takes(block.raw):
        count = np.bincount(np.searchsorted(ends, faults(raw)), minlength=len(ends))
    wrong = count > 0
    leads = np.add.reduceat(raw >= 0xC2, starts, dtype=np.int64)
    scores = Scores.failed(len(ends))
    long = np.add.reduceat(raw >= 0xE0, starts, dtype=np.int64)
    plain = ~wrong & (long >= PLAINLY)
    scores.worst[wrong] = np.where(long >= PLAINLY, 2 * long - 3 * count, -1)[wrong]
    scores.valid[plain] = True
    scores.foreign[plain] = leads[plain]
    scores.strange[plain] = leads[plain] * USUAL
    scores.cost[plain] = ((ends - starts) * USUAL // 3)[plain]
    right = np.flatnonzero(~wrong & ~plain)
    if len(right):
        scores.replace(right, score_decoded(take(block.raw, ends, right), UTF8, "strict"))
    return scores


def _takes(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
