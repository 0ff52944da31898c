"""Which GBK characters a search may put where bytes were lost."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import fold
from audit.language.script import class_table
from audit.language.sounds import by_reading
from audit.language.spots import distinct
from audit.language.store import shipped
from audit.model import Codes
from audit.restore import gbk
from audit.restore.page import Script

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]
GAP = 0x100  # marks a waiting byte that was a trail and the first of a pair that vanished


def codes_of(text: str) -> Codes:
    """Code points, shape (n,), uint32."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def text_of(codes: Codes) -> str:
    """The text of code points."""
    return codes.astype(np.uint32).tobytes().decode("utf-32-le", "surrogatepass")


@cache
def common_table() -> Mask:
    """Whether the language model knows a pair's character by itself, not only by its class; shape (65536,), by pair."""
    chars = gbk.char_table()
    pairs = np.flatnonzero(chars)
    codes = chars[pairs].astype(np.uint32)
    tokens, folded = shipped().array("tokens").take(codes), fold(codes)
    kinds = distinct((tokens.astype(np.int64) << 16) | folded) >> 16  # a class of rare characters has several members
    alone = np.bincount(kinds, minlength=0x10000) == 1
    table = np.zeros(0x10000, dtype=bool)
    table[pairs[alone[tokens]]] = True
    return table


@cache
def allowed(script: Script) -> Mask:
    """What may be proposed on a page of that script; shape (256, 256), by lead and trail."""
    fits = (class_table().take(gbk.char_table()) & script.value) == 0
    table: Mask = (common_table() & fits).reshape(256, 256)
    return table


@cache
def vanishing() -> Mask:
    """Pairs that show nothing, of bytes that both may lead or trail; shape (256, 256)."""
    table: Mask = (gbk.char_table() == 0).reshape(256, 256).copy()
    table[: gbk.FIRST_LEAD] = table[gbk.LAST_LEAD + 1 :] = False
    table[:, : gbk.FIRST_LEAD] = table[:, gbk.LAST_LEAD + 1 :] = False
    return table


def gone_with(first: int) -> Mask:
    """Which second bytes make a pair that vanishes with this first one; shape (256,)."""
    row: Mask = vanishing()[first]
    return row


@cache
def may_go() -> Mask:
    """Which first bytes some pair that vanishes has; shape (256,)."""
    row: Mask = np.any(vanishing(), axis=1)
    return row


class Choices(NamedTuple):
    """The characters that may be put in a place, and the lead byte that waits behind each; shapes (n,)."""

    codes: Codes
    leads: Ints


def _chars(leads: Ints, trails: Ints) -> Codes:
    codes: Codes = gbk.char_table()[(leads << 8) | trails].astype(np.uint32)
    return codes


@lru_cache(maxsize=1024)
def with_trail(trail: int, behind: int, script: Script) -> Choices:
    """Likely characters with this trail byte; `behind` is the lead that follows."""
    leads = np.flatnonzero(allowed(script)[:, trail])
    return Choices(_chars(leads, np.full_like(leads, trail)), np.full_like(leads, behind))


@lru_cache(maxsize=1024)
def with_lead(lead: int, script: Script) -> Choices:
    """Likely characters with this lead byte and a trail byte that might itself lead."""
    trails = np.flatnonzero(allowed(script)[lead, gbk.FIRST_LEAD :]) + gbk.FIRST_LEAD
    return Choices(_chars(np.full_like(trails, lead), trails), np.zeros_like(trails))


@lru_cache(maxsize=1024)
def before_gap(lead: int, script: Script) -> Choices:
    """Likely characters whose trail byte may be the first of a pair that vanished; that byte is kept as `GAP | byte`."""
    trails = np.flatnonzero(allowed(script)[lead] & may_go())
    return Choices(_chars(np.full_like(trails, lead), trails), GAP | trails)


@lru_cache(maxsize=4096)
def behind_gap(first: int, trail: int, behind: int, script: Script) -> Choices:
    """Likely characters with this trail byte whose lead byte and `first` are a pair that vanished."""
    leads = np.flatnonzero(allowed(script)[:, trail] & gone_with(first))
    return Choices(_chars(leads, np.full_like(leads, trail)), np.full_like(leads, behind))


@lru_cache(maxsize=256)
def between_gaps(first: int, script: Script) -> Choices:
    """Likely characters between two pairs that vanished, the former of which began with `first`."""
    leads, trails = np.nonzero(allowed(script) & gone_with(first)[:, None] & may_go()[None, :])
    return Choices(_chars(leads, trails), GAP | trails)


@lru_cache(maxsize=256)
def last_behind_gap(first: int, script: Script) -> Choices:
    """Likely characters behind a pair that vanished and began with `first`, whose trail byte was lost and might lead."""
    leads, trails = np.nonzero(allowed(script)[:, gbk.FIRST_LEAD :] & gone_with(first)[:, None])
    return Choices(_chars(leads, trails + gbk.FIRST_LEAD), np.zeros_like(leads))


@cache
def _by_reading() -> tuple[Ints, dict[str, Ints]]:
    """All pairs that are characters, and the places among them of those of each reading."""
    pairs = np.flatnonzero(gbk.char_table())
    return pairs, by_reading(gbk.char_table()[pairs])


@lru_cache(maxsize=1024)
def readers(reading: str) -> NDArray[np.uint16]:
    """The pairs whose characters have that reading, ascending; shape (n,)."""
    pairs, places = _by_reading()
    return pairs[places.get(reading.lower(), [])].astype(np.uint16)


@lru_cache(maxsize=1024)
def reading_behind_gap(first: int, reading: str, script: Script) -> Choices:
    """As `last_behind_gap`, with that reading."""
    pairs = readers(reading).astype(np.int64)
    fits: Mask = np.logical_and(allowed(script).ravel().take(pairs), gone_with(first).take(pairs >> 8))
    return Choices(_chars(pairs[fits] >> 8, pairs[fits] & 0xFF), np.zeros(int(fits.sum()), dtype=np.int64))


@lru_cache(maxsize=4096)
def trails_reading(lead: int, reading: str) -> tuple[int, ...]:
    """Trail bytes that complete a lead byte to a character with that reading."""
    pairs = readers(reading)
    return tuple((pairs[pairs >> 8 == lead] & 0xFF).tolist())


@lru_cache(maxsize=4096)
def last(lead: int, lone: int | None, reading: str | None, script: Script) -> Choices:
    """What the last character may be: behind its lead byte stands `lone`, or what was lost; it reads so."""
    if lone is None and reading is None:
        return with_lead(lead, script)
    pairs = np.arange(lead << 8, (lead << 8) + 0x100) if reading is None else readers(reading).astype(np.int64)
    pairs = pairs[gbk.char_table().take(pairs) > 0]
    pairs = pairs[pairs >> 8 == lead]
    pairs = pairs if lone is None else pairs[pairs & 0xFF == lone]
    return Choices(_chars(pairs >> 8, pairs & 0xFF), np.zeros_like(pairs))
