"""Bytes to text and back: every byte comes back, and lines are read in the encoding they were written in."""

from __future__ import annotations

import codecs
import importlib
import io
import random
import re
import struct
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audit.reading.decode import decode, encode, encode_run, is_binary
from audit.reading.large import decode_in_pieces
from audit.reading.stream import stretches

SIMPLIFIED = (
    "社区工作者走访了三百户居民",
    "今年的粮食产量比去年略有增加",
    "图书馆每天上午九点开门",
    "他把修好的收音机送回邻居家里",
    "学校组织学生参观科技展览馆",
)
TRADITIONAL = (
    "圖書館每天早上九點開放",
    "這條鐵路連接了兩個主要城市",
    "本條例自公布日施行",
    "考古學家發現了一座古代墓葬",
    "他寫的小說後來被翻譯成英文",
)
JAPANESE = ("図書館は毎朝九時に開きます", "彼は新しい辞書を買いました", "この電車は東京駅に止まります")
KOREAN = ("도서관은 매일 아침 아홉 시에 문을 엽니다", "그는 새로운 사전을 샀습니다")
RUSSIAN = ("Библиотека открывается в девять часов утра", "Он купил новый словарь для сестры")
TEXTS = {
    "utf-8": SIMPLIFIED,
    "gb18030": SIMPLIFIED,
    "big5": TRADITIONAL,
    "shift_jis": JAPANESE,
    "euc_jp": JAPANESE,
    "iso2022_jp": JAPANESE,
    "euc_kr": KOREAN,
    "koi8-r": RUSSIAN,
    "cp1251": RUSSIAN,
    "iso8859-5": RUSSIAN,
}
ENCODERS = (*TEXTS, "big5hkscs", "cp932", "utf-16-le", "utf-16-be", "utf-16", "utf-32", "cp1252", "iso8859-2")
SCRAPS = (
    "时",
    "😀",
    "\ufeff",
    "\u200b",
    "ｱｲｳ",
    "①㈱",
    "abc,12;\t",
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\x1b$B",
    "\x1b(B",
    "café",
    "﨑",
    "ǹ",
)

texts = st.sampled_from([line for lines in TEXTS.values() for line in lines] + list(SCRAPS))
written = st.builds(lambda text, codec: text.encode(codec, "ignore"), texts, st.sampled_from(ENCODERS))
cut = st.builds(lambda raw, a, b: raw[a : len(raw) - b], written, st.integers(0, 3), st.integers(0, 3))
awkward = st.lists(
    st.sampled_from(
        b"\x80\x81\x88\x62\x66\xa2\xcc\xce\xa1\x40\xed\xfa\x87\x90\x8e\x8f\x30\x0a\xff\xfe\x1b\x24\x42\x28"
    ),
    max_size=9,
)
hostile = st.lists(st.one_of(written, cut, st.binary(max_size=9), awkward.map(bytes)), max_size=8).map(b"".join)


@settings(max_examples=150, deadline=None)
@given(hostile)
@example(b"\x87\x90\xed\x40" + JAPANESE[0].encode("cp932"))  # twice in cp932: the codec would give other bytes back
@example(b"\xa2\xcc\xa2\xce\xa1\xfe" + TRADITIONAL[0].encode("big5"))
@example(b"\xff\xfe\x00\xd8\x41")
@example(b"\xef\xbb\xbf\x1b$BF|K\\\x1b(B\n\x1b(B")
def test_every_byte_comes_back(raw: bytes) -> None:
    decoded = decode(raw)
    assert encode(decoded) == raw
    at = byte = 0
    for run in decoded.runs:
        assert (run.start, run.byte_start) == (at, byte)
        assert encode_run(decoded.body[run.start : run.end], run.encoding) == raw[run.byte_start : run.byte_end]
        at, byte = run.end, run.byte_end
    assert (at, byte) == (len(decoded.body), len(raw))


@settings(max_examples=40, deadline=None)
@given(hostile, st.integers(16, 200))
def test_pieces_hold_every_byte(raw: bytes, size: int) -> None:
    assert b"".join(part.raw for part in stretches(io.BytesIO(raw), size)) == raw


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_utf8_is_always_utf8(text: str) -> None:
    raw = ("中" + text).encode()
    assert (
        decode(raw).body == "中" + text or raw.startswith((b"\xff\xfe", b"\xfe\xff")) or "\0" in text or "\x1b" in text
    )


def test_a_sign_behind_a_digit_is_no_half_of_a_character() -> None:
    lines = [line.encode() for line in SIMPLIFIED] * 3
    lines[5] = b"20\xb0C, 5\xb5m"
    assert decode(b"\n".join(lines)).body.split("\n")[5] == "20°C, 5µm"


