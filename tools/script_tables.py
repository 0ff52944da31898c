"""The tables of `audit.language.script` and `audit.language.pairs`. Used by `build_tables.py`."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import opencc
from numpy.typing import NDArray

from audit.language import pairs, script, variants

BMP = 0x10000
HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
OTHER_SCRIPTS = ((0x3041, 0x3100), (0x31F0, 0x3200), (0xAC00, 0xD7A4))
DIGITS = ((0x30, 0x3A), (0xFF10, 0xFF1A))
LETTERS = ((0x41, 0x5B), (0x61, 0x7B), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B))
DIGIT, LETTER = 2, 3  # what the fold table has for them; all else that is no Han character is 0

# Forms that good traditional text writes though OpenCC calls them simplified, for the most part older shapes in prints and verse
OLD_SHAPES = "黄却烟韵凉携遥强脚荆况摇横迹栖虚潜静厨咏羡虬脱温户彦"
# Traditional only for OpenCC: standard in simplified text in some words, or Japanese and dialect words
BOTH_USE = "捱拚摺鱀噁諮螢"

NATIVE, CONVERTED, ENCYCLOPEDIA = (
    1.0,
    0.4,
    3.0,
)  # weights: converted text carries the converter's errors, the encyclopaedia is small
CONVERTED_LIMIT = 3_000_000  # code points per simplified genre
LEAST_WEIGHT, LEAST_ODDS, PRIOR = 1.9, 1.0, 0.3
VOTE_BITS = 20
LISTED = 6  # times a pair must be joined by 、
Counts = NDArray[np.float64]


def codes_of(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def dictionary(name: str) -> dict[str, list[str]]:
    """One of OpenCC's dictionaries, of single characters or phrases."""
    home = Path(opencc.__file__).parent / "clib"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.txt"
        source = home / "share" / "opencc" / f"{name}.ocd2"
        command = [str(home / "bin" / "opencc_dict"), "-i", str(source), "-o", str(out), "-f", "ocd2", "-t", "text"]
        subprocess.run(command, check=True, capture_output=True)
        rows = (line.split("\t") for line in out.read_text(encoding="utf-8").split("\n") if "\t" in line)
        return {row[0]: row[1].split(" ") for row in rows}


def single(entries: Mapping[str, list[str]]) -> dict[int, list[int]]:
    """The entries of one code point in the basic plane."""
    kept = {key: [ord(form) for form in forms if len(form) == 1 and ord(form) < BMP] for key, forms in entries.items()}
    return {ord(key): forms for key, forms in kept.items() if len(key) == 1 and ord(key) < BMP and forms}


def fold_table(simpler: Mapping[int, list[int]]) -> NDArray[np.uint16]:
    fold = np.zeros(BMP, dtype=np.uint16)
    for low, high in HAN:
        fold[low:high] = np.arange(low, high)
    for ranges, value in ((DIGITS, DIGIT), (LETTERS, LETTER), (OTHER_SCRIPTS, LETTER)):
        for low, high in ranges:
            fold[low:high] = value
    for form, simple in simpler.items():
        fold[form] = simple[0]
    for members in variants.FAMILIES:
        for member in members:
            fold[ord(member)] = ord(members[0])
    for variant, canonical in variants.SAME.items():
        fold[ord(variant)] = fold[ord(canonical)]
    return fold


def class_table(simpler: Mapping[int, list[int]], richer: Mapping[int, list[int]], native: Counts) -> NDArray[np.uint8]:
    bits = np.zeros(BMP, dtype=np.uint8)
    for ranges, bit in ((HAN, script.HAN), (OTHER_SCRIPTS, script.KANA)):
        for low, high in ranges:
            bits[low:high] |= bit
    regional = {
        ord(form)
        for name in ("TWVariants", "HKVariants")
        for key, forms in dictionary(name).items()
        for form in (key, *forms)
        if len(form) == 1
    }
    for form, others in richer.items():
        accepted = form in regional or native[form] >= 2 or chr(form) in OLD_SHAPES
        if form not in others and form not in simpler and not accepted:
            bits[form] |= script.SIMPLIFIED
    for form, others in simpler.items():
        if form not in others and form not in richer and chr(form) not in BOTH_USE:
            bits[form] |= script.TRADITIONAL
    for members, bit in (
        (variants.FAMILIES, script.MERGED),
        (script.VARIANTS, script.VARIANT),
    ):
        for member in "".join(members):
            bits[ord(member)] |= bit
    for variant, canonical in variants.SAME.items():
        bits[ord(variant)] |= bits[ord(canonical)] & script.MERGED
    watched = [ord(member) for member in variants.TELLING + variants.OVERDONE]
    silent = (bits & script.MERGED) > 0
    silent[watched] = False
    bits[silent] |= script.SILENT
    return bits


def characters(fold: NDArray[np.uint16], text: str) -> Counts:
    count = np.bincount(fold.take(codes_of(text), mode="clip"), minlength=BMP).astype(float)
    count[: LETTER + 1] = 0
    return count


