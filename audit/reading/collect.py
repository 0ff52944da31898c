"""From the paths of a command line to files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.errors import AuditError

TEXT_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".mdown", ".mkd", ".text"})
STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: the name to report, where it is, and the argument that it came from."""

    name: str
    path: Path | None  # None: standard input
    argument: str


def collect(arguments: Sequence[str], exclude: Sequence[str] = ()) -> list[Source]:
    """The files behind the arguments, each once: folders are searched for text, files named outright are always taken.

    Names are sorted, so that the order of arguments and of directory entries cannot matter.
    Raises AuditError for a path that does not exist and for a folder without text.
    """
    found: dict[str, Source] = {}
    for argument in arguments:
        for source in sources(argument, exclude):
            found.setdefault(os.path.realpath(source.name) if source.path else STANDARD_INPUT, source)
    return sorted(found.values(), key=lambda source: source.name)


def sources(argument: str, exclude: Sequence[str]) -> Iterator[Source]:
    """The files behind one argument."""
    if argument == STANDARD_INPUT:
        yield Source("<stdin>", None, argument)
        return
    path = Path(argument)
    if path.is_dir():
        files = list(text_files(path, exclude))
        if not files:
            kinds = " ".join(sorted(TEXT_SUFFIXES))
            raise AuditError(
                f"{argument}: the folder holds no text file ({kinds}); name a file to read it whatever its ending"
            )
        yield from (Source(file.as_posix(), file, argument) for file in files)
    elif path.exists():
        yield Source(path.as_posix(), path, argument)
    else:
        raise AuditError(f"{argument}: no such file or folder")


def text_files(folder: Path, exclude: Sequence[str]) -> Iterable[Path]:
    """The text files below a folder; hidden ones and those that `exclude` (gitignore patterns) names are passed over."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - 20 ms that a single file need not pay

    spec = GitIgnoreSpec.from_lines(exclude)
    for base, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(base, name)
            relative = path.relative_to(folder).as_posix()
            if path.suffix.lower() in TEXT_SUFFIXES and not name.startswith(".") and not spec.match_file(relative):
                yield path


def refuse(error: OSError) -> None:
    """A folder that cannot be listed must not pass for an empty one."""
    raise AuditError(f"{error.filename}: the folder cannot be listed ({error.strerror})") from error
