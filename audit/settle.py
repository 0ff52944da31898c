"""What is left of the hits: settings, severities that a user changed, and hits that a stronger one explains."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.config import SEVERITIES, Config
from audit.engine import Batch
from audit.gate.effective import effective
from audit.gate.terms import spare
from audit.model import Document, Offsets, Severity, Text
from audit.registry import matches
from audit.repeats import together
from audit.rule import Rule, Scope
from audit.standing import TRUST, Standing

# Inside such a span the text is not what was written, so what these kinds see there is the same damage again.
WEAK = frozenset({"ocr", "script", "punctuation", "noise", "elision", "fact", "placeholder"})
STRONG = {"byte-shift": WEAK | {"mojibake", "truncation"}, "mojibake": WEAK}
ECHO = "gloss"
# What two rules see of one damage: of the same kind the first yields to the second; of two kinds it is left as a remark
DROPPED = {
    "editor-voice": "site-introduction",
    "no-terminal": "empty-announcement",
    "worse-reading": "confused-character",
}
REMARKED = {"letter-for-digit": "letter-among-digits", "half-blanked-range": "masked-date"}
PREFERRED = frozenset((*DROPPED.values(), *REMARKED.values()))
PARTNERED, COUNTING = "unmatched-bracket", "skipped-number"
LIST = 3_000  # code points from a broken line's head to the next number of its list
# What a clean-up, a scraper or a converter did stands all over a text. In 11 M characters of published text, where nothing
# of the kind happened, there is one finding above a remark in 16,000 to 300,000.
WHOLE, SPARSE = 500, 3_000  # characters: in so many one slip is alone, and with one in so many more a few still are
NO_DAMAGE = frozenset({"privacy", "fact", "structure", "off-topic", "duplicate"})


def settle(batches: Sequence[Batch], document: Document, config: Config) -> tuple[list[Batch], int]:
    """The batches that count, and how many hits lie below the confidence that the settings ask for."""
    here = effective(config, document.path)
    asked = [batch for batch in batches if not here.ignores(batch.rule)]
    severities = {batch.rule.code: level for batch in asked if (level := here.severity(batch.rule))}
    asked = spare(asked, document, config)
    changed = [_standing(override(batch, severities), here.standing(batch.rule)) for batch in asked]
    size = len(document.source.body)
    starts, ends = (
        zip(*((origin.start, origin.end) for origin in document.origins), strict=True)
        if document.origins
        else ((0,), (size,))
    )
    pieces = Pieces(np.array([*starts, size], dtype=np.int64), np.subtract(ends, starts))
    unshadowed = ease(once(shadow(changed, document.source, pieces), severities), severities, pieces)
    kept = [batch.keep(batch.confidences >= np.float32(here.min_confidence)) for batch in unshadowed]
    kept = [batch for batch in kept if len(batch)]
    return kept, sum(map(len, loud(unshadowed, config))) - sum(map(len, loud(kept, config)))


def _standing(batch: Batch, standing: Standing) -> Batch:
    return batch if batch.standing == standing else replace(batch, standing=standing)


def loud(batches: Sequence[Batch], config: Config) -> list[Batch]:
    """The batches that are reported: those of the least severity asked for; grades and gate count the others too."""
    least = int(SEVERITIES[config.min_severity])
    left = [batch.keep(batch.severities >= least) for batch in batches] if least > Severity.INFO else batches
    return [batch for batch in left if len(batch)]


def override(batch: Batch, severities: Mapping[str, str]) -> Batch:
    """The batch with the severity that the settings give its rule."""
    level = severity_for(batch.rule, severities)
    return batch if level is None else replace(batch, severities=np.full(len(batch), level, dtype=np.int8))


def severity_for(rule: Rule, severities: Mapping[str, str]) -> Severity | None:
    """The severity that the settings give a rule, the most specific word first; None where they say nothing of it."""
    words = [word for word in severities if matches(rule, word)]
    return SEVERITIES[severities[max(words, key=len)]] if words else None


class Pieces(NamedTuple):
    """What stands for itself: the whole document, or each record. `bounds` are where they begin and the last ends, `sizes` their code points."""

    bounds: Offsets
    sizes: Offsets


def shadow(batches: Sequence[Batch], text: Text, pieces: Pieces) -> list[Batch]:
    """The batches without weak hits that lie inside a strong span, or miss a partner that such a span swallowed."""
    left = list(batches)
    for kind, weak in STRONG.items():
        strong = [
            sure for batch in left if batch.rule.kind == kind and len(sure := batch.keep(batch.confidences >= TRUST))
        ]
        if not strong:
            continue
        starts = np.concatenate([batch.starts for batch in strong])
        spans = union(starts, np.concatenate([batch.ends for batch in strong]))
        left = [echoed(batch, spans) for batch in hushed(left, weak, spans)]
        left = [parted(batch, spans, text) if batch.rule.name == PARTNERED else batch for batch in left]
        left = [counted(batch, spans, text, pieces) if batch.rule.name == COUNTING else batch for batch in left]
    return left


def once(batches: Sequence[Batch], severities: Mapping[str, str]) -> list[Batch]:
    """The batches without what a second rule says of the same place; severities that a user set stay."""
    sure = {
        batch.rule.name: batch.keep(batch.confidences >= TRUST) for batch in batches if batch.rule.name in PREFERRED
    }
    return [_yielding(batch, sure, severities) for batch in batches]


def _yielding(batch: Batch, sure: Mapping[str, Batch], severities: Mapping[str, str]) -> Batch:
    name = batch.rule.name
    other = sure.get(DROPPED.get(name) or REMARKED.get(name, ""))
    if other is None or not len(other) or not len(batch):
        return batch
    outer = union(other.starts, other.ends)
    met = np.searchsorted(outer[1], batch.starts, side="right") < np.searchsorted(outer[0], batch.ends)
    if name in DROPPED:
        return batch.keep(~met)
    if severity_for(batch.rule, severities) is not None:
        return batch
    return replace(batch, severities=np.where(met, np.int8(Severity.INFO), batch.severities))


def ease(batches: Sequence[Batch], severities: Mapping[str, str], pieces: Pieces) -> list[Batch]:
    """The batches, slips that stand alone in a text no worse than their rules say; severities that a user set stay."""
    bounds, sizes = pieces
    found = np.zeros(len(sizes), dtype=np.int64)
    own = [batch for batch in batches if batch.rule.kind not in NO_DAMAGE and batch.rule.scope is not Scope.COLLECTION]
    for some in together(own):
        starts, levels, confidences = (
            np.concatenate([getattr(batch, name) for batch in some]) for name in ("starts", "severities", "confidences")
        )
        sure = (levels > Severity.INFO) & (confidences >= TRUST)
        found += np.bincount(_piece(starts[sure], bounds), minlength=len(found))
    clean = (sizes >= WHOLE) & (found <= np.maximum(sizes // SPARSE, 1))
    if not clean.any():
        return list(batches)
    return [
        _eased(batch, clean, bounds) if severity_for(batch.rule, severities) is None else batch for batch in batches
    ]


def _eased(batch: Batch, clean: NDArray[np.bool_], bounds: Offsets) -> Batch:
    if batch.rule.alone is None or not len(batch):
        return batch
    if not (batch.severities > batch.rule.alone).any():
        return batch
    usual = batch.severities <= batch.rule.severity  # what is worse than its rule's usual hit stays
    if len(clean) > 1:
        usual &= clean[_piece(batch.starts, bounds)]
    least = np.minimum(batch.severities, np.int8(batch.rule.alone))
    return replace(batch, severities=np.where(usual, least, batch.severities))


def _piece(starts: Offsets, bounds: Offsets) -> Offsets:
    """The piece that each hit stands in."""
    return np.clip(np.searchsorted(bounds, starts, side="right") - 1, 0, len(bounds) - 2)


def hushed(batches: Sequence[Batch], weak: Container[str], spans: tuple[Offsets, Offsets]) -> Iterator[Batch]:
    """The batches, those of weak kinds without their hits inside the spans."""
    told = (batch for batch in batches if batch.rule.kind in weak)
    left = iter([one for some in together(list(told)) for one in _outside(some, spans)])
    return (next(left) if batch.rule.kind in weak else batch for batch in batches)


def _outside(batches: Sequence[Batch], spans: tuple[Offsets, Offsets]) -> list[Batch]:
    """A few batches without their hits inside the spans."""
    starts, ends = (np.concatenate([getattr(batch, name) for batch in batches]) for name in ("starts", "ends"))
    kept = np.split(~inside(starts, ends, *spans), np.cumsum([len(batch) for batch in batches])[:-1])
    return [batch.keep(mask) for batch, mask in zip(batches, kept, strict=True)]


def parted(batch: Batch, spans: tuple[Offsets, Offsets], text: Text) -> Batch:
    """The batch without its hits in lines that hold one of the spans."""
    broken = np.searchsorted(text.line_starts, spans[0], side="right")
    return batch.keep(~np.isin(np.searchsorted(text.line_starts, batch.starts, side="right"), broken))


def counted(batch: Batch, spans: tuple[Offsets, Offsets], text: Text, pieces: Pieces) -> Batch:
    """The batch without its hits behind a line that begins with one of the spans: the number that is due lies in it."""
    heads = spans[0][np.isin(spans[0], text.line_starts)]
    if not len(heads):
        return batch
    before = np.searchsorted(heads, batch.starts) - 1
    head = heads[np.maximum(before, 0)]
    apart = _piece(head, pieces.bounds) != _piece(batch.starts, pieces.bounds)
    return batch.keep((before < 0) | apart | (batch.starts - head > LIST))


def echoed(batch: Batch, spans: tuple[Offsets, Offsets]) -> Batch:
    """A broken gloss inside the spans is told, but mended with them: it counts as a repeat."""
    if batch.rule.kind != ECHO:
        return batch
    return replace(batch, repeats=batch.repeats | inside(batch.starts, batch.ends, *spans))


def union(starts: Offsets, ends: Offsets) -> tuple[Offsets, Offsets]:
    """Overlapping spans joined, ascending."""
    order = np.argsort(starts, kind="stable")
    starts, reach = starts[order], np.maximum.accumulate(ends[order])
    opens = np.concatenate([[True], starts[1:] > reach[:-1]])
    closes = np.concatenate([opens[1:], [True]])
    return starts[opens], reach[closes]


def inside(starts: Offsets, ends: Offsets, outer_starts: Offsets, outer_ends: Offsets) -> NDArray[np.bool_]:
    """Which spans overlap one of the outer spans by half of their length or more (touching does not count)."""
    at = np.searchsorted(outer_ends, starts, side="right")
    behind = np.minimum(at, len(outer_ends) - 1)
    overlap = np.minimum(ends, outer_ends[behind]) - np.maximum(starts, outer_starts[behind])
    return (at < len(outer_ends)) & (overlap > 0) & (2 * overlap >= ends - starts)


def gated(sure: Sequence[int], fail_on: str) -> int:
    """How many of these counts stand at or above the gate."""
    return 0 if fail_on == "never" else sum(sure[SEVERITIES[fail_on] :])
