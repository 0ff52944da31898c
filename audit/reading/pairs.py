"""Double-byte encodings without decoding: where the leads stand follows from parity, what a pair costs from a table.

In all of them a byte that cannot be a lead ends the character it belongs to, so a stretch of bytes that can be leads begins
with one, and every second byte of it is one. What takes more than two bytes (GB18030's four, EUC-JP's three) is left to
the codec, for the few units that hold it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
from audit.reading.candidates import (
    AGAIN,
    HALF_WIDTH,
    INVALID,
    Reading,
    Scores,
    inside_words,
    score_decoded,
    sums,
    table,
    tally,
)
from audit.reading.units import Block, take, unit_ends

HAN, KANA, EUC = "han", "kana", "euc"  # three sets of leads
SHAPES = {"gb18030": HAN, "cp950": HAN, "big5hkscs": HAN, "cp949": HAN, "cp932": KANA, "euc_jp": EUC}
LEADS = {
    HAN: frozenset(range(0x81, 0xFF)),
    KANA: frozenset((*range(0x81, 0xA0), *range(0xE0, 0xFD))),
    EUC: frozenset((0x8E, *range(0xA1, 0xFF))),
}
LOWEST_TRAIL = 0x30
THREE = 0x8F  # EUC-JP: two bytes follow
FOUR_BYTES, THREE_BYTES = 1, 2  # characters longer than a pair, for a kernel
LF = 10
HIGH = 0x80
NOT_READ = 0xFFFD

Values = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Layout:
    """The characters of a block: two bytes as `lead << 8 | trail` or one; `ends` are the places of LF among them."""

    values: Values
    ends: NDArray[np.int64]
    foreign: NDArray[np.bool_]


def _able(raw: NDArray[np.uint8], shape: str) -> NDArray[np.bool_]:
    """Which bytes can be leads; comparisons cost a tenth of a table."""
    if shape == HAN:
        found: NDArray[np.bool_] = (raw >= 0x81) & (raw <= 0xFE)
    elif shape == EUC:
        found = ((raw >= 0xA1) & (raw <= 0xFE)) | (raw == 0x8E)
    else:
        found = ((raw >= 0x81) & (raw <= 0x9F)) | ((raw >= 0xE0) & (raw <= 0xFC))
    return found


def leads(able: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Which bytes are leads, 0 or 1, out of those that can be: every second one of each stretch, from its first on.

    All bytes at once as the bits of one long integer: adding to the first bit of a stretch clears it, so stretches that begin
    at even places are told from those at odd ones.
    """
    packed = np.packbits(able, bitorder="little")
    bits = int.from_bytes(packed.tobytes(), "little")
    even = int.from_bytes(b"\x55" * len(packed), "little")
    firsts = bits ^ (bits & (bits << 1))
    odd_stretches = bits & (bits + (firsts & even))
    found = ((bits ^ odd_stretches) & even) | (odd_stretches & (even << 1))
    whole = np.frombuffer(found.to_bytes(len(packed), "little"), dtype=np.uint8)
    return np.unpackbits(whole, count=len(able), bitorder="little")


def layout(block: Block, shape: str) -> Layout:
    """Cut a block into characters; it is kept with the block, for encodings share it."""
    if shape in block.layouts:
        known: Layout = block.layouts[shape]
        return known
    raw = np.frombuffer(block.raw, dtype=np.uint8)
    lead = leads(_able(raw, shape))
    lead[:-1] &= raw[1:] >= LOWEST_TRAIL
    lead[-1] = 0
    values: Values = raw.astype(np.uint16) << (lead.astype(np.uint16) << np.uint16(3))
    values[:-1] |= raw[1:] * lead[:-1]
    whole = np.ones(len(raw), dtype=bool)
    np.equal(lead[:-1], 0, out=whole[1:])
    values = values.take(np.flatnonzero(whole))
    found = block.layouts[shape] = Layout(values, np.flatnonzero(values == LF), values >= 0x80)
    return found


@cache
def code_points(codec: str) -> NDArray[np.uint32]:
    """The code point of each value; U+FFFF where it is no character (or, as in HKSCS, two)."""
    able = np.isin(np.arange(256), list(LEADS[SHAPES[codec]]))
    singles = np.flatnonzero(~able)
    singles = singles[singles != LF]
    first, second = np.meshgrid(np.flatnonzero(able), np.arange(LOWEST_TRAIL, 0x100), indexing="ij")
    pairs = np.stack([first.ravel(), second.ravel()])
    joined = [np.stack([*part, np.full_like(part[0], LF)], axis=1).astype(np.uint8) for part in (singles[None], pairs)]
    text = b"".join(part.tobytes() for part in joined).decode(codec, "replace")
    read = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    ends = np.flatnonzero(read == LF)
    lengths = np.diff(ends, prepend=-1) - 1
    lost = np.add.reduceat(read == NOT_READ, ends - lengths) > 0
    last = read[ends - 1]
    values = np.concatenate([singles, pairs[0] << 8 | pairs[1]])
    taken = ~lost & ((lengths == 1) | ((lengths == 2) & (read[ends - 2] >= HIGH)))
    codes = np.full(0x10000, 0xFFFF, dtype=np.uint32)
    codes[values[taken]] = last[taken]
    codes[LF] = LF
    return codes


