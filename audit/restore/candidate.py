"""What was found at a site: the originals that a search gives, and what they weigh."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from audit.restore.abreast import Asking
from audit.restore.beam import Opening, Search, context_of
from audit.restore.run import Run
from audit.restore.weighing import Deepen, Ints, Original, Weigh

BEFORE, BEHIND = 14, 6  # code points that a lead is judged with


class Site(NamedTuple):
    """A place where a mechanism may have struck: where its span begins, where its run does, and how it opens."""

    mechanism: str
    start: int
    run: int
    opening: Opening


class Found(NamedTuple):
    """Originals for one reading of a run, and the bits of the best one's characters: mean, highest, and sum.

    In the sum the page does not vouch for what stands behind the run.
    """

    search: Search
    ended: list[Original]
    mean: float
    peak: float
    bits: float


class Candidate(NamedTuple):
    """What was found at a site behind its left context, and the bits that the text gains by it."""

    site: Site
    found: Found
    left: str
    gain: float


def owners_of(site: Site, run: Run, best: Original) -> list[int]:
    """For each character of an original but the tail, the number of the shown pair that completed it."""
    skip = site.opening.skip
    ends = range(skip, len(run.pairs) + 1)
    heads = len(best.text) - len(run.tail) - len(ends) - len(best.gaps)
    return [skip] * heads + [n for n in ends for _ in range(1 + best.gaps.count(n))]


def weights_of(
    body: str, site: Site, search: Search, left: str, texts: Sequence[str]
) -> Asking[list[tuple[int, int, int]]]:
    """Units of originals and what is behind them: with the page's own words, without, and by triples of characters."""
    pairs: list[tuple[Ints, Ints]] = yield Weigh(context_of(left), [text + search.right for text in texts], search.page)
    before = body[max(0, site.start - BEFORE) : site.start].rpartition("\n")[2]
    behind = (body[search.run.end : search.run.end + BEHIND].partition("\n")[0] + "\n")[:BEHIND]
    triples: list[Ints] = yield Deepen([before + text + behind for text in texts])
    return [
        (int(words.sum()), int(alone.sum()), int(deep[len(before) :].sum()))
        for (words, alone), deep in zip(pairs, triples, strict=True)
    ]
