"""The kernels that read glosses and weigh forms give what numpy gives, and refuse what does not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.language import glosses, injected, variants
from audit.model import Text
from audit.native import kernels

compiled = pytest.mark.skipif(kernels is None, reason="no compiler stood at the installation")
PIECES = st.sampled_from(
    ["鄉(xiāng)", "總（zǒng）", "工(gōng)", "的(de)(de)", "行[háng]", "lü(lu\u0308)", "(ㄒㄧㄤ)", "()", "(", ")"]
)
BODIES = st.lists(PIECES | st.text(st.sampled_from("鄉總工的了，\n (Aé\U00020000"), max_size=4), max_size=30).map(
    "".join
)


def told(body: str) -> list[Any]:
    source = Text(body)
    text, page = glosses.strip(source, glosses.find(source)), injected.Page(source)
    columns = [*glosses.brackets(source), text.codes, page.injected, page.strayed]
    return [
        text.body,
        text.origin is not None and text.origin.tolist(),
        page.complete,
        *(column.tolist() for column in columns),
    ]


@compiled
@given(BODIES, st.booleans())
def test_both_ways_agree(body: str, glossed: bool) -> None:
    body += "鄉(xiāng)總(zǒng)工(gōng)會(huì)\n" * 9 * glossed
    fast = told(body)
    with pytest.MonkeyPatch.context() as patch:
        for module in (glosses, injected):
            patch.setattr(module, "kernels", None)
        assert told(body) == fast


@compiled
@given(st.text(st.sampled_from("干部後后裡里發髮面麵，\n\U00020000"), max_size=40))
def test_votes_agree(body: str) -> None:
    codes = Text(body).codes
    at = np.flatnonzero(variants.members()[0][np.minimum(codes, 0xFFFF)] != 0xFFFF)
    fast = variants.votes(codes, at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(variants, "kernels", None)
        assert [part.tolist() for part in variants.votes(codes, at)] == [part.tolist() for part in fast]


CODES, WIDE = np.arange(9, dtype=np.uint16), np.arange(9, dtype=np.uint32)


def offsets(*numbers: int) -> np.ndarray[Any, Any]:
    return np.array(numbers, dtype=np.int64)


LETTERS = [CODES, offsets(1), offsets(3), np.zeros(65536, np.int32), offsets(0), np.zeros(1, np.int32)]
WITHOUT = [WIDE, offsets(1, 4), offsets(3, 5), np.zeros(7, np.int64), np.zeros(6, np.uint32)]
VOTES = [WIDE, offsets(0, 8), np.zeros(65536, np.uint16), np.zeros(2, np.uint32), CODES[:8], np.zeros(8, np.float32)]
SUMS = [CODES, offsets(0, 4), np.zeros(65536, np.uint8), offsets(0, 0)]


@compiled
@pytest.mark.parametrize(
    ("name", "given_", "number", "value"),
    [
        ("bracket_letters", LETTERS, 1, offsets(-1)),
        ("bracket_letters", LETTERS, 1, offsets(9)),
        ("bracket_letters", LETTERS, 2, offsets(8)),
        ("bracket_letters", LETTERS, 2, offsets(-1)),
        ("bracket_letters", LETTERS, 2, offsets(2**63 - 1)),
        ("bracket_letters", LETTERS, 3, np.zeros(9, np.int32)),
        ("bracket_letters", LETTERS, 4, offsets()),
        ("bracket_letters", LETTERS, 5, np.zeros(2, np.int32)),
        ("without", WITHOUT, 1, offsets(4, 1)),
        ("without", WITHOUT, 1, offsets(-1, 4)),
        ("without", WITHOUT, 1, offsets(1, 2**62)),
        ("without", WITHOUT, 2, offsets(3, 99)),
        ("without", WITHOUT, 2, offsets(0, 5)),
        ("without", WITHOUT, 2, offsets(3)),
        ("without", WITHOUT, 2, offsets(4, 9)),
        ("without", WITHOUT, 3, np.zeros(6, np.int64)),
        ("without", WITHOUT, 4, np.zeros(5, np.uint32)),
        ("form_votes", VOTES, 1, offsets(0, 9)),
        ("form_votes", VOTES, 1, offsets(-1, 0)),
        ("form_votes", VOTES, 2, CODES),
        ("form_votes", VOTES, 3, np.zeros(1, np.uint32)),
        ("form_votes", VOTES, 4, CODES),
        ("form_votes", VOTES, 5, np.zeros(7, np.float32)),
        ("line_sums", SUMS, 1, offsets(4, 0)),
        ("line_sums", SUMS, 1, offsets(0, 10)),
        ("line_sums", SUMS, 1, offsets(-1, 4)),
        ("line_sums", SUMS, 2, np.zeros(9, np.uint8)),
        ("line_sums", SUMS, 3, offsets(0)),
    ],
)
def test_what_does_not_fit_is_refused(name: str, given_: list[Any], number: int, value: Any) -> None:
    getattr(kernels, name)(*given_)
    with pytest.raises(ValueError, match=name):
        getattr(kernels, name)(*given_[:number], value, *given_[number + 1 :])
    with pytest.raises(TypeError):
        getattr(kernels, name)(*given_[:number], np.zeros(3), *given_[number + 1 :])
