"""Other languages: letters among many of their like that no wrong codec explains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.model import Text
from audit.restore.verdict import Restoration

SCRIPTS = (  # first and last code points of letters that a wrong codec shows, Latin first
    ((0xC0, 0x24F), (0x1E00, 0x1EFF)),
    ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    ((0x400, 0x52F),),
    ((0xAC00, 0xD7A3),),
    ((0x3041, 0x30FF),),
    ((0xFF66, 0xFF9F),),
)
LATIN = 1
NEAR = 300  # code points to either side in which a language shows
TRIED = 500  # letters of a script searched in vain for four of which one was explained: the text is written in it
WORD = 8  # letters
DENSE = 0.6  # share of accented letters that no Western language has


@cache
def table() -> NDArray[np.uint8]:
    """The script of each code point, 0 for none of these; shape (65536,)."""
    scripts = np.zeros(65536, dtype=np.uint8)
    for number, ranges in enumerate(SCRIPTS, 1):
        for first, last in ranges:
            scripts[first : last + 1] = number
    return scripts


def script_of(text: Text, start: int, end: int) -> tuple[int, int]:
    """The script of most such letters in a span, and how many it has; 0 for none."""
    counts = np.bincount(table().take(np.minimum(text.codes[start:end], 0xFFFF)), minlength=len(SCRIPTS) + 1)
    counts[0] = 0
    script = int(counts.argmax())
    return (script, int(counts[script])) if counts[script] else (0, 0)


class Patience:
    """How much of each script was searched in a text, and how much of that explained."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.searched = [0] * (len(SCRIPTS) + 1)
        self.explained = [0] * (len(SCRIPTS) + 1)

    def over(self, start: int, end: int) -> bool:
        """Whether the letters of a span are those that the text is written in."""
        if max(self.searched) < TRIED:
            return False
        script, count = script_of(self.text, start, end)
        if self.searched[script] < TRIED or 4 * self.explained[script] >= self.searched[script]:
            return False
        return script != LATIN or count < DENSE * (end - start)

    def note(self, start: int, end: int, found: Sequence[Restoration]) -> None:
        """A span was searched, and this was found."""
        script, count = script_of(self.text, start, end)
        if script:
            self.searched[script] += count
            self.explained[script] += sum(script_of(self.text, one.start, one.end)[1] for one in found)


def damage_only(text: Text, found: Sequence[Restoration]) -> Iterator[Restoration]:
    """What was found without words of other languages: about those, more letters of their script are left unexplained.

    A short stretch is one also if it ends inside a word.
    """
    if not found:
        return
    explained = np.zeros(len(text.codes), dtype=bool)
    for one in found:
        explained[one.start : one.end] = True
    for one in found:
        script, count = script_of(text, one.start, one.end)
        near = slice(max(0, one.start - NEAR), one.end + NEAR)
        own = table().take(np.minimum(text.codes[near], 0xFFFF)) == script
        left = int(np.count_nonzero(own & ~explained[near]))
        more = left > max(count, int(np.count_nonzero(own)) - left)
        part = one.end - one.start < WORD and script in (
            script_of(text, max(one.start - 1, 0), one.start)[0],
            script_of(text, one.end, one.end + 1)[0],
        )
        if one.certain or not script or not (more or part):
            yield one
