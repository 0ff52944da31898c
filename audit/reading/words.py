"""Words of languages in Latin script: where pairs of letters leave it open, a word that a language often has tells which page reads it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from audit.language.patterns import regex
from audit.reading.candidates import BIT, Costs, archive
from audit.reading.letters import CEDILLAS, LATIN_LANGUAGES, Page, alphabet

KNOWN = 10 * BIT  # what a word that the language often has speaks for it
LEAST = 3  # letters; two bytes are a Han character as well
WORD = regex(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
LONGEST = 14  # letters
LONELY = 8 * BIT  # a few letters of another script among Latin words; a Han character there is usual
FEW, MANY = 3, 4  # letters of the other script at most, and Latin ones for each of them at least
LATIN = regex(rb"[A-Za-z]")
HIGH = regex(rb"[\x80-\xff]")


@cache
def lexicon(language: str) -> frozenset[str]:
    """Frequent words of a language that have a letter outside ASCII, in small letters; none where they were not counted."""
    packed = archive().get(f"words_{language}")
    return frozenset() if packed is None else frozenset(packed.tobytes().decode("utf-8").split("\n"))


@cache
def _letters(page: Page) -> str:
    letters = [char.lower() if len(char.lower()) == 1 else char for char in alphabet(page.codec)]
    return "".join([CEDILLAS.get(char, char) if page.language == "ro" else char for char in letters])


def known_words(raw: bytes, page: Page) -> int:
    """How many different words of its language a unit holds, read as a page."""
    words = lexicon(page.language)
    letters = _letters(page)
    found = {match for match in WORD.findall(raw) if LEAST <= len(match) <= LONGEST} if words else set()
    return len(words.intersection(["".join([letters[byte] for byte in match]) for match in found]))


def speak_for(joined: bytes, pages: Sequence[Page]) -> Costs:
    """What the words of each unit speak for each page, shape (pages, units)."""
    units = joined.split(b"\n")[:-1]
    return np.array([[known_words(unit, page) for unit in units] for page in pages], dtype=np.int64) * KNOWN


def lonely(joined: bytes, pages: Sequence[Page]) -> Costs:
    """What it costs that a page of another script has few letters among Latin ones in a unit, shape (pages, units)."""
    units = joined.split(b"\n")[:-1]
    high = np.array([len(HIGH.findall(unit)) for unit in units], dtype=np.int64)
    latin = np.array([len(LATIN.findall(unit)) for unit in units], dtype=np.int64)
    other = np.array([page.language not in LATIN_LANGUAGES for page in pages])
    return other[:, None] * ((high <= FEW) & (latin >= MANY * high)) * LONELY
