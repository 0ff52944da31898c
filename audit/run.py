"""An audit from paths or text to graded findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from audit.audited import Audit, Audited, GradedEntry, Skipped
from audit.config import Config
from audit.engine import Batch, Failure, Part, Sketches, check_document, collections, judge, to_batch
from audit.errors import AuditError
from audit.gate.effective import check_words
from audit.gate.held import Held, held
from audit.gate.suppress import Usage, amiss, sift
from audit.gate.values import Against, Baseline
from audit.gate.verdict import tally
from audit.grade import counts, grade, mark_repeats
from audit.language.spots import one_of, where
from audit.model import Document, Hit, Offsets, Role
from audit.places import resolve
from audit.reading.collect import Collected, collect_for
from audit.reading.contents import Opener, Progress
from audit.reading.files import File
from audit.registry import choose, load_rules
from audit.rule import Rule, Scope
from audit.settle import loud, settle
from audit.sieve import Sieve
from audit.words import Phrase, say

__all__ = [
    "Audit",
    "Audited",
    "GradedEntry",
    "Skipped",
    "audit_bytes",
    "audit_paths",
    "audit_text",
    "finish",
    "judge_all",
]

BLANKS = "\t\n\v\f\r \N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}"  # characters that a grade does not count
Finished = tuple[Audited, list[Batch]]
NOTHING = Held()


def audit_text(text: str | bytes, path: str = "<text>", config: Config | None = None) -> Audit:
    """The audit of one text in memory."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return audit_bytes([(path, raw, path)], config or Config())


def audit_paths(
    paths: Sequence[str],
    config: Config | None = None,
    progress: Progress | None = None,
    decided: Held | None = None,
) -> Audit:
    """The audit of files and folders; raises AuditError for a path that is not there and for bad settings."""
    config = config or Config()
    return audit_collected(collect_for(config, paths), config, progress, decided)


def audit_collected(
    collected: Collected, config: Config, progress: Progress | None = None, decided: Held | None = None
) -> Audit:
    """The audit of files that were collected before; raises AuditError for bad settings."""
    rules, _ = load_rules()
    choose(rules, config.select, config.ignore)  # a wrong name is told before anything is read
    decided = held(config) if decided is None else decided
    opener = Opener(config.exclude, bool(config.text_field), [*collected.unreadable], {**collected.passed_over})
    audit = audit_bytes(opener.contents(collected.sources, progress), config, opener.skipped, decided)
    return replace(audit, passed_over=dict(sorted(opener.passed_over.items())))


def audit_bytes(
    files: Iterable[tuple[str, bytes | File, str]],
    config: Config,
    skipped: list[tuple[str, str]] | None = None,
    decided: Held = NOTHING,
) -> Audit:
    """The audit of (path, bytes, argument) triples, read as they come; a file instead of bytes is read as its format says.

    `skipped` has paths and reasons; what cannot be read while the files come is added to it.
    """
    from audit.reading.decode import is_binary  # noqa: PLC0415 - keeps `import audit` light
    from audit.reading.document import read  # noqa: PLC0415
    from audit.records import audit_file  # noqa: PLC0415 - as below

    every, broken = load_rules()
    check_words(every, config)
    rules = choose(every, config.select, config.ignore)
    sieve = Sieve(rules)
    skipped = [] if skipped is None else skipped
    failures = [
        Failure(family.family, "", Phrase("family could not be loaded: {reason}", reason=family.reason))
        for family in broken
    ]
    documents: list[Document] = []
    arguments: list[str] = []
    batches: list[list[Batch]] = []
    for path, raw, argument in files:
        if not isinstance(raw, bytes):
            table = audit_file(path, raw, config, rules, sieve)
            failures.extend(table.failures)
            skipped.extend(table.broken)
            if table.document:
                documents.append(table.document)
                arguments.append(argument)
                batches.append(table.batches)
            continue
        if is_binary(raw):
            skipped.append((path, Phrase("binary, not text")))
            continue
        document = read(path, raw)
        checked = check_document(document, rules, sieve)
        documents.append(document)
        arguments.append(argument)
        batches.append(checked.batches)
        failures.extend(checked.failures)
    failures.extend(judge_all(rules, documents, arguments, batches))
    finished = [finish(*pair, config, rules, decided.usage) for pair in zip(documents, batches, strict=True)]
    against = None
    if decided.baseline is not None:
        finished, against = beside(finished, decided.baseline, config)
    audited = tuple(one for one, _ in finished)
    graded = grade(
        [batch for _, kept in finished for batch in kept],
        sum(one.graded.size for one in audited),
        config.grade,
        whole=True,
    )
    told = amiss(decided.usage, [document.path for document in documents], (rules, every))
    return Audit(
        documents=audited,
        graded=replace(graded, counts=counts([batch for one in audited for batch in one.batches])),
        rules=rules,
        config=config,
        failures=tuple(failures),
        skipped=tuple(Skipped(*pair) for pair in skipped),
        remarks=(*(remark for one in audited for remark in one.remarks), *told),
        baseline=against,
    )


