"""Collection rules called as `check` calls them: sketches read again from the parts, entries fetched by their numbers.

This is how a collection of up to `SMALL` entries is judged, by every rule; a larger one by all but those on its subjects, which are
measured (`audit.scale.topics`). The sketches of a rule that does not stream are held in memory, up to `HELD` bytes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from pyarrow import parquet

from audit.engine import inside
from audit.language import subjects
from audit.model import Hit, Place
from audit.places import places_in
from audit.rule import Rule, Scope
from audit.scale.held import span_in
from audit.scale.job import Job
from audit.scale.parts import write
from audit.scale.rows import MEASURED, SAID, table
from audit.scale.said import Said, Speaker
from audit.scale.shard import prepared
from audit.scale.shelf import Shelf, address_words
from audit.scale.sketches import IN_COLUMNS, sketchers
from audit.scale.spilled import Numbers, TooLarge, sketches_of, subjects_of
from audit.scale.spots import spot_of
from audit.words import say

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judging:
    """Collections to be judged, whose entries stand in a file; `wide`: all entries of the input, by the rules that look everywhere."""

    job: Job
    number: int
    members: str
    wide: bool
    large: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """How many entries were judged, and what failed: pairs of rule and reason."""

    entries: int
    failures: tuple[tuple[str, str], ...]


def judge(item: Judging) -> Judged:
    """Judges collections, and writes what is to be said of their entries and how well each is described by the others."""
    rules = [rule for rule in prepared(msgspec.json.encode(item.job.config))[0] if rule.scope is Scope.COLLECTION]
    speaker = Speaker({rule.name: rule for rule in rules}, item.job.config, Shelf(item.job.parts))
    said: list[Row] = []
    measured: list[pa.Table] = [MEASURED.empty_table()]
    failures: dict[tuple[str, str], None] = {}
    members = parquet.read_table(item.members)
    collections, every = members["collection"].to_numpy(), members["n"].to_numpy()
    edges = np.flatnonzero(np.r_[True, collections[1:] != collections[:-1], True]) if len(every) else np.zeros(1, int)
    for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        court = Court(speaker, item, every[low:high])
        for rule in rules:
            if rule.everywhere != item.wide or ((item.large or item.wide) and rule.sketch in IN_COLUMNS):
                continue
            try:
                said += court.rows(rule)
            except TooLarge as error:
                failures[rule.code, refusal(error, high - low)] = None
            except Exception as error:  # noqa: BLE001 - a rule that fails is reported, and the run goes on
                failures[rule.code, f"{type(error).__name__}: {error}"] = None
        if not item.large and not item.wide:
            measured.append(court.measured())
    write(item.job.parts / f"judged-{item.number:06d}.said.parquet", table(said, SAID))
    write(item.job.parts / f"judged-{item.number:06d}.measured.parquet", pa.concat_tables(measured))
    return Judged(len(every), tuple(failures))


def refusal(error: TooLarge, entries: int) -> str:
    """Why a rule was not asked of so many entries."""
    sizes = {"size": f"{error.size / 1e6:,.0f}", "most": f"{error.most / 1e6:,.0f}"}
    return say("scan.too_many", entries=f"{entries:,}", **sizes)


@dataclass(frozen=True, slots=True)
class Court:
    """One collection before its judges; `numbers` are those of its entries, ascending."""

    speaker: Speaker
    item: Judging
    numbers: Numbers
    known: dict[str, list[subjects.Sketch | None]] = field(default_factory=dict)

    def subjects(self) -> list[subjects.Sketch | None]:
        """The features of the entries, read once."""
        if not self.known:
            self.known[""] = subjects_of(self.item.job.parts, self.numbers)
        return self.known[""]

    def rows(self, rule: Rule) -> Iterator[Row]:
        """The findings of a rule as rows; none where a sketch of its is missing, which was told when it could not be made."""
        shelf = self.speaker.shelf
        sketches: Sequence[Any] | None
        if rule.sketch is subjects.sketch:
            sketches = self.subjects()
        else:
            rules = prepared(msgspec.json.encode(self.item.job.config))[0]
            code = next(one.code for one in sketchers(rules) if one.make is rule.sketch)
            sketches = sketches_of(self.item.job.parts, self.numbers, code, streams=rule.streams)
        if sketches is None:
            return
        found = [
            row
            for index, hit in rule.check(sketches, lambda index: shelf.entry(int(self.numbers[index])))
            if (row := self.speaker.row(self.said(rule, index, hit))) is not None
        ]
        yield from ({**row, "drop": drop} for row, drop in found)

    def said(self, rule: Rule, index: int, hit: Hit) -> Said:
        """A hit with its places as words and addresses; raises ValueError for a span outside of its entry."""
        for place in (Place(index, hit.span), *places_in([hit.values, hit.evidence])):
            inside(rule, place.entry, len(self.numbers))
            size = len(self.speaker.shelf.entry(int(self.numbers[place.entry])).text.body)
            if not 0 <= place.span.start <= place.span.end <= size:
                raise ValueError(f"{rule.code} gave a span outside of the text")
        here = self.speaker.shelf.facts(int(self.numbers[index]))
        values = {name: self.words(value, here["path"]) for name, value in hit.values.items()}
        evidence = {name: self.address(value) for name, value in hit.evidence.items()}
        at = span_in(here, *hit.span)
        return Said(here, rule.name, hit.variant, values, evidence, at, hit.confidence, hit.severity, edit=hit.edit)

    def words(self, value: Any, home: str) -> Any:
        """A value of a message, a place as words."""
        if not isinstance(value, Place):
            return value
        there = self.speaker.shelf.facts(int(self.numbers[value.entry]))
        return address_words(there, spot_of(there, *span_in(there, *value.span)).line, home)

    def address(self, value: Any) -> Any:
        """Evidence, its places as addresses."""
        if isinstance(value, Place):
            there = self.speaker.shelf.facts(int(self.numbers[value.entry]))
            spot = spot_of(there, *span_in(there, *value.span))
            own = {name: getattr(spot, name) for name in ("line", "end_line", "start", "end")}
            return {"path": there["path"], "entry": there["entry"], **own}
        if isinstance(value, Mapping):
            return {key: self.address(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
            return [self.address(item) for item in value]
        return value

    def measured(self) -> pa.Table:
        """How well each entry is described by the others, in bits; all are of one subject."""
        bits = subjects.belonging(self.subjects()).bits
        none = np.zeros(len(bits))
        columns = {"n": self.numbers, "subject": none.astype(np.int32), "bits": bits, "far": none}
        return pa.Table.from_pydict(columns, schema=MEASURED)
