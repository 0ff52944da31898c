"""Masks that the text speaks of, or that only look like masks."""

from __future__ import annotations

from audit.language.patterns import regex
from audit.model import Text

TAIL = 8
DENOTES = regex(
    r"(?:[识識][别別][为為成]|表示[为為]?|[写寫][作成为為]|[记記][作成为為]|[显顯]示[为為成]|格式[为為是]|形如|例如|[诸諸]如|比如)[ \u3000“「\"'：:]{0,2}\Z"
)
YEARS = regex(r"[/／、或和与與][ ]?(?:19|20)[xX×]{2}|(?:19|20)[xX×]{2}年?\Z")
AMONG = regex(r"[/／、或和与與][ ]?\Z")
SEXES = regex(r"(?<![A-Za-z])X[XY][ ]?[和与與及或跟、,，][ ]?X[XY](?![A-Za-z])")


def spoken_of(text: Text, start: int, end: int, hides: str) -> bool:
    """Whether the text explains a mask (`识别为 20xx 年`), sets a year beside a second one (`19xx/20xx`), or gives a figure
    a line of its own, as a manual does with the form of its output.
    """
    body = text.body
    if DENOTES.search(body[max(0, start - TAIL) : start]):
        return True
    if hides == "year":
        other = AMONG.search(body[max(0, start - 2) : start])
        before = body[max(0, start - TAIL) : start - len(other[0])] if other else ""
        return bool(YEARS.search(before) or YEARS.match(body, end))
    if hides != "number":
        return False
    line = text.line(text.line_at(start))
    return body[line.start : line.end].strip(" \t\u3000%％") == body[start:end].strip("%％")
