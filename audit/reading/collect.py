"""From the paths of a command line to files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from audit.errors import AuditError
from audit.reading.ignored import NAME as IGNORED
from audit.reading.ignored import Ignored, spec_of
from audit.reading.records import SUFFIXES, TABLES, format_of
from audit.words import Phrase, cause

if TYPE_CHECKING:
    from audit.config import Config

TEXT_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".mdown", ".mkd", ".text", ".srt", ".vtt"})
STANDARD_INPUT, STDIN_NAME = "-", "<stdin>"


REPORT, HEAD = b'<meta name="generator" content="jiaokan">', 1 << 11
MARKDOWN = b"<!-- jiaokan report -->"
LOG, PAGE, CONVERTED = ".changes.jsonl", ".changes.txt", ".jiaokan-convert.jsonl"
KEPT = (LOG, PAGE, CONVERTED)  # what `fix` and `convert` write beside a file is no text to audit


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: the name to report, where it is, and the argument that it came from."""

    name: str
    path: Path | None  # None: standard input
    argument: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What folders are searched for: texts, and tables of records or other formats; never what `exclude` names."""

    exclude: Sequence[str]
    tables: bool
    pages: bool
    gitignore: bool = False  # whether what `.gitignore` names is passed over

    def takes(self, name: str) -> bool:
        """Whether a file that is no plain text is wanted."""
        kind = format_of(name)
        return self.tables if kind in TABLES else self.pages and kind is not None


@dataclass(frozen=True, slots=True)
class Collected:
    """The files to read, what cannot be read (name, reason), and how many files of each other kind a folder holds."""

    sources: tuple[Source, ...]
    unreadable: tuple[tuple[str, str], ...]
    passed_over: dict[str, int]


def collect_for(config: Config, arguments: Sequence[str], stdin_name: str = STDIN_NAME) -> Collected:
    """The files to audit under these settings."""
    wanted = Wanted(config.exclude, bool(config.text_field), pages=True, gitignore=config.gitignore)
    return collect_wanted(arguments, wanted, stdin_name)


def collect(
    arguments: Sequence[str],
    exclude: Sequence[str] = (),
    *,
    tables: bool = False,
    pages: bool = False,
    gitignore: bool = False,
) -> Collected:
    """The files behind the arguments, each once: folders are searched for text, files named outright are always taken.

    With `tables`, folders are searched for tables of records too; with `pages`, for every other format and for archives;
    with `gitignore`, what `.gitignore` files name is passed over.

    Names are sorted, so that the order of arguments and of directory entries cannot matter.
    Raises AuditError for a path that does not exist, for a device, and for a folder without text.
    """
    return collect_wanted(arguments, Wanted(exclude, tables, pages, gitignore))


def collect_wanted(arguments: Sequence[str], wanted: Wanted, stdin_name: str = STDIN_NAME) -> Collected:
    """As `collect`; standard input goes by the name given."""
    found: dict[str, Source] = {}
    unreadable: dict[str, str] = {}
    passed_over: dict[str, int] = {}
    for argument in arguments:
        if is_log(argument, arguments):  # a shell's pattern takes the log along with the file
            continue
        if argument == STANDARD_INPUT:
            found.setdefault(STANDARD_INPUT, Source(stdin_name, None, argument))
            continue
        for source in sources(argument, wanted, unreadable, passed_over):
            found.setdefault(os.path.realpath(source.name), source)
    ordered = sorted(found.values(), key=lambda source: source.name)
    return Collected(tuple(ordered), tuple(sorted(unreadable.items())), dict(sorted(passed_over.items())))


def is_log(argument: str, arguments: Sequence[str]) -> bool:
    """Whether this is the record of a fix or a conversion, named beside the file that it tells of."""
    return any(argument.endswith(ending) and argument.removesuffix(ending) in arguments for ending in KEPT)


def sources(
    argument: str,
    wanted: Wanted,
    unreadable: dict[str, str],
    passed_over: dict[str, int],
) -> Iterator[Source]:
    """The files behind one argument; what is not among them is noted in the two dictionaries."""
    path = Path(argument)
    if not argument or not path.exists():
        raise AuditError("{path}: no such file or folder", path=argument or repr(argument))
    if path.is_dir():
        before = len(unreadable)
        files = list(text_files(path, wanted, unreadable, passed_over))
        if not files and len(unreadable) == before:
            kinds = " ".join(sorted(TEXT_SUFFIXES | {suffix for suffix in SUFFIXES if wanted.takes(suffix)}))
            raise AuditError(
                "{path}: the folder holds no text file ({kinds}); name a file to read it whatever its ending",
                path=argument,
                kinds=kinds,
            )
        yield from (Source(file.as_posix(), file, argument) for file in files)
    elif path.is_file() or path.is_fifo():  # a shell hands over `<(command)` as a FIFO
        yield Source(path.as_posix(), path, argument)
    else:
        raise AuditError("{path}: a device is not a text", path=argument)


def text_files(
    folder: Path,
    wanted: Wanted,
    unreadable: dict[str, str],
    passed_over: dict[str, int],
) -> Iterable[Path]:
    """The text files below a folder; hidden ones, links and those that `wanted.exclude` (gitignore patterns) names are not taken."""
    excluded = spec_of(tuple(wanted.exclude)).match_file if wanted.exclude else never
    ignored = Ignored(folder).names if wanted.gitignore else never

    def note(error: OSError) -> None:
        unreadable[str(error.filename)] = Phrase("the folder cannot be listed ({reason})", reason=cause(error))

    for base, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        gone = {name for name in folders if ignored(Path(base, name), folder=True)}
        folders[:] = [name for name in folders if name not in gone]
        tell(passed_over, IGNORED, len(gone))
        for name in sorted(files):
            path = Path(base, name)
            if name.endswith(KEPT) or excluded(path.relative_to(folder).as_posix()):
                continue
            kind = other_kind(path)
            if not kind or (kind == path.suffix.lower() and wanted.takes(name)):
                kind = "report" if is_report(path) else ""
            if kind or ignored(path):
                tell(passed_over, kind or IGNORED)
            else:
                yield path


def never(*_: object, **__: object) -> bool:
    """No pattern names anything."""
    return False


def tell(passed_over: dict[str, int], kind: str, count: int = 1) -> None:
    """Counts what is passed over."""
    if count:
        passed_over[kind] = passed_over.get(kind, 0) + count


def other_kind(path: Path) -> str:
    """What keeps a file of a folder from being taken for a text; empty if nothing does."""
    if path.name.startswith("."):
        return "hidden"
    if path.is_symlink():
        return "link"
    if not path.is_file():
        return "no regular file"
    return other_name(path.name)


def is_report(path: Path) -> bool:
    """Whether a page is a report of our own, which quotes damage."""
    mark = MARKDOWN if path.suffix.lower() == ".md" else REPORT if format_of(path.name) == "html" else b""
    if not mark:
        return False
    try:
        with path.open("rb") as stream:
            return mark in stream.read(HEAD)
    except OSError:
        return False  # reading it will tell


def other_name(name: str) -> str:
    """The ending that keeps a file from being taken for a text; empty for a text's."""
    suffix = PurePath(name).suffix.lower()
    return "" if suffix in TEXT_SUFFIXES else suffix or "no ending"
