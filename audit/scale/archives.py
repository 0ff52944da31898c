"""Archives in a scan: their members as blocks, texts and pages with their bytes, since workers cannot open them one by one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from audit.reading.contents import Opener
from audit.reading.files import Member
from audit.reading.records import RECORDS, Block, Broken, cut, format_of
from audit.scale.job import TEXTS, File, Job


@dataclass(frozen=True, slots=True)
class Loaded:
    """A member of an archive, read."""

    name: str
    raw: bytes
    argument: int = 0

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return len(self.raw)

    def member(self) -> Member:
        """The same to be opened."""
        return Member(self.name, len(self.raw), lambda: io.BytesIO(self.raw))


def blocks_of(job: Job, file: File) -> Iterator[Block]:
    """The blocks of an archive, numbered as they come; what could not be read comes last."""
    for number, block in enumerate(unnumbered(job, file)):
        yield replace(block, number=number)


def unnumbered(job: Job, file: File) -> Iterator[Block]:
    """The same without their numbers."""
    opener = Opener(job.config.exclude, tables=True)
    held: list[Loaded] = []
    size = 0
    for name, item, _ in opener.members(file.name, Path(file.path), file.name):
        if isinstance(item, Member) and format_of(name) in RECORDS:
            if held:  # the order of the archive is that of the rows
                yield Block(file.name, TEXTS, 0, 0, job.fields, tuple(held))
                held, size = [], 0
            yield from cut(name, item, job.fields, job.block)
            continue
        try:
            held.append(Loaded(name, item if isinstance(item, bytes) else item.read_bytes(), file.argument))
        except (OSError, EOFError, ValueError) as error:
            opener.skip_for(name, error)
            continue
        size += held[-1].size
        if size >= job.block:
            yield Block(file.name, TEXTS, 0, 0, job.fields, tuple(held))
            held, size = [], 0
    if held:
        yield Block(file.name, TEXTS, 0, 0, job.fields, tuple(held))
    for name, reason in opener.skipped:
        yield Block(name, "archive", 0, 0, job.fields, Broken(0, 0, "unreadable", reason))
