"""An entry as a row of the table of entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from audit.address import physical, printable
from audit.language import surprise
from audit.model import Text
from audit.run import Audited, GradedEntry
from audit.scale.rows import packed


def entry_row(audited: Audited, one: GradedEntry, n: int, critical: int, told: Mapping[str, float]) -> dict[str, Any]:
    """An entry with its grades."""
    document, entry, graded = audited.document, one.entry, one.graded
    origin = document.origins[entry.index] if document.origins else None
    key = printable(origin.id) if origin and origin.id is not None else None
    start = document.text.to_origin(entry.start, entry.start).start
    return {
        "n": n,
        "path": printable(document.path),
        "entry": one.number,
        "id": key,
        "title": printable(entry.caption or entry.title_text) or None,
        "line": physical(document, entry.index, start, start)[0],
        "location": packed({**origin.place, "id": key}) if origin and origin.place else None,
        "characters": graded.size,
        "score": graded.now.score,
        "grade": graded.now.letter,
        "score_after": graded.after.score,
        "grade_after": graded.after.letter,
        "action": graded.action.value,
        "findings": sorted(graded.counts.items()),
        "effort": sorted(graded.now.costs),
        "effort_after": sum(cost for _, cost in graded.after.costs),
        "critical": critical,
        "signals": sorted(told.items()),
    }


def signals(text: Text, spans: Sequence[tuple[int, int]]) -> list[dict[str, float]]:
    """What a filter may ask of each stretch of a text: shares of its characters, and how surprising it is, in bits a character.

    A stretch begins at the text's start or behind a line break.
    """
    codes = text.codes
    bits = surprise(codes)
    lower = codes | 0x20
    classes = {
        "han": (codes >= 0x3400) & (codes <= 0x9FFF),
        "digits": (codes >= 0x30) & (codes <= 0x39),
        "latin": (lower >= 0x61) & (lower <= 0x7A),
    }
    bounds = np.array(spans, dtype=np.int64).reshape(-1, 2)
    sizes = np.maximum(bounds[:, 1] - bounds[:, 0], 1)
    counts = (np.diff(np.flatnonzero(found).searchsorted(bounds))[:, 0] for found in classes.values())
    shares = [np.round(count / sizes, 3).tolist() for count in counts]
    means = [round(float(bits[start:end].mean()), 2) if end > start else 0.0 for start, end in spans]
    return [dict(zip((*classes, "surprisal"), own, strict=True)) for own in zip(*shares, means, strict=True)]
