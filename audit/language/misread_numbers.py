"""List numbers at line starts that were misread as letters: `l、`, `1O、`."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from audit.language.layout import layout
from audit.language.patterns import regex
from audit.language.spots import member
from audit.model import Text

LETTERS = regex(r"(?P<read>[lIoO|0-9]{1,2})(?P<stop>[、.．])")
_READ = str.maketrans("lI|oO", "11100")


def lettered(text: Text) -> dict[int, list[int]]:
    """Lines whose number was misread as letters (`l、`, `1O、`), ascending, by what it reads."""
    lay = layout(text)
    wide = np.flatnonzero((lay.lengths > 2) & ~lay.code)
    second, third = text.codes[lay.starts[wide] + 1], text.codes[lay.starts[wide] + 2]
    marks, stops = "lIoO|", "、.．"
    like = (member(lay.first[wide], marks) & (member(second, stops) | member(third, stops))) | (
        member(second, marks) & member(third, stops)
    )
    lines: dict[int, list[int]] = defaultdict(list)
    for line in wide[like].tolist():
        found = LETTERS.match(text.body, int(lay.starts[line]))
        if found and not found["read"].isdigit():
            lines[int(found["read"].translate(_READ))].append(line)
    return lines
