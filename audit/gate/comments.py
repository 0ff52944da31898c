"""What comments in a text accept: `<!-- jiaokan: ignore-next-line PLC001 the ministry masked it itself -->`.

    ignore-line          findings that begin in the comment's own line
    ignore-next-line     those in the next line that is not blank
    ignore-start/-end    those from the one comment to the other
    ignore-file          those of the whole file

Rules are named by code, prefix, name or kind, several by comma; ALL for every one. The rest is the reason. Only in formats that
have such comments; where strangers wrote the texts, `comments = false` lets none of them decide.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from re import Match

from audit.errors import nearest
from audit.language.patterns import regex
from audit.model import Document, Span, Text
from audit.registry import matches, selectors
from audit.rule import Rule
from audit.standing import Remark, Suppression
from audit.words import Phrase

MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd"})
PAGES = frozenset({".html", ".htm", ".xhtml"})
NAME = b"jiaokan"  # in any encoding that has ASCII in it, UTF-16 without its zeros
COMMENT = regex(r"<!--[ \t]*jiaokan:[ \t]*(?P<act>[a-z-]*)[ \t]*(?P<rest>[^>]*?)[ \t\r\n]*-->")
ACTS = ("ignore-line", "ignore-next-line", "ignore-start", "ignore-end", "ignore-file")
IN_SOURCE = "inSource"


@dataclass(frozen=True, slots=True)
class Directive:
    """A comment of ours: where it stands in the text, what it does, for which rules, and why.

    `line` is that of the file, 1-based; `own` and `next` are 0-based lines of the text: where it stands, and the next not blank.
    """

    span: Span
    line: int
    own: int
    next: int
    act: str
    words: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A stretch of the text in which some rules' findings are accepted."""

    start: int
    end: int
    words: tuple[str, ...]
    line: int
    suppression: Suppression


def directives(document: Document) -> list[Directive]:
    """The comments of ours in a document."""
    ending = PurePath(document.path).suffix.lower()
    if ending in MARKDOWN and not document.origins:
        return list(in_text(document))
    if ending in PAGES and document.origins and NAME in document.raw.replace(b"\0", b""):
        return list(in_page(document))
    return []


def in_text(document: Document) -> Iterator[Directive]:
    """The comments of a text that shows them."""
    text = document.source
    for match in COMMENT.finditer(text.body):
        own, last = text.line_at(match.start()), text.line_at(match.end() - 1)
        yield directive(match, Span(*match.span()), own + 1, own, next(following(text, last), own))


def in_page(document: Document) -> Iterator[Directive]:
    """The comments of a page, whose text is without them: each stands where the text behind it begins."""
    from audit.reading.formats.charset import decode_declared  # noqa: PLC0415 - only pages need it

    marks = document.origins[0].marks
    if marks is None:
        return
    page, text = Text(decode_declared(document.raw).body), document.source
    sources = marks.columns["source_offset"]
    for match in COMMENT.finditer(page.body):
        part = bisect_left(sources, match.end())
        at = int(marks.offsets[part]) if part < len(sources) else len(text.body)
        own = text.line_at(max(at - 1, 0))
        yield directive(match, Span(at, at), page.line_at(match.start()) + 1, own, text.line_at(at))


def directive(match: Match[str], span: Span, line: int, own: int, following: int) -> Directive:
    """What a comment says."""
    words, _, reason = match["rest"].partition(" ")
    named = tuple(word for word in words.split(",") if word)
    return Directive(span, line, own, following, match["act"], named, reason.strip(" \t\r\n-:"))


def accepted(
    document: Document, found: Sequence[Directive], rules: Sequence[Rule]
) -> tuple[list[Accepted], list[Remark]]:
    """What the comments accept, and what is amiss with them; a comment that is amiss accepts nothing."""
    areas: list[Accepted] = []
    remarks: list[Remark] = []
    opened: list[Directive] = []

    def tell(one: Directive, words: Phrase) -> None:
        remarks.append(Remark(document.path, one.line, words))

    for one in found:
        fault = amiss(one, rules)
        if fault is not None:
            tell(one, fault)
        elif one.act == "ignore-start":
            opened.append(one)
        elif one.act != "ignore-end":
            areas.append(area(document, one, *reach(document.source, one)))
        elif start := closes(one, opened):
            opened.remove(start)
            areas.append(area(document, start, start.span.end, one.span.start))
        else:
            tell(one, Phrase("this ignore-end has no ignore-start before it"))
    for one in opened:
        tell(one, Phrase("this ignore-start has no ignore-end; it accepts nothing"))
    return areas, remarks


def amiss(one: Directive, rules: Sequence[Rule]) -> Phrase | None:
    """What is wrong with a comment; None if nothing is."""
    if one.act not in ACTS:
        return Phrase("unknown word {word!r} in a comment{hint}", word=one.act, hint=nearest(one.act, ACTS))
    if not one.words and one.act != "ignore-end":
        return Phrase("the comment names no rule; ALL names every one")
    unknown = [word for word in one.words if not any(matches(rule, word) for rule in rules)]
    if not unknown:
        return None
    word = unknown[0]
    return Phrase("unknown rule {word!r}{hint}", word=word, hint=nearest(word, selectors(rules)))


def closes(end: Directive, opened: Sequence[Directive]) -> Directive | None:
    """The last comment that this one ends: with the same rules, or any if it names none."""
    return next((one for one in reversed(opened) if not end.words or set(one.words) == set(end.words)), None)


def reach(text: Text, one: Directive) -> tuple[int, int]:
    """Where what a single comment accepts begins and ends."""
    if one.act == "ignore-file":
        return 0, len(text.body) + 1
    line = one.next if one.act == "ignore-next-line" else one.own
    start = int(text.line_starts[line])
    return start, int(text.line_starts[line + 1]) if line + 1 < len(text.line_starts) else len(text.body) + 1


def following(text: Text, line: int) -> Iterator[int]:
    """The lines below this one that are not blank."""
    return (number for number in range(line + 1, len(text.line_starts)) if text.line(number).content.strip())


def area(document: Document, one: Directive, start: int, end: int) -> Accepted:
    """A stretch that a comment accepts rules in."""
    place = f"{document.path}:{one.line}"
    return Accepted(start, end, one.words, one.line, Suppression(IN_SOURCE, place, one.reason))
