"""A part: the Parquet files of one block. The entries are written last, so a part with entries is whole."""

from __future__ import annotations

import contextlib
import os
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
from pyarrow import parquet

from audit.address import printable
from audit.catalogue import speaking
from audit.model import Entry, Finding, Safety, Severity
from audit.reading.records import Broken, Record
from audit.run import Audited
from audit.scale.entries import entry_row, signals
from audit.scale.failures import Failures, add
from audit.scale.held import text_row
from audit.scale.phrases import kept
from audit.scale.rows import (
    BLOCK_SHIFT,
    ENTRIES,
    FILE_SHIFT,
    FINDINGS,
    JUDGED,
    KEPT_PROBLEMS,
    SKETCHES,
    TEXTS,
    finding_row,
    table,
)
from audit.scale.sketches import BOOKS, TABLES, Home, Sketcher, home_of, sketch_row
from audit.scale.suppressed import Areas

KINDS = {
    "findings": FINDINGS,
    "sketches": SKETCHES,
    "judged": JUDGED,
    "texts": TEXTS,
    "problems": KEPT_PROBLEMS,
    "entries": ENTRIES,
}
AGAIN = "accepted"  # the folder of parts that were audited again, without what was accepted
COUNTS = b"jiaokan"
SURE = 0.5
Row = dict[str, Any]


def path_of(folder: Path, name: str, kind: str) -> Path:
    """Where one table of a part stands."""
    return folder / f"{name}.{kind}.parquet"


def latest(folder: Path, name: str, kind: str) -> Path:
    """The same, as it was audited last."""
    again = path_of(folder / AGAIN, name, kind)
    return again if again.exists() else path_of(folder, name, kind)


class Told(msgspec.Struct, frozen=True):
    """What is told of a part: entries, problems, bytes of input, and what failed, as pairs of rule and reason."""

    entries: int = 0
    problems: int = 0
    size: int = 0
    failures: tuple[tuple[str, str], ...] = ()


def is_done(folder: Path, name: str) -> Told | None:
    """What is told of a part that is whole; None where there is none."""
    path = path_of(folder, name, "entries")
    if not path.exists():
        return None
    return msgspec.json.decode(parquet.read_schema(path).metadata[COUNTS], type=Told)


