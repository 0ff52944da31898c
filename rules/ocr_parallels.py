"""Characters that another passage of the same text proves wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from audit.joined import Joined, Mask
from audit.language import script
from audit.language.misreadings import misreadings
from audit.language.parallels import LEAST, repeated
from audit.model import Edit, Hit, Safety, Severity, Span, Text
from audit.restore.collate import Variant, variants
from audit.restore.usage import Usage, unusual
from audit.rule import Scope, family

from .ocr_words import is_spoken_of, is_traditional

rule = family("ocr")

Found = TypeVar("Found", Variant, Usage)

SHOWN = 4  # code points each side of what is quoted
CLASSICAL = 0.0  # bits of `script.modernity`; verse and old prose are quoted in many wordings


def _scout(joined: Joined) -> Mask:
    """Texts that repeat the beginning of a clause, and those that are long enough to be asked more."""
    return repeated(joined.text, joined.starts) | (joined.ends - joined.starts >= LEAST)


@rule(
    "OCR009",
    "worse-reading",
    Severity.MINOR,
    {
        "": "{text!r} in {context!r}: the same passage reads {parallel!r} elsewhere",
        "habit": "{text!r} in {context!r}: the text else has {parallel!r}, {times} times",
        "lost": "{form!r} is missing in {context!r}: the same passage reads {parallel!r} elsewhere",
    },
    scope=Scope.TEXT,
    scout=_scout,
    confidence=0.8,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
    preview=True,
)
def worse_reading(text: Text) -> Iterator[Hit]:
    """A character that is wrong because the same passage reads better elsewhere in the text: `年度工会戏作目标` beside `年度工会工作目标`; or because
    the text has a look-alike between the same neighbours everywhere else: `集本合同` among `集体合同`.

    Why it matters: a wrong character that exists passes every spelling check; the other passage proves it.
    Left alone: readings of which neither is clearly better (`视察` and `观察`), numerals and members of a series (上 and 下), names, words that were changed
    on purpose, a character too much, verse and classical prose, exercises on miswritten characters. In a text of fewer than 2,000 characters or
    more than 60,000 only passages that share the beginning of a clause are found.
    Evidence: the other passage or how often the text has the other character, how many characters around agree, and how much better the text reads with it.
    Repair: the reading of the other passage; suggested.
    """
    found = _modern(text, variants(text))
    traditional = is_traditional(text) if found else False
    for one in found:
        span, form = one.wrong.span, one.right.said
        form = script.to_traditional(form) if traditional else form
        context, parallel = (
            before + side.said + behind for side in (one.wrong, one.right) for before, behind in [side.around(SHOWN)]
        )
        values = {"text": one.wrong.said, "form": form, "context": context, "parallel": parallel}
        evidence = {"form": form, "elsewhere": parallel, "equal": one.equal, "gain_bits": round(one.gain, 1)}
        confidence = round(min(0.75 + one.gain / 100, 0.95), 2)
        if one.wrong.said:
            yield Hit(span, values, Edit(form), confidence, evidence)
            continue
        wide = Span(span.start - 1, span.end + 1)
        edit = Edit(text.body[wide.start] + form + text.body[span.end])
        yield Hit(wide, values, edit, confidence, evidence, "lost")
    told = {one.wrong.span for one in found}
    yield from (_told(one) for one in _modern(text, unusual(text)) if one.wrong.span not in told)


def _told(one: Usage) -> Hit:
    """What is said of a character that the text writes otherwise everywhere else."""
    before, behind = one.wrong.around(SHOWN)
    context = before + one.wrong.said + behind
    values = {"text": one.wrong.said, "context": context, "parallel": one.parallel, "times": one.times}
    evidence = {"form": one.form, "elsewhere": one.parallel, "count": one.times, "gain_bits": round(one.gain, 1)}
    return Hit(one.wrong.span, values, Edit(one.form), 0.85, evidence, "habit")


def _modern(text: Text, found: Sequence[Found]) -> list[Found]:
    """Those that stand in modern prose and are not spoken of as miswritten."""
    if not found:
        return []
    modern = script.modernity(text, np.array([one.wrong.span.start for one in found], dtype=np.int64)) > CLASSICAL
    told = misreadings(text)  # OCR007 is surer of these
    kept = (one for one, new in zip(found, modern.tolist(), strict=True) if new and one.wrong.span.start not in told)
    return [one for one in kept if not is_spoken_of(text, one.wrong.span.start)]


RULES = (worse_reading,)