def register_table(
    fold: NDArray[np.uint16], bits: NDArray[np.uint8], modern: Counts, classical: Counts
) -> NDArray[np.int8]:
    odds = np.log2(((modern + 2) / modern.sum()) / ((classical + 2) / max(classical.sum(), 1)))
    odds[modern + classical < 5] = 0
    table = np.clip(np.round(odds * 4), -20, 20).astype(np.int8)[fold]
    table[table == 0] = 1
    table[(bits & script.HAN) == 0] = 0
    return np.asarray(table)


def contexts(text: str, bits: NDArray[np.uint8]) -> tuple[list[NDArray[np.uint64]], NDArray[np.uint8]]:
    """The five context keys of each merged character, and its place in its family."""
    codes = codes_of(text)
    at = np.flatnonzero(bits.take(codes, mode="clip") & script.MERGED)
    family, place, _ = variants.members()
    return variants.context_keys(codes, at, family[codes[at]]), place[codes[at]]


def vote_table(texts: list[tuple[str, float]], bits: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Tag (8 bits), quarter bits of odds (6) and the family member (2) that each context wants."""
    keys, weights = [], []
    for text, weight in texts:
        found, place = contexts(text, bits)
        for key in found:
            keys.append((key & ~np.uint64(3)) | place.astype(np.uint64))
            weights.append(np.full(len(key), weight, dtype=np.float32))
    key, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    summed = np.bincount(inverse, weights=np.concatenate(weights))
    context, row = np.unique(key & ~np.uint64(3), return_inverse=True)
    count = np.zeros((len(context), 4))
    count[row, (key & np.uint64(3)).astype(int)] = summed
    total, most, best = count.sum(axis=1), count.max(axis=1), count.argmax(axis=1)
    odds = np.log2((most + PRIOR) / (total - most + PRIOR))
    kept = np.flatnonzero((total >= LEAST_WEIGHT) & (odds >= LEAST_ODDS))
    kept = kept[np.argsort(total[kept], kind="stable")]  # where two meet in a slot, the commoner stays
    strength = np.clip(np.round(odds[kept] * 4), 1, 63).astype(np.uint16)
    slot, tag = variants.split_key(context[kept], 1 << VOTE_BITS)
    table = np.zeros(1 << VOTE_BITS, dtype=np.uint16)
    table[slot] = (tag << 8) | (strength << 2) | best[kept].astype(np.uint16)
    return table


def list_table(text: str) -> NDArray[np.uint32]:
    codes = codes_of(text)

    def keys(mark: str) -> NDArray[np.uint32]:
        found = pairs.neighbours(codes, np.flatnonzero(codes[2:-2] == ord(mark)) + 2)
        return found[found > 0]

    joined, count = np.unique(keys("、"), return_counts=True)
    return joined[(count >= LISTED) & ~np.isin(joined, keys("。"))].astype(np.uint32)


def build(texts: Mapping[str, str], classical: str) -> dict[str, NDArray[Any]]:
    simpler, richer = single(dictionary("TSCharacters")), single(dictionary("STCharacters"))
    native = "\n".join(text for name, text in texts.items() if name.endswith("_trad"))
    plain = "\n".join(text[:CONVERTED_LIMIT] for name, text in texts.items() if not name.endswith("_trad"))
    converted = opencc.OpenCC("s2t").convert(plain)
    fold = fold_table(simpler)
    seen = np.bincount(np.minimum(codes_of(native), BMP - 1), minlength=BMP).astype(float)
    bits = class_table(simpler, richer, seen)
    verse = "\n".join(line for line in classical.split("\n") if _is_traditional(line, bits))
    encyclopedia = texts.get("encyclopedia_trad", "")
    modern = (
        characters(fold, native[: len(native) // 2])
        + characters(fold, plain)
        + ENCYCLOPEDIA * characters(fold, encyclopedia)
    )
    unfold = np.arange(BMP, dtype=np.uint16)
    usual = single(dictionary("TWVariants"))
    for form, others in richer.items():
        unfold[form] = usual.get(others[0], others)[0]
    evidence = [(native, NATIVE), (encyclopedia, ENCYCLOPEDIA - 1), (converted, CONVERTED), (verse, NATIVE)]
    script.use({"script_fold": fold})
    tables: dict[str, NDArray[Any]] = {
        "script_fold": fold,
        "script_class": bits,
        "script_unfold": unfold,
        "script_register": register_table(fold, bits, modern, characters(fold, verse)),
        "script_votes": vote_table(evidence, bits),
    }
    return tables | {"script_lists": list_table("\n\n\n".join(texts.values()))}


def _is_traditional(line: str, bits: NDArray[np.uint8]) -> bool:
    found = bits.take(codes_of(line), mode="clip")
    return bool(np.count_nonzero(found & script.TRADITIONAL) > 3 * np.count_nonzero(found & script.SIMPLIFIED))
