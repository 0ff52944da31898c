"""Which entries of a collection of one subject are foreign to it: odds of what the others say of them, and a title that they do not keep."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from audit.language.subjects import MIN_ENTRIES, Scores, Verdict, median

# Odds that an entry is foreign, in nats, for each figure of `figures_of` and at none of them, as `tools/fit_strays.py` fits them.
ODDS, BARE = (1.29, 2.21, -8.82, 0.16, 14.27, 0.9), -10.98
# The odds from which one of so many is flagged, between these by the logarithm. Of 1,000 entries of collections without a foreign one they flag .6
# on the whole, of genres that general prose was not learnt from, at most 1.2 (of ten), and of texts of 21 kinds that nothing was fitted on 1 to 2.
BARS = ((5, 3.8), (6, 2.6), (30, 2.0))
MOST_DEVIATIONS, MOST_DROP, BITS_RANGE, USUAL_RANGE = 5.0, 1.2, (-0.6, 1.0), (-0.2, 1.2)  # beyond, one bit says no more
# Where the others are of one subject, so many bits, a long entry of their kind of text that hardly shares it: so many deviations and bits
# below the usual, with such a part of its bits, of a kind so near, the logarithm of its mass (some 300 characters), and of so many entries. It
# tells 5 to 30 in 1,000 foreign ones more, and flags 1 or 2 of 10,000 others; of short entries it flagged 20.
ONE_SUBJECT, APART, DROP, SHARED, ALIKE, LONG, OF = 0.4, 3.0, 0.35, 0.4, 0.08, 5.85, 10
NEAR = 0.7  # deviations; what lies nearer is never foreign
TWO = 8  # of so many entries two may be foreign
MAX_SHARE = 0.12  # more than that is a second subject; in 800 mixtures of two to six genres 2 entries are flagged
FAR, WORSE, PART = (
    2.0,
    -0.1,
    0.4,
)  # deviations and bits from which an entry may break a promise, or the part of the usual bits
SILENT = 0.25  # of the share of a promise that others keep, so little


def figures_of(verdict: Verdict) -> Scores:
    """What tells of each entry whether it is foreign; shape (entries, 6).

    Deviations, the drop below the usual score, own and usual bits, strangeness of kind, and length.
    """
    return np.stack(
        [
            np.clip(verdict.deviations, 0, MOST_DEVIATIONS),
            np.clip(median(verdict.score) - verdict.score, 0, MOST_DROP),
            np.clip(verdict.bits, *BITS_RANGE),
            np.full(len(verdict.bits), np.clip(verdict.usual, *USUAL_RANGE)),
            np.minimum(verdict.kind, 1),
            verdict.length,
        ],
        axis=1,
    )


def odds(figures: Scores) -> Scores:
    """The odds that entries of such figures are foreign, in nats; shape (entries,)."""
    total = np.full(len(figures), BARE)
    for weight, figure in zip(ODDS, figures.T, strict=True):  # in this order on every machine
        total += weight * figure
    return total


def bar(entries: int) -> float:
    """The odds from which one of so many entries is flagged."""
    sizes, bars = zip(*BARS, strict=True)
    return float(np.interp(np.log(entries), np.log(sizes), bars))


def flagged(verdict: Verdict) -> list[int]:
    """Indices of the entries that lie apart, the farthest first; none where they are too many to be strays."""
    entries = int(np.count_nonzero(~np.isnan(verdict.bits)))
    if entries < MIN_ENTRIES:
        return []
    with np.errstate(invalid="ignore"):
        apart = (odds(figures_of(verdict)) > bar(entries)) & (verdict.deviations > NEAR)
    if entries >= OF and verdict.usual >= ONE_SUBJECT:
        apart |= _of_another_subject(verdict)
    if not np.all(np.isnan(verdict.named)):
        apart |= _breaks_promise(verdict)
    found = np.flatnonzero(apart)
    if len(found) > max(1 + (entries >= TWO), MAX_SHARE * entries):
        return []
    return [int(index) for index in found[np.argsort(-verdict.deviations[found], kind="stable")]]


def _of_another_subject(verdict: Verdict) -> NDArray[np.bool_]:
    """Long entries of the same kind of text as the others that hardly share their subject."""
    with np.errstate(invalid="ignore"):
        far = (verdict.deviations >= APART) & (median(verdict.score) - verdict.score >= DROP)
        alike = (verdict.kind < ALIKE) & (verdict.length >= LONG)
        return np.asarray(far & alike & (verdict.bits < SHARED * verdict.usual))


def _breaks_promise(verdict: Verdict) -> NDArray[np.bool_]:
    """Entries far from the usual one that say nothing of the common title, which the others speak of."""
    with np.errstate(invalid="ignore"):
        silent = (
            verdict.named <= SILENT * np.nanmedian(verdict.named) if np.any(verdict.named > 0) else verdict.named > 1
        )
        far = (verdict.deviations >= FAR) & (verdict.bits < max(WORSE, PART * verdict.usual))
    return np.asarray(silent & far)
