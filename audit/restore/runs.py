"""Where misread bytes begin and end: the stretches about a cluster that another codec's characters explain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from audit.native import kernels
from audit.restore import cuts
from audit.restore.codecs import DOUBLE, LOST, SINGLE, Channel
from audit.restore.fluency import rarity
from audit.restore.lattice import AHEAD, Mode, View, explain, longest, may_open
from audit.restore.signs import strange
from audit.restore.slots import Path, Pattern, Slot, pair_written
from audit.restore.suspects import Cluster

REACH_BACK = 12  # a run may begin with this many characters that are not strange by themselves
MAX_STARTS = 8
LONG_GAIN = 2000.0  # bits: two hundred characters that read well need no other beginning
ALIGNMENTS = 2  # ways to pair the bytes of one stretch that are looked at
HOLE_BITS = 14.0  # a character of prose has 10 or 11
NO_CHARACTER_BITS = 40.0
OVER_BITS = 4.0  # that half a damaged character more than the damage costs beside its bits
DROPPING = Channel("utf-8", "gbk")  # the one channel of which pages without loss marks are known
WRITTEN = ("utf-8", "gbk", "big5")


class Run(NamedTuple):
    """Characters `slots[first:last]` that explain a damaged stretch, and their neighbours, which may."""

    slots: tuple[Slot, ...]
    first: int
    last: int
    channel: Channel
    mode: Mode
    sure: bool = True  # no other border reads as well

    @property
    def start(self) -> int:
        """Where the damage begins."""
        return self.slots[self.first].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.slots[self.last - 1].end

    @property
    def kept(self) -> tuple[Slot, ...]:
        """The characters themselves."""
        return self.slots[self.first : self.last]

    @property
    def path(self) -> Path:
        """The characters as a path."""
        kept = self.kept
        return Path(kept, sum(slot.lost for slot in kept))


@lru_cache(maxsize=1 << 16)
def is_strange(char: str) -> int:
    """What is strange about a character."""
    return int(strange()[min(ord(char), 0xFFFF)])


def single_bits(text: str) -> float:
    """Bits of the characters one by one."""
    return sum(map(_bits_of, text))


@lru_cache(maxsize=1 << 16)
def _bits_of(char: str) -> float:
    return float(rarity()[min(ord(char), 0xFFFF)])


def modes(body: str, cluster: Cluster, low: int, high: int) -> Iterator[Mode]:
    """The ways in which bytes of a cluster may have been lost; `low:high` is what is looked at of its line."""
    yield Mode.MARKS
    near = body[max(low, cluster.start - 8) : min(high, cluster.end + 8)]
    if LOST in near or "?" in near:
        yield Mode.PAIRS
    if LOST not in near and DROPPING in cluster.channels:
        yield Mode.DROPS


def runs(body: str, cluster: Cluster, low: int, high: int, mode: Mode, views: dict[str, View]) -> Iterator[Run]:
    """The runs that a cluster's channels make of the line `low:high`; `views` holds what was looked at of it in this mode, by reader."""
    back = max(low, cluster.start - REACH_BACK)
    for channel in channels(cluster):
        if mode is not Mode.MARKS and channel.read not in DOUBLE:
            continue
        if mode is Mode.DROPS and channel != DROPPING:
            continue
        view = views.get(channel.read) or views.setdefault(channel.read, View(body, low, high, channel.read, mode))
        if channel.written != "utf-8":
            yield from _aligned(cluster, view, channel)
            continue
        for start, end, whole in explain(view, (back, cluster.end), channel.written):
            yield from _wide(cluster, view, channel, _ways(view, start, end, whole, channel))


def _ways(view: View, start: int, end: int, path: Path, channel: Channel) -> Iterator[Path]:
    """A way to cut a run, and one that leaves out what may be clean behind its last strange character."""
    yield path
    last = end
    while last > start and not is_strange(view.body[last - 1]) and view.body[last - 1] != "?":
        last -= 1
    if start < last < end and view.mode is not Mode.MARKS and channel.read in DOUBLE:
        shorter = longest(View(view.body, start, last, view.read, view.mode), start, channel.written, 1)
        if shorter is None or shorter[0] < last:
            return
        (least, *_) = shorter[1]
        if view.mode is Mode.PAIRS or least.lost <= path.lost:
            yield least


