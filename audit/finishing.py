"""One document's hits settled, sifted and graded, and set beside a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from audit.audited import Audited, GradedEntry
from audit.config import Config
from audit.engine import Batch
from audit.gate.suppress import Usage, sift
from audit.gate.values import Against, Baseline
from audit.gate.verdict import tally
from audit.grade import counts, grade, tallies
from audit.language.spots import one_of
from audit.language.whereabouts import where
from audit.model import Document, Offsets, Role
from audit.registry import load_rules
from audit.repeats import mark_repeats
from audit.rule import Rule
from audit.settle import loud, settle

BLANKS = "\t\n\v\f\r \N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}"  # characters that a grade does not count
START = np.zeros(1, dtype=np.int64)
Finished = tuple[Audited, list[Batch]]


def finish(
    document: Document,
    batches: list[Batch],
    config: Config,
    rules: Sequence[Rule] = (),
    usage: Usage | None = None,
) -> Finished:
    """Settles and grades one document; the batches that its grades are of, whatever severities are reported."""
    kept, folded = settle(batches, document, config)
    sifted = sift(kept, document, config, (rules, load_rules()[0]), usage)
    kept = sifted.left
    blank, _ = where(document.text, one_of(BLANKS))
    homes = homes_of(document, kept)
    kept = mark_repeats(kept, document.source.codes, homes)
    entries: list[GradedEntry] = []
    firsts = [changes(home) for home in homes]
    parts, tallied = by_entry(kept, homes, firsts), tallies(kept, config.grade, firsts)
    spans = np.array([(entry.start, entry.end) for entry in document.entries], dtype=np.int64).reshape(-1, 2)
    blanks = np.diff(np.searchsorted(blank, spans))[:, 0]
    for entry, empty in zip(document.entries, blanks.tolist(), strict=True):
        if entry.role is not Role.ENTRY:
            continue
        here = parts.get(entry.index, ())
        own = [batch.keep(part) for batch, part, _ in here]
        size = entry.end - entry.start - empty
        graded = grade(own, size, config.grade, [tallied[number] for _, _, number in here])
        number = document.origins[entry.index].number if document.origins else len(entries) + 1
        entries.append(GradedEntry(number, entry, replace(graded, counts=counts(loud(own, config)))))
    shown = loud(kept, config)
    each = tallied if len(tallied) == len(kept) else None  # no rule speaks of two entries
    graded = grade(kept, len(document.text.codes) - len(blank), config.grade, each, whole=len(entries) != 1)
    graded = replace(graded, counts=counts(shown))
    accepted = tuple(loud(sifted.accepted, config))
    remarks = sifted.remarks
    made = Audited(document, tuple(shown), folded, graded, tuple(entries), accepted, remarks, **tally(kept, config))
    return made, kept


def homes_of(document: Document, batches: Sequence[Batch]) -> list[Offsets]:
    """The number of the entry that each hit stands in, ascending, as the hits are."""
    starts = np.array([document.text.to_origin(entry.start, entry.start).start for entry in document.entries])
    return [starts.searchsorted(batch.starts, side="right") - 1 for batch in batches]


def changes(home: Offsets) -> Offsets:
    """Which hits are the first ones of an entry; `home` numbers each hit's entry, ascending."""
    later = (home[1:] != home[:-1]).nonzero()[0] + 1
    return np.concatenate([START, later]) if len(later) else START


def by_entry(
    batches: Sequence[Batch], homes: Sequence[Offsets], firsts: Sequence[Offsets]
) -> dict[int, list[tuple[Batch, slice, int]]]:
    """Which hits of which batches stand in each entry that has any, such parts numbered throughout."""
    parts: dict[int, list[tuple[Batch, slice, int]]] = {}
    number = 0
    for batch, home, first in zip(batches, homes, firsts, strict=True):
        bounds = [*first.tolist(), len(home)]
        for index, low, high in zip(home[first].tolist(), bounds, bounds[1:], strict=False):
            parts.setdefault(index, []).append((batch, slice(low, high), number))
            number += 1
    return parts


def beside(finished: list[Finished], baseline: Baseline, config: Config) -> tuple[list[Finished], Against]:
    """The documents with what a baseline knows told from what is new; only the new counts at the gate."""
    from audit.gate.known import stand  # noqa: PLC0415 - rapidfuzz loads only where there is a baseline

    parted, against = stand([(one.document, kept) for one, kept in finished], baseline)
    made = []
    for (one, _), kept in zip(finished, parted, strict=True):
        shown = loud([batch for batch in kept if batch.standing.counts] if config.new_only else kept, config)
        told = recounted(one, shown) if config.new_only else one
        made.append((replace(told, batches=tuple(shown), **tally(kept, config)), kept))
    return made, against


def recounted(one: Audited, shown: Sequence[Batch]) -> Audited:
    """The document with the counts of what is shown; the grades are of all that is there."""
    homes = homes_of(one.document, shown)
    parts = by_entry(shown, homes, [changes(home) for home in homes])
    entries = tuple(
        replace(each, graded=replace(each.graded, counts=counts([batch.keep(part) for batch, part, _ in own])))
        for each in one.entries
        for own in [parts.get(each.entry.index, ())]
    )
    return replace(one, graded=replace(one.graded, counts=counts(shown)), entries=entries)
