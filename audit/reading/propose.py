"""Which pages of letters a sample may be in: ours by their prices, and where that leaves doubt, what chardet takes it for."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audit.language.spots import distinct
from audit.reading.alphabets import letters_of, undefined
from audit.reading.candidates import BIT, has_language
from audit.reading.letters import ALL, Page, pair_prices, pairs_of, prices_of, tongue
from audit.reading.words import KNOWN, known_words, words_in

PRINTABLE = bytes(range(0x20, 0x7F))
CHARDET_SAMPLE = 1 << 12  # bytes
UNSURE = 12 * BIT  # lead of the best page over the next
DEAR_PAGE = 13 * BIT // 2  # a letter; 3 to 5 in its own language
CHARDET_GUESSES = 3
FEW_PAIRS = 1 << 10  # as long as making the table of a page takes
LIKELY = 16  # pages whose words are looked up


def propose(sample: bytes, limit: int = 4, *, widely: bool = True) -> list[Page]:
    """The pages that fit a sample best, best first; of pages that read it alike only the more usual.

    Where none fits well, or several do, chardet is asked for more, if the search is to go `widely`.
    """
    found = words_in(sample[:CHARDET_SAMPLE])
    index = pairs_of(np.frombuffer(sample, dtype=np.uint8))
    pairs = np.bincount(index, minlength=0x10000)
    seen = np.flatnonzero(pairs)
    counts = pairs[seen].astype(np.int64)
    beyond = (seen | seen << 8) >= 0x8000  # two ASCII characters cost the same in all pages, but for the language
    high, often = seen[beyond], counts[beyond]
    plain, plainly = seen[~beyond], counts[~beyond]
    tongues: dict[str, int] = {}
    bytes_seen = distinct(seen & 0xFF)
    bytes_seen = bytes_seen[bytes_seen >= 0x80]

    def rank(pages: Iterable[Page]) -> list[tuple[float, Page]]:
        fitting = [page for page in pages if not undefined(page.codec)[bytes_seen].any()]
        for language in {page.language for page in fitting}.difference(tongues):
            tongues[language] = int(tongue(language)[plain].astype(np.int64) @ plainly)
        weights = [int(_prices(page, high).astype(np.int64) @ often) for page in fitting]
        costs = [
            weight + tongues[page.language] + page.prior * BIT for weight, page in zip(weights, fitting, strict=True)
        ]
        ranked = sorted(zip(costs, fitting, strict=True), key=lambda pair: pair[0])
        said = [(cost - KNOWN * known_words(found, page), page) for cost, page in ranked[:LIKELY]]
        return sorted(said, key=lambda pair: pair[0]) + ranked[LIKELY:]

    ranked = _distinct(rank(ALL), bytes_seen)
    foreign = (seen & 0xFF) >= 0x80
    unsure = len(ranked) < 2 or ranked[1][0] - ranked[0][0] < UNSURE
    limit_of_all = DEAR_PAGE * counts[foreign].sum()
    if widely and (unsure or _prices(ranked[0][1], seen[foreign]) @ counts[foreign] > limit_of_all):
        more = [page for page in by_chardet(sample) if page not in ALL]
        ranked = _distinct(sorted(ranked + rank(more), key=lambda pair: pair[0]), bytes_seen)
    return [page for _, page in ranked[:limit]]


def _prices(page: Page, pairs: NDArray[np.int64]) -> NDArray[np.uint16]:
    """Prices of pairs: looked up in the page's table, which is not made for a few of them."""
    return prices_of(page, pairs >> 8, pairs & 0xFF) if len(pairs) <= FEW_PAIRS else pair_prices(page)[pairs]


def _distinct(ranked: list[tuple[float, Page]], seen: NDArray[np.int64]) -> list[tuple[float, Page]]:
    """Of pages that read the bytes seen alike only the first."""
    looks: dict[bytes, tuple[float, Page]] = {}
    for cost, page in ranked:
        looks.setdefault(letters_of(page.codec)[seen].tobytes(), (cost, page))
    return list(looks.values())


def by_chardet(sample: bytes) -> list[Page]:
    """What chardet takes a sample for, where that is a page of letters: pages of DOS and Macintosh among them."""
    import chardet  # noqa: PLC0415 - only files that are in no encoding of Han, kana or Hangul need it

    found = []
    for guess in chardet.detect_all(sample[:CHARDET_SAMPLE], ignore_threshold=True)[:CHARDET_GUESSES]:
        language = {"no": "nb"}.get(guess["language"] or "", guess["language"])
        try:
            name = codecs.lookup(guess["encoding"] or "").name
        except LookupError:
            continue
        if has_language(str(language)) and _is_page(name):
            found.append(Page(name, str(language)))
    return found


@cache
def _is_page(codec: str) -> bool:
    """Whether a codec has one byte a letter and ASCII below."""
    try:
        return PRINTABLE.decode(codec).encode("ascii") == PRINTABLE and len((b"\xe0" * 4).decode(codec, "replace")) == 4
    except UnicodeError:
        return False
