"""The traditional forms that simplification merged into one, and which of them a context wants.

The table `script_votes` (built by `tools/build_tables.py`) holds what contexts in traditional prose say: for 干 between 若 and 人
that it stays, before 部 that it is 幹.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audit.language.script import fold_table, table
from audit.model import Codes, Offsets
from audit.native import kernels

Bytes = NDArray[np.uint8]

# What simplification merged: the simplified form first, then the traditional ones; a traditional text may also use the first.
# Left out are pairs that good traditional text uses side by side: 台臺 周週 占佔 布佈 托託 群羣 為爲 秘祕 念唸 升昇 注註 欲慾 雇僱 吊弔 岩巖.
_FAMILIES = (
    "干幹乾 于於 后後 里裡 制製 系係繫 采採 范範 么麼 游遊 征徵 斗鬥 并並併 余餘 咨諮 致緻 发發髮 历歷曆 复復複覆 只隻 面麵 表錶 谷穀 准準 "
    "冲衝沖 松鬆 云雲 丑醜 划劃 几幾 板闆 舍捨 胡鬍 须須鬚 郁鬱 御禦 向嚮 夸誇 当當噹 尽盡儘 团團糰 坛壇罈 获獲穫 脏髒臟 钟鐘鍾 "
    "签簽籤 纤纖縴 饥飢饑 弥彌瀰 辟闢 蒙矇濛 杰傑 价價 仆僕 佣傭 极極 术術 别別 厂廠 广廣 党黨 据據 种種 筑築 胜勝 适適 涂塗 柜櫃 丰豐 "
    "确確 叶葉 虫蟲 亏虧 折摺 修脩 姜薑 咸鹹 卜蔔 秋鞦 千韆 了瞭 借藉 克剋 出齣 合閤 刮颳 朴樸 症癥 腊臘 累纍 苹蘋 愿願 凄淒悽"
)
FAMILIES = tuple(_FAMILIES.split())
# Members that are looked at in every text: simplified forms that good prose hardly has, and traditional ones that converters overdo
TELLING = "于后并么范干采斗发丑价杰极术别厂广党据种筑胜适涂柜丰确叶虫亏冲团坛获脏钟签纤饥弥尽当几郁御须胡游历复"
OVERDONE = "乾幹後裡裏隻髮發鬆麵穀雲係繫曆鬱醜齣鞦韆籤鬍鬚捨闢閤嚮鐘鍾臟髒瞭製鬥範餘複復"
SAME = {"裏": "裡", "麽": "麼", "鬭": "鬥", "幷": "並"}  # regional forms of one character


class Votes(NamedTuple):
    """What contexts say about characters of families; shapes (n,).

    `form` is the wanted member, `wanted` and `present` the odds (bits) for it and for what stands, `right` whether they are one,
    `traditional` whether what stands is another than the simplified form.
    """

    form: Codes
    wanted: NDArray[np.float32]
    present: NDArray[np.float32]
    right: NDArray[np.bool_]
    traditional: NDArray[np.bool_]

    def take(self, which: NDArray[Any]) -> Votes:
        """Some of them, by index or mask."""
        return Votes(*(part[which] for part in self))


@cache
def members() -> tuple[Codes, Bytes, NDArray[np.uint32]]:
    """Family number and place in the family by code point (65536,), and the families as (families, 4) code points."""
    family = np.full(65536, 0xFFFF, dtype=np.uint32)
    place = np.zeros(65536, dtype=np.uint8)
    forms = np.zeros((len(FAMILIES), 4), dtype=np.uint32)
    for number, family_members in enumerate(FAMILIES):
        for index, member in enumerate(family_members):
            family[ord(member)], place[ord(member)] = number, index
            forms[number, index] = ord(member)
    for variant, canonical in SAME.items():
        family[ord(variant)], place[ord(variant)] = family[ord(canonical)], place[ord(canonical)]
    return family, place, forms


def context_keys(codes: Codes, at: Offsets, family: NDArray[np.uint32]) -> list[NDArray[np.uint64]]:
    """Hashes of the five contexts of each place: left and right, two left, two right, left, right."""
    fold = fold_table()
    near = []
    edge = len(at) > 0 and (at.min() < 2 or at.max() + 2 >= len(codes))
    for step in (-2, -1, 1, 2):
        places = at + step
        beside = fold.take(codes.take(places, mode="clip"), mode="clip").astype(np.uint64)
        if edge:
            beside[(places < 0) | (places >= len(codes))] = 0
        near.append(beside)
    base = family.astype(np.uint64) << np.uint64(40)
    keys = []
    for kind, (a, b) in enumerate(((1, 2), (0, 1), (2, 3), (1, 1), (2, 2))):
        key = base | (near[a] << np.uint64(24)) | (near[b] << np.uint64(8)) | np.uint64(kind)
        key *= np.uint64(0x9E3779B97F4A7C15)
        keys.append(key ^ (key >> np.uint64(29)))
    return keys


def split_key(key: NDArray[np.uint64], size: int) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """Slot and 8-bit tag of a hash in a table of `size` (a power of two)."""
    slot = ((key >> np.uint64(20)) & np.uint64(size - 1)).astype(np.int64)
    tag = ((key >> np.uint64(48)) & np.uint64(0xFF)).astype(np.uint16)
    return slot, np.maximum(tag, 1)


def votes(codes: Codes, at: Offsets) -> Votes:
    """What the contexts of the merged characters at `at` say; shapes (len(at),)."""
    family_of, place_of, forms = members()
    here = codes[at]
    family = family_of[here]
    weight = _weights(codes, at, family).reshape(len(at), 4)
    rows = np.arange(len(at))
    place = place_of[here]
    best = weight.argmax(axis=1)
    wanted, present = weight[rows, best], weight[rows, place]
    return Votes(forms[family, best], wanted, present, wanted == present, place > 0)


def _weights(codes: Codes, at: Offsets, family: NDArray[np.uint32]) -> NDArray[np.float32]:
    """The odds for each form of each place's family, four in a row; shape (4 * len(at),)."""
    flat = np.zeros(4 * len(at), dtype=np.float32)
    cells = table("script_votes")
    if kernels is not None and codes.dtype == np.uint32 and codes.flags.c_contiguous:
        kernels.form_votes(codes, np.ascontiguousarray(at), fold_table(), family, cells, flat)
        return flat
    for key in context_keys(codes, at, family):
        slot, tag = split_key(key, len(cells))
        cell = cells.take(slot)
        known = np.flatnonzero((cell >> 8) == tag)
        told = cell.take(known)
        flat[4 * known + (told & 3)] += ((told >> 2) & 63) / np.float32(4)
    return flat


def regional(form: str, body: str) -> str:
    """The form of the same character that `body` uses: 裏 where it writes 裏."""
    return next(
        (variant for variant, canonical in SAME.items() if canonical == form and variant in body and form not in body),
        form,
    )
