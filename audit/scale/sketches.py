"""What the reduce needs of an entry: keys by which likely pairs meet, and features of its subject."""

from __future__ import annotations

from typing import Any

import numpy as np

from audit.language import likeness, subjects
from audit.language.likeness import band_keys
from audit.model import Entry

WIDE = 100  # code points of a paragraph that is worth a word when it stands in another entry; as DUP003 has it
MIN_HAN = 40


def sketch_row(entry: Entry, n: int, document: int, *, alone: bool) -> dict[str, Any]:
    """The sketch of an entry as a row; empty lists and nulls where it is too short to be compared."""
    like, about = likeness.sketch(entry), subjects.sketch(entry)
    row: dict[str, Any] = {
        "n": n,
        "document": document,
        "alone": alone,
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
    }
    if like is not None:
        wide = np.flatnonzero(like.ends - like.starts >= WIDE)
        wide = wide[[is_prose(entry.text.body[like.starts[at] : like.ends[at]]) for at in wide]] if len(wide) else wide
        row |= {
            "digest": like.digest,
            "size": like.size,
            "bands": None if like.signature is None else band_keys(like.signature),
            "prints": like.prints,
            "paragraphs": like.hashes[wide],
            "paragraph_starts": (like.starts[wide] - entry.start).astype(np.int32),
            "paragraph_ends": (like.ends[wide] - entry.start).astype(np.int32),
        }
    if about is not None:
        row |= {"buckets": about.buckets, "counts": about.counts, "title_buckets": about.title, "han": about.han}
    return row


def is_prose(passage: str) -> bool:
    """Whether a line is a paragraph of Han characters rather than a command or a row of a table, which repeat by right."""
    return sum("\u3400" <= char <= "\u9fff" for char in passage) >= MIN_HAN
