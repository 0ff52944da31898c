"""Promises kept, or not, in their own paragraph: `两个方面：一是…二是…`, `“三查”：班前查、班中查`."""

from __future__ import annotations

from typing import NamedTuple

from audit.language.listing import IS, items
from audit.language.numerals import NUMBER, parse, write_han
from audit.language.patterns import regex
from audit.language.spots import flanked
from audit.model import Text

# 四项工作:  三个方面  以下5点 ... up to the colon that opens the list
PROMISE = regex(
    rf"(?<![第\d几幾数數一二三四五六七八九十百])(?P<count>{NUMBER})\s*(?:[个個大]?(?:方面|环节|環節|步骤|步驟|阶段|階段|原因|特点|特點|问题|問題|工作|任务|任務|措施|要求|建议|建議|目标|目標)"
    r"|[个個项項点點条條件步种種类類])(?P<what>[^，。；,;：:\d]{0,10})[：:]$"
)
SLOGAN = regex(r"[“「\"](?P<count>[二两兩三四五六七八九])(?P<what>[\u3400-\u9fff])[”」\"]\Z")
LISTED = regex(r"[^。；;！!\r\n]{4,60}(?=[。；;！!])")
SPLIT = regex(r"[、，,]")
CLOSED = ("。", "！", "!", "；", ";", "”", "）", ")")
REACH = 30  # code points before the colon that hold a promise


class Promise(NamedTuple):
    """A promise `start:end`, how many items were due and how many are there; `goes_on` is what the next line would begin with."""

    start: int
    end: int
    due: int
    count: int
    goes_on: str


def broken_promises(text: Text) -> list[Promise]:
    """The promises of a text that their paragraph does not keep; the next line may."""
    return text.signal("numbering.promises", _broken)  # type: ignore[no-any-return]


def _broken(text: Text) -> list[Promise]:
    found = []
    for colon in "：:":
        found += [one for at in flanked(text, colon, "", "一") if (one := _clauses(text, at))]
        found += [one for at in flanked(text, colon, '”」"', "") if (one := _slogan(text.body, at))]
    return sorted(found)


def _clauses(text: Text, colon: int) -> Promise | None:
    """`三项工作：一是…；二是….` with one clause too few or too many; one alone, or a paragraph without an end, tells nothing."""
    body, line = text.body, text.line(text.line_at(colon))
    promise = (
        PROMISE.search(body, max(line.start, colon - REACH), colon + 1) if body.startswith("一是", colon + 1) else None
    )
    if promise is None or body[line.end - 1 : line.end] not in CLOSED:
        return None
    listed = items(text)
    low, high = listed.starts.searchsorted((colon, line.end))
    numbers = listed.numbers[low:high][listed.schemes[low:high] == IS].tolist()
    due, count = parse(promise["count"]), len(numbers)
    if not due or count in (1, due) or numbers != list(range(1, count + 1)):
        return None
    return Promise(promise.start(), promise.end(), due, count, f"{write_han(count + 1)}是")


def _slogan(body: str, colon: int) -> Promise | None:
    """`“三查”：班前查、班中查。`: each item repeats the word, and there are not so many."""
    slogan = SLOGAN.search(body, max(0, colon - 4), colon)
    listed = LISTED.match(body, colon + 1) if slogan else None
    if slogan is None or listed is None:
        return None
    due, parts = parse(slogan["count"]), SPLIT.split(listed[0])
    every = all(slogan["what"] in part for part in parts)
    if not due or not every or len(parts) in (1, due) or listed[0].count(slogan["what"]) == due:
        return None
    return Promise(slogan.start(), slogan.end(), due, len(parts), "")
