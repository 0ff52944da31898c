"""The programs that broke the bytes, run forwards: pure functions on traditional or simplified text with full-width marks.

Each takes a text and says what it made of it and what stood there. A character without a GBK code stops a shift.
They prove a repair (breaking it again must give the damage) and they make the damage of tests and benchmarks.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from functools import cache

from audit.language.patterns import regex
from audit.restore import gbk
from audit.restore.damage import Breaker, Damaged, Passage, damaged_by, then
from audit.restore.gbk import Piece

Chance = Callable[[], bool]
MARKS = (b"\xa3\xac", b"\xa3\xbb", b"\xa3\xa1", b"\xa3\xbf")  # ， ； ！ ？
STOPS = (*MARKS, b"\xa1\xa2")  # and 、, a border only in its true place
STOP = regex(rb"(?=(" + b"|".join(STOPS) + rb"))")
INDENTED = regex(rb"(?:[ \t]|\xa1\xa1)*(?=\xa3\xa8)")
LAST_BLANK = b"\xa1\xa1"
FULL_STOP = "\N{IDEOGRAPHIC FULL STOP}"
NARROW = str.maketrans("，；：！？（）＜＞", ",;:!?()<>")


def always() -> bool:
    """The chance that takes every site."""
    return True


def sometimes(seed: int, rate: float = 0.5) -> Chance:
    """A chance that takes about this share of the sites, the same ones for the same seed."""
    generator = random.Random(seed)  # noqa: S311 - damage for tests, no secret
    return lambda: generator.random() < rate


def simulate_f1(text: str, chance: Chance = always) -> Damaged:
    """The punctuation pass: cut the bytes at ， ； ！ ？ wherever they seem to stand, decode the pieces one by one."""
    return damaged_by(text, "F1", mark_pass(chance))


def mark_pass(chance: Chance = always) -> Breaker:
    """The same of one passage."""
    return lambda passage: _cut_at_marks(passage, chance)


def simulate_g(text: str, readings: Mapping[str, str]) -> Damaged:
    """The gloss pass: "(reading)" behind each glossed character's bytes wherever they seem to stand.

    `readings` is the site's set of glossed characters; glosses in their place are spans of the mechanism "gloss".
    """
    return damaged_by(text, "G", gloss_pass(readings))


def gloss_pass(readings: Mapping[str, str]) -> Breaker:
    """The same of one passage."""
    codes = {pair: reading for char, reading in readings.items() if (pair := gbk.encode_char(char)) and len(pair) == 2}
    if not codes:
        return lambda _: None
    pattern = _any_of(tuple(codes))
    return lambda passage: _gloss(passage, pattern, codes)


def simulate_f3(text: str, chance: Chance = always) -> Damaged:
    """The full-stop pass: 。 found between the last ideographic blank of an indent and the bracket of a line that opens with （.

    The blanks before that one stay. A line that shows no indent is taken to have had one that was trimmed.
    """
    return damaged_by(text, "F3", indent_pass(chance))


def indent_pass(chance: Chance = always) -> Breaker:
    """The same of one passage."""
    return lambda passage: _cut_at_indent(passage, chance)


def narrow(text: str) -> str:
    """The width pass: marks to ASCII, one to one."""
    return text.translate(NARROW)


def chain(text: str, readings: Mapping[str, str], chance: Chance = always) -> Damaged:
    """All passes in the order of the pages: F1, glosses, F3, width; `original` keeps its full width."""
    damaged = simulate_f1(text, chance)
    damaged = then(text, damaged, simulate_g(damaged.text, readings))
    damaged = then(text, damaged, simulate_f3(damaged.text, chance))
    return Damaged(narrow(damaged.text), damaged.spans)


@cache
def _any_of(pairs: tuple[bytes, ...]) -> re.Pattern[bytes]:
    leads: dict[int, bytes] = {}
    for lead, trail in sorted(pairs):
        leads[lead] = leads.get(lead, b"") + re.escape(bytes((trail,)))
    return re.compile(
        b"|".join(re.escape(bytes((lead,))) + b"[" + trails + b"]" for lead, trails in leads.items()), re.DOTALL
    )


def _cut_at_marks(passage: Passage, chance: Chance) -> list[Piece] | None:
    data, borders = passage.data, passage.borders
    cuts: list[int] = []
    shifted = False
    for match in STOP.finditer(data):
        at = match.start()
        if cuts and at < cuts[-1] + 2:
            continue
        if at in borders:
            cuts.append(at)
        elif match[1] in MARKS and chance():
            cuts.append(at)
            shifted = True
    if not shifted:
        return None
    pieces: list[Piece] = []
    start = 0
    for at in cuts:
        pieces += gbk.decode(data[start:at], start)
        pieces += gbk.decode(data[at : at + 2], at)
        start = at + 2
    return [*pieces, *gbk.decode(data[start:], start)]


def _gloss(passage: Passage, pattern: re.Pattern[bytes], codes: Mapping[bytes, str]) -> list[Piece] | None:
    data = passage.data
    pieces: list[Piece] = []
    start, eaten = 0, False
    sites = [match.start() for match in pattern.finditer(data)]
    for at in sites:
        behind = at + 2
        stretch = list(gbk.decode(data[start:behind], start, mark_lost=True))
        eaten = (
            bool(stretch) and stretch[-1].text == gbk.LOST and stretch[-1].end == behind and data[behind - 1] > gbk.EURO
        )
        pieces += stretch
        pieces.append(Piece(f"{'' if eaten else '('}{codes[data[at:behind]]})", behind, behind))
        start = behind
    return [*pieces, *gbk.decode(data[start:], start, mark_lost=True)] if sites else None


def _cut_at_indent(passage: Passage, chance: Chance) -> list[Piece] | None:
    if not passage.opens_line:
        return None
    data = passage.data
    indent = INDENTED.match(data)
    if not indent or not (indent[0].endswith(LAST_BLANK) or not indent[0]) or not chance():
        return None
    # the second byte of the indent and the first of the bracket read as 。; the bracket's second byte leads what follows
    at = indent.end()
    last = max(at - len(LAST_BLANK), 0)  # its first byte leads nothing and is dropped
    born = [Piece("", last, max(at - 1, 0)), Piece(FULL_STOP, max(at - 1, 0), at + 1)]
    return [*gbk.decode(data[:last]), *born, *gbk.decode(data[at + 1 :], at + 1)]
