"""Whether the lists of a text keep count, and where an entry's do not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple, cast

import numpy as np

from audit.language.listing import DIGIT, DIGIT_BRACKET, HAN, HAN_BRACKET, IS, NTH, SCHEMES, Items, items
from audit.language.misread_numbers import lettered
from audit.model import Entry, Offsets, Text

SKIP, REPEAT, GLUED, LETTER = "skip", "repeat", "glued", "letter"

# shares of items that follow their neighbour: damaged pages 0.93 to 1.0, shuffled law text 0.17 to 0.60
ORDERLY, ORDERLY_LONG, LONG = 0.9, 0.96, 50  # of many items, real damage spoils few: 2 in 100 on the pages seen
LEAST = 3  # items that follow one that is not before them by chance
# Where a text has no more items than these, one list that begins with one and leaves out a number is evidence by itself
SHORT, FEW, SHORT_SHARE, MAX_SHORT_GAP = 3, 6, 0.74, 3  # a share that so few items cannot have
LEAST_BEFORE_REPEAT = 2
COUNTED = (HAN, HAN_BRACKET, DIGIT, DIGIT_BRACKET)
NESTED = 50  # items; a list inside a list is shorter
MAX_GAP = 5  # items lost at one place; wider gaps were never lost items in 8 M characters, but dates and codes


class Problem(NamedTuple):
    """What is wrong with an item: its kind, the item's index, the number that was due, how sure."""

    kind: str
    item: int
    due: int
    confidence: float


def orderly(text: Text) -> dict[int, float]:
    """Share of items that follow their neighbour, by scheme, for the schemes that show that the text counts."""
    found = items(text)
    shares: dict[int, float] = {}
    for scheme in np.flatnonzero(np.bincount(found.schemes, minlength=SCHEMES)).tolist():
        among = (found.schemes == scheme) & (found.leads | (scheme in (IS, NTH)))
        numbers = found.numbers[among]
        if scheme in COUNTED and len(numbers) <= FEW and _short(text, scheme, numbers):
            shares[scheme] = SHORT_SHARE
        if scheme in COUNTED and _one_wrong(numbers):
            shares[scheme] = SHORT_SHARE
        if len(numbers) <= LEAST:
            continue
        follows = numbers[1:] == numbers[:-1] + 1
        bad = int((~follows & (numbers[1:] != 1)).sum())
        most = max(1, (1 - (ORDERLY if len(numbers) < LONG else ORDERLY_LONG)) * (len(numbers) - 1))
        if follows.sum() >= LEAST and bad <= most:
            shares[scheme] = 1 - bad / (len(numbers) - 1)
    return shares


def _short(text: Text, scheme: int, numbers: Offsets) -> bool:
    """Whether a few items count from one and lose count once: `一、二、四、`, or `(1)(2)(3)(3)`."""
    if scheme == DIGIT and len(numbers) and numbers[0] == 2 and 1 in text.signal("counting.letters", lettered):
        numbers = np.append(1, numbers)
    if len(numbers) < SHORT:
        return False
    steps = np.diff(numbers)
    odd = steps[(steps != 1) & (numbers[1:] != 1)]
    if numbers[0] != 1 or len(odd) != 1:
        return False
    going = int((steps == 1).sum())
    return bool(2 <= odd[0] <= MAX_SHORT_GAP and going) or bool(odd[0] == 0 and going >= LEAST_BEFORE_REPEAT)


def _one_wrong(numbers: Offsets) -> bool:
    """Whether one list of four items or more counts from one with a single wrong number: `1. 3. 3. 4.`."""
    return bool(len(numbers) > LEAST and np.count_nonzero(numbers != np.arange(1, len(numbers) + 1)) == 1)


def _suspects(text: Text) -> Offsets:
    """Items that may be wrong, so that an entry without any costs nothing; shape (n,), ascending indices."""
    found = items(text)
    shares = cast("dict[int, float]", text.signal("counting.orderly", orderly))
    marks = []
    for scheme in shares:
        lead = np.flatnonzero((found.schemes == scheme) & found.leads)
        numbers = found.numbers[lead]
        bad = np.ones(len(lead), dtype=bool)
        bad[1:] = numbers[1:] != numbers[:-1] + 1
        marks += [
            lead[bad & (numbers != 1)],
            np.flatnonzero((found.schemes == scheme) & ~found.leads & (found.numbers > 1)),
        ]
    return np.sort(np.concatenate(marks)) if marks else np.empty(0, dtype=np.int64)