def test_a_field_of_utf8_in_a_row_that_gbk_could_take_whole() -> None:
    rows = [
        (f"{at},目前支持的解释,{word},135", word)
        for at, word in enumerate(("华为", "至少", "水凝固成", "吃罢午饭") * 5)
    ]
    raw = b"\n".join(
        row.split(",")[1].encode("gb18030").join(row.encode().split("目前支持的解释".encode())) for row, _ in rows
    )
    assert decode(raw).body.split("\n") == [row for row, _ in rows]


def test_a_mark_beside_letters_is_no_han() -> None:
    lines = [
        "Tühi list ja “class_name” on väär.",
        "See väli on kohustuslik, palun täitke.",
        "Sisestage õige väärtus või jätke tühjaks.",
    ] * 12
    assert decode("\n".join(lines).encode("cp1257")).body.split("\n") == lines


def test_one_line_cut_at_its_first_byte() -> None:
    for text in ("模块化是转向微服务架构过程中的一个必须步骤", "这个网页号称由一百万张网页截图组成，可以随意浏览"):
        assert decode(text.encode("gb18030")[1:]).body[1:] == text[1:]


@pytest.mark.parametrize("codec", TEXTS)
def test_one_encoding(codec: str) -> None:
    lines = [random.Random(codec).choice(TEXTS[codec]) for _ in range(6)]
    for text in ("\n".join(lines), lines[0]):
        assert decode(text.encode(codec)).body == text


@pytest.mark.parametrize("major", ["utf-8", "gb18030", "big5", "shift_jis"])
@pytest.mark.parametrize("minor", ["utf-8", "gb18030", "big5", "shift_jis"])
@pytest.mark.parametrize("count", [1, 7, 19])
def test_lines_among_lines(major: str, minor: str, count: int) -> None:
    draw = random.Random(f"{major}{minor}{count}")
    picked = set(draw.sample(range(20), count))
    rows = [(codec, draw.choice(TEXTS[codec])) for codec in (minor if at in picked else major for at in range(20))]
    decoded = decode(b"\n".join(text.encode(codec) for codec, text in rows))
    assert decoded.body.split("\n") == [text for _, text in rows]


def test_a_line_that_is_utf8_by_chance() -> None:
    rows = [*SIMPLIFIED, "时", *SIMPLIFIED]
    raw = "\n".join(rows).encode("gb18030")
    assert "时".encode("gb18030") == b"\xca\xb1" == "\u02b1".encode()
    assert decode(raw).body.split("\n") == rows


def test_a_field_in_a_row() -> None:
    rows = [
        ("编号,姓名,说明".encode(), ""),
        ("一,".encode() + "张三丰".encode("gbk") + ",太极拳的创始人".encode(), "一,张三丰,太极拳的创始人"),
    ] * 3
    decoded = decode(b"\n".join(raw for raw, _ in rows))
    assert [line for line in decoded.body.split("\n") if "太极" in line] == ["一,张三丰,太极拳的创始人"] * 3
    assert {run.encoding for run in decoded.runs} == {"utf-8", "gb18030"}


def test_pieces_glued_together() -> None:
    decoded = decode("前半行是这样写的".encode() + "后半行却是另一种编码".encode("gbk") + "最后又回来了".encode())
    assert decoded.body == "前半行是这样写的后半行却是另一种编码最后又回来了"
    assert [run.encoding for run in decoded.runs] == ["utf-8", "gb18030", "utf-8"]


def test_a_window_that_cuts_a_character() -> None:
    raw = ("图书馆每天上午九点开门\n" * 5).encode()[1:-2]
    decoded = decode(raw)
    assert [run.encoding for run in decoded.runs] == ["", "utf-8", ""]
    assert decoded.body.startswith("\udc9b\udcbe书馆")


@pytest.mark.parametrize("codec", ["gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"])
def test_a_text_that_breaks_off_within_its_last_character(codec: str) -> None:
    for text in TEXTS[codec]:
        raw = text.encode(codec)[:-1]
        decoded = decode(raw)
        assert decoded.body[:-1] == text[:-1]
        assert encode(decoded) == raw


@pytest.mark.parametrize(
    ("text", "codec"), [("naïve", "cp1252"), ("Don't let anyone’s", "gb18030"), ("it’s OK", "gb18030")]
)
def test_a_single_sign_among_letters(text: str, codec: str) -> None:
    assert decode(text.encode(codec)).body == text


