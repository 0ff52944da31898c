"""A document as its parts: what stands before the first entry, the entries, what trails behind the last."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from audit.language.layout import Layout, layout
from audit.language.patterns import regex
from audit.language.spots import member
from audit.model import Entry, Role, Span, Text
from audit.reading.headings import (
    MAX_HEADING,
    SENTENCE_END,
    Heading,
    candidates,
    lone,
    number_of,
    ordinals,
    pieces,
    serial,
)

ATX = regex(r"(#{1,6})[ \t\u3000]+(?=\S)")
CODE_INDENT = 4  # blanks before a line of code (CommonMark 0.31, 4.4), where # opens a comment
INDENTED = regex(r"(?: {4}|\t)$")
# a line of one mark repeated: ---, * * *, ====, ——————
RULER = regex(r"(?:(?:-[ \t]?){3,}|(?:\*[ \t]?){3,}|(?:_[ \t]?){3,}|={3,}|~{3,}|[—─━＝＊]{3,})$")
RULER_MARKS = "-*_=~—─━＝＊"

# the heading of a list of links to other pages: 【…】相关文章：, 猜你喜欢, 上一篇：…
RELATED = regex(
    r"(?:[【\[《「][^\n]{0,40}[】\]》」]\s*(?:的)?)?"
    r"(?:(?:[与與和][^\n]{0,20})?(?:相关|相關|更多|推荐|推薦|精彩|热门|熱門|最新|扩展|擴展|延伸|阅读|閱讀|您可能|你可能|猜你|大家都在)"
    r"[^\n。，,；;]{0,12}?(?:文章|阅读|閱讀|推荐|推薦|内容|內容|范文|範文|链接|鏈接|連結|资料|資料|喜欢|喜歡|兴趣|興趣|关注|關注))"
    r"(?:[^\n。]{0,20})?[:：]?$|(?:上一[篇页頁]|下一[篇页頁])\s*[:：]"
)
RELATED_MARKS = "【[《「相更推精热熱最扩擴延阅閱您你猜大上下与與"
DATED = regex(r"[^\n]{2,60}?[\s\u3000\[(（]{0,4}(?:\d{4}[-./])?(?:0?[1-9]|1[0-2])[-./](?:0[1-9]|[12]\d|3[01])[\])）]?$")
MAX_LINK = 60
FEW_LINKS = 3  # dated lines in a row without a heading above them; two may be a signature and its date


def split(text: Text, *, markdown: bool | None = None, lines: Sequence[int] = ()) -> tuple[Entry, ...]:
    """The parts of a text in their order; they touch, begin at 0 and end at its end.

    `markdown` says whether `#` opens a heading; None lets the text decide (two such lines of one level).
    `lines` are the numbers of lines that are known to be headings. Without headings or separators the whole text is one entry.
    """
    lay = layout(text)
    tail = _tail(text.body, lay)
    known = [Heading(line, number_of(text.line(line).content.strip())) for line in lines]
    headings = [h for h in known or _headings(text, lay, markdown) if h.line < tail]
    if headings:
        return _cut(text, headings, tail)
    rulers = [n for n in _rulers(text.body, lay) if n < tail]
    return _cut_at_rulers(text, lay, rulers, tail)


def _headings(text: Text, lay: Layout, markdown: bool | None) -> list[Heading]:
    body = text.body
    found = _atx(body, lay, known=markdown is not None) if markdown is not False else []
    if found:
        return found
    ending, opening = candidates(text, lay)
    found = max(serial(body, lay, ending), pieces(body, lay, opening), key=len)
    return found or ordinals(body, lay, opening) or lone(text, lay)


def _atx(body: str, lay: Layout, *, known: bool) -> list[Heading]:
    """The Markdown headings of the lowest level that has two of them.

    Where the text is not `known` to be Markdown, an indented `#` is a comment in a block of code.
    """
    levels: dict[int, list[Heading]] = {}
    for line in np.flatnonzero((lay.first == 0x23) & ~lay.code).tolist():
        found = ATX.match(body, int(lay.starts[line]), int(lay.ends[line]))
        before = body[max(0, found.start() - CODE_INDENT) : found.start()] if found else ""
        if found and not INDENTED.search(before) and (known or before[-1:] not in {" ", "\t"}):
            title = body[found.end() : min(int(lay.ends[line]), found.end() + MAX_HEADING)].strip("*# ")
            levels.setdefault(len(found[1]), []).append(Heading(line, number_of(title)))
    return next((levels[n] for n in sorted(levels) if len(levels[n]) >= 2), [])


def _rulers(body: str, lay: Layout) -> list[int]:
    """Lines of one repeated mark, of the kind that occurs most, if it occurs twice; not a table's, not a title's underline."""
    like = member(lay.first, RULER_MARKS) & (lay.first == lay.last) & (lay.lengths >= 3) & ~lay.code
    kinds: dict[str, list[int]] = {}
    for line in np.flatnonzero(like).tolist():
        start, end = int(lay.starts[line]), int(lay.ends[line])
        if RULER.match(body, start, end):
            kinds.setdefault(body[start], []).append(line)
    most = max((k for k in kinds.values() if len(k) >= 2), key=len, default=[])
    return [] if 2 * sum(_underlines(lay, line) for line in most) > len(most) else most


def _underlines(lay: Layout, line: int) -> bool:
    """Whether a ruler stands right under a line of its own that is no longer: an underlined heading."""
    over = int(lay.lengths[line - 1]) if line else 0
    return 0 < over <= int(lay.lengths[line]) and (line < 2 or not lay.lengths[line - 2])


def _tail(body: str, lay: Layout) -> int:
    """The line where the trailing links begin; the number of lines if there are none."""
    count = len(lay.lengths)
    filled = np.flatnonzero(lay.lengths > 0)
    if not len(filled):
        return count
    # the trailing lines that could be links: short and not ending as sentences do
    prose = np.flatnonzero((lay.lengths > MAX_LINK) | member(lay.last, "。；！？;!?") | lay.code)
    first = int(prose[-1]) + 1 if len(prose) else 1
    ends = [int(n) for n in filled[np.searchsorted(filled, first) :]]
    for line in ends:
        nested = body[max(0, int(lay.starts[line]) - 2) : int(lay.starts[line])].endswith(
            ("  ", "\t")
        )  # under an item of a list
        if chr(lay.first[line]) not in RELATED_MARKS or nested:
            continue
        if RELATED.match(body, int(lay.starts[line]), int(lay.ends[line])):
            return line
    dated = len(ends)
    while dated and DATED.match(body, int(lay.starts[ends[dated - 1]]), int(lay.ends[ends[dated - 1]])):
        dated -= 1
    return ends[dated] if len(ends) - dated >= FEW_LINKS and (dated or len(prose)) else count


def _cut(text: Text, headings: Sequence[Heading], tail: int) -> tuple[Entry, ...]:
    starts = text.line_starts
    entries: list[Entry] = []
    first = int(starts[headings[0].line])
    if text.body[:first].strip():
        entries.append(Entry(text, 0, Role.FRONT, 0, first, Span(0, 0)))
    else:
        first = 0
    stop = len(text.body) if tail >= len(starts) else int(starts[tail])
    bounds = [first, *(int(starts[h.line]) for h in headings[1:]), stop]
    for heading, start, end in zip(headings, bounds, bounds[1:], strict=False):
        title = Span(int(starts[heading.line]), int(text.line_ends[heading.line]))
        entries.append(Entry(text, len(entries), Role.ENTRY, start, end, title, heading.number))
    return _with_tail(text, entries, stop)


def _cut_at_rulers(text: Text, lay: Layout, rulers: Sequence[int], tail: int) -> tuple[Entry, ...]:
    """The parts between separators, each ending with its separator; blank ones join the part before."""
    starts = text.line_starts
    stop = len(text.body) if tail >= len(starts) else int(starts[tail])
    bounds = [0]
    filled = np.flatnonzero(lay.lengths[:tail] > 0)
    final = int(filled[-1]) if len(filled) else 0
    for line in rulers:
        if line < final and text.body[bounds[-1] : int(starts[line])].strip():
            bounds.append(int(starts[line + 1]))
    bounds.append(stop)
    entries = [
        Entry(text, n, Role.ENTRY, start, end, _title(text, lay, start, end))
        for n, (start, end) in enumerate(itertools.pairwise(bounds))
    ]
    return _with_tail(text, entries, stop)


def _title(text: Text, lay: Layout, start: int, end: int) -> Span:
    """The first line that is not blank, if it looks like a title above a text; otherwise nothing."""
    first = text.line_at(start)
    after = text.line_at(end - 1) + 1 if end > start else first
    lines = first + np.flatnonzero(lay.lengths[first : min(after, first + 20)] > 0)
    if len(lines) < 2:
        return Span(start, start)
    line, body = int(lines[0]), text.body
    short = int(lay.lengths[line]) <= MAX_HEADING // 2 and body[int(lay.ends[line]) - 1] not in SENTENCE_END + "：:"
    longer = int(lay.lengths[lines[1:]].max()) > 2 * int(lay.lengths[line])
    if body.startswith("# ", int(lay.starts[line])) or (short and longer):
        return Span(int(text.line_starts[line]), int(text.line_ends[line]))
    return Span(start, start)


def _with_tail(text: Text, entries: list[Entry], stop: int) -> tuple[Entry, ...]:
    if stop < len(text.body):
        entries.append(Entry(text, len(entries), Role.TAIL, stop, len(text.body), Span(stop, stop)))
    return tuple(entries)
