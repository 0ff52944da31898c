"""Characters that are taken for one another by shape or sound, and the pairs of characters that only such a mistake makes.

Tables (built by `tools/build_tables.py`): `ocr_confusables` lists the characters that stand for one another, `ocr_pairs` the pairs
that were never seen, though they become a frequent pair when one of the two is exchanged.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language import script, surprise
from audit.language.patterns import regex
from audit.language.spots import distinct, member
from audit.model import Codes, Offsets, Text
from audit.native import kernels

TABLES = Path(__file__).parent / "tables"
SHAPE, SOUND = 1, 2
PAIR_BITS = 21
FIRST, SECOND = 0x9E3779B1, 0x85EBCA77  # factors of the hash of a pair
TURN = np.uint32(SECOND * pow(FIRST, -1, 1 << 32) % (1 << 32))
SHALLOW = 3.0  # bits that pairs of characters may show less of than triples do; both must speak, the tables are hashed
JOINED = 14.0  # bits; a character more costs about 8 by itself
PIECE = 1 << 14  # code points at a time, so that all arrays stay in the cache beside the table of pairs
MODERN = 0.2  # bits of `script.modernity`; classical verse pairs characters freely
ODD = 6.5  # bits: both the character and the one after it are at least so surprising
TOGETHER = 1 << 13  # places whose exchanges are weighed at a time: some 20 MB
BEFORE, AFTER = 3, 3  # code points round the place that are judged
BREAK = 10
SHAPE_BONUS = 2.0  # bits; of 22 hand-labelled confusions of one character with a likely cause 9 are of shape, of 50 times fewer alternatives

# A character scanned as its two halves; halves that are no characters of their own make it certain
HALVES = {
    "木几": "机", "木又": "权", "日寸": "时", "又寸": "对", "王见": "现", "工力": "功", "石角": "确", "禾口": "和", "禾中": "种",
    "土也": "地", "木交": "校", "禾斗": "科", "木喬": "橋", "口马": "吗", "车仑": "轮", "米斗": "料", "亻言": "信", "亻也": "他",
    "亻门": "们", "亻故": "做", "亻主": "住", "亻本": "体", "氵工": "江", "氵每": "海", "氵去": "法", "扌巴": "把", "扌丁": "打", "讠兑": "说",
    "讠十": "计", "讠果": "课", "纟且": "组", "纟合": "给", "纟及": "级", "钅戋": "钱", "忄青": "情", "忄生": "性", "彳艮": "很", "彳主": "往",
    "辶文": "这", "言兑": "說", "糸且": "組", "金戋": "錢",
}  # fmt: skip
PARTICLE = regex("也(?=[。，、；：！？])")  # ends a classical clause: 同我太平之土也。
_LEFT, _RIGHT = ("".join(dict.fromkeys(side)) for side in zip(*HALVES, strict=True))


class Confusion(NamedTuple):
    """A character that is likely another: its offset, what stood there, SHAPE or SOUND, the bits gained, and those that are left."""

    at: int
    form: str
    kind: int
    gain: float
    left: float


@cache
def _table(name: str) -> NDArray[Any]:
    return np.asarray(np.load(TABLES / f"{name}.npy", mmap_mode="r"))


def hashed(first: NDArray[np.uint16], second: NDArray[np.uint16]) -> NDArray[np.uint32]:
    """Hash of each pair of folded code points."""
    keys = first.astype(np.uint32) * np.uint32(FIRST)
    keys += second.astype(np.uint32) * np.uint32(SECOND)
    return keys


@cache
def _first_halves() -> NDArray[np.uint32]:
    """What each code point, folded, adds to the hash as the first of a pair; as the second it adds that times `TURN`; shape (65536,)."""
    return script.fold_table().astype(np.uint32) * np.uint32(FIRST)


@cache
def _rows_of() -> Offsets:
    """First row of each code point in the table of what stands for it, and one past the last; shape (65537,)."""
    return np.asarray(np.searchsorted(_table("ocr_confusables")[:, 0], np.arange((1 << 16) + 1)))


def pair_slots(keys: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Slot and check of the hash of each pair."""
    return keys >> np.uint32(32 - PAIR_BITS), np.maximum(keys.astype(np.uint8), 1)


