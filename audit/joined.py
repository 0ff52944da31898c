"""Many short texts as one, so that a rule looks through all of them with one call and is handed only those that it may say something of.

A rule costs some 20 microseconds before it has looked at one character, and there are a hundred of them: of a record of 700
characters that is nearly all the time. Joined, a few hundred records cost as much as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.text import Offsets, Text

# Between two texts: what looks a few characters round a place never sees the next one, and blank lines part what looks at lines
BREAKS = "\n" * 8
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Joined:
    """Texts in a row, each a record of one entry; offsets of the joined text, shapes (texts,).

    `titled` says which of them have a title.
    """

    text: Text
    starts: Offsets
    ends: Offsets
    titled: Mask

    def __len__(self) -> int:
        return len(self.starts)

    def counts(self, places: Offsets | Sequence[int]) -> Offsets:
        """How many of the places, in any order, stand in each text or right behind it."""
        at = np.sort(np.asarray(places, dtype=np.int64))
        return np.asarray(at.searchsorted(self.ends, side="right") - at.searchsorted(self.starts))

    def holding(self, places: Offsets | Sequence[int]) -> Mask:
        """Which texts hold one of the places."""
        if not len(places):
            return np.zeros(len(self), dtype=bool)
        return np.asarray(self.counts(places) > 0)


Scout = Callable[[Joined], Mask]


def join(bodies: Sequence[str], titled: Sequence[bool]) -> Joined:
    """The texts with breaks between them."""
    sizes = np.fromiter(map(len, bodies), dtype=np.int64, count=len(bodies))
    ends = np.cumsum(sizes + len(BREAKS)) - len(BREAKS)
    return Joined(Text(BREAKS.join(bodies)), ends - sizes, ends, np.array(titled, dtype=bool))
