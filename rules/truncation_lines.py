"""Lines that go on in the next one by right, as verses and clauses do."""

from __future__ import annotations

import numpy as np

from audit.language.layout import layout
from audit.language.listing import items
from audit.language.patterns import regex
from audit.language.prose import prose
from audit.language.spots import member
from audit.model import Text

VERSE = regex(r"\d{1,3}[ \u3000]")
SERIES, SERIES_NEAR = (
    "，,、；",
    12,
)  # closing marks of items of one sentence; lines among which three such are looked for


def is_loose(text: Text, line: int) -> bool:
    """Whether a line is an item of a list whose item before it has no closing mark either."""
    found = items(text)
    here = int(np.searchsorted(found.starts, layout(text).starts[line]))
    if here == len(found.starts) or found.lines[here] != line or not found.leads[here]:
        return False
    before = here - 1
    while before >= 0 and not found.leads[before]:
        before -= 1
    follows = (
        before >= 0
        and found.schemes[before] == found.schemes[here]
        and found.numbers[before] + 1 == found.numbers[here]
    )
    return bool(follows and not prose(text).ended[found.lines[before]])


def runs_on(text: Text, line: int) -> bool:
    """Whether a numbered line is followed by the next number: verses and clauses of one sentence part at commas."""
    lay = layout(text)
    after = line + 1
    while after < len(lay.lengths) and not lay.lengths[after]:
        after += 1
    if after < len(lay.lengths) and all(VERSE.match(text.body, int(lay.starts[one])) for one in (line, after)):
        return True
    found = items(text)
    here = int(np.searchsorted(found.starts, layout(text).starts[line]))
    after = here + 1
    while after < len(found.starts) and not found.leads[after]:
        after += 1
    return bool(
        after < len(found.starts)
        and found.lines[here] == line
        and found.leads[here]
        and found.schemes[after] == found.schemes[here]
        and found.numbers[after] == found.numbers[here] + 1
        and not np.any(layout(text).lengths[line + 1 : found.lines[after]])
    )


def in_series(text: Text, line: int) -> bool:
    """Whether a line is one of three in a row, blank ones left out, that end in a comma: parts of one sentence, set as a list."""
    lay = layout(text)
    if chr(lay.last[line]) not in SERIES:
        return False
    low = max(0, line - SERIES_NEAR)
    near = np.flatnonzero(lay.lengths[low : line + SERIES_NEAR + 1] > 0) + low
    at = int(np.searchsorted(near, line))
    closed = member(lay.last[near], SERIES)
    return any(first >= 0 and closed[first : first + 3].sum() == 3 for first in (at - 2, at - 1, at))
