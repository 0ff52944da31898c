"""Punctuation: half-width marks in Chinese prose, doubled and contradictory marks, a full stop inside a list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audit.joined import Joined, Mask
from audit.language import script
from audit.language.code import in_code
from audit.language.fields import rows
from audit.language.marks import FULL, HALF, IS_FULL, IS_HALF, IS_STOP, STOPS, is_han, marks
from audit.language.pairs import listed
from audit.language.patterns import regex
from audit.language.spots import member, narrow, places
from audit.model import Edit, Hit, Hits, Offsets, Safety, Severity, Span, Text
from audit.rule import Scope, family

from .punctuation_brackets import RULES as BRACKETS
from .punctuation_points import RULES as POINTS

rule = family("punctuation")

# Share of a half-width mark from which it is the document's habit: clean prose has 0.01, essays typed on a keyboard 0.9 for ! and ?
SYSTEMATIC = 0.2
FEW = 3
TECHNICAL = 0.1  # letters per Han character from which half-width marks are at home: technology articles 0.12, news 0.03, law 0.0
# Suffixes of listed qualities; in clean prose (24 M characters) a stump with the same one follows a full stop 3 times
SUFFIXES, STUMP_ENDS = "化性力率度", frozenset("。、，；,;等\n\r")
STUMPS = (2, 3, 4)  # characters of a stump
# A subject and its verb follow: two sentences
SENTENCE = regex(r"[^，。；,;\r\n]{0,14}?[应應得由是将將须須不负負可予]")


def _half_between(text: Text) -> Offsets:
    """Half-width marks with a Han character, or a quotation, on both sides."""
    at, bits = marks(text)
    half = at[(bits & IS_HALF) > 0]
    half = half[is_han(text, half - 1)]
    return half[is_han(text, half + 1)]


def _scout(joined: Joined) -> Mask:
    """Texts with a half-width mark between Han characters."""
    return joined.holding(_half_between(joined.text))


def _widths(text: Text) -> tuple[Offsets, Offsets]:
    return text.signal("punctuation.widths", _sort_widths)  # type: ignore[no-any-return]


def _sort_widths(text: Text) -> tuple[Offsets, Offsets]:
    """Half-width marks that are the document's habit, and those that are not."""
    half = _half_between(text)
    codes = text.codes[half]
    habit = np.zeros(len(half), dtype=bool)
    if not len(half):
        return half, half
    for mark, wide in zip(HALF, FULL, strict=True):
        mine = codes == ord(mark)
        count = int(np.count_nonzero(mine))
        if count >= FEW and count >= SYSTEMATIC * (count + len(places(text, wide))):
            habit |= mine
    if np.count_nonzero(habit) >= FEW and np.count_nonzero(habit) >= np.count_nonzero(marks(text).bits & IS_FULL):
        habit[:] = True  # the document writes them all so: one remark tells it
    return half[habit], half[~habit]


def _technical(text: Text) -> bool:
    """Whether half-width marks are a choice here: beside many letters, or between the fields of a table."""
    if rows(text):
        return True
    codes = text.codes[: 1 << 15]  # the opening tells
    letters = np.count_nonzero(((codes | 32) >= 97) & ((codes | 32) <= 122))
    return bool(letters > TECHNICAL * np.count_nonzero((codes >= 0x3400) & (codes < 0xA000)))


@rule(
    "PUN001",
    "halfwidth-marks",
    Severity.MINOR,
    "half-width {text!r} and {count:,} more half-width marks between Chinese characters, {full:,} of the same kinds full-width",
    scope=Scope.TEXT,
    scout=_scout,
    confidence=0.95,
)
def halfwidth_marks(text: Text) -> Iterator[Hit]:
    """Half-width marks as the habit of a Chinese text: one remark for the whole document, on the first place.

    Why it matters: `,` and `;` between Han characters set badly, and split sentences wrongly in programs that look for `，`.
    Left alone: technical text rich in letters, where half-width marks are a choice; the commas of a table kept as text;
    marks beside letters and digits.
    Repair: none by itself; a change of width for the whole document is the editor's decision.
    """
    habit, _ = _widths(text)
    if not len(habit) or _technical(text):
        return
    start = int(habit[0])
    counts = {mark: int(np.count_nonzero(text.codes[habit] == ord(mark))) for mark in HALF}
    full = int(np.count_nonzero(marks(text).bits & IS_FULL))
    evidence = {"count": len(habit), "full_width": full, "marks": {mark: n for mark, n in counts.items() if n}}
    values = {"text": text.body[start], "count": len(habit) - 1, "full": full}
    severity = (
        Severity.MINOR if len(habit) >= full else Severity.INFO
    )  # essays often have ! and ? half-width and nothing else
    yield Hit(Span(start, start + 1), values, evidence=evidence, severity=severity)


@rule(
    "PUN002",
    "mixed-width",
    Severity.INFO,
    "half-width {text!r} in a text of full-width marks",
    scope=Scope.TEXT,
    scout=_scout,
    confidence=0.8,
    repair=Safety.SUGGESTED,
    editorial=True,
)
def mixed_width(text: Text) -> Iterator[Hits]:
    """A half-width mark between Han characters in a document whose marks are full-width.

    Why it matters: it marks a place that was typed, pasted or scanned apart from the rest.
    Left alone: documents that use half-width marks throughout (PUN001), technical text, marks beside letters and digits.
    Repair: the full-width mark.
    """
    _, half = _widths(text)
    if not len(half) or _technical(text):
        return

    def make(n: int) -> Hit:
        start = int(half[n])
        mark = text.body[start]
        edit = Edit(FULL[HALF.index(mark)])
        return Hit(Span(start, start + 1), {"text": mark}, edit, evidence={"half_width": len(half)})

    yield Hits(half, half + 1, make, Safety.SUGGESTED)


