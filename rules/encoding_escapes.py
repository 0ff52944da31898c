"""Characters escaped in JSON of which half is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audit.language import scouts
from audit.language.patterns import regex
from audit.language.spots import flanks
from audit.model import Document, Hit, Severity, Span
from audit.rule import Scope, family

rule = family("encoding")

ESCAPE = regex(r"(?<!\\)(?:\\\\)*\\u([dD][89a-fA-F][0-9a-fA-F]{2})(?:\\u([dD][89a-fA-F][0-9a-fA-F]{2}))?")
JSON_LINE = regex(r"[ \t]{0,40}[\[{\"]")


@rule(
    "ENC006",
    "escaped-lone-surrogate",
    Severity.MAJOR,
    "{text} is half of a character; its other half is missing",
    scope=Scope.DOCUMENT,
    scout=scouts.escaped,
    confidence=0.9,
)
def escaped_lone_surrogate(document: Document) -> Iterator[Hit]:
    r"""Half of a surrogate pair, escaped in JSON: `"\ud83d"` without the `\udXXX` that belongs behind it.

    Why it matters: the character is lost; strict parsers refuse the whole record, and others pass the damage on.
    Left alone: whole pairs; escaped backslashes; prose about surrogates, which is not JSON.
    Repair: none; the other half is not known.
    """
    body = document.body
    if not len(flanks(document.source, "\\", "", "u")):
        return
    json = document.path.lower().endswith((".json", ".jsonl", ".ndjson"))
    for match in ESCAPE.finditer(body):
        line = max(body.rfind("\n", 0, match.start()), body.rfind("\r", 0, match.start())) + 1
        if not json and not JSON_LINE.match(body, line):
            continue
        for start, end in halves(match):
            yield Hit(
                Span(start, end), {"text": body[start:end]}, evidence={"code_unit": body[start + 2 : end].lower()}
            )


def halves(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The code units of a match that are no pair."""
    units = [(match.start(number) - 2, match.end(number), int(match[number], 16)) for number in (1, 2) if match[number]]
    if len(units) == 2 and units[0][2] < 0xDC00 <= units[1][2]:
        return
    yield from ((start, end) for start, end, _ in units)


RULES = (escaped_lone_surrogate,)
