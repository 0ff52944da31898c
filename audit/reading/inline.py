"""Several encodings inside one line: a GBK field in a UTF-8 row, pieces glued together, single lost bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.reading.candidates import BIT, DEAR, LOSS, LOST_MARK, MULTIBYTE, Reading, score, table
from audit.reading.letters import Page
from audit.reading.scan import NATURAL_UTF8, NEVER, Evidence, Judgement, judge, learn, unit_ends
from audit.reading.weave import CUT, SWITCH, Piece, lossy, merge, weave

HOPELESS = 10 * BIT  # cost of a byte in an encoding that does not take the field
USUAL = 4.0  # prior of the encodings that a piece may be in though the document showed none of them
AROUND = 4  # characters on each side of a dear place that are read anew with it
PROVEN = 24.0  # units of evidence for a page before a line that it takes is no longer looked at for lost bytes
FEW = 6  # characters kept for each that was lost, in a field that is otherwise fine
SEPARATORS = bytes(b for b in range(0x40) if not 0x30 <= b <= 0x39)  # never the trail byte of any codec here
FIELDS = bytes(10 if byte in SEPARATORS else byte for byte in range(256))


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of some lines that hold bytes outside ASCII; `owner` and `starts` tell their line and place in it."""

    raws: list[bytes]
    owner: NDArray[np.int64]
    starts: list[int]

    def joined(self, chosen: Sequence[int]) -> bytes:
        """The chosen ones as units."""
        return b"".join(self.raws[at] + b"\n" for at in chosen)


def fields_of(lines: Sequence[bytes]) -> Fields:
    """Lines cut at bytes that are never part of a character."""
    joined = b"".join(line + b"\n" for line in lines)
    cut = joined.translate(FIELDS)
    ends = unit_ends(cut)
    starts = np.concatenate([[0], ends[:-1] + 1])
    live = np.flatnonzero(np.maximum.reduceat(np.frombuffer(cut, dtype=np.uint8), starts) >= 0x80)
    breaks = unit_ends(joined)
    owner = np.searchsorted(breaks, starts[live])
    offsets = np.concatenate([[0], breaks[:-1] + 1])[owner]
    bounds = zip(starts[live].tolist(), ends[live].tolist(), strict=True)
    return Fields([joined[a:b] for a, b in bounds], owner, (starts[live] - offsets).tolist())


