"""Passages that stop: a paragraph without its end, a sentence broken by a line, what a site left out on purpose.

Whether a line without a closing mark is damage depends on its document: in hard-wrapped text, verse, lists and loose
lines nearly none has one. So every rule that looks at line ends first asks whether this text's long lines do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from audit.language import line_scouts
from audit.language.layout import final_line, layout, within
from audit.language.listing import IS, items
from audit.language.patterns import regex
from audit.language.prose import is_han, prose, tidy
from audit.language.sets import among
from audit.language.spots import distinct, member
from audit.model import Entry, Hit, Offsets, Role, Severity, Span, Text
from audit.rule import Scope, family

from .truncation_ends import RULES as ENDS
from .truncation_lines import in_series, is_loose, runs_on
from .truncation_notes import RULES as NOTES

rule = family("truncation")

PARAGRAPH = 50  # shorter lines may be headings, captions, list items
SENTENCE = 25  # the least length of a last line that is a sentence, not a name
CLAUSES, MARKED = 2, 0.8  # commas of a line that is a sentence; share of long list items that end with a mark
OPEN = 40  # of a line that may be cut inside a bracket
MOSTLY = 0.7  # share of a numbered collection's long lines that are closed
NUMBERED = 9  # the same in a numbered piece of a collection
PAIRS = (("（", "）"), ("(", ")"), ("“", "”"), ("「", "」"), ("《", "》"), ("『", "』"))
ITEM = regex(r"[-*+•·●][ \t]")  # items of lists do without a mark
LAST_CLAUSE = 8  # what follows the last full stop; shorter ones are bylines and signatures


def _open_ends(text: Text) -> Offsets:
    """Lines of paragraph length that end in a Han character or a comma, and hold a full stop before; shape (n,)."""
    if not tidy(text):
        return np.empty(0, dtype=np.int64)
    lay = layout(text)
    commas = member(lay.last, "，,、")
    like = (lay.lengths >= OPEN) & ~prose(text).ended & ~lay.code & (is_han(lay.last) | commas)
    found = items(text)
    ended = prose(text).ended[found.lines[found.leads & (lay.lengths[found.lines] >= OPEN)]]
    marked = not len(ended) or float(ended.mean()) >= MARKED
    kept = []
    for line in np.flatnonzero(like).tolist():
        start, end = int(lay.starts[line]), int(lay.ends[line])
        stop = text.body.rfind("。", start, end)
        several = end - start >= PARAGRAPH and stop >= 0 and end - stop > LAST_CLAUSE
        several |= stop < 0 and sum(text.body.count(mark, start, end) for mark in "，,") >= CLAUSES and marked
        if several or _left_open(text.body[max(stop, start) : end]):
            kept.append(line)
    return np.array(kept, dtype=np.int64)


def _left_open(sentence: str) -> str:
    """The bracket or quotation mark that the sentence opens last and never closes, or nothing."""
    for left, right in PAIRS:
        if sentence.count(left) > sentence.count(right):
            return left
    return ""


@rule(
    "TRN001",
    "no-terminal",
    Severity.MINOR,
    {
        "": "the paragraph ends with {text!r}, without a mark",
        "comma": "the paragraph ends with a comma",
        "open": "the paragraph ends with {text!r} and leaves {open!r} open",
        "entry": "the entry ends with {text!r}, without a mark",
    },
    scope=Scope.ENTRY,
    scout=line_scouts.cut_off,
    confidence=0.7,
    alone=Severity.INFO,
)
def no_terminal(entry: Entry) -> Iterator[Hit]:
    """A paragraph of several sentences whose last one has no closing mark, in a text whose paragraphs have.

    Why it matters: the end was cut, or the mark was lost; the reader cannot tell which.
    Left alone: hard-wrapped text, headings, captions, lists, verse, tables, bylines, signatures and dates; a numbered line
    whose sentence runs on behind the next number is a remark, and so are three lines in a row that end in a comma.
    Repair: none; nobody knows whether a mark or a clause is missing.
    """
    text = entry.text
    lay = layout(text)
    lines = within(entry, text.signal("truncation.open", _open_ends))
    final = _final(entry)
    for line in sorted({*lines, final} - {-1}):
        start, end = int(lay.starts[line]), int(lay.ends[line])
        left = _left_open(text.body[max(start, text.body.rfind("。", start, end)) : end])
        variant = "comma" if text.body[end - 1] in "，,、" else "open" if left else "entry" if line == final else ""
        seen = text.body[end - (1 if variant == "comma" else 2) : end]
        stopped = variant in ("comma", "entry") or line == final
        yield Hit(
            Span(end - len(seen), end),
            {"text": seen, "open": left},
            variant=variant,
            severity=None if stopped and not runs_on(text, line) and not in_series(text, line) else Severity.INFO,
            evidence={"last": seen, "share_of_long_lines_ended": round(prose(text).share, 3)},
        )


def _final(entry: Entry) -> int:
    """The last line of an entry among others, if it is a sentence without its end; otherwise -1."""
    text = entry.text
    numbered = (
        entry.number is not None
    )  # the pieces of a collection end as pieces do, though some of its paragraphs are cut
    if entry.role is not Role.ENTRY or entry.end - entry.start == len(text.body) or not (numbered or tidy(text)):
        return -1
    if numbered and prose(text).share < MOSTLY:
        return -1
    lay = layout(text)
    line = final_line(entry)
    start, end = int(lay.starts[line]), int(lay.ends[line])
    clause = (
        line >= 0
        and end - start >= (SENTENCE if entry.number is None else NUMBERED)
        and bool(is_han(lay.last[line : line + 1])[0])
        and not prose(text).ended[line]
    )
    clause = clause and ITEM.match(text.body, start, end) is None and not is_loose(text, line)
    stop = text.body.rfind("。", start, end)
    several = re.search("[，,]", text.body[start:end]) or (numbered and stop >= 0 and end - stop > LAST_CLAUSE)
    return line if clause and several else -1


ASCII = 0x7F
CLOSERS = "，、；！？）」』》】,;!?)"


def _broken(text: Text) -> Offsets:
    """Lines that stop inside a sentence: the next begins with a mark that no line begins with, or a clause item is cut short."""
    lay = layout(text)
    if not tidy(text):
        return np.empty(0, dtype=np.int64)
    ended = prose(text).ended
    odd = np.flatnonzero(member(lay.first[1:], CLOSERS) & is_han(lay.last[:-1]) & (lay.lengths[:-1] >= LAST_CLAUSE))
    odd = odd[lay.lengths[odd + 1] >= 2]
    second = text.codes[lay.starts[odd + 1] + 1]
    odd = odd[(lay.first[odd + 1] > ASCII) | (second > ASCII)]  # `? → one character`: the mark itself is spoken of
    found = items(text)
    lines = found.lines[found.leads & (found.schemes == IS)]
    cut = lines[~ended[lines] & is_han(lay.last[lines])]
    cut = cut[cut + 1 < len(ended)]
    # 一是… is a clause and ends like one; where several do not, they are headings
    cut = cut[ended[cut + 1] & (lay.lengths[cut + 1] > 0)] if len(cut) * 5 <= len(lines) else cut[:0]
    cut = cut[~among(cut + 1, lines)]
    return distinct(np.concatenate([odd, cut]))


@rule(
    "TRN002",
    "broken-line",
    Severity.MAJOR,
    "the sentence stops at {text!r}; the next line begins in its middle",
    scope=Scope.ENTRY,
    scout=line_scouts.broken(CLOSERS),
    confidence=0.8,
    alone=Severity.INFO,
)
def broken_line(entry: Entry) -> Iterator[Hit]:
    """A line break inside a sentence, often with loss, in a text whose lines are paragraphs.

    Why it matters: neither line makes sense, and what stood between them is usually gone.
    Left alone: hard-wrapped text, lists whose items are all headings.
    Repair: none; joining the lines would hide the loss.
    """
    text, lay = entry.text, layout(entry.text)
    for line in within(entry, text.signal("truncation.broken", _broken)):
        end = int(lay.ends[line])
        start = max(int(lay.starts[line]), end - 4)
        after = int(lay.starts[line + 1])
        yield Hit(
            Span(start, min(after + 4, int(lay.ends[line + 1]))),
            {"text": text.body[start:end]},
            severity=Severity.MINOR if chr(lay.first[line + 1]) in CLOSERS else None,
            evidence={"next": text.body[after : after + 8]},
        )


WRAP = 20  # narrower columns are verse and tables
RUN = 3  # lines in a row that end at one width
EDGE = 2  # closing marks may not begin a line, so a wrapped line can be this much longer or shorter


@rule(
    "TRN007",
    "hard-wrapped",
    Severity.INFO,
    "sentences are broken at {width} characters in {count} lines",
    scope=Scope.TEXT,
    scout=line_scouts.open_lines(2 * RUN, WRAP),
    confidence=0.8,
)
def hard_wrapped(text: Text) -> Iterator[Hit]:
    """Lines broken at one width in the middle of sentences, as pages and PDF leave them; reported once.

    Why it matters: every program that takes a line for a paragraph reads broken sentences.
    Left alone: verse, tables, code, lists, headings.
    Repair: none here; joining lines needs to know where paragraphs end.
    """
    lay = layout(text)
    open_ended = (lay.lengths >= WRAP) & (lay.lengths <= 200) & ~prose(text).ended & ~lay.code
    followed = np.append(lay.lengths[1:] > 0, values=False)
    lines = np.flatnonzero(open_ended & followed)
    if len(lines) < 2 * RUN:
        return
    width = int(np.bincount(lay.lengths[lines]).argmax())
    lines = lines[np.abs(lay.lengths[lines] - width) <= EDGE]
    breaks = np.flatnonzero(np.diff(lines) != 1)
    starts, ends = np.append(0, breaks + 1), np.append(breaks, len(lines) - 1)
    runs = np.flatnonzero(ends - starts + 1 >= RUN)
    if len(runs) >= 2:
        first, last = int(lines[starts[runs[0]]]), int(lines[ends[runs[0]]])
        count = int((ends - starts + 1)[runs].sum())
        values = {"width": width, "count": count}
        yield Hit(Span(int(lay.starts[first]), int(lay.ends[last])), values, evidence={**values, "runs": len(runs)})


RULES = (no_terminal, broken_line, hard_wrapped, *ENDS, *NOTES)
