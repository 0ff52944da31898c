"""Which encoding, told side by side with chardet and charset-normalizer on the same bytes.

Usage: python tools/bench_encodings.py [--quick | --all-k | --speed] [CORPUS]

Chinese is cut from plain prose (CORPUS, `*.txt.xz`, default `../shared/corpus`); other languages from the translations of
vim's tutor, which the tables were not trained on. A reading is right if it gives the text that was encoded, under whatever name.
"""

from __future__ import annotations

import argparse
import itertools
import lzma
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import chardet
from charset_normalizer import from_bytes

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audit.reading.decode import decode

TUTOR = "/usr/share/vim/vim90/tutor/tutor.{}.utf-8"
SIMPLIFIED = ("news_simp", "literature_simp", "weekly_magazine_simp", "tech_articles_simp")
TRADITIONAL = ("encyclopedia_trad", "law_trad")
PAGES = {
    "shift_jis": ("ja",), "euc_jp": ("ja",), "iso2022_jp": ("ja",), "euc_kr": ("ko",),
    "cp1251": ("ru", "uk", "bg"), "koi8-r": ("ru",), "iso8859-5": ("ru", "bg"), "cp1250": ("cs", "pl", "hu", "sk", "hr"),
    "iso8859-2": ("cs", "pl", "hu", "sk", "hr"), "iso8859-16": ("hr", "pl", "hu"), "cp1252": ("fr", "sv", "pt", "da"), "iso8859-1": ("fr", "sv"), "iso8859-15": ("fr",),
    "cp1253": ("el",), "iso8859-7": ("el",), "cp1254": ("tr",), "iso8859-9": ("tr",), "cp1257": ("lv",), "iso8859-13": ("lv",),
    "cp1258": ("vi",), "utf-16-le": ("ja", "ru"), "utf-16": ("ko",), "utf-32-be": ("el",), "utf-8": ("fr", "ru", "ja"),
}  # fmt: skip
Reader = Callable[[bytes], str | None]
ROWS: list[tuple[str, dict[str, float]]] = []  # what was measured beside the peers: name, % right of each reader


