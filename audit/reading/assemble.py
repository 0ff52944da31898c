"""Text out of byte runs: all runs of an encoding in one call of its codec, so that a thousand cost as much as one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audit.model import Decoded, Offsets, Runs
from audit.native import kernels
from audit.reading.columns import ByteRuns
from audit.reading.decode import BIG5_SIGNS, LABELS, LOST, NAMES, read_run, reads_alike, with_big5_signs
from audit.reading.pairs import returning

FEW = 24  # runs; that many are read one by one
LONG = 1024  # bytes a run; there the calls cost less than gathering the bytes
JOINED = frozenset(
    {LOST, "utf-8", "ascii", "gb18030", "cp950", "big5hkscs", "cp932", "euc_jp", "cp949"}
)  # codecs without state in which LF is never a part of a character
COMPILED = frozenset({"utf-8", "gb18030"})  # whose runs a kernel reads; others have names that depend on what they hold
NO_TABLE = np.empty(0, dtype=np.uint8)
LF = 10
ESCAPES = 0xDC00

Codes = NDArray[np.uint32]
Piece = tuple[int, int, str, str]  # start and end byte, codec, text


@dataclass(frozen=True, slots=True)
class Together:
    """Runs of one codec that were read together: their numbers, code points of each, and all of those; `room` counts a break behind a run too."""

    codec: str
    chosen: Offsets
    lengths: Offsets
    codes: Codes
    room: Offsets

    def without(self, odd: NDArray[np.bool_]) -> Together:
        """All but some of the runs."""
        codes = self.codes[np.repeat(~odd, self.room)]
        return Together(self.codec, self.chosen[~odd], self.lengths[~odd], codes, self.room[~odd])


@dataclass(slots=True)
class Bench:
    """What became of the runs: code points of those read together, pieces of those read one by one."""

    raw: bytes
    runs: ByteRuns
    together: list[Together] = field(default_factory=list)
    single: dict[int, list[Piece]] = field(default_factory=dict)
    plain: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(LABELS, True))

    def read(self, codec: str, chosen: Offsets) -> None:
        """Read some runs of one codec."""
        if len(chosen) <= FEW or codec not in JOINED or len(self.raw) > LONG * len(self.runs):
            self._one_by_one(codec, chosen)
            return
        if kernels and codec in COMPILED:
            chosen = self._compiled(codec, chosen)
        found = self._joined(codec, chosen) if len(chosen) else None
        if isinstance(found, Together):
            self.together.append(self._without_signs(found))
        elif isinstance(found, np.ndarray):  # some would come back in another spelling
            self.read(codec, chosen[~found])
            self._one_by_one(codec, chosen[found])
        else:  # one of them does not take it: the half without that one is read together
            self.read(codec, chosen[: len(chosen) // 2])
            self.read(codec, chosen[len(chosen) // 2 :])

    def _one_by_one(self, codec: str, chosen: Offsets) -> None:
        for number in chosen.tolist():
            start, end = self.runs.bounds[number : number + 2].tolist()
            self.single[number] = read_run(self.raw, start, end, codec)
            for first, last, name, text in self.single[number]:
                if self.plain.get(name):
                    self.plain[name] = reads_alike(self.raw[first:last], LABELS[name], text)

    def _without_signs(self, found: Together) -> Together:
        """Runs of code page 950 with a sign that Big5 reads otherwise are read one by one: which is meant depends on the rest."""
        if found.codec != "cp950":
            return found
        signs = np.flatnonzero(np.logical_or.reduce([found.codes == sign for sign in BIG5_SIGNS]))
        if not len(signs):
            return found
        odd = np.zeros(len(found.chosen), dtype=bool)
        odd[np.searchsorted(np.cumsum(found.room), signs, side="right")] = True
        self._one_by_one(found.codec, found.chosen[odd])
        return found.without(odd)

    def _compiled(self, codec: str, chosen: Offsets) -> Offsets:
        """Read some runs by a kernel; gives those that it leaves to the codec."""
        assert kernels
        starts = self.runs.bounds[chosen]
        sizes = self.runs.bounds[chosen + 1] - starts
        codes, lengths = np.empty(int(sizes.sum()), dtype=np.uint32), np.empty(len(chosen), dtype=np.int64)
        tables = (NO_TABLE, NO_TABLE.astype(np.uint32)) if codec == "utf-8" else returning(codec)
        used = kernels.read_runs(self.raw, starts, sizes, *tables, codes, lengths)
        read = lengths >= 0
        self.together.append(Together(codec, chosen[read], lengths[read], codes[:used], lengths[read]))
        left: Offsets = chosen[~read]
        return left

    def _joined(self, codec: str, chosen: Offsets) -> Together | NDArray[np.bool_] | None:
        """Some runs of one codec read together; which of them would not come back, None if not all can be read."""
        whole = np.frombuffer(self.raw, dtype=np.uint8)
        starts, stops = self.runs.bounds[chosen], self.runs.bounds[chosen + 1]
        sizes = stops - starts
        if codec == LOST:
            picked = self._picked(starts, sizes, chosen, end=-1)
            return Together(codec, chosen, sizes, picked + (picked >= 0x80) * np.uint32(ESCAPES), sizes)
        ended = bool((whole[stops - 1] == LF).all())
        picked = self._picked(starts, sizes, chosen, end=-1 if ended else LF)
        sizes = sizes + (not ended)
        buffer = picked.tobytes()
        try:
            text = buffer.decode(codec)
        except UnicodeError:
            return None
        back = buffer if codec == "utf-8" else text.encode(codec, "replace")
        if back != buffer:
            other = np.frombuffer(back, dtype=np.uint8)
            same_size = len(other) == len(picked)
            return np.logical_or.reduceat(other != picked, np.cumsum(sizes) - sizes) if same_size else None
        if self.plain.get(codec):
            plain = with_big5_signs(text) if codec == "cp950" else text
            self.plain[codec] = reads_alike(buffer, LABELS[codec], plain)
            codec, text = (LABELS[codec], plain) if self.plain[codec] else (codec, text)
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        lengths = _lengths(picked, sizes, codes)
        return None if lengths is None else Together(codec, chosen, lengths - (not ended), codes, lengths)

    def _picked(self, starts: Offsets, sizes: Offsets, chosen: Offsets, end: int) -> NDArray[np.uint8]:
        """The bytes of some runs, one behind another, each ended by a byte of that value unless it is negative."""
        if kernels:
            out = np.empty(int(sizes.sum()) + len(sizes) * (end >= 0), dtype=np.uint8)
            kernels.gather(self.raw, starts, sizes, np.array([end], dtype=np.int64), out)
            return out
        wanted = np.zeros(len(self.runs), dtype=bool)
        wanted[chosen] = True
        mask = np.repeat(wanted, np.diff(self.runs.bounds))
        picked = np.frombuffer(self.raw, dtype=np.uint8)[self.runs.bounds[0] :][mask]
        return picked if end < 0 else np.insert(picked, np.cumsum(sizes), np.uint8(end))


def _lengths(picked: NDArray[np.uint8], sizes: Offsets, codes: Codes) -> Offsets | None:
    """How many of the code points come of each part of the bytes, told by line feeds, one of which ends each; None where they do not fit."""
    if kernels:
        lengths = np.empty(len(sizes), dtype=np.int64)
        return lengths if kernels.part_lengths(picked, sizes, codes, lengths) == 0 else None
    breaks = np.add.reduceat(picked == LF, np.cumsum(sizes) - sizes, dtype=np.int64)
    stops = np.flatnonzero(codes == LF)
    last = np.cumsum(breaks) - 1
    return np.diff(stops[last], prepend=-1) if last[-1] == len(stops) - 1 else None


def assemble(raw: bytes, runs: ByteRuns) -> Decoded:
    """Text out of byte runs; what a codec does not take, or would not give back, becomes a run of its own."""
    bench = Bench(raw, runs)
    for kind, codec in enumerate(runs.names):
        bench.read(codec, np.flatnonzero(runs.kinds == kind))
    names = {
        name: at for at, name in enumerate(dict.fromkeys([*(group.codec for group in bench.together), *_named(bench)]))
    }
    counts = np.ones(len(runs), dtype=np.int64)
    for number, pieces in bench.single.items():
        counts[number] = len(pieces)
    places = np.cumsum(counts) - counts  # of each run's first piece
    kinds, lengths, starts = np.zeros((3, int(counts.sum())), dtype=np.int64)
    for group in bench.together:
        at = places[group.chosen]
        kinds[at], lengths[at], starts[at] = names[group.codec], group.lengths, runs.bounds[group.chosen]
    for number, pieces in bench.single.items():
        for place, (first, _, name, text) in enumerate(pieces, int(places[number])):
            kinds[place], lengths[place], starts[place] = names[name], len(text), first
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
    for group in bench.together:
        mine, stops = places[group.chosen], np.cumsum(group.room)
        if kernels:
            kernels.spread(group.codes, stops - group.room, ends[mine] - lengths[mine], lengths[mine], codes)
            continue
        wanted = np.zeros(len(lengths), dtype=bool)
        wanted[mine] = True
        kept = np.ones(len(group.codes), dtype=bool)
        kept[stops[group.room > group.lengths] - 1] = False  # breaks put behind runs
        codes[np.repeat(wanted, lengths)] = group.codes[kept]
    for number in singles:
        text = "".join([piece[3] for piece in bench.single[number]])
        start = int(ends[places[number]] - lengths[places[number]])
        codes[start : start + len(text)] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
