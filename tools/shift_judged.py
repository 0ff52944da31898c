"""What comes to be judged of the byte shifts of broken pages, and whether it is right: what `fit_shift_doubt.py` fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import bench_shift
import numpy as np
from corpora import load
from numpy.typing import NDArray

from audit import audit_text
from audit.config import Config
from audit.language import store
from audit.model import Finding
from audit.restore import doubt, leading, surety
from audit.restore.candidate import Candidate
from audit.restore.damage import GLOSS, Shift
from audit.restore.simulate import narrow
from audit.restore.surety import Standing, Told

Floats = NDArray[np.float64]


class Judged(NamedTuple):
    """An original that comes to be judged: how it stands, its doubt at first sight, what all are weighed by and which of them it is
    and which is true (-1 where none is); whether its run is long and whole, whether it is right.
    """

    standing: Standing
    first: float
    rows: Floats
    best: int
    true: int
    whole: bool
    right: bool


class Genre(NamedTuple):
    """What was judged in a genre, and how many of its runs of four characters or more lost no pair."""

    judged: list[Judged]
    whole: int


class Noted(NamedTuple):
    """The same before it is known what is true."""

    standing: Standing
    first: float
    rows: Floats
    texts: Sequence[str]
    best: int


@contextmanager
def noting(seen: dict[str, Noted]) -> Iterator[None]:
    """Notes all originals that come to be judged, by their text in narrow marks, and calls them exact."""
    stands, first = surety._stands, [0.0]  # noqa: SLF001

    def at_first(rivals: doubt.Rivals) -> float:
        first[0] = doubt.doubt_of(rivals)
        return first[0]

    def note(body: str, candidate: Candidate, told: Told, parts: Floats, *, guessed: bool) -> Standing:
        found = stands(body, candidate, told, parts, guessed=guessed)
        best = candidate.found.ended[0].text
        rows = surety.rows_of(told, parts)
        seen[narrow(best)] = Noted(found, seen_first[narrow(best)], rows, told.texts, told.texts.index(best))
        return found

    seen_first: dict[str, float] = {}

    def begin(body: str, candidate: Candidate, gone: surety.Gone, *, guessed: bool) -> Any:
        seen_first[narrow(candidate.found.ended[0].text)] = first[0]
        return standing(body, candidate, gone, guessed=guessed)

    standing = surety.standing
    with (
        patch.object(surety, "_stands", note),
        patch.object(leading, "standing", begin),
        patch.object(leading, "doubt_of", at_first),
        patch.object(leading, "HOPED", inf),
        patch.object(leading, "surely", lambda *_: True),
    ):
        yield


def judged_in(genre: Path, tables: Path, pages: int, seeds: Sequence[int]) -> Genre:
    """The originals of a genre's broken pages, with those tables; runs in a process of its own, before any table is loaded."""
    store.shipped().folder = tables
    seen: dict[str, Noted] = {}
    config = Config(select=("BYT",), min_confidence=0.0)
    judged: list[Judged] = []
    longer, text = 0, load(genre)
    broken = (
        page
        for seed in seeds
        for mechanism in ("F1", "G", "F3")
        for page in bench_shift.pages(text, mechanism, pages, 12, seed)
    )
    with noting(seen):
        for page in broken:
            seen.clear()
            findings = audit_text(page.damaged.text, config=config).findings
            for shift in (shift for shift in page.damaged.spans if shift.mechanism != GLOSS):
                shown = page.damaged.text[shift.start : shift.end]
                whole = bench_shift.is_long(shown) and not bench_shift.lost_inside(shift, shown)
                longer += whole
                judged += _judged(page, shift, findings, seen, whole=whole)
    return Genre(judged, longer)


def _judged(
    page: bench_shift.Page, shift: Shift, findings: Sequence[Finding], seen: dict[str, Noted], *, whole: bool
) -> Iterator[Judged]:
    """What was judged of the first finding that meets a span, if it is exact."""
    one = next((one for one in findings if one.start < shift.end and shift.start < one.end), None)
    if one is None or one.evidence.get("verdict") != "exact":
        return
    best = one.evidence["originals"][0]["text"]
    noted = seen.get(narrow(best))
    if noted is not None:
        true = next((n for n, text in enumerate(noted.texts) if bench_shift.mends(page, shift, one, text)), -1)
        right = bench_shift.mends(page, shift, one, best)
        yield Judged(noted.standing, noted.first, noted.rows, noted.best, true, whole, right)
