"""Tables whose rows hold several encodings: each field is read in its own."""

import random

import pytest

from audit.reading.decode import decode, encode
from tests.mixed import JOINTS, OWN

SIMPLIFIED = [first + second for first in JOINTS.split() for second in OWN.split()]
TRADITIONAL = [
    first + second
    for first in ["圖書館", "開放時間", "國際會議", "經濟發展", "環境保護", "學術研究", "歷史建築", "電話號碼"]
    for second in ["說明", "報告", "資料", "規則", "問題", "計畫", "聯絡", "變更"]
]
WORDS = {"utf-8": SIMPLIFIED, "gb18030": SIMPLIFIED, "big5": TRADITIONAL}


def table(columns: tuple[str, ...], count: int) -> tuple[list[str], bytes]:
    """Rows of words, a column in each of the encodings: as text, and as bytes."""
    draw = random.Random("".join(columns))
    rows = [[(draw.choice(WORDS[codec]), codec) for codec in columns] for _ in range(count)]
    texts = [",".join([str(at), *(word for word, _ in row)]) for at, row in enumerate(rows)]
    raws = [b",".join([b"%d" % at, *(word.encode(codec) for word, codec in row)]) for at, row in enumerate(rows)]
    return texts, b"\n".join(raws)


@pytest.mark.parametrize(
    "columns",
    [
        ("gb18030", "utf-8"),
        ("utf-8", "gb18030", "utf-8"),
        ("gb18030", "big5"),
        ("gb18030", "gb18030", "big5"),
        ("big5", "utf-8"),
    ],
)
@pytest.mark.parametrize("count", [3, 12, 60, 700])
def test_a_column_in_another_encoding(columns: tuple[str, ...], count: int) -> None:
    rows, raw = table(columns, count)
    decoded = decode(raw)
    assert decoded.body.split("\n") == rows
    assert encode(decoded) == raw


def test_words_that_are_utf8_by_chance() -> None:
    rows, raw = table(("gb18030", "utf-8"), 40)
    lines = raw.split(b"\n")
    for at, word in ((7, "目前"), (21, "唯唯诺诺的"), (30, "说")):
        rows[at] = f"{at},{word},科技馆"
        lines[at] = b"%d,%b,%b" % (at, word.encode("gb18030"), "科技馆".encode())
    assert decode(b"\n".join(lines)).body.split("\n") == rows


@pytest.mark.parametrize("codec", ["gb18030", "big5"])
def test_rows_of_one_encoding_stay_so(codec: str) -> None:
    rows, raw = table((codec,) * 3, 60)
    decoded = decode(raw)
    assert decoded.body.split("\n") == rows
    assert len(decoded.runs) == 1


def test_a_long_line_of_stretches_without_any_ascii() -> None:
    text = "".join(random.Random(5).choices(SIMPLIFIED, k=12_000))
    parts = [text[:20_000], text[20_000:24_000] + "\u00a0\u00a0" + text[24_000:40_000], text[40_000:]]
    raw = b"".join(part.encode(codec) for part, codec in zip(parts, ("utf-8", "utf-8", "gb18030"), strict=True)) * 2
    decoded = decode(raw)
    assert encode(decoded) == raw
    assert len(decoded.runs) < 20
    assert sum(one != other for one, other in zip(decoded.body, "".join(parts) * 2, strict=False)) < 40