class Inline:
    """Takes suspect lines apart; keeps count of what it may still spend on a document."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def lines(self, lines: Sequence[bytes]) -> list[tuple[list[Piece], str]]:
        """The pieces of each line, and the encoding that most of it is in."""
        fields = fields_of(lines)
        judged = judge(fields.joined(range(len(fields.raws))), self.evidence)
        learn(judged, self.evidence)
        lossy_costs = self._lossy_costs(fields, judged)
        home = self._homes(fields, judged, lossy_costs, len(lines))
        homes = np.array(home)[fields.owner]
        names = np.array([reading.codec for reading in judged.readings])
        priors = np.array([self.evidence.prior(reading) for reading in judged.readings]).astype(np.int64)
        total = judged.costs + np.where(names[:, None] == homes, 0, priors[:, None] + SWITCH)
        choice = total.argmin(axis=0)
        chosen = judged.costs[choice, np.arange(len(choice))]
        out: list[list[Piece]] = [[] for _ in lines]
        for at, raw in enumerate(fields.raws):
            own = judged.readings[choice[at]] if chosen[at] < NEVER else None
            if own is None or judged.suspect[at]:
                rough = lossy_costs.get(at, {}).get(str(homes[at]), NEVER) < chosen[at]
                pieces = lossy(raw, str(homes[at])) if rough else self.field(raw, str(homes[at]), own)
            else:
                pieces = [(0, len(raw), own.codec)]
            start = fields.starts[at]
            out[fields.owner[at]] += [(start + a, start + b, codec) for a, b, codec in pieces]
        return [(_fill(pieces, len(line), own), own) for pieces, line, own in zip(out, lines, home, strict=True)]

    def _lossy_costs(self, fields: Fields, judged: Judgement) -> dict[int, dict[str, int]]:
        """For fields that no reading explains: what they cost in an encoding that is fine but for a byte or a cut character."""
        settled = self.evidence.settled_page()
        if settled and self.evidence.counts[settled.codec] < PROVEN:
            settled = None
        taken = judged.costs[judged.readings.index(settled)] < NEVER if settled in judged.readings else False
        odd = np.flatnonzero(judged.suspect & ~np.asarray(taken, dtype=bool)).tolist()
        found: dict[int, dict[str, int]] = {at: {} for at in odd}
        joined = fields.joined(odd)
        for reading in MULTIBYTE if odd else ():
            if reading.prior > USUAL and not self.evidence.counts.get(reading.codec):
                continue
            scores = score(joined, reading, "audit.lose-part")
            lost = _lost(joined, reading)
            rest = (scores.strange - lost * LOSS) / np.maximum(scores.foreign - lost, 1)
            fine = (rest <= NATURAL_UTF8) & ((lost * FEW <= scores.foreign) | (lost <= 1))
            cost = scores.cost - lost * (LOSS - CUT)
            for at, good, price in zip(odd, fine.tolist(), cost.tolist(), strict=True):
                if good:
                    found[at][reading.codec] = price
        return found

    def _homes(
        self, fields: Fields, judged: Judgement, lossy_costs: dict[int, dict[str, int]], count: int
    ) -> list[str]:
        """The encoding that most of each line is in: one that loses least where none takes all."""
        sizes = np.array([len(raw) for raw in fields.raws])
        sums = np.zeros((len(judged.readings), count), dtype=np.int64)
        for row, reading in enumerate(judged.readings):
            cost = np.minimum(judged.costs[row], sizes * HOPELESS)
            for at, prices in lossy_costs.items():
                cost[at] = min(cost[at], prices.get(reading.codec, NEVER))
            sums[row] = np.bincount(fields.owner, weights=cost, minlength=count)
            sums[row] += int(self.evidence.prior(reading))
        return [judged.readings[at].codec for at in sums.argmin(axis=0).tolist()]

    def field(self, raw: bytes, home: str, own: Reading | Page | None) -> list[Piece]:
        """The pieces of one field that no single encoding explains; `own` is one that takes all of it."""
        palette = self._palette(home)
        if isinstance(own, Page):
            palette, own = [*palette, own], None
        windows = self._windows(raw, own) if own else [(0, len(raw))]
        out: list[Piece] = []
        at = 0
        rest = own.codec if own else home
        for start, end in windows:
            out.append((at, start, rest))
            palette = palette if own is None else self._palette(rest)
            if end - start <= self.evidence.budget:
                self.evidence.budget -= end - start
                woven = weave(raw[start:end], palette, rest, inside=end < len(raw))
                out += [(start + a, start + b, codec) for a, b, codec in woven]
            elif own:
                out.append((start, end, rest))
            else:
                out += [(start + a, start + b, codec) for a, b, codec in lossy(raw[start:end], home)]
            at = end
        out.append((at, len(raw), rest))
        return merge([piece for piece in out if piece[1] > piece[0]])

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

    def _palette(self, home: str) -> list[Reading | Page]:
        """The encodings a piece may be in: those of the document, and the usual ones."""
        usual: list[Reading | Page] = [
            reading for reading in MULTIBYTE if reading.prior <= 4.0 or reading.codec == home
        ]
        usual += [reading for reading in MULTIBYTE if reading not in usual and self.evidence.counts.get(reading.codec)]
        pages = [
            page for page in self.evidence.pages if page.codec == home or self.evidence.counts.get(page.codec, 0) > 1
        ]
        return [*usual, *pages[:2]]


def _fill(pieces: list[Piece], size: int, home: str) -> list[Piece]:
    """Pieces with the ASCII between them given to the line's own encoding."""
    out: list[Piece] = []
    at = 0
    for start, end, codec in [*pieces, (size, size, home)]:
        if start > at:
            out.append((at, start, home))
        if end > start:
            out.append((start, end, codec))
        at = end
    return merge(out)


def _lost(joined: bytes, reading: Reading) -> np.ndarray:
    """How many parts of each unit no character was made of."""
    text = joined.decode(reading.codec, "audit.lose-part")
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    ends = np.flatnonzero(codes == 10)
    return np.diff(np.cumsum(codes == LOST_MARK)[ends], prepend=0)