def odd_pairs(codes: NDArray[np.uint16]) -> Offsets:
    """Places of pairs that only a mistake makes, by the offset of their first character; of a text in 16 bits."""
    table = _table("ocr_pairs")
    if kernels is not None:
        room = np.empty(len(codes), dtype=np.int64)
        return room[: kernels.known_pairs(codes, script.fold_table(), table, room)].copy()
    halves = _first_halves()
    found = [np.empty(0, dtype=np.int64)]
    for start in range(0, max(len(codes) - 1, 0), PIECE):
        first = halves.take(codes[start : start + PIECE + 1], mode="clip")
        keys = first[1:] * TURN
        keys += first[:-1]
        slots, checks = pair_slots(keys)
        found.append((table.take(slots, mode="wrap") == checks).nonzero()[0] + start)  # the slots fit: without checks
    return np.concatenate(found)


def _windows(codes: Codes, at: Offsets) -> Codes:
    """The code points round each place, shape (len(at), BEFORE + 1 + AFTER), a line break first so that rows are judged apart."""
    steps = np.arange(-BEFORE, AFTER + 1)
    places = at[:, None] + steps
    rows = codes.take(places, mode="clip")
    rows[(places < 0) | (places >= len(codes))] = BREAK
    return np.concatenate([np.full((len(at), 1), BREAK, dtype=np.uint32), rows], axis=1).astype(np.uint32)


def _bits(rows: Codes, *, deep: bool) -> NDArray[np.float32]:
    """Surprise of the place and the `AFTER` code points behind it, shape (rows,)."""
    bits = surprise(rows.ravel(), deep=deep).reshape(rows.shape)[:, BEFORE + 1 :]
    return np.asarray(bits.sum(axis=1))


