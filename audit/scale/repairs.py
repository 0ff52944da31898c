"""The map of `apply`: what is to become of the entries of a block, as decisions and a record of changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
from pyarrow import compute, parquet

from audit.address import printable
from audit.engine import check_document
from audit.errors import AuditError
from audit.fix import ROUNDS, Wanted, choose_edits, fix_bytes
from audit.gate.suppress import Usage
from audit.model import Action, Finding
from audit.reading.document import read as read_document
from audit.reading.document import read_record
from audit.reading.records import Block, Record
from audit.reading.records import read as read_block
from audit.run import finish
from audit.scale.changes import CHANGES, change_row, file_change
from audit.scale.job import TEXTS, File, Job
from audit.scale.parts import write
from audit.scale.rows import clean, packed, part_name, table
from audit.scale.shard import expand, prepared

if TYPE_CHECKING:
    from audit.gate.sidecar import Sidecar

DECISIONS = pa.schema({"number": pa.int64(), "drop": pa.bool_(), "text": pa.string()})
LAST, COUNTS = b"last", b"counts"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with a corpus that was scanned: `verdicts` is the table of its entries; repairs are none if `wanted` is None.

    What `sidecar` accepts is not repaired.
    """

    job: Job
    verdicts: str
    wanted: Wanted | None
    sidecar: Sidecar | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with the plan that it is under."""

    plan: Plan
    file: int
    block: Block


@dataclass(frozen=True, slots=True)
class Decided:
    """Entries kept, dropped, repaired, and left as they were since they could not be repaired; bytes of the input."""

    kept: int = 0
    dropped: int = 0
    repaired: int = 0
    left: int = 0


def pieces(item: tuple[Plan, tuple[File, ...]]) -> Iterator[Piece]:
    """The blocks of a group of files, as the scan had them."""
    plan, files = item
    for shard in expand((plan.job, files)):
        yield Piece(plan, shard.file, shard.block)


def decide(piece: Piece) -> Decided:
    """Writes the decisions on a block, or, for texts, the texts themselves, unless that was done before."""
    name = part_name(piece.file, piece.block.number)
    path = piece.plan.job.parts / f"{name}.changes.parquet"
    if path.exists():  # it is written last
        return Decided(*msgspec.json.decode(parquet.read_schema(path).metadata[COUNTS]))
    decided, changes = decide_texts(piece, name) if piece.block.kind == TEXTS else decide_rows(piece, name)
    figures = msgspec.json.encode([decided.kept, decided.dropped, decided.repaired, decided.left])
    write(path, table(changes, CHANGES).replace_schema_metadata({COUNTS: figures}))
    return decided


def decide_rows(piece: Piece, name: str) -> tuple[Decided, list[Row]]:
    """Writes the decisions on the rows of a table; gives the changes."""
    verdicts = verdicts_of(piece.plan.verdicts, piece.block.path)
    decisions: list[Row] = []
    changes: list[Row] = []
    kept = dropped = repaired = left = last = 0
    for item in read_block(piece.block):
        last = item.number
        if not isinstance(item, Record):
            continue
        action, found = verdicts.get(item.number, (Action.PUBLISH.value, 0))
        if action == Action.DROP.value:
            decisions.append({"number": item.number, "drop": True, "text": None})
            dropped += 1
            continue
        kept += 1
        if piece.plan.wanted is None or not found:
            continue
        text, made = fix_record(piece.block.path, item, piece.plan)
        left += text is None
        if text is not None and made:
            decisions.append({"number": item.number, "drop": False, "text": clean(text)})
            changes += made
            repaired += 1
    made_table = table(decisions, DECISIONS).replace_schema_metadata({LAST: str(last).encode()})
    write(piece.plan.job.parts / f"{name}.decisions.parquet", made_table)
    return Decided(kept, dropped, repaired, left), changes


def verdicts_of(path: str, name: str) -> dict[int, tuple[str, int]]:
    """Action and number of findings of the entries of one file."""
    wanted = ["entry", "action", "findings"]
    found = parquet.read_table(path, columns=wanted, filters=compute.field("path") == printable(name))
    rows = zip(*(found[column].to_pylist() for column in wanted), strict=True)
    return {entry: (action, len(findings)) for entry, action, findings in rows}


def fix_record(path: str, record: Record, plan: Plan) -> tuple[str | None, list[Row]]:
    """A record's text with its repairs, round by round as `audit.fix` has it, and the changes; None if it does not come to an end."""
    wanted, config = plan.wanted, plan.job.config
    assert wanted is not None
    rules, sieve = prepared(msgspec.json.encode(config))
    editorial = {rule.code for rule in rules if wanted.holds(rule)}
    changes: list[Row] = []
    text = record.text
    for number in range(1, ROUNDS + 1):
        document = read_record(path, replace(record, text=text))
        checked = check_document(document, rules, sieve)
        if checked.failures:
            return None, []
        usage = None if plan.sidecar is None else Usage(plan.sidecar)
        found = finish(document, checked.batches, config, usage=usage)[0].findings
        chosen = choose_edits([one for one in found if wanted.takes(one) and one.rule not in editorial])
        made = [one for one in chosen if one.suggestion != text[one.start : one.end]]
        if not made:
            return text, changes
        changes += [change_row(path, record, document, one, number) for one in made]
        text = spliced(text, made)
    return None, []


