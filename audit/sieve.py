"""Which lines call for which rules: one table look-up per code point, one OR per line.

Every distinct trigger group owns a bit. A line's bits are the OR over its code points, and a rule sees
the lines that hold all of its groups. Characters beyond the BMP count as one. Clean text costs one look-up per character, however many rules there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import is_

import numpy as np
from numpy.typing import NDArray

from audit.language.spot_tables import BEYOND
from audit.language.spots import narrow
from audit.model import Offsets, Text
from audit.native import kernels
from audit.rule import Rule, Scope

PIECE = 1 << 16  # code points looked up at a time: bits of a piece stay in the second-level cache
SIEVED = (Scope.LINE, Scope.TEXT)
Bits = NDArray[np.uint64]


class Sieve:
    """The triggers of a set of rules, as bit tables; built once, used for every text."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        groups = dict.fromkeys(group for rule in rules for group in rule.triggers if rule.scope in SIEVED)
        self._bit = {group: number for number, group in enumerate(groups)}
        self._tables = [np.zeros(BEYOND + 1, dtype=np.uint64) for _ in range(-(-len(groups) // 64))]
        for group, number in self._bit.items():
            points = np.minimum(np.frombuffer(group.encode("utf-32-le"), dtype=np.uint32), BEYOND)
            self._tables[number // 64][points] |= np.uint64(1 << (number % 64))
        self._number = {rule.code: number for number, rule in enumerate(rules)}
        self._needs = np.array([self._need(rule) for rule in rules], dtype=np.uint64).reshape(len(rules), -1)

    def _need(self, rule: Rule) -> list[int]:
        """The bits that a line must hold for this rule, by table."""
        need = [0] * len(self._tables)
        if rule.scope in SIEVED:
            for group in rule.triggers:
                number = self._bit[group]
                need[number // 64] |= 1 << (number % 64)
        return need

    def bits(self, text: Text) -> Bits:
        """The bits of every line, shape (tables, lines)."""
        codes, starts = narrow(text), text.line_starts
        bits = np.zeros((len(self._tables), len(starts)), dtype=np.uint64)
        if kernels is not None:
            for row, table in zip(bits, self._tables, strict=True):
                kernels.line_bits(codes, starts, table, row)
            return bits
        for begin in range(0, len(codes), PIECE):
            piece = codes[begin : begin + PIECE]
            first = text.line_at(begin)
            last = text.line_at(begin + len(piece) - 1) + 1
            cuts = np.maximum(starts[first:last] - begin, 0)
            for row, table in zip(bits, self._tables, strict=True):
                row[first:last] |= np.bitwise_or.reduceat(table.take(piece, mode="wrap"), cuts)
        return bits

    def called(self, bits: Bits) -> list[bool]:
        """Whether each of the groups of each rule occurs somewhere in the text, by rule."""
        whole = np.bitwise_or.reduce(bits, axis=1) if bits.shape[1] else np.zeros(len(bits), dtype=np.uint64)
        called: list[bool] = ((whole & self._needs) == self._needs).all(axis=1).tolist()
        return called

    def called_in(self, bits: Bits, firsts: Offsets) -> NDArray[np.bool_]:
        """The same for many texts in a row, each from a line of `firsts` to the next text; shape (rules, texts)."""
        whole = (
            np.bitwise_or.reduceat(bits, firsts, axis=1) if len(bits) else np.zeros((0, len(firsts)), dtype=np.uint64)
        )
        needs = self._needs[:, :, None]
        return np.asarray(((whole & needs) == needs).all(axis=1))

    def lines(self, rule: Rule, bits: Bits) -> NDArray[np.int64]:
        """The 0-based numbers of the lines that call for a rule, ascending."""
        asked = [
            (row & need) == need for row, need in zip(bits, self._needs[self._number[rule.code]], strict=True) if need
        ]
        if not asked:
            return np.arange(bits.shape[1])
        called = asked[0] if len(asked) == 1 else np.logical_and.reduce(asked)
        return np.asarray(called.nonzero()[0])


_latest: list[tuple[Sequence[Rule], Sieve]] = []


def sieve_of(rules: Sequence[Rule]) -> Sieve:
    """The sieve of these rules; that of the last ones is kept, for a program that audits many texts one by one."""
    for known, sieve in _latest:
        if len(known) == len(rules) and all(map(is_, known, rules)):
            return sieve
    _latest[:] = [(rules, Sieve(rules))]
    return _latest[0][1]
