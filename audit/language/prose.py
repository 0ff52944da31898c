"""Whether a text is prose whose paragraphs end as paragraphs do, so that one that does not is worth a look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from audit.language.layout import Mask, layout
from audit.language.spots import member
from audit.model import Codes, Text

LONG = 40  # headings and captions are shorter, paragraphs longer: 0.2 % of the headings seen reach it
ENOUGH = 5  # long lines below which nothing is known about a text
# share of long lines that end in a mark: damaged collections 0.93 to 1.0, statutes and articles 0.98, hard-wrapped text 0.09
ENDED = 0.92

NARROWEST, WIDEST = 20, 200  # narrower lines are verse, wider ones paragraphs
FEW_LINES = 20
SAME_WIDTH = (
    0.2  # share of the lines that have the width: wrapped news 0.3 to 0.7, paragraphs, verse and lists at most 0.1
)

TERMINALS = "。！？…；：!?;:.．\u3002\uff61”’\"'」』）)】］]》〉>*_`|~—"


@dataclass(frozen=True, slots=True)
class Prose:
    """`ended` says which lines end with a mark that may end a paragraph, shape (lines,); `long` how many lines are long,
    `share` how many of those are ended.
    """

    ended: Mask
    long: int
    share: float


def prose(text: Text) -> Prose:
    """The shared paragraph statistics of a text, computed once."""
    return cast("Prose", text.signal("prose", _compute))


def tidy(text: Text) -> bool:
    """Whether the text's paragraphs end as they should, so that one that does not is an exception."""
    seen = prose(text)
    return seen.long >= ENOUGH and round((1 - seen.share) * seen.long) <= max(1, (1 - ENDED) * seen.long)


def wrapped(text: Text) -> bool:
    """Whether the lines were broken at one width, so that a paragraph may be broken anywhere."""
    return bool(text.signal("prose.wrapped", _wrapped))


def _wrapped(text: Text) -> bool:
    lengths = layout(text).lengths
    lengths = lengths[lengths > 0]
    if len(lengths) < FEW_LINES:
        return False
    counts = np.bincount(np.minimum(lengths, WIDEST), minlength=WIDEST)[NARROWEST:WIDEST]
    width = int(counts.argmax())  # a mark that may not begin a line makes it a little longer or shorter
    return int(counts[max(0, width - 1) : width + 2].sum()) >= SAME_WIDTH * len(lengths)


def _compute(text: Text) -> Prose:
    lay = layout(text)
    ended = member(lay.last, TERMINALS)
    wide = (lay.lengths >= LONG) & ~lay.code
    long = int(wide.sum())
    return Prose(ended, long, float(ended[wide].mean()) if long else 0.0)


def is_han(codes: Codes) -> Mask:
    """Which code points are Han characters of the main blocks."""
    return ((codes >= 0x3400) & (codes <= 0x9FFF)) | ((codes >= 0x20000) & (codes <= 0x323AF))
