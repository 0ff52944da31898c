"""Searches side by side: what each asks for next is judged in one go, so that many cost little more than one.

A search is a generator: it yields what it wants to know, an `Ask`, and is sent the answer.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from audit.restore.shelf import Shelf
from audit.restore.weighing import Ask, answers

T = TypeVar("T")
Asking: TypeAlias = Generator[Ask, Any, T]
ABREAST = 64  # searches that go side by side: memory stays bounded


def together(searches: Iterable[Asking[T]]) -> list[T]:
    """What each search comes to."""
    waiting = iter(searches)
    done: list[T] = []
    while some := list(islice(waiting, ABREAST)):
        done += _abreast(some)
    return done


def alone(search: Asking[T]) -> T:
    """What one search comes to."""
    return _abreast([search])[0]


def _abreast(searches: Sequence[Asking[T]]) -> list[T]:
    results: dict[int, T] = {}
    shelf = Shelf()
    told: list[tuple[int, Any]] = [(n, None) for n in range(len(searches))]
    while told:
        asking: list[tuple[int, Ask]] = []
        for n, answer in told:
            try:
                asking.append((n, searches[n].send(answer)))
            except StopIteration as end:
                results[n] = end.value
        found = answers([ask for _, ask in asking], shelf)
        told = [(n, answer) for (n, _), answer in zip(asking, found, strict=True)]
    return [results[n] for n in range(len(searches))]
