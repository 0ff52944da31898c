"""The kernels of reading do what numpy does, number for number, and refuse what does not fit."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.native import kernels
from audit.reading import assemble, board, fields, inline, letters, lossy, pairs, readings, scan, strays, torn
from audit.reading import units as units_
from audit.reading import weave as weave_
from audit.reading.candidates import MULTIBYTE, Reading, Scores
from audit.reading.decode import decode, encode
from audit.reading.letters import Page
from audit.reading.readings import score
from audit.reading.torn import score_losses
from audit.reading.units import Block, Units, unit_ends

compiled = pytest.mark.skipif(kernels is None, reason="no compiler stood at the installation")
MODULES = (
    assemble,
    board,
    fields,
    inline,
    letters,
    lossy,
    pairs,
    readings,
    scan,
    strays,
    torn,
    units_,
    weave_,
)
PAGES = (Page("cp1251", "ru"), Page("cp1252", "fr"), Page("cp1253", "el"))
WORDS = (
    "价格表",
    "時間與空間",
    "こんにちは",
    "ｱｲｳｴｵ",
    "안녕하세요",
    "привет",
    "crème",
    "A和B",
    "，，。",
    "𠮷😀",
    "  ",
    "3.5%",
    "x" * 9,
)
CODECS = ("utf-8", "gb18030", "cp950", "big5hkscs", "cp932", "euc_jp", "cp949", "cp1251", "cp1252")
AWKWARD = b"\x80\x81\x8e\x8f\xa0\xc0\xc2\xe0\xed\xf0\xf4\xff\x30\x39\x40a "

word = st.builds(lambda text, codec: text.encode(codec, "ignore"), st.sampled_from(WORDS), st.sampled_from(CODECS))
cut = st.builds(lambda raw, a, b: raw[a : len(raw) - b], word, st.integers(0, 2), st.integers(0, 2))
odd = st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=5).map(bytes)
lines = st.lists(
    st.lists(st.one_of(word, cut, odd, st.sampled_from([b",", b" "])), max_size=6).map(b"".join), max_size=12
)


@contextmanager
def by_numpy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in MODULES:
            patch.setattr(module, "kernels", None)
        yield


def alike(one: Scores, other: Scores, name: str) -> None:
    assert (one.valid == other.valid).all(), name
    taken = (
        one.valid if name != "utf-8" else np.ones_like(one.valid)
    )  # what a unit costs that is not taken means nothing
    for column in ("cost", "foreign", "strange", "worst"):
        assert (getattr(one, column)[taken] == getattr(other, column)[taken]).all(), (name, column)


@compiled
@settings(max_examples=60, deadline=None)
@given(lines, st.booleans())
def test_units_are_priced_alike(found: list[bytes], small: bool) -> None:
    raw = b"".join(line + b"\n" for line in found if line) or b"\xff\n"
    units = Units(raw, unit_ends(raw))
    for reading in (*MULTIBYTE, *PAGES):
        fast = score([Block(raw, small, len(units.ends))], reading)
        with by_numpy():
            alike(fast, score([Block(raw, small, len(units.ends))], reading), reading.codec)
        if isinstance(reading, Reading):
            torn_fast, lost = score_losses(units, reading)
            with by_numpy():
                torn_slow, lost_slow = score_losses(units, reading)
            alike(torn_fast, torn_slow, reading.codec)
            assert (lost == lost_slow).all()


doubled = st.sampled_from(
    [b"\xfb\x95\x82\xa0", b"\x87\x40\xfa\xb5", b"\xed\x40\xff", b"\x81\xca\xfb"]
)  # codes of NEC and IBM


@compiled
@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(word, cut, odd, doubled), min_size=1, max_size=8))
def test_fields_lose_the_same(found: list[bytes]) -> None:
    raw = b"".join(one + b"\n" for one in found if one) or b"\xff\n"
    units = Units(raw, unit_ends(raw))
    places = np.arange(len(units.ends)) * 100
    for reading in MULTIBYTE:
        fast = lossy.lossy_fields(units, places, reading)
        with by_numpy():
            slow = lossy.lossy_fields(units, places, reading)
        assert [part.tolist() for part in fast[:2]] == [part.tolist() for part in slow[:2]]


def document(seed: int) -> bytes:
    """Lines of fields in several encodings, some of them cut."""
    draw = random.Random(seed)
    found = []
    for _ in range(draw.choice((3, 40, 400))):
        row = []
        for _ in range(draw.randint(1, 4)):
            raw = "".join(draw.choices(WORDS, k=draw.randint(1, 4))).encode(draw.choice(CODECS), "ignore")
            row.append(raw[draw.random() < 0.1 : len(raw) - (draw.random() < 0.1)])
        found.append(draw.choice((b",", b"", b" ")).join(row))
    return b"\n".join(found)


@compiled
@pytest.mark.parametrize("seed", range(24))
def test_documents_are_read_alike(seed: int) -> None:
    raw = document(seed)
    fast = decode(raw)
    with by_numpy():
        slow = decode(raw)
    assert list(fast.runs) == list(slow.runs)
    assert fast.body == slow.body
    assert encode(fast) == raw


RAW, TABLE = b"a\xd6\xd0\n\xd6\xd0\n", np.zeros(65536, np.uint16)
ONES, TWOS, FLAGS = np.ones(2, np.int64), np.full(2, 2, np.int64), np.zeros(2, np.uint8)
CALLS: dict[str, tuple[Any, ...]] = {  # what each takes
    "price_pairs": (RAW, FLAGS.repeat(128), TABLE, FLAGS.repeat(32768), ONES.repeat(2)[:3], ONES.repeat(4), FLAGS, FLAGS),
    "price_letters": (RAW, TABLE, ONES.repeat(4), FLAGS),
    "sum_pairs": (RAW, TABLE.view(np.int16), ONES),
    "price_utf8": (RAW, TABLE, ONES.repeat(4), FLAGS),
    "price_torn_utf8": (RAW, TABLE, ONES.repeat(4), FLAGS, ONES),
    "price_torn_pairs": (
        *(RAW, FLAGS.repeat(128), TABLE, np.arange(65536, dtype=np.uint32), ONES.repeat(2)[:3], ONES.repeat(4), FLAGS, ONES),
        FLAGS,
    ),
    "weave_fields": (
        *(np.ones(4, np.int8), np.ones(4, np.int32), np.zeros(4, np.uint8), np.array([0, 2]), TWOS, ONES - 1),
        *(FLAGS, np.ones(5, np.int64), np.zeros(4, np.int8)),
    ),
    "walk_fields": (np.ones(4, np.int8), np.array([0, 2]), TWOS, np.zeros(4, np.int8)),
    "gather": (RAW, ONES, TWOS, ONES[:1] * 10, np.zeros(6, np.uint8)),
    "spread": (np.zeros(4, np.uint32), ONES, np.array([0, 2]), TWOS, np.zeros(4, np.uint32)),
    "read_runs": (RAW, np.array([0, 4]), np.array([1, 3]), FLAGS[:0], TABLE[:0].astype(np.uint32), np.zeros(4, np.uint32), ONES),
    "part_lengths": (RAW, np.array([4, 3]), np.zeros(4, np.uint32), ONES),
    "take_row": (*(ONES,) * 4, FLAGS, FLAGS, ONES - 1, *(ONES,) * 6),
    "compete": (*(ONES - 1,) * 4, TWOS, *(ONES,) * 5),
    "compete_at_home": (*(ONES - 1,) * 4, ONES.repeat(2), *(ONES,) * 3),
    "spare": (ONES - 1, ONES, ONES - 1, TWOS, ONES),
    "find_strays": (RAW, np.zeros(2, np.int8)),
    "cut_fields": (RAW, FLAGS.repeat(128), *(np.zeros(9, np.int64),) * 3),
}  # fmt: skip
FREE = {
    ("read_runs", 0),
    ("part_lengths", 2),
    ("walk_fields", 0),
    ("spare", 4),
    ("take_row", 12),
    ("gather", 0),
    ("spread", 0),
}


def shorter(value: Any) -> Any:
    return value[:-1]


def of_floats(value: Any) -> Any:
    return np.zeros(len(value))


@compiled
@pytest.mark.parametrize("spoil", [shorter, of_floats])
@pytest.mark.parametrize("name", CALLS)
def test_a_buffer_that_does_not_fit_is_refused(name: str, spoil: Callable[[Any], Any]) -> None:
    kernel, arguments = (
        getattr(kernels, name),
        [value.copy() if isinstance(value, np.ndarray) else value for value in CALLS[name]],
    )
    kernel(*arguments)
    for at in range(len(arguments)):
        if spoil is shorter and ((name, at) in FREE or arguments[at] is RAW or not len(arguments[at])):
            continue
        spoiled = [value.copy() if isinstance(value, np.ndarray) else value for value in CALLS[name]]
        spoiled[at] = spoil(spoiled[at])
        with pytest.raises((TypeError, ValueError, BufferError)):
            kernel(*spoiled)
    with pytest.raises(TypeError):
        kernel(*arguments[:-1])
