"""The kernels that give misread text back do what Python does, bit for bit, and refuse what does not fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.language import model
from audit.native import kernels
from audit.restore import fill, fillings, lattice, runs
from audit.restore.codecs import LOST, Channel, Loss, bytes_each, bytes_of, misread
from audit.restore.fluency import codes_of
from audit.restore.lattice import Mode, View, _longest, longest
from audit.restore.page import Script
from audit.restore.slots import ALONE, FORMER, LATTER
from audit.restore.suspects import Cluster

compiled = pytest.mark.skipif(kernels is None, reason="no compiler stood at the installation")
READ = ("gbk", "big5", "shift_jis", "euc_kr", "euc_jp", "cp1252", "utf-8")
PROSE = "我们的工作总结，在這裡說過了。A1 "


@compiled
@given(
    st.text(st.sampled_from(PROSE), min_size=1, max_size=12),
    st.sampled_from(("utf-8", "gbk", "big5")),
    st.sampled_from(READ),
    st.sampled_from(tuple(Loss)),
    st.sampled_from(tuple(Mode)),
    st.text(st.sampled_from(f"中{LOST}?a鎴𠮷ä½"), max_size=60),
)
def test_the_longest_run(text: str, written: str, read: str, loss: Loss, mode: Mode, behind: str) -> None:
    body = misread(text, Channel(written, read), loss) + behind
    for at in range(min(len(body), 4)):
        view = View(body, 0, len(body), read, mode)
        assert longest(view, at, written) == _longest(view, at, Channel(written, read), 8)


@compiled
@given(
    st.text(st.sampled_from(PROSE), min_size=1, max_size=12),
    st.sampled_from(("utf-8", "gbk", "big5")),
    st.sampled_from(READ),
    st.sampled_from(tuple(Loss)),
    st.sampled_from(tuple(Mode)),
    st.text(st.sampled_from(f"中{LOST}?a鎴𠮷ä½"), max_size=40),
)
def test_the_runs_about_a_cluster(text: str, written: str, read: str, loss: Loss, mode: Mode, beside: str) -> None:
    body = beside + misread(text, Channel(written, read), loss) + beside
    cluster, channel = Cluster(len(beside) // 2, len(body), ()), Channel(written, read)
    span = max(0, cluster.start - runs.REACH_BACK), cluster.end
    explained = list(lattice.explain(View(body, 0, len(body), read, mode), span, written))
    aligned = list(runs._aligned(cluster, View(body, 0, len(body), read, mode), channel))
    with pytest.MonkeyPatch.context() as patch:
        for module in (lattice, runs):
            patch.setattr(module, "kernels", None)
        assert list(lattice.explain(View(body, 0, len(body), read, mode), span, written)) == explained
        assert list(runs._aligned(cluster, View(body, 0, len(body), read, mode), channel)) == aligned


@given(st.lists(st.characters(codec="utf-32"), max_size=20), st.sampled_from(READ))
def test_bytes_of_many_characters_at_once(chars: list[str], read: str) -> None:
    assert bytes_each(chars, read) == [bytes_of(char, read) for char in chars]


@compiled
@given(st.lists(st.sampled_from(("的", "我", "e4b8", "e6", "88", "")), min_size=1, max_size=9), st.text(max_size=2))
def test_what_fills_holes(known: list[str], before: str) -> None:
    sets = [
        (data,)
        if len(data) == 1
        else fillings.fillings((*bytes.fromhex(data), *(ALONE,) * (3 - len(data) // 2)), "utf-8", "gbk", 0xE6)
        for data in known
    ]
    every = [fill._options(options or (LOST,), Script.SIMPLIFIED) for options in sets]
    start = codes_of(before.rjust(2, "\n"))
    assert fill._filled(kernels, every, start).tolist() == fill._beam(every, start).tolist()


LOST_BYTE = st.sampled_from((ALONE, FORMER, LATTER))
INNER = st.one_of(st.integers(0x80, 0xBF), LOST_BYTE)


@compiled
@given(
    st.one_of(st.integers(0xE2, 0xEF), LOST_BYTE),
    st.tuples(INNER, INNER),
    st.sampled_from(("utf-8", "gbk")),
    st.sampled_from(READ),
    st.one_of(st.integers(0, 0xFF), LOST_BYTE, st.just(fillings.ENDS)),
)
def test_what_fits_known_bytes(lead: int, rest: tuple[int, int], written: str, read: str, after: int) -> None:
    asked = (lead, *rest[: 2 if written == "utf-8" else 1]), written, read, after
    fast = fillings.fillings.__wrapped__(*asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fillings, "kernels", None)
        assert fillings.fillings.__wrapped__(*asked) == fast


@compiled
@given(st.text(min_size=1, max_size=9), st.text(min_size=1, max_size=9))
def test_steps_of_every_token_behind_every_other(left: str, right: str) -> None:
    first, second = (fill.tokens(codes_of(text)) for text in (left, right))
    bits = np.linspace(0, 9, len(right), dtype=np.float32)
    fast = fill._likely(first, second, bits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fill, "kernels", None)
        assert (fill._likely(first, second, bits) == fast).all()


@compiled
def test_what_does_not_fit_is_refused() -> None:
    tables = model()
    pairs = tables.rows, tables.bigram, tables.unigram, tables.backoff
    one, token = np.ones(1, np.int64), np.full(1, 1 << 20)
    codes, bits, before, texts = (
        np.ones(1, np.uint32),
        np.zeros(1, np.float32),
        np.zeros(2, np.int64),
        np.empty(24, np.uint32),
    )
    for changed in (
        (one, one + 1, before),
        (one, one, before[:1]),
        (one, one * 0, before),
        (token, one, before + (1 << 20)),
    ):
        tokens, sizes, behind = changed
        with pytest.raises(ValueError, match="fill_holes"):
            kernels.fill_holes(codes, tokens, bits, sizes, behind, *pairs, *tables.triples, texts)
    with pytest.raises(ValueError, match="cross_steps"):
        kernels.cross_steps(token, one, *pairs, np.empty(1, np.int16))
    with pytest.raises(ValueError, match="cross_steps"):
        kernels.cross_steps(one, one, *pairs, np.empty(2, np.int16))
    columns, allowed, pairs, points = (
        np.zeros(4, np.uint16),
        np.ones(768, bool),
        np.ones(65536, bool),
        np.ones(1, np.uint16),
    )
    assert kernels.fit_bytes(columns, allowed, pairs, np.array([1, 0, 1]), points) == 1
    assert points[0] == 0
    for asked in (
        (columns[:3], allowed, pairs, np.array([1, 0, 1])),
        (columns, allowed[:9], pairs, np.array([1, 0, 1])),
        (columns, allowed, pairs[:9], np.array([1, 0, 1])),
        (columns, allowed, pairs, np.array([2, 0, 1])),
    ):
        with pytest.raises(ValueError, match="fit_bytes"):
            kernels.fit_bytes(*asked, points)
    sets, plain, rare = np.zeros(1, np.int32), np.zeros(1, np.uint8), np.zeros(65536)
    patterns, sizes, costs = np.zeros((1, 6, 4), np.int16), np.ones((1, 6), np.uint8), np.zeros((1, 6))
    modes = np.array([1, 0, 8])
    assert kernels.cut_run(sets, plain, patterns, sizes, costs, rare, modes)[0] == 1
    odd, stood, span = plain, np.zeros(1), np.array([1, 0, 0, 1])
    assert kernels.cut_runs(sets, plain, patterns, sizes, costs, rare, span) == (0, [])
    assert kernels.align_runs(sets, plain, patterns, sizes, costs, rare, odd, stood, span) == (0, [])
    for wrong in (span[:3], span + 1, np.array([1, 0, 1, 0])):
        with pytest.raises(ValueError, match="cut_runs"):
            kernels.cut_runs(sets, plain, patterns, sizes, costs, rare, wrong)
        with pytest.raises(ValueError, match="align_runs"):
            kernels.align_runs(sets, plain, patterns, sizes, costs, rare, odd, stood, wrong)
    with pytest.raises(ValueError, match="align_runs"):
        kernels.align_runs(sets, plain, patterns, sizes, costs, rare, odd, stood[:0], span)
    for wrong in (
        (sets + 1, plain, patterns, sizes, costs, rare, modes),
        (sets - (1 << 30), plain, patterns, sizes, costs, rare, modes),
        (sets, plain[:0], patterns, sizes, costs, rare, modes),
        (sets, plain, patterns + 256, sizes, costs, rare, modes),
        (sets, plain, patterns, sizes + 4, costs, rare, modes),
        (sets, plain, patterns, sizes, costs, rare[:9], modes),
        (sets, plain, patterns, sizes, costs, rare, modes[:2]),
    ):
        with pytest.raises(ValueError, match="cut_run"):
            kernels.cut_run(*wrong)