# What stands is the stronger mark; `;、` and `!,` are left to the byte-shift rules, which explain them
DOUBLED = {
    "，。": "。", "。，": "。", "，，": "，", "、、": "、", "，、": "，", "、，": "，", "；，": "；", "，；": "；", "；；": "；", "、。": "。", "；。": "。",
    "。；": "。", "：，": "：", "，：": "：", "、；": "；", ",,": ",", ",。": "。", "。,": "。", "，,": "，", ",，": "，", "；、": "；", "？。": "？", "！。": "！", "。？": "？", "。！": "！", "？、": "？", "：。": "：", "。：": "：",
}  # fmt: skip

ASKING = frozenset("？！")  # a full stop more behind them stands in editions of verse too


def _pairs(text: Text) -> Offsets:
    """Where two marks that end or part clauses stand side by side behind a Han character."""
    at, bits = marks(text)
    stops = at[(bits & (IS_STOP | IS_FULL)) > 0]
    first = stops[:-1][np.diff(stops) == 1]
    return first[is_han(text, first - 1)] if len(first) else first


def _doubled(joined: Joined) -> Mask:
    return joined.holding(_pairs(joined.text))


@rule(
    "PUN003",
    "doubled-marks",
    Severity.MINOR,
    {"": "contradictory marks {text!r}", "same": "doubled mark {text!r}"},
    scope=Scope.TEXT,
    scout=_doubled,
    confidence=0.85,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
)
def doubled_marks(text: Text) -> Iterator[Hit]:
    """Two marks where one belongs, as in `，。` or `、、`.

    Why it matters: something between them was lost, or a clean-up joined two lines.
    Left alone: ellipses, also those typed `。。。` or `、、、`; `？！`, a question in a title (`你去吗？，`), `？。` in verse; marks in code; a half-width `;` before `、`, which broken bytes leave;
    `,,` and `。,` where commas part the fields of a table.
    Repair: the stronger of the two marks, where nothing was lost.
    """
    for start in _pairs(text).tolist():
        both = text.body[start : start + 2]
        third = text.body[start + 2 : start + 3]
        if "," in both and rows(text):
            continue
        if (
            both in DOUBLED
            and (not third or third not in STOPS + HALF + "？！")
            and not in_code(text, start, start + 2)
        ):
            asks = not ASKING.isdisjoint(both)
            if asks and script.modernity(text, np.array([start]))[0] < script.MODERN:
                continue  # how an edition marks its verse
            same = both[0] == both[1]
            kept = DOUBLED[both]
            yield Hit(
                Span(start, start + 2),
                {"text": both},
                Edit(kept),
                evidence={"kept": kept},
                variant="same" if same else "",
                severity=Severity.INFO if asks else None,
            )


@rule(
    "PUN004",
    "stop-in-list",
    Severity.INFO,
    "full stop inside the list {text!r}, where 、 is usual",
    scope=Scope.TEXT,
    by_line=True,
    triggers="。",
    confidence=0.5,
    repair=Safety.SUGGESTED,
)
def stop_in_list(text: Text) -> Iterator[Hit]:
    """A full stop between two words that are listed with 、 elsewhere, as in `党委。政府`.

    Why it matters: it cuts a sentence in two and leaves a stump.
    Left alone: two sentences; pairs that were never seen as a list, here or in the language tables.
    Repair: the mark of lists, 、.
    """
    stops = places(text, "。")
    known = [start for start in listed(text.codes, stops).tolist() if not SENTENCE.match(text.body, start + 1)]
    for start in sorted({*known, *_parallel(text, stops)}):
        words = text.body[start - 2 : start] + "、" + text.body[start + 1 : start + 3]
        values = {"text": text.body[start - 2 : start + 3]}
        yield Hit(Span(start, start + 1), values, Edit("、"), evidence={"usual": words, "parallel": start not in known})


def _parallel(text: Text, stops: Offsets) -> Iterator[int]:
    """Full stops before a stump that ends as the word before them does: `制度化。规范化。`."""
    codes = narrow(text)
    ends = codes.take(np.maximum(stops - 1, 0))
    kept = member(ends, SUFFIXES) & (stops > 2)
    stops, ends = stops[kept], ends[kept]
    likely = [codes.take(stops + size, mode="clip") == ends for size in STUMPS]
    for start in stops[np.any(likely, axis=0)].tolist():
        suffix = text.body[start - 1]
        for size in STUMPS:
            stump, after = text.body[start + 1 : start + 1 + size], text.body[start + 1 + size : start + 2 + size]
            if stump.endswith(suffix) and after in STUMP_ENDS and text.body[start - size : start] != stump:
                if all("\u4e00" <= character <= "\u9fff" for character in stump):
                    yield start
                break


RULES = (halfwidth_marks, mixed_width, doubled_marks, stop_in_list, *BRACKETS, *POINTS)
