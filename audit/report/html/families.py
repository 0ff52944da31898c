"""Letters and families of kinds: a page marks damage by letter and line, not by colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from audit.rule import KINDS
from audit.run import Audit

OTHER = "X"  # kinds that other people's rules bring
LETTERS: Mapping[str, str] = {
    "encoding": "E",
    "mojibake": "M",
    "byte-shift": "B",
    "gloss": "G",
    "placeholder": "P",
    "noise": "N",
    "truncation": "T",
    "elision": "L",
    "numbering": "R",
    "ocr": "O",
    "script": "S",
    "punctuation": "U",
    "boilerplate": "W",
    "off-topic": "F",
    "duplicate": "D",
    "structure": "H",
    "privacy": "I",
    "fact": "C",
}
FAMILIES: Mapping[str, str] = {
    "encoding": "scrambled",
    "mojibake": "scrambled",
    "byte-shift": "scrambled",
    "gloss": "injected",
    "noise": "injected",
    "boilerplate": "injected",
    "placeholder": "missing",
    "truncation": "missing",
    "elision": "missing",
    "numbering": "miswritten",
    "ocr": "miswritten",
    "script": "miswritten",
    "punctuation": "miswritten",
    "off-topic": "foreign",
    "duplicate": "foreign",
    "structure": "foreign",
    "privacy": "check",
    "fact": "check",
}


def letter(kind: str) -> str:
    """The letter of a kind."""
    return LETTERS.get(kind, OTHER)


def css(kind: str) -> str:
    """The classes of a kind, whatever its name."""
    return f"k-{kind} {FAMILIES[kind]}" if kind in FAMILIES else "k-other check"


def letters(audit: Audit) -> dict[str, list[str]]:
    """Letter and classes of each kind of this audit, in the order of the catalogue."""
    order = [*KINDS.values()]
    occurring = {batch.rule.kind for audited in audit.documents for batch in audited.batches}
    ranked = sorted(occurring, key=lambda kind: (order.index(kind) if kind in order else len(order), kind))
    return {kind: [letter(kind), css(kind)] for kind in ranked}
