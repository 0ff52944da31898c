"""Where to look for text read with the wrong codec: one look-up per character, then work on the few clusters it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import fold
from audit.language.spots import narrow
from audit.model import Codes, Offsets, Text
from audit.native import kernels
from audit.restore.codecs import Channel
from audit.restore.codemaps import CODECS, FIRST, NEXT, follows, phases, respelled
from audit.restore.fluency import rarity
from audit.restore.signs import HAN, LETTER, SIGN, Signs, signs, strange

MAX_REACH = 5  # a cluster's strange characters stand at most this far apart
PAD = 3
CONVERTED = Channel("utf-8", "gbk", converted=True)
RESPELT = tuple(  # of Big5 read as EUC-JP no page is known
    Channel(written, read)
    for read in ("big5", "gbk", "euc_kr", "euc_jp")
    for written in ("gbk", "big5")
    if written != read and (written, read) != ("big5", "euc_jp")
)
LETTERED = tuple(Channel("", kind) for kind in ("letters", "shift_jis", "lost"))
CHANNELS = (*(Channel("utf-8", read) for read in CODECS), CONVERTED, *RESPELT, *LETTERED)
KINDS = (0, 6, 2), (6, 11, 3), (11, 14, 3)  # of channels: first, past the last, how many may explain a cluster
GAIN_BITS = 3.5  # what a respelling must save on one character beside loss marks
FOUR_BITS = 19.0  # and on four in a row: runs of GBK read as Big5 save 20 and more
SLACK = 0.01  # bits by which sums may be rounded
FIRST_GBK = 0b100001  # of `chains`: `FIRST` of UTF-8 read as GBK, converted or not
MANY = 4  # letters of a one-byte codec that need not stand side by side


class Cluster(NamedTuple):
    """A stretch with strange characters, and the channels that may explain it; offsets of the text."""

    start: int
    end: int
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class _Grouped:
    """Clusters as arrays; `counts` says how many characters are strange, `window` holds their characters one after the other, `owner` the cluster of each."""

    starts: Offsets
    ends: Offsets
    counts: Offsets
    window: Codes
    owner: Offsets


def clusters(text: Text) -> list[Cluster]:
    """The stretches of a text that some channel may explain."""
    found = signs(text)
    if kernels is not None:
        return _compiled(text, found)
    odd = (found.kinds & (HAN | SIGN | LETTER)) > 0
    if not odd.any():
        return []
    grouped = _group(text, found.at[odd], found.kinds[odd])
    likely = _likely(grouped)
    return _explained(_only(grouped, likely)) if likely.any() else []


def _group(text: Text, places: Offsets, odd: NDArray[np.uint8]) -> _Grouped:
    """Neighbouring strange characters of one line, with `PAD` characters to either side."""
    lines = text.line_starts.searchsorted(places, side="right")
    apart = np.flatnonzero((np.diff(places) > MAX_REACH) | (np.diff(lines) > 0)) + 1
    firsts = np.concatenate([[0], apart])
    lasts = np.concatenate([apart, [len(places)]])
    kinds = np.bitwise_or.reduceat(odd, firsts)
    counts = lasts - firsts
    keep = (counts >= 2) | (kinds == HAN)
    firsts, lasts, counts = firsts[keep], lasts[keep], counts[keep]
    line = lines[firsts] - 1
    starts = np.maximum(places[firsts] - PAD, text.line_starts[line])
    ends = np.minimum(places[lasts - 1] + 1 + PAD, text.line_ends[line])
    sizes = ends - starts
    owner = np.repeat(np.arange(len(starts)), sizes)
    offsets = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(starts, sizes)
    return _Grouped(starts, ends, counts, text.codes[offsets], owner)


def _only(grouped: _Grouped, keep: NDArray[np.bool_]) -> _Grouped:
    """Some of the clusters."""
    inside = keep[grouped.owner]
    owner = (np.cumsum(keep) - 1)[grouped.owner[inside]]
    return _Grouped(grouped.starts[keep], grouped.ends[keep], grouped.counts[keep], grouped.window[inside], owner)


def _likely(grouped: _Grouped) -> NDArray[np.bool_]:
    """Clusters that `_explained` may explain, by all channels at once: in clean prose one in 30; shape (clusters,)."""
    owner, small, size = grouped.owner, np.minimum(grouped.window, 0xFFFF), len(grouped.starts)
    phase, successors = (table.take(small) for table in chains())
    phased = phase[1:] & successors[:-1]
    fits = (phased | phased >> 8 | phased >> 16 | phased >> 24) & 0xFF  # a bit for each channel
    three = ((fits[:-1] & fits[1:]) > 0) & (owner[2:] == owner[:-2])
    keep = np.zeros(size, dtype=bool)
    keep[owner[:-2][three]] = True
    keep |= np.bincount(owner[(phase & FIRST_GBK) > 0], minlength=size) >= 2
    keep &= grouped.counts >= 2
    most = np.concatenate([most_saved().take(small), np.zeros(3, dtype=np.float32)])
    four = most[:-3] + most[1:-2] + most[2:-1] + most[3:]
    keep[owner[four > FOUR_BITS - SLACK]] = True
    keep[owner[((strange().take(small) & (SIGN | LETTER)) > 0) | (small == ord("?"))]] = True
    keep |= np.bincount(owner[(small > 0xA0) & (small < 0x100)], minlength=size) >= MANY
    return keep


@cache
def chains() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """How each character lies on UTF-8, and what may follow it: 8 bits for each phase, one for each channel; shapes (65536,)."""
    here, behind = np.zeros(65536, dtype=np.uint32), np.zeros(65536, dtype=np.uint32)
    tables = [phases(read) for read in CODECS] + [phases("gbk").take(fold(np.arange(65536, dtype=np.uint32)))]
    for number, table in enumerate(tables):
        for phase, successors in NEXT.items():
            here[table == phase] |= np.uint32(1 << 8 * (phase - FIRST) + number)
            for successor in successors:
                behind[table == phase] |= np.uint32(1 << 8 * (successor - FIRST) + number)
    return here, behind


@cache
def most_saved() -> NDArray[np.float32]:
    """What each character saves at most when a two-byte codec reads its bytes; shape (65536,)."""
    return np.max([saved(channel) for channel in RESPELT], axis=0)  # type: ignore[no-any-return]


@cache
def saved(channel: Channel) -> NDArray[np.float32]:
    """Bits that each character saves when its bytes are read with the codec they were written in; shape (65536,)."""
    others = respelled(channel.read, channel.written)
    return np.where(others > 0, rarity() - rarity().take(others), 0).astype(np.float32)


@cache
def _every_saved() -> NDArray[np.float32]:
    """`saved` of each channel of `RESPELT`; shape (channels, 65536)."""
    return np.stack([saved(channel) for channel in RESPELT])


Strengths = list[tuple[Channel, NDArray[np.float64]]]


def _explained(grouped: _Grouped) -> list[Cluster]:
    """The clusters with the channels that may explain them."""
    every = [strong for kind in (_as_utf8, _respelt, _lettered) for _, strong in kind(grouped)]
    return _told(grouped.starts, grouped.ends, np.stack(every, axis=1))


def _told(starts: Offsets, ends: Offsets, strengths: NDArray[np.float64]) -> list[Cluster]:
    """The clusters that some channel may explain, with the strongest of each kind; shape of strengths (clusters, channels)."""
    found: dict[int, list[int]] = {}
    for cluster, number in zip(*(axis.tolist() for axis in strengths.nonzero()), strict=True):
        found.setdefault(cluster, []).append(number)
    bounds = list(zip(starts.tolist(), ends.tolist(), strict=True))
    return [Cluster(*bounds[cluster], _strongest(some, strengths[cluster])) for cluster, some in found.items()]


def _strongest(some: list[int], strengths: NDArray[np.float64]) -> tuple[Channel, ...]:
    """The strongest channels of each kind, of those with these numbers."""
    if len(some) == 1:
        return (CHANNELS[some[0]],)
    ordered = sorted(some, key=lambda number: -strengths[number])
    kinds = ([number for number in ordered if first <= number < last][:most] for first, last, most in KINDS)
    return tuple(CHANNELS[number] for kind in kinds for number in kind)


def _compiled(text: Text, found: Signs) -> list[Cluster]:
    """The same as `_explained` of all clusters, by a kernel."""
    size = len(found.at)
    starts, ends, strengths = np.empty(size, np.int64), np.empty(size, np.int64), np.empty((size, len(CHANNELS)))
    tables = *chains(), most_saved(), _every_saved(), strange()
    lines = text.line_starts, text.line_ends
    size = kernels.clusters(*found, *lines, narrow(text), *tables, starts, ends, strengths)  # type: ignore[union-attr]
    return _told(starts[:size], ends[:size], strengths[:size])


def _as_utf8(grouped: _Grouped) -> Strengths:
    """Clusters of which three characters in a row are the bytes of UTF-8, read by a two-byte codec; fewer beside loss marks."""
    found: Strengths = []
    small = np.minimum(grouped.window, 0xFFFF)
    together = grouped.owner[1:] == grouped.owner[:-1]
    size = len(grouped.starts)
    marks = np.bincount(grouped.owner, weights=np.isin(grouped.window, (0xFFFD, 0x3F)), minlength=size)
    for channel in (*(Channel("utf-8", read) for read in CODECS), CONVERTED):
        phase = phases(channel.read).take(fold(small) if channel is CONVERTED else small)
        fits = follows()[phase[:-1], phase[1:]] & together
        three = np.bincount(grouped.owner[:-2][fits[:-1] & fits[1:]], minlength=size) > 0
        two = np.bincount(grouped.owner[:-1][fits], minlength=size)
        one = np.bincount(grouped.owner, weights=phase > 0, minlength=size) > 0
        keep = three | ((two > 0) & (marks >= 1)) | (one & (marks >= 2))
        if channel.read == "gbk":  # where pairs vanished, what is left no longer follows
            some = np.bincount(grouped.owner, weights=phase > 0, minlength=size)
            keep |= (some >= 4) & (np.bincount(grouped.owner, weights=phase == FIRST, minlength=size) >= 2)
        keep &= grouped.counts >= 2
        found.append((channel, np.where(keep, two + 1.0, 0.0)))
    plain, converted = found[0][1], found[-1][1]
    found[-1] = (CONVERTED, np.where(converted > plain, 1e6, 0.0))  # told apart by what folding adds
    return found


def _respelt(grouped: _Grouped) -> Strengths:
    """Clusters of which four characters in a row become common ones when another two-byte codec reads their bytes."""
    found: Strengths = []
    small = np.minimum(grouped.window, 0xFFFF)
    size = len(grouped.starts)
    marks = np.bincount(grouped.owner, weights=grouped.window == 0xFFFD, minlength=size) >= 1
    for channel in RESPELT:
        gains = saved(channel).take(small)
        most = _best_of(gains, grouped.owner, size)
        good = np.bincount(grouped.owner, weights=gains > GAIN_BITS, minlength=size)
        keep = (most >= FOUR_BITS) | ((good >= 1) & marks)
        found.append((channel, np.where(keep, most + 1.0, 0.0)))
    return found


def _best_of(gains: NDArray[np.float32], owner: Offsets, size: int) -> NDArray[np.float64]:
    """The most that four neighbours of one cluster save together; shape (size,)."""
    total = gains.astype(np.float64)
    for step in (1, 2, 3):
        total[:-step] += np.where(owner[step:] == owner[:-step], gains[step:], 0)
    most = np.zeros(size)
    np.maximum.at(most, owner, total)
    return most


def _lettered(grouped: _Grouped) -> Strengths:
    """Clusters with letters of one-byte codecs side by side."""
    letters = ((strange().take(np.minimum(grouped.window, 0xFFFF)) & LETTER) > 0) & (grouped.window != 0xA0)
    pairs = letters[1:] & letters[:-1] & (grouped.owner[1:] == grouped.owner[:-1])
    size = len(grouped.starts)
    beside = np.bincount(grouped.owner[1:][pairs], minlength=size) >= 1
    letters |= (grouped.window > 0xA0) & (grouped.window < 0x100)
    beside |= np.bincount(grouped.owner, weights=letters, minlength=size) >= MANY
    half = (grouped.window >= 0xFF61) & (grouped.window <= 0xFF9F)
    kana = np.bincount(grouped.owner, weights=half, minlength=size) >= 1
    lost = np.bincount(grouped.owner, weights=grouped.window == 0xFFFD, minlength=size) >= 2
    return [(channel, told.astype(np.float64)) for channel, told in zip(LETTERED, (beside, kana, lost), strict=True)]