def prose(corpus: Path, names: tuple[str, ...], count: int) -> list[str]:
    """Lines drawn evenly from the second half of each file."""
    chosen: list[str] = []
    for name in names:
        lines = lzma.decompress((corpus / f"{name}.txt.xz").read_bytes()).decode("utf-8").split("\n")
        good = [line for line in lines[len(lines) // 2 :] if len(line) >= 20]
        chosen += random.sample(good, min(len(good), count // len(names)))
    return chosen


def by_us(raw: bytes) -> str | None:
    return decode(raw).body


def by_chardet(raw: bytes) -> str | None:
    return read(raw, chardet.detect(raw)["encoding"])


def by_normalizer(raw: bytes) -> str | None:
    best = from_bytes(raw).best()
    return read(raw, best.encoding if best else None)


def read(raw: bytes, encoding: str | None) -> str | None:
    try:
        return raw.decode(encoding).removeprefix("\ufeff") if encoding else None
    except (UnicodeDecodeError, LookupError):
        return None


READERS: dict[str, Reader] = {"jiaokan": by_us, "chardet": by_chardet, "charset-normalizer": by_normalizer}


def encoded(texts: list[str], codec: str) -> Iterator[tuple[str, bytes]]:
    for text in texts:
        try:
            yield text, text.encode(codec)
        except UnicodeEncodeError:
            continue


def report(name: str, samples: list[tuple[str, bytes]], readers: dict[str, Reader] = READERS) -> None:
    rates = {
        peer: 100 * sum(reader(raw) == text for text, raw in samples) / max(1, len(samples))
        for peer, reader in readers.items()
    }
    ROWS.append((name, rates))
    print(f"{name:<34}{len(samples):>6}" + "".join(f"{rate:>10.2f}" for rate in rates.values()), flush=True)


def summary() -> None:
    """The mean of all rows, and in how many of them each peer is behind, level or ahead."""
    means = "".join(f"{sum(rates[peer] for _, rates in ROWS) / len(ROWS):>10.2f}" for peer in READERS)
    print(f"\n{f'mean of {len(ROWS)} rows':<40}{means}")
    for peer in list(READERS)[1:]:
        behind, level = (sum(test(rates) for _, rates in ROWS) for test in (partial(ahead, peer), partial(same, peer)))
        worse = [name for name, rates in ROWS if not ahead(peer, rates) and not same(peer, rates)]
        print(
            f"beside {peer}: better in {behind} rows, as good in {level}, worse in {len(worse)}"
            + (": " + "; ".join(worse) if worse else "")
        )


def ahead(peer: str, rates: dict[str, float]) -> bool:
    return rates["jiaokan"] > rates[peer]


def same(peer: str, rates: dict[str, float]) -> bool:
    return rates["jiaokan"] == rates[peer]


def whole_files(corpus: Path, count: int) -> None:
    print(f"\n{'whole files, % right':<34}{'n':>6}{'jiaokan':>10}{'chardet':>10}{'cs-norm.':>10}")
    for codec, names in (("gb18030", SIMPLIFIED), ("big5", TRADITIONAL), ("utf-8", SIMPLIFIED)):
        lines = prose(corpus, names, count)
        for size in (2, 4, 8, 16, 64):
            parts = [han.group() for line in lines if (han := re.search(f"[\u4e00-\u9fff]{{{min(size, 8)},}}", line))]
            texts = [part[:size] if size <= 8 else line[:size] for part, line in zip(parts, lines, strict=False)]
            report(f"{codec}, {size} characters", list(encoded(texts, codec)))


def other_languages(count: int) -> None:
    for codec, languages in PAGES.items():
        for language in languages:
            path = Path(TUTOR.format(language))
            if not path.exists():
                continue
            text = re.sub(r"[ \t=~*#<>-]{2,}", " ", unicodedata.normalize("NFC", path.read_text("utf-8")))
            text = decomposed(text) if codec == "cp1258" else text
            parts = [text[at : at + 64] for at in random.sample(range(len(text) - 64), count)]
            parts = [part for part in parts if sum(not char.isascii() for char in part) >= 3]
            report(f"{codec} ({language}), 64 characters", list(encoded(parts, codec)))


def decomposed(text: str) -> str:
    """Vietnamese as windows-1258 writes it: tones apart."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = ""
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        rest = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        out += rest + "".join(part for part in parts if part in tones)
    return out


def mixed_lines(corpus: Path, rounds: int) -> None:
    print(f"\n{'k of n lines, % of lines right':<34}{'lines':>6}{'jiaokan':>10}   (no peer tells lines apart)")
    simplified, traditional = prose(corpus, SIMPLIFIED, 4000), prose(corpus, TRADITIONAL, 4000)
    sources = {"utf-8": simplified, "gb18030": simplified, "big5": traditional, "shift_jis": traditional}
    for size in (4, 8, 20):
        pools = {codec: pool(lines, codec, size) for codec, lines in sources.items()}
        for (major, most), (minor, some) in itertools.permutations(pools.items(), 2):
            right, total = mixture(most, some, rounds)
            print(
                f"{f'{minor} in {major}, {size} characters':<34}{total:>6}{100 * right / total:>10.2f}",
                flush=True,
            )


def mixed_rows(corpus: Path, count: int) -> None:
    """Tables with a column in another encoding: words of two to six characters."""
    print(f"\n{'rows of words, % of rows right':<34}{'rows':>6}{'jiaokan':>10}")
    words = {
        codec: [word for line in prose(corpus, names, 4000) for word in re.findall("[\u4e00-\u9fff]{2,6}", line)]
        for codec, names in (("utf-8", SIMPLIFIED), ("gb18030", SIMPLIFIED), ("big5", TRADITIONAL))
    }
    for columns in (
        ("gb18030", "utf-8"),
        ("utf-8", "gb18030", "utf-8"),
        ("utf-8", "big5"),
        ("gb18030", "gb18030", "big5"),
    ):
        for size in (1, 5, 20, 100):
            tables = [[encoded_row(words, columns) for _ in range(size)] for _ in range(count // size)]
            found = [decode(b"\n".join(raw for _, raw in table)).body.split("\n") for table in tables]
            name = f"{'|'.join(columns)}, {size} rows"
            right = sum(
                line == text
                for table, lines in zip(tables, found, strict=True)
                for line, (text, _) in zip(lines, table, strict=False)
            )
            print(f"{name:<34}{count:>6}{100 * right / count:>10.2f}", flush=True)


def encoded_row(words: dict[str, list[str]], columns: tuple[str, ...]) -> tuple[str, bytes]:
    row = [next(encoded(random.choices(words[codec], k=40), codec)) for codec in columns]
    return ",".join(text for text, _ in row), b",".join(raw for _, raw in row)


def all_k(corpus: Path) -> None:
    """Each k from 1 to n - 1 once, all ordered pairs, lines of 4 and 8 Han characters."""
    sizes = (2, 3, 5, 10, 20, 50, 100, 200)
    print(f"\n{'every k of n lines, % right; n =':<36}" + "".join(f"{n:>8}" for n in sizes))
    simplified, traditional = prose(corpus, SIMPLIFIED, 4000), prose(corpus, TRADITIONAL, 4000)
    sources = {"utf-8": simplified, "gb18030": simplified, "big5": traditional, "shift_jis": traditional}
    for length in (4, 8):
        pools = {codec: pool(lines, codec, length) for codec, lines in sources.items()}
        for (major, most), (minor, some) in itertools.permutations(pools.items(), 2):
            row = f"{f'{minor} in {major}, {length} characters':<36}"
            for size in sizes:
                rounds = max(1, 400 // size**2)  # few lines tell little
                right = sum(blend(most, some, size, k) for k in range(1, size) for _ in range(rounds))
                row += f"{100 * right / (rounds * size * (size - 1)):>8.2f}"
            print(row, flush=True)


def blend(major: list[tuple[str, bytes]], minor: list[tuple[str, bytes]], size: int, k: int) -> int:
    """How many of `size` lines are read right, k of them of the other encoding."""
    picked = set(random.sample(range(size), k))
    rows = [random.choice(minor if at in picked else major) for at in range(size)]
    lines = decode(b"\n".join(raw for _, raw in rows)).body.split("\n")
    return sum(line == text for line, (text, _) in zip(lines, rows, strict=False))


def pool(lines: list[str], codec: str, size: int) -> list[tuple[str, bytes]]:
    found = (re.search(f"[\u4e00-\u9fff]{{{min(size, 8)},}}", line) for line in lines)
    parts = [match.string[match.start() : match.start() + size] for match in found if match]
    return list(encoded([part for part in parts if len(part) == size], codec))


def mixture(major: list[tuple[str, bytes]], minor: list[tuple[str, bytes]], rounds: int) -> tuple[int, int]:
    right = total = 0
    for size in (2, 3, 10, 50, 200):
        for _ in range(max(1, rounds * 10 // size)):
            right += blend(major, minor, size, random.randint(1, size - 1))
            total += size
    return right, total


def speed(corpus: Path) -> None:
    print("\nspeed, MB/s of processor time")
    lines = prose(corpus, SIMPLIFIED, 100_000)
    gbk = [line.encode("gb18030") for line in lines]
    utf8 = [line.encode() for line in lines]
    mixes = {
        "valid UTF-8": b"\n".join(utf8 * 3),
        "GB18030": b"\n".join(gbk),
        "one GB18030 line in 100": b"\n".join(
            b if at % 100 == 7 else a for at, (a, b) in enumerate(zip(utf8, gbk, strict=True))
        ),
        "every other line GB18030": every_other(utf8, gbk),
        "every other line Big5": every_other(utf8, [line.encode("big5", "ignore") for line in lines]),
        "a GB18030 field in every row": b"\n".join(
            b",".join([b"%d" % at, line[:6].encode("gb18030"), a])
            for at, (a, line) in enumerate(zip(utf8, lines, strict=True))
        ),
        "a GB18030 field in short rows of four": b"\n".join(
            b",".join([b"%d" % at, line[:6].encode(), line[1:7].encode("gb18030"), line[3:8].encode()])
            for at, line in enumerate(lines)
        ),
        "rows of two words, one GB18030": b"\n".join(
            b",".join([b"%d" % at, line[:4].encode("gb18030"), line[4:8].encode()]) for at, line in enumerate(lines)
        ),
        "every other line GB18030, 8 characters": every_other(
            [line[:8].encode() for line in lines], [line[:8].encode("gb18030") for line in lines]
        ),
    }
    for name, raw in mixes.items():
        took = min(timed(raw) for _ in range(3))
        print(f"{name:<40}{len(raw) / 1e6 / took:>10.0f}")


def every_other(some: list[bytes], others: list[bytes]) -> bytes:
    return b"\n".join(b if at % 2 else a for at, (a, b) in enumerate(zip(some, others, strict=True)))


def timed(raw: bytes) -> float:
    start = time.process_time()
    decode(raw)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples")
    parser.add_argument("--speed", action="store_true", help="only how fast whole and mixed files are decoded")
    parser.add_argument("--all-k", action="store_true", help="only k lines among n, for every k; some minutes")
    options = parser.parse_args()
    corpus: Path = options.corpus / "corpus" if (options.corpus / "corpus").is_dir() else options.corpus
    random.seed(20)
    if options.all_k:
        all_k(corpus)
        return
    if options.speed:
        speed(corpus)
        return
    scale = 1 if options.quick else 10
    mixed_lines(corpus, 5 * scale)
    mixed_rows(corpus, 200 * scale)
    whole_files(corpus, 60 * scale)
    other_languages(20 * scale)
    summary()
    speed(corpus)


if __name__ == "__main__":
    main()
