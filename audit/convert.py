"""Files rewritten in one encoding without losing a byte, and the exact way back."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec

from audit.atomic import inherit, part_of, to_disk
from audit.errors import AuditError
from audit.reading.collect import CONVERTED
from audit.reading.decode import LOST
from audit.reading.stream import BINARY, Stretch, stretches

VERSION = 1
KEEP, REPLACE, REFUSE = LOSSES = ("keep", "replace", "refuse")
SHOWN = 20  # undecodable places that a report spells out


class Header(msgspec.Struct, tag="header", tag_field="record", frozen=True):
    """The first line of a record: what the file was, and what it became."""

    version: int
    to: str
    before_size: int
    before_sha256: str
    after_size: int
    after_sha256: str


class Row(msgspec.Struct, tag="run", tag_field="record", array_like=False, omit_defaults=True, frozen=True):
    """A stretch of the converted file: `after` bytes that go back to `before` bytes of `codec`.

    Where text does not give them back (lost bytes that were replaced, a byte order mark) `hex` holds them.
    """

    codec: str
    before: int
    after: int
    hex: str | None = None


@dataclass(slots=True)
class Conversion:
    """What happened, or would happen, to one file. `lost` are line, byte offset and bytes of the first places."""

    name: str
    size: int = 0
    encodings: Counter[str] = field(default_factory=Counter)  # bytes in each
    lost: list[tuple[int, int, bytes]] = field(default_factory=list)
    lost_bytes: int = 0
    changed: bool = False
    binary: bool = False


def record_path(path: Path) -> Path:
    """Where the way back of a converted file is written."""
    return path.with_name(path.name + CONVERTED)


def convert(path: Path, to: str = "utf-8", *, lost: str = KEEP, dry: bool = False) -> Conversion:
    """Rewrites a file in one encoding, atomically, with a record beside it; `lost` says what becomes of undecodable bytes.

    Raises AuditError where the file cannot be converted without loss or was converted before; it is then as it was.
    """
    target = Path(os.path.realpath(path))
    before = target.stat()
    done = Conversion(str(path))
    if not dry and os.access(target, os.R_OK) and not os.access(target, os.W_OK):  # else opening it tells why
        raise AuditError("{path}: the file is read-only and was left as it is", path=path)
    with target.open("rb") as stream, part_of(target) as (part, out), part_of(target) as (_, rows):
        header = _rewrite(stream, out, rows, to, lost, done)
        if done.binary or not done.changed or dry:
            return done
        if record_path(target).exists():
            raise AuditError(
                "{path}: {record} of an earlier conversion is there; take that back with --back, or move it away",
                path=path,
                record=record_path(target).name,
            )
        _finish(part, out, target)
        rows.seek(0)
        _prepend(rows, header, record_path(target))
        if _changed(before, target.stat()):
            record_path(target).unlink()
            raise AuditError("{path}: the file changed while it was being converted and was left as it is", path=path)
        part.replace(target)
    return done


def back(path: Path) -> int:
    """Gives a converted file its old bytes again; returns how many. Refuses where the file changed since."""
    target = Path(os.path.realpath(path))
    record = record_path(target)
    if not record.exists():
        raise AuditError("{path}: no {record} beside it, so nothing tells its old bytes", path=path, record=record.name)
    now = hash_of(target)
    with record.open("rb") as lines:
        header = _header(record, lines.readline())
        if now == header.before_sha256:
            record.unlink()
            return header.before_size
        if now != header.after_sha256:
            raise AuditError("{path}: the file changed since it was converted and was left as it is", path=path)
        with target.open("rb") as stream, part_of(target) as (part, out):
            digest = hashlib.sha256()
            for line in lines:
                raw = _restore(stream, msgspec.json.decode(line, type=Row), header.to)
                digest.update(raw)
                out.write(raw)
            if digest.hexdigest() != header.before_sha256 or stream.read(1):
                raise AuditError(
                    "{record}: the record does not give back the file it tells of; nothing was changed", record=record
                )
            _finish(part, out, target)
            part.replace(target)
    record.unlink()
    return header.before_size


def is_what_became(path: Path) -> bool:
    """Whether a file is as its last conversion left it, so that `back` would take that back.

    Raises AuditError where the record of the conversion cannot be read.
    """
    target = Path(os.path.realpath(path))
    record = record_path(target)
    if not record.exists():
        return False
    with record.open("rb") as lines:
        return _header(record, lines.readline()).after_sha256 == hash_of(target)


def _header(record: Path, line: bytes) -> Header:
    """The first line of a record."""
    try:
        header = msgspec.json.decode(line, type=Header)
    except msgspec.MsgspecError as error:
        raise AuditError("{record}: not a record of a conversion: {error}", record=record, error=error) from error
    if header.version != VERSION:
        raise AuditError(
            "{record}: version {version}, this program knows {known}",
            record=record,
            version=header.version,
            known=VERSION,
        )
    return header


def _rewrite(stream: BinaryIO, out: BinaryIO, rows: BinaryIO, to: str, lost: str, done: Conversion) -> Header:
    """Write the converted bytes and the rows of the record."""
    before, after = hashlib.sha256(), hashlib.sha256()
    size, line = 0, 1
    for part in stretches(stream):
        if part.codec == BINARY:
            done.binary = True
            break
        new, row = _converted(part, to, lost, done.name)
        if part.codec == LOST:
            done.lost_bytes += len(part.raw)
            if len(done.lost) < SHOWN:
                done.lost.append((line, done.size, part.raw[:32]))
        done.encodings[part.codec] += len(part.raw)
        done.size += len(part.raw)
        done.changed |= new != part.raw
        line += part.raw.count(b"\n") if len(part.text) == len(part.raw) else part.text.count("\n")
        size += len(new)
        before.update(part.raw)
        after.update(new)
        out.write(new)
        rows.write(msgspec.json.encode(row) + b"\n")
    return Header(VERSION, to, done.size, before.hexdigest(), size, after.hexdigest())


def _converted(part: Stretch, to: str, lost: str, name: str) -> tuple[bytes, Row]:
    """The new bytes of a stretch, and how they go back."""
    raw = part.raw
    if (part.codec == "bom:utf-8" and to == "utf-8") or (part.codec == LOST and lost == KEEP):
        return raw, Row(LOST, len(raw), len(raw))
    if part.codec.startswith("bom:"):
        return b"", Row(part.codec, len(raw), 0, raw.hex())
    if part.codec == LOST:
        if lost == REFUSE:
            raise AuditError(
                "{name}: holds bytes that no encoding takes ({hex}) and was left as it is",
                name=name,
                hex=raw[:8].hex(" "),
            )
        new = "\N{REPLACEMENT CHARACTER}".encode(to, "replace")
        return new, Row(LOST, len(raw), len(new), raw.hex())
    if part.codec == to or (part.codec == "ascii" and to == "utf-8"):
        return raw, Row(LOST, len(raw), len(raw))
    try:
        new = part.text.encode(to)
        exact = new.decode(to) == part.text
    except UnicodeError:
        exact = False
    if not exact:
        raise AuditError("{name}: {to} cannot hold all of its text; the file was left as it is", name=name, to=to)
    return new, Row(part.codec, len(raw), len(new))


def _restore(stream: BinaryIO, row: Row, to: str) -> bytes:
    """The old bytes of one row."""
    new = stream.read(row.after)
    if row.hex is not None:
        return bytes.fromhex(row.hex)
    return new if row.codec == LOST else new.decode(to).encode(row.codec)


def _finish(part: Path, out: BinaryIO, target: Path) -> None:
    """All bytes on the disk, owner and mode as those of the file."""
    to_disk(out)
    inherit(part, target)


def _prepend(rows: BinaryIO, header: Header, target: Path) -> None:
    """The record in its place, written whole or not at all."""
    with part_of(target) as (part, out):
        out.write(msgspec.json.encode(header) + b"\n")
        while block := rows.read(1 << 20):
            out.write(block)
        to_disk(out)
        part.replace(target)


def _changed(before: os.stat_result, now: os.stat_result) -> bool:
    return (before.st_size, before.st_mtime_ns, before.st_ino) != (now.st_size, now.st_mtime_ns, now.st_ino)


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
