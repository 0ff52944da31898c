"""The kernels that sweep a text give what numpy gives, and refuse what does not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import bounds
from audit.language import (
    axes,
    cells,
    checked_surprise,
    clauses,
    confusables,
    flags,
    layout,
    listing,
    marks,
    predicted,
    repeated,
    script,
    seams,
    shingles,
    spots,
    steps_at,
    stretches,
    surprisal,
    surprise,
    terms,
    whereabouts,
)
from audit.model import Entry, Role, Span, Text
from audit.native import kernels
from audit.restore import adrift, suspects

compiled = pytest.mark.skipif(kernels is None, reason="no compiler stood at the installation")
BODIES = st.text(
    st.sampled_from(
        "中文們们的，。木几老师王後后\n\r ?ZXabc¡𠮷か\ufeff1（）\udc80"
        "工作總結干部发展情况锛屾垜浠笢恅ÖÐÎÄ櫓匡ｼｱ\ufffd惸"
    ),
    max_size=400,
)
MODULES = (
    layout,
    axes,
    cells,
    bounds,
    clauses,
    confusables,
    flags,
    predicted,
    repeated,
    script,
    seams,
    shingles,
    spots,
    stretches,
    surprisal,
    terms,
    whereabouts,
    adrift,
    suspects,
)


def plain(value: Any) -> Any:
    """Arrays as lists, so that whole answers can be compared."""
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.tolist()
    return [plain(one) for one in value] if isinstance(value, (tuple, list)) else value


def features_of(text: Text) -> predicted.Features:
    """Those of the parts of a text, which may be empty."""
    parts = [terms.counted(codes) for codes in np.array_split(text.codes, 5)]
    bounds = np.cumsum([0, *(len(part.buckets) for part in parts)])
    return predicted.Features(*(np.concatenate(column) for column in list(zip(*parts, strict=True))[:2]), bounds)


def stretched(text: Text) -> Any:
    """The stretches of a text that also has long lines."""
    long = Text(text.body + "".join(text.body.split("\n")) * 2)
    one = Entry(long, 0, Role.ENTRY, 0, len(long.codes), Span(0, 0))
    return stretches.stretches(one, axes.han_before(long.codes))


ASKED: dict[str, Callable[[Text], Any]] = {
    "lines": lambda text: (text.line_starts, text.line_ends, spots.narrow(text)),
    "spots": lambda text: (spots.spots(text), spots.kinds(text), spots.by_slot(text)),
    "flags": lambda text: (flags.flags(text), flags.named(text)),
    "votes": script.line_votes,
    "modernity": lambda text: script.modernity(text, np.arange(0, len(text.codes), 3)),
    "shingles": lambda text: [getattr(shingles.shingles(text), name) for name in shingles.Shingles.__slots__],
    "signature": lambda text: shingles.signature_of(shingles.shingles(Text(text.body + "工作总结")).kept),
    "features": lambda text: terms.counted(np.tile(text.codes, 1 + len(text.codes) % 5 * 99)),
    "odd pairs": lambda text: confusables.odd_pairs(spots.narrow(text)),
    "surprise": lambda text: surprise(text.codes),
    "deep": lambda text: surprise(text.codes, deep=True),
    "checked": lambda text: checked_surprise(text.codes),
    "clusters": suspects.clusters,
    "flanks": lambda text: [
        spots.flanks(text, mark, before, after)
        for mark in "的，("
        for before in ("", "中文")
        for after in ("", "們 \n", "𠮷")
    ],
    "steps": lambda text: steps_at(spots.narrow(text), np.arange(0, len(text.codes), 2), 2),
    "cells": lambda text: cells._windows(spots.narrow(text)[: len(text.codes) // cells.CELL * cells.CELL]),
    "running": lambda text: axes.running(text.codes, axes.axes().weights, np.arange(0, len(text.codes) + 1, 3)),
    "cells of pairs": lambda text: cells._sums(text.codes),
    "predicted": lambda text: predicted.predicted(features_of(text), predicted.prose(), 0.3),
    "stretches": stretched,
    "line numbers": lambda text: layout.line_numbers(text, np.append(np.arange(0, len(text.codes), 2), 0)),
    "clauses": lambda text: clauses.in_mixed_clauses(text, script.scripts(text)),
    "repeated": lambda text: repeated.doubled(
        Text("".join(text.body[n : n + size] * 2 for n, size in enumerate((3, 4, 8, 9, 2))))
    ),
    "marks": marks.marks,
    "seams": lambda text: [getattr(seams.seams(text), name) for name in seams.Seams.__slots__],
    "items": lambda text: [getattr(listing.items(text), name) for name in listing.Items.__slots__],
    "rare": lambda text: [adrift.rare_windows(text, first) for first in (0, 1)],
}


@compiled
@pytest.mark.parametrize("name", ASKED)
@given(body=BODIES)
def test_both_ways_agree(name: str, body: str) -> None:
    fast = plain(ASKED[name](Text(body)))
    with pytest.MonkeyPatch.context() as patch:
        for module in MODULES:
            patch.setattr(module, "kernels", None, raising=False)
        assert plain(ASKED[name](Text(body))) == fast


@compiled
@given(st.text("一二三十九、.．)）(（，,：是第0123９９②①a\n。\U00020021\uffff", max_size=60))
def test_markers_agree(body: str) -> None:
    codes = Text(body).codes
    every = np.arange(len(codes))
    fast = plain(listing.markers(codes, every))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "kernels", None)
        slow = plain(listing.markers(codes, every))
    assert slow[:3] == fast[:3]
    assert [one for one, scheme in zip(slow[3][1], slow[0][1], strict=True) if scheme >= 0] == [
        one for one, scheme in zip(fast[3][1], fast[0][1], strict=True) if scheme >= 0
    ]


@compiled
@pytest.mark.parametrize("name", ["shingles", "spots", "modernity", "rare"])
def test_they_agree_across_blocks(name: str) -> None:
    body = "".join(chr(0x4E00 + n * n % 5003) + "，\n"[n % 90 == 0 :][: n % 30 == 0] for n in range(9000))
    test_both_ways_agree.hypothesis.inner_test(name, body)  # type: ignore[attr-defined]


def few(kind: Any, size: int = 4) -> Any:
    return np.zeros(size, dtype=kind)


TABLE = 65536
FITTING: dict[str, list[Any]] = {
    "line_numbers": [few(np.int64), few(np.int64), few(np.int64)],
    "narrowed": [few(np.uint32), few(np.uint16), few(np.int64)],
    "side_by_side": [few(np.uint16), few(np.uint8, TABLE), few(np.uint8, TABLE), few(np.int64), few(np.uint8)],
    "list_markers": [
        few(np.uint32),
        few(np.uint8, TABLE),
        *(few(np.int64) for _ in range(4)),
        few(np.uint8),
    ],
    "line_counts": [few(np.uint8), few(np.int64, 1), few(np.uint8, 2), few(np.int64, 1), few(np.int64, 1)],
    "select_by": [few(np.uint16), few(np.uint8, TABLE), few(np.int64), few(np.uint8)],
    "classify": [
        few(np.uint16),
        few(np.uint8, TABLE),
        few(np.uint8, 1),
        few(np.uint8),
        few(np.int64),
        few(np.uint16),
    ],
    "sort_by_slot": [
        few(np.int64),
        few(np.uint16),
        few(np.uint8, TABLE),
        few(np.int64),
        few(np.int64, 257),
        few(np.uint16),
    ],
    "sift": [
        few(np.uint16),
        few(np.uint16, TABLE),
        *(few(np.int64, 1) for _ in range(2)),
        few(np.uint16),
        few(np.int64),
        *(few(np.int64, 1) for _ in range(2)),
    ],
    "run_prints": [
        few(np.uint16, 15),
        few(np.uint32, 1),
        *(few(np.int64, 1) for _ in range(2)),
        few(np.uint32),
        few(np.int64),
        *(few(np.uint32, 1) for _ in range(2)),
    ],
    "triple_minima": [few(np.uint16), few(np.uint32, 128), few(np.bool_, 128)],
    "count_features": [
        few(np.uint32),
        few(np.uint16, TABLE),
        few(np.uint16, 40960),
        few(np.uint8, 40960),
        few(np.int64, 4),
    ],
    "clusters": [
        few(np.int64, 1),
        np.ones(1, dtype=np.uint8),
        np.array([0]),
        np.array([4]),
        few(np.uint16),
        *(few(np.uint32, TABLE) for _ in range(2)),
        few(np.float32, TABLE),
        few(np.float32, 5 * TABLE),
        few(np.uint8, TABLE),
        *(few(np.int64, 1) for _ in range(2)),
        few(np.float64, 14),
    ],
    "twice_in_a_row": [few(np.uint16), few(np.int64, 8), few(np.int64, 8)],
    "mixed_runs": [few(np.uint8), few(np.uint8, 3), few(np.int64)],
    "flanked": [few(np.uint16), few(np.int64), few(np.bool_, TABLE), few(np.bool_, TABLE), few(np.int64)],
    "cell_sums": [few(np.uint16), few(np.uint64, TABLE), few(np.uint64, 2)],
    "running_sums": [
        few(np.uint32),
        few(np.uint16, TABLE),
        few(np.int16, 2 * 40960),
        np.array([0, 2, 2, 4]),
        few(np.int64, 8),
        few(np.int64, 4),
    ],
    "predict_entries": [
        few(np.uint16),
        few(np.uint8),
        np.array([0, 2, 4]),
        few(np.int64, 256),
        few(np.int64, 4096),
        few(np.float64, 40960),
        few(np.uint8, 40960),
        few(np.float64, 1),
        few(np.int64, 40960),
        few(np.int64, 6),
    ],
    "cut_stretches": [*(few(np.int64) for _ in range(6)), np.array([50, 25, 85]), few(np.int64, 18)],
    "pair_cell_sums": [few(np.uint32), few(np.uint16, TABLE), few(np.uint64, 40960), np.array([2]), few(np.uint64, 2)],
    "known_pairs": [few(np.uint16), few(np.uint16, TABLE), few(np.uint8, 16), few(np.int64)],
    "window_sums": [few(np.uint16), few(np.int32, TABLE), few(np.int64, 2), few(np.int64, 1), few(np.int32, 2)],
    "heavy_windows": [few(np.uint16), few(np.uint16, TABLE), np.array([0, 2, 6, 9]), few(np.int64)],
    "with_bit": [few(np.int64), few(np.uint8), few(np.uint8, 1), few(np.int64)],
    "steps_at": [
        few(np.uint16),
        few(np.int64, 2),
        few(np.int64, 1),
        few(np.uint16, 9),
        few(np.uint32, 3),
        few(np.uint16, 8),
        *(few(np.int16, 3) for _ in range(2)),
        few(np.int32, 2),
    ],
    "surprise": [
        few(np.uint32),
        few(np.uint16, 9),
        few(np.uint32, 3),
        few(np.uint16, 8),
        *(few(np.int16, 3) for _ in range(2)),
        few(np.float32),
    ],
    "surprise_deep": [
        few(np.uint32),
        few(np.uint16, 9),
        few(np.uint32, 3),
        few(np.uint16, 8),
        *(few(np.int16, 3) for _ in range(2)),
        few(np.uint8, 8),
        few(np.uint16, 16),
        few(np.float32),
    ],
    "surprise_checked": [
        few(np.uint32),
        few(np.uint16, 9),
        few(np.uint32, 3),
        few(np.uint16, 8),
        *(few(np.int16, 3) for _ in range(2)),
        few(np.uint8, 8),
        few(np.uint16, 16),
        few(np.uint8, 8),
        few(np.uint8, 16),
        few(np.float32),
    ],
}
FREE = {  # arguments of which any number of items fits the others
    ("line_numbers", 0), ("select_by", 0), ("line_counts", 0), ("sift", 0), ("run_prints", 0), ("triple_minima", 0),
    ("count_features", 0), ("twice_in_a_row", 0), ("mixed_runs", 0), ("flanked", 0), ("flanked", 1), ("cell_sums", 2), ("known_pairs", 0), ("window_sums", 0), ("heavy_windows", 0), ("steps_at", 0), ("steps_at", 3), ("steps_at", 5), ("surprise", 1), ("surprise", 3),
    ("surprise_deep", 1), ("surprise_checked", 1), ("side_by_side", 0), ("list_markers", 0),
}  # fmt: skip
WRONG: dict[str, dict[int, Any]] = {  # values that lead out of the text or the tables
    "line_counts": {1: np.array([9])},
    "list_markers": {2: np.array([0, 1, 2, 4])},
    "sift": {2: np.array([9]), 3: np.array([-1])},
    "run_prints": {2: np.array([-1]), 3: np.array([5])},
    "clusters": {0: np.array([4]), 2: np.array([-1]), 3: np.array([9])},
    "window_sums": {2: np.array([2, 1]), 3: np.array([-1])},
    "heavy_windows": {2: np.array([0, 0, 6, 9])},
    "running_sums": {3: np.array([0, 2, 1, 4])},
    "predict_entries": {0: np.full(4, 40960, dtype=np.uint16), 2: np.array([0, 5, 4])},
    "cut_stretches": {6: np.array([0, 25, 85]), 7: few(np.int64, 0)},
    "pair_cell_sums": {3: np.array([0])},
    "steps_at": {1: np.array([4, 0]), 2: np.array([-1]), 3: np.full(9, 3, dtype=np.uint16)},
    "surprise": {1: np.full(9, 3, dtype=np.uint16), 2: np.full(3, 8, dtype=np.uint32)},
    "surprise_deep": {1: np.full(9, 3, dtype=np.uint16), 2: np.full(3, 8, dtype=np.uint32)},
    "surprise_checked": {1: np.full(9, 3, dtype=np.uint16), 2: np.full(3, 8, dtype=np.uint32)},
}


@compiled
@pytest.mark.parametrize("name", FITTING)
def test_what_does_not_fit_is_refused(name: str) -> None:
    kernel, fitting = getattr(kernels, name), FITTING[name]
    kernel(*fitting)
    with pytest.raises(TypeError):
        kernel(*fitting[:-1])
    for number, value in enumerate(fitting):
        changed = [*fitting]
        changed[number] = np.zeros(len(value), dtype=np.complex64)
        with pytest.raises(TypeError):
            kernel(*changed)
        changed[number] = value[:-1]
        if (name, number) not in FREE:
            with pytest.raises(ValueError, match=name):
                kernel(*changed)
        else:
            kernel(*changed)
    for number, value in WRONG.get(name, {}).items():
        with pytest.raises(ValueError, match=name):
            kernel(*fitting[:number], value, *fitting[number + 1 :])
