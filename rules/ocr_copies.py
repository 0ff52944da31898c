"""Characters that the same passage in another text of the collection proves wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from audit.language import script
from audit.language.misreadings import misreadings
from audit.language.spots import kinds
from audit.language.witnesses import Witness, meetings, witness
from audit.model import Edit, Entry, Hit, Place, Safety, Severity, Span
from audit.restore.collate import Variant
from audit.restore.fluency import folded
from audit.restore.testimony import testimonies
from audit.rule import Scope, family

from .ocr_parallels import CLASSICAL, SHOWN
from .ocr_words import is_spoken_of

rule = family("ocr")

OPENING = 1 << 16  # code points of an entry that tell its script


@rule(
    "OCR010",
    "worse-copy",
    Severity.MINOR,
    {
        "": "{text!r} in {context!r}: the same passage reads {parallel!r} in {elsewhere}",
        "lost": "{form!r} is missing in {context!r}: the same passage reads {parallel!r} in {elsewhere}",
    },
    scope=Scope.COLLECTION,
    sketch=witness,
    everywhere=True,
    streams=True,
    confidence=0.85,
    repair=Safety.SUGGESTED,
    preview=True,
)
def worse_copy(sketches: Sequence[Witness | None], fetch: Callable[[int], Entry]) -> Iterator[tuple[int, Hit]]:
    """A character that is wrong because another file or record has the same passage with a better one, or with one that is lost here: `年度工会戏作目标`
    beside `年度工会工作目标`.

    Why it matters: a wrong character that exists passes every spelling check; the other copy proves it.
    Left alone: readings of which neither is clearly better (`视察` and `观察`), numerals and members of a series (上 and 下), names, words that were changed
    on purpose, a character too much, what a text writes so again and again or more entries have than not, verse and classical prose, exercises on miswritten characters; passages that more than
    six entries hold, and those of fewer than some forty characters. Passages of one text are OCR009's.
    Where an entry has but one such place it is a remark: of 18 million characters of published text, cut into files, 14 are told, 10 of them misprints.
    Evidence: the place of the other passage, how many characters around agree, and how much better the text reads with it.
    Repair: the reading of the other passage; suggested.
    """
    found = [
        one for one in testimonies(meetings(sketches), fetch) if _stands(fetch(one.wrong.home), one.wrong.span.start)
    ]
    each = Counter(one.wrong.home for one in found)
    for one in found:
        home = one.wrong.home
        yield home, replace(_hit(fetch(home), one), severity=Severity.INFO if each[home] == 1 else None)


def _stands(entry: Entry, at: int) -> bool:
    """Whether a wrong reading stands in modern prose, is not spoken of as miswritten, and is no word that OCR007 tells."""
    modern = script.modernity(entry.text, np.array([at], dtype=np.int64)) > CLASSICAL
    return bool(modern[0]) and at not in misreadings(entry.text) and not is_spoken_of(entry.text, at)


def _hit(entry: Entry, one: Variant) -> Hit:
    wrong, right = one.wrong, one.right
    form = _in_script_of(entry, right.said)
    context, parallel = (
        before + side.said + behind for side in (wrong, right) for before, behind in [side.around(SHOWN)]
    )
    elsewhere = Place(right.home, right.span)
    values = {"text": wrong.said, "form": form, "context": context, "parallel": parallel, "elsewhere": elsewhere}
    evidence = {
        "form": form,
        "elsewhere": parallel,
        "copy": elsewhere,
        "equal": one.equal,
        "gain_bits": round(one.gain, 1),
    }
    confidence = round(min(0.8 + one.gain / 100, 0.95), 2)
    if wrong.said:
        return Hit(wrong.span, values, Edit(form), confidence, evidence)
    wide = Span(wrong.span.start - 1, wrong.span.end + 1)
    edit = Edit(wrong.body[wide.start] + form + wrong.body[wrong.span.end])
    return Hit(wide, values, edit, confidence, evidence, "lost")


def _in_script_of(entry: Entry, form: str) -> str:
    """A character as the entry writes it, in simplified or traditional script."""
    bits = kinds(entry.text)[entry.start : entry.end][:OPENING]
    traditional = np.count_nonzero(bits & script.TRADITIONAL) > np.count_nonzero(bits & script.SIMPLIFIED)
    simple = folded(form)
    return script.to_traditional(simple) if traditional else simple


RULES = (worse_copy,)
