"""Rules over many short documents: joined, so that each rule looks through all of them once and is called for few.

What is found is what `check_document` finds in each by itself. Nothing is taken from the joined text but the answer to one question:
which rules may say something of which document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import compress
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from audit.engine import Checked, check_document, checked_by
from audit.joined import Joined, Mask, Scout, join
from audit.language.layout import layout
from audit.language.spots import kinds, narrow
from audit.model import Document, Hits, Text
from audit.rule import Rule, Scope
from audit.sieve import Bits, Sieve

MOST, LARGE = 1 << 18, 1 << 16  # code points looked at together; a text so large is looked at by itself
Item = TypeVar("Item")
SEEDED: dict[str, Callable[[Text], NDArray[Any]]] = {
    "narrow": narrow,
    "kinds": kinds,
}  # arrays that each text would make anew


def packed(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """The items in order, as many together as are looked at together; `size` counts code points."""
    held: list[Item] = []
    total = 0
    for item in items:
        held.append(item)
        total += size(item)
        if total >= MOST:
            yield held
            held, total = [], 0
    if held:
        yield held


def check_documents(documents: Sequence[Document], rules: Sequence[Rule], sieve: Sieve) -> list[Checked]:
    """What the rules say of each document, which has one entry; `sieve` is of these rules."""
    short = [document for document in documents if len(document.body) < LARGE]
    found = iter(_together(short, rules, sieve))
    return [
        next(found) if len(document.body) < LARGE else check_document(document, rules, sieve) for document in documents
    ]


def _together(documents: Sequence[Document], rules: Sequence[Rule], sieve: Sieve) -> list[Checked]:
    if not documents:
        return []
    titled = [len(document.entries[0].title_text) > 0 for document in documents]
    seen = without_code(join([document.text.body for document in documents], titled))
    bare = all(document.text is document.source for document in documents)
    source = seen if bare else without_code(join([document.body for document in documents], titled))
    bits = sieve.bits(seen.text)
    firsts = seen.text.line_starts.searchsorted(seen.starts)
    lasts = seen.text.line_starts.searchsorted(np.maximum(seen.ends, seen.starts + 1))
    wanted = called(rules, sieve, bits, sieve.called_in(bits, firsts), (seen, source))
    found = []
    for number, (document, first, last) in enumerate(zip(documents, firsts.tolist(), lasts.tolist(), strict=True)):
        if not wanted[number].any():
            found.append(Checked([], []))
            continue
        seed(document.text, seen, number, first, last)
        own: Bits = bits[:, first:last]
        found.append(checked_by(document, compress(rules, wanted[number].tolist()), sieve, own))
    return found


def called(rules: Sequence[Rule], sieve: Sieve, bits: Bits, asked: Mask, joined: tuple[Joined, Joined]) -> Mask:
    """Which documents each rule may say something of, of those that the sieve `asked` it for; shape (documents, rules).

    `joined` are the texts as a reader sees them, and as they stand.
    """
    known: dict[tuple[Scout, bool], Mask] = {}
    for rule, row in zip(rules, asked, strict=True):
        if rule.scope is Scope.COLLECTION:
            row[:] = False
        if not row.any() or not (rule.scout or rule.by_line):
            continue
        raw = rule.scope is Scope.DOCUMENT
        try:
            if rule.scout is None:
                row[:] &= joined[0].holding(said_at(rule, joined[0].text, sieve, bits))
                continue
            if (rule.scout, raw) not in known:
                known[rule.scout, raw] = rule.scout(joined[raw])
            row[:] &= known[rule.scout, raw]
        except Exception:  # noqa: BLE001, S112 - a rule that fails is asked of each document, and fails there where all can see it
            continue
    return np.asarray(asked.T)


def said_at(rule: Rule, text: Text, sieve: Sieve, bits: Bits) -> list[int]:
    """Where a rule says something of a text."""
    if rule.scope is Scope.LINE:
        lines = map(text.line, sieve.lines(rule, bits).tolist())
        return [line.start for line in lines if any(True for _ in rule.check(line))]
    places: list[int] = []
    for said in rule.check(text):
        places += said.starts.tolist() if isinstance(said, Hits) else [said.span.start]
    return places


def without_code(joined: Joined) -> Joined:
    """The same, no passage of it code: a fence that one text leaves open must not hide the next."""
    text = joined.text
    text.signals.update({"code marks": [], "fences": []})
    lay = layout(text)
    text.signals["layout"] = replace(lay, code=np.zeros(len(lay.starts), dtype=bool))
    return joined


def seed(text: Text, joined: Joined, number: int, first: int, last: int) -> None:
    """Gives a text the arrays that it would make itself, as views of the joined ones; `first` to `last` are its lines."""
    start, end = joined.starts.item(number), joined.ends.item(number)
    whole = joined.text
    own = vars(text)
    own["codes"] = whole.codes[start:end]
    own["_bounds"] = (whole.line_starts[first:last] - start, np.minimum(whole.line_ends[first:last], end) - start)
    for name, make in SEEDED.items():
        text.signals[name] = make(whole)[start:end]
