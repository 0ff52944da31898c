"""The cutting of misread characters by a compiled kernel: what it is handed, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from struct import Struct
from threading import Lock
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.model import Codes
from audit.restore.codecs import DOUBLE, EURO, LOST, TABLES, WIDER, bytes_each
from audit.restore.codemaps import others
from audit.restore.fluency import rarity
from audit.restore.signs import strange
from audit.restore.slots import Path, Pattern, Slot

# As in audit/native/cuts.h.
MOST_OPTIONS, MOST_BYTES = 6, 4
CELL = Struct("=6h2i")
UNKNOWN, WORD = -1, -2
MOST_ALONE = 3  # bytes
MARKS = LOST, "?"
LAST = "\uffff"  # the tables' last code point, which stands for all beyond
Options = tuple[tuple[Pattern, float], ...]
Told = tuple[bytes, int]
Asked = Callable[[str, str], Options]  # of a character and the one behind it


def several(char: str, read: str) -> bool:
    """Whether a reader shows several byte strings so."""
    return (char == EURO and read == "gbk") or (read in DOUBLE and char in others(read))


class Sets:
    """What every damaged character may stand for: sets of byte strings with their costs, each numbered once."""

    def __init__(self) -> None:
        self.patterns = np.zeros((256, MOST_OPTIONS, MOST_BYTES), dtype=np.int16)
        self.sizes = np.zeros((256, MOST_OPTIONS), dtype=np.uint8)
        self.costs = np.zeros((256, MOST_OPTIONS))
        self.numbers: dict[Options, int] = {}
        self.lock = Lock()
        self.tables: dict[str, NDArray[np.int32]] = {}

    def number(self, options: Options) -> int:
        """The number of a set; raises ValueError where the kernel has no room for it."""
        known = self.numbers.get(options)
        if known is not None:
            return known
        with self.lock:
            if options in self.numbers:
                return self.numbers[options]
            if len(options) > MOST_OPTIONS or any(len(data) > MOST_BYTES for data, _ in options):
                message = "more bytes than any codec has"
                raise ValueError(message)
            new = len(self.numbers)
            if new == len(self.sizes):
                self.patterns, self.sizes, self.costs = (
                    np.concatenate([old, np.zeros_like(old)]) for old in (self.patterns, self.sizes, self.costs)
                )
            for at, (data, cost) in enumerate(options):
                self.patterns[new, at, : len(data)], self.sizes[new, at], self.costs[new, at] = data, len(data), cost
            self.numbers[options] = new
            return new

    def of(self, text: str, codes: Codes, read: str, options: Asked) -> NDArray[np.int32]:
        """The set of each character of a text with these code points; shape (n,). Those of loss marks depend on what follows.

        A character that stands for one string of bytes alone needs no set: it is `WORD` less the number that they are.
        """
        if read not in self.tables:
            self.tables[read] = np.full(65536, UNKNOWN, dtype=np.int32)
        table = self.tables[read]
        found = table.take(codes, mode="clip")
        unknown = (found == UNKNOWN).nonzero()[0].tolist()
        new = list(dict.fromkeys([text[at] for at in unknown if text[at] not in MARKS]))
        each = zip(new, bytes_each(new, read), strict=True)
        known = {char: self._one(char, data, read, options) for char, data in each}
        marks: dict[tuple[str, bool], int] = {}
        for at in unknown:
            char = text[at]
            if char in known:
                found[at] = known[char]
                if char < LAST:
                    table[codes[at]] = found[at]
                continue
            then = text[at + 1 : at + 2]  # half of the characters of some readers are loss marks
            key = char, then < "@"
            found[at] = marks[key] if key in marks else marks.setdefault(key, self.number(options(char, then)))
        return found

    def _one(self, char: str, data: bytes | None, read: str, options: Asked) -> int:
        """The set of a character with these bytes, or `WORD` less their number."""
        if data is None:
            return WORD
        if data == b"\0" or len(data) > MOST_ALONE or several(char, read):
            return self.number(options(char, ""))
        return WORD - int.from_bytes(data, "big")


@cache
def _sets() -> Sets:
    return Sets()


@cache
def _bits(written: str) -> NDArray[np.float64]:
    """Bits of each character by itself, negative where there is none: by code point of UTF-8, by pair of another codec; shape (65536,)."""
    bits = rarity().astype(np.float64)
    if written == "utf-8":
        return bits
    found = np.full(65536, -1.0)
    found[:128] = bits[:128]
    leads, trails = np.arange(0x81, 0xFF), np.array([byte for byte in range(0x40, 0xFF) if byte != 0x7F])
    pairs = (leads[:, None] << 8 | trails).ravel()
    data = np.stack([pairs >> 8, pairs & 0xFF, np.full_like(pairs, ord("\n"))], axis=1).astype(np.uint8).tobytes()
    tables = [TABLES.get(written, written), WIDER.get(written)]
    for table in reversed([one for one in tables if one]):
        shown = data.decode("gbk" if table == "gb18030" else table, "replace").encode("utf-32-le", "surrogatepass")
        codes = np.frombuffer(shown, dtype=np.uint32)
        ends = np.flatnonzero(codes == ord("\n"))
        char = codes[ends - 1]
        single = (np.diff(ends, prepend=-1) == 2) & (char != ord(LOST))
        found[pairs[single]] = bits.take(char[single], mode="clip")
    return found


class Window(NamedTuple):
    """A stretch of a text as the kernels read it: its code points, the set of each, whether it is ASCII, where it begins and ends."""

    codes: Codes
    sets: NDArray[np.int32]
    plain: NDArray[np.uint8]
    start: int
    end: int
    known: tuple[NDArray[np.int16], NDArray[np.uint8], NDArray[np.float64]]


def window(body: str, span: tuple[int, int], last: int, read: str, options: Asked) -> Window:
    """The window `span` of what a reader shows up to `last`."""
    known, (start, end) = _sets(), span
    text = body[start : min(end + 1, last)]
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)[: end - start]
    sets = known.of(text, codes, read, options)
    return Window(codes, sets, (codes < 0x80).view(np.uint8), start, end, (known.patterns, known.sizes, known.costs))


@lru_cache(maxsize=1 << 10)
def _modes(*modes: int) -> NDArray[np.int64]:
    return np.array(modes, dtype=np.int64)


def longest(
    kernels: ModuleType, seen: Window, at: int, written: str, *, drops: bool, most: int
) -> tuple[int, int, list[Told]]:
    """As `lattice.longest`, within a window: up to where it looked, where the run ends, and its ways for `path_of`."""
    off = at - seen.start
    tables = *seen.known, _bits(written), _modes(written == "utf-8", drops, most)
    looked, end, paths = kernels.cut_run(seen.sets[off:], seen.plain[off:], *tables)
    return at + looked, at + end, paths


def explain(
    kernels: ModuleType, seen: Window, span: tuple[int, int], written: str, *, drops: bool
) -> tuple[int, list[tuple[int, int, Path]]]:
    """As `lattice.explain`, within a window: up to where it looked, and the runs that begin in `span`."""
    start = seen.start
    modes = _modes(written == "utf-8", drops, span[0] - start, span[1] - start)
    looked, found = kernels.cut_runs(seen.sets, seen.plain, *seen.known, _bits(written), modes)
    return start + looked, [
        (start + at, start + end, path_of(cells, lost, start + at)) for at, end, (cells, lost) in found
    ]


def aligned(
    kernels: ModuleType, seen: Window, span: tuple[int, int], written: str, *, drops: bool
) -> tuple[int, list[tuple[Path, int, int]]]:
    """As `runs.aligned`, within a window: up to where it looked, and the richest ways, each with its first and last character.

    `span` is the cluster.
    """
    start = seen.start
    odd = strange().take(seen.codes, mode="clip") > 0
    stood = rarity().take(seen.codes, mode="clip").astype(np.float64)
    modes = _modes(written == "utf-8", drops, span[0] - start, span[1] - start)
    looked, found = kernels.align_runs(seen.sets, seen.plain, *seen.known, _bits(written), odd, stood, modes)
    return start + looked, [(path_of(cells, lost, start + at), first, last) for at, first, last, (cells, lost) in found]


def path_of(cells: bytes, lost: int, at: int) -> Path:
    """A way to cut the characters from `at` on."""
    make = tuple.__new__  # half of a named tuple's price; a page has tens of thousands
    each = CELL.iter_unpack(cells)
    return Path(tuple([make(Slot, (one[: one[4]], one[6] + at, one[7] + at, one[5])) for one in each]), lost)
