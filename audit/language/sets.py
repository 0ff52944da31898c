"""Membership, without the parts of numpy that take as long to load as a page takes to check."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def among(values: NDArray[Any], known: Any) -> NDArray[np.bool_]:
    """Whether each value is one of `known`, shape of `values`; `np.isin` would load masked arrays as well."""
    ordered = np.sort(np.asarray(known, dtype=values.dtype))
    if not len(ordered):
        return np.zeros(values.shape, dtype=bool)
    found: NDArray[np.bool_] = ordered[np.searchsorted(ordered[:-1], values)] == values
    return found
