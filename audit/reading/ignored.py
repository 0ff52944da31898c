"""What `.gitignore` files keep out of a folder: those in it and below, and in a repository those above."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

NAME = ".gitignore"


@cache
def spec_of(lines: tuple[str, ...]) -> GitIgnoreSpec:
    """The patterns made ready."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - 20 ms that a folder without patterns need not pay

    return GitIgnoreSpec.from_lines(lines)


def _is_repository(folder: Path) -> bool:
    """Whether a folder is the top of a repository; one that is not ours to enter tells nothing."""
    try:
        return (folder / ".git").exists()
    except OSError:
        return False


class Ignored:
    """The patterns met so far, by their folder; the nearest that says something of a path decides, as in git."""

    def __init__(self, folder: Path) -> None:
        self._specs: dict[Path, GitIgnoreSpec | None] = {}
        self._top = folder.absolute()
        above = [self._top, *self._top.parents]
        root = next((number for number, one in enumerate(above) if _is_repository(one)), 0)
        self._root = above[root]

    def names(self, path: Path, *, folder: bool = False) -> bool:
        """Whether a file, or a folder, is kept out by a pattern; what lies in such a folder is not asked for."""
        path = path.absolute()
        for base in path.parents:
            spec = self._spec(base)
            if spec is not None:
                found = spec.check_file(path.relative_to(base).as_posix() + ("/" if folder else "")).include
                if found is not None:
                    return found
            if base == self._root:
                break
        return False

    def _spec(self, base: Path) -> GitIgnoreSpec | None:
        if base not in self._specs:
            try:
                text = (base / NAME).read_bytes().decode("utf-8", "surrogateescape")
            except OSError:  # there is none, or it is not ours to read
                self._specs[base] = None
            else:
                self._specs[base] = spec_of(tuple(text.replace("\r\n", "\n").split("\n")))
        return self._specs[base]
