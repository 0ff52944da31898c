"""A text with gold labels on it, and edits that carry the labels along."""

from __future__ import annotations

import bisect
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

COLUMNS = (
    "id kind subtype line start end excerpt suggestion severity certainty proof note".split()  # noqa: SIM905 - read as words
)
BLURRED = "—"  # what stood there is not to be had back from the text
PREFIXES = {
    "byte-shift": "BS",
    "gloss": "GL",
    "placeholder": "PH",
    "noise": "NO",
    "truncation": "TR",
    "elision": "EL",
    "off-topic": "OT",
    "duplicate": "DU",
    "boilerplate": "BP",
    "punctuation": "PU",
    "structure": "ST",
}
WHOLE = {"off-topic", "duplicate", "boilerplate", "truncation", "structure"}  # stand whatever happens inside


@dataclass(frozen=True, slots=True)
class Label:
    """A damaged span of the text and what to say of it; `suggestion` is the gold repair."""

    start: int
    end: int
    kind: str
    subtype: str
    suggestion: str = BLURRED
    severity: str = "minor"
    proof: str = ""
    note: str = ""
    certainty: str = "certain"  # "guess" is neither owed by an audit nor an error


@dataclass(frozen=True, slots=True)
class Cut:
    """A replacement `start:end` by `text`, with the label of what it leaves: spans count in `text`."""

    start: int
    end: int
    text: str
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A text and its labels, ascending."""

    text: str
    labels: tuple[Label, ...] = ()


def changed(page: Page, cuts: Iterable[Cut]) -> Page:
    """The page with the cuts made, which must not overlap.

    A label whose text a cut replaces goes, unless it is of a kind that stands whatever happens inside. Where text is
    inserted, one that ends there does not grow, one that begins there moves on.
    """
    ordered = sorted(cuts, key=lambda cut: (cut.start, cut.end))
    pieces: list[str] = []
    made: list[Label] = []
    last = size = 0
    for cut in ordered:
        assert cut.start >= last, f"cuts overlap at {cut.start}"
        pieces += [page.text[last : cut.start], cut.text]
        size += cut.start - last
        if cut.label:
            made.append(replace(cut.label, start=size + cut.label.start, end=size + cut.label.end))
        size += len(cut.text)
        last = cut.end
    pieces.append(page.text[last:])
    grown = list(accumulate((len(cut.text) - (cut.end - cut.start) for cut in ordered), initial=0))
    kept = [moved for label in page.labels if (moved := _moved(label, ordered, grown))]
    return Page("".join(pieces), tuple(sorted([*kept, *made], key=lambda label: (label.start, label.end, label.kind))))


def _moved(label: Label, cuts: Sequence[Cut], grown: Sequence[int]) -> Label | None:
    """The label after the cuts; `grown` is by how much the text before each cut has grown."""
    first = bisect.bisect_left(cuts, label.start, key=lambda cut: cut.start)
    while first and cuts[first - 1].end > label.start:
        first -= 1
    start, end, met = label.start + grown[first], label.end + grown[first], False
    for at in range(first, len(cuts)):
        cut = cuts[at]
        if cut.start >= label.end:
            break
        growth = grown[at + 1] - grown[at]
        if cut.start == cut.end == label.start:
            start, end = start + growth, end + growth
            continue
        met |= cut.start < cut.end
        end = max(end + growth, start)
    if start >= end or (met and label.kind not in WHOLE):
        return None
    return replace(label, start=start, end=end)


def gold(page: Page) -> str:
    """The labels as a table, one row each, in the columns that the scorer reads."""
    starts = [0, *(at + 1 for at, char in enumerate(page.text) if char == "\n")]
    counts: dict[str, int] = {}
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
    writer.writerow(COLUMNS)
    for label in page.labels:
        line = bisect.bisect_right(starts, label.start) - 1
        excerpt = page.text[label.start : label.end].split("\n")[0]
        prefix = PREFIXES[label.kind]
        counts[prefix] = counts.get(prefix, 0) + 1
        writer.writerow(
            [
                f"{prefix}{counts[prefix]:04d}",
                label.kind,
                label.subtype,
                line + 1,
                label.start - starts[line],
                label.start - starts[line] + len(excerpt),
                excerpt,
                label.suggestion.replace("\n", " "),
                label.severity,
                label.certainty,
                label.proof,
                label.note,
            ]
        )
    return out.getvalue()
