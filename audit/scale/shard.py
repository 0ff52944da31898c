"""The map: a block of the input becomes rows of findings, entries, sketches, texts and problems, written as one part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec

from audit.blocks import check_documents, packed
from audit.config import Config
from audit.engine import Checked, check_document
from audit.errors import AuditError
from audit.model import Document
from audit.reading.binary import is_binary
from audit.reading.document import read as read_document
from audit.reading.document import read_extract, read_records
from audit.reading.extract import extract
from audit.reading.records import ARCHIVES, RECORDS, Block, Broken, Record, cut, format_of, unreadable
from audit.reading.records import read as read_block
from audit.records import forget, length
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
    alone = shard.block.kind != TEXTS
    judges = [rule for rule in rules if rule.name == REPEATS] if alone else rules
    for path, item, known in audited(shard.block, rules, sieve):
        if isinstance(item, Broken):
            part.problem(path, item)
            continue
        try:
            checked = known or check_document(item, rules, sieve)
            batches = [checked.batches]
            failed = [*checked.failures, *judge_all(judges, [item], [path], batches)]
            part.document(finish(item, batches[0], shard.job.config)[0])
        except Exception as error:  # noqa: BLE001 - one entry must not end the scan of millions; it is told
            origin = item.origins[0] if item.origins else None
            at = (origin.number, origin.line or 1) if origin else (1, 1)
            part.problem(
                path,
                Broken(
                    *at, "failed", Phrase("the audit failed: {name}: {error}", name=type(error).__name__, error=error)
                ),
            )
            continue
        finally:
            forget(item)
        failures.update(dict.fromkeys((one.rule, one.reason) for one in failed))
    return Done(shard.file, *part.close(), failures=tuple(failures))


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


def audited(
    block: Block, rules: tuple[Rule, ...], sieve: Sieve
) -> Iterator[tuple[str, Document | Broken, Checked | None]]:
    """The documents of a block and what the rules say of them; None where they were not asked yet."""
    if block.kind == TEXTS:
        yield from ((path, item, None) for path, item in texts(block))
        return
    for pack in packed(read_block(block), length):
        records = [item for item in pack if isinstance(item, Record)]
        read = read_records(block.path, records)
        made: dict[int, tuple[Document, Checked]] = dict(
            zip(map(id, records), zip(read, check_documents(read, rules, sieve), strict=True), strict=True)
        )
        for item in pack:
            if isinstance(item, Record):
                yield (block.path, *made[id(item)])
            else:
                yield block.path, item, None


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
