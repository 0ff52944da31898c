"""What a reader of two-byte characters left beside question marks, told by how likely it is to be left, where no search gives it back.

Which characters a wrong reader shows, and how often, is told by misreading text drawn from the language: rare ones in any text are
common ones there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from audit.language.patterns import regex
from audit.language.script import SIMPLIFIED, TRADITIONAL
from audit.language.spots import distinct, places
from audit.model import Codes, Text
from audit.restore.codecs import TABLES, Channel
from audit.restore.fluency import characters_bits, codes_of, spread
from audit.restore.leavings import FIRST_WRITTEN, UNWRITTEN, weights
from audit.restore.runs import is_strange

Floats = NDArray[np.float64]
# Channels of which marks leave too little to be given back, with the script that was written.
CHANNELS = (
    (Channel("big5", "gbk"), TRADITIONAL),
    (Channel("gbk", "big5"), SIMPLIFIED),
    (Channel("gbk", "big5"), TRADITIONAL),
    (Channel("utf-8", "euc_kr"), SIMPLIFIED),
    (Channel("utf-8", "euc_kr"), TRADITIONAL),
    (Channel("gbk", "euc_kr"), SIMPLIFIED),
    (Channel("gbk", "euc_kr"), TRADITIONAL),
    (Channel("utf-8", "big5"), SIMPLIFIED),
    (Channel("utf-8", "big5"), TRADITIONAL),
    (Channel("utf-8", "euc_jp"), SIMPLIFIED),
)
DRAWN = 20_000  # characters that are misread
LEFT_BITS = 18.0  # of a character that a reader has and was not seen among them
CLEAN_BITS = 21.0  # of a rare character of clean text
MARK_BITS, MARKS_BITS = 2.0, 8.0  # that a mark saves, and all of them together
SLACK = 0.01  # bits by which sums may be rounded
ENOUGH = 12.0  # in 28 million characters of clean text and 1,340 million of programs, manuals and messages none has 10
SHOWN = 2  # characters of no ASCII that tell
TOGETHER = 256  # parts that are read in one go
CONTEXT = 2  # characters before a stretch
INSIDE = r"[^\n\x00-\x3e\x7f，。、；：！？“”‘’（）《》…—　]"
PART, BEFORE = regex(INSIDE + "+"), regex(INSIDE + r"{0,40}\Z")
AROUND, LONGEST = 40, 400  # characters about marks, and of a stretch
FOREIGN = regex(r"[\u3041-\u3096\u30a1-\u30fa\uac00-\ud7a3]")
CHINESE = regex(r"[\u3400-\u9fff\uff01-\uff0f\uff1a-\uff20\u3000-\u301f\u2014-\u2026]")
ONE_BY_ONE = regex(r"\??(?:[^?]\?){2,}[^?]?")
CANTONESE, SPOKEN = (
    regex("[佢哋喺冇嘢唔嘅咁啲嚟嗰咗咩喎]"),
    3,
)  # characters that only its writing has, and how many tell it
NEAR = 100  # code points to either side


class Remnant(NamedTuple):
    """A stretch `start:end` that a channel left, and the bits by which it is likelier as such than as text."""

    start: int
    end: int
    channel: Channel
    gain: float


def remnants(text: Text) -> tuple[Remnant, ...]:
    """Such stretches of a text, each within a line and with a question mark inside, ascending; computed once."""
    return cast("tuple[Remnant, ...]", text.signal("remnants", lambda whole: tuple(_found(whole))))


def _found(text: Text) -> Iterator[Remnant]:
    body = text.body
    lines = distinct(text.line_starts.searchsorted(places(text, "?"), side="right") - 1)
    parts = ((line, *part) for line in map(text.line, lines.tolist()) for part in _parts(body, line.start, line.end))
    while some := list(islice(parts, TOGETHER)):
        shown = [Shown(body[max(0, first - CONTEXT) : first], body[first:last]) for _, first, last in some]
        known = _likeliest(list(dict.fromkeys(shown)))
        for (line, first, _), one in zip(some, shown, strict=True):
            best = known.get(one)
            if best is None:
                continue
            found = best._replace(start=first + best.start, end=first + best.end)
            if _in_chinese(body, found, line.start, line.end) and not _listed(body[found.start : found.end]):
                yield found


class Shown(NamedTuple):
    """What a part of a line shows, and the characters before it."""

    before: str
    part: str


def _likeliest(shown: Sequence[Shown]) -> dict[Shown, Remnant]:
    """The piece of each part that is likeliest as what some channel left, where one is; offsets of the part."""
    found = {}
    every = characters_bits([before + part for before, part in shown])
    for one, bits in zip(shown, every, strict=True):
        best = _likeliest_of(one.part, bits[len(one.before) :])
        if best is not None:
            found[one] = best
    return found


def _likeliest_of(part: str, bits: Floats) -> Remnant | None:
    codes = codes_of(part)
    clean = np.minimum(bits + spread().take(codes, mode="clip"), CLEAN_BITS)
    each = clean - _every_left().take(codes, axis=1, mode="clip")
    each[:, codes == ord("?")] = 0
    best = None
    for (channel, _), saved, most in zip(CHANNELS, each, _most(each).tolist(), strict=True):
        if most >= max(ENOUGH, best.gain if best else 0.0):
            found = _richest(part, saved.tolist(), channel)
            best = found if found.gain >= max(ENOUGH, best.gain if best else 0.0) else best
    return best


def _most(each: Floats) -> Floats:
    """What a part of a stretch saves at most with its marks, by channel; shape (channels,)."""
    total = np.zeros((len(each), each.shape[1] + 1))
    np.cumsum(each, axis=1, out=total[:, 1:])
    most: Floats = (total - np.minimum.accumulate(total, axis=1)).max(axis=1) + (MARKS_BITS + SLACK)
    return most


def _parts(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a line between blanks and marks that have question marks, strange characters beside them."""
    at = body.find("?", start, end)
    while at >= 0:
        before, part = BEFORE.search(body, max(start, at - AROUND), at), PART.match(body, at, end)
        low, stop, last = before.start() if before else at, part.end() if part else at + 1, at
        while 0 <= (behind := body.find("?", last + 1, min(stop, last + AROUND))) < low + LONGEST:
            last = behind
        high = min(stop, last + AROUND)
        shown = body[low:high]
        strange = sum(map(bool, map(is_strange, shown)))
        if strange and strange + shown.count("?") > SHOWN:
            yield low, high
        at = body.find("?", high, end)


