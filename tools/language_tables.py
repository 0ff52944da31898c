"""The small tables of `audit.language`: script folding, readings, token classes. Used by `train_language.py`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import opencc
from numpy.typing import NDArray
from pypinyin import Style
from pypinyin.constants import PHRASES_DICT
from pypinyin.pinyin_dict import pinyin_dict
from pypinyin.style import convert as restyle

from audit.language.letters import bare, key_of, tone_of
from audit.restore import gbk

BMP = 0x10000
HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
SCRIPTS = "_trad", "_simp"  # how the names of genres end
FORM_STEP, RAREST, UNSEEN = 0.1, 12.0, 0.5  # bits, bits, and what a form counts beyond what was seen
RARE_STEP = 4  # a Han character seen less than this (weighted) shares a class with its like


def is_han(code: int) -> bool:
    return any(low <= code < high for low, high in HAN)


def fold_table() -> NDArray[np.uint16]:
    """Traditional to simplified, one code point to one, for the basic plane."""
    table = np.arange(BMP, dtype=np.uint16)
    plain = opencc.OpenCC("t2s")
    for low, high in HAN[:2]:
        for code in range(low, high):
            folded = plain.convert(chr(code))
            if len(folded) == 1 and ord(folded) < BMP:
                table[code] = ord(folded)
    for code in range(HAN[2][0], HAN[2][1]):
        whole = unicodedata.normalize("NFC", chr(code))
        if len(whole) == 1 and ord(whole) < BMP:
            table[code] = table[ord(whole)]
    return table


def write_readings(folder: Path, fold: NDArray[np.uint16]) -> None:
    """`syllables.txt` (toned, then toneless), their keys with zhuyin forms, and sorted (code, syllable) pairs."""
    readings = {code: set(text.split(",")) for code, text in pinyin_dict.items()}
    kin: dict[int, set[str]] = {}
    for code, sounds in readings.items():
        kin.setdefault(int(fold[code]) if code < BMP else code, set()).update(sounds)
    toned = sorted({sound for sounds in readings.values() for sound in sounds})
    toneless = sorted({bare(sound) for sound in toned})
    number = {sound: n for n, sound in enumerate(toned)}
    plain = {sound: n + len(toned) for n, sound in enumerate(toneless)}
    (folder / "syllables.txt").write_text("\n".join([*toned, "", *toneless]) + "\n", encoding="utf-8")

    keys: dict[int, int] = {}
    for sound in toned:
        zhuyin = restyle(sound, Style.BOPOMOFO, strict=True, default=sound)
        for form in (zhuyin, sound):
            if key_of(form):
                keys.setdefault(key_of(form), number[sound] if tone_of(form) or form is zhuyin else plain[bare(sound)])
    for sound in toneless:
        keys[key_of(sound)] = plain[sound]
        keys.setdefault(key_of(sound.replace("ü", "v")), plain[sound])
    order = sorted(keys)
    np.save(folder / "syllable_keys.npy", np.array(order, dtype=np.int64))
    np.save(folder / "syllable_ids.npy", np.array([keys[k] for k in order], dtype=np.uint16))

    usual = np.full(HAN[1][1] - HAN[0][0], 0xFFF, dtype=np.uint16)
    spoken = phrase_readings()
    for code, text in pinyin_dict.items():
        if HAN[0][0] <= code < HAN[1][1]:
            first, *others = ranked(text.split(","), spoken.get(chr(fold[code]), {}))
            usual[code - HAN[0][0]] = number[first] | (0x8000 if others else 0)
    np.save(folder / "usual_readings.npy", usual)

    pairs = {(code << 12) | n for code, sounds in own_and_kin(readings, kin, fold) for n in ids(sounds, number, plain)}
    np.save(folder / "readings.npy", np.array(sorted(pairs), dtype=np.uint32))


def phrase_readings() -> dict[str, dict[str, int]]:
    """How often each character has each reading in the phrase list."""
    found: dict[str, dict[str, int]] = {}
    for phrase, sounds in PHRASES_DICT.items():
        if len(phrase) == len(sounds):
            for char, (sound, *_) in zip(phrase, sounds, strict=True):
                counts = found.setdefault(char, {})
                counts[sound] = counts.get(sound, 0) + 1
    return found


def ranked(listed: Sequence[str], spoken: dict[str, int]) -> Sequence[str]:
    """The usual reading, then those that a reader has to tell from it: heard in a tenth of the phrases or more."""
    counts = {sound: spoken.get(sound, 0) for sound in listed}
    first = max(listed, key=lambda sound: (counts[sound], -listed.index(sound)))
    total = sum(counts.values())
    return [first, *(s for s in listed if s != first and bare(s) != s and counts[s] >= max(2, 0.1 * total))]


def own_and_kin(
    readings: dict[int, set[str]], kin: dict[int, set[str]], fold: NDArray[np.uint16]
) -> Iterable[tuple[int, set[str]]]:
    """Every character with its readings and those of the characters that fold to the same."""
    for code, sounds in readings.items():
        if code < 0x100000:
            yield code, sounds | kin[int(fold[code]) if code < BMP else code]


def ids(sounds: Iterable[str], number: dict[str, int], plain: dict[str, int]) -> Iterable[int]:
    for sound in sounds:
        yield number[sound]
        yield plain[bare(sound)]


def raw_class(code: int, fold: NDArray[np.uint16]) -> int:
    """What stands for a code point before rare ones are joined: itself, or a representative of its class."""
    if 0xFF01 <= code <= 0xFF5E:
        code -= 0xFEE0
    char = chr(code)
    if char in "\n\r\x0b\x0c\u2028\u2029":
        return 10
    category = unicodedata.category(char)
    if char.isspace() or category == "Zs":
        return 32
    if char.isdecimal():
        return ord("0")
    if "a" <= char <= "z" or "A" <= char <= "Z":
        return ord("a") if char >= "a" else ord("A")
    if is_han(code):
        return int(fold[code])
    return code


def group_of(code: int) -> int:
    """The class of a code point too rare for its own: by block and kind, as a negative number."""
    char = chr(code)
    if is_han(code):
        if code < 0x4E00 or code >= 0xA000:
            return -1
        return -2 if encodable(char, "gb2312") else -3 if encodable(char, "big5") else -4
    category = unicodedata.category(char)
    if category in {"Cs", "Co", "Cn", "Cc", "Cf"}:
        return -5 - ["Cs", "Co", "Cn", "Cc", "Cf"].index(category)
    for n, (low, high) in enumerate(BLOCKS):
        if low <= code < high:
            return -10 - n
    return -30 - "LMNPSZ".index(category[0])


BLOCKS = (
    (0x80, 0x250), (0x250, 0x370), (0x370, 0x400), (0x400, 0x530), (0x530, 0x1E00), (0x1E00, 0x2000),
    (0x2500, 0x2580), (0x2580, 0x2600), (0x2E80, 0x3000), (0x3040, 0x30A0), (0x30A0, 0x3100), (0x3100, 0x3130),
    (0x3130, 0x3200), (0x3200, 0x3400), (0xA000, 0xD7B0), (0xFB00, 0x10000),
)  # fmt: skip


def encodable(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def class_table(raw: NDArray[np.uint16], weights: NDArray[np.float64]) -> tuple[NDArray[np.uint16], Sequence[int]]:
    """Token of each code point, shape (65537,) (the last: beyond the basic plane), and the size of each token's class.

    Tokens are numbered by falling weight, so that what is looked up most lies together in memory.
    """
    joined = [int(raw[c]) if weights[raw[c]] >= RARE_STEP else group_of(int(raw[c])) for c in range(BMP)]
    total: dict[int, float] = {}
    members: dict[int, set[int]] = {}
    for code, group in enumerate(joined):
        members.setdefault(group, set()).add(int(raw[code]))
    for group, raws in members.items():
        total[group] = float(sum(weights[r] for r in raws))
    total.pop(10)
    order = [10, *sorted(total, key=lambda g: (-total[g], g))]
    number = {group: n for n, group in enumerate(order)}
    table = np.array([*(number[g] for g in joined), len(order)], dtype=np.uint16)
    return table, [*(len(members[g]) for g in order), 1]


def forms_table(tokens: NDArray[np.uint16], corpora: Mapping[str, NDArray[np.uint32]]) -> NDArray[np.uint8]:
    """How rare each code point is among those that the model takes for the same, in tenths of bits: where the script is not known, in
    traditional and in simplified text; shape (3, 65537).
    """
    written = np.zeros(BMP + 1, dtype=bool)
    written[:BMP], written[:0x80] = gbk.pair_table() > 0, True
    forms = np.maximum(np.bincount(tokens[written], minlength=int(tokens.max()) + 1), 1)
    bits = []
    for ending in SCRIPTS:
        genres = [codes for name, codes in corpora.items() if name.endswith(ending)]
        seen = sum((np.bincount(np.minimum(codes, BMP), minlength=BMP + 1) for codes in genres), np.zeros(BMP + 1))
        every = np.bincount(tokens, seen) + UNSEEN * forms
        bits.append(np.minimum(-np.log2((seen + UNSEEN) / every[tokens]), RAREST))
    return np.rint(np.stack([np.minimum(*bits), *bits]) / FORM_STEP).astype(np.uint8)
