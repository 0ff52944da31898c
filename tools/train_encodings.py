"""Train the small tables that tell encodings apart: `audit/reading/tables/encodings.bin`.

Usage: python tools/train_encodings.py [CORPUS] [--packages FOLDER] [--words]

Chinese comes from plain prose (CORPUS, `*.txt.xz`, default `../shared/corpus`); every other language from the message
catalogues (`*.mo`) of free software that a Debian system carries under `/usr/share/locale` (GTK, GLib, coreutils,
iso-codes, systemd, ...) and its translated manual pages, and from those of LibreOffice (packages `libreoffice-l10n-*`,
unpacked into FOLDER with `dpkg-deb -x`). Only counts of characters and of pairs of letters are kept, and frequent words in Latin script.
Japanese kanji are thin in catalogues, so traditional Chinese prose in Japanese shapes (`opencc` t2jp) fills in.
"""

from __future__ import annotations

import argparse
import gettext
import gzip
import json
import lzma
import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import opencc

ROOT = Path(__file__).resolve().parent.parent
ALIGNED = 64  # bytes; where the tables begin
TARGET = ROOT / "audit" / "reading" / "tables" / "encodings.bin"
SCALE = 8  # a table's unit is an eighth of a bit; 255 is 31.9 bits
SIMPLIFIED = ("law_simp", "literature_simp", "news_simp", "tech_articles_simp", "textbook_simp", "weekly_magazine_simp")
TRADITIONAL = ("law_trad", "encyclopedia_trad", "classical_mixed")
CEDILLAS = str.maketrans("şţŞŢ", "șțȘȚ")  # Romanian is written with either
WORDS, LEAST_WORD = 2000, 2  # so many words a language, each seen so often
SAMPLE = 3_000_000  # characters a file, so that statutes do not drown the rest
LATIN = [
    "cs", "pl", "hu", "hr", "sk", "sl", "ro", "lt", "lv", "et", "vi", "fr", "de", "es",
    "pt", "it", "sv", "fi", "da", "nb", "nl", "ca", "is", "tr", "eo", "ga", "cy", "en",
]  # fmt: skip
OTHER = ["ru", "uk", "bg", "sr", "mk", "be", "el", "he", "ar", "fa", "th"]


def prose(corpus: Path, name: str) -> str:
    """The first characters of one file of the corpus."""
    return lzma.decompress((corpus / f"{name}.txt.xz").read_bytes()).decode("utf-8")[:SAMPLE]


