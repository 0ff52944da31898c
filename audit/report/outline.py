"""What every report says first, as figures: the promise, what to do, the kinds, and the repairs that raise the grade most.

The terminal report, the Markdown page and the HTML page are written from one `Outline`, so their numbers cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audit.address import printable
from audit.engine import SAFETIES
from audit.grade import Graded, efforts, grave, is_light, letter_of, merged
from audit.language.patterns import regex
from audit.language.promise import promised_entries
from audit.model import Action, Entry, Finding, Grade, Role, Safety
from audit.printing import common, spelled
from audit.report.kinds import by_kind, by_repair, coverage
from audit.report.samples import Reasons, examples, reasons
from audit.report.steps import Step, every_batch, steps
from audit.run import Audit, Audited, GradedEntry

HEADING = regex(r"[ ]{0,3}#{1,6}[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*")  # of Markdown
USABLE = frozenset({Action.PUBLISH, Action.FIX, Action.EDIT})
HARSHEST_FIRST = (Action.DROP, Action.RESTORE, Action.EDIT, Action.FIX, Action.PUBLISH)
SAFE = SAFETIES.index(Safety.SAFE)
SUGGESTED = SAFETIES.index(Safety.SUGGESTED)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a document promised and what was found."""

    promised: int | None
    found: int
    usable: int


@dataclass(frozen=True, slots=True)
class Task:
    """What to do with some entries, by number, or with files that are one entry each, by path; and why.

    `light`: they are to be edited, but all of them have an A.
    """

    action: Action
    numbers: tuple[int, ...]
    paths: tuple[str, ...]
    reasons: Reasons
    light: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A document of several entries (`number` is its place among the documents), or all documents of one (-1).

    `path` is told from the folder of all, and empty where these are several; `files` then counts them, if others have a section of their own.
    """

    number: int
    path: str
    files: int
    size: int
    promise: Promise | None
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of finding: counts by repair, share of the text, effort per 1,000 characters, and one that shows it."""

    kind: str
    count: int
    safe: int
    suggested: int
    none: int
    share: float
    effort: float
    example: Finding


@dataclass(frozen=True, slots=True)
class Row:
    """A graded document, or an entry of one: `number` is None for a document."""

    document: int
    number: int | None
    name: str
    graded: Graded


@dataclass(frozen=True, slots=True)
class Outline:
    """The first screen; names of files are told from `folder`, which all are in and which ends with a slash, or is empty."""

    folder: str
    now: Grade
    after: Grade
    files: int
    size: int
    capping: int  # critical findings, if they hold the letter below its score
    missing: int  # files and rules that the audit lacks
    total: int
    safe: int
    sections: tuple[Section, ...]
    steps: tuple[Step, ...]
    kinds: tuple[KindRow, ...]
    rows: tuple[Row, ...]


def outline(audit: Audit) -> Outline:
    """The figures of an audit."""
    rows, within = kinds(audit), common([audited.document.path for audited in audit.documents])
    return Outline(
        folder=within,
        now=audit.graded.now,
        after=audit.graded.after,
        files=len(audit.documents),
        size=audit.graded.size,
        capping=capping(audit),
        missing=len(audit.skipped) + len(audit.failures),
        total=sum(row.count for row in rows),
        safe=sum(int((batch.safeties == SAFE).sum()) for batch in every_batch(audit)),
        sections=tuple(sections(audit, within)),
        steps=tuple(steps(audit)),
        kinds=tuple(rows),
        rows=tuple(graded_rows(audit, within)),
    )


def capping(audit: Audit) -> int:
    """How many critical findings hold the whole's letter below what its score would give; 0 if none do."""
    if audit.graded.now.letter == letter_of(audit.graded.now.score):
        return 0
    return sum(grave(one) for one in every_batch(audit) if len(one) and not merged(one.rule, one.severities.max()))


def promise_of(audited: Audited) -> Promise:
    """Promise against content of one document."""
    entries = audited.document.entries
    front = next((entry for entry in entries if entry.role is Role.FRONT), None)
    promised = promised_entries(front.text.body[front.start : front.end]) if front else None
    usable = sum(one.graded.action in USABLE for one in audited.entries)
    return Promise(promised, len(audited.entries), usable)


