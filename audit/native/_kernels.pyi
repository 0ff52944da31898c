"""What the compiled kernels take and fill. Arrays are C-contiguous; outputs are filled in place."""

from typing import Any

from numpy import int64, uint16, uint64
from numpy.typing import NDArray

def line_bits(codes: NDArray[uint16], starts: NDArray[int64], table: NDArray[uint64], bits: NDArray[uint64]) -> None:
    """ORs into `bits`, shape (lines,), the entries that `table`, shape (65536,), has for the codes of each line.

    Line i is `codes[starts[i]:starts[i + 1]]`, the last one ends with the codes; `starts` ascend from 0.
    """

def __getattr__(name: str) -> Any: ...