def test_a_lost_byte_is_told_and_the_rest_is_read() -> None:
    raw = "学校组织学生参观科技展览馆".encode()
    decoded = decode(raw[:9] + b"\xff" + raw[9:])
    assert decoded.body == "学校组\udcff织学生参观科技展览馆"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_without_a_mark(codec: str) -> None:
    for text in ("中文和 abc", "plain text", "Библиотека"):
        assert decode(text.encode(codec)).body == text


@pytest.mark.parametrize("codec", ["utf-16", "utf-32", "utf-8-sig"])
def test_marks_are_runs_of_their_own(codec: str) -> None:
    decoded = decode("中文\n".encode(codec))
    assert decoded.body == "中文\n"
    assert decoded.runs[0].encoding.startswith("bom:")
    assert decoded.runs[0].start == decoded.runs[0].end


def test_ascii_is_not_wide() -> None:
    assert decode(b"Bush hid the facts").body == "Bush hid the facts"


@pytest.mark.parametrize("raw", [b"", b"\n", b"a", b"\xff", b"\x80\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\0"])
def test_next_to_nothing(raw: bytes) -> None:
    assert encode(decode(raw)) == raw


@pytest.mark.parametrize(
    ("raw", "binary"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", True),
        (b"PK\x03\x04\x14\0", True),
        (bytes(range(256)) * 4, True),
        (random.Random(1).randbytes(5000), True),
        ("中文".encode("gbk") * 500, False),
        ("中文 abc".encode("utf-16"), False),
        ("plain".encode("utf-16-le"), False),
        ("中文\0中文".encode() * 20, False),
        (b"".join(line.encode("gbk").ljust(64, b"\0") for line in SIMPLIFIED), False),
        ("彼は新しい\t辞書".encode("cp932") + bytes(4096), False),
        (struct.pack("<40f", *range(40)), True),
        (b"\xff" * 40 + bytes(200) + b"\xff" * 90, True),
        (b"", False),
    ],
)
def test_binary_is_told_apart(raw: bytes, *, binary: bool) -> None:
    assert is_binary(raw) is binary
    assert encode(decode(raw)) == raw


def test_pieces_never_cut_a_character() -> None:
    for codec in ("utf-8", "gb18030", "big5", "shift_jis", "utf-16", "utf-32-be"):
        text = "".join((*TEXTS["big5"], "，") if codec != "shift_jis" else JAPANESE) * 200
        parts = list(stretches(io.BytesIO(text.encode(codec)), 4096))
        assert "".join(part.text for part in parts) == text, codec
        assert max(len(part.raw) for part in parts) < 3 * 4096


def test_time_grows_with_the_text_only() -> None:
    rng = random.Random(2)
    noise = re.sub(rb"[\x00-\x1f]", b"\xe4", rng.randbytes(100_000))
    start = time.process_time()
    assert encode(decode(noise)) == noise
    assert time.process_time() - start < 30


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_wide_file_that_ends_within_a_character(codec: str) -> None:
    text = "图书馆每天上午九点开门\n"
    decoded = decode(text.encode(codec)[:-1])
    assert decoded.body.startswith(text[:-1])
    assert [run.encoding for run in decoded.runs] == [codec, ""]


def test_a_line_has_one_guest() -> None:
    lines = ["今天的会议讨论了开放时间。", "下一次会议定于下月初举行。"] * 3
    raw = "\n".join(lines).encode() + b"\ncaf\xe9 and na\xefve\n" + "\n".join(lines).encode()
    assert "café and naïve" in decode(raw).body.split("\n")


ACCENTED = st.from_regex(r"[a-z]{2,6}[\x80\x85\x91-\x97\x99\xe0-\xff][a-z]{0,4}", fullmatch=True)
EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff61-\uff9f]")


@settings(max_examples=80, deadline=None)
@given(ACCENTED, st.sampled_from(["{}", "{} or so", "他说 {} 就走了", "他说{}就走了", "a,{},中文"]))
@example("it\x92s", "{}")
@example("\x93quoted\x94", "{}")
@example("caf\xe9", "他说 {} 就走了")
def test_single_bytes_among_letters_are_no_han(word: str, frame: str) -> None:
    before, after = frame.split("{}")
    rows = [*SIMPLIFIED, frame, *SIMPLIFIED]
    raw = "\n".join(rows).encode().replace(b"{}", word.encode("latin-1"))
    decoded = decode(raw)
    line = decoded.body.split("\n")[len(SIMPLIFIED)]
    read = line.removeprefix(before).removesuffix(after)
    lost = word.encode("latin-1").decode("ascii", "surrogateescape")
    assert read in (word.encode("latin-1").decode("cp1252"), lost)
    assert not EAST_ASIAN.search(read)


