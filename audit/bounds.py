"""Where the lines of a text begin and end: at LF, CRLF or CR and nowhere else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels

Codes = NDArray[np.uint32]
Offsets = NDArray[np.int64]


def swept(codes: Codes) -> tuple[NDArray[np.uint16] | None, Offsets]:
    """The code points in 16 bits, those beyond as U+FFFF, None where no kernel gives them, and where LF and CR stand, ascending."""
    if kernels is None:
        return None, ((codes == 10) | (codes == 13)).nonzero()[0]  # `np.flatnonzero` takes eight times as long
    close, room = np.empty(len(codes), dtype=np.uint16), np.empty(len(codes), dtype=np.int64)
    return close, room[: kernels.narrowed(codes, close, room)].copy()


def line_bounds(codes: Codes, breaks: Offsets) -> tuple[Offsets, Offsets]:
    """Start and end of each line, the end before its LF, CRLF or CR, which stand at `breaks`; shapes (lines,)."""
    size = len(codes)
    ends, returns = breaks, (codes.take(breaks) == 13).any()
    widths: Offsets | int = 1
    if returns:
        paired = (codes[breaks] == 13) & (breaks + 1 < size) & (codes[np.minimum(breaks + 1, size - 1)] == 10)
        second = np.zeros(len(breaks), dtype=bool)
        second[1:] = paired[:-1]
        ends = breaks[~second]
        widths = 1 + paired[~second]
    starts = np.concatenate([[0], ends + widths]).astype(np.int64)
    ends = np.concatenate([ends, [size]]).astype(np.int64)
    if len(starts) > 1 and starts[-1] == size:  # the break that ends the file opens no line
        starts, ends = starts[:-1], ends[:-1]
    return starts, ends
