"""Where to look for text read with the wrong codec: one look-up per character, then work on the few clusters it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import fold
from audit.model import Codes, Offsets, Text
from audit.restore.codecs import Channel
from audit.restore.codemaps import CODECS, FIRST, follows, phases, respelled
from audit.restore.fluency import rarity

# Han characters rarer than this are strange. Clean prose has 2 to 27 of them in 1,000 characters (classical verse 60);
# of UTF-8 read as GBK and of GBK read as Big5 more than half are such.
RARE_BITS = 16.0
MAX_REACH = 5  # a cluster's strange characters stand at most this far apart
PAD = 3
HAN, SIGN, LETTER = 1, 2, 4
CONVERTED = Channel("utf-8", "gbk", converted=True)
GAIN_BITS = 3.5  # what a respelling must save on one character beside loss marks
FOUR_BITS = 19.0  # and on four in a row: runs of GBK read as Big5 save 20 and more


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


@cache
def strange() -> NDArray[np.uint8]:
    """What is strange about each character: `HAN` a rare one, `SIGN` of a script or area that Chinese text has not, `LETTER` of a one-byte codec."""
    found = np.zeros(65536, dtype=np.uint8)
    rare = rarity() >= RARE_BITS
    for first, last, kind in (
        (0x80, 0x24F, LETTER),
        (0x250, 0x36F, SIGN | LETTER),
        (0x370, 0x45F, LETTER),
        (0x460, 0x7FF, SIGN | LETTER),
        (0x2018, 0x203A, LETTER),
        (0x20A0, 0x22FF, LETTER),
        (0x2310, 0x25CA, LETTER),
        (0xF8FF, 0xF8FF, LETTER),
        (0xFB01, 0xFB02, LETTER),
        (0x3100, 0x312F, SIGN),
        (0xAC00, 0xD7A3, SIGN),
        (0xE000, 0xF8FE, SIGN),
        (0xFF61, 0xFF9F, SIGN),
        (0xFFFD, 0xFFFD, SIGN),
        (0x2E80, 0x2FDF, HAN),
        (0x3400, 0x9FFF, HAN),
        (0xF900, 0xFAFF, HAN),
    ):
        part = slice(first, last + 1)
        found[part] = np.where(rare[part] | (kind != HAN), kind, 0)
    for char in ORDINARY:
        found[ord(char)] = 0
    found[ord("\N{EURO SIGN}")] = SIGN | LETTER
    return found


ORDINARY = "·×÷°±§«»“”‘’…—–‰→←↑↓∶≤≥≠√∑∏①②③④⑤⑥⑦⑧⑨⑩─│┌┐└┘├┤┬┴┼■□▲△●○★☆◆◇"


def clusters(text: Text) -> list[Cluster]:
    """The stretches of a text that some channel may explain."""
    flags = strange().take(text.codes, mode="clip")
    places = np.flatnonzero(flags)
    if not len(places):
        return []
    return _explained(_group(text, places, flags))


def _group(text: Text, places: Offsets, flags: NDArray[np.uint8]) -> _Grouped:
    """Neighbouring strange characters of one line, with `PAD` characters to either side."""
    lines = np.searchsorted(text.line_starts, places, side="right")
    apart = np.flatnonzero((np.diff(places) > MAX_REACH) | (np.diff(lines) > 0)) + 1
    firsts = np.concatenate([[0], apart])
    lasts = np.concatenate([apart, [len(places)]])
    kinds = np.bitwise_or.reduceat(flags[places], firsts)
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


Strengths = list[tuple[Channel, NDArray[np.float64]]]


def _explained(grouped: _Grouped) -> list[Cluster]:
    """The clusters with the channels that may explain them, the strongest two of each kind."""
    channels: dict[int, list[Channel]] = {}
    for kind, most in ((_as_utf8(grouped), 2), (_respelt(grouped), 3), (_lettered(grouped), 3)):
        strength = np.stack([strong for _, strong in kind])
        for index in np.flatnonzero(strength.any(axis=0)).tolist():
            order = np.argsort(-strength[:, index], kind="stable")[:most]
            channels.setdefault(index, []).extend(kind[number][0] for number in order if strength[number, index] > 0)
    return [
        Cluster(int(grouped.starts[index]), int(grouped.ends[index]), tuple(found))
        for index, found in sorted(channels.items())
    ]


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
    cost = rarity().take(small)
    marks = np.bincount(grouped.owner, weights=grouped.window == 0xFFFD, minlength=size) >= 1
    for read in ("big5", "gbk", "euc_kr", "euc_jp"):
        for written in ("gbk", "big5"):
            if written == read or (written, read) == ("big5", "euc_jp"):  # of that no page is known
                continue
            others = respelled(read, written).take(small)
            saved = np.where(others > 0, cost - rarity().take(others), 0)
            most = _best_of(saved, grouped.owner, size)
            good = np.bincount(grouped.owner, weights=saved > GAIN_BITS, minlength=size)
            keep = (most >= FOUR_BITS) | ((good >= 1) & marks)
            found.append((Channel(written, read), np.where(keep, most + 1.0, 0.0)))
    return found


def _best_of(saved: NDArray[np.float32], owner: Offsets, size: int) -> NDArray[np.float64]:
    """The most that four neighbours of one cluster save together; shape (size,)."""
    total = saved.astype(np.float64)
    for step in (1, 2, 3):
        total[:-step] += np.where(owner[step:] == owner[:-step], saved[step:], 0)
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
    beside |= np.bincount(grouped.owner, weights=letters, minlength=size) >= 4
    signs = (grouped.window >= 0xFF61) & (grouped.window <= 0xFF9F)
    kana = np.bincount(grouped.owner, weights=signs, minlength=size) >= 1
    lost = np.bincount(grouped.owner, weights=grouped.window == 0xFFFD, minlength=size) >= 2
    kinds = ((Channel("", "letters"), beside), (Channel("", "shift_jis"), kana), (Channel("", "lost"), lost))
    return [(channel, found.astype(np.float64)) for channel, found in kinds]
