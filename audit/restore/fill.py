"""What stood in the holes: a beam over the characters that fit, judged by the language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import model, steps, surprise, tokens
from audit.language.script import class_table
from audit.model import Codes
from audit.native import kernels
from audit.restore.codecs import LOST, Channel
from audit.restore.fillings import ENDS, fillings
from audit.restore.fluency import codes_of, crossed, rows_bits, spread
from audit.restore.likely import text_of
from audit.restore.page import Script, script_of
from audit.restore.slots import Path, Slot, pair_written

BEAM = 24
LOOKED_AT = 3 * BEAM  # by pairs of characters; triples choose among these
KEPT = 8  # readings that are given back
MANY = 4  # characters of one script only that tell a reading's script
WEIGHED = 112  # characters of a slot whose probabilities are told
SURE_SHARE = 0.4  # of probability; nine in ten characters of more are right
TEMPER = 0.7  # the model is surer than it should be; so tempered, characters are right as often as it says
DEEP_STEPS = 10.0  # steps of the quick model in a bit
STEPS = 1024  # more than any pair of tokens has
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SOLE, ALONE = np.ones(1), np.ones((1, 1))


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole reading of a path: its text and its bits."""

    text: str
    bits: float
    path: Path

    @property
    def holes(self) -> int:
        """How many characters stayed holes."""
        return self.text.count(LOST)


class Beside(NamedTuple):
    """What stands about a damaged stretch: the characters before it and behind it, and its page's script."""

    before: str = ""
    behind: str = ""
    script: Script = Script.EITHER


class _Options(NamedTuple):
    """The characters that one slot may hold; shapes (n,)."""

    codes: Codes
    tokens: Ints
    bits: NDArray[np.float32]  # that the model does not tell


class _Beam(NamedTuple):
    """The likeliest beginnings: their last two characters, tokens, costs and what they hold; shapes (n, ...)."""

    texts: Codes
    tokens: Ints
    bits: Floats


def choices(slot: Slot, written: str, read: str, after: int) -> tuple[str, ...]:
    """The characters that a slot may hold, the commonest first."""
    if not slot.lost:
        return (pair_written(slot.bytes, written) or LOST,)
    return fillings(slot.bytes, written, read, after) or (LOST,)


@lru_cache(maxsize=256)  # a stretch is looked at as if its bytes were lost in one way and in another
def readings(path: Path, channel: Channel, beside: Beside) -> tuple[Reading, ...]:
    """The most fluent ways to fill a path's holes, best first; at most `KEPT`."""
    sets = _sets(path, channel)
    holes = [place for place, options in enumerate(sets) if len(options) > 1]
    if holes:
        scripts = _scripts(sets, beside.script)
        texts = _distinct(np.concatenate([_search(sets, script, beside.before) for script in scripts]))
    else:
        texts = codes_of("".join(options[0] for options in sets))[None, :]
    first, last = len(beside.before), len(beside.before) + len(sets)
    lines = np.empty((len(texts), last + len(beside.behind)), dtype=np.uint32)
    lines[:, :first], lines[:, first:last], lines[:, last:] = codes_of(beside.before), texts, codes_of(beside.behind)
    bits, untold = rows_bits(lines, first), np.zeros(len(texts))
    for place in holes:
        untold += spread().take(texts[:, place], mode="clip")
    bits += untold
    return tuple(Reading(text_of(texts[n]), float(bits[n]), path) for n in np.argsort(bits, kind="stable")[:KEPT])


