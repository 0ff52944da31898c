"""Passages that the same rule found before in the same entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from audit.engine import Batch
from audit.model import Codes, Offsets
from audit.native import kernels

PRIME = np.uint64(0x9E3779B97F4A7C15)
KEY = 16  # code points
MANY = 1 << 14  # hits


def together(batches: Sequence[Batch]) -> Iterator[list[Batch]]:
    """Neighbours that are worked at in one go: a step over few hits costs as much as one over a thousand."""
    some: list[Batch] = []
    size = 0
    for batch in batches:
        if some and size + len(batch) > MANY:
            yield some
            some, size = [], 0
        some.append(batch)
        size += len(batch)
    if some:
        yield some


def mark_repeats(batches: Sequence[Batch], codes: Codes, homes: Sequence[Offsets]) -> list[Batch]:
    """The batches with the hits marked whose passage stood before in the same entry; `homes` numbers each hit's entry."""
    left = iter(homes)
    return [batch for some in together(batches) for batch in _marked(some, codes, [next(left) for _ in some])]


def _marked(batches: Sequence[Batch], codes: Codes, homes: Sequence[Offsets]) -> list[Batch]:
    """The same of a few batches; a rule repeats no other."""
    if not len(codes):
        return list(batches)
    starts, ends = (np.concatenate([getattr(batch, name) for batch in batches]) for name in ("starts", "ends"))
    sizes = [len(batch) for batch in batches]
    key = (ends - starts).astype(np.uint64) * PRIME
    key = (key + np.arange(len(batches), dtype=np.uint64).repeat(sizes)) * PRIME
    _read(codes, starts, ends, key)
    key = (key + np.concatenate(homes).astype(np.uint64)) * PRIME
    again = np.split(_seen_before(key), np.cumsum(sizes)[:-1])
    return [replace(batch, repeats=batch.repeats | one) for batch, one in zip(batches, again, strict=True)]


def _read(codes: Codes, starts: Offsets, ends: Offsets, key: NDArray[np.uint64]) -> None:
    """Goes on with the keys of passages; their first code points, with their length, tell them apart well enough."""
    if kernels is not None:
        kernels.passage_keys(codes, starts, ends, key)
        return
    longer = np.arange(len(key))
    for step in range(KEY):
        longer = longer[(starts + step < ends)[longer]]
        if not len(longer):
            break
        key[longer] = (key[longer] + codes[starts[longer] + step]) * PRIME


def _seen_before(keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which keys stand before; shape (n,). A table of their first bits tells it; only those that share a place are sorted."""
    numbers = np.arange(len(keys))
    bits = len(keys).bit_length() + 2
    slots = (keys >> np.uint64(64 - bits)).astype(np.int64)
    first = np.zeros(1 << bits, dtype=np.int64)
    first[slots[::-1]] = numbers[::-1]
    owners = first[slots]
    own = keys[owners] == keys
    repeats: NDArray[np.bool_] = own & (owners != numbers)
    rest = np.flatnonzero(~own)
    repeats[rest] = True
    repeats[rest[np.unique(keys[rest], return_index=True)[1]]] = False
    return repeats
