"""Alphabets in one byte a letter: which windows-125x, ISO-8859-x or KOI8 page fits, told by pairs of letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
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
UNUSUAL = 27 * BIT  # C1 controls: nobody writes them
RARE = 8 * BIT  # one of some two hundred signs that the language hardly uses
WINDOWS_PRIOR = 3.0  # bits; pages of Windows are met far more often than those of ISO
ISO_PRIOR = 3.5
ODD_PRIOR = 8.0
DOS_PRIOR = 12.0  # pages that only chardet proposes
VIETNAMESE_PRIOR = 12.0  # its tones are bytes of their own: a letter of any other language and a tone
MOST = 16 * BIT  # what any sign of a page may cost: seven bits tell which, the rest that it is foreign to the language
CEDILLAS = dict(zip("şţŞŢ", "șțȘȚ", strict=True))  # Romanian, before and after Unicode told them apart
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
OPENING = frozenset("¡¿")  # never behind a letter
RAISED = frozenset("ªº¹²³")  # never but behind a letter, a digit, or ...
CLOSING = frozenset(")]}>")
APART = frozenset("®©§€×")  # never before a letter
ACCENTS = frozenset("´¨¸¯ˇ˘˛˝˙")  # without a letter: nobody writes them
ACCENT = 20 * BIT
NO_BREAK = "\u00a0"
SIGNS = frozenset("‘’‚“”„…–—«»·×°§©®€")  # stand between words in every language
SIGN = 6 * BIT
MOST_OF_SIGN = 10 * BIT  # what a language's own quotation marks cost where it would have another
NO_BREAK_COST = 2 * BIT  # beyond a blank: a text that has one has many
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
        if self.codec == "cp1258":
            return VIETNAMESE_PRIOR
        if self.codec in USUAL:
            return WINDOWS_PRIOR
        if self.codec in USUAL_ISO:
            return ISO_PRIOR
        return ODD_PRIOR if self.codec in PAGES else DOS_PRIOR


ALL = tuple(Page(codec, language) for codec, languages in PAGES.items() for language in languages)


@cache
def alphabet(codec: str) -> str:
    """The 256 characters of a page; U+FFFF where a byte means nothing."""
    return "".join(bytes([byte]).decode(codec, "replace").replace("\ufffd", "\uffff") for byte in range(256))


@cache
def classes(page: Page) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Class of each byte in the language's table, and what the byte costs within its class."""
    tables = archive()
    single = {chr(code): 6 + at for at, code in enumerate(tables[f"letters_{page.language}"])}
    ascii_cost = tables["ascii"]
    kinds = np.zeros(256, dtype=np.uint8)
    inner = np.zeros(256, dtype=np.uint16)
    for byte, letter in enumerate(alphabet(page.codec)):
        char = CEDILLAS.get(letter, letter) if page.language == "ro" else letter
        if char in single:
            kinds[byte] = single[char]
        elif not char.isascii():
            kinds[byte], inner[byte] = _unusual(char)
        elif char.isspace() or char < " ":
            kinds[byte], inner[byte] = 0, max(0, int(ascii_cost[byte]) - 3 * BIT)
        elif char.isdigit():
            kinds[byte], inner[byte] = 1, 3 * BIT
        elif char.isalpha():
            kinds[byte], inner[byte] = (3, 4 * BIT) if char.isupper() else (4, 4 * BIT)
        else:
            kinds[byte], inner[byte] = 2, 3 * BIT
    return kinds, inner


def _unusual(char: str) -> tuple[int, int]:
    """Class and cost of a character outside ASCII that the language has no class for."""
    if char == "\uffff":
        return 5, INVALID
    if char == NO_BREAK:
        return 0, NO_BREAK_COST
    if char in SIGNS:
        return 2, SIGN
    if char in ACCENTS:
        return 5, ACCENT
    return 5, UNUSUAL if "\x80" <= char < NO_BREAK else RARE


@cache
def pair_prices(page: Page) -> NDArray[np.uint16]:
    """Price of a byte after another, flat, index `before << 8 | byte`; two ASCII characters cost what they do anywhere."""
    tables = archive()
    kinds, inner = classes(page)
    prices = tables[f"pairs_{page.language}"][np.ix_(kinds, kinds)].astype(np.uint16) + inner
    np.minimum(prices, MOST, out=prices, where=inner < ACCENT)
    chars = np.array(list(alphabet(page.codec)))
    signs = np.isin(chars, list(SIGNS))
    prices[:, signs] = np.minimum(prices[:, signs], MOST_OF_SIGN)
    high_bytes = np.arange(0x80, 0x100)
    doubled = prices[high_bytes, high_bytes]
    prices[high_bytes, high_bytes] = np.where(doubled < INVALID, np.minimum(doubled, DOUBLED), doubled)
    if page.language not in LATIN_LANGUAGES:  # a word is written in one script
        letter = np.array([chr(byte).isalpha() for byte in range(0x80)])
        high = np.array([char.isalpha() for char in alphabet(page.codec)])
        high[:0x80] = False
        prices[np.ix_(np.flatnonzero(letter), np.flatnonzero(high))] += FOREIGN_WORD
        prices[np.ix_(np.flatnonzero(high), np.flatnonzero(letter))] += FOREIGN_WORD
    alphabetic = np.char.isalpha(chars) & ~np.isin(chars, list(RAISED))
    prices[np.ix_(alphabetic, np.isin(chars, list(OPENING)))] += FOREIGN_WORD
    bare = ~np.char.isalnum(chars) & ~np.isin(chars, list(CLOSING))
    prices[np.ix_(bare, np.isin(chars, list(RAISED)))] += FOREIGN_WORD
    prices[np.ix_(np.isin(chars, list(APART)), alphabetic)] += FOREIGN_WORD
    prices[:0x80, :0x80] = tables["ascii"]
    flat: NDArray[np.uint16] = prices.ravel()
    return flat


@cache
def _asciipairs_of(language: str) -> NDArray[np.int16]:
    """Price of an ASCII character after another in a language, shape (128, 128), but for what is the same in all of them."""
    kinds = classes(Page("latin-1", language))[0][:0x80]
    prices: NDArray[np.int16] = archive()[f"pairs_{language}"][np.ix_(kinds, kinds)].astype(np.int16)
    return prices


@cache
def tongue(language: str) -> NDArray[np.int16]:
    """How much dearer than in other languages of Latin script each pair of ASCII characters is, flat as `pair_prices`; halved."""
    flat = np.zeros((256, 256), dtype=np.int16)
    if language in LATIN_LANGUAGES:
        usual = np.mean([_asciipairs_of(other) for other in LATIN_LANGUAGES], axis=0)
        flat[:0x80, :0x80] = (_asciipairs_of(language) - usual) / 2
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
