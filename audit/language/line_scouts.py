"""Which of many joined texts rules about lists and lines may say something of; see `audit.language.scouts`."""

from __future__ import annotations

import numpy as np

from audit.joined import Joined, Mask, Scout
from audit.language.layout import layout
from audit.language.listing import DIGIT, DIGIT_BRACKET, HAN_BRACKET, IS, Items, items
from audit.language.prose import ENOUGH, LONG, is_han, prose
from audit.language.sets import among
from audit.language.spots import member, narrow, one_of
from audit.language.whereabouts import where
from audit.model import Offsets, Text


def counting(joined: Joined) -> Mask:
    """Texts whose lists may have lost count: three items of a kind, one of which does not go on from the one before it.

    Two will do where letters may read as the number of the first.
    """
    text, listed = joined.text, items(joined.text)
    told = np.zeros(len(joined), dtype=bool)
    if not len(listed.starts):
        return told
    home = joined.starts.searchsorted(listed.starts, side="right") - 1
    lettered = joined.holding(_lettered(text))
    for scheme in np.flatnonzero(np.bincount(listed.schemes)).tolist():
        mine = np.flatnonzero(listed.schemes == scheme)
        many = np.bincount(home[mine], minlength=len(joined))
        lead = mine[listed.leads[mine]]
        goes_on = np.zeros(len(lead), dtype=bool)
        goes_on[1:] = (np.diff(listed.numbers[lead]) == 1) & (np.diff(home[lead]) == 0)
        odd = np.concatenate([lead[~goes_on], mine[~listed.leads[mine]]])
        odd = odd[listed.numbers[odd] > 1]
        told |= joined.holding(listed.starts[odd]) & ((many >= 3) | ((many == 2) & lettered & (scheme == DIGIT)))
    return told


def _lettered(text: Text) -> Offsets:
    """Letters that may stand for the number of an item."""
    at, _ = where(text, one_of("lIoO|"))
    behind = (member(narrow(text).take(at + step, mode="clip"), "、.．") for step in (1, 2))
    return np.asarray(at[np.logical_or(*behind)])


def promising(joined: Joined) -> Mask:
    """Texts in which a list begins under a line that ends in a colon."""
    listed, lay = items(joined.text), layout(joined.text)
    first = np.flatnonzero(listed.leads & (listed.numbers == 1) & (listed.lines > 0))
    return joined.holding(listed.starts[first[member(lay.last[listed.lines[first] - 1], ":：")]])


def half_bracketed(joined: Joined) -> Mask:
    """Texts with an item that lacks its opening bracket, and another of its kind."""
    listed = items(joined.text)
    kin = listed.leads & among(listed.schemes, (HAN_BRACKET, DIGIT_BRACKET))
    bare = joined.holding(listed.starts[listed.leads & ~listed.opened])
    return bare & (joined.counts(listed.starts[kin]) >= 2)


def many_items(least: int) -> Scout:
    """For rules that need so many items at line starts."""

    def scout(joined: Joined) -> Mask:
        listed: Items = items(joined.text)
        return joined.counts(listed.starts[listed.leads]) >= least

    return scout


def long_lines(joined: Joined) -> Mask:
    """Texts with as many long lines as it takes to know how paragraphs end."""
    lay = layout(joined.text)
    return joined.counts(lay.starts[lay.lengths >= LONG]) >= ENOUGH


def cut_off(joined: Joined) -> Mask:
    """Of such texts those with a long line that ends in a Han character or a comma."""
    lay = layout(joined.text)
    opened = (lay.lengths >= LONG) & ~prose(joined.text).ended & (is_han(lay.last) | member(lay.last, "，,、"))
    return long_lines(joined) & joined.holding(lay.starts[opened])


def broken(closers: str) -> Scout:
    """For rules about a line that begins with one of these marks behind one that ends in a Han character, or about clauses that stop."""

    def scout(joined: Joined) -> Mask:
        lay, listed = layout(joined.text), items(joined.text)
        begun = np.flatnonzero(member(lay.first[1:], closers) & is_han(lay.last[:-1]))
        clauses = listed.starts[listed.leads & (listed.schemes == IS)]
        told = joined.holding(np.concatenate([lay.starts[begun], clauses]))
        return long_lines(joined) & told

    return scout


def dotted(joined: Joined) -> Mask:
    """Texts with a line that ends in two equal points."""
    lay, codes = layout(joined.text), joined.text.codes
    lines = np.flatnonzero(member(lay.last, "….。．·") & (lay.lengths > 1))
    return joined.holding(lay.starts[lines[codes[lay.ends[lines] - 2] == lay.last[lines]]])


def announcing(joined: Joined) -> Mask:
    """Texts with a line that ends as an announcement does, or with a colon at a line's end and enough lines to know how paragraphs end."""
    lay = layout(joined.text)
    told = joined.holding(lay.starts[member(lay.last, "结結报報告況况作明绍紹") & (lay.lengths >= 20)])
    return told | (long_lines(joined) & joined.holding(lay.starts[member(lay.last, ":：")]))


def open_lines(least: int, shortest: int) -> Scout:
    """For rules that need so many lines so long, neither ended nor last of their paragraph."""

    def scout(joined: Joined) -> Mask:
        lay = layout(joined.text)
        opened = (lay.lengths >= shortest) & ~prose(joined.text).ended & np.append(lay.lengths[1:] > 0, values=False)
        return joined.counts(lay.starts[opened]) >= least

    return scout


def colon_ended(least: int) -> Scout:
    """For rules about so long a line that ends in a colon over another line."""

    def scout(joined: Joined) -> Mask:
        lay = layout(joined.text)
        told = member(lay.last, ":：") & (lay.lengths >= least) & np.append(lay.lengths[1:] > 0, values=False)
        return joined.holding(lay.starts[told])

    return scout
