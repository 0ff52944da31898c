"""GBK or Big5 read as UTF-8: most bytes show as U+FFFD, and only pairs that are UTF-8 by chance survive, as letters of other scripts.

Characters of which both bytes survived are given back, and those of which one did and the text tells the other; holes stand for the rest.
"""

from __future__ import annotations

import unicodedata

from audit.restore.codecs import LOST, Channel, misread
from audit.restore.fill import Beside, holed, readings
from audit.restore.fluency import bits_of, codes_of
from audit.restore.lattice import View, longest
from audit.restore.page import Script, script_of
from audit.restore.runs import single_bits
from audit.restore.slots import Path, pair_written
from audit.restore.verdict import Proposal, Restoration, Verdict

CHANNELS = (Channel("gbk", "utf-8"), Channel("big5", "utf-8"))
TRIED = 8  # ways to cut it
KNOWN = 2  # whole characters from which a codec is told
SANE_BITS = 13.0  # mean rarity of those; in the wrong codec they have 15 and more
WHOLE = 3  # characters in a row of which nothing is lost, and of this many scripts
SCRIPTS = 2
SURE_SHARE = 0.8  # of probability; half of such a character is known
FLUENT = 10.0  # bits a character


def unread(body: str, start: int, end: int, page: str) -> Restoration:
    """What is known of a stretch with loss marks."""
    marks = body.count(LOST, start, end)
    beside = Beside(body[max(start - 2, 0) : start], body[end : end + 2], script_of(codes_of(page)))
    found = [
        (reading.bits, n, reading, channel)
        for n, channel in enumerate(CHANNELS)
        for path in _paths(body, start, end, channel)
        for reading in readings(path, channel, beside)[:1]
    ]
    if not found:
        if beside.script is Script.TRADITIONAL and _trails(body, end):
            end += 1
        return Restoration(start, end, (), Verdict.NONE, (), marks)
    *_, best, channel = min(found, key=lambda each: each[:2])
    if channel.written == "big5" and _trails(body, end):
        return unread(body, start, end + 1, page)
    near = [reading for *_, reading, _ in found if reading.holes <= best.holes + 1]
    sure = set.intersection(*(set(_placed(reading.path, reading.text)) for reading in near))
    partly, probability = holed(best, channel, beside, SURE_SHARE)
    text = "".join(
        char if place in sure else LOST for char, place in zip(partly, _placed(best.path, partly), strict=True)
    )
    proposal = Proposal(text, probability, text.count(LOST), proved=False)
    return Restoration(start, end, (channel,), Verdict.PARTIAL, (proposal,), marks)


def _trails(body: str, end: int) -> bool:
    """Whether a lone sign of ASCII stands behind a loss mark: a third of Big5's characters end with one."""
    sign, behind = body[end : end + 1], body[end + 1 : end + 2]
    return body[end - 1] == LOST and "@" <= sign <= "~" and not (behind.isascii() and behind.isalnum())


def _placed(path: Path, text: str) -> list[tuple[int, int, str]]:
    """Each character and where the damage shows it."""
    return [(slot.start, slot.end, char) for slot, char in zip(path.slots, text, strict=True)]


def _paths(body: str, start: int, end: int, channel: Channel) -> list[Path]:
    """The likeliest ways to cut a stretch that tell its codec; a lead byte at its end may have lost its trail."""
    found = longest(View(body, start, end, channel.read), start, channel.written)
    if found is None or found[0] < end - 1:
        return []
    return [path for path in found[1] if _tells(_known(path, channel.written))][:TRIED]


def _tells(known: str) -> bool:
    """Whether characters are common enough not to be those of another codec."""
    return len(known) >= KNOWN and single_bits(known) <= SANE_BITS * len(known)


def respelled(body: str, start: int, end: int) -> Restoration | None:
    """A stretch without loss marks: letters of several scripts in a row, all of them pairs of bytes that read well.

    Never exact: one character in twenty is such a letter, so a reader that drops bytes left it rather than one that marks them.
    """
    damage = body[start:end]
    scripts = {unicodedata.name(char, "?").split()[0] for char in damage}
    if end - start < WHOLE or len(scripts) < SCRIPTS or not all("\x80" <= char <= "\u07ff" for char in damage):
        return None
    beside = body[max(start - 2, 0) : start]
    found: list[tuple[float, str, Channel]] = []
    for channel in CHANNELS:
        text = damage.encode("utf-8").decode(channel.written, "replace")
        if misread(text, channel) == damage:
            found.append((bits_of(beside + text, len(beside)), text, channel))
    if not found or min(found)[0] > FLUENT * (end - start):
        return None
    bits, text, channel = min(found)
    gain = bits_of(damage) - bits
    return Restoration(start, end, (channel,), Verdict.RANKED, (Proposal(text, 1.0, 0, proved=True),), 0, gain, bits)


def _known(path: Path, written: str) -> str:
    """The characters of several bytes of which all are known."""
    some = (pair_written(slot.bytes, written) for slot in path.slots if len(slot.bytes) > 1 and not slot.lost)
    return "".join(char for char in some if char)
