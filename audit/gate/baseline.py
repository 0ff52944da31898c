"""What was known: findings of an earlier state, kept in a file beside the texts, and what of them is still there.

A line of JSON a finding, so that version control shows and merges it. Paths are relative to the file's folder.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from audit.errors import AuditError
from audit.gate.likeness import anywhere, exact, paired
from audit.gate.marks import Mark
from audit.gate.places import Pairs, Place
from audit.gate.values import Known
from audit.words import cause

VERSION = 1
HEADER = "jiaokan-baseline"
TELLING = 12  # characters of trace that a passage needs to be known in another file


@dataclass(frozen=True, slots=True)
class Present:
    """The findings of a document; `text` gives its stream of hashes and where in it each finding lies, if someone asks."""

    marks: Sequence[Mark]
    text: Callable[[], Place]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A line of the file; traces in hexadecimal."""

    path: str
    rule: str
    line: int
    digest: str
    left: str = ""
    right: str = ""
    head: str = ""
    tail: str = ""
    id: str | None = None
    excerpt: str = ""


def load(file: Path) -> list[Known]:
    """The known findings; AuditError naming file and line where it cannot be read, is damaged or of another version."""
    try:
        rows = file.read_bytes().split(b"\n")
    except OSError as error:
        raise AuditError("{path}: the baseline cannot be read: {reason}", path=file, reason=cause(error)) from error
    check_header(file, rows[0])
    known = []
    for number, line in enumerate(rows[1:], 2):
        if not line.strip():
            continue
        try:
            known.append(to_known(msgspec.json.decode(line, type=Row)))
        except (msgspec.DecodeError, ValueError) as error:
            raise AuditError(
                "{path}, line {line}: the baseline is damaged: {error}", path=file, line=number, error=error
            ) from error
    return known


def check_header(file: Path, line: bytes) -> None:
    """AuditError unless this is the first line of a baseline that we know how to read."""
    try:
        header = msgspec.json.decode(line)
        version = header[HEADER]
    except (msgspec.DecodeError, TypeError, KeyError) as error:
        raise AuditError("{path}, line 1: this is no baseline of jiaokan", path=file) from error
    if version != VERSION:
        raise AuditError(
            "{path}: a baseline of version {version}; this program knows {known}",
            path=file,
            version=version,
            known=VERSION,
        )


def to_known(row: Row) -> Known:
    """A line of the file as a value."""
    left, right, head, tail = (bytes.fromhex(trace) for trace in (row.left, row.right, row.head, row.tail))
    return Known(row.path, row.line, row.excerpt, Mark(row.rule, row.digest, left, right, head, tail, row.id))


def to_row(one: Known) -> Row:
    """A value as a line of the file."""
    mark = one.mark
    left, right, head, tail = (trace.hex() for trace in (mark.left, mark.right, mark.head, mark.tail))
    return Row(one.path, mark.rule, one.line, mark.digest, left, right, head, tail, mark.id, one.excerpt)


def dump(known: Iterable[Known]) -> bytes:
    """The file's content: by path, the findings of each in the order given, which is that of their places."""
    return b"".join(lines(sorted(known, key=lambda one: one.path)))


def lines(known: Iterable[Known]) -> Iterator[bytes]:
    """The same line by line, of what is in that order."""
    from audit import __version__  # noqa: PLC0415 - the package imports this module's users

    encoder = msgspec.json.Encoder()
    yield encoder.encode({HEADER: VERSION, "tool": __version__}) + b"\n"
    for one in known:
        yield encoder.encode(to_row(one)) + b"\n"


def compare(
    known: Sequence[Known], present: Mapping[str, Present], stands: Callable[[str], bool] = lambda _: False
) -> dict[str, dict[int, Known]]:
    """For each path the present findings that were known, by number.

    First file by file; what is left over may have moved to another file, whole with its surroundings; and where a file is
    gone and a new one holds what it held, the file was renamed and is compared again as one. Nothing moves out of a file
    that was not looked at and still `stands`: what another holds then is a copy.
    """
    known = [one for one in known if one.path in present or not stands(one.path)]
    before: dict[str, list[Known]] = {}
    for one in known:
        before.setdefault(one.path, []).append(one)
    pairs = {
        path: paired([one.mark for one in before.get(path, ())], now.marks, now.text) if path in before else {}
        for path, now in present.items()
    }
    matched = {path: {new: before[path][old] for new, old in found.items()} for path, found in pairs.items()}
    moves = moved(before, present, matched)
    for path, old in renames(before, present, moves).items():
        found = paired([one.mark for one in before[old]], present[path].marks, present[path].text)
        matched[path] = {new: before[old][number] for new, number in found.items()}
        moves = {place: one for place, one in moves.items() if place[0] != path and one.path != old}
    for (path, number), one in moves.items():
        matched[path].setdefault(number, one)
    return matched


Moves = dict[tuple[str, int], Known]


def moved(
    before: Mapping[str, Sequence[Known]], present: Mapping[str, Present], matched: Mapping[str, Mapping[int, Known]]
) -> Moves:
    """Findings that stood in another file before, with all of their surroundings."""
    spent = {id(one) for found in matched.values() for one in found.values()}
    left = [one for group in before.values() for one in group if id(one) not in spent and telling(one.mark)]
    places = [
        (path, number)
        for path, now in sorted(present.items())
        for number in range(len(now.marks))
        if number not in matched[path]
    ]
    pairs: Pairs = {}
    exact([one.mark for one in left], [present[path].marks[number] for path, number in places], pairs, anywhere)
    return {places[new]: left[old] for new, old in pairs.items()}


def telling(mark: Mark) -> bool:
    """Whether there is enough text around a finding to know it in another file."""
    return len(mark.left) + len(mark.right) >= TELLING or bool(mark.head)


def renames(before: Mapping[str, Sequence[Known]], present: Mapping[str, Present], moves: Moves) -> dict[str, str]:
    """New names of files and their old ones: the file that is gone from which most came."""
    votes = Counter(
        (path, one.path) for (path, _), one in moves.items() if path not in before and one.path not in present
    )
    names: dict[str, str] = {}
    for (path, old), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if path not in names and old not in names.values():
            names[path] = old
    return names


def place(path: str, folder: Path) -> str:
    """A path as the baseline names it."""
    if path.startswith("<"):  # standard input, a text in memory
        return path
    return Path(os.path.relpath(os.path.abspath(path), os.path.abspath(folder))).as_posix()  # noqa: PTH100 - no links resolved


def absent(known: Sequence[Known], matched: Mapping[str, Mapping[int, Known]], folder: Path) -> list[Known]:
    """Known findings that are there no longer; those in files that were not looked at now are left alone."""
    spent = {id(one) for found in matched.values() for one in found.values()}
    return [one for one in known if id(one) not in spent and (one.path in matched or not (folder / one.path).exists())]
