"""Alphabets in one byte a letter: which windows-125x, ISO-8859-x or KOI8 page fits, told by pairs of letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
from audit.reading.alphabets import (
    ACCENT,
    IS_ALPHABETIC,
    IS_APART,
    IS_BARE,
    IS_HIGH,
    IS_LETTER,
    IS_OPENING,
    IS_RAISED,
    IS_SIGN,
    classes,
    manners,
)
from audit.reading.candidates import BIT, INVALID, Costs, Scores, archive, tally
from audit.reading.units import Block

WEST = ("fr", "de", "es", "pt", "it", "sv", "fi", "da", "nb", "nl", "ca", "is")
PAGES: dict[str, tuple[str, ...]] = {  # codec: languages; a language's first page here is its usual one
    "cp1252": (*WEST, "et", "en"),
    "iso8859-15": (*WEST, "et"),
    "iso8859-1": WEST,
    "cp1251": ("ru", "uk", "bg", "sr", "mk", "be"),
    "koi8-r": ("ru",),
    "koi8-u": ("uk", "be"),
    "iso8859-5": ("ru", "uk", "bg", "sr", "mk", "be"),
    "cp1250": ("cs", "pl", "hu", "hr", "sk", "sl", "ro"),
    "iso8859-2": ("cs", "pl", "hu", "hr", "sk", "sl", "ro"),
    "iso8859-16": ("ro", "pl", "hu", "hr", "sl"),
    "cp1253": ("el",),
    "iso8859-7": ("el",),
    "cp1254": ("tr",),
    "iso8859-9": ("tr",),
    "cp1255": ("he",),
    "iso8859-8": ("he",),
    "cp1256": ("ar", "fa"),
    "iso8859-6": ("ar",),
    "cp1257": ("lt", "lv", "et"),
    "iso8859-13": ("lt", "lv", "et"),
    "iso8859-4": ("lt", "lv", "et"),
    "iso8859-10": ("is", "da", "nb", "sv", "fi", "lt", "lv", "et"),
    "iso8859-3": ("eo",),
    "iso8859-14": ("ga", "cy"),
    "cp1258": ("vi",),
    "cp874": ("th",),
    "iso8859-11": ("th",),
}
DOUBLED = 2 * BIT  # a letter outside ASCII behind itself: `ÅÅÅÅ`, `µµ`
WINDOWS_PRIOR = 3.0  # bits; pages of Windows are met far more often than those of ISO
ISO_PRIOR = 3.5
ODD_PRIOR = 8.0
DOS_PRIOR = 12.0  # pages that only chardet proposes
SPECIAL = {
    "cp1252": 1.0,  # met more often than all other pages together
    "cp1258": 12.0,  # tones are bytes of their own: a letter of any other language and a tone
}
MOST = 16 * BIT  # what any sign of a page may cost: seven bits tell which, the rest that it is foreign to the language
FOREIGN_WORD = 8 * BIT  # a Cyrillic letter beside a Latin one inside a word
LATIN_LANGUAGES = (
    *WEST,
    "en",
    "cs",
    "pl",
    "hu",
    "hr",
    "sk",
    "sl",
    "ro",
    "lt",
    "lv",
    "et",
    "tr",
    "eo",
    "ga",
    "cy",
    "vi",
)
MOST_OF_SIGN = 10 * BIT  # what a language's own quotation marks cost where it would have another
HIGH_BYTE, LAST_ASCII = 0x80, 0x7F
USUAL_ISO = frozenset(f"iso8859-{part}" for part in (1, 2, 5, 7, 8, 9, 13, 15))
USUAL = frozenset({*(f"cp{page}" for page in range(1250, 1258)), "cp874", "koi8-r", "koi8-u"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page of one byte a letter, read as one language."""

    codec: str
    language: str

    @property
    def prior(self) -> float:
        """Bits it costs to believe in it before anything is seen."""
        if self.codec in SPECIAL:
            return SPECIAL[self.codec]
        if self.codec in USUAL:
            return WINDOWS_PRIOR
        if self.codec in USUAL_ISO:
            return ISO_PRIOR
        return ODD_PRIOR if self.codec in PAGES else DOS_PRIOR


ALL = tuple(Page(codec, language) for codec, languages in PAGES.items() for language in languages)


