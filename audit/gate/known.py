"""A baseline beside an audit: which hits it knows, and what it has that is there no longer."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audit.address import by_place, excerpt
from audit.engine import Batch
from audit.gate.baseline import Present, absent, compare, place
from audit.gate.marks import PIECE, homes, marks_at, of_batches, stream, within
from audit.gate.places import Place
from audit.gate.values import Against, Baseline, Known
from audit.model import Document
from audit.standing import State

SHOWN = 40  # code points of an excerpt that a baseline keeps
PRIVATE = "privacy"  # what must not be published is not written into a file either


def present_of(document: Document, batches: Sequence[Batch]) -> Present:
    """The hits of a document as marks, batch by batch."""

    @cache
    def text() -> Place:
        body, before = stream(document.text)
        starts, ends = (
            before[within(document.text, np.concatenate([getattr(batch, name) for batch in batches]))]
            for name in ("starts", "ends")
        )
        return Place(body, list(zip(starts.tolist(), ends.tolist(), strict=True)))

    return Present([mark for made in of_batches(document, batches) for mark in made], text)


def stand(
    documents: Sequence[tuple[Document, Sequence[Batch]]], baseline: Baseline
) -> tuple[list[list[Batch]], Against]:
    """The batches of each document, parted into what the baseline knows and what is new."""
    present = {place(document.path, baseline.folder): present_of(document, kept) for document, kept in documents}
    matched = compare(baseline.known, present, lambda path: (baseline.folder / path).exists())
    parted = []
    for document, kept in documents:
        found = matched[place(document.path, baseline.folder)]
        mask = np.zeros(sum(map(len, kept)), dtype=bool)
        mask[list(found)] = True
        parted.append(
            [part for batch, known in zip(kept, split(mask, kept), strict=True) for part in halves(batch, known)]
        )
    known = sum(map(len, matched.values()))
    total = sum(len(batch) for _, kept in documents for batch in kept)
    gone = tuple(absent(baseline.known, matched, baseline.folder))
    return parted, Against(baseline.name, total - known, known, gone)


def split(mask: NDArray[np.bool_], batches: Sequence[Batch]) -> list[NDArray[np.bool_]]:
    """A mask over all hits as one for each batch."""
    stops = np.cumsum([len(batch) for batch in batches]).tolist()
    return [mask[start:stop] for start, stop in zip([0, *stops], stops, strict=False)]


def halves(batch: Batch, known: NDArray[np.bool_]) -> list[Batch]:
    """The hits that are known and those that are new, each marked so."""
    parts = ((batch.keep(mask), state) for mask, state in ((known, State.UNCHANGED), (~known, State.NEW)))
    return [replace(part, standing=replace(part.standing, baseline=state)) for part, state in parts if len(part)]


def snapshot(documents: Sequence[tuple[Document, Sequence[Batch]]], folder: Path) -> list[Known]:
    """Every hit as a baseline keeps it, those of a document in order of place."""
    return [one for document, kept in documents for one in known_of(document, kept, folder)]


def known_of(document: Document, batches: Sequence[Batch], folder: Path) -> Iterator[Known]:
    """The same of one document, one after the other; of those that are still to come there are only columns."""
    if not batches:
        return
    path = place(document.path, folder)
    numbers, _, starts, ends = by_place(batches, lambda rule: rule.kind)
    low, high, ids = homes(document, starts)
    for at in range(0, len(starts), PIECE):
        piece = slice(at, at + PIECE)
        rules = [batches[number].rule for number in numbers[piece].tolist()]
        spans = starts[piece], ends[piece]
        found = marks_at(document, [rule.code for rule in rules], spans, (low[piece], high[piece], ids[piece]))
        for rule, start, end, mark in zip(rules, spans[0].tolist(), spans[1].tolist(), found, strict=True):
            shown = "" if rule.kind == PRIVATE else excerpt(document.body, start, min(end, start + SHOWN))
            yield Known(path, line_of(document, start), shown, mark)


def line_of(document: Document, start: int) -> int:
    """The line that a finding names: that of its record where there are records."""
    home = bisect.bisect_right(document.origins, start, key=lambda origin: origin.start) - 1
    line = document.origins[home].line if document.origins else 0
    return line or document.source.line_at(start) + 1
