"""Which encoding each line is in, after learning from some of them what the document is made of."""

from __future__ import annotations

import numpy as np

from audit.reading.board import NATURAL
from audit.reading.candidates import UTF8
from audit.reading.evidence import Evidence
from audit.reading.fields import fields_of
from audit.reading.pricing import FAMILIAR, NATURAL_UTF8, price, price_letters, price_multibyte
from audit.reading.scan import MANY_ISLANDS, SURE, WEIGHT, Judgement, choose, lean, learn
from audit.reading.units import Units

SAMPLE = 512  # lines judged in full to learn what the document is made of
ROUGH = 4  # lines for each that no encoding reads as plain text, or that holds characters of UTF-8 beside others: fields are asked there
CROWDED = 4  # lines for each whose fields are in several encodings: none of a document's lines is judged as a whole
TWIN = "big5hkscs"  # reads nearly all that code page 950 does, alike: with it neither is ever sure
EXPLAINED = 0.75  # share of the bytes of fields that is plain text; of words of letters read as Han 0.003


def judge_lines(units: Units, evidence: Evidence) -> Judgement:
    """Price the readings of all units and choose, after learning what the document is made of: an encoding that one unit proves is believed of others.

    Where most lines hold several encodings none is judged as a whole, and all are suspect.
    """
    few = len(units.ends) <= SAMPLE
    chosen = (np.arange(SAMPLE) * (len(units.ends) / SAMPLE)).astype(np.int64)
    sample = units if few else units.take(chosen)
    board, alive = price_multibyte(sample, evidence)
    rough = np.count_nonzero(board.islands | (board.best > NATURAL))
    evidence.mixed = _mixed(sample, evidence) if rough * ROUGH > board.size else 0.0
    if evidence.mixed:
        return _nothing(len(units.ends))
    if not evidence.counts:
        price_letters(alive, board, evidence)
        lean(board, evidence)
        learn(choose(board, evidence), evidence)
        islands = int(np.count_nonzero(board.islands))
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


def _mixed(lines: Units, evidence: Evidence) -> float:
    """Learn from the fields of lines, if several encodings explain them and no letters; the share of them that is not as the most of their line."""
    fields = fields_of(lines, np.zeros(len(lines.ends), dtype=np.int64))
    board, _ = price_multibyte(fields.units, evidence)
    board.rows = [row for row in board.rows if row.reading.codec != TWIN]
    judged = choose(board, evidence)
    plain = np.zeros(board.size, dtype=bool)
    for number, row in enumerate(judged.rows):
        limit = NATURAL_UTF8 if row.reading is UTF8 else FAMILIAR
        plain[row.units] |= (judged.choice[row.units] == number) & (row.mean <= limit)
    sizes = fields.sizes
    if int(sizes[plain].sum()) < EXPLAINED * int(sizes.sum()):
        return 0.0
    sure = np.flatnonzero(plain & (judged.margin > SURE) & ~judged.suspect)
    kinds = len(judged.rows)
    cells = np.bincount(fields.owner[sure] * kinds + judged.choice[sure], minlength=len(lines.ends) * kinds)
    counts = cells.reshape(-1, kinds)
    others = counts.sum(axis=1) - counts.max(axis=1)
    if np.count_nonzero(others) * CROWDED <= len(others):
        return 0.0
    judged.suspect[~plain] = True
    learn(judged, evidence)
    return float(others.sum() / counts.sum())
