"""Whether a reader that drops bytes may have dropped some without a trace from a stretch that looks whole.

Such a reader takes pairs of bytes; where it has no character for one it drops the first byte and goes on with the second. So bytes
vanish only between the characters that it shows: a whole written character, or halves of two (`torn`). What was given back is told from
what would be given back with more by how well each reads, for the same damage stands for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from audit.language import steps, surprise, tokens
from audit.restore.codecs import DOUBLE, bytes_of
from audit.restore.fill import Beside
from audit.restore.fluency import codes_of, words_bits
from audit.restore.lattice import QUESTION
from audit.restore.runs import Run
from audit.restore.torn import ENDS, STEP, Reader, loses_leads, torn_bits, vanished

# Bits by which a text must read better than all with one more character together. Of 98 stretches of GBK read as Big5 by a reader that
# drops bytes, 11 of which lack a whole character, those have 4.9 at most; of 219 that lack nothing three in four have more than asked.
LACKING_BITS = 5.5
END_BITS = 3.5  # that a character more at an end counts less: the stretch itself is right without it
# Bits by which it must read better than with halves of characters dropped: of 1,130 whole stretches 4 in 100 have fewer.
TORN_BITS, TORN_SINGLE_BITS = 4.0, 7.0  # the latter where single bytes are shown
# Bits of two characters in a row; stretches out of which halves were dropped have more, or a letter. Where single bytes are shown,
# two halves in a row may be gone between them.
BAD_BITS, BAD_SINGLE_BITS = 25.0, 18.0
PATCHED_BITS = 27.0  # the same of UTF-8, whose characters are not so easily made of others
# Bits of a character behind another between which one more could save any; those of UTF-8 vanish less easily.
LEAST_SEAM, LEAST_SEAM_UTF8 = 2.0, 6.0
FAR_BITS = 10.0  # by pairs of characters; what reads so much worse does so by words as well
TRIED = 8  # texts that are read by words
CONTEXT = 6  # characters to either side of a seam
USUAL = 12  # characters of a stretch; a longer one has more seams
SHORT = 10  # characters of a stretch that is looked at as a whole
ASIDE = 3  # characters to either side of a bad place that are looked at with it


class _Piece(NamedTuple):
    """A stretch: what is given back, the bytes of each character of it and of each that is shown."""

    text: str
    sizes: list[int]
    units: list[bytes]

    def followers(self) -> dict[int, int]:
        """Where what is shown begins, by bytes, and with which; behind the last `ENDS`."""
        at, found = 0, {}
        for unit in self.units:
            found[at] = unit[0]
            at += len(unit)
        return {**found, at: ENDS}


def may_lack(body: str, run: Run, text: str, beside: Beside) -> bool:
    """Whether more may have stood in a run of which no byte is known to be lost; `text` is given back."""
    channel = run.channel
    if channel.read not in DOUBLE:
        return False
    reader = Reader(channel.written, channel.read, beside.script)
    piece = _piece(body, run, text)
    if _asks(body, run) or _lacks(piece, reader, beside):
        return True
    if channel.written == "utf-8":
        return loses_leads(channel.read) and _patched(piece, beside)
    return any(_torn(part, reader, around) for part, around in _parts(body, run, piece))


def _asks(body: str, run: Run) -> bool:
    """Whether a question mark stands for itself between two characters that do not: it may as well stand for lost bytes."""
    return any(
        slot.bytes == QUESTION and not (body[slot.start - 1 : slot.start] + body[slot.end : slot.end + 1]).isascii()
        for slot in run.kept
    )


def _patched(piece: _Piece, beside: Beside) -> bool:
    """Whether a character that reads badly is made of bytes that are shown apart: they may be of two or three."""
    followers, at = piece.followers(), 0
    left = beside.before[-1:] or "\n"
    bits = surprise(codes_of(left + piece.text + (beside.behind[:1] or "\n")))[1:]
    bad = bits[:-1] + bits[1:] >= PATCHED_BITS
    for number, size in enumerate(piece.sizes):
        if any(at + byte in followers for byte in range(1, size)) and bad[number]:
            return True
        at += size
    return False


def _piece(body: str, run: Run, text: str) -> _Piece:
    data = b"".join(bytes(slot.bytes) for slot in run.kept)
    units, at = [], 0
    for char in body[run.start : run.end]:
        size = len(bytes_of(char, run.channel.read) or b"?")
        units.append(data[at : at + size])
        at += size
    return _Piece(text, [len(slot.bytes) for slot in run.kept], units)


def _lacks(piece: _Piece, reader: Reader, beside: Beside) -> bool:
    """Whether it reads nearly as well with one more character that vanished as a whole."""
    seams, chars = _likeliest(piece, reader, beside)
    if not seams:
        return False
    whole, low = beside.before + piece.text + beside.behind, len(beside.before)
    some = sorted(set(seams))
    rows = [
        whole[max(0, low + seam - CONTEXT) : low + seam] + char + whole[low + seam : low + seam + CONTEXT]
        for seam, char in [*zip(some, [""] * len(some), strict=True), *zip(seams, chars, strict=True)]
    ]
    bits = words_bits(rows)
    stood = dict(zip(some, bits[: len(some)].tolist(), strict=True))
    saved = [stood[seam] - END_BITS * (seam in (0, len(piece.text))) for seam in seams]
    likely = float(np.exp2(np.array(saved) - bits[len(some) :]).sum())
    return likely * min(1.0, USUAL / len(piece.text)) > 2**-LACKING_BITS


def _likeliest(piece: _Piece, reader: Reader, beside: Beside) -> tuple[list[int], list[str]]:
    """The characters that most likely vanished, by pairs of characters, and before which character of what is given back."""
    every = tokens(codes_of((beside.before[-1:] or "\n") + piece.text + (beside.behind[:1] or "\n"))).astype(np.int64)
    now = steps(every[:-1], every[1:])
    at = np.cumsum([0, *piece.sizes]).tolist()
    followers = piece.followers()
    least = (LEAST_SEAM_UTF8 if reader.written == "utf-8" else LEAST_SEAM) / STEP
    places = [n for n in (now >= least).nonzero()[0].tolist() if at[n] in followers]
    sets = [vanished(reader, followers[at[n]]) for n in places]
    seams = np.repeat(places, [len(some.bits) for some in sets]).astype(np.int64)
    if not len(seams):
        return [], []
    own = np.concatenate([some.tokens for some in sets])
    costs = steps(every.take(seams), own).astype(np.float64) + steps(own, every.take(seams + 1)) - now.take(seams)
    bits = STEP * costs + np.concatenate([some.bits for some in sets])
    best = np.argsort(bits, kind="stable")[:TRIED]
    best = best[bits[best] <= FAR_BITS]
    codes = np.concatenate([some.codes for some in sets])[best]
    return seams[best].tolist(), list(map(chr, codes.tolist()))


def _torn(part: _Piece, reader: Reader, around: tuple[str, str]) -> bool:
    """Whether it reads nearly as well with halves of characters that were dropped."""
    plain, torn = torn_bits(part.units, reader, around)
    return torn - plain < (TORN_SINGLE_BITS if reader.read == "shift_jis" else TORN_BITS)


def _parts(body: str, run: Run, piece: _Piece) -> Iterator[tuple[_Piece, tuple[str, str]]]:
    """The parts of a stretch, signs of ASCII beside it included, out of which halves may have been dropped; and what is about each."""
    start, end = run.start, run.end
    if _is_half(body[start - 1 : start]) and not body[max(start - 2, 0) : start - 1].isascii():
        start -= 1
    if _is_half(body[end : end + 1]) and not (body[end + 1 : end + 2].isascii() and body[end + 1 : end + 2].isalnum()):
        end += 1
    before, behind = body[start : run.start], body[run.end : end]
    text = before + piece.text + behind
    sizes = [*[1] * len(before), *piece.sizes, *[1] * len(behind)]
    units = [*[char.encode() for char in before], *piece.units, *[char.encode() for char in behind]]
    around = body[max(start - 1, 0) : start], body[end : end + 1]
    bad = _bad_places(text, around, BAD_SINGLE_BITS if run.channel.read == "shift_jis" else BAD_BITS)
    if bad and len(text) <= SHORT:
        yield _Piece(text, sizes, units), around
    elif bad:
        yield from _cut(_Piece(text, sizes, units), around, bad)


def _is_half(char: str) -> bool:
    """Whether a sign of ASCII may be the second byte of a character."""
    return "@" <= char <= "~"


def _bad_places(text: str, around: tuple[str, str], least: float) -> list[int]:
    """The characters that read so badly that more may have stood there, and the signs of ASCII that may be what is left of some."""
    left = around[0] or "\n"
    bits = surprise(codes_of(left + text + (around[1] or "\n")))[1:].astype(np.float64)
    bad = (bits[:-1] + bits[1:] >= least).nonzero()[0].tolist()
    whole = left + text
    halves = [at for at, char in enumerate(text) if _is_half(char) and not whole[at].isascii()]
    return sorted({*bad, *halves})


def _cut(piece: _Piece, around: tuple[str, str], bad: list[int]) -> Iterator[tuple[_Piece, tuple[str, str]]]:
    """The parts of a long stretch about its bad places, each of whole characters both as written and as shown."""
    units = np.cumsum([0, *map(len, piece.units)]).tolist()
    shown_at = {at: number for number, at in enumerate(units)}
    edges = np.cumsum([0, *piece.sizes]).tolist()
    joints = [number for number, at in enumerate(edges) if at in shown_at]
    done = 0
    for at in bad:
        if at < done:
            continue
        low = max((joint for joint in joints if joint <= max(at - ASIDE, 0)), default=0)
        done = min(
            (joint for joint in joints if joint >= min(at + 2 * ASIDE, len(piece.text))), default=len(piece.text)
        )
        part = slice(shown_at[edges[low]], shown_at[edges[done]])
        before = piece.text[low - 1] if low else around[0]
        behind = piece.text[done] if done < len(piece.text) else around[1]
        yield _Piece(piece.text[low:done], piece.sizes[low:done], piece.units[part]), (before, behind)