@cache
def returning(codec: str) -> tuple[NDArray[np.bool_], NDArray[np.uint32]]:
    """Which bytes can be leads, and the code point of each value; U+FFFF also where the codec would write it otherwise."""
    codes = code_points(codec).copy()
    known = np.flatnonzero(codes != 0xFFFF)
    known = known[known != LF]
    text = np.stack([codes[known], np.full_like(codes[known], LF)], axis=1).tobytes().decode("utf-32-le")
    written = np.frombuffer(text.encode(codec, "replace"), dtype=np.uint8)
    ends = np.flatnonzero(written == LF)
    lengths = np.diff(ends, prepend=-1) - 1
    values = np.where(lengths == 2, written[ends - 2].astype(np.int64) << 8 | written[ends - 1], written[ends - 1])
    codes[known[(values != known) | (lengths > 2)]] = 0xFFFF
    return np.isin(np.arange(256), list(LEADS[SHAPES[codec]])), codes


@cache
def value_prices(reading: Reading) -> NDArray[np.uint16]:
    """The price of each value."""
    codes = code_points(reading.codec)
    prices = table(reading.table)[np.minimum(codes, 0xFFFF)]
    prices[codes == 0xFFFF] = INVALID
    prices[LF] = table(reading.table)[LF]
    return prices


def score_pairs(block: Block, reading: Reading) -> Scores:
    """As `candidates.score`, of one block."""
    if kernels:
        return _compiled(block, reading)
    cut = layout(block, SHAPES[reading.codec])
    prices = value_prices(reading).take(cut.values)
    failed = np.flatnonzero(prices >= INVALID)
    redo = np.empty(0, dtype=np.int64)
    if len(failed):
        redo, failed = _longer(cut, failed, reading.codec)
        wrong = np.zeros(len(cut.ends), dtype=bool)
        wrong[np.searchsorted(cut.ends, failed)] = True
        redo = redo[~wrong[redo]]
        if np.count_nonzero(wrong) * 2 > len(wrong):
            return _of_the_rest(block, reading, wrong)
    foreign = cut.foreign
    for back in (1, 2):  # a row of one sign, or of two, is no evidence again and again
        again = np.flatnonzero(cut.values[back:] == cut.values[:-back]) + back
        again = again[cut.values[again - 1] != LF]
        again = again[cheap_again(reading.codec)[cut.values[again]]]
        prices[again] = np.minimum(prices[again], AGAIN)
    if block.small:  # a letter with an accent inside a word, rather than a Han character
        inside_words(cut.values, foreign, prices)
    scores = tally(cut.ends, prices, foreign, failed)
    if reading.codec == "cp932":  # natural text is told by what two bytes cost: each of these is one
        half = sums((cut.values >= 0xA1) & (cut.values < 0xE0), cut.ends)
        scores.foreign[:] -= half // 2
    if len(redo):
        scores.replace(redo, score_decoded(take(block.raw, unit_ends(block.raw), redo), reading, small=block.small))
    return scores


@cache
def tables_of(reading: Reading) -> tuple[NDArray[np.bool_], NDArray[np.uint16], NDArray[np.bool_], int]:
    """For a kernel: which bytes can be leads, the price of each value, which values count when they repeat, what is longer than a pair."""
    able = np.isin(np.arange(256), list(LEADS[SHAPES[reading.codec]]))
    longer = {"gb18030": FOUR_BYTES, "euc_jp": THREE_BYTES}.get(reading.codec, 0)
    return able, value_prices(reading), cheap_again(reading.codec), longer


@cache
def cheap_again(codec: str) -> NDArray[np.bool_]:
    """The values that are no evidence when they repeat; a pair of one byte twice is, for it may be a letter in a row, as in `ÅÅÅÅ`."""
    values = np.arange(0x10000)
    cheap: NDArray[np.bool_] = (code_points(codec) < HALF_WIDTH) & (values >> 8 != values & 0xFF)
    return cheap


def _compiled(block: Block, reading: Reading) -> Scores:
    assert kernels
    able, prices, alone, longer = tables_of(reading)
    scores, rows = Scores.blank(block.count)
    redo = np.empty(block.count, dtype=bool)
    options = np.array([block.small, longer, reading.codec == "cp932"], dtype=np.int64)
    kernels.price_pairs(block.raw, able, prices, alone, options, rows, scores.valid, redo)
    again = np.flatnonzero(redo)
    if len(again):
        scores.replace(again, score_decoded(take(block.raw, unit_ends(block.raw), again), reading, small=block.small))
    return scores


def _of_the_rest(block: Block, reading: Reading, wrong: NDArray[np.bool_]) -> Scores:
    """Where most units fail: the scores of the others alone."""
    scores = Scores.failed(len(wrong))
    right = np.flatnonzero(~wrong)
    if len(right):
        part = Block(take(block.raw, unit_ends(block.raw), right), block.small, len(right))
        scores.replace(right, score_pairs(part, reading))
    return scores


def _longer(cut: Layout, failed: NDArray[np.int64], codec: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Units with characters of more than two bytes, and the failures that these do not explain."""
    values = cut.values[failed]
    if codec == "gb18030":
        digit = (values & 0xFF >= 0x30) & (values & 0xFF <= 0x39) & (values > 0xFF)
        near = np.zeros(len(failed), dtype=bool)
        beside = (np.diff(failed) == 1) & digit[1:] & digit[:-1]
        near[1:] = beside
        near[:-1] |= beside
        explained = digit & near
    elif codec == "euc_jp":
        explained = values == THREE
        at = failed[explained] + 1  # the pair behind it is of another set
        explained |= np.isin(failed, at)
    else:
        return failed[:0], failed
    redo = np.unique(np.searchsorted(cut.ends, failed[explained]))
    return redo, failed[~explained]
