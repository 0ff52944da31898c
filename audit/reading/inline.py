"""Several encodings inside one line: a GBK field in a UTF-8 row, pieces glued together, single lost bytes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from audit.reading.board import NEVER
from audit.reading.candidates import BIT, DEAR, LOSS, MULTIBYTE, UTF8, Reading, score_losses, table
from audit.reading.columns import Marks
from audit.reading.fields import Fields, fields_of
from audit.reading.letters import Page
from audit.reading.scan import LOST, NATURAL_UTF8, Evidence, Judgement, choose, learn, price
from audit.reading.strays import ACCENT, NONE, WESTERN
from audit.reading.units import Units
from audit.reading.weave import CUT, SWITCH, Field, Piece, lossy, weave

HOPELESS = 10 * BIT  # cost of a byte in an encoding that does not take the field
USUAL = 4.0  # prior of the encodings that a piece may be in though the document showed none of them
AROUND = 4  # characters on each side of a dear place that are read anew with it
PROVEN = 24.0  # units of evidence for a page before a line that it takes is no longer looked at for lost bytes
SHORT = 96  # bytes; a field of that size is read anew as a whole
TRUST = 0.9  # of what was found inside a line
FEW = 6  # characters kept for each that was lost, in a field that is otherwise fine

Palette = tuple[Reading | Page, ...]


class Inline:
    """Takes suspect lines apart; keeps count of what it may still spend on a document."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.palettes: dict[tuple[str, Page | None], Palette] = {}

    def lines(self, lines: Units, starts: NDArray[np.int64], marks: Marks) -> None:
        """Marks where the pieces of each line begin, and the encoding that most of it is in around them."""
        fields = fields_of(lines, starts)
        board = price(fields.units, self.evidence)
        judged = choose(board, self.evidence)
        learn(judged, self.evidence)
        stray = board.strays() if self.evidence.mostly_utf8() else np.zeros(len(fields.owner), dtype=np.int8)
        lossy_costs = self._lossy_costs(fields, judged.suspect & (stray == NONE), judged)
        home = self._homes(fields, judged, lossy_costs, stray, len(starts))
        homes = home[fields.owner]
        kinds = marks.numbers(row.reading.codec for row in judged.rows)
        choice, chosen = self._choice(judged, kinds, kinds[homes])
        guest = self._guests(fields, judged, kinds, (kinds[choice] != kinds[homes]) & (stray == NONE), len(starts))
        if guest is not None:
            choice, chosen = self._choice(judged, kinds, kinds[homes], guest[fields.owner])
        odd = ((chosen >= NEVER) | judged.suspect) & (stray == NONE)
        marks.add(starts, kinds[home], np.full(len(starts), TRUST))
        whole = np.flatnonzero(~odd & (stray == NONE))
        first, second = fields.starts, fields.starts + fields.sizes
        fresh = [(first[whole], kinds[choice[whole]]), (second[whole], kinds[homes[whole]])]
        fresh += _accents(fields, stray, kinds[homes], marks)
        jobs: dict[Palette, list[Field]] = {}
        known: list[tuple[int, str]] = []  # where pieces begin in the file, and their codecs
        for at in np.flatnonzero(odd).tolist():
            codec = judged.rows[homes[at]].reading.codec
            own = judged.rows[choice[at]].reading if chosen[at] < NEVER else None
            rough = lossy_costs.get(at, {}).get(codec, NEVER) < chosen[at]
            place = int(first[at])
            parts = self._parts(fields.raw(at), place, codec, own, jobs, rough=rough)
            known += [(place + start, name) for start, end, name in parts if end > start]
        fresh.append((second[odd], kinds[homes[odd]]))
        fresh.append(
            (np.array([start for start, _ in known], dtype=np.int64), marks.numbers(name for _, name in known))
        )
        fresh += [
            (at, marks.numbers(codecs)) for at, codecs in (weave(some, palette) for palette, some in jobs.items())
        ]
        places, numbers = (np.concatenate(column) for column in zip(*fresh, strict=True))
        order = np.argsort(places, kind="stable")
        lost = marks.number(LOST)
        marks.add(places[order], numbers[order], np.where(numbers[order] == lost, 1.0, TRUST))

    def _choice(
        self,
        judged: Judgement,
        kinds: NDArray[np.int64],
        homes: NDArray[np.int64],
        guests: NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The row of each field, given the encoding of its line and the one that it has beside that, and its cost."""
        size = len(homes)
        least, chosen = np.full((2, size), NEVER, dtype=np.int64)
        choice = np.zeros(size, dtype=np.int64)
        for number, row in enumerate(judged.rows):
            away = int(self.evidence.prior(row.reading)) + SWITCH
            total = row.cost + np.where(homes[row.units] != kinds[number], away, 0)
            if guests is not None:  # a third encoding in one line
                total += np.where((homes[row.units] != kinds[number]) & (guests[row.units] != kinds[number]), SWITCH, 0)
            better = total < least[row.units]
            at = row.units[better]
            least[at], chosen[at], choice[at] = total[better], row.cost[better], number
        return choice, chosen

    def _guests(
        self, fields: Fields, judged: Judgement, kinds: NDArray[np.int64], away: NDArray[np.bool_], count: int
    ) -> NDArray[np.int64] | None:
        """The encoding that reads best all fields of each line that are not in its own; None where no line has two of them."""
        if not (np.bincount(fields.owner[away], minlength=count) > 1).any():
            return None
        sums = np.zeros((len(judged.rows), count), dtype=np.int64)
        for number, row in enumerate(judged.rows):
            cost = fields.sizes * HOPELESS + 2 * SWITCH
            cost[row.units] = np.minimum(cost[row.units], row.cost)
            sums[number] = np.bincount(fields.owner[away], weights=cost[away], minlength=count)
            sums[number] += int(self.evidence.prior(row.reading))
        best: NDArray[np.int64] = kinds[sums.argmin(axis=0)]
        return best

    def _lossy_costs(self, fields: Fields, suspect: NDArray[np.bool_], judged: Judgement) -> dict[int, dict[str, int]]:
        """For fields that no reading explains: what they cost in an encoding that is fine but for a byte or a cut character."""
        settled = self._proven_page()
        wanted = suspect.copy()
        for row in judged.rows if settled else ():
            wanted[row.units if row.reading == settled else ()] = False
        odd = np.flatnonzero(wanted).tolist()
        found: dict[int, dict[str, int]] = {at: {} for at in odd}
        joined = fields.units.take(np.array(odd, dtype=np.int64)).joined
        for reading in MULTIBYTE if odd else ():
            if reading.prior > USUAL and not self.evidence.counts.get(reading.codec):
                continue
            scores, lost = score_losses(joined, reading)
            rest = (scores.strange - lost * LOSS) / np.maximum(scores.foreign - lost, 1)
            fine = (rest <= NATURAL_UTF8) & ((lost * FEW <= scores.foreign) | (lost <= 1))
            cost = scores.cost - lost * (LOSS - CUT)
            for at, good, least in zip(odd, fine.tolist(), cost.tolist(), strict=True):
                if good:
                    found[at][reading.codec] = least
        return found

    def _homes(
        self,
        fields: Fields,
        judged: Judgement,
        lossy_costs: dict[int, dict[str, int]],
        stray: NDArray[np.int8],
        count: int,
    ) -> NDArray[np.int64]:
        """The reading that most of each line is in: one that loses least where none takes all."""
        sums = np.zeros((len(judged.rows), count), dtype=np.int64)
        odd = np.array(list(lossy_costs), dtype=np.int64)
        for number, row in enumerate(judged.rows):
            cost = fields.sizes * HOPELESS
            cost[row.units] = np.minimum(cost[row.units], row.cost)
            prices = [prices.get(row.reading.codec, NEVER) for prices in lossy_costs.values()]
            cost[odd] = np.minimum(cost[odd], np.array(prices, dtype=np.int64))
            sums[number] = np.bincount(fields.owner, weights=np.where(stray, 0, cost), minlength=count)
            sums[number] += int(self.evidence.prior(row.reading))
        best: NDArray[np.int64] = sums.argmin(axis=0)
        return best

    def _parts(
        self,
        raw: bytes,
        place: int,
        home: str,
        own: Reading | Page | None,
        jobs: dict[Palette, list[Field]],
        *,
        rough: bool,
    ) -> list[Piece]:
        """The pieces of a field that are known; the others are put among the jobs. `own` is a reading that takes all of it."""
        if rough:
            return lossy(raw, home)
        home, page = (own.codec, None) if isinstance(own, Reading) else (home, own)
        own = own if isinstance(own, Reading) else None
        if (home, page) not in self.palettes:
            self.palettes[home, page] = self._palette(home, page)
        palette = self.palettes[home, page]
        windows = self._windows(raw, own) if own and len(raw) > SHORT else [(0, len(raw))]
        out: list[Piece] = []
        at = 0
        for start, end in windows:
            out.append((at, start, home))
            if end - start <= self.evidence.budget:
                self.evidence.budget -= end - start
                field = Field(raw[start:end], place + start, home, end < len(raw))
                jobs.setdefault(palette, []).append(field)
            elif own:
                out.append((start, end, home))
            else:
                out += [(start + a, start + b, codec) for a, b, codec in lossy(raw[start:end], home)]
            at = end
        return [*out, (at, len(raw), home)]

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

    def _proven_page(self) -> Page | None:
        page = self.evidence.settled_page()
        return page if page and self.evidence.counts[page.codec] >= PROVEN else None

    def _palette(self, home: str, own: Page | None) -> Palette:
        """The encodings a piece may be in: those of the document, and the usual ones."""
        counts = self.evidence.counts
        limit = 0.0 if self._proven_page() else USUAL  # what looks like Han beside letters is a mark and a letter
        usual = [reading for reading in MULTIBYTE if reading.prior <= limit or reading.codec == home]
        usual += [reading for reading in MULTIBYTE if reading not in usual and counts.get(reading.codec)]
        pages = [page for page in self.evidence.pages if page.codec == home or counts.get(page.codec, 0) > 1]
        return (*usual, *pages[:2], *([own] if own else []))


def _accents(
    fields: Fields, stray: NDArray[np.int8], homes: NDArray[np.int64], marks: Marks
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Places and kinds of the pieces of fields that hold stray bytes alone."""
    for at in np.flatnonzero(stray).tolist():
        raw, place = fields.raw(at), int(fields.starts[at])
        pieces = lossy(raw, WESTERN if stray[at] == ACCENT else UTF8.codec)
        starts = [*(place + start for start, _, _ in pieces), place + len(raw)]
        kinds = marks.numbers(name for _, _, name in pieces)
        yield np.array(starts), np.append(kinds, homes[at])
