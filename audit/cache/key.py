"""What a run's outcome depends on, as one digest: every byte read, every setting, every program that had a part in it."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import msgspec

from audit import __version__
from audit.config import Config
from audit.reading.collect import Collected

GROUP = "audit.rules"
NAME = "jiaokan"  # in the name of every file that settles a run: jiaokan.toml, .jiaokan-baseline.jsonl


def content(file: Path) -> str:
    """The digest of a file's bytes. Raises OSError as reading does."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def texts(collected: Collected) -> list[tuple[str, str, str]] | None:
    """Name, argument and digest of every file that is read; None where not all can be read twice."""
    found = []
    for source in collected.sources:
        if source.path is None or not source.path.is_file():
            return None
        try:
            found.append((source.name, source.argument, content(source.path)))
        except OSError:
            return None
    return None if collected.unreadable else found


def beside(config: Config) -> list[tuple[str, str]]:
    """The files that say what is accepted or known, with digests: those named like us beside the settings, and those named there."""
    root = Path(config.root or ".")
    files = {Path(entry.path) for folder in {root, Path()} for entry in os.scandir(folder) if NAME in entry.name}
    files |= {root / name for name in (config.baseline, config.suppressions, *config.term_files) if name}
    return [(str(file), content(file)) for file in sorted(files) if file.is_file()]


def programs() -> list[Any]:
    """Versions of Python and of all that is installed beside us, and the state of our own files and of others' rules."""
    installed = sorted(file.name for folder in sys.path for file in Path(folder or ".").glob("*.dist-info"))
    ours = Path(__file__).parents[1]
    roots = {ours, *(root for point in entry_points(group=GROUP) for root in home(point.module))}
    return [__version__, sys.version, installed, [state(root) for root in sorted(roots)]]


def home(module: str) -> Iterator[Path]:
    """The folder or the file that the rules of a module stand in."""
    try:
        spec = importlib.util.find_spec(module.rpartition(".")[0] or module)
    except ImportError:  # the audit will say so
        return
    if spec is not None:
        yield from map(Path, spec.submodule_search_locations or ([spec.origin] if spec.origin else []))


def state(root: Path) -> list[tuple[str, int, int]]:
    """Name, size and time of change in ns of the files below, or of the one file: an edited rule is another rule."""
    files = [root] if root.is_file() else walked(root)
    return sorted((str(file), status.st_size, status.st_mtime_ns) for file in files if (status := file.stat()))


def walked(root: Path) -> Iterator[Path]:
    """The files below a folder that are no compiled code."""
    for base, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(base, name) for name in names)


def of_run(
    read: Sequence[tuple[str, str, str]], collected: Collected, config: Config, told: Iterable[object]
) -> str | None:
    """The key of a run over these files with this configuration; `told` is all else: formats, language, day.

    None where something could not be read.
    """
    try:
        parts = [read, collected.passed_over, beside(config), programs(), os.getcwd(), [*map(str, told)]]  # noqa: PTH109
    except OSError:
        return None
    return hashlib.sha256(ascii([*parts, msgspec.to_builtins(config)]).encode()).hexdigest()  # names may be no UTF-8