def test_a_file_of_gbk_may_hold_half_a_character_among_letters() -> None:
    rows = [*SIMPLIFIED, "他买了A和B两种", "A和B", *SIMPLIFIED]
    assert decode("\n".join(rows).encode("gb18030")).body.split("\n") == rows


@given(st.integers(0, 60_000), st.integers(1, 40), st.integers(20, 600), st.sampled_from("HI"), st.sampled_from("<>"))
@example(0, 1, 300, "I", "<")
def test_a_column_of_numbers_is_no_text(first: int, step: int, count: int, width: str, order: str) -> None:
    numbers = range(first, min(first + step * count, 0x10000), step)
    if len(numbers) < 20:
        return
    raw = b"".join(struct.pack(order + width, number) for number in numbers)
    assert not {run.encoding for run in decode(raw).runs} & {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}
    assert width == "H" or is_binary(raw)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(SIMPLIFIED), min_size=2, max_size=9))
def test_a_gbk_file_cut_at_its_first_byte(lines: list[str]) -> None:
    _cut_at_its_first_byte("gb18030", lines)


@pytest.mark.parametrize("codec", ["big5", "euc_jp", "euc_kr"])
def test_a_file_cut_at_its_first_byte(codec: str) -> None:
    _cut_at_its_first_byte(
        codec, ["今天的會議討論了開放時間" if codec == "big5" else TEXTS[codec][0], *TEXTS[codec] * 4]
    )


def _cut_at_its_first_byte(codec: str, lines: list[str]) -> None:
    raw = "\n".join(lines).encode(codec)[1:]
    decoded = decode(raw)
    assert encode(decoded) == raw
    assert decoded.body == raw[:1].decode("ascii", "surrogateescape") + "\n".join(lines)[1:]
    assert decoded.runs[0].encoding == ""


@pytest.mark.parametrize(
    "raw", ["国".encode("gb18030"), "國".encode("big5"), "가".encode("cp949"), "国".encode("utf-16-le")]
)
def test_next_to_nothing_is_not_sure(raw: bytes) -> None:
    assert 0.5 <= max(run.confidence for run in decode(raw).runs) < 0.99


def test_short_text_is_as_sure_in_pieces() -> None:
    for raw in ("时".encode("gbk"), "中".encode("gbk"), "é".encode(), b"abc", "中".encode()):
        assert [run.confidence for run in decode(raw).runs] == [part.confidence for part in stretches(io.BytesIO(raw))]


@pytest.mark.parametrize(
    "raw",
    [
        b"~{<:Ky\r\n\x1b$)C~{<:Ky~}\x1b(J",
        b"<:Ky\x1b$BCfJ8\x1b(B1%~{<:Ky~}\x1b$B~{<:Ky~}\x1b$(D\r\n~\x1b(B",
        b"\x1b$)C\x0eGQ19\x0f\n\x1b$)C\x0eGQ19\x0f~}\n\x1b$)C\x0eGQ19\x0fabc\x8a\xbf\x8e\x9aabc",
    ],
)
def test_switched_sets_that_break_off_come_back(raw: bytes) -> None:
    assert encode(decode(raw)) == raw


@pytest.mark.parametrize("size", [300, 2000])
def test_a_large_file_is_read_in_pieces_as_a_small_one(size: int) -> None:
    chinese = "今天天气很好，我们去公园散步，大家都很高兴。"
    lines = [b"plain words\n" * 60, *(chinese.encode("gb18030" if at % 3 else "utf-8") + b"\n" for at in range(80))]
    raw = b"".join([*lines, b"more plain words\n" * 60, chinese.encode("gb18030")])
    found, whole = decode_in_pieces(raw, [], size), decode(raw)
    assert found.body == whole.body
    assert encode(found) == raw
    assert [run[:5] for run in found.runs] == [run[:5] for run in whole.runs]
    odd = raw[1:500] + b"\xff\x81" * 9 + "雨".encode("big5") * 300 + "天气".encode("cp932") * 200 + raw[7:900]
    assert encode(decode_in_pieces(odd, [], size)) == odd


def test_a_large_file_with_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("audit.reading.decode"), "LARGE", 100)
    raw = codecs.BOM_UTF8 + "今天天气很好，\n".encode() * 20 + "今天天气很好，\n".encode("gb18030") * 20
    found = decode(raw)
    assert encode(found) == raw
    assert found.body == "今天天气很好，\n" * 40
    assert [run.encoding for run in found.runs] == ["bom:utf-8", "utf-8", "gb18030"]
