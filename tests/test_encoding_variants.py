"""Bytes that a codec reads and would write otherwise, encodings that a document has not shown, and bounded memory."""

from __future__ import annotations

import io
import random
import tracemalloc
from pathlib import Path

import pytest

from audit.convert import back, convert
from audit.reading.bigfive import user_codes
from audit.reading.decode import decode, encode
from audit.reading.propose import by_chardet
from audit.reading.stream import stretches
from audit.reading.variants import LOST, READS_AS, doubles, variants
from tests.test_decode import JAPANESE, KOREAN, RUSSIAN, SIMPLIFIED, TEXTS

PAIRS = [(a, b) for a in ("utf-8", "gb18030", "big5", "shift_jis") for b in ("utf-8", "gb18030", "big5", "shift_jis")]


@pytest.mark.parametrize("codec", ["cp932", "cp950", "big5hkscs"])
def test_every_pair_of_bytes_has_a_codec_that_gives_it_back(codec: str) -> None:
    for code in range(0x8140, 0xFEFF):
        raw = code.to_bytes(2)
        text = raw.decode(codec, "replace")
        if len(text) == 1 and text != LOST and text.encode(codec, "replace") != raw:
            assert any(doubles(name).get(text) == raw for name in variants(codec)), raw


def test_shift_jis_from_windows_is_text() -> None:
    text = f"{JAPANESE[0]}\n髙橋﨑ⅰⅱ①㈱は東京駅に止まります\n{JAPANESE[1]}\n"
    raw = text.encode("cp932-windows")
    assert raw != text.encode("cp932")
    decoded = decode(raw)
    assert decoded.body == text
    assert encode(decoded) == raw
    assert all(run.encoding for run in decoded.runs)


@pytest.mark.parametrize("codec", ["iso2022_jp-roman", "iso2022_jp-1978"])
def test_the_other_escapes_of_iso_2022(codec: str) -> None:
    raw = "\n".join(JAPANESE).encode(codec)
    assert raw != "\n".join(JAPANESE).encode(READS_AS[codec])
    assert decode(raw).body == "\n".join(JAPANESE)


@pytest.mark.parametrize("major", TEXTS)
def test_a_file_in_one_encoding_is_not_cut_up(major: str) -> None:
    signs = {"euc_kr": "ㅋㅋㅋㅋ\n♡♥", "euc_jp": "−−−−−−\n〜〜〜〜", "gb18030": "啊啊啊啊啊啊\n★☆"}
    text = "\n".join([*TEXTS[major], *signs.get(major, "--").split("\n"), *TEXTS[major]])
    assert len({run.encoding for run in decode(text.encode(major)).runs}) == 1


@pytest.mark.parametrize(("major", "minor"), [pair for pair in PAIRS if pair[0] != pair[1]])
def test_every_k_of_n_lines(major: str, minor: str) -> None:
    size = 12
    draw = random.Random(f"{major}{minor}")
    for k in range(1, size):
        picked = set(draw.sample(range(size), k))
        rows = [
            (codec, draw.choice(TEXTS[codec])) for codec in (minor if at in picked else major for at in range(size))
        ]
        decoded = decode(b"\n".join(text.encode(codec) for codec, text in rows))
        assert decoded.body.split("\n") == [text for _, text in rows], k


def test_chardet_widens_the_choice() -> None:
    text = "\n".join(RUSSIAN * 3)
    assert "cp866" in {page.codec for page in by_chardet(text.encode("cp866"))}
    assert decode(text.encode("cp866")).body == text
    assert by_chardet("\n".join(KOREAN).encode("euc_kr")) == []


def test_a_code_of_the_users_own_area_leaves_its_line_in_big5() -> None:
    rows = [line.encode("cp950") for line in TEXTS["big5"]] * 4
    raw = b"\n".join([*rows, "或".encode("cp950") + b"\x8e\xcd", rows[0] + b"\x8f\xfe" + rows[1], *rows])
    decoded = decode(raw)
    assert {run.encoding for run in decoded.runs} <= {"big5", "cp950", "big5-user"}
    lines = decoded.body.split("\n")
    assert lines[len(rows) : len(rows) + 2] == ["或\ue37c", f"{TEXTS['big5'][0]}\ue44a{TEXTS['big5'][1]}"]
    assert encode(decoded) == raw
    assert all(chr(point).encode("big5-user") == code.to_bytes(2) for code, point in user_codes().items())


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_a_line_of_another_encoding_in_big5_stays_so(codec: str) -> None:
    rows = [line.encode("cp950") for line in TEXTS["big5"]] * 4
    for text in ("安全", "人才", *TEXTS["gb18030"]):
        raw = b"\n".join([*rows, text.encode(codec), *rows])
        assert decode(raw).body.split("\n")[len(rows)] == text


