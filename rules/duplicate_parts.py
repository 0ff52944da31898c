"""What of an entry is prose: code, lists and tables repeat by right."""

from __future__ import annotations

from audit.language.patterns import regex
from audit.language.shingles import PARAGRAPH
from audit.model import Entry, Severity

HAN = regex("[\u3400-\u9fff]+")
WORDS = 30  # of a paragraph without Han characters


def is_prose(passage: str) -> bool:
    """Whether a line is a paragraph rather than a command, a row of a table or a formula, which repeat by right."""
    return sum(map(len, HAN.findall(passage))) >= PARAGRAPH or len(passage.split()) >= WORDS


def severity_of(here: Entry, there: Entry) -> Severity | None:
    """MINOR between sections of one document that hold more code, lists and tables than paragraphs; else the rule's."""
    if here.text is not there.text or not (_is_section(here) and _is_section(there)):
        return None
    lines = [line.strip() for line in here.text.body[slice(*here.content)].split("\n")]
    paragraphs = sum(len(line) for line in lines if line[:1] not in tuple("-*+>|") and is_prose(line))
    return Severity.MINOR if 2 * paragraphs < sum(map(len, lines)) else None


def _is_section(entry: Entry) -> bool:
    """Whether an entry is a part of a document under a title of its own, not a numbered piece of a collection."""
    return entry.number is None and entry.title.end > entry.title.start