def catalogues(language: str, packages: Path | None) -> str:
    """All translations and manual pages of one language on this system, and the catalogues of unpacked packages."""
    parts: list[str] = []
    regions = {"nb": ("nb", "no"), "pt": ("pt", "pt_BR"), "en": ("en_GB", "en@quot")}.get(language, (language,))
    for region in regions:
        found = sorted(Path("/usr/share/locale").glob(f"{region}/LC_MESSAGES/*.mo"))
        if packages:
            found += sorted(packages.glob(f"libreoffice-l10n-*/usr/lib/libreoffice/program/resource/{region}/*/*.mo"))
        for path in found:
            try:
                with path.open("rb") as stream:
                    catalogue = vars(gettext.GNUTranslations(stream))["_catalog"]  # the mapping has no public name
            except (OSError, UnicodeDecodeError, ValueError):
                continue
            limit = 60_000 if path.name.startswith("iso_") else 2_000_000  # lists of names are not prose
            texts = (text.replace("~", "").replace("_", "") for key, text in catalogue.items() if key and text != key)
            parts.append("\n".join(texts)[:limit])
        for path in sorted(Path("/usr/share/man").glob(f"{region}/man*/*.gz")):
            try:
                text = gzip.decompress(path.read_bytes()).decode("utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            parts.append("\n".join(line for line in text.split("\n") if not line.startswith((".", "'"))))
    joined = unicodedata.normalize("NFC", "\n".join(parts)).translate(CEDILLAS if language == "ro" else {})
    return "\n".join(line for line in joined.split("\n") if language == "en" or not line.isascii())


def share(counts: Counter[str]) -> np.ndarray:
    """Counts as a distribution over the first plane, ASCII left out."""
    row = np.zeros(0x10000)
    for char, count in counts.items():
        if 0x80 <= ord(char) < 0x10000:
            row[ord(char)] += count
    whole: np.ndarray = row / row.sum()
    return whole


def block_prior() -> np.ndarray:
    """What a character costs that was never seen: by how common the standard is that holds it."""
    bits = np.full(0x10000, 25.0)
    for code in range(0x80, 0x10000):
        char = chr(code)
        category = unicodedata.category(char)
        if category in ("Cn", "Cs"):
            bits[code] = 29.0
        elif category == "Co":
            bits[code] = 26.0
        elif category == "Cc":
            bits[code] = 27.0
        elif 0x4E00 <= code <= 0x9FFF:
            bits[code] = 22.0
            if encodable(char, "gb2312") or encodable(char, "big5"):
                bits[code] = 20.0
        elif encodable(char, "gb2312") or encodable(char, "big5") or encodable(char, "euc_kr"):
            bits[code] = 22.0
    return bits


def encodable(char: str, codec: str) -> bool:
    """Whether a codec knows this character."""
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def costs(*weighted: tuple[float, np.ndarray]) -> np.ndarray:
    """A mixture of distributions as bits in the table's unit."""
    mixture = sum(weight * row for weight, row in weighted) + 0.02 * PRIOR
    return np.clip(np.round(-np.log2(mixture) * SCALE), 0, 255).astype(np.uint8)


def ascii_bits() -> np.ndarray:
    """What an ASCII character costs in any encoding: a broad mixture, so that it favours none."""
    bits = np.full(128, 22.0)
    for code in range(0x20, 0x7F):
        bits[code] = 7.5
    for chars, cost in (("\t\r\n", 4.0), (" ", 3.0), ("0123456789", 6.0), ("eatoinshrdlu", 5.0), (",.()-:/\"'", 6.0)):
        for char in chars:
            bits[ord(char)] = cost
    for code in range(ord("a"), ord("z") + 1):
        bits[code] = min(bits[code], 6.5)
    bits[0x1B] = 12.0
    return np.round(bits * SCALE).astype(np.uint8)


def vietnamese(text: str) -> str:
    """Letters as windows-1258 writes them: tones are marks of their own."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        tone = "".join(part for part in parts if part in tones)
        rest = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        out.append(rest + tone if len(rest) == 1 else char)
    return "".join(out)


def letters(text: str, *, latin: bool) -> tuple[str, np.ndarray]:
    """The classes of a language's characters, and what each costs after each; shape (classes, classes).

    The first classes are blank, digit, ASCII mark, capital, small letter, anything else; then single characters.
    """
    counts = Counter(text)
    own = [c for c, n in counts.most_common(400) if not c.isascii() and n >= max(3, len(text) / 200_000)][:150]
    single = ("abcdefghijklmnopqrstuvwxyz" if latin else "") + "".join(own)
    index = {char: 6 + at for at, char in enumerate(single)}

    def classify(char: str) -> int:
        if char in index:
            return index[char]
        if not char.isascii():
            return 5
        if char.isspace():
            return 0
        if char.isdigit():
            return 1
        if char.isalpha():
            return 3 if char.isupper() else 4
        return 2

    table = {char: classify(char) for char in counts}
    row = np.array([table[char] for char in text], dtype=np.int64)
    size = 6 + len(single)
    pairs = np.bincount(row[:-1] * size + row[1:], minlength=size * size).reshape(size, size).astype(float)
    unigram = np.bincount(row, minlength=size) + 0.5
    unigram /= unigram.sum()
    after = (pairs + 8 * unigram) / (pairs.sum(axis=1, keepdims=True) + 8)
    bits = -np.log2(0.97 * after + 0.03 * unigram)
    return single, np.clip(np.round(bits * SCALE), 0, 255).astype(np.uint8)


def words(text: str) -> np.ndarray:
    """The most frequent words that have a letter outside ASCII, in small letters, as UTF-8 joined by LF."""
    counts = Counter(word for word in re.findall(r"[^\W\d_]{3,14}", text.lower()) if not word.isascii())
    frequent = sorted(word for word, count in counts.most_common(WORDS) if count >= LEAST_WORD)
    return np.frombuffer("\n".join(frequent).encode("utf-8"), dtype=np.uint8)


def add_words(packages: Path | None) -> None:
    """Count the words anew and leave all else in the table as it is."""
    from audit.reading.candidates import archive

    tables = {name: table for name, table in archive().items() if not name.startswith("words_")}
    tables |= {f"words_{language}": words(catalogues(language, packages)) for language in LATIN if language != "vi"}
    write(tables)
    print(TARGET, TARGET.stat().st_size)


def write(tables: dict[str, np.ndarray]) -> None:
    """A line of what is where, in JSON, and all tables one behind another: an archive takes ten times as long to open."""
    head = json.dumps([(name, str(table.dtype), table.shape) for name, table in tables.items()]).encode()
    head += b" " * (-(len(head) + 1) % ALIGNED) + b"\n"
    TARGET.write_bytes(head + b"".join(table.tobytes() for table in tables.values()))


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--words", action="store_true", help="only the words, leaving the rest of the table as it is")
    options = parser.parse_args()
    if options.words:
        add_words(options.packages)
        return
    corpus: Path = options.corpus
    corpus = corpus / "corpus" if (corpus / "corpus").is_dir() else corpus
    simplified = sum((Counter(prose(corpus, name)) for name in SIMPLIFIED), Counter())
    shapes = opencc.OpenCC("t2jp")
    traditional, kanji = Counter[str](), Counter[str]()
    for name in TRADITIONAL:
        text = prose(corpus, name)[:1_000_000]
        traditional += Counter(text)
        for char, count in Counter(text).items():
            kanji[shapes.convert(char)] += count
    simp, trad = share(simplified), share(traditional)
    japanese, korean = (share(Counter(catalogues(name, options.packages))) for name in ("ja", "ko"))
    jp_trad = share(Counter({char: count for char, count in kanji.items() if re.match("[\u4e00-\u9fff]", char)}))
    tables: dict[str, np.ndarray] = {
        "ascii": ascii_bits(),
        "zh": costs((0.55, simp), (0.43, trad)),
        "hans": costs((0.85, simp), (0.13, trad)),
        "hant": costs((0.03, simp), (0.95, trad)),
        "ja": costs((0.6, japanese), (0.2, jp_trad), (0.18, trad)),
        "ko": costs((0.95, korean), (0.03, trad)),
    }
    alphabets = []
    for language in (*LATIN, *OTHER):
        text = catalogues(language, options.packages)
        text += text[: len(text) // 20].upper()  # headings: catalogues have hardly any
        if language == "vi":
            text = vietnamese(text)
        single, bits = letters(text, latin=language in LATIN)
        alphabets.append(share(Counter(text)))
        tables[f"letters_{language}"] = np.array([ord(char) for char in single], dtype=np.uint16)
        tables[f"pairs_{language}"] = bits
        if language in LATIN and language != "vi":
            tables[f"words_{language}"] = words(text)
        print(language, len(text), len(single))
    tables["any"] = costs(
        (0.3, simp), (0.25, trad), (0.15, japanese), (0.1, korean), *((0.2 / len(alphabets), row) for row in alphabets)
    )
    TARGET.parent.mkdir(exist_ok=True)
    write(tables)
    print(TARGET, TARGET.stat().st_size)


bits_of_unseen = block_prior()
PRIOR = np.where(np.arange(0x10000) < 0x80, 0, 2.0**-bits_of_unseen) / 0.02
if __name__ == "__main__":
    main()
