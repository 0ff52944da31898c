"""Places that a collection rule names, as addresses and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from audit.address import physical, printable
from audit.engine import Part, inside
from audit.model import Document, Hit, Place
from audit.rule import Rule
from audit.words import Phrase


def resolve(hit: Hit, home: int, parts: Sequence[Part], documents: Sequence[Document]) -> Hit:
    """A collection rule's hit with every `Place` turned into words (values) and an address (evidence)."""

    def address(value: Any) -> Any:
        if isinstance(value, Place):
            return place_address(value, parts, documents)
        if isinstance(value, Mapping):
            return {key: address(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
            return [address(item) for item in value]
        return value

    values = {
        name: place_words(value, home, parts, documents) if isinstance(value, Place) else value
        for name, value in hit.values.items()
    }
    return Hit(hit.span, values, hit.edit, hit.confidence, address(hit.evidence), hit.variant, hit.severity)


def check_places(rule: Rule, hit: Hit, parts: Sequence[Part], documents: Sequence[Document]) -> None:
    """ValueError for a hit that names a place which is not there: that is a fault of the rule."""
    for place in places_in([hit.values, hit.evidence]):
        inside(rule, place.entry, len(parts))
        size = len(documents[parts[place.entry].document].text.body)
        if not 0 <= place.span.start <= place.span.end <= size:
            raise ValueError(f"{rule.code} gave a span outside of the text")


def places_in(value: Any) -> Iterator[Place]:
    """The places anywhere in a value."""
    if isinstance(value, Place):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from places_in(item)
    elif isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        for item in value:
            yield from places_in(item)


def place_address(place: Place, parts: Sequence[Part], documents: Sequence[Document]) -> dict[str, Any]:
    """Where a place is."""
    part = parts[place.entry]
    document = documents[part.document]
    start, end = document.text.to_origin(*place.span)
    line, _, last, _ = physical(document, part.entry.index, start, end)
    if document.origins:
        origin = document.origins[part.entry.index]
        start, end = start - origin.start, end - origin.start
    return {
        "path": document.path,
        "entry": part.number,
        "line": line,
        "end_line": last,
        "start": start,
        "end": end,
    }


def place_words(place: Place, home: int, parts: Sequence[Part], documents: Sequence[Document]) -> Phrase:
    """A place as a report names it: `entry 4, line 57`, with the path where it stands in another document."""
    at = place_address(place, parts, documents)
    here = Phrase("line {line}", line=at["line"])
    if at["entry"]:
        here = Phrase("entry {entry}, {place}", entry=at["entry"], place=here)
    if parts[place.entry].document == home:
        return here
    return Phrase("{path}, {place}", path=printable(at["path"]), place=here)
