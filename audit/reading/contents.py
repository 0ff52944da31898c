"""What the collected files hold: texts as bytes, other files to be read by their formats, archives member by member."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from audit.errors import AuditError
from audit.reading.collect import Source, other_name
from audit.reading.files import INSIDE, File, Member
from audit.reading.records import ARCHIVES, TABLES, format_of, module, unreadable
from audit.words import Phrase, cause

MOST = 1 << 29  # bytes of standard input, which may never end: at most so many are waited for and held
Progress = Callable[[int, int, str], None]
Content = tuple[str, bytes | File, str]  # name, the bytes of a text or the file to be read, argument


@dataclass(frozen=True, slots=True)
class Opener:
    """How files are opened: `exclude` and `tables` as for folders, what could not be read is noted in the other two."""

    exclude: Sequence[str]
    tables: bool
    skipped: list[tuple[str, str]] = field(default_factory=list)
    passed_over: dict[str, int] = field(default_factory=dict)

    def contents(self, sources: Sequence[Source], progress: Progress | None = None) -> Iterator[Content]:
        """Each file in turn; one of an archive has to be read before the next is asked for."""
        for number, source in enumerate(sources):
            if progress:
                progress(number, len(sources), source.name)
            kind = format_of(source.name) if source.path is not None else None
            if source.path is not None and kind in ARCHIVES:
                yield from self.members(source.name, source.path, source.argument)
            elif source.path is not None and kind:
                yield source.name, source.path, source.argument
            else:
                yield from self.text(source.name, source.path, source.argument)

    def text(self, name: str, file: File | None, argument: str) -> Iterator[Content]:
        """The bytes of a text; None is standard input."""
        try:
            raw = sys.stdin.buffer.read(MOST + 1) if file is None else file.read_bytes()
        except (OSError, EOFError, ValueError) as error:
            self.skip_for(name, error)
            return
        if file is None and len(raw) > MOST:
            self.skip(name, Phrase("it goes on past {size} MiB; save it in a file", size=MOST >> 20))
        else:
            yield name, raw, argument

    def members(self, name: str, archive: Path, argument: str) -> Iterator[Content]:
        """What an archive holds, as if it were a folder; archives in it are told and not followed."""
        from pathspec import GitIgnoreSpec  # noqa: PLC0415 - 20 ms that most runs need not pay

        spec = GitIgnoreSpec.from_lines(self.exclude)
        seen: dict[str, int] = {}
        try:
            for member in module(format_of(name) or "").members(archive):
                if spec.match_file(member.name.lstrip("/")):
                    continue
                seen[member.name] = seen.get(member.name, 0) + 1
                twice = f"#{seen[member.name]}" if seen[member.name] > 1 else ""
                yield from self.member(f"{name}{INSIDE}{member.name}{twice}", member, argument)
        except (OSError, EOFError, ValueError, ArithmeticError, AuditError) as error:
            self.skip(name, unreadable(error, whole=not seen).reason)

    def member(self, name: str, member: Member, argument: str) -> Iterator[Content]:
        """One member, if it is of a kind that a folder is searched for."""
        kind = format_of(member.name)
        other = self.other(member, kind)
        if other:
            self.passed_over[other] = self.passed_over.get(other, 0) + 1
        elif kind in ARCHIVES:
            self.skip(name, Phrase("an archive inside an archive is not followed; unpack it"))
        elif member.refusal:
            self.skip(name, member.refusal)
        elif kind:
            yield name, member, argument
        else:
            yield from self.text(name, member, argument)

    def other(self, member: Member, kind: str | None) -> str:
        """What keeps a member from being read, as `collect.other_kind` says it of files; empty if nothing does."""
        if any(part.startswith(".") and part.strip(".") for part in PurePosixPath(member.name).parts):
            return "hidden"
        if member.other or kind is None:
            return member.other or other_name(member.name)
        return member.suffix.lower() if kind in TABLES and not self.tables else ""

    def skip_for(self, name: str, error: Exception) -> None:
        """Notes a file whose reading failed."""
        self.skip(name, Phrase("cannot be read: {reason}", reason=cause(error)))

    def skip(self, name: str, reason: str) -> None:
        """Notes what could not be read."""
        self.skipped.append((name, reason))
