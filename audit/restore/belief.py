"""Whether what a run of bytes spells is believed: it must read like text, and better than what stands there."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from audit.language.patterns import regex
from audit.restore.codecs import DOUBLE, LOST, SINGLE, Channel, bytes_of
from audit.restore.codemaps import CODECS, others
from audit.restore.lattice import Mode
from audit.restore.runs import REACH_BACK, Run, is_strange, single_bits
from audit.restore.signs import HAN
from audit.restore.slots import pair_written
from audit.restore.suspects import Cluster
from audit.restore.verdict import SURE, Restoration

MIN_SHARE = 0.25  # of the bits that stand there, for codecs that fit nearly any bytes
# Bits of a character given back: 6 to 7 in the middle, 9 to 10 in the worst of 20; Korean, kana and Russian respelled have 13 and more.
FOREIGN_RATE = 12.3
LATIN_RATE = 14.0  # words of Western languages have 16 and more
MARKED_RATE = 15.0  # no clean text has loss marks
DENSE = 0.6  # share of accented letters and signs that no Western language has
DENSE_RATE = 17.0  # verse has up to 16
ASCII_BITS = 6.0
MIN_GAIN = {3: 20.0, 4: 24.0, 5: 26.0, 6: 28.0}  # in bits, by the number of characters given back
FEW_KINDS, FEW_GAIN = (
    4,
    34.0,
)  # fewer different characters that change fit by chance: `枠、図` is `先、哭` in another codec
SANE_BITS = 15.0  # mean rarity of a reading's characters: prose has 10 to 11, respelled noise 19 and more
SANE_LETTERS = 16.5  # the same for four characters and more behind letters
SURE_BITS = 12.5  # for two characters alone: the four pairs found in 17 M clean characters have 13 to 15
RARE_BITS = 14.5  # a character behind rank 3,500
WORDS = 3  # characters in a row; between Latin letters two are accents, as in `ção`
SYLLABLES = 8  # Korean parts its words by blanks, and few have so many

BETWEEN = regex(r"(?<=[\uac00-\ud7a3]) ")
TOGETHER = regex(r"[^\x00-\x7f]+")
WHOLE_CHARACTER = regex(rb"[\xe2-\xe9\xef][\x80-\xbf]{2}")
WIDE, FILL = rb"[\xe0-\xf4][\x80-\xbf]{2,3}", rb"(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf])*"
TWO_WIDE = regex(rb"(?=(" + WIDE + rb")" + FILL + rb"(" + WIDE + rb"))")
THREE_WIDE = regex(rb"(?=" + WIDE + FILL + WIDE + FILL + WIDE + rb")")
KEEPING = frozenset(CODECS) - {"gbk"}  # codecs whose readers are not known to drop bytes without a trace
SHARE = 3  # of so many strange characters one may be another's
NO_BYTE = b"\xff"  # in no character of UTF-8
REACH_ON = 36  # code points behind a cluster
FIRST_WIDE, LEADS = 0xE2, 3
MARKED = 4  # of so many characters one is a question mark, where those stand for lost bytes
LEAST_PAIRS = 3  # characters that `convincing` asks for
LEAST_WHOLE = 0.2  # share of the bytes of a cluster that must be whole characters of UTF-8


def convincing(damage: str, best: tuple[str, float], stood: float, channel: Channel) -> bool:
    """Whether a text, given with its bits, in a codec that fits nearly any bytes reads well, and better enough than what stands."""
    text, bits = best
    wide = [char for char in text if not char.isascii()]
    size, plain = len(wide), len(text) - len(wide)
    rate = FOREIGN_RATE
    if channel.read == "cp1252":
        dense = sum(not char.isascii() for char in damage) >= DENSE * len(damage) and len(damage) >= 2 * SURE
        rate = DENSE_RATE if dense else LATIN_RATE
    elif LOST in damage:
        rate = MARKED_RATE
    if (bits - ASCII_BITS * plain) > size * rate:
        return False
    if channel.read in SINGLE:
        letters = sum(char.isascii() and char.isalpha() for char in text)
        return size >= letters or max(map(len, TOGETHER.findall(text)), default=0) >= WORDS
    shown = [char for char in damage if not char.isascii() and char != LOST]
    kinds, marks = set(shown), damage.count(LOST)
    han = sum("\u3400" <= char <= "\u9fff" for char in wide)
    if len(BETWEEN.findall(damage)) * SYLLABLES >= len(shown):
        return False
    if size < 3 or 2 * han < size or len(kinds) + marks < 3 or len(kinds) * 2 < len(shown):
        return False
    gain = stood - bits
    if len(kinds.difference(text)) < FEW_KINDS and not marks and gain < FEW_GAIN:
        return False
    return gain >= MIN_GAIN[min(size, 6)] and gain >= MIN_SHARE * stood


def frayed(text: str, channel: Channel) -> bool:
    """Whether a text given back begins or ends with a rare character: its bytes may be halves of two others."""
    if channel.written == "utf-8" or channel.read in SINGLE:
        return False
    return any(single_bits(char) > RARE_BITS for char in (text[:1], text[-1:]))


def one_script(text: str) -> bool:
    """Whether what is no Chinese is at least a word of one script."""
    scripts = {unicodedata.name(char, "?").split()[0] for char in text if not char.isascii()}
    return len(text) >= SURE and scripts in ({"LATIN"}, {"CYRILLIC"}, {"GREEK"}, {"ARABIC"}, {"HEBREW"})


def sketched(run: Run, damage: str) -> bool:
    """Whether so many of the known bytes between loss marks begin characters of UTF-8, each in its place, that it is no chance."""
    marks = damage.count(LOST) + (0 if LOST in damage else MARKED * damage.count("?"))
    if not marks or run.channel.written != "utf-8" or (LOST not in damage and marks < len(damage)):
        return False
    return sum(slot.bytes[0] >= FIRST_WIDE and len(slot.bytes) > 2 for slot in run.kept) >= LEADS


def hopeful(run: Run, reach: int) -> bool:
    """Whether a run whose borders may move so far can become one that is believed; told before its borders are weighed, which is dear."""
    near = run.slots[max(run.first - reach, 0) : run.last + reach]
    if run.channel.read in SINGLE:
        return True
    if run.channel.written != "utf-8":
        return any(slot.lost for slot in near) or sum(len(slot.bytes) > 1 for slot in near) >= LEAST_PAIRS
    wide = [slot for slot in near if len(slot.bytes) > 2]
    whole = sum(not slot.lost for slot in wide)
    return whole > 1 or (whole == 1 and len(wide) >= SURE) or sum(slot.bytes[0] >= FIRST_WIDE for slot in wide) >= LEADS


def believable(run: Run) -> bool:
    """Whether what is known of a run reads like text at all."""
    utf8, letters = run.channel.written == "utf-8", run.channel.read in SINGLE
    wide = [slot for slot in run.kept if len(slot.bytes) > (2 if utf8 and not letters else 1)]
    chars = [char for slot in wide if (char := pair_written(slot.bytes, run.channel.written))]
    known = sum(len(slot.bytes) - slot.lost for slot in wide)
    if not chars or (
        len(chars) < 0.2 * len(wide) and known < 1.2 * len(wide) if utf8 else len(chars) < 0.4 * len(wide)
    ):
        return False
    if run.mode is Mode.DROPS and len(chars) * 2 < len(wide):
        return False
    rare = single_bits("".join(chars)) / len(chars)
    if not utf8:
        return len(chars) >= 2 and rare <= (SANE_LETTERS if letters and len(chars) >= SURE else SANE_BITS)
    if len(chars) >= SURE:
        return True
    pair = len(chars) == 2 and rare <= SURE_BITS
    return rare <= SANE_BITS and (len(chars) == 3 or pair or letters or (len(wide) >= SURE and known >= 2 * len(wide)))


def may_be_utf8(body: str, cluster: Cluster) -> bool:
    """Whether the bytes of a cluster hold enough characters of UTF-8, if it could be nothing else.

    The rare characters of verse hold hardly any, and a search costs a millisecond.
    """
    near = body[max(cluster.start - 2, 0) : cluster.end + 2]
    if LOST in near or "?" in near or any(one.written != "utf-8" or one.read not in CODECS for one in cluster.channels):
        return True
    for channel in cluster.channels:
        data = near.encode(CODECS[channel.read], "ignore")
        whole = len(WHOLE_CHARACTER.findall(data))
        if whole > 1 and whole * 3 >= LEAST_WHOLE * len(data):
            return True
    return False


def may_read(body: str, cluster: Cluster, low: int, high: int) -> bool:
    """Whether the bytes about a cluster hold characters of UTF-8 side by side that `believable` could believe, if it could be nothing else.

    `low:high` is what is looked at of its line. Where nothing was lost a run is made of these; most clusters of clean text have none.
    """
    near = body[max(low, cluster.start - REACH_BACK) : min(high, cluster.end + REACH_ON)]
    if LOST in near or "?" in near:
        return True
    for channel in cluster.channels:
        if (
            channel.written != "utf-8"
            or channel.read not in KEEPING
            or not others(channel.read).keys().isdisjoint(near)
        ):
            return True
        data = b"".join([bytes_of(char, channel.read) or NO_BYTE for char in near])
        if THREE_WIDE.search(data):
            return True
        for found in TWO_WIDE.finditer(data):
            two = (found[1][:3] + found[2][:3]).decode("utf-8", "ignore")
            if len(two) == 2 and single_bits(two) <= 2 * SURE_BITS:
                return True
    return False


def leaves(body: str, best: Restoration, odd: list[int]) -> bool:
    """Whether strange characters stay near that the same reader shows: where bytes vanished, what is whole is mended by chance."""
    read = best.channels[0].read
    beside = (body[at] for at in odd if not best.start <= at < best.end)
    return read in DOUBLE and any(bytes_of(char, read) is not None for char in beside)


@lru_cache(maxsize=64)
def shows(read: str, damage: str) -> bool:
    """Whether a one-byte codec has most of the strange characters; where it may show many, rare Han about them are the text's own."""
    if read not in SINGLE:
        return True
    odd = [char for char in damage if char > "\x7f" and char != LOST and is_strange(char)]
    letters = [char for char in odd if is_strange(char) != HAN]
    odd = letters if len(letters) > SHARE else odd
    return SHARE * sum(bytes_of(char, read) is None for char in odd) <= len(odd)


def is_syllables(damage: str, channels: tuple[Channel, ...]) -> bool:
    """Whether it is bopomofo or kana that stands there, half of it or more: a transcription fits some two-byte codec by chance."""
    if any(channel.written == "utf-8" for channel in channels):
        return False
    wide = [char for char in damage if char > "\x7f"]
    return 2 * sum("\u3041" <= char <= "\u312f" for char in wide) >= len(wide)
