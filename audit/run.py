"""An audit from paths or text to graded findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from audit.audited import Audit, Audited, GradedEntry, Skipped
from audit.config import Config
from audit.engine import Batch, Failure, Part, Sketches, check_document, collections, entries_of, judge, to_batch
from audit.errors import AuditError
from audit.finishing import beside, finish
from audit.foreign import is_foreign, sound
from audit.gate.effective import check_words
from audit.gate.held import Held, held
from audit.gate.suppress import amiss
from audit.grade import counts, grade
from audit.model import Document, Hit
from audit.places import check_places, resolve
from audit.reading.collect import Collected, collect_for
from audit.reading.contents import Opener, Progress
from audit.reading.files import File
from audit.registry import choose, load_rules
from audit.rule import Rule, Scope
from audit.sieve import sieve_of
from audit.text import is_blank
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

KEPT = frozenset(
    {"narrow", "kinds", "spots", "layout", "layout.lines", "shingles"}
)  # what judging and grading ask for again
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
    decided = held(config) if decided is None else decided
    opener = Opener(config.exclude, bool(config.text_field), [*collected.unreadable], {**collected.passed_over})
    audit = audit_bytes(opener.contents(collected.sources, progress), config, opener.skipped, decided)
    skipped = (*audit.skipped, *without_text(audit.documents))
    return replace(audit, skipped=skipped, passed_over=dict(sorted(opener.passed_over.items())))


def without_text(documents: Iterable[Audited]) -> Iterator[Skipped]:
    """The files that should hold a text and do not: as an empty record does, each makes the audit incomplete."""
    for one in documents:
        if one.entries and is_blank(one.document.body):
            yield Skipped(one.document.path, Phrase("the text is empty"))


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
    check_words(every, config)  # before the first file is asked for
    rules = choose(every, config.select, config.ignore)
    sieve = sieve_of(rules)
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
        lighten(document)
        documents.append(document)
        arguments.append(argument)
        batches.append(checked.batches)
        failures.extend(checked.failures)
    failures.extend(judge_all(rules, documents, arguments, batches))
    finished = []
    for document, own in zip(documents, batches, strict=True):
        spoken, mute = sound(document, own)
        failures.extend(mute)
        finished.append(finish(document, spoken, config, rules, decided.usage))
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


def lighten(document: Document) -> None:
    """Lets go of the arrays that only rules on one document ask for; whoever asks again has them made anew."""
    for text in {id(one): one for one in (document.source, document.text)}.values():
        for name in text.signals.keys() - KEPT:
            del text.signals[name]


def judge_all(
    rules: Sequence[Rule], documents: Sequence[Document], arguments: Sequence[str], batches: Sequence[list[Batch]]
) -> list[Failure]:
    """Adds what the collection rules say to the batches of each document."""
    failures: list[Failure] = []
    wide = [rule for rule in rules if rule.scope is Scope.COLLECTION and rule.everywhere]
    near = [rule for rule in rules if rule.scope is Scope.COLLECTION and not rule.everywhere]
    judged = [(near, parts) for parts in collections(documents, arguments)] if near else []
    for judges, parts in [*judged, (wide, entries_of(documents))]:
        sketches: Sketches = {}
        for rule in judges:
            hits, failed = judge(rule, parts, sketches)
            failures.extend(failed)
            try:
                made = [(number, said_of(rule, said, number, parts, documents)) for number, said in hits.items()]
            except Exception as error:  # noqa: BLE001 - a rule that fails is reported, and the run goes on
                failures.append(Failure(rule.code, "", f"{type(error).__name__}: {error}"))
                continue
            for number, batch in made:
                if len(batch):
                    batches[number].append(batch)
    return failures


def said_of(rule: Rule, said: Sequence[Hit], home: int, parts: Sequence[Part], documents: Sequence[Document]) -> Batch:
    """The hits of a collection rule in one document as a batch; ValueError for a place of another party's rule that is outside of the text."""
    ordered = sorted(said, key=lambda hit: hit.span)
    if is_foreign(rule):
        for hit in ordered:
            check_places(rule, hit, parts, documents)
    batch = to_batch(rule, ordered, documents[home].text)
    return replace(batch, make=resolver(ordered, home, parts, documents))


def resolver(
    hits: Sequence[Hit], home: int, parts: Sequence[Part], documents: Sequence[Document]
) -> Callable[[int], Hit]:
    """What makes the n-th hit with its places as words and addresses, when a report asks."""
    return lambda n: resolve(hits[n], home, parts, documents)


def require_text(audit: Audit) -> None:
    """AuditError where nothing at all could be audited."""
    if not audit.documents:
        if not audit.skipped:
            raise AuditError("nothing to audit")
        reasons = say("list.semicolon").join(f"{one.path}: {one.reason}" for one in audit.skipped)
        raise AuditError("nothing to audit: {reasons}", reasons=reasons)