@pytest.mark.parametrize("breaks", ["\n", ""])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, breaks: str) -> None:
    piece = 1 << 16
    peaks = []
    for count in (160, 640):
        raw = breaks.join(SIMPLIFIED * 10 * count).encode("gb18030")
        tracemalloc.start()
        assert sum(len(part.raw) for part in stretches(io.BytesIO(raw), piece)) == len(raw)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        path = tmp_path / f"{count}.txt"
        path.write_bytes(raw)
        assert convert(path).changed
        assert path.read_bytes().decode() == breaks.join(SIMPLIFIED * 10 * count)
        back(path)
        assert path.read_bytes() == raw
    assert len(raw) > 12 * piece
    assert peaks[1] < peaks[0] * 1.5


@pytest.mark.parametrize("stray", [b"\xff\xfe\xfa", b"\x80\x81\x82", b"\xb5\xb6\xb7"])
def test_stray_bytes_do_not_spoil_their_line(stray: bytes) -> None:
    line = "，".join(SIMPLIFIED).encode()
    decoded = decode(line[:30] + stray + line[30:])
    assert [(run.byte_start, run.byte_end, run.encoding) for run in decoded.runs] == [
        (0, 30, "utf-8"),
        (30, 33, ""),
        (33, len(line) + 3, "utf-8"),
    ]


def test_korean_that_announces_itself() -> None:
    lines = [b"\x0e" + line.encode("euc_kr").translate(bytes(range(0x80)) * 2) + b"\x0f" for line in ("도서관", "매일")]
    for raw in ("도서관은\n매일 아침\n".encode("iso2022_kr"), b"\n".join([b"\x1b$)C", *lines, b""])):
        decoded = decode(raw)
        assert decoded.body == raw.decode("iso2022_kr")
        assert encode(decoded) == raw


def test_hz_is_text_and_tildes_are_not() -> None:
    raw = f"{SIMPLIFIED[0]} abc\n".encode("hz") + SIMPLIFIED[1].encode("gb18030") + b"\n" + SIMPLIFIED[2].encode()
    decoded = decode(raw)
    assert decoded.body == f"{SIMPLIFIED[0]} abc\n{SIMPLIFIED[1]}\n{SIMPLIFIED[2]}"
    assert encode(decoded) == raw
    for plain in ("Smith~{and}~}", "=~{ab~} or ~{}~}", "é~{code~}"):
        assert decode(plain.encode()).body == plain


def test_a_file_in_hz_is_read_whole() -> None:
    """Short lines, and such of rare characters, are believed beside one that proves itself."""
    lines = [*SIMPLIFIED, "甲", "彧翀", *SIMPLIFIED]
    raw = b"\n".join(line.encode("hz", "ignore") for line in lines)
    assert decode(raw).body == raw.decode("hz")
    assert encode(decode(raw)) == raw


def test_euc_tw_is_read_and_given_back() -> None:
    """The bytes are what the C library writes."""
    row = bytes.fromhex("c4e3e1dec6e1d9cfead7c6a1c6cbd1c9cdb4c4fcc9cb")
    rare = bytes.fromhex("8ea2aaa5cbded5b5e8aefbdba1a28ea2e3fed4bf")
    raw = b"\n".join([row, rare, row, b"plain", row + b"\x8e\xa3\xd5\xc6" + row])
    decoded = decode(raw)
    lines = ["中華民國臺北市政府公告", "峇里島嘍囉，鎌倉", "中華民國臺北市政府公告", "plain"]
    assert decoded.body.split("\n")[:4] == lines
    assert [run.encoding for run in decoded.runs] == ["euc-tw", "", "euc-tw"]
    assert encode(decoded) == raw
    assert "\n".join(lines).encode("euc-tw") == raw[: len("\n".join(lines).encode("euc-tw"))]
    assert row.decode("gbk") != lines[0]
    with pytest.raises(UnicodeEncodeError):
        "简体".encode("euc-tw")


def test_ties_are_ties() -> None:
    """The same bytes: nothing in them tells which is meant, as the manual says."""
    for comma, cedilla in zip("șțȘȚăâîĂÂÎ", "şţŞŢăâîĂÂÎ", strict=True):
        assert comma.encode("iso8859-16") == cedilla.encode("cp1250") == cedilla.encode("iso8859-2")
    assert (b"\xa1\x45".decode("big5"), b"\xa1\x45".decode("cp950")) == ("•", "‧")
