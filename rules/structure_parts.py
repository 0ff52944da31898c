"""What the rules about collections need to know of each part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np

from audit.language.layout import layout, lines_of
from audit.language.numerals import NUMBER, parse
from audit.language.patterns import regex
from audit.language.promise import promised_entries
from audit.language.prose import TERMINALS, is_han
from audit.model import Entry, Role, Span

TAIL = 200  # code points at an entry's end in which a line must be closed
SAMPLE = 500  # code points that tell an entry's script


class Part(NamedTuple):
    """What the judges need of a part."""

    role: str
    number: int | None
    size: int
    han: float
    stem: str
    promised: int | None
    lead: int | None
    complete: bool  # a section under a heading of its own words whose text, however short, comes to an end


STEM = regex(rf"^(?P<stem>.{{1,79}}?)(?<=[^\W\d_])[ \u3000]{{0,3}}[（(【\[［第]?(?:{NUMBER})[篇章]?[)）】\]］]?[:：]?$")


NAMED = regex(rf"^\W{{0,4}}(?:第\s?(?:{NUMBER})\s?[章节節编編部])?\W{{0,4}}(?!第\s?(?:{NUMBER}))[^\d\W]{{2}}")
# the introduction's own promise: 整理了五篇, 收集的3篇
GATHERED = regex(
    rf"(?:整理|收集|搜集|精[选選]|[汇匯彙][总總集编編])[了的好]?[^。\n\d]{{0,12}}?(?P<count>{NUMBER})[篇则則]"
)


def sketch(entry: Entry) -> Part:
    """The part's sketch, made once for all rules."""
    return cast("Part", entry.text.signal(f"structure.{entry.index}.{entry.start}", lambda _: _part(entry)))


def _part(entry: Entry) -> Part:
    content = entry.content
    codes = entry.text.codes[content.start : content.end]
    sample = codes[:: max(1, len(codes) // SAMPLE)]
    first, after = lines_of(entry)
    size = int(layout(entry.text).lengths[first:after].sum()) - (entry.title.end - entry.title.start)
    front = entry.role is Role.FRONT
    han = int(np.count_nonzero(is_han(sample))) / len(sample) if len(sample) and not front else 0.0
    title = entry.title_text[:80].strip("# *")
    stem = STEM.match(title) if entry.number is not None else None
    stem_text = stem["stem"].strip() if stem else ""
    body = entry.text.body[entry.start : min(entry.end, entry.start + 1000)] if front else ""
    promised = promised_entries(body) if front else None
    lead = GATHERED.search(body, second_line(body)) if front else None
    return Part(
        entry.role.value,
        entry.number,
        size,
        han,
        stem_text,
        promised,
        parse(lead["count"]) if lead else None,
        _complete(entry, title, named=not stem_text),
    )


def _complete(entry: Entry, title: str, *, named: bool) -> bool:
    if not (named and NAMED.match(title)):
        return False
    lines = entry.text.body[max(entry.title.end, entry.end - TAIL) : entry.end].replace("\r", "\n").split("\n")
    return any(line.rstrip().endswith(tuple(TERMINALS)) for line in lines)  # the next part's title may trail behind


def entries_of(parts: Sequence[Part | None]) -> list[int]:
    """The indices of the parts that are entries."""
    return [n for n, part in enumerate(parts) if part is not None and part.role == "entry"]


def heading(entry: Entry) -> Span:
    """The heading, or the first characters of a part that has none."""
    if entry.title.end > entry.title.start:
        return entry.title
    return Span(entry.start, min(entry.end, entry.start + 10))


def second_line(front: str) -> int:
    """Where the front's first line ends, blank ones left out."""
    ends = (front.find(end, len(front) - len(front.lstrip())) for end in "\r\n")
    return min((at for at in ends if at >= 0), default=len(front))
