"""Offsets of code points in bytes."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

import numpy as np

from audit.language.spots import distinct
from audit.model import Codes, Decoded, Offsets, Run

UTF8 = "utf-8"
PIECE = 1 << 16  # code points


def byte_offsets(decoded: Decoded, codes: Codes, wanted: Offsets) -> Offsets:
    """The offset in the raw bytes of each wanted code point, shapes (n,); `wanted` need not be sorted."""
    result = np.zeros(len(wanted), dtype=np.int64)
    runs = [run for run in decoded.runs if run.end > run.start]
    if not runs:
        return result
    of_run = np.searchsorted([run.end for run in runs], wanted, side="right").clip(max=len(runs) - 1)
    for number in distinct(of_run).tolist():
        mask = of_run == number
        result[mask] = in_run(runs[number], codes, decoded.body, wanted[mask])
    return result


def in_run(run: Run, codes: Codes, body: str, wanted: Offsets) -> Offsets:
    """The same inside one run."""
    if run.encoding in (UTF8, "ascii", ""):
        return run.byte_start + utf8_offsets(codes[run.start : run.end], wanted - run.start)
    order = np.argsort(wanted, kind="stable")
    offsets = np.empty(len(wanted), dtype=np.int64)
    offsets[order] = run.byte_start + encoded_lengths(run, body, wanted[order].tolist())
    return offsets


def utf8_offsets(codes: Codes, wanted: Offsets) -> Offsets:
    """Bytes before each wanted code point in UTF-8, counted in pieces: memory for a whole text would be a multiple of its own."""
    order = np.argsort(wanted, kind="stable")
    sought = wanted[order]
    result = np.empty(len(wanted), dtype=np.int64)
    last = int(sought[-1]) if len(sought) else -1
    total = 0
    for begin in range(0, last + 1, PIECE):
        steps = np.concatenate([[0], np.cumsum(utf8_widths(codes[begin : begin + PIECE]))])
        low, high = sought.searchsorted((begin, begin + PIECE))
        result[order[low:high]] = total + steps[sought[low:high] - begin]
        total += int(steps[-1])
    return result


def utf8_widths(codes: Codes) -> Offsets:
    """Bytes of each code point in UTF-8; an escaped undecodable byte counts one."""
    widths = 1 + (codes > 0x7F).astype(np.int64) + (codes > 0x7FF) + (codes > 0xFFFF)
    widths[(codes >= 0xDC80) & (codes <= 0xDCFF)] = 1
    return widths


def encoded_lengths(run: Run, body: str, wanted: Sequence[int]) -> Offsets:
    """Bytes from the start of a run to each wanted offset, ascending, by encoding the pieces between."""
    lengths, at, total = [], run.start, 0
    for offset in wanted:
        total += len(body[at:offset].encode(run.encoding, "surrogateescape"))
        at = offset
        lengths.append(total)
    return np.array(lengths, dtype=np.int64)


def run_at(decoded: Decoded, offset: int) -> Run:
    """The run that holds a code point; the last one for the end of the text."""
    number = bisect.bisect_right(decoded.runs, offset, key=lambda run: run.end)
    return decoded.runs[min(number, len(decoded.runs) - 1)]
