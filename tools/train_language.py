"""Train the tables of `audit.language` from plain text and write them beside the package.

    train_language.py [--corpus FOLDER] [--out FOLDER] [--heldout]

FOLDER holds `*.txt` and `*.txt.xz`, one sentence or paragraph a line; `jieba`'s word list adds vocabulary. Same input,
same tables. `--heldout` writes nothing: it trains once per file with that file left out and prints its perplexity.
"""

from __future__ import annotations

import argparse
import lzma
import multiprocessing
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import language_tables
import ngrams
import numpy as np
import word_tables
from numpy.typing import NDArray

from audit.language.surprisal import STEP

HOME = Path(__file__).resolve().parent.parent
TABLES = HOME / "audit" / "language" / "tables"
# Statutes are plentiful and alike, news and encyclopaedias few: a genre's weight keeps one from drowning the rest.
WEIGHTS = {
    "law_simp": 0.3,
    "law_trad": 0.3,
    "tech_articles_simp": 0.5,
    "weekly_magazine_simp": 1.0,
    "literature_simp": 1.0,
    "news_simp": 3.0,
    "encyclopedia_trad": 3.0,
    "textbook_simp": 1.0,
    "classical_mixed": 0.2,
}
WORDS_WEIGHT = 0.1  # of the frequency in jieba's list
HELD_CHARS = 300_000
LINE_BREAK = 10
STRETCH = 100  # code points at most that words are told of together
Codes = NDArray[np.uint32]


def read(path: Path) -> Codes:
    raw = path.read_bytes()
    text = (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode("utf-8", "replace")
    return np.frombuffer(re.sub(r"\r\n?|\n+", "\n", text).encode("utf-32-le"), dtype=np.uint32)


def read_words() -> list[tuple[str, int]]:
    import jieba

    lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").split("\n")
    fields = [line.split(" ") for line in lines if line.count(" ") == 2]
    return [(word, int(frequency)) for word, frequency, _ in fields]


def train(corpora: Mapping[str, Codes], words: list[tuple[str, int]], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    fold = language_tables.fold_table()
    np.save(out / "fold.npy", fold)
    raw = np.array([language_tables.raw_class(code, fold) for code in range(0x10000)], dtype=np.uint16)
    weights = np.zeros(0x10000)
    for name, codes in corpora.items():
        weights += WEIGHTS.get(name, 1.0) * np.bincount(raw[np.minimum(codes, 0xFFFF)], minlength=0x10000)
    for word, frequency in words:
        for char in word:
            weights[raw[min(ord(char), 0xFFFF)]] += WORDS_WEIGHT * frequency
    tokens, sizes = language_tables.class_table(raw, weights)
    np.save(out / "tokens.npy", tokens)
    np.save(out / "forms.npy", language_tables.forms_table(tokens, corpora))
    counter = ngrams.Counter(len(sizes))
    for name, codes in corpora.items():
        counter.add_text(tokens[np.minimum(codes, 0x10000)], WEIGHTS.get(name, 1.0))
    for word, frequency in words:
        counter.add_word([int(tokens[min(ord(c), 0x10000)]) for c in word], WORDS_WEIGHT * frequency)
    tables = ngrams.build(counter, sizes)
    single = np.exp2(tables["unigram"].astype(np.float64) * -STEP)
    for table, array in {**tables, **word_tables.packed(words, tokens, single)}.items():
        np.save(out / f"{table}.npy", array)


def heldout(corpora: Mapping[str, Codes], words: list[tuple[str, int]]) -> None:
    print(
        f"perplexity{'':<14}"
        + "".join(f"{column:>10}" for column in ("pairs", "adapted", "triples", "+ words", "+ page"))
    )
    for name, held in corpora.items():
        rest = {other: codes for other, codes in corpora.items() if other != name}
        with tempfile.TemporaryDirectory() as folder:
            train(rest, words, Path(folder))
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                bits = pool.apply(measured, (Path(folder), held[:HELD_CHARS]))
        print(f"{name:<24}" + "".join(f"{2**one:>10.1f}" for one in bits), flush=True)


def measured(tables: Path, held: Codes) -> list[float]:
    """Bits a character of the second half of a text by those tables; "adapted" and "page" with what its first half holds.

    Runs in a process of its own, before any table is loaded.
    """
    from audit.language import adapt, store, surprise
    from audit.restore.page import count_grams
    from audit.restore.reader import chances

    store.shipped().folder = tables
    first, second = held[: len(held) // 2], held[len(held) // 2 :]
    begins = np.union1d(np.flatnonzero(second == LINE_BREAK), np.arange(0, len(second), STRETCH))
    sizes = np.diff(np.append(begins, len(second)))
    grams = count_grams(first)
    ways = surprise(second), surprise(second, adapt([first])), surprise(second, deep=True)
    return [float(bits.mean()) for bits in ways] + [
        float(-np.log2(chances(page, second, sizes)).mean()) for page in (None, grams)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", type=Path, default=HOME.parent / "shared" / "corpus")
    parser.add_argument("--out", type=Path, default=TABLES)
    parser.add_argument("--heldout", action="store_true")
    args = parser.parse_args()
    paths = sorted([*args.corpus.glob("*.txt"), *args.corpus.glob("*.txt.xz")])
    corpora = {path.name.split(".")[0]: read(path) for path in paths}
    if args.heldout:
        heldout(corpora, read_words())
        return
    train(corpora, read_words(), args.out)
    language_tables.write_readings(args.out, np.load(args.out / "fold.npy"))
    for path in sorted(args.out.iterdir()):
        print(f"{path.name:<24}{path.stat().st_size:>12,}")


if __name__ == "__main__":
    main()
