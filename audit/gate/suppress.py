"""Findings that were accepted: taken out of grade and gate, marked with who accepted them and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from audit.config import Config
from audit.engine import Batch
from audit.errors import nearest
from audit.fingerprints import fingerprint
from audit.gate.comments import Accepted, Directive, accepted, directives
from audit.gate.rules import concerns
from audit.model import Document
from audit.registry import matches, selectors
from audit.rule import Rule
from audit.standing import Remark, Suppression
from audit.words import Phrase

if TYPE_CHECKING:
    from audit.gate.sidecar import Entry, Sidecar

EXTERNAL = "external"
NOTHING = "0000"  # the half of a fingerprint where a text begins or ends


@dataclass
class Usage:
    """How often each entry of the sidecar was used, over all documents; `exact`: both sides of a passage must be the same."""

    sidecar: Sidecar
    counts: Counter[int] = field(default_factory=Counter)
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Sifted:
    """The hits that count, those that were accepted, and what is amiss with comments."""

    left: list[Batch]
    accepted: list[Batch]
    remarks: tuple[Remark, ...]


def sift(
    batches: Sequence[Batch],
    document: Document,
    config: Config,
    rules: tuple[Sequence[Rule], Sequence[Rule]],
    usage: Usage | None,
) -> Sifted:
    """Parts the hits of a document; `rules` are those that ran and all there are."""
    left, out = list(batches), list[Batch]()
    remarks: list[Remark] = []
    if config.comments and (found := directives(document)):
        left = [batch for one in left if len(batch := one.keep(~covered(one, found)))]
        areas, remarks = accepted(document, found, rules[1])
        seen: set[Accepted] = set()
        for area in areas:
            left, taken = by_comment(left, area)
            out += taken
            again = area in seen
            seen.add(area)
            if not taken and not again and any(matches(rule, word) for rule in rules[0] for word in area.words):
                remarks.append(
                    Remark(document.path, area.line, Phrase("the comment accepts nothing: there is no such finding"))
                )
    if usage is not None and usage.sidecar.entries:
        left, taken = by_sidecar(left, document, usage)
        out += taken
    return Sifted(left, out, tuple(remarks))


def covered(batch: Batch, found: Sequence[Directive]) -> NDArray[np.bool_]:
    """Which hits lie in a comment of ours: it is no text."""
    mask = np.zeros(len(batch), dtype=bool)
    for one in found:
        mask |= (batch.starts >= one.span.start) & (batch.ends <= one.span.end) & (one.span.start < one.span.end)
    return mask


def by_comment(batches: Sequence[Batch], area: Accepted) -> tuple[list[Batch], list[Batch]]:
    """The hits outside of what a comment accepts, and those inside."""
    left, taken = [], []
    for batch in batches:
        if not any(matches(batch.rule, word) for word in area.words):
            left.append(batch)
            continue
        mask = (batch.starts >= area.start) & (batch.starts < area.end)
        left.append(batch.keep(~mask))
        taken.append(marked(batch.keep(mask), area.suppression))
    return [one for one in left if len(one)], [one for one in taken if len(one)]


def marked(batch: Batch, suppression: Suppression) -> Batch:
    """The batch as accepted."""
    return replace(batch, standing=replace(batch.standing, suppression=suppression))


def by_sidecar(batches: Sequence[Batch], document: Document, usage: Usage) -> tuple[list[Batch], list[Batch]]:
    """The hits that no entry names, and those that one does: with both sides of a passage first, then with one."""
    sidecar = usage.sidecar
    here = {
        number
        for number, one in enumerate(sidecar.entries)
        if not one.path or concerns((one.path,), document.path, sidecar.root)
    }
    by_passage = candidates(sidecar.entries)
    prints = [prints_of(document, batch) for batch in batches]
    taken: dict[tuple[int, int], int] = {}
    for whole in (True,) if usage.exact else (True, False):
        for place, batch in enumerate(batches):
            for row, mark in enumerate(prints[place]):
                if (place, row) in taken:
                    continue
                for number in by_passage.get(mark[:8], ()):
                    if number in here and fits(sidecar, number, batch.rule, mark, usage, whole=whole):
                        usage.counts[number] += 1
                        taken[place, row] = number
                        break
    left, out = [], []
    for place, batch in enumerate(batches):
        numbers = np.array([taken.get((place, row), -1) for row in range(len(batch))], dtype=np.int64)
        left.append(batch.keep(numbers < 0))
        for number in sorted(set(numbers[numbers >= 0].tolist())):
            one = sidecar.entries[number]
            said = Suppression(
                EXTERNAL, f"{sidecar.name}:{sidecar.lines[number]}", one.reason, one.until and one.until.isoformat()
            )
            out.append(marked(batch.keep(numbers == number), said))
    return [one for one in left if len(one)], out


def prints_of(document: Document, batch: Batch) -> list[str]:
    """The fingerprint of each hit."""
    from audit.gate.marks import homes  # noqa: PLC0415 - only fingerprints need it

    lows, highs, _ = homes(document, batch.starts)
    rows = zip(*(column.tolist() for column in (batch.starts, batch.ends, lows, highs)), strict=True)
    return [fingerprint(batch.rule.code, document.body, *row) for row in rows]


def fits(sidecar: Sidecar, number: int, rule: Rule, mark: str, usage: Usage, *, whole: bool) -> bool:
    """Whether an entry may still accept this finding."""
    one = sidecar.entries[number]
    if sidecar.expired(number) or usage.counts[number] >= one.count or (one.rule and not matches(rule, one.rule)):
        return False
    own = one.fingerprint[:16]
    halves = ((own[at : at + 4], mark[at : at + 4]) for at in (8, 12))
    return own == mark if whole else any(one == other != NOTHING for one, other in halves)


def amiss(usage: Usage | None, paths: Sequence[str], rules: tuple[Sequence[Rule], Sequence[Rule]]) -> list[Remark]:
    """Entries that name no rule, are out of date or accept nothing; of files and rules that were not looked at nothing is said."""
    if usage is None:
        return []
    sidecar, (ran, every) = usage.sidecar, rules
    remarks = []
    for number, (one, line) in enumerate(zip(sidecar.entries, sidecar.lines, strict=True)):
        words = None
        if one.rule and not any(matches(rule, one.rule) for rule in every):
            words = Phrase("unknown rule {word!r}{hint}", word=one.rule, hint=nearest(one.rule, selectors(every)))
        elif sidecar.expired(number):
            words = Phrase(
                "{mark} was accepted until {until}; it counts again", mark=one.fingerprint, until=f"{one.until}"
            )
        elif usage.counts[number] < one.count and looked_at(one.path, one.rule, sidecar.root, paths, ran):
            missing = one.count - usage.counts[number]
            words = Phrase("{mark} accepts nothing: there is no such finding", mark=one.fingerprint)
            if missing < one.count:
                words = Phrase("{mark} accepts {count} more than there are", mark=one.fingerprint, count=missing)
        if words is not None:
            remarks.append(Remark(sidecar.name, line, words))
    return remarks


def looked_at(pattern: str, word: str, root: str, paths: Sequence[str], ran: Sequence[Rule]) -> bool:
    """Whether the files and the rules that an entry names were among those of this run."""
    files = not pattern or any(concerns((pattern,), path, root) for path in paths)
    return files and (not word or any(matches(rule, word) for rule in ran))


def candidates(entries: Sequence[Entry]) -> dict[str, list[int]]:
    """Entries by the half of their fingerprint that tells the passage."""
    found: dict[str, list[int]] = {}
    for number, one in enumerate(entries):
        found.setdefault(one.fingerprint[:8], []).append(number)
    return found
