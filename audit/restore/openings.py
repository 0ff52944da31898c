"""What a 。 that opens a line may be the remains of: an indent, a bracket, and the number of an item."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache

from audit.language.patterns import regex
from audit.restore import gbk
from audit.restore.asked import Head, Opening
from audit.restore.candidate import Site
from audit.restore.units import UNIT

BLANK = "\N{IDEOGRAPHIC SPACE}"
HIGH = 8 * UNIT  # what an item number above ten costs
UNDUE = 8 * UNIT  # a number, or none, where the items about it tell which is due
FIRST = 4 * UNIT  # the first of a list that begins anew
ITEM = regex("[0-9]{1,2}[)）]")
LONE = regex("[@-~][^\\x00-\\x7f]")
COUNTERS = "一二三四五六七八九十"
MOST_SHOWN = 3  # signs of a number, of 四十一
HIGHEST = 20  # below it are the numbers of items, but for a few
BRACKET = Head("", 0xA3)


def indent_of(body: str, site: Site) -> str:
    """The blank of which a program took the second byte; none where the indent was trimmed."""
    return BLANK if site.mechanism == "F3" and body[site.start - 1 : site.start] not in ("", "\n", "\r") else ""


def brackets(body: str, at: int, due: Collection[int] = ()) -> list[Site]:
    """What a 。 may open: numbers in brackets, of which some may be due, or a bracket alone."""
    behind = body[at + 1 : at + 2]
    if ITEM.match(body, at + 1):  # （1）, where the bracket's second byte was dropped
        return [Site("F3", at, at + 1, Opening((BRACKET,), first="（"))]
    if behind < "\x80":  # a lone second byte behind a number that left no trace
        unseen = [(0, head) for shown, _, head in _numbered() if not shown and number_of(head.text) in due]
        return _sites(at, unseen, due) if LONE.match(body, at + 1) else []
    shows = [(skip, head) for shown, skip, head in _numbered() if body.startswith(shown, at + 1)]
    sites = _sites(at, shows, due)
    if not any(skip for skip, _ in shows):  # only 六, which shows nothing, or no number
        sites.append(Site("F3", at, at + 1, Opening((BRACKET._replace(cost=2 * UNDUE if due else 0),), first="（")))
    return sites


def _sites(at: int, shows: list[tuple[int, Head]], due: Collection[int]) -> list[Site]:
    """Openings with numbers, those that show most first."""
    told = {number_of(head.text) for _, head in shows}
    fits = not told.isdisjoint(due)
    openings: dict[int, list[Head]] = {}
    for skip, head in shows:
        number = number_of(head.text)
        cost = HIGH * (number > len(COUNTERS))
        if fits:
            cost = 0 if number in due else cost + (FIRST if number == 1 else UNDUE)
        openings.setdefault(skip, []).append(head._replace(cost=cost))
    return [
        Site("F3", at, at + 1, Opening(tuple(heads), skip=skip, first="）"))
        for skip, heads in sorted(openings.items(), reverse=True)
    ]


def shown_numbers(body: str, at: int) -> Sequence[int]:
    """The numbers that show behind a 。 in as many signs as any, ascending."""
    return _shown(body[at + 1 : at + 1 + MOST_SHOWN])


@lru_cache(maxsize=1 << 12)
def _shown(signs: str) -> Sequence[int]:
    found = [(skip, number_of(head.text)) for shown, skip, head in _numbered() if skip and signs.startswith(shown)]
    return tuple(number for skip, number in found if skip == max(found)[0])


@cache
def traceless() -> list[int]:
    """The numbers of which no sign shows, ascending."""
    return [number_of(head.text) for shown, _, head in _numbered() if not shown]


def likely_number(shown: Sequence[int]) -> int:
    """The one of these numbers that lists reach, 0 where they reach none or several."""
    reached = [number for number in shown if number < HIGHEST]
    return reached[0] if len(reached) == 1 else 0


def numbered(original: str) -> bool:
    """Whether an original opens with an item's number in brackets."""
    item, closed, _ = original.strip(BLANK).partition("）")
    return bool(closed) and (number_of(item) > 0 or item.strip("（").isdecimal())


def number_of(head: str) -> int:
    """What a number up to 九十九 counts, in a bracket or not; 0 where it is none."""
    tens, ten, ones = head.strip("（(").rpartition("十")
    if not (tens + ten + ones) or any(part and part not in COUNTERS for part in (tens, ones)):
        return 0
    return (10 * (COUNTERS.index(tens) + 1 if tens else 1) if ten else 0) + (COUNTERS.index(ones) + 1 if ones else 0)


@cache
def _numbered() -> tuple[tuple[str, int, Head], ...]:
    """What （一 to （九十九 show as behind the 。, in how many pairs, and how the search goes on behind them."""
    return tuple(_listed())


def _listed() -> Iterator[tuple[str, int, Head]]:
    for ten in ["", "十", *(digit + "十" for digit in COUNTERS[1:9])]:
        for one in ["", *COUNTERS[:9]]:
            if ten + one:
                data = b"".join(filter(None, map(gbk.encode_char, f"（{ten}{one}）")))
                shown = "".join(piece.text for piece in gbk.decode(data[1:-1]))  # ）'s second byte leads the next pair
                yield shown, len(shown), Head(f"（{ten}{one}", 0xA3)
