"""Runs of characters made of the trail byte of one and the lead byte of the next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from audit.model import Edit, Hit, Hits, Safety, Severity, Span, Text
from audit.restore import residues, scouts
from audit.restore.adrift import adrift
from audit.restore.restoration import Verdict
from audit.restore.scan import Shift, hexadecimal, shifts
from audit.restore.sense import is_senseless
from audit.rule import Scope, family

rule = family("byte-shift")

LOST_PAIR = "?"
MESSAGES: Mapping[str, str] = {
    "": "{text!r} was {original!r}: its bytes were paired one off",
    "ranked": "{text!r} may have been {original!r}: its bytes were paired one off",
    "lost": "the bytes of {text!r} were paired one off and some were lost; {original!r} is left",
}


def _hits(text: Text, mechanism: str) -> Iterator[Hits]:
    every = [shift for shift in shifts(text) if shift.told.found.mechanism == mechanism and not _residue(text, shift)]
    if every:
        yield Hits(
            np.array([shift.start for shift in every], dtype=np.int64),
            np.array([shift.end for shift in every], dtype=np.int64),
            lambda n: _hit(text, every[n]),
            [_safety(text, shift) for shift in every],
            np.array([shift.told.confidence for shift in every]),
        )


def _residue(text: Text, shift: Shift) -> bool:
    """Whether the characters are what lost bytes look like (`锟斤拷`): nothing was shifted there."""
    return residues.pattern().search(text.body, shift.start, shift.end) is not None


def _safety(text: Text, shift: Shift) -> Safety | None:
    """How safe the repair is; None where most is told but not offered: `?` may stand for a lost pair as well as for a mark."""
    verdict = shift.told.found.verdict
    if verdict is Verdict.EXACT:
        return Safety.SAFE
    if verdict is Verdict.PARTIAL:
        return None
    doubtful = shift.told.found.mechanism == "F1" and LOST_PAIR in text.body[shift.start : shift.end]
    if doubtful and is_senseless(text.body, shift.start, shift.end, shift.told.shown().proposals[0].text):
        return None
    return Safety.SUGGESTED


def _hit(text: Text, shift: Shift) -> Hit:
    shifted, damage = shift.told, text.body[shift.start : shift.end]
    found, shown = shifted.found, shifted.shown()
    original = shown.proposals[0].text
    evidence = {
        "mechanism": found.mechanism,
        "verdict": found.verdict.value,
        "before": hexadecimal(damage),
        "after": shown.after,
        "lost": shown.gaps,
        "bits gained": round(found.gain, 1),
        "originals": [{"text": p.text, "probability": round(p.probability, 3)} for p in shown.proposals],
    }
    safety = _safety(text, shift)
    edit = Edit(original, safety) if safety else None
    variant = "" if found.verdict is Verdict.EXACT else "ranked"
    if found.verdict is Verdict.PARTIAL:
        variant, original = "lost", shown.holed
    values: dict[str, Any] = {"text": damage, "original": original}
    return Hit(Span(shift.start, shift.end), values, edit, shifted.confidence, evidence, variant)


@rule(
    "BYT001",
    "shift-at-mark",
    Severity.MAJOR,
    MESSAGES,
    scope=Scope.TEXT,
    scout=scouts.shifted,
    repair=Safety.SAFE,
)
def shift_at_mark(text: Text) -> Iterator[Hits]:
    """A run of shifted characters behind a mark that never stood there, as in `當勞;顒` for `當勞模活動`.

    Why it matters: a clean-up that looked for ， ； ！ ？ byte by byte found one across the border of two characters, cut there,
    and every byte behind it was paired with the wrong neighbour up to the next mark. Readers see rare characters without
    sense, models learn them.
    Left alone: rare characters in names, verse and dialect that read no better when paired otherwise.
    Repair: the bytes are paired again and the lost ones searched. Safe only if breaking the result again gives the damage
    and no other original is near; else the likeliest originals are offered.
    """
    return _hits(text, "F1")


@rule(
    "BYT002",
    "shift-at-gloss",
    Severity.MAJOR,
    MESSAGES,
    scope=Scope.TEXT,
    scout=scouts.shifted,
    repair=Safety.SAFE,
)
def shift_at_gloss(text: Text) -> Iterator[Hits]:
    """A gloss put between the two bytes of a character, as in `總?cè)蝿?wù)` for `總任務`: one byte shows as `?`, the rest is shifted.

    Why it matters: a program that glosses characters found one across the border of two others.
    Left alone: a question mark before a word in brackets, where no character of that reading can have stood.
    Repair: the swallowed byte follows from the reading; safe under the same terms as BYT001.
    """
    return _hits(text, "G")


@rule(
    "BYT003",
    "shift-at-indent",
    Severity.MAJOR,
    MESSAGES,
    scope=Scope.TEXT,
    scout=scouts.shifted,
    repair=Safety.SAFE,
)
def shift_at_indent(text: Text) -> Iterator[Hits]:
    """A line whose indent and bracket were read as a full stop, as in `。ㄒ唬╇S著` for `（一）隨著`.

    Why it matters: the number of the item is lost to a reader, and the characters behind it are shifted.
    Left alone: a full stop that opens a line because the line above was wrapped.
    Repair: the bracket and its number follow from the bytes, or from the items before and behind; of an indent of several blanks
    the one that was cut in two comes back. Safe under the same terms as BYT001; a long line that is shifted to its end is
    restored in parts, as a suggestion.
    """
    return _hits(text, "F3")


@rule(
    "BYT004",
    "shift-adrift",
    Severity.MAJOR,
    "{text!r} makes sense when its bytes are paired the other way: {original!r}",
    scope=Scope.TEXT,
    scout=scouts.adrift,
    confidence=0.95,
)
def shift_adrift(text: Text) -> Iterator[Hit]:
    """A run of characters that reads well once every byte is paired with its other neighbour, whatever shifted it.

    Why it matters: a text that was cut inside a character is unreadable from there to the next Latin letter, digit or line break.
    Left alone: names, verse and other languages, which read no better when paired otherwise; runs that the other rules explain.
    Repair: none is applied, as both ends are lost and pairs may have vanished; the evidence holds what can be read.
    """
    known = shifts(text)
    for run in adrift(text):
        behind = bisect_right(known, run.start, key=lambda shift: shift.end)
        if behind == len(known) or known[behind].start >= run.end:
            shown = text.body[run.start : run.end]
            yield Hit(
                Span(run.start, run.end),
                {"text": shown, "original": run.text},
                evidence={
                    "verdict": Verdict.PARTIAL.value,
                    "before": hexadecimal(shown),
                    "read": run.text,
                    "bits gained": round(run.gain, 1),
                },
            )


RULES = (shift_at_mark, shift_at_gloss, shift_at_indent, shift_adrift)
