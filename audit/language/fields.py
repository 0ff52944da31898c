"""Whether the lines of a text are rows whose fields are parted by commas, as in a table kept as plain text."""

from __future__ import annotations

from typing import cast

import numpy as np

from audit.language.layout import line_numbers
from audit.language.spots import places
from audit.model import Text

ROWS = 4  # lines below which nothing is known
PARTED = 2  # commas of a row; lines of verse and of short lists have one
ALIKE = (
    0.6  # of the lines have one number of commas: tables 0.6 (fields with commas in quotes) to 1.0, prose at most 0.3
)


def rows(text: Text) -> bool:
    """Whether most lines have the same number of half-width commas, two or more: `姓名,科室,意见,,`."""
    return cast("bool", text.signal("rows", _rows))


def _rows(text: Text) -> bool:
    commas = places(text, ",")
    if len(commas) < ROWS * PARTED:
        return False
    written = int(np.count_nonzero(text.line_ends > text.line_starts))
    counts = np.bincount(line_numbers(text, commas), minlength=len(text.line_starts))
    sizes = np.bincount(counts[counts >= PARTED])
    return len(sizes) > 0 and int(sizes.max()) >= max(ROWS, ALIKE * written)
