"""Lines that go on in the next one by right, as verses and clauses do."""

from __future__ import annotations

import numpy as np

from audit.language.layout import layout
from audit.language.listing import items
from audit.language.patterns import regex
from audit.model import Text

VERSE = regex(r"\d{1,3}[ \u3000]")


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
