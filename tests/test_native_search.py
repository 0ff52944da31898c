"""The compiled search for shifted bytes finds what the numpy way finds, cost for cost, and refuses what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import NoneType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.language import readings
from audit.model import Text
from audit.native import kernels
from audit.restore import beam, candidate, compiled, likely, page, rivals, rounds
from audit.restore.abreast import alone, together
from audit.restore.asked import Head, Opening, Reading
from audit.restore.candidate import weights
from audit.restore.damage import GLOSS
from audit.restore.page import Grams, NearPairs, Page, Script, count_grams, page_of
from audit.restore.restoration import Restoration
from audit.restore.run import Run
from audit.restore.shift import restore_f1, restore_f3, restore_g
from audit.restore.simulate import simulate_f1, simulate_f3, simulate_g
from tests.conftest import ROOT

needs_kernels = pytest.mark.skipif(kernels is None, reason="no compiler stood at the installation")
SEEDS = ("irrigation-traditional", "library-simplified")
RESTORE = {"?": (restore_g, restore_f1), "。": (restore_f3,)}
BYTES = st.sampled_from(b"\xa1\xa3\xaa\xaf\xb0\xb5\xc8\xcb\xd2\xd6\xf7\xf8\xfe\x81\x9e" * 4) | st.integers(0x40, 0xFE)
PAIRS = st.lists(st.tuples(BYTES, BYTES), max_size=7).map(tuple)


@cache
def text_of(seed: str) -> Text:
    return Text((ROOT / "seeds" / f"{seed}.txt").read_bytes().decode("utf-8"))


def damaged(seed: str) -> Iterator[tuple[Text, list[int]]]:
    """A seed broken again by each program, and where that struck."""
    body = text_of(seed).body
    items = "\n".join(f"　　（{'一二三四五六七八九十'[n % 10]}）{line}" for n, line in enumerate(body.split("\n")))
    sounds = {char: max(readings(char)) for char in sorted(set(body)) if readings(char)}
    some = [{char: sounds[char] for char in [*sounds][n::8]} for n in range(3)]
    for broken in (simulate_f1(body), simulate_f3(items), *(simulate_g(body, one) for one in some)):
        yield Text(broken.text), [span.start for span in broken.spans if span.mechanism != GLOSS]


def restored(text: Text, places: list[int]) -> list[Restoration | None]:
    searches = [
        restore(text.body, at, page_of(text, at))
        for at in places
        for restore in RESTORE.get(text.body[at], (restore_f1,))
    ]
    return together(searches)


@contextmanager
def without_kernels() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (beam, candidate, rivals, rounds):
            patch.setattr(module, "kernels", None)
        yield


@needs_kernels
@pytest.mark.parametrize("seed", SEEDS)
def test_spans_of_damaged_pages(seed: str) -> None:
    found = 0
    for text, places in damaged(seed):
        fast = restored(text, places)
        with without_kernels():
            assert restored(text, places) == fast
        found += sum(one is not None for one in fast)
    assert found > 100


@st.composite
def runs(draw: st.DrawFn) -> Reading:
    text = text_of(draw(st.sampled_from(SEEDS)))
    at = draw(st.integers(0, len(text.body) - 1))
    page = draw(st.sampled_from([page_of(text, at), Page(), Page(Script.SIMPLIFIED), Page(Script.TRADITIONAL)]))
    lone, reading = draw(st.none() | st.integers(0x40, 0xFE)), draw(st.sampled_from([None, None, "gong", "wéi", "q"]))
    tail = draw(st.sampled_from(["", "", "k"]))
    left, right = text.body[max(at - 2, 0) : at], draw(st.text(st.sampled_from("，的a\n\U00020000\udc80"), max_size=2))
    return Reading(Run(draw(PAIRS), 0, lone, reading, tail), page, beam.context_of(left), right)


OPENINGS = st.builds(
    Opening,
    st.lists(st.builds(Head, st.sampled_from(["", "（一", "（十二"]), BYTES, st.integers(0, 80000)), max_size=14).map(
        tuple
    ),
    st.sampled_from([0, 0xAC, 0xBB, 0xA1]),
    st.just(0),
    st.sampled_from(["", "", "）", "的"]),
)


@needs_kernels
@given(reading=runs(), opening=OPENINGS, data=st.data())
@settings(max_examples=150)
def test_any_search(reading: Reading, opening: Opening, data: st.DataObject) -> None:
    size = len(reading.run.pairs)
    opening = Opening(opening.heads, opening.mark, data.draw(st.integers(0, size)), opening.first)
    vanish = data.draw(st.dictionaries(st.integers(opening.skip, size), st.integers(1, 2), max_size=3))
    gap, live = data.draw(st.sampled_from([-1, -1, *vanish])), data.draw(st.sampled_from([3, 12]))
    text, own = data.draw(st.sampled_from(["", "工", "（一）的"])), data.draw(st.sampled_from([70000, None]))
    best = rivals.Best(text, own, data.draw(st.booleans()), "工", "\n")
    enough = data.draw(st.sampled_from([float("inf"), -120000.0, 40000.0]))

    def told() -> list[Any]:
        found = alone(beam.originals(reading, opening, vanish, gap, live))
        return [
            found,
            alone(rounds.rounds(reading, opening, "工作。會Q" + reading.right, 4, enough)),
            alone(weights(reading, ["", "工會", "（一）的\U00020000"], ("工作，", "主動"))),
            alone(rivals.rivals(reading, opening, best, ({}, vanish), gap, live)),
            found and alone(rivals.rivals(reading, opening, best._replace(text=found[0].text), (vanish,), gap, live)),
        ]

    fast = told()
    with without_kernels():
        assert told() == fast


def arguments(name: str) -> list[Any]:
    """What a kernel is handed in a plain search."""
    handed: list[Any] = []

    class Recorder:
        def __getattr__(self, kernel: str) -> Any:
            def call(*given: Any) -> Any:
                handed.append((kernel, list(given)))
                return getattr(kernels, kernel)(*given)

            return call

    reading = Reading(Run(((0xA3, 0xB9), (0xA4, 0xD7)), 4), page_of(text_of(SEEDS[0]), 500), "工作", "，\n")
    opening, recorder = Opening((Head("（", 0xA3),), skip=1), Recorder()
    compiled.rounds(recorder, reading, opening, "工", 4, float("inf"), 3)  # type: ignore[arg-type]
    compiled.originals(recorder, reading, opening, {1: 2}, -1, 3)  # type: ignore[arg-type]
    compiled.weights(recorder, reading, ["總"], ("", "\n"))  # type: ignore[arg-type]
    compiled.rivals(recorder, reading, opening, ("的", 9, False, "", "\n", 9), ({}, {1: 1}), -1, 3)  # type: ignore[arg-type]
    return next(given for kernel, given in handed if kernel == name)


SETTING = (0, 1, -1, 0, 0, 0, 1, 0, "工作", "，", ())
WRONG: list[tuple[str, dict[int, Any], type[Exception]]] = [
    *[("shift_rounds", {n: np.zeros(3, np.int32)}, TypeError) for n in range(7)],
    *[("shift_rounds", {n: "no buffer"}, TypeError) for n in range(32)],
    *[("shift_weights", {n: np.zeros(3, np.complex128)}, TypeError) for n in range(20)],
    *[("shift_weights", {n: None}, TypeError) for n in range(22)],
    ("shift_rounds", {0: np.zeros(9, np.uint16)}, ValueError),
    ("shift_rounds", {2: np.zeros(9, np.int16)}, ValueError),
    ("shift_rounds", {5: np.zeros(9, np.uint16)}, ValueError),
    ("shift_rounds", {6: np.zeros(9)}, ValueError),
    ("shift_rounds", {10: np.zeros(1, np.int64)}, ValueError),
    ("shift_rounds", {17: np.zeros(1, np.int64)}, ValueError),
    ("shift_rounds", {18: np.zeros(1, np.uint16)}, ValueError),
    ("shift_rounds", {22: np.arange(257, dtype=np.uint32)[::-1].copy()}, ValueError),
    ("shift_rounds", {23: np.zeros(1, np.uint32)}, ValueError),
    ("shift_rounds", {29: b"\xa1"}, ValueError),
    ("shift_rounds", {29: b"\xa1" * 2000}, ValueError),
    ("shift_rounds", {30: (1, 2)}, TypeError),
    *[("shift_rounds", {30: (*SETTING[:n], 70000, *SETTING[n + 1 :])}, ValueError) for n in (2, 4, 5, 6)],
    ("shift_rounds", {30: (*SETTING[:8], "一二三", *SETTING[9:])}, ValueError),
    ("shift_rounds", {30: (*SETTING[:9], "一" * 99, ())}, ValueError),
    ("shift_rounds", {30: (*SETTING[:10], (("一" * 99, 0, 0),))}, ValueError),
    ("shift_rounds", {30: (*SETTING[:10], (("一", 0, 1 << 60),))}, ValueError),
    ("shift_rounds", {30: (*SETTING[:10], (("\U00020000", 0, 0),))}, ValueError),
    ("shift_rounds", {30: (*SETTING[:10], ("head",))}, TypeError),
    ("shift_rounds", {30: (*SETTING[:10], (("", 0, 0),) * 129)}, ValueError),
    ("shift_rounds", {31: ("一" * 999, 4, 3, 0)}, ValueError),
    ("shift_rounds", {31: ("一", 5, 3, 0)}, ValueError),
    ("shift_originals", {31: (b"\0", -1, 3)}, ValueError),
    ("shift_originals", {31: ("\0\0\0", -1)}, TypeError),
    *[("shift_rivals", {n: "no buffer"}, TypeError) for n in range(34)],
    ("shift_rivals", {30: np.zeros(3, np.uint8)}, ValueError),
    ("shift_rivals", {31: np.zeros(3, np.uint16)}, ValueError),
    ("shift_rivals", {33: ([], -1, 3, "", 0, False, 0, "", "")}, ValueError),
    ("shift_rivals", {33: ((b"",) * 5, -1, 3, "", 0, False, 0, "", "")}, ValueError),
    ("shift_rivals", {33: ((b"",), -1, 3, "", 0, False, 0, "", "")}, ValueError),
    ("shift_rivals", {33: ((1,), -1, 3, "", 0, False, 0, "", "")}, TypeError),
    ("shift_rivals", {33: ((), -1, 3, "一" * 99, 0, False, 0, "", "")}, ValueError),
    ("shift_rivals", {33: ((), -1, 3, "", 1 << 60, False, 0, "", "")}, ValueError),
    ("shift_rivals", {33: ((), -1, 3, "", 0, False, 0, "一" * 999, "")}, ValueError),
    ("shift_rivals", {33: ((), -1, 3, "", "0", False, 0, "", "")}, TypeError),
    ("shift_weights", {18: np.zeros(3, np.uint8)}, ValueError),
    ("shift_weights", {20: (0, 0, "一", "", "", "")}, ValueError),
    ("shift_weights", {20: (0, 0, "一二", "一" * 999, "", "")}, ValueError),
    ("shift_weights", {21: ["一" * 999]}, ValueError),
    ("shift_weights", {21: [b"bytes"]}, TypeError),
]


@needs_kernels
@pytest.mark.parametrize(("name", "change", "error"), WRONG)
def test_what_does_not_fit_is_refused(name: str, change: dict[int, Any], error: type[Exception]) -> None:
    given = arguments(name)
    for number, value in change.items():
        given[number] = value
    with pytest.raises(error):
        getattr(kernels, name)(*given)
    with pytest.raises(TypeError):
        getattr(kernels, name)(*given[:-1])


@needs_kernels
@pytest.mark.parametrize(
    ("name", "number"),
    [(name, n) for name in ("shift_rounds", "shift_originals", "shift_rivals") for n in (*range(22), 23, 25, 27, 28)]
    + [("shift_weights", n) for n in range(20)],
)
def test_tables_of_noise_do_no_harm(name: str, number: int) -> None:
    """Tables of the right size but of any content make no sense; no memory but theirs is read."""
    given = arguments(name)
    table = given[number]
    noise = np.random.default_rng(number).integers(0, 256, 4099, dtype=np.uint8)
    if isinstance(table, np.ndarray):
        raw = np.resize(noise, table.nbytes)
        given[number] = raw > np.median(raw) if table.dtype == np.bool_ else raw.view(table.dtype)
        assert isinstance(getattr(kernels, name)(*given), list | tuple | NoneType)


@needs_kernels
@given(body=st.text(st.sampled_from("工會總任務，\n1a"), max_size=60))
def test_grams_of_a_page(body: str) -> None:
    def counted() -> list[list[int]]:
        codes = likely.codes_of(body)
        return [array.tolist() for told in (count_grams(codes), NearPairs.of(codes)) for array in columns(told)]

    fast = counted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "kernels", None)
        assert counted() == fast


def columns(told: Grams | NearPairs) -> list[Any]:
    return [getattr(told, name) for name in told.__slots__]


@needs_kernels
def test_room_for_grams_is_asked_for() -> None:
    some = np.zeros(4, np.int64)
    for short in (np.zeros(1, np.int64), np.zeros(3, np.int64)):
        with pytest.raises(ValueError, match="room"):
            kernels.triple_keys(some, short)
        with pytest.raises(ValueError, match="room"):
            kernels.count_runs(some, some.copy(), short)
    with pytest.raises(TypeError):
        kernels.count_runs(some, some.copy(), np.zeros(4, np.uint64))


def test_readers_are_those_of_the_readings() -> None:
    assert likely.trails_reading(0x81, "") == ()
    assert set(likely.readers("wéi").tolist()) <= set(likely.readers("WEI").tolist())
