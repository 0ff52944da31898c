"""The map: a block of the input becomes rows of findings, entries, sketches, texts and problems, written as one part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import msgspec

from audit.audited import Audited
from audit.blocks import check_documents, packed
from audit.config import Config
from audit.engine import check_document
from audit.errors import AuditError
from audit.language.likeness import sketch
from audit.language.spots import distinct
from audit.model import Document, Entry
from audit.reading.binary import is_binary
from audit.reading.document import read as read_document
from audit.reading.document import read_extract, read_record, read_records
from audit.reading.extract import extract
from audit.reading.records import ARCHIVES, RECORDS, Block, Broken, Record, cut, format_of, unreadable
from audit.reading.records import read as read_block
from audit.records import forget, in_all, joined, length
from audit.registry import choose, load_rules
from audit.rule import Rule
from audit.run import finish, judge_all
from audit.scale.archives import Loaded, blocks_of
from audit.scale.job import TEXTS, File, Job
from audit.scale.parts import PartWriter, is_done
from audit.sieve import Sieve
from audit.words import Phrase, cause

REPEATS = "repeated-paragraph"  # the one collection rule that has something to say of one record


@dataclass(frozen=True, slots=True)
class Shard:
    """A block with its place in the job."""

    job: Job
    file: int
    block: Block


@dataclass(frozen=True, slots=True)
class Done:
    """What one block came to: its file, entries, problems, and the bytes that it took of the input, unpacked."""

    file: int
    entries: int = 0
    problems: int = 0
    size: int = 0
    failures: tuple[tuple[str, str], ...] = field(default=())


def expand(item: tuple[Job, tuple[File, ...]]) -> Iterator[Shard]:
    """The blocks of a group of files."""
    job, files = item
    first = files[0]
    if format_of(first.name) in ARCHIVES:
        for block in blocks_of(job, first):
            yield Shard(job, first.number, block)
    elif format_of(first.name) in RECORDS:
        for block in cut(first.name, Path(first.path), job.fields):
            yield Shard(job, first.number, block)
    else:
        yield Shard(job, first.number, Block(first.name, TEXTS, 0, 0, job.fields, files))


def audit_shard(shard: Shard) -> Done:
    """Audits a block and writes its part, unless that was done before."""
    name = f"{shard.file:08d}-{shard.block.number:06d}"
    folder = shard.job.parts
    if (count := is_done(folder, name)) is not None:
        return Done(shard.file, *count)
    rules, sieve = prepared(msgspec.json.encode(shard.job.config))
    part = PartWriter(folder, name, shard.file, shard.block.number, weight(shard.block))
    failures: dict[tuple[str, str], None] = {}
    auditor = Auditor(rules, sieve, shard.job.config, part)
    if shard.block.kind == TEXTS:
        for path, item in texts(shard.block):
            failures.update(dict.fromkeys(auditor.one(path, item, rules)))
    else:
        for pack in packed(read_block(shard.block), length):
            failures.update(dict.fromkeys(auditor.pack(shard.block.path, pack)))
    return Done(shard.file, *part.close(), failures=tuple(failures))


@dataclass(frozen=True, slots=True)
class Auditor:
    """Audits documents and adds them to a part; what failed is given back as pairs of rule and reason."""

    rules: tuple[Rule, ...]
    sieve: Sieve
    config: Config
    part: PartWriter

    def pack(self, path: str, items: Sequence[Record | Broken]) -> Iterator[tuple[str, str]]:
        """Records that stand beside one another: all at once, and one by one only if something fails."""
        records = [item for item in items if isinstance(item, Record)]
        judges = [rule for rule in self.rules if rule.name == REPEATS]
        try:
            audited, failed = self.together(path, records, judges)
        except Exception:  # noqa: BLE001 - whichever record it was is told below
            for item in items:
                yield from self.one(path, item if isinstance(item, Broken) else read_record(path, item), judges)
            return
        self.part.records(path, items, audited)
        yield from failed

    def together(
        self, path: str, records: Sequence[Record], judges: Sequence[Rule]
    ) -> tuple[Audited | None, list[tuple[str, str]]]:
        """The records as the entries of one document; None for no records."""
        if not records:
            return None, []
        documents = read_records(path, records)
        checked = check_documents(documents, self.rules, self.sieve)
        failed = [failure for one in checked for failure in one.failures]
        whole = joined(path, documents)
        bare = tuple(replace(entry, end=entry.end - 1) for entry in whole.entries)  # without the line break behind it
        whole = replace(whole, entries=bare)
        for document, entry, one in zip(documents, whole.entries, checked, strict=True):
            if judges and repeats(entry):
                failed += judge_all(judges, [document], [path], [one.batches])
        audited = finish(whole, in_all(documents, [one.batches for one in checked]), self.config)[0]
        return audited, [(one.rule, one.reason) for one in failed]

    def one(self, path: str, item: Document | Broken, judges: Sequence[Rule]) -> Iterator[tuple[str, str]]:
        """A document by itself, with the collection rules that look at one."""
        if isinstance(item, Broken):
            self.part.problem(path, item)
            return
        try:
            checked = check_document(item, self.rules, self.sieve)
            batches = [checked.batches]
            failed = [*checked.failures, *judge_all(judges, [item], [path], batches)]
            self.part.document(finish(item, batches[0], self.config)[0])
        except Exception as error:  # noqa: BLE001 - one entry must not end the scan of millions; it is told
            origin = item.origins[0] if item.origins else None
            at = (origin.number, origin.line or 1) if origin else (1, 1)
            words = Phrase("the audit failed: {name}: {error}", name=type(error).__name__, error=error)
            self.part.problem(path, Broken(*at, "failed", words))
            return
        finally:
            forget(item)
        yield from ((one.rule, one.reason) for one in failed)


def repeats(entry: Entry) -> bool:
    """Whether a paragraph of an entry may stand in it again."""
    like = sketch(entry)
    return like is not None and len(like.hashes) > 1 and len(distinct(like.hashes)) < len(like.hashes)


def weight(block: Block) -> int:
    """About how many bytes of the input a block is."""
    payload = block.payload
    if isinstance(payload, bytes):
        return len(payload)
    if block.kind == TEXTS:
        return sum(file.size for file in payload)
    return 0 if isinstance(payload, Broken) else sum(len(str(row)) for row in payload[-1])


@cache
def prepared(config: bytes) -> tuple[tuple[Rule, ...], Sieve]:
    """The rules of the settings, once a process."""
    settings = msgspec.json.decode(config, type=Config)
    rules = choose(load_rules()[0], settings.select, settings.ignore)
    return rules, Sieve(rules)


def texts(block: Block) -> Iterator[tuple[str, Document | Broken]]:
    """The documents of a block of files."""
    for file in block.payload:
        if format_of(file.name):
            yield from ((file.name, page) for page in pages_of(file))
        else:
            yield file.name, text_of(file)


def pages_of(file: File | Loaded) -> Iterator[Document | Broken]:
    """A file of pages as a document, and what in it could not be read."""
    try:
        got = extract(Path(file.path) if isinstance(file, File) else file.member())
    except (OSError, EOFError, ValueError, ArithmeticError, AuditError) as error:
        yield unreadable(error)
        return
    yield from got.broken
    if got.text.strip():
        yield read_extract(file.name, got)
    elif not got.broken:
        yield Broken(0, 0, "empty", Phrase("the text is empty"))


def text_of(file: File | Loaded) -> Document | Broken:
    """A text file as a document."""
    try:
        raw = Path(file.path).read_bytes() if isinstance(file, File) else file.raw
    except OSError as error:
        return Broken(0, 0, "unreadable", Phrase("cannot be read: {reason}", reason=cause(error)))
    if is_binary(raw):
        return Broken(0, 0, "binary", Phrase("binary, not text"))
    if not raw.strip():
        return Broken(0, 0, "empty", "the text is empty")
    return read_document(file.name, raw)
