r"""Text left as escapes: `\u4e2d`, `&#20013;`, `%E4%B8%AD`, `=E4=B8=AD`."""

from __future__ import annotations

from collections.abc import Iterator

from audit.language.sets import among
from audit.language.spots import member, places
from audit.model import Edit, Hit, Line, Safety, Severity, Span, Text
from audit.restore import escapes
from audit.restore.about import NO_SAMPLE, in_a_sentence, mentioned, of_the_trade
from audit.restore.escapes import Escaped
from audit.rule import Scope, family

rule = family("mojibake")

UTF8 = escapes.CODECS[0]
DOUBTFUL = 0.4  # the text about it speaks of such things


def _escaped(line: Line, found: Iterator[Escaped], *, quotable: bool = False) -> Iterator[Hit]:
    """Hits of escapes; those that may be quoted as they are, as a log or an address is, are mended unasked only inside a sentence."""
    for escaped in found:
        if mentioned(line.text, escaped.start, escaped.end, lone=True) or escapes.in_code(line.body, escaped):
            continue
        trade = of_the_trade(line.text, escaped.start, escaped.end)
        inside = len(escaped.text) >= NO_SAMPLE and in_a_sentence(line.text, escaped.start, escaped.end)
        subject = trade and not inside
        doubt = subject or escapes.may_be_longer(line.body, escaped)
        doubt = doubt or (quotable and (trade or not inside or escaped.codec != UTF8))
        raw = line.body[escaped.start : escaped.end]
        evidence = {"escaped": raw, "codec": escaped.codec, "characters": len(escaped.text)}
        yield Hit(
            Span(escaped.start, escaped.end),
            {"text": raw, "best": escaped.text},
            Edit(escaped.text, Safety.SUGGESTED if doubt else Safety.SAFE),
            DOUBTFUL if subject else None,
            evidence,
        )


ESCAPED = "escaped text {text!r} stands for {best!r}"


@rule("MOJ006", "unicode-escape", Severity.MAJOR, ESCAPED, triggers=("\\%",), repair=Safety.SAFE)
def unicode_escape(line: Line) -> Iterator[Hit]:
    r"""Characters left as code, as in `\u4e2d\u6587` or `\xe4\xb8\xad`.

    Why it matters: a reader sees code where a word stood.
    Left alone: code, patterns such as `[\u4e00-\u9fa5]`, text about escapes.
    Repair: safe; the number names the character.
    """
    yield from _escaped(line, escapes.unicode_escapes(line.body, line.start, line.end))


@rule("MOJ007", "character-reference", Severity.MAJOR, ESCAPED, triggers=("#", ";；"), repair=Safety.SAFE)
def character_reference(line: Line) -> Iterator[Hit]:
    """Numeric references of HTML left in prose, as in `&#20013;`, also with their `&` gone (`#xff1a;`).

    Why it matters: a reader sees code where a character stood.
    Left alone: code, text about HTML, references of plain ASCII.
    Repair: safe; the number names the character.
    """
    yield from _escaped(line, escapes.references(line.body, line.start, line.end))


@rule("MOJ008", "percent-encoding", Severity.MAJOR, ESCAPED, triggers="%", repair=Safety.SAFE)
def percent_encoding(line: Line) -> Iterator[Hit]:
    """Percent-encoded characters outside of addresses, as in `%E4%B8%AD%E6%96%87`.

    Why it matters: a reader sees code where a word stood.
    Left alone: URLs, paths and queries, code, text about the encoding.
    Repair: safe for four characters of UTF-8 or more inside a sentence that does not speak of codes; otherwise suggested, as a log or an
    address may be quoted as it is.
    """
    yield from _escaped(line, escapes.percent(line.body, line.start, line.end), quotable=True)


@rule("MOJ009", "quoted-printable", Severity.MAJOR, ESCAPED, scope=Scope.TEXT, triggers="=", repair=Safety.SAFE)
def quoted_printable(text: Text) -> Iterator[Hit]:
    """Quoted-printable left from a mail, as in `=E4=B8=AD=E6=96=87`, over its soft line breaks.

    Why it matters: a reader sees code where a word stood.
    Left alone: code, text about the encoding.
    Repair: safe; the bytes are valid UTF-8 (or GBK).
    """
    at, codes = places(text, "="), text.codes
    soft = member(codes[at[at + 1 < len(codes)] + 1], "\r\n").any()
    near = at[among(at + 3, at)]  # two bytes at least, or one before a soft break
    if soft or any(escapes.BYTE.match(text.body, start) for start in near.tolist()):
        line = text.line(0)._replace(end=len(text.body))
        yield from _escaped(line, escapes.quoted_printable(text.body, 0, len(text.body)))


RULES = (unicode_escape, character_reference, percent_encoding, quoted_printable)
