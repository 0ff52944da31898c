"""The borders of misread stretches: where the whole reads best, and whether damage goes on beside them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import inf

import numpy as np
from numpy.typing import NDArray

from audit.language import surprise
from audit.restore.codecs import DOUBLE, LOST, SINGLE, Channel, bytes_of
from audit.restore.codemaps import FIRST, SECOND, phases
from audit.restore.fluency import codes_of, words_bits
from audit.restore.lattice import may_open
from audit.restore.runs import Run, is_strange, single_bits
from audit.restore.signs import LETTER
from audit.restore.slots import Slot, pair_written

BORDER = 3  # characters by which the language model may move a border
CHANGE_BITS = 1.0  # what the model must save on each further character that is changed
MARK_BITS = 14.0  # that U+FFFD costs more than a character of prose
SURE_BORDER = 8.0  # bits by which a border must be better than any other for a safe repair
COMMON_BITS = 15.0  # a last character so common may be clean, and have lent its bytes to one cut short
LENT_BITS = 6.0  # that a character made of an ordinary mark and a letter must save
INDENT, NO_BREAK = 16, "\N{NO-BREAK SPACE}"  # what pages indent with is also a byte; as such it stands beside another
TORN = 2  # characters that go on with one cut short; a fifth of all would


def bordered(body: str, run: Run) -> Run:
    """The run with its borders where the whole reads best; `sure` if no other border comes near."""
    if run.channel.read in SINGLE:
        moved = _unlent(body, run)
        return moved._replace(sure=moved.sure and not ragged(body, moved.start, moved.end, moved.channel))
    low, high = max(0, run.first - BORDER), min(len(run.slots), run.last + BORDER)
    while run.channel.written == "utf-8" and low < run.first and len(run.slots[low].bytes) == 2:
        low += 1
    while run.channel.written == "utf-8" and high > run.last and len(run.slots[high - 1].bytes) == 2:
        high -= 1
    ends = _borders(run, low, high)
    if not ends:
        return run._replace(sure=False)
    near = run.slots[low:high]
    edges = [near[0].start, *(slot.end for slot in near)]
    stands = [body[max(slot.start, edge) : slot.end] for slot, edge in zip(near, edges, strict=False)]
    given = [pair_written(slot.bytes, run.channel.written) or LOST for slot in near]
    left, right = body[max(0, edges[0] - 2) : edges[0]], body[edges[-1] : edges[-1] + 2]
    lost = [0, *accumulate(slot.lost > 0 for slot in near)]
    bits = _bits_between([left, *stands, right], given, ends) + [
        CHANGE_BITS * (end - start) - MARK_BITS * float(lost[end] - lost[start]) for start, end in ends
    ]
    order = np.argsort(bits, kind="stable").tolist()
    (start, end), best = ends[order[0]], float(bits[order[0]])
    text = _text_between(stands, given, start, end)
    others = (number for number in order[1:] if _text_between(stands, given, *ends[number]) != text)
    rival = next((float(bits[number]) for number in others), inf)
    moved = _unmoved(body, run._replace(first=low + start, last=low + end))
    sure = rival - best >= SURE_BORDER and not ragged(body, moved.start, moved.end, moved.channel)
    return moved._replace(sure=sure)


def _text_between(stands: Sequence[str], given: Sequence[str], start: int, end: int) -> str:
    """What stands there with the characters from `start` to `end` given back."""
    return "".join((*stands[:start], *given[start:end], *stands[end:]))


def _bits_between(stands: Sequence[str], given: Sequence[str], ends: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
    """Bits of the whole for each border; shape (borders,). `stands` has what is before and behind at its ends.

    A character is weighed by the one before it: all borders share the sums of what stands and of what is given, but for two joints.
    """
    whole, line = "".join(stands), "\n"
    at, size, inner = [0, *accumulate(map(len, stands))], len(whole), len(given)
    firsts, lasts = (dict.fromkeys(some) for some in zip(*ends, strict=True))
    joints = [(whole[at[n + 1] - 1] if at[n + 1] else line) + given[n] for n in firsts]
    joints += [given[n - 1] + (whole[at[n + 1]] if at[n + 1] < size else line) for n in lasts]
    told = surprise(codes_of("".join((whole, line, *given, *joints)))).astype(np.float64)
    stood = [0.0, *told[:size].cumsum().tolist()]
    gave = [0.0, *told[size + 1 : size + 1 + inner].cumsum().tolist()]
    joint = iter(told[size + 1 + inner + 1 :: 2].tolist())
    before = {n: stood[at[n + 1]] + bits - gave[n + 1] for n, bits in zip(firsts, joint, strict=False)}
    rest = {
        n: bits + stood[-1] - stood[at[n + 1] + 1] if at[n + 1] < size else 0.0
        for n, bits in zip(lasts, joint, strict=True)
    }
    behind = {n: gave[n] + bits for n, bits in rest.items()}
    return np.array([before[start] + behind[end] for start, end in ends], dtype=np.float32)


def _borders(run: Run, low: int, high: int) -> list[tuple[int, int]]:
    """First and last characters within reach, as offsets from `low`; no damaged character is cut in two."""
    slots, size = run.slots, len(run.slots)

    def parts(at: int) -> bool:
        return not 0 < at < size or slots[at - 1].end <= slots[at].start

    firsts = [first for first in range(low, min(run.first + BORDER, run.last - 1) + 1) if parts(first)]
    lasts = [last for last in range(max(low + 1, run.last - BORDER), high + 1) if parts(last)]
    return [(first - low, last - low) for first in firsts for last in lasts if first < last]


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


def _unlent(body: str, run: Run) -> Run:
    """A run of letters without characters at its ends that ordinary marks make by chance; `sure` if none may be one.

    `“P` is two bytes of GBK and `——` are two; what reads much better as it stands is no part of the damage.
    """
    first, last = run.first, run.last
    while (
        last - first > 1
        and run.slots[last - 1].lost
        and body[run.slots[last - 1].start : run.slots[last - 1].end].isascii()
    ):
        last -= 1
    while last - first > 1 and (saved := _lent(body, run, last - 1, last - 2)) is not None:
        if saved > -LENT_BITS:
            return run._replace(first=first, last=last, sure=saved >= LENT_BITS)
        last -= 1
        while last - first > 1 and len(run.slots[last - 1].bytes) == 1:
            last -= 1
    while last - first > 1 and (saved := _lent(body, run, first, first + 1)) is not None:
        if saved > -LENT_BITS:
            return run._replace(first=first, last=last, sure=saved >= LENT_BITS)
        first += 1
        while last - first > 1 and len(run.slots[first].bytes) == 1:
            first += 1
    return run._replace(first=first, last=last, sure=True)


def _lent(body: str, run: Run, at: int, inner: int) -> float | None:
    """Bits that a character at an end saves over the marks that it is made of; None where those are not ordinary."""
    slot = run.slots[at]
    shown = body[slot.start : slot.end]
    if len(slot.bytes) < 2 or shown.isascii() or any(map(is_strange, shown)):
        return None
    made = _given(run, at, at + 1)
    if inner < at:
        beside, right = _given(run, max(inner - 1, run.first), at), body[slot.end : slot.end + 2]
        bits = words_bits([beside + made + right, beside + shown + right], len(beside))
    else:
        beside, left = _given(run, inner, min(inner + 2, run.last)), body[max(slot.start - 2, 0) : slot.start]
        bits = words_bits([left + made + beside, left + shown + beside], len(left))
    return float(bits[1] - bits[0])


def _given(run: Run, first: int, last: int) -> str:
    """Characters of a run as they were written."""
    return "".join(pair_written(slot.bytes, run.channel.written) or LOST for slot in run.slots[first:last])


def ragged(body: str, start: int, end: int, channel: Channel) -> bool:
    """Whether damage seems to go on beside a stretch."""
    beside = body[max(start - 1, 0) : start] + body[end : end + 1]
    if channel.read in SINGLE:
        before, behind = (
            body[max(start - INDENT, 0) : start].rstrip(NO_BREAK),
            body[end : end + INDENT].lstrip(NO_BREAK),
        )
        beside = before[-1:] + behind[:1]
        odd = [char for char in beside if is_strange(char) & LETTER or ("\xa1" <= char <= "\xff" and char != "·")]
        return LOST in beside or any(bytes_of(char, channel.read) is not None for char in odd)
    if channel.written == "utf-8" and (single_bits(body[end - 1]) < COMMON_BITS or _torn(body, start, end, channel)):
        return True
    return any(char in (LOST, "?") or (is_strange(char) and may_open(char, channel)) for char in beside)


def _torn(body: str, start: int, end: int, channel: Channel) -> bool:
    """Whether a character behind a run begins another of UTF-8, or those before it go on with one cut short.

    So they stand where bytes vanished; they may be common, and in a text half mended nobody would see them.
    """
    if channel.read not in DOUBLE:
        return False
    phase = phases(channel.read)

    def lies(char: str) -> int:
        return int(phase[min(ord(char), 0xFFFF)])

    at = start - 1
    while at >= max(start - TORN, 0) and lies(body[at]) == SECOND:
        at -= 1
    marked = start - 1 > at >= 0 and body[at] in (LOST, "?")
    return marked or (at >= 0 and lies(body[at]) == FIRST) or any(lies(char) == FIRST for char in body[end : end + 1])