@cache
def _penalties(*, latin: bool) -> NDArray[np.uint16]:
    """What it costs beyond its price how a character stands behind another, by what `manners` says of both."""
    before, after = np.arange(256)[:, None], np.arange(256)
    odd = [(IS_ALPHABETIC, IS_OPENING), (IS_BARE, IS_RAISED), (IS_APART, IS_ALPHABETIC)]
    if not latin:  # a word is written in one script
        odd += [(IS_LETTER, IS_HIGH), (IS_HIGH, IS_LETTER)]
    met: NDArray[np.uint16] = np.add.reduce(
        [((before & one) > 0) & ((after & other) > 0) for one, other in odd], dtype=np.uint16
    )
    return met * np.uint16(FOREIGN_WORD)


def prices_of(page: Page, before: NDArray[np.integer], after: NDArray[np.integer]) -> NDArray[np.uint16]:
    """Price of bytes after others; two ASCII characters cost what they do anywhere."""
    kinds, inner = classes(page.codec, page.language)
    marks, cost = manners(page.codec), inner[after]
    prices: NDArray[np.uint16] = archive()[f"pairs_{page.language}"][kinds[before], kinds[after]] + cost
    np.minimum(prices, MOST, out=prices, where=cost < ACCENT)
    np.minimum(prices, MOST_OF_SIGN, out=prices, where=(marks & IS_SIGN)[after] > 0)
    np.minimum(prices, DOUBLED, out=prices, where=(before == after) & (before >= HIGH_BYTE) & (prices < INVALID))
    prices += _penalties(latin=page.language in LATIN_LANGUAGES)[marks[before], marks[after]]
    np.copyto(prices, archive()["ascii"][after & LAST_ASCII], where=(before | after) < HIGH_BYTE)
    return prices


@cache
def pair_prices(page: Page) -> NDArray[np.uint16]:
    """Price of each byte after each other, flat, index `before << 8 | byte`."""
    every = np.arange(256)
    flat: NDArray[np.uint16] = prices_of(page, every[:, None], every).ravel()
    return flat


@cache
def _asciipairs_of(language: str) -> NDArray[np.int16]:
    """Price of an ASCII character after another in a language, shape (128, 128), but for what is the same in all of them."""
    kinds = classes("latin-1", language)[0][:HIGH_BYTE]
    prices: NDArray[np.int16] = archive()[f"pairs_{language}"][np.ix_(kinds, kinds)].astype(np.int16)
    return prices


@cache
def _asciipairs() -> NDArray[np.float64]:
    """The same on average of all languages of Latin script."""
    usual: NDArray[np.float64] = np.mean([_asciipairs_of(other) for other in LATIN_LANGUAGES], axis=0)
    return usual


@cache
def tongue(language: str) -> NDArray[np.int16]:
    """How much dearer than in other languages of Latin script each pair of ASCII characters is, flat as `pair_prices`; halved."""
    flat = np.zeros((256, 256), dtype=np.int16)
    if language in LATIN_LANGUAGES:
        flat[:HIGH_BYTE, :HIGH_BYTE] = (_asciipairs_of(language) - _asciipairs()) / 2
    return flat.ravel()


def tongues(joined: bytes, pages: list[Page]) -> Costs:
    """What the ASCII letters of each unit say against the language of each page, shape (pages, units), least 0.

    Only pages compete over that; other encodings take ASCII as it is.
    """
    codes = np.frombuffer(joined, dtype=np.uint8)
    if kernels:
        rows = np.empty((len(pages), joined.count(b"\n")), dtype=np.int64)
        for row, page in zip(rows, pages, strict=True):
            kernels.sum_pairs(codes, tongue(page.language), row)
        compiled: Costs = rows - rows.min(axis=0)
        return compiled
    index = pairs_of(codes)
    ends = np.flatnonzero(codes == 10)
    rows = np.stack([np.diff(np.cumsum(tongue(page.language)[index])[ends], prepend=0) for page in pages])
    least: Costs = rows - rows.min(axis=0)
    return least


def pairs_of(codes: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Each byte with the one before it, as `before << 8 | byte`; LF stands before the first."""
    index = codes.astype(np.uint16)
    index[1:] |= codes[:-1].astype(np.uint16) << 8
    index[0] |= 10 << 8
    return index


def score_page(block: Block, page: Page) -> Scores:
    """As `pairs.score_pairs`."""
    if kernels:
        found, rows = Scores.blank(block.count)
        kernels.price_letters(block.raw, pair_prices(page), rows, found.valid)
        return found
    codes = np.frombuffer(block.raw, dtype=np.uint8)
    if "letters" not in block.layouts:
        block.layouts["letters"] = pairs_of(codes), np.flatnonzero(codes == 10), codes >= 0x80
    index, ends, foreign = block.layouts["letters"]
    prices = pair_prices(page).take(index)
    return tally(ends, prices, foreign, np.flatnonzero(prices >= INVALID))