def sections(audit: Audit, folder: str) -> list[Section]:
    """The documents of several entries one by one, then those of one entry together."""
    found = []
    for number, audited in enumerate(audit.documents):
        if len(audited.entries) > 1:
            path, size = spelled(audited.document.path.removeprefix(folder)), audited.graded.size
            found.append(Section(number, path, 0, size, promise_of(audited), tuple(entry_tasks(audited))))
    single = [audited for audited in audit.documents if len(audited.entries) <= 1]
    if single:
        path = spelled(single[0].document.path.removeprefix(folder)) if len(single) == 1 else ""
        size = sum(audited.graded.size for audited in single)
        told = tuple(file_tasks([audited for audited in single if audited.graded.size], folder))
        found.append(Section(-1, path, len(single) if found else 0, size, None, told))
    return found


def entry_tasks(audited: Audited) -> list[Task]:
    """What to do with the entries of a document, the harshest first."""
    return [
        Task(action, tuple(numbers), (), reasons(audited, action, numbers), light=light)
        for action in HARSHEST_FIRST
        if (numbers := with_action(audited.entries, action))
        for light in [all(is_light(one.graded) for one in audited.entries if one.graded.action is action)]
    ]


def with_action(entries: Sequence[GradedEntry], action: Action) -> list[int]:
    """The numbers of the entries that ask for this action."""
    return [one.number for one in entries if one.graded.action is action]


def file_tasks(single: Sequence[Audited], folder: str) -> list[Task]:
    """What to do with files that are one entry each, the harshest first."""
    tasks = []
    for action in HARSHEST_FIRST:
        own = [audited for audited in single if action_of(audited) is action]
        if own:
            paths = tuple(spelled(audited.document.path.removeprefix(folder)) for audited in own)
            why = reasons(own[0], action, [1]) if len(own) == 1 else ()
            tasks.append(Task(action, (), paths, why, light=all(is_light(audited.graded) for audited in own)))
    return tasks


def action_of(audited: Audited) -> Action:
    """What to do with a document of one entry: such an entry may be dropped, a whole document never is."""
    return audited.entries[0].graded.action if audited.entries else audited.graded.action


def kinds(audit: Audit) -> list[KindRow]:
    """The kinds that occur, dearest first."""
    size = max(audit.graded.size, 1)
    length = max(sum(len(audited.document.body) for audited in audit.documents), 1)
    shown = examples(audit)
    rows = []
    for kind, batches in by_kind(every_batch(audit)).items():
        counts = sum(map(by_repair, batches), np.zeros(3, dtype=int)).tolist()
        effort = sum(float(efforts(batch, audit.config.grade).sum()) for batch in batches) * 1000 / size
        covered = sum(coverage(by_kind(audited.batches).get(kind, [])) for audited in audit.documents)
        rows.append(
            KindRow(
                kind=kind,
                count=sum(counts),
                safe=counts[SAFE],
                suggested=counts[SUGGESTED],
                none=counts[0],
                share=covered / length,
                effort=round(effort, 2),
                example=shown[kind],
            )
        )
    return sorted(rows, key=lambda row: (-row.effort, row.kind))


def graded_rows(audit: Audit, folder: str) -> list[Row]:
    """Documents, each followed by its entries where it has several; a document of several entries that stands alone is its entries."""
    rows: list[Row] = []
    for place, audited in enumerate(audit.documents):
        several = len(audited.entries) > 1
        if not several or len(audit.documents) > 1:
            rows.append(Row(place, None, spelled(audited.document.path.removeprefix(folder)), audited.graded))
        if several:
            rows.extend(Row(place, one.number, name_of(audited, one), one.graded) for one in audited.entries)
    return rows


def name_of(audited: Audited, one: GradedEntry) -> str:
    """An entry's title, or what the file calls the record."""
    origins = audited.document.origins
    return printable(title_of(one.entry) or (origins[one.entry.index].id if origins else None) or "")


def title_of(entry: Entry) -> str:
    """An entry's title as a reader calls it, without the marks of a Markdown heading."""
    if entry.caption:
        return entry.caption
    heading = HEADING.fullmatch(entry.title_text)
    return heading[1] if heading else entry.title_text
