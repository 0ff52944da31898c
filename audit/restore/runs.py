"""Where misread bytes begin and end: the stretches about a cluster that another codec's characters explain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from audit.restore.codecs import DOUBLE, LOST, SINGLE, Channel, bytes_of
from audit.restore.fluency import bits_each, rarity
from audit.restore.lattice import Mode, Path, Slot, explain, longest, may_open, pair_written, path_of
from audit.restore.signs import LETTER, strange
from audit.restore.suspects import Cluster

REACH_BACK = 12  # a run may begin with this many characters that are not strange by themselves
MAX_STARTS = 8
LONG_GAIN = 2000.0  # bits: two hundred characters that read well need no other beginning
ALIGNMENTS = 2  # ways to pair the bytes of one stretch that are looked at
BORDER = 3  # characters by which the language model may move a border
CHANGE_BITS = 1.0  # what the model must save on each further character that is changed
MARK_BITS = 14.0  # that U+FFFD costs more than a character of prose
SURE_BORDER = 8.0  # bits by which a border must be better than any other for a safe repair
COMMON_BITS = 15.0  # a last character so common may be clean, and have lent its bytes to one cut short
LENT_BITS = 6.0  # that a character made of an ordinary mark and a letter must save
HOLE_BITS = 14.0  # a character of prose has 10 or 11
NO_CHARACTER_BITS = 40.0
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
        return path_of(self.kept)


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


def runs(body: str, cluster: Cluster, low: int, high: int, mode: Mode) -> Iterator[Run]:
    """The runs that a cluster's channels make of the line `low:high`."""
    back = max(low, cluster.start - REACH_BACK)
    for channel in channels(cluster):
        if mode is not Mode.MARKS and channel.read not in DOUBLE:
            continue
        if mode is Mode.DROPS and channel != DROPPING:
            continue
        if channel.written != "utf-8":
            yield from _aligned(body, cluster, low, high, channel, mode)
            continue
        for _, end, (path, *_) in explain(body, (back, cluster.end), high, channel, mode):
            three = [number for number, slot in enumerate(path.slots) if len(slot.bytes) > 2]
            if end <= cluster.start or not (three or channel.read in SINGLE):
                continue
            whole = channel.read in SINGLE  # two-byte characters at the ends of others are there by chance
            first, last = (0, len(path.slots)) if whole else (three[0], three[-1] + 1)
            yield Run(path.slots, first, last, channel, mode)


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


def _aligned(body: str, cluster: Cluster, low: int, high: int, channel: Channel, mode: Mode) -> Iterator[Run]:
    """The stretches that gain most when their bytes are cut into a two-byte codec's characters."""
    found: list[tuple[float, int, Run]] = []
    seen: set[int] = set()
    for start in _starts(body, cluster, low, channel):
        whole = (
            longest(body, start, high, channel, mode) if start not in seen and may_open(body[start], channel) else None
        )
        if whole is None:
            continue
        slots = whole[1][0].slots
        seen.update(slot.start for slot in slots)
        gain, first, last = _richest(body, slots, channel.written)
        if gain > 0:
            found.append((-gain, start, Run(slots, first, last, channel, mode)))
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
    if slot.lost:
        return HOLE_BITS
    char = pair_written(slot.bytes, written)
    return single_bits(char) if char else NO_CHARACTER_BITS


def gain_of(body: str, run: Run) -> float:
    """Bits of single characters that a run saves."""
    return single_bits(body[run.start : run.end]) - sum(_slot_bits(slot, run.channel.written) for slot in run.kept)


def bordered(body: str, run: Run) -> Run:
    """The run with its borders where the whole reads best; `sure` if no other border comes near."""
    if run.channel.read in SINGLE:
        return run._replace(sure=not (ragged(body, run) or _borrowed(body, run)))
    low, high = max(0, run.first - BORDER), min(len(run.slots), run.last + BORDER)
    while run.channel.written == "utf-8" and low < run.first and len(run.slots[low].bytes) == 2:
        low += 1
    while run.channel.written == "utf-8" and high > run.last and len(run.slots[high - 1].bytes) == 2:
        high -= 1
    near = run.slots[low:high]
    ends = list(_borders(run, low, high))
    if not ends:
        return run._replace(sure=False)
    given = [pair_written(slot.bytes, run.channel.written) or LOST for slot in near]
    edges = [near[0].start, *(slot.end for slot in near)]
    stands = [body[max(slot.start, edge) : slot.end] for slot, edge in zip(near, edges, strict=False)]
    left, right = body[max(0, near[0].start - 2) : near[0].start], body[near[-1].end : near[-1].end + 2]
    texts = [left + "".join((*stands[:start], *given[start:end], *stands[end:])) + right for start, end in ends]
    lost = np.cumsum([0, *(slot.lost > 0 for slot in near)])
    bits = bits_each(texts) + [
        CHANGE_BITS * (end - start) - MARK_BITS * float(lost[end] - lost[start]) for start, end in ends
    ]
    order = np.argsort(bits, kind="stable")
    rival = next((bits[other] for other in order[1:] if texts[other] != texts[order[0]]), np.inf)
    start, end = ends[int(order[0])]
    moved = _unmoved(body, run._replace(first=low + start, last=low + end))
    return moved._replace(sure=bool(rival - bits[order[0]] >= SURE_BORDER) and not ragged(body, moved))


def _borders(run: Run, low: int, high: int) -> Iterator[tuple[int, int]]:
    """First and last characters within reach, as offsets from `low`; no damaged character is cut in two."""

    def parts(at: int) -> bool:
        return not 0 < at < len(run.slots) or run.slots[at - 1].end <= run.slots[at].start

    for first in range(low, min(run.first + BORDER, run.last - 1) + 1):
        for last in range(max(first + 1, run.last - BORDER), high + 1):
            if parts(first) and parts(last):
                yield first - low, last - low


def _unmoved(body: str, run: Run) -> Run:
    """The run without characters at its ends that two codecs share."""

    def shared(slot: Slot) -> bool:
        return pair_written(slot.bytes, run.channel.written) == body[slot.start : slot.end]

    first, last = run.first, run.last
    while first + 1 < last and shared(run.slots[first]):
        first += 1
    while first + 1 < last and shared(run.slots[last - 1]):
        last -= 1
    return run._replace(first=first, last=last)


def _borrowed(body: str, run: Run) -> bool:
    """Whether a run may end before a character made of an ordinary mark and an ASCII one, as `“P` is: they may stand as they are."""
    last = run.kept[-1]
    shown, right = body[last.start : last.end], body[last.end : last.end + 2]
    if len(shown) != 2 or shown[0].isascii() or is_strange(shown[0]) or not shown[1].isascii() or len(run.kept) < 2:
        return False
    before, char = (pair_written(slot.bytes, run.channel.written) or LOST for slot in run.kept[-2:])
    made, stands = bits_each([before + char + right, before + shown + right], len(before))
    return bool(made > stands - LENT_BITS)


def ragged(body: str, run: Run) -> bool:
    """Whether damage seems to go on beside a run."""
    beside = body[max(run.start - 1, 0) : run.start] + body[run.end : run.end + 1]
    if run.channel.read in SINGLE:
        odd = [char for char in beside if is_strange(char) & LETTER or ("\xa1" <= char <= "\xff" and char != "·")]
        return LOST in beside or any(bytes_of(char, run.channel.read) is not None for char in odd)
    if run.channel.written == "utf-8" and single_bits(body[run.end - 1]) < COMMON_BITS:
        return True
    return any(char in (LOST, "?") or (is_strange(char) and may_open(char, run.channel)) for char in beside)
