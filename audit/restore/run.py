"""A shifted run read back into bytes: which it shows, which were lost, and where alignment returns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from audit.language.patterns import regex
from audit.restore import gbk

LONGEST = 64  # pairs; runs end at the next mark, the longest of the source has 15
WHOLE, PART = 24, 16  # pairs; longer runs that no mark ends are searched in parts, in which fewer pairs vanished
BEHIND_MARK = 6  # pairs that tell whether a narrow mark ends a run or is half of two characters
CLAUSE_ENDS = frozenset("，。、；：的了")
GLOSS = regex(r"\(([a-zA-Z\u00c0-\u0233\u0251\u0261\u1e3f]{1,7})\)")
CUT_GLOSS = regex(r"\?([a-zA-Z\u00c0-\u0233\u0251\u0261\u1e3f]{1,7})\)")
MARKS = dict(zip(",;!?，；！？", b"\xac\xbb\xa1\xbf" * 2, strict=True))  # second byte of each mark
WIDE = {",": 0xAC, ";": 0xBB, "!": 0xA1, "?": 0xBF, ":": 0xBA, "(": 0xA8, ")": 0xA9, "<": 0xBC, ">": 0xBE}
PAUSE = "\N{IDEOGRAPHIC COMMA}"
FIRST_LONE = 0x40
Pairs: TypeAlias = tuple[tuple[int, int], ...]


class Run(NamedTuple):
    """Pairs that a shifted run shows, and its end: the last character's trail byte, shown (`lone`) or lost.

    `end` is the offset behind the run, its closing gloss included; `reading` is that gloss, for the last character.
    `tail` is an ASCII character that the last lead byte took along. Where a run is `parted` the first byte of what is shown at `end`
    is `lone`, and the run goes on from its second.
    """

    pairs: Pairs
    end: int
    lone: int | None = None
    reading: str | None = None
    tail: str = ""
    parted: bool = False


def runs(body: str, at: int, *, stops: bool) -> Iterator[Run]:
    """The ways to read the run that begins at `at`, likeliest first; with `stops`, true marks end it."""
    pairs: list[tuple[int, int]] = []
    size = len(body)
    while len(pairs) <= LONGEST:
        char = body[at] if at < size else "\n"
        shown = tuple(pairs)
        if gloss := CUT_GLOSS.match(body, at) or GLOSS.match(body, at):
            yield Run(shown, gloss.end(), reading=gloss[1])
            return
        yield from _ended(body, at, char, shown, stops=stops)
        if char in "\r\n" or (stops and char == PAUSE):
            return
        code = _code(char)
        if code is None or len(code) == 1 or not gbk.is_lead(code[1]):
            yield from _last(body, at, shown, code)
            return
        pairs.append((code[0], code[1]))
        at += 1


def part_of(body: str, at: int, whole: int = WHOLE) -> Run | None:
    """The first part of a run that no mark ends, up to where a clause most likely does; None where it is short enough to be read whole."""
    pairs = byte_pairs(body, at, whole + 1)
    if len(pairs) <= whole:
        return None
    part = min(whole, PART)
    made = [gbk.pair_char(pairs[n - 1][1], pairs[n][0]) for n in range(1, part + 1)]
    mark = next((n for n in range(max(part - BEHIND_MARK, 0), part + 1) if body[at + n] in WIDE), part)
    most = max(mark, BEHIND_MARK)
    cut = next((n for n in range(most, most // 2, -1) if made[n - 1] in CLAUSE_ENDS), most)
    return Run(pairs[:cut], at + cut, pairs[cut][0], parted=True)


def byte_pairs(body: str, at: int, most: int) -> Pairs:
    """The pairs shown from a place on, so many at most."""
    pairs: list[tuple[int, int]] = []
    for char in body[at : at + most]:
        code = _code(char)
        if code is None or len(code) == 1 or not gbk.is_lead(code[1]):
            break
        pairs.append((code[0], code[1]))
    return tuple(pairs)


def _ended(body: str, at: int, char: str, shown: Pairs, *, stops: bool) -> Iterator[Run]:
    """The run, where a mark or a line break ends it."""
    if (stops and (char in MARKS or char == PAUSE)) or char in "\r\n":
        yield Run(shown, at)
    if char == "?" and not stops and body[at + 1 : at + 2] in ("", "\n", "\r"):
        yield Run(shown, at + 1)  # the last lead byte, which the decoder of glosses shows so
    if char in WIDE and not (stops and char in MARKS):
        yield Run(shown, at)  # an ASCII mark, unless it is half of two characters


def _last(body: str, at: int, shown: Pairs, code: bytes | None) -> Iterator[Run]:
    """The run, where no pair follows."""
    if code is None or (len(code) == 1 and code[0] < FIRST_LONE):
        yield Run(shown, at)
    elif len(code) == 1:
        after = GLOSS.match(body, at + 1)
        yield Run(shown, after.end() if after else at + 1, code[0], after[1] if after else None)
    elif code[1] < gbk.EURO:  # an ASCII character stood behind the run
        yield Run(shown, at + 1, code[0], tail=chr(code[1]))


def _code(char: str) -> bytes | None:
    """The bytes that a shown character had; narrow marks were full-width when the bytes were shifted."""
    if char in WIDE:
        return bytes((0xA3, WIDE[char]))
    return bytes((gbk.EURO,)) if char == "\N{EURO SIGN}" else gbk.encode_char(char)
