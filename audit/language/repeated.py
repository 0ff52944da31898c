"""Words of three to eight characters that stand twice in a row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from audit.language.spots import PIECE, narrow
from audit.model import Text
from audit.native import kernels

LONGEST = 8
SIZES = range(3, LONGEST + 1)
Close = NDArray[np.uint16]


def doubled(text: Text) -> list[tuple[int, int]]:
    """Where so many Han characters stand twice in a row, no more and no less, ascending, and how many they are."""
    close = narrow(text)
    if kernels is None:
        return sorted(_pieces(close))
    at, sizes = np.empty(2 * len(close), dtype=np.int64), np.empty(2 * len(close), dtype=np.int64)
    count = kernels.twice_in_a_row(close, at, sizes)
    return sorted(zip(at[:count].tolist(), sizes[:count].tolist(), strict=True))


def _pieces(close: Close) -> Iterator[tuple[int, int]]:
    """The same, a piece at a time, so that all arrays stay in the cache."""
    for begin in range(0, len(close), PIECE):
        low = max(begin - 1, 0)
        near = close[low : begin + PIECE + 2 * LONGEST + 1]
        han = (near >= 0x3400) & (near <= 0x9FFF)
        found = ((low + start, size) for size in SIZES for start in _twice(near, han, size))
        yield from ((start, size) for start, size in found if begin <= start < begin + PIECE)


def _twice(close: Close, han: NDArray[np.bool_], size: int) -> list[int]:
    """Where runs of exactly `size` Han characters stand twice in a row, ascending; `han` says which characters are."""
    if len(close) < 2 * size:
        return []
    again = close[:-size] == close[size:]
    again &= han[:-size]
    whole, held = again, 1  # whole[i]: the `held` places from i on stand again
    while held < size:
        step = min(held, size - held)
        whole = whole[:-step] & whole[step:]
        held += step
    if not whole.any():
        return []
    at = whole.nonzero()[0]
    longer = again.take(np.maximum(at - 1, 0)) & (at > 0)
    longer |= again.take(at + size, mode="clip") & (at + size < len(again))
    starts: list[int] = at[~longer].tolist()
    return starts
