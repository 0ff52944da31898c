"""The map: a block of the input becomes rows of findings, entries, sketches, texts and problems, written as one part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from audit.audited import Audited
from audit.blocks import check_documents, packed
from audit.catalogue import speaking
from audit.config import Config
from audit.engine import Batch, check_document
from audit.errors import AuditError
from audit.foreign import unspeakable
from audit.gate.suppress import Usage
from audit.model import Document, Role
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
from audit.scale.parts import PartWriter, Told, is_done
from audit.scale.rows import part_name
from audit.scale.sketches import sketchers
from audit.scale.suppressed import areas_of
from audit.sieve import Sieve
from audit.text import is_blank
from audit.words import Phrase, cause


@dataclass(frozen=True, slots=True)
class Shard:
    """A block with its place in the job."""

    job: Job
    file: int
    block: Block
    argument: int = 0


def expand(item: tuple[Job, tuple[File, ...]]) -> Iterator[Shard]:
    """The blocks of a group of files."""
    job, files = item
    first = files[0]
    if format_of(first.name) in ARCHIVES:
        for block in blocks_of(job, first):
            yield Shard(job, first.number, block, first.argument)
    elif format_of(first.name) in RECORDS:
        for block in cut(first.name, Path(first.path), job.fields, job.block):
            yield Shard(job, first.number, block, first.argument)
    else:
        yield Shard(job, first.number, Block(first.name, TEXTS, 0, 0, job.fields, files))


def audit_shard(shard: Shard) -> Told:
    """Audits a block and writes its part, unless that was done before."""
    with speaking("en"):  # tables are for programs, whatever process writes them
        return audit_into(shard, shard.job.parts)


def audit_into(shard: Shard, folder: Path, usage: Usage | None = None) -> Told:
    """The same in a folder; `usage` accepts findings."""
    name = part_name(shard.file, shard.block.number)
    if (told := is_done(folder, name)) is not None:
        return told
    rules, sieve = prepared(msgspec.json.encode(shard.job.config))
    part = PartWriter(folder, name, (shard.file, shard.block.number), weight(shard.block), sketchers(rules))
    auditor = Auditor(rules, sieve, shard.job.config, part, usage)
    if shard.block.kind == TEXTS:
        arguments = {file.name: file.argument for file in shard.block.payload}
        for path, item in texts(shard.block):
            auditor.one(path, item, arguments[path])
    else:
        for pack in packed(read_block(shard.block), length):
            auditor.pack(shard.block.path, pack, shard.argument)
    return part.close()


@dataclass(frozen=True, slots=True)
class Auditor:
    """Audits documents and adds them, with what failed, to a part."""

    rules: tuple[Rule, ...]
    sieve: Sieve
    config: Config
    part: PartWriter
    usage: Usage | None = None

    def pack(self, path: str, items: Sequence[Record | Broken], argument: int) -> None:
        """Records that stand beside one another: all at once, and one by one only if something fails."""
        records = [item for item in items if isinstance(item, Record)]
        try:
            with self.part.all_or_none():
                self.part.records(path, items, self.together(path, records), argument)
        except Exception:  # noqa: BLE001 - whichever record it was is told below
            for item in items:
                one = item if isinstance(item, Broken) else read_record(path, item)
                self.one(path, one, argument, chapter=isinstance(item, Record) and not item.line)

    def together(self, path: str, records: Sequence[Record]) -> Audited | None:
        """The records as the entries of one document; None for no records."""
        if not records:
            return None
        documents = read_records(path, records)
        checked = check_documents(documents, self.rules, self.sieve)
        self.part.failed((failure.rule, failure.reason) for one in checked for failure in one.failures)
        batches = in_all(documents, [one.batches for one in checked])
        return finish(joined(path, documents), batches, self.config, usage=self.usage)[0]

    def one(self, path: str, item: Document | Broken, argument: int, *, chapter: bool = False) -> None:
        """A document by itself; the entries of one that has several are judged here, for they are a collection."""
        if isinstance(item, Broken):
            self.part.problem(path, item)
            return
        try:
            checked = check_document(item, self.rules, self.sieve)
            batches = [checked.batches]
            failed = [*checked.failures]
            if sum(entry.role is Role.ENTRY for entry in item.entries) > 1:
                failed += judge_all([rule for rule in self.rules if not rule.everywhere], [item], [path], batches)
            self.part.failed((one.rule, one.reason) for one in failed)
            self.write(item, batches[0], argument, chapter=chapter)
        except Exception as error:  # noqa: BLE001 - one entry must not end the scan of millions; it is told
            origin = item.origins[0] if item.origins else None
            at = (origin.number, origin.line or 1) if origin else (1, 1)
            words = Phrase("the audit failed: {name}: {error}", name=type(error).__name__, error=error)
            self.part.problem(path, Broken(*at, "failed", words))
        finally:
            forget(item)

    def write(self, item: Document, batches: list[Batch], argument: int, *, chapter: bool) -> None:
        """Adds a document with its findings, without those of rules that fail where words are made: these are told."""
        audited = finish(item, batches, self.config, usage=self.usage)[0]
        try:
            with self.part.all_or_none():
                self.part.document(audited, argument, areas_of(item, self.config), chapter=chapter)
        except Exception:
            mute = unspeakable(audited.document, audited.batches)
            if not mute:
                raise
            self.part.failed(mute.items())
            spoken = [batch for batch in batches if batch.rule.code not in mute]
            self.write(item, spoken, argument, chapter=chapter)


def weight(block: Block) -> int:
    """About how many bytes of the input a block is."""
    if block.kind == TEXTS:
        return sum(file.size for file in block.payload)
    return long(block.payload)


def long(payload: Any) -> int:
    """The bytes and characters in what a format made of a block."""
    if isinstance(payload, (str, bytes)):
        return len(payload)
    return sum(map(long, payload)) if isinstance(payload, (list, tuple)) else 0


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
    if not is_blank(got.text):
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
    document = read_document(file.name, raw)
    return Broken(0, 0, "empty", Phrase("the text is empty")) if is_blank(document.body) else document
