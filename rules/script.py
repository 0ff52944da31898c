"""Script: simplified and traditional characters in one text, and two forms of one character."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from audit.language import scouts, script
from audit.language.clauses import in_mixed_clauses
from audit.language.layout import line_numbers
from audit.language.sets import among
from audit.language.spots import member
from audit.model import Edit, Hit, Hits, Offsets, Safety, Severity, Span, Text
from audit.rule import Scope, family

from .script_variants import RULES as VARIANTS

rule = family("script", editorial=True)

REGIONAL = "恒踪"  # the standard of Hong Kong has these as the mainland's has
DIALECT = "吓响扑咤"  # Cantonese words of their own beside 嚇, 響 and 撲
FEW_KINDS, ALWAYS = 3, 3  # a half-converted text leaves many kinds of characters, each now and then
CAP, SHARE = 5, 4  # a variant is odd if it stands at most 5 times and its rival 4 times as often
TENT = frozenset("篷幕蓬蚊營軍床紗")  # beside 帳 the other word: a tent, a curtain


def _minority(text: Text) -> Offsets:
    """Places of characters in the script that is not their line's, in a clause that has both."""
    scripts = script.scripts(text)
    at = in_mixed_clauses(text, scripts)
    if not len(at):
        return at
    traditional = (scripts.bits[at] & script.TRADITIONAL) != 0
    lines = line_numbers(text, at)
    simplified_votes, traditional_votes = (votes[lines] for votes in script.line_votes(text))
    # a line's own script counts, then the document's
    surplus = simplified_votes - traditional_votes
    mostly_simplified = surplus > 0 if scripts.simplified <= scripts.traditional else surplus >= 0
    odd = at[traditional == mostly_simplified]
    odd = odd[~script.foreign(text, odd)]
    own = member(text.codes[odd], DIALECT)
    if own.any() and script.cantonese(text):
        odd = odd[~own]
    return np.asarray(odd[script.modernity(text, odd) > script.MODERN])


def _habits(text: Text, odd: Offsets, simplified: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Places of forms that the text always uses where hardly any other is odd; shape (len(odd),)."""
    kinds, which, counts = np.unique(text.codes[odd], return_inverse=True, return_counts=True)
    own = among(kinds, [ord(form) for form in REGIONAL])
    if np.count_nonzero(~own) <= FEW_KINDS:
        for n in np.flatnonzero(~own & (counts >= ALWAYS)).tolist():
            to_form = script.to_traditional if simplified[which == n][0] else script.to_simplified
            own[n] = to_form(chr(int(kinds[n]))) not in text.body
    return np.asarray(own[which])


@rule(
    "SCR001",
    "mixed-script",
    Severity.MINOR,
    {
        "": "simplified {text!r} in a traditional line",
        "traditional": "traditional {text!r} in a simplified line",
    },
    scope=Scope.TEXT,
    scout=scouts.mixed,
    confidence=0.85,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
)
def mixed_script(text: Text) -> Iterator[Hit | Hits]:
    """A character of one script in a clause of the other, as in `目标責任`.

    Why it matters: it shows text pasted from two sources, or a conversion that gave up half-way; search misses the word.
    Left alone: clauses and lines wholly in the other script (quotations, parallel texts), Japanese and Korean lines, classical texts,
    characters that good texts of both scripts use (群, 床, 峰) or that Cantonese has for words of its own (睇吓). A form that the text always uses, among hardly any other such, is
    the house's or the region's (恒 in Hong Kong) and a remark.
    Repair: the form of the line's own script, to be confirmed: names may keep theirs.
    """
    scripts = script.scripts(text)
    odd = _minority(text)
    simplified = (scripts.bits[odd] & script.SIMPLIFIED) > 0
    merged = simplified & ((scripts.bits[odd] & script.MERGED) > 0)  # which form is meant, SCR002 says
    odd, simplified = odd[~merged], simplified[~merged]
    if not len(odd):
        return
    habit = _habits(text, odd, simplified)

    def hit(start: int, to_form: Callable[[str], str], *, habit: bool) -> Hit:
        form = to_form(text.body[start])
        return Hit(
            Span(start, start + 1),
            {"text": text.body[start]},
            Edit(form),
            confidence=0.4 if habit else None,
            evidence={"form": form, "document": {"simplified": scripts.simplified, "traditional": scripts.traditional}},
            variant="" if to_form is script.to_traditional else "traditional",
            severity=Severity.INFO if habit else None,
        )

    forms = (script.to_simplified, script.to_traditional)
    for n in np.flatnonzero(habit).tolist():
        yield hit(int(odd[n]), forms[int(simplified[n])], habit=True)
    odd, simplified = odd[~habit], simplified[~habit]
    yield Hits(odd, odd + 1, lambda n: hit(int(odd[n]), forms[int(simplified[n])], habit=False), Safety.SUGGESTED)


@rule(
    "SCR003",
    "inconsistent-variant",
    Severity.INFO,
    "{text!r} where the rest of the text has {form!r}",
    scope=Scope.TEXT,
    scout=scouts.varied,
    confidence=0.6,
    repair=Safety.SUGGESTED,
)
def inconsistent_variant(text: Text) -> Iterator[Hit]:
    """One of two accepted forms of a character in a text that otherwise has the other, as in two `帳` among ten `賬`.

    Why it matters: one collection should keep one form; it is also a trace of pasting.
    Left alone: texts that use both freely, and words that have only one form (`帳篷`).
    Repair: the form that the text prefers.
    """
    scripts = script.scripts(text)
    if scripts.traditional <= scripts.simplified:
        return
    at = ((scripts.bits & script.VARIANT) != 0).nonzero()[0]  # three times as fast on booleans
    codes = text.codes[at]
    for pair in script.VARIANTS:
        places = sorted((at[codes == ord(form)] for form in pair), key=len)
        rare, usual = places
        if not 0 < len(rare) <= min(CAP, len(usual) // SHARE):
            continue
        form = text.body[int(usual[0])]
        for start in rare[script.modernity(text, rare) > script.MODERN].tolist():
            beside = text.body[max(start - 1, 0) : start + 2]
            if not TENT.isdisjoint(beside):
                continue
            evidence = {"form": form, "rare": len(rare), "usual": len(usual)}
            yield Hit(Span(start, start + 1), {"text": text.body[start], "form": form}, Edit(form), evidence=evidence)


RULES = (mixed_script, *VARIANTS, inconsistent_variant)
