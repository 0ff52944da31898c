"""What is told of many things at once is what is told of each by itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audit.engine import Batch
from audit.grade import mark_repeats
from audit.language import surprise
from audit.language.glosses import brackets
from audit.language.letters import key_of
from audit.language.sounds import syllable_ids
from audit.model import Text
from audit.registry import load_rules
from audit.restore.likely import codes_of
from audit.restore.page import Page
from audit.restore.shelf import Shelf
from audit.restore.weighing import Deepen, Weigh, answers

BLANKS = " \u3000\u00a0"
TEXTS = st.text(st.sampled_from("工會總任務，。\n1a\U00020000"), max_size=12)


@given(st.lists(TEXTS, max_size=6), st.lists(TEXTS, max_size=6))
def test_texts_are_weighed_together_as_one_by_one(some: list[str], others: list[str]) -> None:
    asks = [Deepen(some), Weigh("\n\n", others, Page()), Deepen(others)]
    deep, flat, also_deep = answers(asks, Shelf())
    for text, bits in [*zip(some, deep, strict=True), *zip(others, also_deep, strict=True)]:
        assert np.array_equal(bits, surprise(codes_of(text), deep=True))
    for text, (_, plain) in zip(others, flat, strict=True):
        assert np.allclose(plain, surprise(codes_of("\n" + text))[1:])


@given(st.text(st.sampled_from("(（)）鄉xiàngXlüu\u0308ㄒㄧˊ 1\u3000\u00a0,\n"), max_size=60))
def test_brackets_hold_one_romanised_word(body: str) -> None:
    expected = []
    for start, char in enumerate(body):
        closes = [at for at in range(start + 1, len(body)) if body[at] in ")）"]
        inside = body[start + 1 : closes[0]] if char in "(（" and closes else ""
        word = "".join(letter for letter in inside if letter not in BLANKS)
        key = key_of(word) if 0 < len(inside) <= 11 and "(" not in inside and "（" not in inside else 0
        if key > 7:  # more than a tone
            expected.append((start, closes[0] + 1, int(syllable_ids(np.array([key]))[0]), word == _uncapital(word)))
    found = brackets(Text(body))
    columns = (found.starts, found.ends, found.syllables, found.lower)
    assert [*zip(*(column.tolist() for column in columns), strict=True)] == expected


def _uncapital(word: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in word)


@given(st.lists(st.tuples(st.integers(0, 18), st.integers(1, 14), st.integers(0, 2)), max_size=30))
def test_a_repeat_stood_before_in_its_entry(places: list[tuple[int, int, int]]) -> None:
    codes = codes_of("工會總任務工會總" * 4)
    size = len(places)
    starts, lengths, homes = np.array(places, dtype=np.int64).reshape(size, 3).T
    kinds = np.zeros(size, dtype=np.int8)
    batch = Batch(
        load_rules()[0][0], starts, starts + lengths, kinds, kinds.astype(np.float32), kinds, kinds > 0, starts, _none
    )
    seen: set[tuple[int, int, tuple[int, ...]]] = set()
    for (start, length, home), repeats in zip(places, mark_repeats(batch, codes, homes).repeats, strict=True):
        passage = (home, length, tuple(codes[start : start + length]))
        assert bool(repeats) == (passage in seen)
        seen.add(passage)


def _none(_: int) -> None:
    raise AssertionError
