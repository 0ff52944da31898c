"""Which lines of a document are headings that number its parts.

Every finder looks only at short lines that begin or end like a heading (one look-up a line), and believes its finds only
if they count upwards: a list of loose sentences, some of which say `第三章`, has no parts.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from audit.language.layout import Layout
from audit.language.numerals import DIGITS, HAN, NUMBER, parse
from audit.language.patterns import regex
from audit.language.promise import promised_entries
from audit.language.spots import member
from audit.model import Text

MAX_HEADING = 60  # the longest of the headings seen on collection pages has 38 code points
MAX_CONTENTS = 40  # lines of a table of contents, sections of chapters among them
RISING = 0.8  # share of neighbours that count upwards; true collections have 1.0 or lose one, chance gives 0.5
ONE_WRONG = 4  # steps of which one may be wrong: 1, 2, 3, 3, 5
SENTENCE_END = "。；，;,！？!?、…"

_NUMERALS = (
    "0123456789\N{FULLWIDTH DIGIT ZERO}\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}\N{FULLWIDTH DIGIT THREE}"
    "\N{FULLWIDTH DIGIT FOUR}\N{FULLWIDTH DIGIT FIVE}\N{FULLWIDTH DIGIT SIX}\N{FULLWIDTH DIGIT SEVEN}"
    "\N{FULLWIDTH DIGIT EIGHT}\N{FULLWIDTH DIGIT NINE}" + HAN
)
_COUNTS = _NUMERALS + "篇章" + "".join(map(chr, (*range(0x2160, 0x216C), *range(0x2460, 0x2474))))
_CLOSERS = "）)】]］》:："
_FIRST = "第篇范範例样樣模【[［《〈卷文作标標"
_ROUND = "（("
_OPENERS = "（(【[［"
MAX_LONE = 10
_INSIDE = "第篇范範例样樣模卷文作"

# a title with a serial number at its end: 工作总结1, 工作总结（二）, 工作总结 篇3, 工作总结【第4篇】
TWO_LETTERS = regex(r"[^\W\d_]{2}")
SERIAL = regex(
    rf"(?P<stem>[^\n]{{2,50}}?)[ \t\u3000]{{0,3}}[（(【\[［]?[ \t\u3000]{{0,3}}第?[ \t\u3000]{{0,3}}(?P<number>{NUMBER})[ \t\u3000]{{0,3}}[篇章]?[ \t\u3000]{{0,3}}[)）】\]］》]?[ \t\u3000]{{0,3}}[:：]?$"
)
# a piece announced at the front of the line: 【篇一】…, 范文1：…, 第3篇 …
PIECE = regex(
    rf"[【\[［（(《〈]?[ \t\u3000]{{0,3}}(?:第[ \t\u3000]{{0,3}}(?P<nth>{NUMBER})[ \t\u3000]{{0,3}}(?P<unit>[篇则則份])"
    rf"|(?P<word>[^\n\s:：。，]{{0,12}}?(?:篇|范文|範文|例文|[样樣]本|模板|作文|文章|案例|[标標][题題]))[ \t\u3000]{{0,3}}(?P<number>{NUMBER}))"
    r"[ \t\u3000]{0,3}(?:[】\]］）)》〉:：、.．\s]|$)"
)
ORDINAL = regex(
    rf"[【\[［（(《〈]?\s{{0,4}}(?:第\s{{0,4}}(?P<nth>{NUMBER})\s{{0,4}}(?P<unit>[篇章回卷编編部节節集讲講课課幕])|(?P<roll>卷)[之第]?\s{{0,4}}(?P<number>{NUMBER})(?![{DIGITS}{HAN}]))"
)
ORDINAL_RANK = "篇章回卷編编部節节集講讲課课幕"
# a line that is nothing but a bracketed number
LONE = regex(rf"[（(【\[［][ \t\u3000]{{0,3}}(?P<number>{NUMBER})[ \t\u3000]{{0,3}}[)）】\]］]$")
# numbered lines that make no part: captions, pages, dates
NOT_A_STEM = regex(
    r"[图圖表例式注附题題问問答步页頁Pp]$|附[件表录錄]$|步[骤驟]$|问题$|問題$|[年月日号號时時期周週届屆次]$|[-–—./,:：=+×xX*%$#<>]$|[Ff]ig|[Tt]able|[Pp]age"
)


class Heading(NamedTuple):
    """A line that opens a part, and the number it says."""

    line: int
    number: int | None


def candidates(text: Text, layout: Layout) -> tuple[list[int], list[int]]:
    """Short lines outside code that end as numbered headings do, and those that begin so."""
    lines = np.flatnonzero((layout.lengths > 1) & (layout.lengths <= MAX_HEADING) & ~layout.code)
    at, codes = layout.ends[lines] - 1, text.codes
    for _ in range(2):  # a closing bracket and a colon may stand behind the number
        at = at - member(codes[at], _CLOSERS)
    ending = lines[member(codes[at], _COUNTS)] if len(lines) else lines
    first = layout.first[lines]
    inside = member(first, _ROUND) & member(codes[layout.starts[lines] + 1], _INSIDE)  # （一） is an item, no heading
    opening = lines[member(first, _FIRST) | inside]
    return ending.tolist(), opening.tolist()


def rising(numbers: Sequence[int]) -> bool:
    """Whether the numbers count upwards, but for a few that are lost, doubled or wrong."""
    if len(numbers) < 2 or numbers[0] > (1 if len(numbers) < 4 else 3):
        return False
    steps = [b - a for a, b in itertools.pairwise(numbers)]
    wrong = sum(not 0 < s <= 3 for s in steps)
    return wrong <= (1 - RISING) * len(steps) or (wrong == 1 and len(steps) >= ONE_WRONG and numbers[0] == 1)


def serial(body: str, layout: Layout, lines: Iterable[int]) -> list[Heading]:
    """The same title again and again, a serial number glued to it; the most frequent one wins."""
    stems: dict[str, list[Heading]] = defaultdict(list)
    loose: dict[str, list[Heading]] = defaultdict(list)
    for line in lines:
        found = SERIAL.match(body, layout.starts.item(line), layout.ends.item(line))
        number = parse(found["number"]) if found else None
        if found is None or number is None:
            continue
        stem = "".join(found["stem"].split())
        if len(stem) < 2 or NOT_A_STEM.search(stem) or not TWO_LETTERS.search(stem):
            continue
        stems[stem].append(Heading(line, number))
        loose[stem[-4:]].append(Heading(line, number))
    best = _best(stems, layout, 2)
    return _complete(best, loose) if best else _best(loose, layout, 4)


def _best(groups: dict[str, list[Heading]], layout: Layout, least: int) -> list[Heading]:
    """The largest group that counts upwards and has text between its headings."""
    for group in sorted(groups.values(), key=lambda g: (-len(g), g[0].line)):
        if len(group) < least:
            break
        kept = without_contents(group, layout)
        numbers = [h.number or 0 for h in kept]
        if len(kept) >= least and rising(numbers) and (len(kept) > 2 or numbers == [1, 2]) and _filled(kept, layout):
            return kept
    return []


def _complete(found: list[Heading], loose: dict[str, list[Heading]]) -> list[Heading]:
    """The headings with those whose title is damaged but whose number is exactly a missing one, in its place."""
    known = set(found)
    kin = sorted({h for group in loose.values() if not known.isdisjoint(group) for h in group})
    whole, at = list(found), 0
    for before, after in itertools.pairwise(found):
        while at < len(kin) and kin[at].line < after.line:
            if kin[at].line > before.line and (before.number or 0) < (kin[at].number or 0) < (after.number or 0):
                whole.append(kin[at])
            at += 1
    return sorted(whole)


def without_contents(group: list[Heading], layout: Layout) -> list[Heading]:
    """The headings without a table of contents at their front: short lines only, then the first number again."""
    again = next((n for n in range(2, len(group)) if group[n].number == group[0].number), 0)
    if again and int(layout.lengths[group[0].line : group[again - 1].line + 1].max()) <= MAX_CONTENTS:
        return group[again:]
    return group


def _text_between(line: int, other: int, layout: Layout) -> bool:
    """Whether something that is not blank stands between two lines."""
    return bool((layout.lengths[line + 1 : other] > 0).any())


def _filled(group: list[Heading], layout: Layout) -> bool:
    """Whether most headings have text under them, as parts do and lists do not."""
    ends = [h.line for h in group[1:]] + [len(layout.lengths)]
    return sum(_text_between(h.line, e, layout) for h, e in zip(group, ends, strict=True)) * 2 >= len(group)


def pieces(body: str, layout: Layout, lines: Iterable[int]) -> list[Heading]:
    """Lines that announce the n-th piece at their front."""
    groups: dict[str, list[Heading]] = defaultdict(list)
    for line in lines:
        start, end = int(layout.starts[line]), int(layout.ends[line])
        found = PIECE.match(body, start, end)
        if found is None or body[end - 1] in SENTENCE_END:
            continue
        number = parse(found["nth"] or found["number"])
        if number is not None:
            groups[found["unit"] or found["word"]].append(Heading(line, number))
    return _best(groups, layout, 2)


def ordinals(body: str, layout: Layout, lines: Iterable[int]) -> list[Heading]:
    """Chapters and their kin: the rank that makes parts is the first of `ORDINAL_RANK` with two headings."""
    groups: dict[str, list[Heading]] = defaultdict(list)
    for line in lines:
        start, end = int(layout.starts[line]), int(layout.ends[line])
        found = ORDINAL.match(body, start, end)
        if found is None or body[end - 1] in SENTENCE_END:
            continue
        number = parse(found["nth"] or found["number"])
        if number is not None:
            groups[found["unit"] or found["roll"]].append(Heading(line, number))
    for rank in ORDINAL_RANK:
        group = without_contents(groups.get(rank, []), layout)
        if len(group) >= 2 and _in_order(group) and _filled(group, layout):
            return group
    return []


def _in_order(group: list[Heading]) -> bool:
    """Whether the numbers go up by one, or begin anew at one, nearly always."""
    numbers = [h.number or 0 for h in group]
    steps = list(itertools.pairwise(numbers))
    return numbers[0] <= (1 if len(numbers) < 4 else 3) and sum(
        b == 1 or 0 < b - a <= 3 for a, b in steps
    ) >= RISING * len(steps)


def lone(text: Text, layout: Layout) -> list[Heading]:
    """Lines of nothing but `（一）`, where the title promises about as many pieces: elsewhere they are sections of one."""
    lines = np.flatnonzero((layout.lengths >= 3) & (layout.lengths <= MAX_LONE) & member(layout.first, _OPENERS))
    if len(lines) < 2:
        return []
    found = [Heading(line, parse(one["number"])) for line, one in _matched(text.body, layout, lines.tolist())]
    numbers = [h.number or 0 for h in found]
    if len(found) < 2 or not rising(numbers) or not _filled(found, layout):
        return []
    promised = promised_entries(text.body[: text.line_starts.item(found[0].line)])
    return found if promised and abs(promised - len(found)) <= max(1, promised // 5) else []


def _matched(body: str, layout: Layout, lines: Iterable[int]) -> Iterator[tuple[int, re.Match[str]]]:
    for line in lines:
        found = LONE.match(body, int(layout.starts[line]), int(layout.ends[line]))
        if found:
            yield line, found


def number_of(title: str) -> int | None:
    """The number that a heading says, at its front or its end."""
    title = title[:MAX_HEADING]
    for pattern in (PIECE, ORDINAL):
        if found := pattern.match(title):
            return parse(found["nth"] or found["number"])
    found = SERIAL.fullmatch(title)
    return parse(found["number"]) if found and not NOT_A_STEM.search(found["stem"]) else None