def _in_chinese(body: str, found: Remnant, start: int, end: int) -> bool:
    """Whether Chinese stands beside a stretch, and it is not a transcription or another language that stands there."""
    beside = body[max(start, found.start - 1) : found.start], body[found.end : min(end, found.end + 1)]
    if not all(map(_clean, beside)) or not any(beside):
        return False
    wide = sum(not char.isascii() for char in body[found.start : found.end])
    if 3 * len(FOREIGN.findall(body, found.start, found.end)) > 2 * wide and found.channel.read != "euc_kr":
        return False
    near = body[max(start, found.start - NEAR) : found.start] + body[found.end : min(end, found.end + NEAR)]
    return len(FOREIGN.findall(near)) <= len(FOREIGN.findall(body, found.start, found.end)) // 2


def _listed(shown: str) -> bool:
    """Whether characters are asked about one by one, or it is the speech of Canton."""
    return ONE_BY_ONE.fullmatch(shown) is not None or len(CANTONESE.findall(shown)) >= SPOKEN


def _clean(beside: str) -> bool:
    """Whether Chinese stands there, or nothing."""
    return not beside or (CHINESE.match(beside) is not None and not is_strange(beside))


def _richest(part: str, saved: list[float], channel: Channel) -> Remnant:
    """The piece of a part whose characters save most; marks save little, and only so much together."""
    best, first, total, marks, shown = Remnant(0, 0, channel, 0.0), 0, 0.0, 0.0, 0
    for at, char in enumerate(part):
        if total <= 0:
            first, total, marks, shown = at, 0.0, 0.0, 0
        if char == "?":
            total += min(MARK_BITS, MARKS_BITS - marks)
            marks += min(MARK_BITS, MARKS_BITS - marks)
        else:
            total += saved[at]
            shown += not char.isascii()
        if total >= best.gain and marks and shown >= SHOWN:
            best = Remnant(first, at + 1, channel, total)
    return best


@cache
def _every_left() -> Floats:
    """Bits as `_left` tells them of each of `CHANNELS`; shape (channels, 65536)."""
    return np.stack([_left(channel, script) for channel, script in CHANNELS])


def _left(channel: Channel, script: int) -> Floats:
    """The bits of each character as what a channel left of text in one script; shape (65536,)."""
    data = _drawn(script).encode(TABLES.get(channel.written, channel.written), "ignore")
    table = TABLES.get(channel.read, channel.read) if channel.read != "gbk" else "gbk"
    pairs = np.frombuffer(data[: len(data) // 2 * 2], dtype=np.uint8).reshape(-1, 2)
    apart = np.concatenate([pairs, np.full((len(pairs), 1), ord("\n"), dtype=np.uint8)], axis=1).tobytes()
    shown = codes_of(data.decode(table, "replace") + apart.decode(table, "replace").replace("\n", ""))
    counts = np.bincount(shown[shown < 0x10000], minlength=0x10000)
    found = np.full(0x10000, LEFT_BITS + 60.0)
    found[_had(table)] = LEFT_BITS
    seen = counts > 0
    found[seen] = np.minimum(np.log2(counts.sum() / counts[seen]), LEFT_BITS)
    return found


@cache
def _had(table: str) -> Codes:
    """The characters outside ASCII that a codec has."""
    every = np.arange(0x80, 0x10000, dtype=np.uint16).tobytes().decode("utf-16-le", "replace")
    had = codes_of(every.encode(table, "ignore").decode(table))
    return had[had < 0x10000]


@cache
def _drawn(script: int) -> str:
    """Text of one script, drawn character by character."""
    codes = np.arange(FIRST_WRITTEN, UNWRITTEN[1])
    chance = weights(script, other=0.0)[FIRST_WRITTEN : UNWRITTEN[1]]
    commas = np.array([ord(char) for char in "，。"])
    drawn = np.random.default_rng(0).choice(codes, DRAWN, p=chance / chance.sum())
    drawn[::9], drawn[4::27] = commas[0], commas[1]
    return drawn.astype("<u2").tobytes().decode("utf-16-le")
