"""The words around the figures of an outline: the terminal report, the Markdown page and the HTML page share them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit.address import printable
from audit.gate.verdict import reasons
from audit.grade import LETTERS, Graded, is_light
from audit.model import Action, Finding, Grade
from audit.printing import spelled
from audit.report.outline import Outline, Row, Section, Task
from audit.report.passage import flat
from audit.report.spoken import lacking
from audit.report.steps import Step
from audit.run import Audit
from audit.words import Phrase, label, listing, say

PATHS = 8  # files named for one action
RUNS = 40  # runs of entries named for one action
PERFECT = 100.0  # the score of a text that nothing was found in, whatever is reported
REASON = 120  # code points of a reason


def graded(grade: Grade) -> str:
    """A letter with its score, which is never rounded up: 34.9 is an F, for D begins at 35."""
    return say("graded", letter=grade.letter, score=int(grade.score))


def verdict(view: Outline) -> str:
    """The verdict in one sentence."""
    if not view.total and not (view.size and view.now.score < PERFECT):
        return say("verdict.clean" if view.size else "verdict.empty", now=view.now.letter)
    now, after = graded(view.now), graded(view.after)
    key = "verdict.quiet" if not view.total else "verdict" if now != after else "verdict.same"
    return say(key, now=now, after=after)


def reservations(view: Outline) -> list[str]:
    """What qualifies the verdict: a letter below its score, and what could not be audited."""
    said = []
    if view.capping:
        said.append(say("verdict.capped", count=f"{view.capping:,}"))
    if view.missing:
        said.append(say("verdict.partial", count=f"{view.missing:,}"))
    return said


def scale() -> str:
    """What the letters stand for, and why one may lie below its score."""
    letters = listing(say("grade.letter", letter=letter, least=least) for least, letter in LETTERS if least)
    return say("scale", letters=letters, last=LETTERS[-1][1])


def due(graded: Graded) -> str:
    """What to do, in a sentence; nothing where there is no text."""
    return action(graded.action, light=is_light(graded)) if graded.size else act(graded)


def act(graded: Graded) -> str:
    """What to do, in a word."""
    return label("act", ("touch" if is_light(graded) else graded.action.value) if graded.size else "empty")


def files(view: Outline) -> str:
    """How many files there are, the folder that holds all, and how much text."""
    key = "files.in" if view.folder else "files"
    return say(key, files=f"{view.files:,}", folder=spelled(view.folder), characters=f"{view.size:,}")


def heading(section: Section) -> str:
    """A section's path, size and promise."""
    words = [say("file", path=section.path, characters=f"{section.size:,}")] if section.path else []
    if section.files and not section.path:
        words.append(say("files.single", files=f"{section.files:,}"))
    if section.promise is not None:
        promise = section.promise
        key = "found" if promise.promised is None else "promise"
        words.append(say(key, promised=promise.promised, found=promise.found, usable=promise.usable))
    return say("list.sentences").join(words)


def task(one: Task) -> str:
    """An action and what it is for."""
    return say("task", action=action(one.action, light=one.light), entries=numbered(one.numbers) or listed(one.paths))


def numbered(numbers: Sequence[int]) -> str:
    """Entries by number, runs joined; of very many the first, and how many more there are.

    >>> numbered([1, 2, 3, 7]), numbered(range(1, 200, 2))[-22:]
    ('1-3, 7', '75, 77, 79 and 60 more')
    """
    runs = ranges(numbers).split(", ")
    if len(runs) <= RUNS:
        return ", ".join(runs)
    last = int(runs[RUNS - 1].rpartition("-")[2])
    return say("and.more", shown=", ".join(runs[:RUNS]), count=f"{sum(number > last for number in numbers):,}")


def action(value: Action, *, light: bool = False) -> str:
    """An action in words; `light` where the text is an A already, so that few places of it need a hand."""
    return say("action.touch" if light else f"action.{value.value}")


