"""Which encoding each line is in, after learning from some of them what the document is made of."""

from __future__ import annotations

import numpy as np

from audit.reading.candidates import UTF8
from audit.reading.evidence import Evidence
from audit.reading.fields import fields_of
from audit.reading.pricing import FAMILIAR, NATURAL_UTF8, price, price_letters, price_multibyte
from audit.reading.scan import MANY_ISLANDS, WEIGHT, Judgement, choose, lean, learn
from audit.reading.units import Units

SAMPLE = 512  # lines judged in full to learn what the document is made of
CROWDED = 2  # lines for each that holds characters of UTF-8 beside others, where fields are asked instead
LEAST = 8  # lines
EXPLAINED = 0.75  # share of their bytes that is plain text; of words of letters read as Han 0.003


def judge_lines(units: Units, evidence: Evidence) -> Judgement:
    """Price the readings of all units and choose, after learning what the document is made of: an encoding that one unit proves is believed of others.

    Where most lines hold several encodings none is judged as a whole, and all are suspect.
    """
    few = len(units.ends) <= SAMPLE
    chosen = (np.arange(SAMPLE) * (len(units.ends) / SAMPLE)).astype(np.int64)
    sample = units if few else units.take(chosen)
    board, alive = price_multibyte(sample, evidence)
    islands = int(np.count_nonzero(board.islands))
    evidence.crowded = islands * CROWDED > board.size >= LEAST and _learn_from_fields(sample, evidence)
    if evidence.crowded:
        return _nothing(len(units.ends))
    if not evidence.counts:
        price_letters(alive, board, evidence)
        lean(board, evidence)
        learn(choose(board, evidence), evidence)
        if islands * MANY_ISLANDS > board.size:  # lines that hold characters of UTF-8 beside others prove it as well
            evidence.counts[UTF8.codec] = max(evidence.counts.get(UTF8.codec, 0.0), float(islands * WEIGHT))
        if few:
            return choose(board, evidence)
    known = set(evidence.counts)
    board = price(units, evidence, lines=True)
    judged = choose(board, evidence)
    learn(judged, evidence)
    return judged if known.issuperset(evidence.counts) else choose(board, evidence)


def _nothing(size: int) -> Judgement:
    """No line judged, all suspect."""
    none = np.zeros(size, dtype=np.int64)
    return Judgement((), none, none, np.ones(size, dtype=bool))


def _learn_from_fields(lines: Units, evidence: Evidence) -> bool:
    """Learn from the fields of lines that hold several encodings each; whether those explain them, with no letters among them."""
    fields = fields_of(lines, np.zeros(len(lines.ends), dtype=np.int64))
    board, _ = price_multibyte(fields.units, evidence)
    judged = choose(board, evidence)
    plain = np.zeros(board.size, dtype=bool)
    for number, row in enumerate(judged.rows):
        limit = NATURAL_UTF8 if row.reading is UTF8 else FAMILIAR
        plain[row.units] |= (judged.choice[row.units] == number) & (row.mean <= limit)
    sizes = fields.sizes
    if int(sizes[plain].sum()) < EXPLAINED * int(sizes.sum()):
        return False
    judged.suspect[~plain] = True
    learn(judged, evidence)
    return True
