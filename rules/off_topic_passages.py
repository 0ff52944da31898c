"""Passages that do not belong in their entry."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from audit.joined import Joined, Mask
from audit.language.intruders import MIN_SIZE, intruder
from audit.language.terms import own_terms, subject_terms
from audit.model import Entry, Hit, Offsets, Role, Severity
from audit.rule import Later, Scope, family

rule = family("off-topic")

# Deviations by which a passage lies farther from the rest than the next one does: a remark, and more than one. In 5.6 M characters of
# the corpus, 610 entries of 200 lines, 5 passages lie ahead by the first and 1 by the second, which is of another statute; of 1,030 texts of
# 22 kinds that the tables do not know 4 and none. Of planted passages of another kind 0.26 and 0.21, there 0.17 and 0.12.
AHEAD, CLEAR = 2.0, 3.0
PIECE = 200  # code points of the rest, at least, among which a subject term has to be common
PIECES = 250
FEW_TERMS, HELD = 3, 2  # fewer name no subject; a passage that has more than half of them belongs
UNSURE, SURE = 0.6, 0.9


def long_enough(joined: Joined) -> Mask:
    """For rules that need an entry of some length."""
    return joined.ends - joined.starts >= MIN_SIZE


@rule(
    "TOP002",
    "foreign-passage",
    Severity.INFO,
    {
        "": "this passage does not belong with the rest of its entry: it lacks {lacks} of its {terms} subject terms ({missing})",
        "kind": "this passage is of another kind than the rest of its entry; it speaks of {own}",
    },
    scope=Scope.ENTRY,
    scout=long_enough,
    confidence=0.6,
    preview=True,
)
def foreign_passage(entry: Entry) -> Iterator[Hit]:
    """A passage of another kind of text than the rest of its entry: a scraper, or a paste, put it there.

    Why it matters: the reader takes it for part of the argument, and who quotes the entry quotes it along.
    Left alone: what a writer brings in, behind a colon, in quotation marks, as an item, a row or a statute's article; verse, lists, tables,
    code, sections with headings of their own, passages that are damaged; entries with several such passages, of fewer than
    1,000 or more than 30,000 characters. A passage on another subject in the same kind of prose is not told from a digression.
    Evidence: the entry's subject terms, those that the passage lacks, its own; how many deviations it lies from the rest of the entry,
    measured by how well law, news, verse and their like predict it, and how many farther than the next passage.
    Repair: none; delete the passage or move it.
    """
    found = intruder(entry, AHEAD) if entry.role is Role.ENTRY else None
    if found is None:
        return
    subject = subject_terms(_pieces(entry, found.rest))
    passage = entry.text.body[slice(*found.span)]
    missing = [term for term in subject if term not in passage]
    if len(subject) >= FEW_TERMS and HELD * len(missing) < len(subject):
        return
    own = cache(lambda: own_terms(passage, subject))  # which only a report reads
    yield Hit(
        found.span,
        Later(lambda: {"lacks": len(missing), "terms": len(subject), "missing": missing[:5], "own": own()[:5]}),
        variant="" if len(subject) >= FEW_TERMS else "kind",
        severity=Severity.MINOR if found.ahead >= CLEAR and len(subject) >= FEW_TERMS else None,
        confidence=round(min(SURE, UNSURE + (found.ahead - AHEAD) * (SURE - UNSURE)), 2),
        evidence=Later(
            lambda: {
                "entry_terms": subject,
                "missing": missing,
                "own_terms": own(),
                "deviations": round(found.distance, 1),
                "ahead": round(found.ahead, 1),
                "rank": 1,
                "stretches": len(found.rest) + 1,
            }
        ),
    )


def _pieces(entry: Entry, rest: Offsets) -> list[str]:
    """The rest of the entry in pieces, among which its terms are counted."""
    size = max(PIECE, int((rest[:, 1] - rest[:, 0]).sum()) // PIECES)
    body, pieces, held, length = entry.text.body, [], [], 0
    for start, end in rest.tolist():
        held.append(body[start:end])
        length += end - start
        if length >= size:
            pieces.append("".join(held))
            held, length = [], 0
    return [*pieces, "".join(held)] if held else pieces


RULES = (foreign_passage,)