def write(path: Path, made: pa.Table) -> None:
    """A table at its place, whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        named = [
            name for name in made.column_names if name == "n"
        ]  # by which rows are sought; hashes and texts have no dictionary
        parquet.write_table(made, part, compression="zstd", use_dictionary=False, write_statistics=named)
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):  # it is there only if it could not be written
            part.unlink(missing_ok=True)


class PartWriter:
    """Collects the rows of a block and writes them."""

    def __init__(
        self, folder: Path, name: str, first: tuple[int, int], size: int, making: Sequence[Sketcher] = ()
    ) -> None:
        file, block = first
        self._folder, self._name = folder, name
        self._next = (file << FILE_SHIFT) + (block << BLOCK_SHIFT)
        self._rows: dict[str, list[Row]] = {kind: [] for kind in KINDS}
        self._size = size
        self._making = making
        self._failures: Failures = {}

    def number(self) -> int:
        """The number of the next row."""
        self._next += 1
        return self._next

    @contextlib.contextmanager
    def all_or_none(self) -> Iterator[None]:
        """What is added meanwhile is taken back if it comes to no end."""
        sizes, at = {kind: len(rows) for kind, rows in self._rows.items()}, self._next
        try:
            yield
        except Exception:
            for kind, size in sizes.items():
                del self._rows[kind][size:]
            self._next = at
            raise

    def failed(self, failures: Iterable[tuple[str, str]]) -> None:
        """Adds what failed: pairs of rule and reason."""
        add(self._failures, failures)

    def problem(self, path: str, broken: Broken) -> None:
        """Adds what could not be read; the table speaks English, whoever writes it."""
        with speaking("en"):
            reason = f"{broken.reason}"
        self._rows["problems"].append(
            {
                "n": self.number(),
                "path": printable(path),
                "entry": broken.number,
                "line": broken.line,
                "kind": broken.kind,
                "reason": printable(reason),
                "words": kept(broken.reason),
            }
        )

    def document(self, audited: Audited, argument: int, areas: Areas = (), *, chapter: bool = False) -> None:
        """Adds the entries of a document with what was found in them; `chapter`: it is one of a book."""
        numbers = [self.number() for _ in audited.entries]
        home = home_of(
            audited.document.path,
            [one.entry for one in audited.entries],
            next(iter(numbers), 0),
            argument,
            chapter=chapter,
        )
        self._findings(audited, numbers)
        told = [signals(one.entry.text, [(one.entry.start, one.entry.end)])[0] for one in audited.entries]
        self._entries(audited, numbers, told, home, areas)

    def records(self, path: str, items: Sequence[Record | Broken], audited: Audited | None, argument: int) -> None:
        """Adds records that stand together as the entries of one document, each a document of its own."""
        numbers = []
        for item in items:
            if isinstance(item, Broken):
                self.problem(path, item)
            else:
                numbers.append(self.number())
        if audited is None:
            return
        entries = [one.entry for one in audited.entries]
        home = home_of(path, entries, numbers[0], argument, chapter=not entries[0].record)
        self._findings(audited, numbers)
        told = signals(audited.document.text, [(entry.start, entry.end) for entry in entries])
        self._entries(audited, numbers, told, home)

    def _findings(self, audited: Audited, numbers: Sequence[int]) -> None:
        """What was found; what stands in no entry goes with the one before it."""
        number_of = {one.number: n for one, n in zip(audited.entries, numbers, strict=True)}
        at = numbers[0] if numbers else self.number()
        for found in audited.findings:
            at = at if found.entry is None else number_of[found.entry]
            self._rows["findings"].append(finding_row(found, at))

    def _entries(
        self,
        audited: Audited,
        numbers: Sequence[int],
        told: Sequence[Mapping[str, float]],
        home: Home,
        areas: Areas = (),
    ) -> None:
        """Entries with grades, sketches and texts."""
        critical = dict.fromkeys((one.number for one in audited.entries), 0)
        for found in audited.findings:
            if found.entry is not None:
                critical[found.entry] += is_critical(found)
        rows = self._rows
        alone = home.collection == TABLES or home.collection >= BOOKS  # a document each
        for one, n, own in zip(audited.entries, numbers, told, strict=True):
            rows["entries"].append(entry_row(audited, one, n, critical[one.number], own))
            rows["sketches"].append(sketch_row(one.entry, n, n if alone else numbers[0], home))
            rows["texts"].append(text_row(audited.document, one.entry, n, areas, piece=alone))
        self._judged([one.entry for one in audited.entries], numbers, home)

    def _judged(self, entries: Sequence[Entry], numbers: Sequence[int], home: Home) -> None:
        """Sketches for judges that the reduce calls; those of several entries of one document judged them already, unless they look everywhere."""
        for one in self._making:
            if not one.wide and (0 <= home.collection < BOOKS):
                continue
            try:
                made = [pickle.dumps(one.make(entry), protocol=5) for entry in entries]
            except Exception as error:  # noqa: BLE001 - a rule that fails is reported, and the run goes on
                self.failed((code, f"{type(error).__name__}: {error}") for code in one.wide + one.near)
                continue
            code = one.code
            self._rows["judged"] += [
                {"n": n, "rule": code, "sketch": sketch} for n, sketch in zip(numbers, made, strict=True)
            ]

    def close(self) -> Told:
        """Writes the tables, the entries last, or none; gives what is to be told of them."""
        try:
            return self._close()
        except OSError:
            for kind in KINDS:
                with contextlib.suppress(OSError):
                    path_of(self._folder, self._name, kind).unlink(missing_ok=True)
            raise

    def _close(self) -> Told:
        told = Told(len(self._rows["entries"]), len(self._rows["problems"]), self._size, tuple(self._failures))
        for kind, schema in KINDS.items():
            made = table(self._rows[kind], schema)
            if kind == "entries":
                made = made.replace_schema_metadata({COUNTS: msgspec.json.encode(told)})
            write(path_of(self._folder, self._name, kind), made)
        return told


def is_critical(found: Finding) -> bool:
    """Whether a finding caps the grade; see `audit.grade`."""
    return found.severity is Severity.CRITICAL and found.confidence >= SURE and found.safety is not Safety.SAFE
