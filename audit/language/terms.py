"""What a text speaks of: hashed features to compare texts by, and pairs of characters to show to an editor."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.script import fold_table
from audit.language.store import shipped
from audit.model import Codes
from audit.native import kernels

PAIRS = 1 << 15  # buckets of pairs and triples
SINGLES = 1 << 13  # buckets of single characters: what a text writes shows in them long before its words repeat
BUCKETS = PAIRS + SINGLES
OWNER_BITS = 8  # of the number of a text among those that are looked at together
LONGEST, NEARLY_ALWAYS = 4, 0.8
TERMS = 12
STEP = 0.025  # bits that one step of the table of kinds stands for
LOWEST = -0.6  # bits at its zero


class General(NamedTuple):
    """What general prose is like (`tools/train_topics.py`).

    `bits` of each bucket and its share, pairs and single characters together, shape (40960,); `kinds`: by how many bits each
    kind of prose (law, news, verse) describes each bucket better than all together, shape (kinds, 40960).
    """

    bits: NDArray[np.float64]
    shares: NDArray[np.float64]
    kinds: NDArray[np.float32]


@cache
def general() -> General:
    """What the shipped tables know of it."""
    bits = np.asarray(shipped().array("topics"), dtype=np.float64) / 10
    kinds = np.asarray(shipped().array("kinds"), dtype=np.float32)
    kinds *= STEP
    kinds += LOWEST
    return General(bits + 1, np.exp2(-bits - 1), kinds)


def features(codes: Codes) -> NDArray[np.int64]:
    """Buckets of pairs and triples, then of single Han characters, folded to simplified; shape (features,)."""
    folded = fold_table().take(codes, mode="clip").astype(np.uint32)
    return np.concatenate([_pair_features(codes, folded), single_buckets(folded[folded > 3])])


def single_buckets(folded: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Buckets of single Han characters, folded to simplified; shape of them."""
    return np.asarray(folded * np.uint32(0x9E3779B1) >> np.uint32(19), dtype=np.int64) + PAIRS


class Counted(NamedTuple):
    """The buckets of a text's features, ascending, how often each is met (255: or oftener), and how many of all are pairs and triples.

    `han`: the text is of Han characters rather than of Latin letters, three of which say as much as one of the others; `written`
    counts all characters but blanks and controls.
    """

    buckets: NDArray[np.uint16]
    counts: NDArray[np.uint8]
    pairs: int
    han: bool
    written: int


def counted(codes: Codes) -> Counted:
    """The features of a text, each once."""
    if kernels is not None:
        buckets, counts = np.empty(BUCKETS, dtype=np.uint16), np.empty(BUCKETS, dtype=np.uint8)
        totals = np.empty(4, dtype=np.int64)
        size = kernels.count_features(codes, fold_table(), buckets, counts, totals)
        pairs, han, letters, written = totals.tolist()
        return Counted(buckets[:size].copy(), counts[:size].copy(), pairs, 3 * han >= letters, written)
    found = features(codes)
    ordered = np.sort(found.astype(np.uint16), kind="stable")  # by radix
    first = np.concatenate([[0], (ordered[1:] != ordered[:-1]).nonzero()[0] + 1])[: len(ordered)]
    many = np.diff(first, append=len(ordered)).clip(max=255).astype(np.uint8)
    written = int(np.count_nonzero(codes > ord(" ")))
    return Counted(ordered.take(first), many, int(np.count_nonzero(found < PAIRS)), is_han(codes), written)


def pair_features(codes: Codes) -> NDArray[np.int64]:
    """Buckets of the pairs of Han characters (folded to simplified) and of the triples of Latin letters; shape (features,)."""
    return _pair_features(codes, fold_table().take(codes, mode="clip").astype(np.uint32))


def pairs_of(codes: Codes) -> NDArray[np.uint16]:
    """The same, each once, ascending."""
    found = counted(codes).buckets
    return found[: found.searchsorted(PAIRS)]


def _pair_features(codes: Codes, folded: Codes) -> NDArray[np.int64]:
    han = folded > 3
    pairs = np.flatnonzero(han[:-1] & han[1:])
    lower = codes | 0x20
    letter = (lower >= 0x61) & (lower <= 0x7A)
    triples = np.flatnonzero(letter[:-2] & letter[1:-1] & letter[2:])
    first = np.concatenate([folded[pairs], (lower[triples] << 8) | lower[triples + 1]])
    second = np.concatenate([folded[pairs + 1], lower[triples + 2]])
    return pair_buckets(first, second)


def pair_buckets(first: Codes, second: Codes) -> NDArray[np.int64]:
    """Buckets of pairs of folded characters, or of triples of letters with two of them in one number; shape of them."""
    mixed = np.asarray((first * 0x9E3779B1 + second * 0x85EBCA77) * 0xC2B2AE3D, dtype=np.uint32)
    return np.asarray(mixed >> np.uint32(17), dtype=np.int64)


def is_han(codes: Codes) -> bool:
    """Whether a text is of Han characters rather than of Latin letters, three of which say as much as one of the others."""
    lower = codes | 0x20
    letters = np.count_nonzero((lower >= 0x61) & (lower <= 0x7A))
    return bool(3 * np.count_nonzero(fold_table().take(codes, mode="clip") > 3) >= letters)