def _distinct(texts: Codes) -> Codes:
    """Each text once, the first of equal ones; shape (n, length)."""
    raw, size = texts.tobytes(), texts.strides[0]
    firsts = {raw[at : at + size]: at // size for at in range(len(raw) - size, -1, -size)}
    return texts[sorted(firsts.values())]


def _sets(path: Path, channel: Channel) -> list[tuple[str, ...]]:
    """The characters that each slot may hold."""
    after = [*[slot.bytes[0] for slot in path.slots[1:]], ENDS]
    return [
        choices(slot, channel.written, channel.read, next_byte)
        for slot, next_byte in zip(path.slots, after, strict=True)
    ]


def holed(reading: Reading, channel: Channel, beside: Beside, least: float = SURE_SHARE) -> tuple[str, float]:
    """A reading with U+FFFD for the characters of which others that fit are likelier together, and the probability of the rest."""
    sets = _sets(reading.path, channel)
    script = next(_scripts(sets, beside.script))
    options = [_options(some[:WEIGHED], script) for some in sets]
    text, probability = "", 1.0
    for char, one, shares in zip(reading.text, options, _shares(options, beside), strict=True):
        share = 1.0 if len(one.codes) == 1 else float(shares[one.codes == ord(char)].sum())
        text += char if share >= least else LOST
        probability *= share if share >= least else 1.0
    return text, probability


def _shares(options: Sequence[_Options], beside: Beside) -> Iterator[Floats]:
    """The probability of each option of each slot, all ways to fill the others taken together: forward and backward over pairs."""
    first, last = (tokens(codes_of(char)) for char in (beside.before[-1:] or "\n", beside.behind[:1] or "\n"))
    every = [first, *(one.tokens for one in options), last]
    untold = [*(one.bits for one in options), np.zeros(1, dtype=np.float32)]
    likely = [_likely(left, right, bits) for left, right, bits in zip(every, every[1:], untold, strict=False)]
    behind = [SOLE]
    for pairs in reversed(likely[1:]):
        behind.append(_share(pairs @ behind[-1]))
    before = SOLE
    for pairs, rest in zip(likely[:-1], reversed(behind), strict=False):
        before = _share(before @ pairs)
        yield _share(before * rest)


def _share(total: Floats) -> Floats:
    """Weights as shares of one; where nothing else fits, all of it."""
    return total / total.sum() if len(total) > 1 else SOLE


def _likely(left: Ints, right: Ints, bits: NDArray[np.float32]) -> Floats:
    """How likely each token of `right` is behind each of `left`; shape (left, right). Between two that are known nothing is asked."""
    if len(left) == len(right) == 1:
        return ALONE
    found: Floats = _tempered().take(crossed(left, right), mode="clip") * np.exp2(-TEMPER * bits.astype(np.float64))
    return found


@cache
def _tempered() -> Floats:
    """The tempered probability of each number of steps; shape (STEPS,)."""
    found: Floats = np.exp2(-TEMPER / DEEP_STEPS * np.arange(STEPS))
    return found


def _scripts(sets: Sequence[tuple[str, ...]], page: Script) -> Iterator[Script]:
    """The scripts that a reading may be of: that of its known characters, or of its page, or either of both."""
    known = script_of(codes_of("".join(options[0] for options in sets if len(options) == 1)))
    told = known or page
    if told:
        yield told
    else:
        yield from (Script.SIMPLIFIED, Script.TRADITIONAL)


@lru_cache(maxsize=1 << 12)
def _options(options: tuple[str, ...], script: Script) -> _Options:
    codes = codes_of("".join(options))
    if len(codes) > 1:
        own = codes[class_table().take(codes, mode="clip") & script.value == 0]
        codes = own if len(own) else codes
    untold = spread().take(codes, mode="clip") if len(codes) > 1 else np.zeros(1, dtype=np.float32)
    return _Options(codes, tokens(codes), untold)


def _search(sets: Sequence[tuple[str, ...]], script: Script, before: str) -> Codes:
    """The likeliest readings by pairs and triples of characters, best first; shape (n, slots)."""
    start = codes_of(before[-2:].rjust(2, "\n"))
    every = [_options(options, script) for options in sets]
    return _beam(every, start) if kernels is None else _filled(kernels, every, start)


def _filled(kernels: ModuleType, every: Sequence[_Options], start: Codes) -> Codes:
    """The texts, best first, by a kernel; shape (n, slots)."""
    sizes = np.array([len(options.codes) for options in every])
    columns = [np.concatenate(column) for column in zip(*every, strict=True)]
    texts = np.empty((BEAM, len(every)), dtype=np.uint32)
    tables = model()
    pairs = tables.rows, tables.bigram, tables.unigram, tables.backoff
    return texts[: kernels.fill_holes(*columns, sizes, tokens(start), *pairs, *tables.triples, texts)]


def _beam(every: Sequence[_Options], start: Codes) -> Codes:
    """The same without a compiler."""
    beam = _Beam(start[None, :], tokens(start)[None, :], np.zeros(1))
    for options in every:
        beam = _extended(beam, options)
    return beam.texts[:, 2:]


def _extended(beam: _Beam, options: _Options) -> _Beam:
    """Every beginning with every option, the best kept."""
    width, size = len(beam.bits), len(options.codes)
    if width * size > LOOKED_AT:
        costs = steps(beam.tokens[:, -1].repeat(size), np.tile(options.tokens, width)).reshape(width, size)
        near = _least((costs + DEEP_STEPS * (beam.bits[:, None] + options.bits)).ravel(), LOOKED_AT)
    else:
        near = np.arange(width * size)
    parents, chosen = near // size, near % size
    three = np.concatenate([beam.texts[parents, -2:], options.codes[chosen, None]], axis=1)
    bits = beam.bits[parents] + options.bits[chosen] + surprise(three.ravel(), deep=True)[2::3]
    best = _least(bits, BEAM)
    parents, chosen = parents[best], chosen[best]
    return _Beam(
        np.concatenate([beam.texts[parents], options.codes[chosen, None]], axis=1),
        np.stack([beam.tokens[parents, -1], options.tokens[chosen]], axis=1),
        bits[best],
    )


def _least(costs: Floats, width: int) -> Ints:
    """Where the `width` least stand; of equal ones the first."""
    if len(costs) > width:  # `argpartition` leaves equal ones to the processor
        some = (costs <= np.partition(costs, width - 1)[width - 1]).nonzero()[0]
        found: Ints = some[costs[some].argsort(kind="stable")[:width]]
        return found
    return np.arange(len(costs))