def listed(paths: Sequence[str]) -> str:
    """Some paths, and how many more there are."""
    if not paths:
        return ""
    shown = listing(paths[:PATHS])
    return shown if len(paths) <= PATHS else say("and.more", shown=shown, count=f"{len(paths) - PATHS:,}")


def reason(one: Task, number: int, finding: Finding) -> str:
    """Why an entry is to be dropped or looked up, or a file to be converted."""
    message = flat(finding.message, REASON)
    if not one.numbers:
        return say("reason.file", line=finding.line, message=message)
    return say("reason", number=number, line=finding.line, message=message)


def step(one: Step) -> str:
    """Something to do first."""
    return say(f"first.{one.repair}", kind=label("kind", one.kind), count=f"{one.count:,}", gain=f"+{one.gain:.1f}")


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers with their runs joined.

    >>> ranges([1, 2, 3, 7, 9, 10])
    '1-3, 7, 9-10'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return listing(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def share(value: float) -> str:
    """A share of the text in per cent; what is there is never told as nothing.

    >>> share(0.3174), share(0.00001), share(0.0)
    ('31.7%', '<0.1%', '0%')
    """
    if not value:
        return "0%"
    return "<0.1%" if value < 0.0005 else f"{value:.1%}"


def name(row: Row) -> str:
    """An entry's title or a document's path."""
    return row.name or say("untitled")


def dearest(grades: Graded) -> str:
    """The kinds that cost most, with their effort per 1,000 characters; what is to be dropped is not edited."""
    if grades.action is Action.DROP:
        return say("scored.nothing")
    return listing(
        f"{label('kind', kind)} {cost * 1000 / max(grades.size, 1):.1f}" for kind, cost in grades.now.costs[:3]
    )


def passed_over(audit: Audit) -> str:
    """The files of other kinds, counted by kind."""
    return listing(f"{say(printable(kind))} {count:,}" for kind, count in audit.passed_over.items())


def remarks(audit: Audit) -> list[tuple[str, bool]]:
    """What effort and letters mean, and the notes on the audit."""
    return [*((words, False) for words in legend(audit)), *notes(audit)]


def legend(audit: Audit) -> list[str]:
    """What effort and letters mean, where there are any."""
    return [say("effort"), scale()] if audit.graded.size else []


def notes(audit: Audit) -> list[tuple[str, bool]]:
    """What is folded away, passed over, or could not be read or run; True marks what makes the audit incomplete."""
    said: list[tuple[str, bool]] = []
    folded = sum(audited.folded for audited in audit.documents)
    if folded:
        said.append((say("folded", count=f"{folded:,}", least=audit.config.min_confidence), False))
    missing = {one.path for one in audit.skipped}  # each has its own line
    sizeless = (audited.document.path for audited in audit.documents if not audited.graded.size)
    empty = [spelled(path) for path in sizeless if path not in missing]
    if empty:
        said.append((say("empty", paths=listed(empty)), False))
    if audit.passed_over:
        said.append((say("passed", kinds=passed_over(audit)), False))
    said += decided(audit)
    said += [(words, True) for _, words in lacking(audit)]
    if not audit.complete:
        said.append((say("incomplete"), True))
    return said


def decided(audit: Audit) -> Iterator[tuple[str, bool]]:
    """What was accepted or known before, what is amiss with that, and what closes the gate."""
    suppressed = sum(len(batch) for audited in audit.documents for batch in audited.suppressed)
    if suppressed:
        yield say("suppressed", count=f"{suppressed:,}"), False
    if audit.baseline is not None:
        one = audit.baseline
        counts = {"unchanged": f"{one.unchanged:,}", "new": f"{one.new:,}", "absent": f"{len(one.absent):,}"}
        yield say("against", name=spelled(one.name), **counts), False
    for remark in audit.remarks:
        yield say("remark", path=spelled(remark.path), line=remark.line, words=remark.words), False
    for reason in reasons(audit):
        words = reason.words if not reason.path else Phrase("{path}: {value}", path=reason.path, value=reason.words)
        yield say("closed", words=words), False