def beside(finished: list[Finished], baseline: Baseline, config: Config) -> tuple[list[Finished], Against]:
    """The documents with what a baseline knows told from what is new; only the new counts at the gate."""
    from audit.gate.known import stand  # noqa: PLC0415 - rapidfuzz loads only where there is a baseline

    parted, against = stand([(one.document, kept) for one, kept in finished], baseline)
    made = []
    for (one, _), kept in zip(finished, parted, strict=True):
        shown = [batch for batch in kept if batch.standing.counts] if config.new_only else kept
        made.append((replace(one, batches=tuple(loud(shown, config)), **tally(kept, config)), kept))
    return made, against


def judge_all(
    rules: Sequence[Rule], documents: Sequence[Document], arguments: Sequence[str], batches: Sequence[list[Batch]]
) -> list[Failure]:
    """Adds what the collection rules say to the batches of each document."""
    failures: list[Failure] = []
    for parts in collections(documents, arguments):
        sketches: Sketches = {}
        for rule in rules:
            if rule.scope is not Scope.COLLECTION:
                continue
            hits, failed = judge(rule, parts, sketches)
            failures.extend(failed)
            for number, said in hits.items():
                ordered = sorted(said, key=lambda hit: hit.span)
                batch = to_batch(rule, ordered, documents[number].text)
                if len(batch):
                    batches[number].append(replace(batch, make=resolver(ordered, number, parts, documents)))
    return failures


def resolver(
    hits: Sequence[Hit], home: int, parts: Sequence[Part], documents: Sequence[Document]
) -> Callable[[int], Hit]:
    """What makes the n-th hit with its places as words and addresses, when a report asks."""
    return lambda n: resolve(hits[n], home, parts, documents)


def finish(
    document: Document,
    batches: list[Batch],
    config: Config,
    rules: Sequence[Rule] = (),
    usage: Usage | None = None,
) -> Finished:
    """Settles and grades one document; the batches that its grades are of, whatever severities are reported."""
    kept, folded = settle(batches, document, config)
    sifted = sift(kept, document, config, (rules, load_rules()[0]), usage)
    kept = sifted.left
    blank, _ = where(document.text, one_of(BLANKS))
    starts = [document.text.to_origin(entry.start, entry.start).start for entry in document.entries]
    homes = [np.searchsorted(starts, batch.starts, side="right") - 1 for batch in kept]  # ascending, as the hits are
    kept = [mark_repeats(batch, document.source.codes, home) for batch, home in zip(kept, homes, strict=True)]
    entries: list[GradedEntry] = []
    parts = by_entry(kept, homes)
    spans = np.array([(entry.start, entry.end) for entry in document.entries], dtype=np.int64).reshape(-1, 2)
    blanks = np.diff(np.searchsorted(blank, spans))[:, 0]
    for entry, empty in zip(document.entries, blanks.tolist(), strict=True):
        if entry.role is not Role.ENTRY:
            continue
        own = [batch.keep(part) for batch, part in parts.get(entry.index, ())]
        size = entry.end - entry.start - empty
        graded = grade(own, size, config.grade)
        number = document.origins[entry.index].number if document.origins else len(entries) + 1
        entries.append(GradedEntry(number, entry, replace(graded, counts=counts(loud(own, config)))))
    shown = loud(kept, config)
    graded = grade(kept, len(document.text.codes) - len(blank), config.grade, whole=len(entries) != 1)
    graded = replace(graded, counts=counts(shown))
    accepted = tuple(loud(sifted.accepted, config))
    remarks = sifted.remarks
    made = Audited(document, tuple(shown), folded, graded, tuple(entries), accepted, remarks, **tally(kept, config))
    return made, kept


def by_entry(batches: Sequence[Batch], homes: Sequence[Offsets]) -> dict[int, list[tuple[Batch, slice]]]:
    """Which hits of which batches stand in each entry that has any; `homes` numbers each hit's entry, ascending."""
    parts: dict[int, list[tuple[Batch, slice]]] = {}
    for batch, home in zip(batches, homes, strict=True):
        firsts = np.flatnonzero(np.diff(home, prepend=-2))
        bounds = [*firsts.tolist(), len(home)]
        for index, first, last in zip(home[firsts].tolist(), bounds, bounds[1:], strict=False):
            parts.setdefault(index, []).append((batch, slice(first, last)))
    return parts


def require_text(audit: Audit) -> None:
    """AuditError where nothing at all could be audited."""
    if not audit.documents:
        if not audit.skipped:
            raise AuditError("nothing to audit")
        reasons = say("list.semicolon").join(f"{one.path}: {one.reason}" for one in audit.skipped)
        raise AuditError("nothing to audit: {reasons}", reasons=reasons)