def _wide(cluster: Cluster, view: View, channel: Channel, paths: Iterator[Path]) -> Iterator[Run]:
    """The runs of these ways that hold characters of three bytes, or letters."""
    for path in paths:
        three = [number for number, slot in enumerate(path.slots) if len(slot.bytes) > 2]
        if path.slots[-1].end <= cluster.start or not (three or channel.read in SINGLE):
            continue
        whole = channel.read in SINGLE  # two-byte characters at the ends of others are there by chance
        first, last = (0, len(path.slots)) if whole else (three[0], three[-1] + 1)
        yield Run(path.slots, first, last, channel, view.mode)


def channels(cluster: Cluster) -> Iterator[Channel]:
    """The channels of a cluster, those of one kind spelled out."""
    for channel in cluster.channels:
        if channel.converted:
            continue
        if channel.written:
            yield channel
        elif channel.read != "lost":
            for read in SINGLE if channel.read == "letters" else (channel.read,):
                yield from (Channel(written, read) for written in WRITTEN)


def _aligned(cluster: Cluster, view: View, channel: Channel) -> Iterator[Run]:
    """The stretches that gain most when their bytes are cut into a two-byte codec's characters."""
    if kernels is None:
        return _slowly_aligned(cluster, view, channel)
    first = max(view.start, cluster.start - REACH_BACK)
    ahead = cluster.end - first + AHEAD
    while True:
        seen = view.seen(first, ahead)
        span = cluster.start, cluster.end
        looked, found = cuts.aligned(kernels, seen, span, channel.written, drops=view.mode is Mode.DROPS)
        if looked < seen.end or seen.end == view.end:
            return iter([Run(path.slots, start, end, channel, view.mode) for path, start, end in found])
        ahead *= 4


def _slowly_aligned(cluster: Cluster, view: View, channel: Channel) -> Iterator[Run]:
    """The same without a compiler."""
    body = view.body
    found: list[tuple[float, int, Run]] = []
    seen: set[int] = set()
    for start in _starts(body, cluster, view.start, channel):
        opens = start not in seen and may_open(body[start], channel)
        whole = longest(view, start, channel.written, 1) if opens else None
        if whole is None:
            continue
        slots = whole[1][0].slots
        seen.update(slot.start for slot in slots)
        gain, first, last = _richest(body, slots, channel.written)
        if gain > 0:
            found.append((-gain, start, Run(slots, first, last, channel, view.mode)))
        if gain > LONG_GAIN:
            break
    yield from (run for _, _, run in sorted(found, key=lambda item: item[:2])[:ALIGNMENTS])


def _starts(body: str, cluster: Cluster, low: int, channel: Channel) -> Iterator[int]:
    """Where a run may begin: up to its first strange characters, those that the reader can show."""
    odd = [at for at in range(cluster.start, cluster.end) if is_strange(body[at]) and may_open(body[at], channel)]
    reach = 0
    for at in odd[:MAX_STARTS]:
        yield from range(max(low, at - REACH_BACK, reach), at + 1)
        reach = at + 1


def _richest(body: str, slots: Sequence[Slot], written: str) -> tuple[float, int, int]:
    """The stretch of a run that gains most in bits of single characters: its gain, first and last character."""
    best = (0.0, 0, 0)
    total, first, seen = 0.0, 0, slots[0].start
    for number, slot in enumerate(slots):
        if total <= 0:
            total, first = 0.0, number
        total += single_bits(body[max(seen, slot.start) : slot.end]) - _slot_bits(slot, written)
        seen = slot.end
        if total > best[0] and len(slot.bytes) > 1:
            best = total, first, number + 1
    return best


def _slot_bits(slot: Slot, written: str) -> float:
    return HOLE_BITS if slot.lost else _known_bits(slot.bytes, written)


@lru_cache(maxsize=1 << 16)
def _known_bits(pattern: Pattern, written: str) -> float:
    char = pair_written(pattern, written)
    return single_bits(char) if char else NO_CHARACTER_BITS


def gain_of(body: str, run: Run) -> float:
    """Bits of single characters that a run saves; what else its last damaged character stands for counts against it."""
    over = sum(
        _slot_bits(slot, run.channel.written) + OVER_BITS for slot in run.slots[run.last :][:2] if slot.start < run.end
    )
    saved = single_bits(body[run.start : run.end]) - sum(_slot_bits(slot, run.channel.written) for slot in run.kept)
    return saved - over
