"""Which number is due where the number of an item was broken: lists count on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from audit.language.layout import layout
from audit.language.patterns import regex
from audit.model import Text
from audit.restore.openings import likely_number, number_of, shown_numbers, traceless

NUMBER = regex(r"[（(]([一二三四五六七八九十]{1,3})[)）]")
BRACKETS = np.array([ord("（"), ord("(")])
APART = 3_000  # code points between two items of a list, at most
BETWEEN = 4  # items that show no number between one that does and the one that is asked for


class Item(NamedTuple):
    """A line that opens with an item's number, 0 where it does not show."""

    at: int
    number: int


def due(text: Text, places: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """For each full stop that opens a line, the numbers that the items before and behind it leave for it.

    None where they tell none that its signs may be, or these leave no choice.
    """
    shown = {at: shown_numbers(text.body, at) for at in sorted(places)}
    if not shown:
        return {}
    numbers = {at: likely_number(every) for at, every in shown.items()}
    items = sorted([*_whole(text), *(Item(at, number) for at, number in numbers.items())])
    where = [item.at for item in items]
    told = {at: _due(items, bisect_left(where, at)).intersection(every or traceless()) for at, every in shown.items()}
    return {at: frozenset() if numbers[at] in left else left for at, left in told.items()}


def _whole(text: Text) -> Iterable[Item]:
    """Lines with a number that is not broken."""
    lines = layout(text)
    for at in lines.starts[np.isin(lines.first, BRACKETS)].tolist():
        if match := NUMBER.match(text.body, at):
            yield Item(at, number_of(match[1]))


def _due(items: Sequence[Item], n: int) -> frozenset[int]:
    """One more than the item before, one less than the item behind, as many more as stand between."""
    told = set()
    for step in (-1, 1):
        for away in range(1, BETWEEN + 1):
            other = n + step * away
            if not 0 <= other < len(items) or abs(items[other].at - items[other - step].at) > APART:
                break
            if items[other].number:
                told.add(items[other].number - step * away)
                break
    return frozenset(number for number in told if number > 0)
