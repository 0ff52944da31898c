"""The layout of a text: headings at wrong levels, items torn from their text, headings that run on in a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from audit.language import line_scouts
from audit.language.layout import layout
from audit.language.listing import IS, items
from audit.language.patterns import regex
from audit.language.prose import prose
from audit.language.sets import among
from audit.language.spots import distinct, member
from audit.model import Hit, Offsets, Severity, Span, Text
from audit.rule import Scope, family

rule = family("structure")

FEW = 4  # headings, or pairs of items, below which a text shows no habit


@rule(
    "STR006",
    "heading-jump",
    Severity.INFO,
    "the heading jumps from level {before} to {level}",
    scope=Scope.TEXT,
    triggers="#",
)
def heading_jump(text: Text) -> Iterator[Hit]:
    """A Markdown heading that lies more than one level below the one before it.

    Why it matters: the heading between is missing, and tables of contents come out wrong.
    Left alone: code, documents that always leave a level out.
    Repair: none; an editor decides which level is meant.
    """
    lay = layout(text)
    found = []
    for line in np.flatnonzero((lay.first == 0x23) & ~lay.code).tolist():
        start, end = int(lay.starts[line]), int(lay.ends[line])
        marks = re.match(r"#{1,6}(?=[ \t\u3000])", text.body[start : min(end, start + 8)])
        if marks:
            found.append((len(marks[0]), start, end))
    jumps = [(a, b) for a, b in pairwise(found) if b[0] > a[0] + 1]
    if len(found) < FEW or len(jumps) * 10 > len(found):
        return
    for before, (level, start, end) in jumps:
        yield Hit(
            Span(start, end), {"before": before[0], "level": level}, evidence={"before": before[0], "level": level}
        )


HEAD, BODY = 25, 40  # a head alone is at most this long; an item with its text at least that


def _torn(text: Text) -> Offsets:
    """Lines of items that stand alone as a head while their kind mostly runs on into its text; shape (n,)."""
    lay, found = layout(text), items(text)
    torn = []
    for scheme in distinct(found.schemes[found.leads & (found.schemes != IS)]).tolist():  # 一是… is a clause, no head
        lines = found.lines[found.leads & (found.schemes == scheme)]
        lengths = lay.lengths[lines]
        if len(lines) < 2 * FEW or float((lengths >= BODY).mean()) < 0.6:
            continue
        head = lines[(lengths <= HEAD) & (lay.last[lines] == ord("。"))]
        head = head[head + 1 < len(lay.lengths)]
        torn.append(head[(lay.lengths[head + 1] >= BODY) & ~among(head + 1, found.lines[found.leads])])
    return np.sort(np.concatenate(torn)) if torn else np.empty(0, dtype=np.int64)


@rule(
    "STR007",
    "torn-item",
    Severity.INFO,
    "the item {text!r} is torn from its text",
    scope=Scope.TEXT,
    scout=line_scouts.many_items(2 * FEW),
    confidence=0.6,
)
def torn_item(text: Text) -> Iterator[Hit]:
    """A list item whose head stands on a line of its own, while its fellows run on into their text.

    Why it matters: one list in two layouts; programs take the text for a paragraph outside the list.
    Left alone: lists whose items all stand so, heads without a full stop, lists of short items.
    Repair: none; joining is the editor's choice.
    """
    lay = layout(text)
    for line in text.signal("structure.torn", _torn).tolist():
        start, end = int(lay.starts[line]), int(lay.ends[line])
        yield Hit(Span(start, end), {"text": text.body[start:end]}, evidence={"text_below": int(lay.lengths[line + 1])})


# the words that plans and reports put over their sections
SECTION = regex(
    r"(?<=[。！？!?”])(?P<head>[^。！？!?，,；;：:“”]{0,6}(?:打算|[计計][划劃]|[问問][题題]|做法|措施|建[议議]|体会|體會|[经經][验驗]|不足|安排|思路|重[点點]|成效|设想|設想))[：:]$"
)


@rule(
    "STR008",
    "glued-heading",
    Severity.MINOR,
    "the heading {text!r} runs on in the paragraph above it",
    scope=Scope.TEXT,
    scout=line_scouts.colon_ended(BODY),
    confidence=0.7,
)
def glued_heading(text: Text) -> Iterator[Hit]:
    """A section's heading at the end of the paragraph before it, as in `…报表。下步打算：`.

    Why it matters: a line break, often a number too, was lost; the section has no heading.
    Left alone: a sentence that opens a list (`具体措施：` before `1、`), short paragraphs, texts whose paragraphs end loosely.
    Repair: none; whether a number belongs to it only the source tells.
    """
    lay, found = layout(text), items(text)
    colon = member(lay.last, ":：") & (lay.lengths >= BODY) & ~lay.code
    lines = np.flatnonzero(colon)
    lines = lines[lines + 1 < len(lay.lengths)]
    lines = lines[(lay.lengths[lines + 1] > 0) & ~among(lines + 1, found.lines[found.leads])]
    for line in lines.tolist():
        end = int(lay.ends[line])
        seen = SECTION.search(text.body, end - 14, end)
        if seen and prose(text).share >= 0.9:
            yield Hit(
                Span(seen.start("head"), end),
                {"text": seen["head"]},
                evidence={"next": text.body[int(lay.starts[line + 1]) :][:12]},
            )


RULES = (heading_jump, torn_item, glued_heading)
