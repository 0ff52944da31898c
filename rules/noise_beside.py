"""How a mark between two words stands: whether they belong together, whether it has a partner, what ends the sentences about it."""

from __future__ import annotations

from audit.language.patterns import regex
from audit.model import Offsets, Text
from audit.restore.fluency import bits_each

FULL_STOPS = ".\N{FULLWIDTH FULL STOP}"
JOINED = 4.0  # bits by which the words on both sides read better joined than parted: 5.6 to 10.7 in 15 injections
IN_WORD = 7.0  # the same elsewhere than behind 的: 7.8 to 22.8 in 12 of 15 injections, below 7 at 28 of 29 full stops of man pages
AROUND = 8  # code points to either side that the model reads
WINDOW = 400  # a longer paragraph is judged by what stands this near
STOP = regex(r"[。！？!?；;]")
QUOTED = 20  # code points of a quotation in `so'
PARTNER = regex(rf"[^`'\n]{{1,{QUOTED}}}'")  # quotation marks as typewriters and TeX have them


def joined(text: Text, spots: list[int], least: float = JOINED) -> list[bool]:
    """Whether the words about each mark belong together, so that no full stop can have been meant."""
    sides = []
    for at in spots:
        line = text.line(text.line_at(at))
        sides.append((text.body[max(line.start, at - AROUND) : at], text.body[at + 1 : min(line.end, at + 1 + AROUND)]))
    whole = bits_each([left + right for left, right in sides])
    parted = bits_each([f"{left}。{right}" for left, right in sides])
    return [bool(gain >= least) for gain in (parted - whole).tolist()]


def stopped(text: Text, at: int) -> bool:
    """Whether the line ends its sentences with other marks near the place; where none does, the mark is the full stop."""
    line = text.line(text.line_at(at))
    return STOP.search(line.body, max(line.start, at - WINDOW), min(line.end, at + WINDOW)) is not None


def alone(text: Text, at: int, mark: str, spots: Offsets) -> bool:
    """Whether no other such mark stands near enough in the paragraph to be its partner, or to be a full stop too."""
    line = text.line(text.line_at(at))
    first, last = max(line.start, at - WINDOW), min(line.end, at + WINDOW)
    if mark not in FULL_STOPS:
        return line.body.count(mark, first, last) == 1
    ends = line.body[last - 1] == mark and last - 1 != at
    near = spots.searchsorted((first, last)).tolist()
    return not ends and near[1] - near[0] == 1


def paired(body: str, at: int) -> bool:
    """Whether a backtick or an apostrophe is half of a quotation in `so'."""
    if body[at] == "`":
        return PARTNER.match(body, at + 1) is not None
    return body[at] == "'" and body.rfind("`", max(body.rfind("\n", 0, at), at - QUOTED - 1, 0), at) >= 0
