"""Words that exist only where a character was misread."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from audit.language import scouts, script
from audit.language.misreadings import misreadings
from audit.language.spots import kinds
from audit.model import Edit, Hit, Offsets, Safety, Severity, Span, Text
from audit.rule import Scope, family

rule = family("ocr")

CLASSICAL = -0.1  # bits of `script.modernity`; of places in classical verse 0.1 % lie above -0.05
TYPED = "已己侯"  # typists confuse them as often, and readers pass over them: one in a long text is a remark
SPARSE, PASSAGE = 2000, 500  # code points to a misreading; in so many one is alone


def is_traditional(text: Text) -> bool:
    """Whether the text's opening is in traditional script."""
    bits = kinds(text)[: 1 << 16]
    return bool(np.count_nonzero(bits & script.TRADITIONAL) > np.count_nonzero(bits & script.SIMPLIFIED))


@rule(
    "OCR007",
    "misread-word",
    Severity.MINOR,
    "{text!r} is a misread {form!r} in {context!r}",
    scope=Scope.TEXT,
    scout=scouts.misread,
    confidence=0.9,
    repair=Safety.SUGGESTED,
    alone=Severity.INFO,
)
def misread_word(text: Text) -> Iterator[Hit]:
    """A word that exists only where a character was read for another of its shape: `自已`, `末来`, `5月3曰`, `12尸`.

    Why it matters: the word is lost to search, and a date or a count to every program.
    Left alone: the same characters at the border of two words (`自己经历`, `本月未完成`), classical texts. In a text that has
    hardly any, one that typists make too (已 for 己, 侯 for 候) is a remark.
    Repair: the character that was meant.
    """
    found = misreadings(text)
    if not found:
        return
    at = np.array(sorted(found), dtype=np.int64)
    at = at[(script.modernity(text, at) > CLASSICAL) | _behind_digit(text, at)]
    traditional = is_traditional(text)
    dense = len(at) * SPARSE > len(text.codes) and (len(at) > 1 or len(text.codes) < PASSAGE)
    for start in at.tolist():
        seen = text.body[start]
        form = script.to_traditional(found[start]) if traditional else found[start]
        context = text.body[max(start - 2, 0) : start + 3]
        yield Hit(
            Span(start, start + 1),
            {"text": seen, "form": form, "context": context},
            Edit(form),
            severity=Severity.INFO if seen in TYPED and not dense else None,
            evidence={"form": form, "context": context},
        )


def _behind_digit(text: Text, at: Offsets) -> NDArray[np.bool_]:
    """Which places stand behind a digit, which classical texts do not write."""
    before = text.codes.take(at - 1, mode="clip")
    return (before >= ord("0")) & (before <= ord("9"))


RULES = (misread_word,)
