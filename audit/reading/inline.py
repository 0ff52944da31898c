"""Several encodings inside one line: a GBK field in a UTF-8 row, pieces glued together, single lost bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audit.native import kernels
from audit.reading.apart import USUAL, Apart, Numbers, Odd, pieces_of, proven_page
from audit.reading.board import NEVER
from audit.reading.candidates import BIT, LOSS, MULTIBYTE, UTF8
from audit.reading.columns import Marks
from audit.reading.evidence import Evidence
from audit.reading.fields import Fields, fields_of
from audit.reading.letters import Page
from audit.reading.lossy import lossy_fields
from audit.reading.pricing import NATURAL_UTF8, price
from audit.reading.scan import LOST, Judgement, choose, learn
from audit.reading.strays import ACCENT, NONE, WESTERN
from audit.reading.strays import LOSS as LOSS_OF_ONE
from audit.reading.torn import score_losses
from audit.reading.units import Units
from audit.reading.weave import CUT, SWITCH

HOPELESS = 10 * BIT  # cost of a byte in an encoding that does not take the field
TRUST = 0.9  # of what was found inside a line
FEW = 6  # characters kept for each that was lost, in a field that is otherwise fine


@dataclass(frozen=True, slots=True)
class Torn:
    """What some fields cost in an encoding that is fine but for a byte or a cut character, by codec; NEVER where it is not."""

    fields: NDArray[np.int64]
    costs: dict[str, NDArray[np.int64]]

    def at_home(self, judged: Judgement, homes: NDArray[np.int64]) -> NDArray[np.int64]:
        """The same in the encoding of each field's line, for all fields."""
        found = np.full(len(homes), NEVER, dtype=np.int64)
        for number, row in enumerate(judged.rows):
            cost = self.costs.get(row.reading.codec)
            if cost is not None:
                here = homes[self.fields] == number
                found[self.fields[here]] = cost[here]
        return found


