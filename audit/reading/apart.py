"""Fields that are in no one encoding, or in none: read piece by piece where the document may still spend that, else in one codec with losses."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audit.language.patterns import regex
from audit.reading.board import NATURAL
from audit.reading.candidates import BIT, DEAR, LOSS, MULTIBYTE, UTF8, Reading, table
from audit.reading.columns import Marks
from audit.reading.evidence import Evidence
from audit.reading.fields import Fields
from audit.reading.letters import Page
from audit.reading.lossy import lossy_fields
from audit.reading.readings import is_utf8
from audit.reading.torn import score_losses
from audit.reading.units import Units, unit_ends
from audit.reading.weave import Windows, weave

USUAL = 4.0  # prior of the encodings that a piece may be in though the document showed none of them
AROUND = 4  # characters on each side of a dear place that are read anew with it
PROVEN = 24.0  # units of evidence for a page before a line that it takes is no longer looked at for lost bytes
BIG = 1 << 12  # bytes; a field beyond what may be spent is read in long stretches from that size on
STRETCH = regex(
    rb"(?:[\xe1-\xec\xee\xef][\x80-\xbf]{2}){16,}"
)  # of UTF-8; GBK has three in a row by chance in one line of a hundred
MANY = 16  # characters kept for each that was lost
SHORT = 96  # bytes; a field of that size is read anew as a whole

Numbers = NDArray[np.int64]
Pieces = tuple[Numbers, Numbers]  # where they begin in the file, and the numbers of their codecs
Palette = tuple[Reading | Page, ...]


def pieces_of(found: tuple[Numbers, NDArray[np.integer], Sequence[str]], marks: Marks) -> Pieces:
    """Where pieces begin, and which of the names each has, with the numbers that the names have in the file."""
    places, which, names = found
    return places, marks.numbers(names)[which]


def proven_page(evidence: Evidence) -> Page | None:
    """The page that the document is in, once much of it was."""
    page = evidence.settled_page()
    return page if page and evidence.counts[page.codec] >= PROVEN else None


def _likeliest(raw: bytes, home: Reading | Page) -> Reading | Page:
    """The encoding that makes plain text of bytes and loses few of them, the home of their line if none does."""
    if is_utf8(raw):
        return UTF8
    best, least = home, math.inf
    units = Units(raw + b"\n", np.array([len(raw)]))
    for reading in MULTIBYTE[1:]:
        (scores, lost), cost = score_losses(units, reading), reading.prior * BIT
        gone, foreign = int(lost[0]), int(scores.foreign[0])
        plain = scores.strange[0] - gone * LOSS <= NATURAL * (foreign - gone) and gone * MANY <= foreign
        if plain and scores.cost[0] + cost < least:
            best, least = reading, float(scores.cost[0] + cost)
    return best


@dataclass(frozen=True, slots=True)
class Odd:
    """Fields to take apart, in columns: their numbers, the reading of the line, one that takes the whole field or -1, and whether to read it with losses."""

    fields: Numbers
    homes: Numbers
    owns: Numbers
    rough: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Spans:
    """Parts of odd fields: the number among those, first and last byte within the field, and the bytes that the field has."""

    odd: Numbers
    starts: Numbers
    stops: Numbers
    sizes: Numbers

    def take(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Spans:
        """Only some of them."""
        return Spans(self.odd[chosen], self.starts[chosen], self.stops[chosen], self.sizes[chosen])


class Apart:
    """Takes fields apart; `readings` are those that numbers in Odd mean."""

    def __init__(self, fields: Fields, readings: Sequence[Reading | Page], evidence: Evidence, marks: Marks) -> None:
        self.fields, self.readings, self.evidence, self.marks = fields, readings, evidence, marks
        self.double = np.array([isinstance(reading, Reading) for reading in readings] + [False])  # -1 is none

    def pieces(self, odd: Odd) -> Iterator[Pieces]:
        """Where the pieces of all of them begin."""
        sizes = self.fields.sizes[odd.fields]
        rough = np.flatnonzero(odd.rough)
        yield from self._lossy(odd, Spans(rough, 0 * rough, sizes[rough], sizes[rough]))
        long = self.double[odd.owns] & (sizes > SHORT) & ~odd.rough
        whole = np.flatnonzero(~odd.rough & ~long)
        spans, gaps = self._long(odd, np.flatnonzero(long))
        yield gaps
        parts = zip((whole, 0 * whole, sizes[whole], sizes[whole]), spans, strict=True)
        joined = Spans(*(np.concatenate(part) for part in parts))
        joined = joined.take(np.lexsort((joined.starts, joined.odd)))
        may = self._afford(joined)
        yield from self._woven(odd, joined.take(may))
        rest = joined.take(~may)
        owned = self.double[odd.owns[rest.odd]]
        big = ~owned & (rest.stops - rest.starts > BIG)
        yield from self._glued(odd, rest.take(big))
        yield from self._lossy(odd, rest.take(~owned & ~big))
        rest = rest.take(owned)
        yield self._places(odd, rest), self._kinds(odd.owns[rest.odd])

    def _afford(self, spans: Spans) -> NDArray[np.bool_]:
        """Which of them the document may still spend the time on, in their order."""
        may = []
        for size in (spans.stops - spans.starts).tolist():
            may.append(size <= self.evidence.budget)
            self.evidence.budget -= size if may[-1] else 0
        return np.array(may, dtype=bool)

    def _places(self, odd: Odd, spans: Spans) -> Numbers:
        places: Numbers = self.fields.starts[odd.fields[spans.odd]] + spans.starts
        return places

    def _kinds(self, readings: Numbers) -> Numbers:
        """The numbers of their codecs."""
        return self.marks.numbers(reading.codec for reading in self.readings)[readings]

    def _units(self, odd: Odd, spans: Spans) -> Units:
        """The bytes of spans."""
        if (spans.stops - spans.starts == spans.sizes).all():
            return self.fields.units.take(odd.fields[spans.odd])
        numbers = odd.fields[spans.odd].tolist()
        parts = zip(numbers, spans.starts.tolist(), spans.stops.tolist(), strict=True)
        joined = b"".join([self.fields.raw(at)[start:stop] + b"\n" for at, start, stop in parts])
        return Units(joined, unit_ends(joined))

    def _lossy(self, odd: Odd, spans: Spans) -> Iterator[Pieces]:
        """All of them in the encodings of their lines."""
        homes = odd.homes[spans.odd]
        for home in np.unique(homes).tolist():
            some = spans.take(homes == home)
            units, places = self._units(odd, some), self._places(odd, some)
            yield pieces_of(lossy_fields(units, places, self.readings[home]), self.marks)

    def _glued(self, odd: Odd, spans: Spans) -> Iterator[Pieces]:
        """Long stretches of UTF-8, and what stands between them in the encoding that loses least of it."""
        for at in range(len(spans.odd)):
            span = spans.take(np.array([at]))
            raw, place = self._units(odd, span).joined[:-1], int(self._places(odd, span)[0])
            home = self.readings[int(odd.homes[span.odd[0]])]
            edges = [edge for match in STRETCH.finditer(raw) for edge in match.span()]
            for number, (start, stop) in enumerate(pairwise((0, *edges, len(raw)))):
                if start < stop:
                    reading = UTF8 if number % 2 else _likeliest(raw[start:stop], home)
                    units = Units(raw[start:stop] + b"\n", np.array([stop - start]))
                    yield pieces_of(lossy_fields(units, np.array([place + start]), reading), self.marks)

    def _woven(self, odd: Odd, spans: Spans) -> Iterator[Pieces]:
        """The cheapest way to read each piece by piece: those of one palette together."""
        own = odd.owns[spans.odd]
        homes = np.where(self.double[own], own, odd.homes[spans.odd])
        pages = np.where(self.double[own], -1, own)
        keys = homes * (len(self.readings) + 1) + pages + 1
        for key in np.unique(keys).tolist():
            some = spans.take(keys == key)
            home, page = divmod(key, len(self.readings) + 1)
            own_page = self.readings[page - 1] if page else None
            codec = self.readings[home].codec
            windows = Windows(self._units(odd, some), self._places(odd, some), some.stops < some.sizes, codec)
            palette = self._palette(codec, own_page if isinstance(own_page, Page) else None)
            yield pieces_of(weave(windows, palette), self.marks)

    def _long(self, odd: Odd, long: Numbers) -> tuple[tuple[Numbers, ...], Pieces]:
        """Of long fields that one encoding takes: the spans where that is dear, and where the rest begins."""
        spans: list[tuple[int, int, int, int]] = []
        gaps: list[tuple[int, int]] = []
        for at in long.tolist():
            raw, own = self.fields.raw(int(odd.fields[at])), int(odd.owns[at])
            place, end = int(self.fields.starts[odd.fields[at]]), 0
            reading = self.readings[own]
            for start, stop in self._windows(raw, reading) if isinstance(reading, Reading) else ():
                spans.append((at, start, stop, len(raw)))
                if start > end:
                    gaps.append((place + end, own))
                end = stop
            if len(raw) > end:
                gaps.append((place + end, own))
        columns = np.array(spans, dtype=np.int64).reshape(-1, 4).T
        places, owns = np.array(gaps, dtype=np.int64).reshape(-1, 2).T
        return tuple(columns), (places, self._kinds(owns))

    def _windows(self, raw: bytes, own: Reading) -> list[tuple[int, int]]:
        """Where a field is dear, in bytes, with its surroundings."""
        text = raw.decode(own.codec)
        prices = table(own.table)[np.minimum(np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32), 0xFFFF)]
        three = prices.astype(np.int64)
        three[:-2] += prices[1:-1]
        three[:-2] += prices[2:]
        dear = np.flatnonzero(three > DEAR).tolist() or range(len(text))
        spans: list[tuple[int, int]] = []
        for at in dear:
            start, end = max(0, at - AROUND), min(len(text), at + 3 + AROUND)
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return [(len(text[:start].encode(own.codec)), len(text[:end].encode(own.codec))) for start, end in spans]

    def _palette(self, home: str, own: Page | None) -> Palette:
        """The encodings a piece may be in: those of the document, and the usual ones."""
        counts = self.evidence.counts
        limit = (
            0.0 if proven_page(self.evidence) else USUAL
        )  # what looks like Han beside letters is a mark and a letter
        usual = [reading for reading in MULTIBYTE if reading.prior <= limit or reading.codec == home]
        usual += [reading for reading in MULTIBYTE if reading not in usual and counts.get(reading.codec)]
        pages = [page for page in self.evidence.pages if page.codec == home or counts.get(page.codec, 0) > 1]
        return (*usual, *pages[:2], *([own] if own else []))