def _lined(text: Text) -> set[int]:
    """The schemes whose items, first ones aside, begin a line in nine of ten."""
    found = items(text)
    later = found.numbers > 1
    kinds = ((scheme, found.leads[later & (found.schemes == scheme)]) for scheme in range(SCHEMES))
    return {scheme for scheme, leads in kinds if len(leads) >= 10 and float(leads.mean()) >= 0.9}


class _Walk:
    """One entry's items in order, one scheme at a time."""

    def __init__(self, entry: Entry, scheme: int, share: float) -> None:
        self.found: Items = items(entry.text)
        self.text, self.scheme, self.share = entry.text, scheme, share
        self.titled = entry.title.end > entry.title.start  # an excerpt may begin in the middle of a list
        low, high = np.searchsorted(self.found.starts, (entry.start, entry.end))
        among = np.flatnonzero(self.found.schemes[low:high] == scheme) + low
        self.mine: list[int] = among.tolist()
        self.leading: list[int] = among[self.found.leads[among]].tolist()
        self.seen: list[tuple[int, int]] = []  # number and item of the list as it goes on line by line
        self.outer: list[tuple[int, int]] = []  # the list that a restart at one broke off
        self.problems: list[Problem] = []

    def run(self) -> list[Problem]:
        inside: dict[int, tuple[int, int]] = {}  # line: last item in that paragraph
        for item in self.mine:
            number, line = int(self.found.numbers[item]), int(self.found.lines[item])
            before = inside.get(line)
            if self.found.leads[item]:
                self.step(number, item)
            elif self.scheme not in (IS, NTH):
                number = self.plain_inside(number, item, before)
            else:
                self.clause_inside(number, item, before)
            inside[line] = (number, item)
        told: list[Problem] = []
        for one in self.problems:
            if not told or not self.same(told[-1], one):
                told.append(one)
        return told

    def same(self, before: Problem, one: Problem) -> bool:
        """Whether both tell of one wrong number: `2. 3. 3. 5.` repeats three and leaves out four, `1. 3. 3. 4.` the other way round."""
        if {before.kind, one.kind} != {SKIP, REPEAT} or one.item not in self.leading:
            return False
        beside = self.leading[self.leading.index(one.item) - 1] == before.item
        return beside and one.due == before.due + (one.kind == REPEAT) * 2

    def say(self, kind: str, item: int, due: int, sure: float) -> None:
        self.problems.append(Problem(kind, item, due, round(sure * (0.4 + 0.6 * self.share), 3)))

    def step(self, number: int, item: int) -> None:
        """The next item of the list that goes on line by line."""
        last = self.seen[-1] if self.seen else None
        if self.scheme == DIGIT and number != 1 and (line := self.misread(number - 1, item)) >= 0:
            self.seen.append((number, item))
            self.problems.append(Problem(LETTER, line, number - 1, 0.9))
            return
        if number == 1:
            if last:
                self.outer = self.seen
            self.seen = [(1, item)]
            return
        if last is None:
            if number <= 3 and self.titled:
                self.say(SKIP, item, 1, 0.75)
        elif number != last[0] + 1 and not self.resumes(number, last[1], item):
            self.judge(number, last, item)
        self.seen.append((number, item))

    def misread(self, number: int, item: int) -> int:
        """The line between the last item and this one whose letters read as the number that is missing, or -1."""
        lines = cast("dict[int, list[int]]", self.text.signal("counting.letters", lettered)).get(number)
        if not lines or (self.seen and self.seen[-1][0] == number):
            return -1
        first = int(self.found.lines[self.seen[-1][1]]) if self.seen else 0
        at = bisect_left(lines, int(self.found.lines[item])) - 1
        return lines[at] if at >= 0 and lines[at] > first else -1

    def resumes(self, number: int, last: int, item: int) -> bool:
        """Whether an outer list of the same scheme goes on here."""
        if not self.outer or self.outer[-1][0] + 1 != number:
            return False
        between = slice(self.outer[-1][1] + 1, self.seen[0][1])
        near = between.stop - between.start <= NESTED
        parted = (self.found.leads[between] & (self.found.schemes[between] != self.scheme)).any() if near else True
        if self.indent(item) < self.indent(last) or not parted:
            self.seen = self.outer
            return True
        return False

    def indent(self, item: int) -> int:
        return int(self.found.starts[item] - self.text.line_starts[self.found.lines[item]])

    def judge(self, number: int, last: tuple[int, int], item: int) -> None:
        between = slice(last[1] + 1, item)
        parted = bool((self.found.leads[between] & (self.found.schemes[between] != self.scheme)).any())
        if number == last[0] and not parted:
            self.say(REPEAT, item, number + 1, 0.9)
        elif last[0] < number <= last[0] + MAX_GAP:
            self.say(SKIP, item, last[0] + 1, 0.9 if not parted else 0.8)
        elif number <= min(3, last[0]) and parted:
            self.say(SKIP, item, 1, 0.7)

    def plain_inside(self, number: int, item: int, before: tuple[int, int] | None) -> int:
        """`3、` in mid-paragraph: glued if the list stands one item a line; gives the number that it should be."""
        last = self.seen[-1] if self.seen else None
        if last is None or (before and before[1] != last[1]):
            return number
        due = last[0] + 1
        if number >= 10 and number != due and str(number).endswith(str(due)) and self.scheme == DIGIT:
            number = due
        lined = len(self.seen) >= 2 or self.next_leading(item) == number + 1 or self.style()
        if (number == due and before and lined) or (number == due and not before) or due < number <= due + 2:
            self.say(GLUED, item, number, 0.9 if lined else 0.7)
            self.step(number, item)
        return number

    def clause_inside(self, number: int, item: int, before: tuple[int, int] | None) -> None:
        """`三是` in mid-paragraph: at home there unless the first ones stand at line starts."""
        if before:
            if before[0] + 1 < number <= before[0] + 3:
                self.say(SKIP, item, before[0] + 1, 0.85)
        elif len(self.seen) >= 2 and self.seen[-1][0] + 1 == number:
            self.say(GLUED, item, number, 0.8)
            self.step(number, item)

    def style(self) -> bool:
        """Whether nearly all lists of this scheme in the text stand one item a line."""
        return self.scheme in cast("set[int]", self.text.signal("counting.lined", _lined))

    def next_leading(self, item: int) -> int:
        """The number of the next item that stands at a line's start, or 0."""
        at = bisect_right(self.leading, item)
        return int(self.found.numbers[self.leading[at]]) if at < len(self.leading) else 0


def problems(entry: Entry) -> list[Problem]:
    """All problems of an entry's items, computed once for all rules."""

    def compute(text: Text) -> list[Problem]:
        shares = cast("dict[int, float]", text.signal("counting.orderly", orderly))
        if not shares:
            return []
        found = items(text)
        suspects = text.signal("counting.suspects", _suspects)
        low, high = np.searchsorted(found.starts, (entry.start, entry.end))
        near = set(found.schemes[suspects[np.searchsorted(suspects, low) : np.searchsorted(suspects, high)]].tolist())
        kinds, first = np.unique(found.schemes[low:high][found.leads[low:high]], return_index=True)
        numbers = found.numbers[low:high][found.leads[low:high]][first]
        near |= {int(kind) for kind, number in zip(kinds, numbers, strict=True) if number > 1}
        found_all = [p for scheme in sorted(near & set(shares)) for p in _Walk(entry, scheme, shares[scheme]).run()]
        few = {scheme for scheme, share in shares.items() if share == SHORT_SHARE}
        return [p for p in found_all if p.kind != GLUED or int(found.schemes[p.item]) not in few]

    return cast("list[Problem]", entry.text.signal(f"counting.{entry.start}.{entry.end}", compute))
