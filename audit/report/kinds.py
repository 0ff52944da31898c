"""The hits of an audit by kind and by repair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audit.engine import SAFETIES, Batch
from audit.model import Offsets, Safety, Severity
from audit.settle import union

SAFE = SAFETIES.index(Safety.SAFE)


def by_repair(batch: Batch) -> Offsets:
    """How many hits have no repair, a safe one, a suggested one, shape (3,); what `jiaokan convert` mends is as safe as any."""
    converted = (batch.severities == Severity.INFO) & (batch.safeties == 0) & batch.rule.converts
    return np.bincount(np.where(converted, SAFE, batch.safeties), minlength=3)


def by_kind(batches: Sequence[Batch]) -> dict[str, list[Batch]]:
    """The batches of each kind."""
    found: dict[str, list[Batch]] = {}
    for batch in batches:
        found.setdefault(batch.rule.kind, []).append(batch)
    return found


def coverage(batches: Sequence[Batch]) -> int:
    """How many code points the hits cover, each counted once."""
    if not batches:
        return 0
    starts, ends = union(
        np.concatenate([batch.starts for batch in batches]), np.concatenate([batch.ends for batch in batches])
    )
    return int((ends - starts).sum())