def _gains(rows: Codes, owner: Offsets, forms: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Bits by which each form makes the row of its owner likelier, by pairs of characters; shape (len(forms),)."""
    place = BEFORE + 1
    stood = surprise(rows.ravel()).reshape(rows.shape)[:, place:]
    three = np.ascontiguousarray(rows[:, place - 1 : place + 2]).take(owner, axis=0)
    three[:, 1] = forms
    new = surprise(three.ravel()).reshape(three.shape)
    bits = new[:, 1] + new[:, 2]
    for step in range(2, AFTER + 1):  # what stands farther behind is as likely as before
        bits += stood[:, step].take(owner)
    return np.asarray(stood.sum(axis=1).take(owner) - bits)


def _strange(codes: Codes, at: Offsets) -> NDArray[np.bool_]:
    """Whether each place is unlikely after the character before it, and the one behind it after it."""
    rows = codes.take(at[:, None] + np.arange(-1, 2), mode="clip")
    bits = surprise(rows.ravel()).reshape(rows.shape)
    return np.asarray((bits[:, 1] >= ODD) & (bits[:, 2] >= ODD))


def confusions(text: Text, odd: Offsets, least: float) -> list[Confusion]:
    """Characters of the `odd` pairs whose exchange for one like it in shape or sound makes the text at least `least` bits likelier."""
    codes = text.codes
    if not len(odd):
        return []
    at = _exchangeable(codes, odd)
    at = at[_strange(codes, at)]  # the cheap question first
    return weighed(codes, at[script.modernity(text, at) > MODERN], least)


def _exchangeable(codes: Codes, odd: Offsets) -> Offsets:
    """The characters of the `odd` pairs for which another may stand, ascending."""
    at = distinct(np.concatenate([odd, odd + 1]))
    return np.asarray(at[_has_choices().take(codes.take(at), mode="clip")])


@cache
def _has_choices() -> NDArray[np.bool_]:
    """For which code points another may stand; shape (65536,)."""
    return np.asarray((np.diff(_rows_of()) > 0)[script.fold_table()])


def alike(one: str, other: str) -> bool:
    """Whether two characters are known to stand for one another."""
    first, second = script.fold_table().take([min(ord(char), 0xFFFF) for char in (one, other)])
    return bool(are_alike(first[None], second[None])[0])


def are_alike(first: NDArray[np.uint16], second: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """The same of folded code points, shapes (n,)."""
    keys = first.astype(np.uint32) << np.uint32(16) | second
    known = _alike()
    return np.asarray(known[np.minimum(known.searchsorted(keys), len(known) - 1)] == keys)


@cache
def _alike() -> NDArray[np.uint32]:
    """The characters that stand for one another as pairs, ascending."""
    table = _table("ocr_confusables")
    return np.asarray(table[:, 0].astype(np.uint32) << np.uint32(16) | table[:, 1])


def weighed(codes: Codes, at: Offsets, least: float) -> list[Confusion]:
    """The exchange that gains most at each place, where it gains at least `least` bits."""
    pieces = (at[start : start + TOGETHER] for start in range(0, len(at), TOGETHER))
    return [one for piece in pieces for one in _weighed(codes, piece, least)]


def _weighed(codes: Codes, at: Offsets, least: float) -> list[Confusion]:
    """The same of so many places that memory holds all that is thought of."""
    table, rows_of = _table("ocr_confusables"), _rows_of()
    rows = _windows(codes, at)
    deep = _bits(rows, deep=True)
    kept = deep >= least
    at, rows, deep = at[kept], rows[kept], deep[kept]
    folded = script.fold_table().take(codes[at], mode="clip").astype(np.int64)
    first, size = rows_of[folded], rows_of[folded + 1] - rows_of[folded]
    owner = np.repeat(np.arange(len(at)), size)
    choice = np.arange(len(owner)) + np.repeat(first - (np.cumsum(size) - size), size)
    gain = _gains(rows, owner, table[:, 1].take(choice)) + SHALLOW
    near = np.flatnonzero(gain + SHAPE_BONUS >= least)  # the others neither gain enough nor outdo one that does
    owner, choice = owner[near], choice[near]
    changed = rows[owner]
    changed[:, BEFORE + 1] = table[choice, 1]
    gain = np.minimum(gain[near], deep[owner] - _bits(changed, deep=True))
    worth = gain + np.where(table[choice, 2] == SHAPE, SHAPE_BONUS, 0)
    order = np.lexsort((-worth, owner))
    leaders = order[np.flatnonzero(np.diff(owner[order], prepend=-1))]
    return [
        Confusion(
            int(at[owner[n]]),
            chr(int(table[choice[n], 1])),
            int(table[choice[n], 2]),
            float(gain[n]),
            float(deep[owner[n]] - gain[n]),
        )
        for n in leaders[gain[leaders] >= least].tolist()
    ]


def exchanged(text: Text, odd: Offsets) -> Offsets:
    """Places beside the `odd` pairs that can be exchanged and are unlikely where they stand, whatever the text is about.

    A place at the edge of a line passes: what stands beyond is not known of a text among others.
    """
    codes = text.codes
    at = _exchangeable(codes, odd)
    before, behind = codes.take(at - 1, mode="clip"), codes.take(at + 1, mode="clip")
    edge = (before == BREAK) | (behind == BREAK)
    return np.asarray(at[edge | _strange(codes, at)])


def halves(codes: Codes, odd: Offsets, body: str) -> list[tuple[int, float]]:
    """Places where two characters of the `odd` pairs are the halves of one, and the bits per character that joining them gains."""
    if not len(odd):
        return []
    likely = member(codes[odd], _LEFT) & member(codes[odd + 1], _RIGHT)
    places = [at for at in odd[likely].tolist() if body[at : at + 2] in HALVES and not PARTICLE.match(body, at + 1)]
    found = []
    for at in places:
        whole = np.array([ord(HALVES[body[at : at + 2]])], dtype=np.uint32)
        before, after = codes[max(at - BEFORE, 0) : at], codes[at + 2 : at + 2 + AFTER]
        split = float(surprise(np.concatenate([before, codes[at : at + 2], after]), deep=True)[len(before) :].sum())
        joined = float(surprise(np.concatenate([before, whole, after]), deep=True)[len(before) :].sum())
        if split - joined >= JOINED:
            found.append((at, split - joined))
    return found
