"""Masks that stand where a name, a date or a number belongs."""

from __future__ import annotations

from collections.abc import Iterator

from audit.model import Hit, Severity, Span, Text
from audit.rule import Scope, family

from .placeholder_reading import masked, read_masks
from .placeholder_tokens import RULES as TOKENS

rule = family("placeholder")


def _hits(text: Text, hidden: frozenset[str]) -> Iterator[Hit]:
    for mask in text.signal("placeholder.masks", read_masks):
        if mask.hides in hidden:
            shown = text.body[mask.start : mask.end]
            yield Hit(
                Span(mask.start, mask.end),
                {"text": shown},
                variant=mask.hides if mask.hides not in {"year", "number", "anonymous"} else "",
                confidence=mask.confidence,
                severity=mask.severity,
                evidence={"hides": mask.hides, "next": text.body[mask.end : mask.end + 4]},
            )


@rule("PLC001", "masked-year", Severity.MINOR, "masked year {text!r}", scope=Scope.TEXT, scout=masked)
def masked_year(text: Text) -> Iterator[Hit]:
    """A year whose digits were masked, as in `20xx年` or `X年`.

    Why it matters: a reader cannot tell which year is meant, and a model learns the mask.
    Left alone: `20xx` quoted as an example of a mask, code and formulas, `过x年` with x as a variable, ○ as a Chinese zero (二○○八年).
    Repair: none; the year must come from the source.
    """
    return _hits(text, frozenset({"year"}))


@rule(
    "PLC002",
    "masked-date",
    Severity.MAJOR,
    {"day": "masked day {text!r}", "month": "masked month {text!r}"},
    scope=Scope.TEXT,
    scout=masked,
)
def masked_date(text: Text) -> Iterator[Hit]:
    """A day, month or hour whose digits were masked, as in `5月XX日`.

    Why it matters: the date is lost.
    Left alone: blank dates of forms in ○ or □ are a remark, not an error; code, formulas, quoted masks.
    Repair: none; the date must come from the source.
    """
    return _hits(text, frozenset({"day", "month"}))


@rule(
    "PLC003",
    "masked-name",
    Severity.MINOR,
    {
        "place": "{text!r} stands where a place was named",
        "name": "{text!r} stands where a person or an organisation was named",
        "authority": "{text!r} stands where the issuing authority was named",
        "words": "{text!r} stands where words were",
    },
    scope=Scope.TEXT,
    scout=masked,
    alone=Severity.INFO,
)
def masked_name(text: Text) -> Iterator[Hit]:
    """A place, an organisation, a person or other words masked with letters, as in `XX县`, `XXX公司`, `xx的经济`, `x总工字`.

    Why it matters: the sentence no longer says of whom it speaks.
    Left alone: Roman numerals and chromosomes (`XX世纪`, `XX/XY`), `X光`, `XXL`, `x轴`, Markdown emphasis, code, a mask that is itself quoted;
    ○○ and □□, which statutes, forms and old texts use for blanks and gaps, are a remark.
    Repair: none; the name must come from the source.
    """
    return _hits(text, frozenset({"place", "name", "words", "authority"}))


@rule(
    "PLC004",
    "masked-number",
    Severity.MAJOR,
    "masked number {text!r}",
    scope=Scope.TEXT,
    scout=masked,
    alone=Severity.INFO,
)
def masked_number(text: Text) -> Iterator[Hit]:
    """A figure that was masked, as in `观众XX人次` or `XX万元`.

    Why it matters: the figure was the point of the sentence.
    Left alone: a single x before a counted noun, which is a variable more often than a mask; multiplication; code and formulas.
    Repair: none; the figure must come from the source.
    """
    return _hits(text, frozenset({"number"}))


@rule(
    "PLC008",
    "anonymous-name",
    Severity.MINOR,
    "{text!r} stands where a name was",
    scope=Scope.TEXT,
    scout=masked,
    confidence=0.5,
    alone=Severity.INFO,
)
def anonymous_name(text: Text) -> Iterator[Hit]:
    """`某某` before a place, a company or a school, as a mask has it.

    Why it matters: in a report it is a mask; in a story or a statute it is style, so by itself it is a remark.
    Left alone: persons (`张某某`), 某 by itself, quoted wording. In a text with other masks it is one of them; in judgments, which
    courts publish without names, all masks are a remark.
    Repair: none; the name must come from the source.
    """
    return _hits(text, frozenset({"anonymous"}))


RULES = (masked_year, masked_date, masked_name, masked_number, anonymous_name, *TOKENS)
