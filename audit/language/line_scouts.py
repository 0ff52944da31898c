"""Which of many joined texts rules about lists and lines may say something of; see `audit.language.scouts`."""

from __future__ import annotations

import numpy as np

from audit.joined import Joined, Mask, Scout
from audit.language.layout import layout
from audit.language.listing import DIGIT_BRACKET, HAN_BRACKET, Items, items
from audit.language.prose import ENOUGH, LONG, prose
from audit.language.sets import among
from audit.language.spots import member


def counting(joined: Joined) -> Mask:
    """Texts whose lists may have lost count: two items of a kind, of which one is not the first, or letters that read as numbers."""
    listed = items(joined.text)
    told = np.zeros(len(joined), dtype=bool)
    later = joined.holding(listed.starts[listed.numbers > 1])
    if later.any():
        for scheme in np.flatnonzero(np.bincount(listed.schemes, minlength=1)).tolist():
            told |= joined.counts(listed.starts[listed.schemes == scheme]) >= 2
    return told & later


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


def dotted(joined: Joined) -> Mask:
    """Texts with a line that ends in two equal points."""
    lay, codes = layout(joined.text), joined.text.codes
    lines = np.flatnonzero(member(lay.last, "….。．·") & (lay.lengths > 1))
    return joined.holding(lay.starts[lines[codes[lay.ends[lines] - 2] == lay.last[lines]]])


def announcing(joined: Joined) -> Mask:
    """Texts with a line that ends as an announcement does, or with enough lines to know how the text announces."""
    lay = layout(joined.text)
    return joined.holding(lay.starts[member(lay.last, "结結报報告況况作明绍紹") & (lay.lengths >= 20)]) | long_lines(
        joined
    )


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
