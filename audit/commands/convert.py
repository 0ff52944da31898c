"""`jiaokan convert`: files rewritten in one encoding, and the way back."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.commands.telling import Unheard, complain, complain_of, remark, tell
from audit.errors import AuditError
from audit.words import Phrase, listing, say

if TYPE_CHECKING:
    from audit.convert import Conversion
    from audit.reading.collect import Source

WAITING, INCOMPLETE = 1, 3
MARKED = frozenset({"utf-16", "utf-32", "utf-8-sig", "utf-7"})  # a codec that writes a mark anew for each piece


def convert(
    paths: Annotated[list[str], typer.Argument(help="Files and folders.", show_default=False)],
    to: Annotated[str, typer.Option("--to", help="The encoding to write.")] = "utf-8",
    undecodable: Annotated[
        str,
        typer.Option(
            help="Bytes that no encoding takes: keep them as they are, replace them by U+FFFD, or refuse the file."
        ),
    ] = "keep",
    back: Annotated[bool, typer.Option("--back", help="Give converted files their old bytes again.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Tell what would be done and change nothing.")
    ] = False,
) -> None:
    """Rewrite files in one encoding without losing a byte; a record beside each file holds the way back.

    Ends with 0 when done (or nothing to do), 1 if --dry-run found something to do, 2 for bad use, 3 if a file could not be
    converted; such a file is left whole.
    """
    from audit.convert import LOSSES  # noqa: PLC0415 - after the arguments are known to be good
    from audit.reading.collect import collect  # noqa: PLC0415

    codec = codec_of(to)
    if undecodable not in LOSSES:
        raise AuditError(
            "--undecodable {undecodable!r}; it is {known}", undecodable=undecodable, known=", ".join(LOSSES)
        )
    if back and dry_run:
        raise AuditError("--back and --dry-run exclude each other")
    failed = waiting = False
    silenced: Unheard | None = None  # the files matter more than what is told of them
    collected = collect(paths)
    for name, reason in collected.unreadable:
        complain("{name}: {reason}", name=name, reason=reason)
        failed = True
    for file in collected.sources:
        path = own_path(file)
        try:
            waiting |= give_back(path) if back else rewrite(path, codec, undecodable, dry=dry_run)
        except (AuditError, OSError) as error:
            complain_of(file.name, error)
            failed = True
        except Unheard as error:
            silenced = error
    if silenced:
        raise silenced
    if failed:
        raise typer.Exit(INCOMPLETE)
    if waiting:
        raise typer.Exit(WAITING)


def own_path(file: Source) -> Path:
    """Where a file to be converted lies. Raises AuditError for standard input and pipes."""
    if file.path is None or file.path.is_fifo():
        raise AuditError("convert works on files; standard input and pipes have none to change")
    return file.path


def codec_of(name: str) -> str:
    """The codec's own name. Raises AuditError for one that does not exist or is no encoding of text without marks."""
    try:
        info = codecs.lookup(name)
        info.encode("")
    except (LookupError, TypeError, ValueError, AssertionError) as error:
        raise AuditError("--to {name!r}: no such encoding", name=name) from error
    if info.name in MARKED or not getattr(info, "_is_text_encoding", True):
        raise AuditError("--to {name!r}: name one without a mark in front, like utf-8 or utf-16-le", name=name)
    return info.name


def give_back(path: Path) -> bool:
    """The old bytes of one file."""
    from audit.convert import back  # noqa: PLC0415 - as above

    tell("{path}: {count:,} bytes given back", path=path, count=back(path))
    return False


def rewrite(path: Path, codec: str, undecodable: str, *, dry: bool) -> bool:
    """One file converted, told in a line; whether something waits to be done."""
    from audit.convert import convert as convert_file  # noqa: PLC0415 - as above
    from audit.convert import record_path  # noqa: PLC0415

    if path.name.endswith(record_path(Path("x")).name[1:]):
        return False
    done = convert_file(path, codec, lost=undecodable, dry=dry)
    if done.binary:
        remark("{path}: binary, not text; skipped", path=path)
        return False
    show(done, codec, dry=dry)
    return dry and done.changed


def show(done: Conversion, codec: str, *, dry: bool) -> None:
    """What was read, and the bytes that no encoding took."""
    from audit.convert import SHOWN  # noqa: PLC0415 - as above
    from audit.reading.decode import NAMES  # noqa: PLC0415

    read = listing(
        f"{NAMES.get(name, name) or say('undecodable')} {count:,}" for name, count in done.encodings.most_common()
    )
    verb = (Phrase("would become") if dry else Phrase("now")) if done.changed else Phrase("already")
    values = {"name": done.name, "size": done.size, "read": read, "verb": verb, "codec": codec}
    tell("{name}: {size:,} bytes ({read}), {verb} {codec}", **values)
    for line, offset, raw in done.lost:
        tell("  line {line:,}, byte {offset:,}: {hex} in no encoding", line=line, offset=offset, hex=raw.hex(" "))
    if len(done.lost) == SHOWN:
        tell("  {count:,} such bytes in all", count=done.lost_bytes)
