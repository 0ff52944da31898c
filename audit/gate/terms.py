"""Names, places and words that are right here, whatever a rule makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from audit.config import Config
from audit.engine import Batch
from audit.errors import AuditError
from audit.model import Document
from audit.words import cause

# What these kinds say is about bytes, about more than a word, or about figures; a word that is right does not answer it.
OTHERS = frozenset(
    {"encoding", "truncation", "numbering", "off-topic", "duplicate", "structure", "boilerplate", "fact"}
)


def spare(batches: Sequence[Batch], document: Document, config: Config) -> list[Batch]:
    """The batches without the hits that lie inside a listed term."""
    terms = terms_of(config)
    if not terms:
        return list(batches)
    lengths = sorted({len(term) for term in terms})
    left = [batch if batch.rule.kind in OTHERS else spared(batch, document.body, terms, lengths) for batch in batches]
    return [batch for batch in left if len(batch)]


def spared(batch: Batch, body: str, terms: frozenset[str], lengths: Sequence[int]) -> Batch:
    """The batch without the hits inside a term."""
    spans = zip(batch.starts.tolist(), batch.ends.tolist(), strict=True)
    return batch.keep(np.array([not inside(body, start, end, terms, lengths) for start, end in spans], dtype=bool))


def inside(body: str, start: int, end: int, terms: frozenset[str], lengths: Sequence[int]) -> bool:
    """Whether a span lies in a stretch of the body that is a term."""
    return any(
        body[at : at + length] in terms
        for length in lengths
        if length >= end - start
        for at in range(max(end - length, 0), start + 1)
    )


def terms_of(config: Config) -> frozenset[str]:
    """The terms of the settings and of the files that they name; AuditError for a file that cannot be read."""
    root = Path(config.root)
    return frozenset(config.terms).union(*(listed(root / name) for name in config.term_files)) - {""}


def listed(file: Path) -> frozenset[str]:
    """A file of terms, one a line; what follows a `#` is a comment."""
    try:
        state = file.stat()
        return read(file, state.st_mtime_ns, state.st_size)
    except (OSError, UnicodeDecodeError) as error:
        reason = cause(error)
        raise AuditError("{path}: the list of terms cannot be read: {reason}", path=file, reason=reason) from error


@lru_cache(maxsize=64)
def read(file: Path, *_state: int) -> frozenset[str]:
    """The terms of a file in this state: a long list is not read again for each document."""
    return frozenset(line.split("#", 1)[0].strip() for line in file.read_bytes().decode("utf-8-sig").split("\n"))
