"""Characters that another passage of the same text proves wrong."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audit.joined import Joined, Mask
from audit.language import script
from audit.language.parallels import differences
from audit.language.shingles import shingles
from audit.model import Edit, Hit, Safety, Severity, Span, Text
from audit.restore.collate import variants
from audit.rule import Scope, family

from .ocr_words import is_spoken_of, is_traditional

rule = family("ocr")

SHOWN = 4  # code points each side of what is quoted
CLASSICAL = 0.0  # bits of `script.modernity`; verse and old prose are quoted in many wordings


def _scout(joined: Joined) -> Mask:
    """Texts in which passages differ by a character, from another or from one of a neighbour."""
    one = shingles(joined.text)
    return joined.holding([one.offset(row[2]) for row in differences(joined.text).tolist()])


@rule(
    "OCR009",
    "worse-reading",
    Severity.MINOR,
    {
        "": "{text!r} in {context!r}: the same passage reads {parallel!r} elsewhere",
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
    """A character that is wrong because the same passage reads better elsewhere in the text: `年度工会戏作目标` beside `年度工会工作目标`.

    Why it matters: a wrong character that exists passes every spelling check; the other passage proves it.
    Left alone: readings of which neither is clearly better (`视察` and `观察`), numerals and members of a series (上 and 下), names, words that were changed
    on purpose, a character too much, verse and classical prose, exercises on miswritten characters. In a text beyond 60,000 characters only passages
    that share the beginning of a clause are found.
    Evidence: the other passage, how many characters around agree, and how much better the text reads with it.
    Repair: the reading of the other passage; suggested.
    """
    found = variants(text)
    if not found:
        return
    modern = script.modernity(text, np.array([one.wrong.span.start for one in found], dtype=np.int64)) > CLASSICAL
    traditional = is_traditional(text)
    for one in (one for one, kept in zip(found, modern.tolist(), strict=True) if kept):
        span, form = one.wrong.span, one.right.said
        if is_spoken_of(text, span.start):
            continue
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


RULES = (worse_reading,)
