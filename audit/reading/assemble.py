"""Text out of byte runs: all runs of an encoding in one call of its codec, so that a thousand cost as much as one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audit.model import Decoded, Offsets, Runs
from audit.reading.columns import ByteRuns
from audit.reading.decode import BIG5_SIGNS, LABELS, LOST, NAMES, read_run, reads_alike, with_big5_signs

FEW = 24  # runs; that many are read one by one
LONG = 1024  # bytes a run; there the calls cost less than gathering the bytes
JOINED = frozenset(
    {LOST, "utf-8", "ascii", "gb18030", "cp950", "big5hkscs", "cp932", "euc_jp", "cp949"}
)  # codecs without state in which LF is never a part of a character
LF = 10
ESCAPES = 0xDC00

Codes = NDArray[np.uint32]
Piece = tuple[int, int, str, str]  # start and end byte, codec, text


@dataclass(slots=True)
class Bench:
    """What became of the runs: code points of those read together, pieces of those read one by one."""

    raw: bytes
    runs: ByteRuns
    together: list[tuple[str, Offsets, Offsets, Codes]] = field(
        default_factory=list
    )  # codec, runs, lengths, code points
    single: dict[int, list[Piece]] = field(default_factory=dict)
    plain: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(LABELS, True))

    def read(self, codec: str, chosen: Offsets) -> None:
        """Read some runs of one codec."""
        if len(chosen) <= FEW or codec not in JOINED or len(self.raw) > LONG * len(self.runs):
            for number in chosen.tolist():
                start, end = self.runs.bounds[number : number + 2].tolist()
                self.single[number] = read_run(self.raw, start, end, codec)
                for first, last, name, text in self.single[number]:
                    if self.plain.get(name):
                        self.plain[name] = reads_alike(self.raw[first:last], LABELS[name], text)
            return
        found = self._joined(codec, chosen)
        if found is None:  # one of them does not take it: the half without that one is read together
            self.read(codec, chosen[: len(chosen) // 2])
            self.read(codec, chosen[len(chosen) // 2 :])
            return
        name, lengths, codes = found
        signs = np.flatnonzero(np.logical_or.reduce([codes == sign for sign in BIG5_SIGNS])) if codec == "cp950" else ()
        if len(signs):  # those are read one by one, for which sign is meant depends on the rest
            odd = np.zeros(len(chosen), dtype=bool)
            odd[np.searchsorted(np.cumsum(lengths), signs, side="right")] = True
            for number in chosen[odd]:
                self.read(codec, np.array([number]))
            codes = codes[np.repeat(~odd, lengths)]
            lengths, chosen = lengths[~odd], chosen[~odd]
        self.together.append((name, chosen, lengths, codes))

    def _joined(self, codec: str, chosen: Offsets) -> tuple[str, Offsets, Codes] | None:
        """Codec, length in code points of each run, and all their code points; None where the codec would not give them back."""
        wanted = np.zeros(len(self.runs), dtype=bool)
        wanted[chosen] = True
        sizes = np.diff(self.runs.bounds)
        picked = np.frombuffer(self.raw, dtype=np.uint8)[self.runs.bounds[0] :][np.repeat(wanted, sizes)]
        sizes = sizes[chosen]
        if codec == LOST:
            return codec, sizes, picked + (picked >= 0x80) * np.uint32(ESCAPES)
        ends = np.cumsum(sizes)
        breaks = np.add.reduceat(picked == LF, ends - sizes, dtype=np.int64)
        lines = bool((picked[ends - 1] == LF).all())
        buffer = picked.tobytes() if lines else np.insert(picked, ends, LF).tobytes()
        try:
            text = buffer.decode(codec)
            if codec != "utf-8" and text.encode(codec) != buffer:
                return None
        except UnicodeError:
            return None
        if self.plain.get(codec):
            plain = with_big5_signs(text) if codec == "cp950" else text
            self.plain[codec] = reads_alike(buffer, LABELS[codec], plain)
            codec, text = (LABELS[codec], plain) if self.plain[codec] else (codec, text)
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        stops = np.flatnonzero(codes == LF)
        last = np.cumsum(breaks + (not lines)) - 1
        if last[-1] != len(stops) - 1:
            return None
        lengths = np.diff(stops[last], prepend=-1) - (not lines)
        return codec, lengths, codes if lines else np.delete(codes, stops[last])


def assemble(raw: bytes, runs: ByteRuns) -> Decoded:
    """Text out of byte runs; what a codec does not take, or would not give back, becomes a run of its own."""
    bench = Bench(raw, runs)
    for kind, codec in enumerate(runs.names):
        bench.read(codec, np.flatnonzero(runs.kinds == kind))
    names = {
        name: at for at, name in enumerate(dict.fromkeys([*(group[0] for group in bench.together), *_named(bench)]))
    }
    counts = np.ones(len(runs), dtype=np.int64)
    for number, pieces in bench.single.items():
        counts[number] = len(pieces)
    places = np.cumsum(counts) - counts  # of each run's first piece
    kinds, lengths, starts = np.zeros((3, int(counts.sum())), dtype=np.int64)
    for codec, chosen, sizes, _ in bench.together:
        kinds[places[chosen]], lengths[places[chosen]], starts[places[chosen]] = (
            names[codec],
            sizes,
            runs.bounds[chosen],
        )
    for number, pieces in bench.single.items():
        for at, (first, _, name, text) in enumerate(pieces, int(places[number])):
            kinds[at], lengths[at], starts[at] = names[name], len(text), first
    body = _body(bench, places, lengths)
    rename = NAMES | {codec: LABELS[codec] for codec, same in bench.plain.items() if same} | {"ascii": "utf-8"}
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    byte_bounds = np.append(starts, runs.bounds[-1])
    labels = tuple(rename.get(name, name) for name in names)
    return Decoded(body, Runs(bounds, byte_bounds, kinds.astype(np.uint8), labels, np.repeat(runs.trusts, counts)))


def _named(bench: Bench) -> list[str]:
    return [name for pieces in bench.single.values() for _, _, name, _ in pieces]


def _body(bench: Bench, places: Offsets, lengths: Offsets) -> str:
    """The text of all runs in their order."""
    singles = sorted(bench.single)
    if not bench.together:
        return "".join([text for number in singles for _, _, _, text in bench.single[number]])
    ends = np.cumsum(lengths)
    codes = np.empty(int(ends[-1]), dtype=np.uint32)
    for _, chosen, _, own in bench.together:
        wanted = np.zeros(len(lengths), dtype=bool)
        wanted[places[chosen]] = True
        codes[np.repeat(wanted, lengths)] = own
    for number in singles:
        text = "".join([piece[3] for piece in bench.single[number]])
        start = int(ends[places[number]] - lengths[places[number]])
        codes[start : start + len(text)] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
