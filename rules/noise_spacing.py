"""Running text whose characters are spaced out: `今 天 天 气 很 好`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from audit.language import surprise
from audit.language.spots import blanks
from audit.model import Codes, Edit, Hit, Safety, Severity, Span, Text
from audit.rule import Scope, family

rule = family("noise")

LEAST = 6  # characters in a row; a spaced title (`工 作 总 结`) is shorter
RUNNING = 8.0  # bits a character of the closed-up run at most: sentences and titles have 4 to 8, a primer's list 9 (人口手上中下)
# what sentences hold and lists of characters do not; without it the run may be the colours of the rainbow
FUNCTION = frozenset(
    "的了是在不我你他她它们們这這那个個很就也都和与與及对對于於为為有没沒到把被将將从從向会會能可要等所以而但"
)


@rule(
    "NOI013",
    "spaced-out",
    Severity.MINOR,
    "{count} characters are parted by blanks: {text!r}",
    scope=Scope.TEXT,
    by_line=True,
    repair=Safety.SUGGESTED,
    confidence=0.85,
)
def spaced_out(text: Text) -> Iterator[Hit]:
    """A run of single characters with a blank between each two, as recognition and layout programs leave it.

    Why it matters: no word of it is found by search, and a model reads single characters.
    Left alone: fewer than six in a row (spaced titles, names), lists of single characters (a primer, a calendar), words parted by blanks.
    A run that holds no function word is a remark, and so is each but the first of a text.
    Repair: the blanks are deleted; suggested.
    """
    gaps, codes = blanks(text), text.codes
    gaps = gaps[(gaps > 0) & (gaps + 1 < len(codes))]
    if len(gaps) < LEAST - 1:
        return
    single = _han(codes[gaps - 1]) & _han(codes[gaps + 1])
    gaps = gaps[single]
    breaks = np.flatnonzero(np.diff(gaps) != 2)
    firsts, lasts = np.append(0, breaks + 1), np.append(breaks, len(gaps) - 1)
    first = True
    for run in np.flatnonzero(lasts - firsts + 2 >= LEAST).tolist() if len(gaps) else ():
        start, end = int(gaps[firsts[run]]) - 1, int(gaps[lasts[run]]) + 2
        closed = codes[start:end:2]
        bits = float(surprise(closed, deep=True)[1:].mean())
        if bits <= RUNNING:
            joined = text.body[start:end:2]
            told = first and not FUNCTION.isdisjoint(joined)
            first = first and not told
            evidence = {"bits_per_character": round(bits, 1)}
            yield Hit(
                Span(start, end),
                {"text": text.body[start:end], "count": len(closed)},
                Edit(joined),
                severity=None if told else Severity.INFO,
                evidence=evidence,
            )


def _han(codes: Codes) -> NDArray[np.bool_]:
    return (codes >= 0x3400) & (codes <= 0x9FFF)


RULES = (spaced_out,)
