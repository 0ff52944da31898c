"""A passage of an entry that is of another kind of text than the rest of it."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import surprise
from audit.language.axes import STEP, UNIT, axes, han_before, running
from audit.language.cells import FLOOR, may_hold
from audit.language.layout import layout, lines_of
from audit.language.patterns import regex
from audit.language.spots import narrow
from audit.language.stretches import stretches
from audit.model import Codes, Entry, Offsets, Span

Scores = NDArray[np.float64]
MIN_HAN, MIN_SIZE, MAX_SIZE = (
    800,
    1_000,
    30_000,
)  # Han characters of an entry; its code points: a book changes its subject as it goes
MIN_STRETCHES, MOST = 12, 8  # stretches of an entry; of a passage
DENSE, WIDE = 0.6, 18  # of a passage are Han characters; so many of them to a line, or it is a list, a table or verse
NAMED = 0.05  # enumeration commas to a Han character: more list names or goods
ODD, DAMAGED = (
    19.0,
    100.0,
)  # bits of a pair of characters; so odd are 140 in 1,000 of dialect, 36 of old verse, 370 of shifted bytes
HEADING = 30  # code points
WIDE_BLANK = 0x3000
QUOTES, QUOTATION = (
    (("“", "”"), ("「", "」"), ("『", "』"), ("‘", "’")),
    400,
)  # code points that a quotation may have before the passage
# a colon at the end of a line or before a quotation, or behind a word that says that others wrote what follows
ANNOUNCED = regex(
    '[:：](?=[\\s“「『"])|(?:[规規]定|[写寫]道|[说說]|指出|[称稱]|曰|云|[诗詩词詞]|原文|[条條]文|如下|引|摘)[^。！？\n]{0,8}[:：]'
)
BEFORE = 20  # code points
# what a writer brings in from elsewhere: a quotation, what a colon announces, an item, a row, a heading with what it heads
QUOTED = regex(
    r"[“「『‘\"'>|`*#+\-－—•·●○■◆【\[（(]|[0-9０-９]{1,3}[.、．)）]|[一二三四五六七八九十]{1,3}、|第[〇零一二三四五六七八九十百0-9]{1,6}[条條章节節]"
)


class Intruder(NamedTuple):
    """A passage, how many deviations it lies from the rest of its entry, and how many farther than the next one does.

    `rest` are the starts and ends of the stretches before and behind it, shape (stretches, 2); `edge`: it begins or ends the entry.
    """

    span: Span
    distance: float
    ahead: float
    rest: Offsets
    edge: bool


def is_judged(entry: Entry) -> bool:
    """Whether an entry has a length at which its passages can be told apart."""
    start, end = entry.content
    return MIN_SIZE <= end - start <= MAX_SIZE


def unlike(sums: Scores, sizes: Scores, noise: Scores, between: Scores) -> Scores:
    """How far each passage lies from the rest of its text, in deviations, squared; shape (passages,).

    `sums` are of the passages and, last, of the whole, shape (axes, passages + 1), as are `sizes`, of what they are sums;
    `noise` is what a passage's mean may scatter, shape (axes or 1, passages). What an axis tells counts the more, the more texts differ on it.
    """
    apart = sums[:, :-1] / np.maximum(sizes[:-1], 1)
    apart -= (sums[:, -1:] - sums[:, :-1]) / np.maximum(sizes[-1] - sizes[:-1], 1)
    parts = np.square(apart) * (1 / noise - 1 / (noise + between[:, None]))
    total = np.zeros(parts.shape[1])
    for part in parts:  # in this order on every machine
        total += part
    return total


def intruder(entry: Entry, least: float = -inf) -> Intruder | None:
    """The passage of an entry that lies farthest from the rest of it, of those that no writer seems to have brought in.

    None where the entry is too short or too long to tell, where two sieves say that no passage lies far ahead of the others, or
    where it lies ahead by less than `least`.
    """
    return farthest(entry, least) if is_judged(entry) and may_hold(entry) else None


def farthest(entry: Entry, least: float = -inf) -> Intruder | None:
    """The same, whatever the sieves say."""
    han = han_before(entry.text.codes[slice(*entry.content)])
    if han[-1] < MIN_HAN or len(parts := stretches(entry, han)) < MIN_STRETCHES:
        return None
    first, last = _passages(len(parts))
    bounds = parts.ravel() - entry.content.start
    begins, ends = 2 * first, 2 * last - 1
    far = _distances(entry, bounds, begins, ends)
    allowed = np.where(_allowed(entry, han, bounds, begins, ends), far, 0)
    at = int(np.argmax(allowed))
    low, high = int(first[at]), int(last[at])
    next_best = float(far[(first >= high) | (last <= low)].max(initial=0))
    distance = float(np.sqrt(allowed[at]))
    ahead = distance - float(np.sqrt(next_best))
    span = Span(int(parts[low, 0]), int(parts[high - 1, 1]))
    if (
        ahead < least
        or is_brought_in(entry, Span(*parts[low].tolist()))
        or is_section(entry, span)
        or is_damaged(entry.text.codes[slice(*span)])
    ):
        return None
    rest = np.concatenate([parts[:low], parts[high:]])
    return Intruder(span, distance, ahead, rest, low == 0 or high == len(parts))


def _passages(count: int) -> tuple[Offsets, Offsets]:
    """First and past-the-last stretch of each passage that is no more than a third of the entry; shapes (passages,)."""
    sizes = np.arange(1, min(MOST, count // 3) + 1)
    first = np.tile(np.arange(count), len(sizes))
    last = first + sizes.repeat(count)
    kept = last <= count
    return first[kept], last[kept]


def _distances(entry: Entry, bounds: Offsets, begins: Offsets, ends: Offsets) -> Scores:
    """How far each passage lies from the rest, squared; a start and an end of each stretch are the bounds; shape (passages,)."""
    sums = running(entry.text.codes[slice(*entry.content)], axes().weights, bounds)
    low, high = np.append(begins, 0), np.append(ends, len(bounds) - 1)
    sizes = (sums.features[high] - sums.features[low]).astype(np.float64)
    noise = (UNIT / np.maximum(sizes[:-1], 1) + FLOOR)[None]
    moved = np.asarray(sums.weights.take(high, axis=1) - sums.weights.take(low, axis=1), dtype=np.float64)
    return unlike(moved * STEP, sizes, noise, axes().between)


def _allowed(entry: Entry, han: Offsets, bounds: Offsets, begins: Offsets, ends: Offsets) -> NDArray[np.bool_]:
    """Which passages are prose and no list, table or verse; arguments as above, shape (passages,)."""
    base = entry.content.start
    codes = narrow(entry.text)[base : entry.content.end]
    blanks = np.flatnonzero((codes <= ord(" ")) | (codes == WIDE_BLANK)).searchsorted(bounds)
    commas = np.flatnonzero(codes == ord("、")).searchsorted(bounds)
    lines = entry.text.line_starts.searchsorted(bounds + base + (np.arange(len(bounds)) % 2 == 0))
    held, seen, named, over = ((row[ends] - row[begins]) for row in (han[bounds], bounds - blanks, commas, lines))
    return np.asarray((held >= DENSE * seen) & (held >= WIDE * (over + 1)) & (named <= NAMED * held))


def is_brought_in(entry: Entry, part: Span) -> bool:
    """Whether a passage whose first stretch this is begins as what a writer brings in, behind what announces it, or in a quotation."""
    body, base = entry.text.body, entry.content.start
    low = max(part.start - QUOTATION, base)
    inside = any(body.rfind(left, low, part.start) > body.rfind(right, low, part.start) for left, right in QUOTES)
    announced = ANNOUNCED.search(body, max(part.start - BEFORE, base), part.end)
    return inside or announced is not None or QUOTED.match(body, part.start) is not None


def is_section(entry: Entry, span: Span) -> bool:
    """Whether a passage has a heading of its own, and behind it stands the next one or nothing: parts of a work may differ."""
    lay = layout(entry.text)
    first, after = lines_of(entry)
    filled = first + np.flatnonzero(lay.lengths[first:after] > 0)
    filled = filled[lay.starts[filled] >= entry.content.start]
    own = filled[lay.starts[filled] <= span.start][-2:].tolist()  # the line before the passage, and its first one
    behind = filled[lay.starts[filled] >= span.end][:1].tolist()
    return any(_heads(entry, line) for line in own) and all(_heads(entry, line) for line in behind)


def _heads(entry: Entry, line: int) -> bool:
    """Whether a line is short and ends as no sentence does."""
    lay = layout(entry.text)
    return int(lay.lengths[line]) <= HEADING and chr(int(lay.last[line])) not in "。！？!?；;，,、：:…”」』）)"


def is_damaged(codes: Codes) -> bool:
    """Whether a passage holds so many odd pairs of characters that it is another kind of text only by its damage."""
    return 1000 * int(np.count_nonzero(surprise(codes)[1:] >= ODD)) > DAMAGED * len(codes)