def spliced(text: str, findings: Sequence[Finding]) -> str:
    """A text with suggestions in place of their findings, which ascend and do not overlap."""
    parts, at = [], 0
    for one in findings:
        parts += [text[at : one.start], one.suggestion or ""]
        at = one.end
    return "".join([*parts, text[at:]])


def decide_texts(piece: Piece, name: str) -> tuple[Decided, list[Row]]:
    """Text files: entries that are dropped cut out, the rest repaired; written as they will stand. Gives the changes."""
    plan = piece.plan
    kept = dropped = repaired = left = 0
    changes: list[Row] = []
    outcomes: dict[str, str | None] = {}
    for file in piece.block.payload:
        verdicts = verdicts_of(plan.verdicts, file.name)
        raw = Path(file.path).read_bytes()
        gone = {number for number, (action, _) in verdicts.items() if action == Action.DROP.value}
        dropped += len(gone)
        kept += len(verdicts) - len(gone)
        if verdicts and len(gone) == len(verdicts):
            continue
        raw = without(file.name, raw, gone) if gone else raw
        if plan.wanted is not None and any(found for _, found in verdicts.values()):
            try:
                fixed = fix_bytes(file.name, raw, plan.wanted, plan.job.config, plan.sidecar)
            except AuditError:
                left += 1
            else:
                raw, repaired = fixed.raw, repaired + bool(fixed.changes)
                changes += [file_change(file.name, change) for change in fixed.changes]
        target = plan.job.parts / f"{file.number:08d}.text"
        target.write_bytes(raw)
        outcomes[file.name] = str(target)
    (plan.job.parts / f"{name}.outcomes.json").write_bytes((packed(outcomes) or "{}").encode("utf-8"))
    return Decided(kept, dropped, repaired, left), changes


def without(name: str, raw: bytes, gone: set[int]) -> bytes:
    """A text without some of its entries, headings included; entries are numbered from 1."""
    from audit.reading.offsets import byte_offsets  # noqa: PLC0415 - only texts of several entries need it

    document = read_document(name, raw)
    parts, at, number = [], 0, 0
    for entry in document.entries:
        number += entry.role.value == "entry"
        if entry.role.value != "entry" or number not in gone:
            continue
        span = document.text.to_origin(entry.start, entry.end)
        ends = byte_offsets(document.decoded, document.source.codes, pa.array([*span]).to_numpy())
        parts.append(raw[at : int(ends[0])])
        at = int(ends[1])
    return b"".join([*parts, raw[at:]])
