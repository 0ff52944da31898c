"""Rules over documents: the sieve calls them, their hits become batches in the document's own offsets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit.model import Document, Entry, Hit, Role, Severity, Text
from audit.rule import Rule, Scope
from audit.shelves import FEW, Columns, gather, of_hits
from audit.shelves import SAFETIES as SAFETIES  # noqa: PLC0414 - grades and reports know it by this address
from audit.sieve import Bits, Sieve
from audit.standing import OPEN, Standing

TEXT, LINE, ENTRY, DOCUMENT = Scope.TEXT, Scope.LINE, Scope.ENTRY, Scope.DOCUMENT  # members are slow to look up


@dataclass(frozen=True, slots=True)
class Batch:
    """Hits of one rule in one document as columns of shape (n,), offsets of the document's body, ascending by start.

    `safeties` index SAFETIES; `repeats` says whether the same passage stood in the same entry before. The n-th hit, with its words and evidence, is `make(rows[n])`, made when a report asks.
    """

    rule: Rule
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    severities: NDArray[np.int8]
    confidences: NDArray[np.float32]
    safeties: NDArray[np.int8]
    repeats: NDArray[np.bool_]
    rows: NDArray[np.int64]
    make: Callable[[int], Hit]
    standing: Standing = OPEN

    def __len__(self) -> int:
        return len(self.starts)

    def keep(self, mask: NDArray[np.bool_] | slice) -> Batch:
        """The hits that the mask or the slice keeps."""
        if not isinstance(mask, slice) and mask.all():
            return self
        return Batch(
            self.rule,
            self.starts[mask],
            self.ends[mask],
            self.severities[mask],
            self.confidences[mask],
            self.safeties[mask],
            self.repeats[mask],
            self.rows[mask],
            self.make,
            self.standing,
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that did not come to its end on a document: the audit goes on and is incomplete."""

    rule: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rules said of one document."""

    batches: list[Batch]
    failures: list[Failure]


def check_document(document: Document, rules: Sequence[Rule], sieve: Sieve) -> Checked:
    """All hits of the rules that look at one document; `sieve` is of these rules."""
    bits = sieve.bits(document.text)
    return checked_by(document, compress(rules, sieve.called(bits)), sieve, bits)


def checked_by(document: Document, rules: Iterable[Rule], sieve: Sieve, bits: Bits) -> Checked:
    """All hits of these rules in one document; `bits` are those of its lines."""
    batches: list[Batch] = []
    failures: list[Failure] = []
    for rule in rules:
        try:
            said = iter(call(rule, document, sieve, bits))
            first = list(islice(said, FEW))
            parts = gather(rule, chain(first, said)) if first else []
        except Exception as error:  # noqa: BLE001 - a rule that fails is reported, and the run goes on
            failures.append(Failure(rule.code, document.path, f"{type(error).__name__}: {error}"))
            continue
        seen = None if rule.scope is DOCUMENT else document.text
        batches.extend(batch for part in parts if len(batch := to_batch(rule, part, seen)))
    return Checked(batches, failures)


def call(rule: Rule, document: Document, sieve: Sieve, bits: Bits) -> Iterable[Any]:
    """The rule's hits; those of a LINE rule on the lines that the sieve leaves it."""
    text = document.text
    scope = rule.scope
    if scope is TEXT:
        return rule.check(text) if text.body else ()
    if scope is LINE:
        return (said for number in sieve.lines(rule, bits).tolist() for said in rule.check(text.line(number)))
    if scope is ENTRY:
        return (said for entry in document.entries for said in rule.check(entry))
    return rule.check(document) if scope is DOCUMENT else ()


def to_batch(rule: Rule, part: Columns | list[Hit], seen: Text | None) -> Batch:
    """Columns of a rule's hits, offsets mapped from the text as the rule saw it to the document's body.

    Raises ValueError for a span that runs backwards or out of the text: that is a fault of the rule.
    """
    starts, ends, severities, confidences, safeties, make = part if isinstance(part, Columns) else of_hits(rule, part)
    if len(starts) and (starts.min() < 0 or (ends < starts).any() or (seen and ends.max() > len(seen.body))):
        raise ValueError(f"{rule.code} gave a span outside of the text")
    if seen is not None and seen.origin is not None:
        tail = np.maximum(ends - 1, starts)
        empty = ends == starts
        starts, ends = seen.origin[starts], np.where(empty, seen.origin[starts], seen.origin[tail] + 1)
    rows = np.arange(len(starts))
    batch = Batch(rule, starts, ends, severities, confidences, safeties, np.zeros(len(rows), bool), rows, make)
    return batch.keep(batch.confidences >= rule.floor)


@dataclass(frozen=True, slots=True)
class Part:
    """An entry with its document and its 1-based number there (None outside): what a collection rule's index stands for."""

    document: int
    entry: Entry
    number: int | None


def collections(documents: Sequence[Document], arguments: Sequence[str]) -> list[list[Part]]:
    """The parts that are judged together.

    A document with several entries is a collection of its own. The records of all tables are one, for a corpus may be cut into tables
    anyhow; documents of one entry are one collection with those that came from the same argument of the command line.
    """
    groups: dict[str, list[Part]] = {}
    for number, (document, argument) in enumerate(zip(documents, arguments, strict=True)):
        several = sum(entry.role is Role.ENTRY for entry in document.entries) > 1
        if any(entry.record for entry in document.entries):
            groups.setdefault("tables", []).extend(_parts(number, document))
        elif several:
            groups[f"document {number}"] = list(_parts(number, document))
        else:
            groups.setdefault(f"argument {argument}", []).extend(entries_of([document], number))
    return list(groups.values())


def entries_of(documents: Sequence[Document], first: int = 0) -> list[Part]:
    """The entries of documents, numbered from `first`: what a rule that looks everywhere judges together."""
    every = (part for number, document in enumerate(documents, first) for part in _parts(number, document))
    return [part for part in every if part.entry.role is Role.ENTRY]


def _parts(number: int, document: Document) -> Iterator[Part]:
    """The parts of a document, its entries counted as they come."""
    count = 0
    for entry in document.entries:
        if entry.role is not Role.ENTRY:
            yield Part(number, entry, None)
            continue
        count = document.origins[entry.index].number if document.origins else count + 1
        yield Part(number, entry, count)


Sketches = dict[Callable[..., Any], list[Any]]  # of one collection, by the function that makes them


def judge(rule: Rule, parts: Sequence[Part], sketches: Sketches) -> tuple[dict[int, list[Hit]], list[Failure]]:
    """A collection rule's hits by document number: sketches of every part, then one judgement over all.

    Rules with one sketch function are handed the same list of `sketches`.
    """
    try:
        assert rule.sketch is not None
        if rule.sketch not in sketches:
            sketches[rule.sketch] = [rule.sketch(part.entry) for part in parts]
        hits: dict[int, list[Hit]] = {}
        for index, hit in rule.check(sketches[rule.sketch], lambda index: parts[index].entry):
            inside(rule, index, len(parts))
            hits.setdefault(parts[index].document, []).append(hit)
    except Exception as error:  # noqa: BLE001 - as in check_document
        return {}, [Failure(rule.code, "", f"{type(error).__name__}: {error}")]
    return hits, []


def inside(rule: Rule, entry: int, count: int) -> None:
    """ValueError for the number of an entry that a collection has not."""
    if not 0 <= entry < count:
        raise ValueError(f"{rule.code} named entry {entry} of {count}")


def severity_of(batch: Batch, row: int) -> Severity:
    """The severity of the n-th hit."""
    return Severity(int(batch.severities[row]))
