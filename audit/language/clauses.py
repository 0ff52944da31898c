"""Clauses, runs of Han characters, that hold characters of both scripts."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.language import script
from audit.language.spots import distinct
from audit.language.whereabouts import fixed, where
from audit.model import Offsets, Text
from audit.native import kernels


def in_mixed_clauses(text: Text, scripts: script.Scripts) -> Offsets:
    """Places of one script only in the clauses that have characters of both, ascending."""
    if not (scripts.simplified and scripts.traditional):
        return np.empty(0, dtype=np.int64)
    if kernels is None:
        return _by_turns(text, scripts)
    room = np.empty(len(scripts.bits), dtype=np.int64)
    return room[: kernels.mixed_runs(scripts.bits, _masks(), room)].copy()


@cache
def _masks() -> NDArray[np.uint8]:
    return np.array((script.HAN, script.SIMPLIFIED, script.TRADITIONAL), dtype=np.uint8)


def _by_turns(text: Text, scripts: script.Scripts) -> Offsets:
    """The same, by where one script gives way to the other."""
    one_sided = script.SIMPLIFIED | script.TRADITIONAL
    at = ((scripts.bits & one_sided) != 0).nonzero()[0]
    kinds = scripts.bits.take(at) & one_sided
    turns = (kinds[1:] != kinds[:-1]).nonzero()[
        0
    ]  # a mixed clause has one of the one script right before one of the other
    if not len(turns):
        return np.empty(0, dtype=np.int64)
    marks, _ = where(text, _no_han())
    clause = marks.searchsorted(at.take(turns))
    mixed = distinct(clause[clause == marks.searchsorted(at.take(turns + 1))])
    bounds = np.concatenate([[0], marks, [len(text.codes)]])
    firsts, lasts = at.searchsorted(bounds[mixed]), at.searchsorted(bounds[mixed + 1])
    sizes = lasts - firsts
    return np.asarray(at.take(np.arange(int(sizes.sum())) + np.repeat(firsts - (np.cumsum(sizes) - sizes), sizes)))


@cache
def _no_han() -> NDArray[np.bool_]:
    """Which code points are no Han characters and end a clause; shape (65536,)."""
    return fixed((script.class_table() & script.HAN) == 0)
