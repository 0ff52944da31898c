"""What is told of many things at once is what is told of each by itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audit.engine import Batch
from audit.language import surprise
from audit.language.glosses import brackets, find, strip
from audit.language.letters import key_of
from audit.language.sounds import base_ids, reads, syllable_ids
from audit.language.spots import FEW, places
from audit.model import Text
from audit.registry import load_rules
from audit.repeats import mark_repeats
from audit.restore.likely import codes_of
from audit.restore.page import Page, count_grams, tokens_of
from audit.restore.shelf import Shelf
from audit.restore.units import UNIT
from audit.restore.weighing import Deepen, Weigh, answers

BLANKS = " \u3000\u00a0"
TEXTS = st.text(st.sampled_from("工會總任務，。\n1a\U00020000"), max_size=12)


@given(st.lists(TEXTS, max_size=6), st.lists(TEXTS, max_size=6))
def test_texts_are_weighed_together_as_one_by_one(some: list[str], others: list[str]) -> None:
    asks = [Deepen(some), Weigh("\n\n", others, Page()), Deepen(others)]
    deep, flat, also_deep = answers(asks, Shelf())
    for text, bits in [*zip(some, deep, strict=True), *zip(others, also_deep, strict=True)]:
        assert np.allclose(bits / UNIT, surprise(codes_of(text), deep=True))
    for text, (_, plain) in zip(others, flat, strict=True):
        assert np.allclose(plain / UNIT, surprise(codes_of("\n" + text))[1:])


@given(st.text(st.sampled_from("(（)）鄉xiàngXlüa\u0300ㄒㄧˊ 1\u3000\u00a0,\n"), max_size=60))
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


@given(st.text(st.sampled_from("(）鄉总他xiàngzǒta1\n\U00020000"), max_size=60))
def test_brackets_ask_each_pair_of_host_and_reading_once(body: str) -> None:
    text = Text(body)
    found = brackets(text)
    hosts = np.where(found.hosts >= 0, text.codes.take(found.hosts, mode="clip"), 0).astype(np.uint32)
    han = np.array([ord("一") <= host <= ord("龥") or host == 0x20000 for host in hosts.tolist()], dtype=bool)
    known = han & (found.syllables != 0xFFF)
    assert np.array_equal(found.reads, known & reads(hosts, found.syllables))
    assert np.array_equal(found.sounds, known & reads(hosts, base_ids(found.syllables)))


@given(
    st.text(st.sampled_from("鄉(xiāng)總(zǒng)，"), max_size=20).map(lambda text: text + "鄉(xiāng)總(zǒng)他(tā)" * 2)
)
def test_what_is_left_without_glosses_knows_its_origin(body: str) -> None:
    source = Text(body)
    found = find(source)
    taken = {at for pair in zip(found.starts.tolist(), found.ends.tolist(), strict=True) for at in range(*pair)}
    left = [at for at in range(len(body) + 1) if at not in taken]
    text = strip(source, found)
    assert text.origin is not None
    assert text.origin.tolist() == left
    assert text.body == "".join(body[at] for at in left[:-1])


@given(st.text(st.sampled_from("，。x(“、；的\U00020000"), max_size=40))
def test_marks_are_found_alike_one_by_one_and_listed(body: str) -> None:
    text = Text(body)
    marks = "，。x(“、；"
    assert len(marks) > FEW
    for mark in marks:
        assert places(text, mark).tolist() == [at for at, char in enumerate(body) if char == mark]


@given(st.text(st.sampled_from("工會總任務，\n1a"), max_size=40))
def test_pairs_are_counted_by_their_triples(body: str) -> None:
    found, tokens = count_grams(codes_of(body)), tokens_of(codes_of(body)).tolist()
    for size, keys, counts in ((2, found.pairs, found.pair_counts), (3, found.triples, found.triple_counts)):
        expected: dict[int, int] = {}
        for start in range(len(tokens) - size + 1):
            key = 0
            for token in tokens[start : start + size]:
                key = key << 14 | token
            expected[key] = expected.get(key, 0) + 1
        assert dict(zip(keys.tolist(), counts.tolist(), strict=True)) == expected
        assert (np.diff(keys) > 0).all()


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
    for (start, length, home), repeats in zip(places, mark_repeats([batch], codes, [homes])[0].repeats, strict=True):
        passage = (home, length, tuple(codes[start : start + length]))
        assert bool(repeats) == (passage in seen)
        seen.add(passage)


def _none(_: int) -> None:
    raise AssertionError
