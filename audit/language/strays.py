"""The entries of a collection that do not belong with the rest, whatever its size: measured against the others, or against its subjects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.foreign import flagged
from audit.language.outliers import deviations, is_outlier
from audit.language.subjects import Sketch, belonging
from audit.language.themes import SMALL, Measured, Themes, digest, drawn, learn, measure
from audit.model import Severity

DEVIATIONS = 3.25  # from which an entry is as good as certainly foreign
NAMING = 40  # entries read again to name the subject's terms
# Loose files promise no common subject. Where some of them are fixed templates, sound texts lie apart by as many deviations.
LOOSE, OVERWHELMING = 0.7, 10.0
Numbers = NDArray[np.int64]


class Stray(NamedTuple):
    """An entry that lies apart, by so many `deviations`; `measured` are the figures by which it was judged.

    `like` gives some of the entries that speak of the subject it was measured against.
    """

    entry: int
    deviations: float
    measured: dict[str, Any]
    like: Callable[[], list[int]]


class Strays(NamedTuple):
    """The strays of a collection, the farthest first, among so many others; `common`: the titles of all promise one subject."""

    found: list[Stray]
    others: int
    common: bool


def strays(sketches: Sequence[Sketch | None]) -> Strays:
    """The entries that lie apart from the others."""
    known = [index for index, one in enumerate(sketches) if one is not None]
    return _of_many(sketches, known) if len(known) > SMALL else _of_few(sketches)


def _of_few(sketches: Sequence[Sketch | None]) -> Strays:
    verdict = belonging(sketches)
    found = flagged(verdict)
    others = [i for i in np.flatnonzero(~np.isnan(verdict.bits)).tolist() if i not in found] if found else []
    some = others[:: max(len(others) // NAMING, 1)][:NAMING]

    def like() -> list[int]:
        return some

    told = [
        Stray(
            index,
            float(verdict.deviations[index]),
            {
                "bits": round(float(verdict.bits[index]), 3),
                "usual_bits": round(verdict.usual, 3),
                "kind_bits": round(float(verdict.kind[index]), 3),
                "deviations": round(float(verdict.deviations[index]), 1),
                "rank": rank,
                "entries": len(others) + len(found),
            },
            like,
        )
        for rank, index in enumerate(found, start=1)
    ]
    return Strays(told, len(others), not bool(np.all(np.isnan(verdict.named))))


def _of_many(sketches: Sequence[Sketch | None], known: Sequence[int]) -> Strays:
    written = [one for one in sketches if one is not None]
    digests = np.fromiter(map(digest, written), np.uint64, len(written))
    sample = drawn(digests)
    themes, members = learn([written[index] for index in sample.tolist()])
    own = np.full(len(written), -1)
    own[sample] = members
    found = measure(written, themes, own)
    apart = np.flatnonzero(is_outlier(found.far, themes.spread))
    numbers = np.array(known)
    outside = ~np.isin(np.arange(len(written)), apart)

    def like(subject: int) -> list[int]:
        same = np.flatnonzero((found.subject == subject) & outside)
        return sorted(numbers[same[np.lexsort((same, digests[same]))[:NAMING]]].tolist())

    return apart_from_all(numbers[apart], found.of(apart), themes, len(written), like)


def apart_from_all(
    numbers: Numbers, found: Measured, themes: Themes, entries: int, like: Callable[[int], list[int]]
) -> Strays:
    """The outliers among the `entries` of a large collection, `numbers` and what was measured; `like` gives entries of a subject."""
    far = deviations(found.far, themes.spread)
    order = np.lexsort((numbers, -far)).tolist()
    same = {subject: partial(like, subject) for subject in found.subject.tolist()}
    told = [
        Stray(
            int(numbers[at]),
            float(far[at]),
            {
                "bits": round(float(found.bits[at]), 3),
                "usual_bits": round(float(themes.usual[found.subject[at]]), 3),
                "deviations": round(float(far[at]), 1),
                "rank": rank,
                "entries": entries,
                "subject": int(found.subject[at]),
            },
            same[int(found.subject[at])],
        )
        for rank, at in enumerate(order, start=1)
    ]
    return Strays(told, entries - len(told), common=False)


def certainty(distance: float, *, loose: bool) -> float:
    """How sure it is that an entry so many deviations apart is foreign; `loose` of files that promise no common subject."""
    return min(0.98, 0.8 + 0.05 * (distance - DEVIATIONS)) * (LOOSE if loose else 1)


def loose_severity(distance: float) -> Severity:
    """How grave it is that a loose file lies so many deviations apart."""
    return Severity.MINOR if distance >= OVERWHELMING else Severity.INFO
