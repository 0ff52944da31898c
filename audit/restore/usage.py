"""Characters that a text writes otherwise everywhere else, where the language sides with the rest: `集本合同` among `集体合同`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from audit.language.confusables import are_alike
from audit.language.habits import NEIGHBOURS, lone_readings
from audit.language.shingles import shingles
from audit.model import Span, Text
from audit.restore.collate import SERIES, Reading, are_words
from audit.restore.fluency import words_bits

# Bits by which the text reads better with the usual character, where what stands makes no word, and where it does: of 16 M characters of good
# prose, news, judgments and interfaces 16 places are told, about 13 of them misprints (`搬迂`, `搜素引擎`, `中国公产主义`).
GAIN, WORD_GAIN, OFTEN = 11.0, 18.0, 3


class Usage(NamedTuple):
    """What stands there, the usual character, the neighbours with it, how often the text has them, and the bits that it gains."""

    wrong: Reading
    form: str
    parallel: str
    times: int
    gain: float


def unusual(text: Text) -> list[Usage]:
    """Such places, ascending; computed once."""
    return text.signal("unusual", _unusual)  # type: ignore[no-any-return]


def _unusual(text: Text) -> list[Usage]:
    one = shingles(text)
    rows = lone_readings(text)
    rows = rows[are_alike(one.kept[rows[:, 0]], one.kept[rows[:, 1]])]
    asked: dict[int, tuple[Reading, int, int, int]] = {}
    for place, other, count, kind in rows.tolist():
        at, there = one.offset(place), one.offset(other)
        said = text.body[at], text.body[there]
        if all("\u3400" <= char <= "\u9fff" for char in said) and not all(char in SERIES for char in said):
            known = asked.get(at)
            if known is None or known[2] < count:
                asked[at] = Reading(text.body, Span(at, at + 1)), there, count, kind
    if not asked:
        return []
    readings = list(asked.values())
    bits = words_bits([found.with_(char) for found, there, _, _ in readings for char in (found.said, text.body[there])])
    gains = (bits[::2] - bits[1::2]).tolist()
    words = are_words([(found, char) for found, there, _, _ in readings for char in (found.said, text.body[there])])
    least = np.where(words[1::2], np.where(words[::2], WORD_GAIN, GAIN), np.inf).tolist()
    return sorted(
        Usage(found, text.body[there], _around(text.body, there, kind), count, gain)
        for (found, there, count, kind), gain, bound in zip(readings, gains, least, strict=True)
        if gain >= bound and (bound == GAIN or count >= OFTEN)
    )


def _around(body: str, at: int, kind: int) -> str:
    """The usual character between the neighbours that agree."""
    steps = NEIGHBOURS[kind]
    return body[at + min(steps) : at + max(steps) + 1]
