"""The compiled kernels do what numpy does, bit for bit, and refuse what does not fit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zlib
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import load_rules, native, repeats, sieve
from audit.language import lexicon
from audit.model import Text
from audit.native import kernels
from audit.restore.likely import codes_of
from audit.restore.page import tokens_of

compiled = pytest.mark.skipif(kernels is None, reason="no compiler stood at the installation")


def test_kernels_built_for_another_stub_are_left() -> None:
    old, new = ModuleType("old"), ModuleType("new")
    new.STUB = zlib.crc32(native.STUB.read_bytes())  # type: ignore[attr-defined]
    assert native.fitting(new) is new
    with pytest.warns(RuntimeWarning, match="make native"):
        assert native.fitting(old) is None


@compiled
@given(st.text(st.sampled_from("中文，。XX\n\r ?¡𠮷a1（）"), max_size=200))
def test_the_sieve(body: str) -> None:
    text, built = Text(body), sieve.Sieve(load_rules()[0])
    fast = built.bits(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sieve, "kernels", None)
        assert (built.bits(text) == fast).all()


@compiled
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({0: np.zeros(4, np.uint8)}, TypeError),
        ({1: np.zeros(2, np.uint64)}, TypeError),
        ({1: np.array([0, 9], np.int64)}, ValueError),
        ({1: np.array([3, 1], np.int64)}, ValueError),
        ({2: np.zeros(65535, np.uint64)}, ValueError),
        ({3: np.zeros(1, np.uint64)}, ValueError),
        ({3: b"\0" * 16}, BufferError),
        ({0: "codes"}, TypeError),
        ({0: np.zeros((8, 2), np.uint16)[:, 0]}, (BufferError, ValueError)),
    ],
)
def test_a_buffer_that_does_not_fit_is_refused(change: dict[int, object], error: type[Exception]) -> None:
    arguments: list[object] = [
        np.zeros(4, np.uint16),
        np.array([0, 2], np.int64),
        np.zeros(65536, np.uint64),
        np.zeros(2, np.uint64),
    ]
    kernels.line_bits(*arguments)
    for number, value in change.items():
        arguments[number] = value
    with pytest.raises(error):
        kernels.line_bits(*arguments)
    with pytest.raises(TypeError):
        kernels.line_bits(*arguments[:3])


def test_they_can_be_left_out() -> None:
    code = "from audit.native import kernels; print(kernels)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "JIAOKAN_NATIVE": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "None\n"


@compiled
@given(
    st.lists(st.text(st.sampled_from("工作總结中国人民的和。，1x？"), min_size=9, max_size=9), min_size=1, max_size=4)
)
def test_words(rows: list[str]) -> None:
    tokens = np.array([tokens_of(codes_of(row)) for row in rows])
    fast = lexicon.lexicon().chance(tokens)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexicon, "kernels", None)
        assert lexicon.lexicon().chance(tokens).tobytes() == fast.tobytes()


@compiled
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), max_size=30))
def test_keys_of_passages(spans: list[tuple[int, int]]) -> None:
    codes = np.arange(60, dtype=np.uint32) % 7
    starts = np.array([start for start, _ in spans], dtype=np.int64)
    ends = starts + np.array([size for _, size in spans], dtype=np.int64)
    fast, slow = np.zeros((2, len(spans)), dtype=np.uint64)
    repeats._read(codes, starts, ends, fast)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "kernels", None)
        repeats._read(codes, starts, ends, slow)
    assert (fast == slow).all()


@compiled
def test_passages_out_of_the_text_are_refused() -> None:
    codes, keys = np.zeros(9, np.uint32), np.zeros(1, np.uint64)
    for start, end in ((-1, 2), (3, 10)):
        with pytest.raises(ValueError, match="passage"):
            kernels.passage_keys(codes, np.array([start]), np.array([end]), keys)
    with pytest.raises(ValueError, match="as many"):
        kernels.passage_keys(codes, np.array([1]), np.array([2, 3]), keys)


@compiled
def test_words_that_do_not_fit_are_refused() -> None:
    tables = lexicon.lexicon()
    tokens, told = np.zeros((2, 3), np.int64), np.zeros((2, 3))
    fitting = (tokens, tables.words, tables.chances, *tables.singles, told)
    kernels.word_chances(*fitting)
    wrong = {0: tokens - 1, 1: tables.words[:0], 2: tables.chances[:9], 4: tables.singles.word[:9], 6: told[:1]}
    for number, value in {**wrong, 0: np.full((2, 3), len(tables.singles.word))}.items():
        with pytest.raises(ValueError, match="word_chances"):
            kernels.word_chances(*fitting[:number], value, *fitting[number + 1 :])
    with pytest.raises(ValueError, match="word_chances"):
        kernels.word_chances(tokens - 1, *fitting[1:])


@pytest.mark.skipif(os.environ.get("JIAOKAN_NATIVE") == "0", reason="left out on purpose")
@pytest.mark.skipif(shutil.which("cc") is None, reason="no compiler")
def test_a_compiler_builds_them() -> None:
    assert kernels is not None, "the build is optional and fails without a word; `make native` says why"
