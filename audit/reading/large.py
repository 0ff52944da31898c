"""Large files that are not UTF-8, read piece by piece: what is needed beside their bytes and their text does not grow with them."""

from __future__ import annotations

import numpy as np

from audit.model import Decoded, Runs
from audit.reading.assemble import assemble
from audit.reading.binary import is_binary
from audit.reading.columns import ByteRun, ByteRuns
from audit.reading.decode import valid_utf8
from audit.reading.evidence import Evidence
from audit.reading.stream import PIECE, place_to_cut, runs_of
from audit.reading.switches import whole
from audit.reading.wide import WIDTHS, guess, mark_of

FIXED = (
    "bom:",
    "iso-2022",
    "hz",
    "utf-16",
    "utf-32",
)  # what begins the names of encodings to which ASCII does not belong


def decode_large(raw: bytes, *, no_utf8: bool) -> Decoded | None:
    """The text of a large file; None for one that is read as a whole, being in one encoding that it announces, or no text."""
    marked = mark_of(raw)
    marks: list[ByteRun] = [(0, len(marked[1]), f"bom:{marked[0]}", 1.0)] if marked else []
    if (marked[0] if marked else guess(raw)) in WIDTHS or is_binary(raw) or whole(raw):
        return None
    if not no_utf8 and valid_utf8(raw[marks[0][1] :] if marks else raw):
        return None
    return decode_in_pieces(raw, marks)


def decode_in_pieces(raw: bytes, marks: list[ByteRun], size: int = PIECE) -> Decoded:
    """The text of bytes that are not UTF-8; `marks` are the runs in front of it, a byte order mark. Pieces end where no character is cut."""
    evidence = Evidence()
    bodies: list[str] = []
    columns: list[Runs] = []
    places: list[int] = []
    if marks:
        bodies, columns, places = [""], [_columns(assemble(raw, ByteRuns.of(marks)))], [0]
    at = marks[-1][1] if marks else 0
    while at < len(raw):
        piece = raw[at : at + size]
        if at + len(piece) < len(raw):
            piece = piece[: place_to_cut(piece, None, evidence)]
        runs = runs_of(piece, None, evidence)
        found = assemble(piece, runs if isinstance(runs, ByteRuns) else ByteRuns.of(list(runs)))
        bodies.append(found.body)
        columns.append(_columns(found))
        places.append(at)
        at += len(piece)
    joined = _joined(raw, list(map(len, bodies)), columns, places)
    return Decoded("".join(bodies), joined)


def _columns(found: Decoded) -> Runs:
    assert isinstance(found.runs, Runs)
    return found.runs


def _joined(raw: bytes, lengths: list[int], columns: list[Runs], places: list[int]) -> Runs:
    """The runs of all pieces, which are given up; ASCII belongs to the run before it, or else to the one behind, as in a small file."""
    names = {name: at for at, name in enumerate(dict.fromkeys(name for runs in columns for name in runs.names))}
    host = _host(list(names))
    count = sum(map(len, columns))
    bounds, bytes_ = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    kinds, trusts = np.empty(count, dtype=np.uint8), np.empty(count, dtype=np.float64)
    at = text = 0
    columns.reverse()
    for length, place, end in zip(lengths, places, [*places[1:], len(raw)], strict=True):
        runs = columns.pop()
        here = slice(at, at + len(runs))
        bounds[here], bytes_[here] = runs.bounds[:-1] + text, runs.byte_bounds[:-1] + place
        kinds[here], trusts[here] = (
            np.array([names[name] for name in runs.names], dtype=np.uint8)[runs.kinds],
            runs.trusts,
        )
        if at and len(runs) == 1 and host[kinds[at - 1]] and raw[place:end].isascii():
            kinds[at], trusts[at] = kinds[at - 1], trusts[at - 1]
        at, text = at + len(runs), text + length
    lead = int(np.argmax(np.append(kinds != kinds[0], True)))  # ASCII before all else
    if lead < count and host[kinds[lead]] and raw[: int(bytes_[lead])].isascii():
        kinds[:lead], trusts[:lead] = kinds[lead], trusts[lead]
    fresh = np.flatnonzero(np.append(True, kinds[1:] != kinds[:-1]))
    kinds, trusts = kinds[fresh], np.maximum.reduceat(trusts, fresh)
    bounds = np.append(bounds[fresh], text)
    bytes_ = np.append(bytes_[fresh], len(raw))
    return Runs(bounds, bytes_, kinds, tuple(names), trusts)


def _host(names: list[str]) -> list[bool]:
    """Whether ASCII may belong to a run of each encoding."""
    return [bool(name) and not name.startswith(FIXED) for name in names]