class Pairs(NamedTuple):
    """Pairs of Han characters as they stand in several texts, in how many of them each stands, how often, shapes (n,); and how many all are."""

    codes: NDArray[np.uint32]
    texts: NDArray[np.int64]
    counts: NDArray[np.int64]
    total: int

    @classmethod
    def of(cls, bodies: Sequence[str], least: int = 1) -> Pairs:
        """Those of some texts, ascending; what is met less often than `least` may be left out, but is counted in `total`."""
        codes = _codes("\n".join(bodies))
        han = (codes >= 0x3400) & (codes <= 0x9FFF)
        at = np.flatnonzero(han[:-1] & han[1:])
        total = len(at)
        if least > 1:
            slots = pair_buckets(codes[at], codes[at + 1])
            at = at[np.bincount(slots)[slots] >= least] if total else at
        owner = np.arange(len(bodies)).repeat([len(body) + 1 for body in bodies])[at]
        ordered = np.sort((codes[at].astype(np.int64) << 16 | codes[at + 1]) << OWNER_BITS | owner)
        pairs = ordered >> OWNER_BITS
        first = np.flatnonzero(_changes(pairs))
        owners = np.append(0, np.cumsum(_changes(ordered)))
        ends = np.append(first[1:], len(pairs))
        found = np.stack([pairs[first] >> 16, pairs[first] & 0xFFFF], axis=1).astype(np.uint32)
        return cls(found, owners[ends] - owners[first], ends - first, total)

    def words(self) -> list[str]:
        """The pairs as strings."""
        text = self.codes.astype("<u4").tobytes().decode("utf-32-le")
        return [text[at : at + 2] for at in range(0, len(text), 2)]

    def take(self, which: NDArray[Any]) -> Pairs:
        """Some of them, by index or mask."""
        return Pairs(self.codes[which], self.texts[which], self.counts[which], self.total)

    def commonness(self) -> NDArray[np.float64]:
        """Bits of each pair in general prose, 0 for what is not written there; shape (n,)."""
        folded = fold_table().take(self.codes).astype(np.uint32)
        bits = general().bits[pair_buckets(folded[:, 0], folded[:, 1])] - 1  # among pairs alone
        return np.where((folded > 3).all(axis=1), bits, 0.0)


def _codes(body: str) -> Codes:
    return np.frombuffer(body.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _changes(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which values are others than those before them; shape of them."""
    changed = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=changed[1:])
    return changed


def words(ranked: Sequence[str], body: str, limit: int) -> list[str]:
    """The first pairs of a ranking as the words that they stand for: 投放點 for 放點, and no seam like 會工 of 工會工作."""
    chosen: list[str] = []
    codes = np.pad(_codes(body), 1)
    for pair in ranked:
        word = _grown(pair, codes)
        if any(one in word or word in one for one in chosen):
            continue
        seams = sum(body.count(one + word[1:]) for one in chosen if one[-1] == word[0])
        seams += sum(body.count(word[:-1] + one) for one in chosen if one[0] == word[-1])
        if seams * 2 < (body.count(word) if seams else word in body):
            chosen.append(word)
        if len(chosen) == limit:
            break
    return chosen


def _grown(word: str, codes: Codes) -> str:
    """A word with the characters that nearly always stand beside it, four at most; the text has a zero at either end."""
    at = _occurrences(word, codes)
    while len(word) < LONGEST and len(at):
        before, behind = codes[at - 1], codes[at + len(word)]
        if left := _nearly_always(before):
            word, at = left + word, at[before == ord(left)] - 1
        elif right := _nearly_always(behind):
            word, at = word + right, at[behind == ord(right)]
        else:
            break
    return word


def _occurrences(word: str, codes: Codes) -> NDArray[np.int64]:
    """Where a word stands, which may overlap itself."""
    last = len(codes) + 1 - len(word)
    found = codes[:last] == ord(word[0])
    for step, char in enumerate(word[1:], 1):
        found &= codes[step : last + step] == ord(char)
    return np.flatnonzero(found)


def _nearly_always(codes: Codes) -> str:
    """The character that nearly all of these are, if it may be part of a word, or ""."""
    middle = np.sort(codes)[len(codes) // 2]  # what most are stands there
    often = np.count_nonzero(codes == middle) >= len(codes) * NEARLY_ALWAYS
    return chr(middle) if often and _is_word(chr(middle)) else ""


def _is_word(char: str) -> bool:
    return 0x3400 <= ord(char) <= 0x9FFF and char not in "的了和与與"


def subject_terms(bodies: Sequence[str]) -> list[str]:
    """The terms that most entries share and general prose does not use so much."""
    pairs = Pairs.of(bodies, (len(bodies) + 1) // 2)
    wide = pairs.take(pairs.texts * 2 >= len(bodies))
    gain = wide.texts * (np.log2(wide.counts / max(pairs.total, 1)) + wide.commonness())
    return words(_ranked(wide.take(gain > 0), gain[gain > 0], 200), "\n".join(bodies), TERMS)


def own_terms(body: str, subject: Sequence[str]) -> list[str]:
    """The terms that an entry uses most, general prose and the collection's subject set aside."""
    pairs = Pairs.of([body], 2)
    often = pairs.take(pairs.counts >= 2)
    gain = often.counts * (np.log2(often.counts / max(pairs.total, 1)) + often.commonness())
    ranked = _ranked(often, gain, 100 + len(subject))
    return words([pair for pair in ranked if pair not in subject][:100], body, 8)


def _ranked(pairs: Pairs, gain: NDArray[np.float64], limit: int) -> list[str]:
    """The pairs that gain most, the most first; they ascend, so equals stay in order."""
    return pairs.take(np.argsort(-gain, kind="stable")[:limit]).words()
