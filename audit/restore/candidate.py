"""What was found at a site: the originals that a search gives, and what they weigh."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from audit.native import kernels
from audit.restore import compiled
from audit.restore.abreast import Asking
from audit.restore.asked import Opening, Original, Reading
from audit.restore.weighing import Deepen, Ints, Weigh

BEFORE, BEHIND = 14, 6  # code points that a lead is judged with


class Site(NamedTuple):
    """A place where a mechanism may have struck: where its span begins, where its run does, and how it opens."""

    mechanism: str
    start: int
    run: int
    opening: Opening


class Found(NamedTuple):
    """Originals for one reading of a run, and the bits of the best one's characters and the right context: mean and highest."""

    reading: Reading
    ended: list[Original]
    mean: float
    peak: float


class Candidate(NamedTuple):
    """What was found at a site, and the bits that the text gains by it."""

    site: Site
    found: Found
    gain: float


def before(body: str, site: Site) -> str:
    """What stands before a site in its line; before one that opens its line are but blanks, which tell nothing."""
    return "" if site.mechanism == "F3" else body[max(0, site.start - BEFORE) : site.start].rpartition("\n")[2]


def around(body: str, site: Site, reading: Reading) -> tuple[str, str]:
    """What stands before a site and behind its run, as far as triples of characters are asked."""
    return before(body, site), (body[reading.run.end : reading.run.end + BEHIND].partition("\n")[0] + "\n")[:BEHIND]


def weights(reading: Reading, texts: Sequence[str], around: tuple[str, str]) -> Asking[list[tuple[int, int, int]]]:
    """Units of originals and what is behind them: with the page's own words, without, and by triples between what is around them."""
    before, behind = around
    if kernels is not None:
        return compiled.weights(kernels, reading, texts, around)
    pairs: list[tuple[Ints, Ints]] = yield Weigh(reading.left, [text + reading.right for text in texts], reading.page)
    triples: list[Ints] = yield Deepen([before + text + behind for text in texts])
    return [
        (int(words.sum()), int(plain.sum()), int(deep[len(before) :].sum()))
        for (words, plain), deep in zip(pairs, triples, strict=True)
    ]