class Inline:
    """Takes suspect lines apart; keeps count of what it may still spend on a document."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def lines(self, lines: Units, starts: NDArray[np.int64], marks: Marks) -> None:
        """Marks where the pieces of each line begin, and the encoding that most of it is in around them."""
        fields = fields_of(lines, starts)
        board = price(fields.units, self.evidence)
        judged = choose(board, self.evidence)
        learn(judged, self.evidence)
        stray = board.strays() if self.evidence.mostly_utf8() else np.zeros(len(fields.owner), dtype=np.int8)
        torn = self._torn(fields, judged.suspect & (stray == NONE), judged)
        home = self._homes(fields, judged, torn, stray)
        homes = home[fields.owner]
        kinds = marks.numbers(row.reading.codec for row in judged.rows)
        choice, chosen = self._choice(judged, kinds, kinds[homes])
        guest = self._guests(fields, judged, kinds, (kinds[choice] != kinds[homes]) & (stray == NONE))
        if guest is not None:
            crowded = guest[fields.owner] >= 0
            again, cost = self._choice(judged, kinds, kinds[homes], guest[fields.owner])
            choice, chosen = np.where(crowded, again, choice), np.where(crowded, cost, chosen)
        odd = np.flatnonzero(((chosen >= NEVER) | judged.suspect) & (stray == NONE))
        marks.add(starts, kinds[home], np.full(len(starts), TRUST))
        away = kinds[choice] != kinds[homes]  # what is as its line is marks nothing
        taken = np.flatnonzero((chosen < NEVER) & ~judged.suspect & (stray == NONE) & away)
        first, second = fields.starts, fields.starts + fields.sizes
        fresh = [(first[taken], kinds[choice[taken]]), (second[taken], kinds[homes[taken]])]
        fresh += [(second[odd], kinds[homes[odd]])]
        fresh += _accents(fields, stray, kinds[homes], marks)
        rough = torn.at_home(judged, homes)[odd] < chosen[odd]
        own = np.where(chosen[odd] < NEVER, choice[odd], -1)
        readings = [row.reading for row in judged.rows]
        fresh += Apart(fields, readings, self.evidence, marks).pieces(Odd(odd, homes[odd], own, rough))
        places, numbers = (np.concatenate(column) for column in zip(*fresh, strict=True))
        marks.add(places, numbers, np.where(numbers == marks.number(LOST), 1.0, TRUST))

    def _choice(
        self,
        judged: Judgement,
        kinds: NDArray[np.int64],
        homes: NDArray[np.int64],
        guests: NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The row of each field, given the encoding of its line and the one that it has beside that, and its cost."""
        size = len(homes)
        switch = min(SWITCH, int(-np.log2(self.evidence.mixed) * BIT)) if self.evidence.mixed else SWITCH
        least, chosen = np.full((2, size), NEVER, dtype=np.int64)
        choice = np.zeros(size, dtype=np.int64)
        for number, row in enumerate(judged.rows):
            away, third = int(self.evidence.prior(row.reading)) + switch, 0 if guests is None else SWITCH
            if kernels:
                options = np.array([number, kinds[number], away, third], dtype=np.int64)
                also = homes if guests is None else guests
                kernels.compete_at_home(row.units, row.cost, homes, also, options, least, chosen, choice)
                continue
            total = row.cost + np.where(homes[row.units] != kinds[number], away, 0)
            if guests is not None:  # a third encoding in one line
                total += np.where((homes[row.units] != kinds[number]) & (guests[row.units] != kinds[number]), third, 0)
            better = total < least[row.units]
            at = row.units[better]
            least[at], chosen[at], choice[at] = total[better], row.cost[better], number
        return choice, chosen

    def _guests(
        self, fields: Fields, judged: Judgement, kinds: NDArray[np.int64], away: NDArray[np.bool_]
    ) -> NDArray[np.int64] | None:
        """The encoding that reads best all fields of each line that are not in its own; None where no line has two of them."""
        crowded = np.add.reduceat(away, fields.firsts, dtype=np.int64) > 1
        if not crowded.any():
            return None
        wanted = away & crowded[fields.owner]
        owner, most = (np.cumsum(crowded) - 1)[fields.owner], fields.sizes * HOPELESS + 2 * SWITCH
        least, best = np.full((2, int(crowded.sum())), NEVER, dtype=np.int64)
        for number, row in enumerate(judged.rows):
            here = wanted[row.units]
            sums = np.full(len(least), int(self.evidence.prior(row.reading)), dtype=np.int64)
            spare(owner, row.units[here], row.cost[here], most, sums)
            better = sums < least
            least[better], best[better] = sums[better], kinds[number]
        guests = np.full(len(crowded), -1, dtype=np.int64)
        guests[crowded] = best
        return guests

    def _torn(self, fields: Fields, suspect: NDArray[np.bool_], judged: Judgement) -> Torn:
        """For fields that no reading explains: what they cost in an encoding that is fine but for a byte or a cut character."""
        settled = proven_page(self.evidence)
        wanted = suspect.copy()
        for row in judged.rows if settled else ():
            wanted[row.units if row.reading == settled else ()] = False
        odd = np.flatnonzero(wanted)
        found: dict[str, NDArray[np.int64]] = {}
        units = fields.units.take(odd)
        for reading in MULTIBYTE if len(odd) else ():
            if reading.prior > USUAL and not self.evidence.counts.get(reading.codec):
                continue
            scores, lost = score_losses(units, reading)
            rest = (scores.strange - lost * LOSS) / np.maximum(scores.foreign - lost, 1)
            fine = (rest <= NATURAL_UTF8) & ((lost * FEW <= scores.foreign) | (lost <= 1))
            found[reading.codec] = np.where(fine, scores.cost - lost * (LOSS - CUT), NEVER)
        return Torn(odd, found)

    def _homes(self, fields: Fields, judged: Judgement, torn: Torn, stray: NDArray[np.int8]) -> NDArray[np.int64]:
        """The reading that most of each line is in: one that loses least where none takes all."""
        hopeless = np.where(stray == NONE, fields.sizes * HOPELESS, 0)
        all_hopeless = np.add.reduceat(hopeless, fields.firsts)
        least = np.full(len(fields.firsts), NEVER, dtype=np.int64)
        best = np.zeros(len(least), dtype=np.int64)
        for number, row in enumerate(judged.rows):
            sums = all_hopeless + int(self.evidence.prior(row.reading))
            spare(fields.owner, row.units, row.cost, hopeless, sums)
            torn_cost = torn.costs.get(row.reading.codec)
            if torn_cost is not None:
                whole = np.minimum(hopeless[torn.fields], row.at(torn.fields))
                torn_lines = fields.owner[torn.fields]
                spare(torn_lines, np.arange(len(whole)), torn_cost, whole, sums)
            better = sums < least
            least[better], best[better] = sums[better], number
        return best


def spare(owner: Numbers, units: Numbers, cost: Numbers, most: Numbers, sums: Numbers) -> None:
    """Take off the sum of each owner what some of its units cost less than at most."""
    if kernels:
        kernels.spare(units, cost, owner, most, sums)
        return
    spared = np.maximum(most[units] - cost, 0)  # sums are exact up to 2 to the 53rd
    sums -= np.bincount(owner[units], weights=spared, minlength=len(sums)).astype(np.int64)


def _accents(
    fields: Fields, stray: NDArray[np.int8], homes: NDArray[np.int64], marks: Marks
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Places and kinds of the pieces of fields that hold stray bytes alone."""
    for kind, reading in ((ACCENT, Page(WESTERN, "en")), (LOSS_OF_ONE, UTF8)):
        those = np.flatnonzero(stray == kind)
        if len(those):
            yield pieces_of(lossy_fields(fields.units.take(those), fields.starts[those], reading), marks)
            yield fields.starts[those] + fields.sizes[those], homes[those]
