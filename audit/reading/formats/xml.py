"""Small XML, as the parts that describe a package: start tags with their attributes; declarations of entities are refused."""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

from audit.words import Phrase

Element = tuple[str, dict[str, str]]  # name without its namespace, attributes


def elements(raw: bytes) -> list[Element]:
    """The elements of a document in their order; raises ValueError for broken XML and for XML that declares entities.

    >>> elements(b'<a xmlns="urn:x"><b c="d"/></a>')
    [('a', {}), ('b', {'c': 'd'})]
    """
    found: list[Element] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(" ")[2], attributes))
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise ValueError(Phrase("broken XML ({reason})", reason=error)) from error
    return found


def refuse(*_: object) -> NoReturn:
    """Entities of a package's own have no use but to harm who expands them."""
    raise ValueError(Phrase("refused: its XML declares entities"))


def check_harmless(raw: bytes) -> None:
    """ValueError for XML that declares entities, to be asked before another parser reads it; what is no XML passes."""
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, StopIteration):
        return


def stop(*_: object) -> NoReturn:
    """Declarations stand before the first element."""
    raise StopIteration
