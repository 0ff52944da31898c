"""The picture of a collection: one strip per entry, damage along the text, links between passages that are the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from audit.address import entry_numbers, printable
from audit.engine import Batch
from audit.model import Action, Finding
from audit.report.html.choice import Choice
from audit.report.html.families import css
from audit.report.outline import Outline, Row
from audit.run import Audit, Audited

SPAN = 1000  # units along the longest entry
LEAST = 3  # units of a mark, so that one is seen
MOST = 150  # strips; of more entries the worst
HEIGHT = 26  # pixels of a strip with its distance
REACH = 48  # pixels that a link reaches to the side
WHOLE = 0.5  # of an entry: what covers more colours the strip, not a place in it


@dataclass(frozen=True, slots=True)
class Strip:
    """One entry: `marks` are (classes, kind, path) of the picture, `width` its length in units.

    `slot` counts the lines of the picture from above; `heading` names the document where its first entry stands.
    """

    row: Row
    target: str
    slot: int
    heading: str
    width: int
    dropped: bool
    marks: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Two strips that share text: places in the list of strips, a path in the margin, and what the finding says."""

    first: int
    second: int
    path: str
    message: str
    anchor: str


def strips(audit: Audit, view: Outline, choice: Choice) -> tuple[list[Strip], list[Link]]:
    """The strips in order of place and the links between them."""
    rows = [row for row in view.rows if row.number is not None or len(audit.documents[row.document].entries) <= 1]
    if len(rows) > MOST:
        worst = {id(row) for row in sorted(rows, key=lambda row: row.graded.now.score)[:MOST]}
        rows = [row for row in rows if id(row) in worst]
    bounds = {}
    for place in {row.document for row in rows}:
        bounds.update(bounds_of(place, audit.documents[place]))
    longest = max((bounds[row.document, row.number or 1][1] for row in rows), default=1)
    made: list[Strip] = []
    slot = 0
    for place, group in groupby(rows, key=lambda row: row.document):
        audited = audit.documents[place]
        for number, row in enumerate(group):
            titled = number == 0 and row.number is not None and len(audit.documents) > 1
            heading = printable(audited.document.path) if titled else ""
            slot += bool(heading)
            made.append(
                strip(row, audited.batches, bounds[place, row.number or 1], max(longest, 1), choice, slot, heading)
            )
            slot += 1
    return made, links(audit, made)


def bounds_of(place: int, audited: Audited) -> dict[tuple[int, int], tuple[int, int]]:
    """Start and length in the body of each entry; a document without any is one."""
    starts, numbers, _ = entry_numbers(audited.document)
    ends = [*starts[1:], len(audited.document.body)]
    found = {
        (place, number): (start, end - start)
        for start, end, number in zip(starts, ends, numbers, strict=True)
        if number is not None
    }
    if len(audited.entries) > 1:
        return found
    return {(place, 1): next(iter(found.values()), (0, len(audited.document.body)))}


def strip(
    row: Row,
    batches: Sequence[Batch],
    place: tuple[int, int],
    longest: int,
    choice: Choice,
    slot: int,
    heading: str,
) -> Strip:
    """One strip: what speaks often lies low, what speaks seldom stands out."""
    start, length = place
    scale = SPAN / longest
    width = max(round(length * scale), LEAST)
    cells: dict[tuple[str, bool], list[np.ndarray]] = {}
    for batch in batches:
        low, high = np.searchsorted(batch.starts, [start, start + max(length, 1)])
        sizes = batch.ends[low:high] - batch.starts[low:high]
        local = sizes <= max(WHOLE * length, 1)
        quiet = batch.rule.code in choice.quiet
        if local.any():
            at = ((batch.starts[low:high][local] - start) * scale).astype(int)
            to = np.maximum(((batch.ends[low:high][local] - start) * scale).astype(int), at + (1 if quiet else LEAST))
            cells.setdefault((batch.rule.kind, quiet), []).append(np.stack([at, np.minimum(to, width)]))
    marks = [
        (f"{css(kind)}{' quiet' if quiet else ''}", kind, drawn(np.concatenate(found, axis=1), low=quiet))
        for (kind, quiet), found in sorted(cells.items(), key=lambda item: (not item[0][1], item[0][0]))
    ]
    target = f"e{row.document}-{row.number or 0}"
    return Strip(row, target, slot, heading, width, row.graded.action is Action.DROP, tuple(marks))


def drawn(spans: np.ndarray, *, low: bool) -> str:
    """Spans as one path, those that touch joined; shape (2, n)."""
    covered = np.zeros(SPAN + LEAST + 2, dtype=np.int64)
    np.add.at(covered, spans[0].clip(0, SPAN), 1)
    np.add.at(covered, spans[1].clip(0, SPAN + LEAST), -1)
    edges = np.diff(np.concatenate([[0], np.cumsum(covered) > 0]).astype(int))
    top, height = (13, 5) if low else (2, 11)
    pairs = zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True)
    return "".join(f"M{a} {top}h{b - a}v{height}h{a - b}z" for a, b in pairs)


def links(audit: Audit, made: Sequence[Strip]) -> list[Link]:
    """The links between strips that share text."""
    places = {(strip.row.document, strip.row.number or 1): number for number, strip in enumerate(made)}
    paths = {printable(audited.document.path): number for number, audited in enumerate(audit.documents)}
    found: dict[tuple[int, int], Link] = {}
    for place, finding in shared(audit):
        earlier = finding.evidence.get("earlier")
        if not isinstance(earlier, dict):
            continue
        first = places.get((paths.get(str(earlier.get("path")), -1), earlier.get("entry") or 1))
        second = places.get((place, finding.entry or 1))
        if first is None or second is None or first == second or (first, second) in found:
            continue
        found[first, second] = Link(
            first, second, arc(made[first].slot, made[second].slot), finding.message, finding.fingerprint
        )
    return list(found.values())


def shared(audit: Audit) -> Iterable[tuple[int, Finding]]:
    """What was found of duplicates, with the place of its document."""
    from audit.address import findings_of  # noqa: PLC0415 - only these are made

    for place, audited in enumerate(audit.documents):
        batches = [batch for batch in audited.batches if batch.rule.kind == "duplicate"]
        yield from ((place, finding) for finding in findings_of(audited.document, batches))


def arc(first: int, second: int) -> str:
    """A curve in the margin from one strip to another."""
    here, there = (round((number + 0.5) * HEIGHT) for number in (first, second))
    reach = min(12 + 4 * abs(second - first), REACH)
    return f"M0 {here}C{reach} {here} {reach} {there} 0 {there}"
