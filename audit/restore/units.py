"""Bits as whole numbers, so that sums are the same in any order, and how a page's own words are mixed into them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNIT = 10_000  # of a bit
STEP = UNIT // 10  # the language model's tables hold tenths of bits
STEPS = 512  # more than any pair of tokens has
PAIR_SHARE, TRIPLE_SHARE, NEAR_SHARE = 0.15, 0.15, 0.1  # what the page's own pairs and triples and the near pairs weigh
LANGUAGE_SHARE = 1 - PAIR_SHARE - TRIPLE_SHARE - NEAR_SHARE
PLACES = 12  # bits of a probability's mantissa that its logarithm is read from
MANTISSA, BIAS = 52, 1023  # of a double
Ints = NDArray[np.int64]
Short = NDArray[np.int32]
Floats = NDArray[np.float64]


@cache
def shares() -> Floats:
    """What the language leaves of the probability of each number of steps; shape (STEPS,)."""
    left: Floats = LANGUAGE_SHARE * np.exp2(np.arange(STEPS) / -10.0)
    return left


@cache
def logarithms() -> Short:
    """The logarithm of the middle of each stretch from 1 to 2, in units; shape (1 << PLACES,)."""
    middles = 1 + (np.arange(1 << PLACES) + 0.5) / (1 << PLACES)
    found: Short = np.rint(np.log2(middles) * UNIT).astype(np.int32)
    return found


@cache
def unvouched() -> Short:
    """Units of each number of steps on a page that has words of its own, and not these; shape (STEPS,)."""
    return mixed(np.arange(STEPS), np.zeros(STEPS)).astype(np.int32)


def mixed(steps: NDArray[np.integer[Any]], share: Floats) -> Ints:
    """Units of what the language takes so many steps for once the page adds its share of probability; shape (n,)."""
    raw = (shares().take(steps) + share).view(np.int64)
    found: Ints = -(
        logarithms().take((raw >> (MANTISSA - PLACES)) & ((1 << PLACES) - 1)) + ((raw >> MANTISSA) - BIAS) * UNIT
    )
    return found
