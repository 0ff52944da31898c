"""What an audit comes to: documents with findings and grades; every report is written from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from audit.address import each_finding, findings_of
from audit.catalogue import language
from audit.config import Config
from audit.engine import Batch, Failure
from audit.gate.values import Against
from audit.grade import Graded
from audit.model import Document, Entry, Finding
from audit.rule import Rule
from audit.standing import Remark

MANY = 100_000  # findings of a document, or of all; of more none are kept, and a report holds one at a time
KEEPING: ContextVar[bool] = ContextVar("keeping", default=True)


@contextmanager
def passing() -> Iterator[None]:
    """Meanwhile no findings are kept for the next report: all documents together have too many."""
    token = KEEPING.set(False)
    try:
        yield
    finally:
        KEEPING.reset(token)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not audited, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class GradedEntry:
    """An entry with its grades; `number` is its 1-based place among the entries."""

    number: int
    entry: Entry
    graded: Graded


@dataclass(frozen=True)
class Audited:
    """One document with what was found in it."""

    document: Document
    batches: tuple[Batch, ...]  # what is reported; the grades count every severity
    folded: int  # hits below the confidence asked for
    graded: Graded
    entries: tuple[GradedEntry, ...]
    suppressed: tuple[Batch, ...] = ()  # accepted by a comment or the sidecar: marked, and neither graded nor gated
    remarks: tuple[Remark, ...] = ()  # what is amiss with the comments that accept
    gating: int = 0  # hits that close the gate by themselves
    budgeted: tuple[int, ...] = ()  # hits that come out of each budget

    _findings: dict[str, list[Finding]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def findings(self) -> list[Finding]:
        """The findings in order of place, in the language spoken; made when first asked for."""
        every = self.all_findings
        return [finding for finding in every if finding.suppression is None] if self.suppressed else every

    def stream(self, *, accepted: bool = False) -> Iterable[Finding]:
        """The findings one after the other, with those that are suppressed if asked for; none is kept where they are many."""
        batches = [*self.batches, *(self.suppressed if accepted else ())]
        few = KEEPING.get() and sum(map(len, batches)) <= MANY
        if few or language() in self._findings:
            return self.all_findings if accepted else self.findings
        every = each_finding(self.document, [*self.batches, *self.suppressed])  # which of equal ones each is counts all
        return every if accepted else (finding for finding in every if finding.suppression is None)

    @property
    def all_findings(self) -> list[Finding]:
        """The findings and those that are suppressed, for formats that mark them."""
        if language() not in self._findings:
            self._findings[language()] = findings_of(self.document, [*self.batches, *self.suppressed])
        return self._findings[language()]


@dataclass(frozen=True)
class Audit:
    """The whole result: what every report is written from."""

    documents: tuple[Audited, ...]
    graded: Graded
    rules: tuple[Rule, ...]
    config: Config
    failures: tuple[Failure, ...]
    skipped: tuple[Skipped, ...]
    passed_over: dict[str, int] = field(default_factory=dict)  # files of other kinds in the folders, by kind
    remarks: tuple[Remark, ...] = ()  # what is amiss with comments and sidecar
    baseline: Against | None = None  # None: none was asked for

    @property
    def findings(self) -> list[Finding]:
        """All findings, by path and place."""
        return [finding for audited in self.documents for finding in audited.findings]

    @property
    def complete(self) -> bool:
        """Whether every rule ran on every byte."""
        return not self.failures and not self.skipped
