"""What is done for all lines at once gives what would be done for each: prices by pairs, runs joined and taken apart."""

from __future__ import annotations

import random

import numpy as np
import pytest

from audit.model import Run, Runs
from audit.reading.candidates import MULTIBYTE, UTF8, Reading, score_decoded
from audit.reading.decode import decode, encode
from audit.reading.pairs import LEADS, leads
from audit.reading.readings import score
from audit.reading.units import Units, blocks, unit_ends
from tests.test_decode import TEXTS

AWKWARD = b"\x80\x81\x8e\x8f\xa0\xa1\xb0\xe0\xfd\xff\x30\x39\x40\x5c\x7e"


def hostile_lines(seed: str, count: int) -> bytes:
    """Lines of all encodings, some of them cut or spoilt."""
    draw = random.Random(seed)
    lines = []
    for _ in range(count):
        codec = draw.choice(list(TEXTS))
        raw = draw.choice(TEXTS[codec])[: draw.randint(1, 12)].encode(codec)
        if draw.random() < 0.3:
            raw = raw[: draw.randrange(len(raw) + 1)] + bytes(draw.choices(AWKWARD, k=draw.randrange(4)))
        lines.append(raw.replace(b"\n", b""))
    return b"\n".join(lines) + b"\n"


@pytest.mark.parametrize("reading", MULTIBYTE[1:], ids=lambda reading: reading.codec)
def test_pairs_cost_what_their_characters_cost(reading: Reading) -> None:
    joined = hostile_lines(reading.codec, 400)
    fast = score(blocks(joined), reading)
    assert (fast.valid == score_decoded(joined, reading, small=blocks(joined)[0].small).valid).all()
    whole = Units(joined, unit_ends(joined)).take(np.flatnonzero(fast.valid)).joined
    fast, slow = score(blocks(whole), reading), score_decoded(whole, reading, small=blocks(whole)[0].small)
    for name in ("cost", "foreign", "strange", "worst"):
        assert (getattr(fast, name) == getattr(slow, name)).all(), name


@pytest.mark.parametrize("text", ["😀ǹ中12", "漢㐀", "A😀😀9年2020"])
def test_longer_characters_are_left_to_the_codec(text: str) -> None:
    joined = text.encode("gb18030") + b"\n" + text.encode("gb18030")[:-1] + b"\xfe\n"
    fast, slow = score(blocks(joined), MULTIBYTE[1]), score_decoded(joined, MULTIBYTE[1], small=True)
    assert fast.valid.tolist() == slow.valid.tolist() == [True, False]
    assert fast.cost[0] == slow.cost[0]


def test_utf8_is_valid_where_python_says_so() -> None:
    joined = hostile_lines("utf-8", 400) + b"\xef\xbf\xbd\n\xed\xa0\x80\n\xf4\x90\x80\x80\n\xe4\xb8\n\xb8\xad\n"
    valid = score(blocks(joined), UTF8).valid.tolist()
    for line, right in zip(joined.split(b"\n"), valid, strict=False):
        assert (line.decode("utf-8", "ignore").encode() == line) is right, line


def test_leads_are_every_second_byte_of_a_stretch() -> None:
    draw = random.Random(1)
    for size in (1, 2, 63, 64, 65, 1000):
        able = np.array([draw.random() < 0.7 for _ in range(size)], dtype=np.uint8)
        expected, before = [], 0
        for byte in able.tolist():
            before = byte & ~before & 1
            expected.append(before)
        assert leads(able).tolist() == expected
    assert len(LEADS["han"]) == 126


def test_units_are_taken_with_their_ends() -> None:
    units = Units(b"a\nbb\n\nccc\n", unit_ends(b"a\nbb\n\nccc\n"))
    some = units.take(np.array([1, 3]))
    assert some.joined == b"bb\nccc\n"
    assert some.ends.tolist() == [2, 6]


def test_runs_in_columns_are_a_sequence_of_runs() -> None:
    rows = [Run(0, 2, 0, 6, "utf-8", 1.0), Run(2, 3, 6, 8, "gb18030", 0.9), Run(3, 4, 8, 9, "", 1.0)]
    runs = Runs.of(rows)
    assert list(runs) == rows
    assert [runs[at] for at in (0, 1, -1)] == [rows[0], rows[1], rows[2]]
    assert list(runs[1:]) == rows[1:]
    assert runs.where("gb18030") == [1]
    assert runs.where("big5") == []


def test_many_runs_are_read_as_each_would_be() -> None:
    draw = random.Random(7)
    rows = []
    for at in range(400):
        codec = ("utf-8", "gb18030", "big5")[at % 3]
        rows.append(draw.choice(TEXTS[codec]).encode(codec) + (b"\xa1\x45\xa4\xa4\xa4\xe5" if codec == "big5" else b""))
    rows[100] += b"\xff"
    raw = b"\n".join(rows)
    decoded = decode(raw)
    assert len(decoded.runs) >= 400
    assert encode(decoded) == raw
    lines = decoded.body.split("\n")
    assert lines[0] == rows[0].decode()
    assert lines[2] == rows[2].decode("big5")
    assert lines[100].endswith("\udcff")
