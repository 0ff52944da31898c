"""Words of languages in Latin script: where pairs of letters leave it open, a word that a language often has tells which page reads it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from audit.language.patterns import regex
from audit.reading.alphabets import CEDILLAS
from audit.reading.candidates import BIT, Costs, archive
from audit.reading.letters import LATIN_LANGUAGES, Page

KNOWN = 10 * BIT  # what a word that the language often has speaks for it
LEAST = 3  # letters; two bytes are a Han character as well
WORD = regex(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
LONGEST = 14  # letters
LONELY = 8 * BIT  # a few letters of another script among Latin words; a Han character there is usual
FEW, MANY = 3, 4  # letters of the other script at most, and Latin ones for each of them at least
LATIN = regex(rb"[A-Za-z]")
COMMAS = str.maketrans(CEDILLAS)
HIGH = regex(rb"[\x80-\xff]")


@cache
def lexicon(language: str) -> frozenset[str]:
    """Frequent words of a language that have a letter outside ASCII, in small letters; none where they were not counted."""
    packed = archive().get(f"words_{language}")
    return frozenset() if packed is None else frozenset(packed.tobytes().decode("utf-8").split("\n"))


def words_in(raw: bytes) -> set[bytes]:
    """The different words with bytes outside ASCII, long enough to tell."""
    return {match for match in WORD.findall(raw) if LEAST <= len(match) <= LONGEST}


def known_words(found: set[bytes], page: Page) -> int:
    """How many of the words are of the page's language, read so."""
    words = lexicon(page.language)
    return len(words.intersection(_read(b"\n".join(found), page))) if words else 0


def _read(joined: bytes, page: Page) -> list[str]:
    """Words, each on a line, as the page reads them, in small letters."""
    text = joined.decode(page.codec, "replace").lower()
    return (text.translate(COMMAS) if page.language == "ro" else text).split("\n")


def speak_for(joined: bytes, pages: Sequence[Page]) -> Costs:
    """What the words of each unit speak for each page, shape (pages, units)."""
    units = [words_in(unit) for unit in joined.split(b"\n")[:-1]]
    owner = [number for number, words in enumerate(units) for _ in words]
    together = b"\n".join([word for words in units for word in words])
    counts = np.zeros((len(pages), len(units)), dtype=np.int64)
    for row, page in zip(counts, pages, strict=True):
        words = lexicon(page.language) if owner else ()
        if words:
            known = {pair for pair in zip(owner, _read(together, page), strict=True) if pair[1] in words}
            np.add.at(row, [number for number, _ in known], 1)
    return counts * KNOWN


def lonely(joined: bytes, pages: Sequence[Page]) -> Costs:
    """What it costs that a page of another script has few letters among Latin ones in a unit, shape (pages, units)."""
    units = joined.split(b"\n")[:-1]
    high = np.array([len(HIGH.findall(unit)) for unit in units], dtype=np.int64)
    latin = np.array([len(LATIN.findall(unit)) for unit in units], dtype=np.int64)
    other = np.array([page.language not in LATIN_LANGUAGES for page in pages])
    return other[:, None] * ((high <= FEW) & (latin >= MANY * high)) * LONELY
