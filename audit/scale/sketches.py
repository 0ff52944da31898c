"""What the reduce needs of an entry: keys by which likely pairs meet, features of its subject, and what other judges ask for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from audit.language import likeness, subjects
from audit.language.likeness import band_keys
from audit.language.themes import digest
from audit.model import Entry
from audit.rule import Rule, Scope

IN_COLUMNS = (likeness.sketch, subjects.sketch)  # what the table of sketches has columns for
TABLES = -1  # the collection of all records of tables
FIRST_ARGUMENT = -2  # of the files of one entry that the first argument named; the next has the next lower number
BOOKS = 1 << 61  # beyond all numbers of rows


class Home(NamedTuple):
    """What an entry is judged with: the number of its collection, and of the one that it falls to if it is alone there."""

    collection: int
    argument: int


def home_of(path: str, entries: Sequence[Entry], first: int, argument: int, *, chapter: bool) -> Home:
    """Where the entries of a document belong, as `audit.engine.collections` has it; `first` is the number of its first entry.

    Chapters of a book, of which several pieces may be read apart, are known by its path.
    """
    loose = FIRST_ARGUMENT - argument
    if any(entry.record for entry in entries):
        return Home(TABLES, loose)
    if chapter:
        key = hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return Home(BOOKS | (int.from_bytes(key) >> 4), loose)
    return Home(first if len(entries) > 1 else loose, loose)


def sketch_row(entry: Entry, n: int, document: int, home: Home) -> dict[str, Any]:
    """The sketch of an entry as a row; nulls where it is too short to be compared."""
    like, about = likeness.sketch(entry), subjects.sketch(entry)
    row: dict[str, Any] = {
        "n": n,
        "document": document,
        "collection": home.collection,
        "argument": home.argument,
        "digest": None,
        "size": None,
        "bands": None,
        "prints": None,
        "paragraphs": None,
        "paragraph_starts": None,
        "paragraph_ends": None,
        "buckets": None,
        "counts": None,
        "title_buckets": None,
        "han": None,
        "drawn": None,
    }
    if like is not None:
        row |= {
            "digest": like.digest,
            "size": like.size,
            "bands": None if like.signature is None else band_keys(like.signature),
            "prints": like.prints,
            "paragraphs": like.hashes,
            "paragraph_starts": (like.starts - entry.start).astype(np.int32),
            "paragraph_ends": (like.ends - entry.start).astype(np.int32),
        }
    if about is not None:
        row |= {"buckets": about.buckets, "counts": about.counts, "title_buckets": about.title, "han": about.han}
        row["drawn"] = digest(about)
    return row


@dataclass(frozen=True, slots=True)
class Sketcher:
    """A function whose sketches are kept as they are, and the codes of its rules: those that look everywhere, and the others."""

    make: Callable[[Entry], Any]
    wide: tuple[str, ...]
    near: tuple[str, ...]

    @property
    def code(self) -> str:
        """What its sketches are known by."""
        return min(self.wide + self.near)


def sketchers(rules: Sequence[Rule]) -> tuple[Sketcher, ...]:
    """The functions of the rules that judge collections by something else than the columns."""
    found: dict[Callable[..., Any], list[Rule]] = {}
    for rule in rules:
        if rule.scope is Scope.COLLECTION and rule.sketch is not None and rule.sketch not in IN_COLUMNS:
            found.setdefault(rule.sketch, []).append(rule)
    return tuple(
        Sketcher(
            make,
            tuple(rule.code for rule in of if rule.everywhere),
            tuple(rule.code for rule in of if not rule.everywhere),
        )
        for make, of in found.items()
    )
