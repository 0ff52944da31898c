"""What the bytes of a file say: another encoding than UTF-8, several in one file, bytes that no encoding takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from audit.language import scouts
from audit.model import Document, Hit, Run, Severity, Span
from audit.rule import Scope, family

from .encoding_characters import RULES as CHARACTERS
from .encoding_escapes import RULES as ESCAPES
from .encoding_invisible import RULES as INVISIBLE

rule = family("encoding")

UTF8 = "utf-8"
KIN = {
    "cp950": "big5",
    "big5-hkscs": "big5",
    "big5hkscs": "big5",
    "big5-user": "big5",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
}  # more signs
WIDE = ("utf-16", "utf-32")
SURE = 0.9  # confidence of a run; a few characters of GBK have less
PREVIEW = 24  # code points of a run that a message shows
HEX = 16  # bytes that the evidence spells out


def seen(document: Document, run: Run) -> dict[str, object]:
    """What a reader may check: where the bytes are, the first of them, and how they read."""
    raw = document.raw[run.byte_start : min(run.byte_end, run.byte_start + HEX)]
    return {
        "byte_start": run.byte_start,
        "byte_end": run.byte_end,
        "hex": raw.hex(" "),
        "encoding": run.encoding or "undecodable",
        "confidence": round(run.confidence, 4),
        "preview": preview(document.body, run),
    }


def preview(body: str, run: Run) -> str:
    """The beginning of a run on one line; escapes of lost bytes are spelled out, so that a report is never corrupt itself."""
    piece = body[run.start : min(run.end, run.start + PREVIEW)]
    return "".join(f"\\x{ord(char) - 0xDC00:02x}" if "\udc80" <= char <= "\udcff" else char for char in piece).strip()


def plain(encoding: str) -> str:
    """The encoding without its extensions: `cp932-windows` is Shift_JIS with the codes that Windows prefers."""
    stem = encoding.partition("-")[0]
    return KIN.get(encoding) or KIN.get(stem) or (stem if stem in ("iso2022_jp", "iso2022_kr") else encoding)


def main_encoding(document: Document) -> str:
    """The encoding of most bytes; marks and lost bytes are none."""
    sizes: Counter[str] = Counter()
    for run in document.decoded.runs:
        if run.encoding and not run.encoding.startswith("bom:"):
            sizes[run.encoding] += run.byte_end - run.byte_start
    return max(sizes, key=lambda name: (sizes[name], name == UTF8), default=UTF8)


def first_line(document: Document, run: Run) -> Span:
    """The part of a run that stands on its first line that has any text."""
    start = run.start
    while start < run.end and document.body[start] in "\r\n":
        start += 1
    ends = [at for at in (document.body.find(mark, start, run.end) for mark in "\r\n") if at >= 0]
    return Span(start, min(ends, default=run.end))


@rule(
    "ENC001",
    "not-utf8",
    Severity.MINOR,
    {
        "sure": "the file is {encoding}, not UTF-8; `jiaokan convert` rewrites it and loses nothing: {preview!r}",
        "unsure": "the file is {encoding}, not UTF-8: {preview!r}",
    },
    scope=Scope.DOCUMENT,
    scout=scouts.nowhere,
    confidence=0.95,
    converts=True,
)
def not_utf8(document: Document) -> Iterator[Hit]:
    """A file in another encoding than UTF-8, as GB18030 or Big5.

    Why it matters: programs that expect UTF-8 show nonsense, stop, or drop what they cannot read.
    It is a remark where all of the file is surely in that one encoding: nothing is damaged, and one command converts it.
    Left alone: UTF-8 and plain ASCII; UTF-16 and UTF-32 have a rule of their own.
    Repair: none here; `jiaokan convert` rewrites the file without losing a byte.
    """
    name = main_encoding(document)
    if name == UTF8 or name.startswith(WIDE):
        return
    run = next(run for run in document.decoded.runs if run.encoding == name)
    found = seen(document, run)
    yield whole_file(document, run, first_line(document, run), found)


def whole_file(document: Document, run: Run, span: Span, found: dict[str, object]) -> Hit:
    """The hit of a file in another encoding: a remark where that is sure and all there is."""
    runs = [run for run in document.decoded.runs if not run.encoding.startswith("bom:")]
    sure = all(plain(one.encoding) == plain(run.encoding) and one.confidence >= SURE for one in runs)
    return Hit(
        span,
        found,
        confidence=min(run.confidence, 0.99),
        evidence=found,
        variant="sure" if sure else "unsure",
        severity=Severity.INFO if sure else None,
    )


@rule(
    "ENC002",
    "mixed-encodings",
    Severity.MAJOR,
    "{encoding} in a file that is {main}: {preview!r}",
    scope=Scope.DOCUMENT,
    scout=scouts.nowhere,
    confidence=0.95,
)
def mixed_encodings(document: Document) -> Iterator[Hit]:
    """A stretch in another encoding than the rest of its file: a GBK line among UTF-8 lines, a Big5 field in a table.

    Why it matters: whatever encoding the file is opened with, a part of it is nonsense.
    Left alone: ASCII, which is the same in all of them; a byte order mark.
    Repair: none here; `jiaokan convert` brings the file into one encoding.
    """
    name = main_encoding(document)
    for run in document.decoded.runs:
        if not run.encoding or plain(run.encoding) == plain(name) or run.encoding.startswith("bom:"):
            continue
        if document.body[run.start : run.end].isascii() and not run.encoding.startswith(("iso-2022", *WIDE)):
            continue
        found = {**seen(document, run), "main": name}
        yield Hit(trimmed(document.body, run), found, confidence=min(run.confidence, 0.99), evidence=found)


def trimmed(body: str, run: Run) -> Span:
    """A run without the line breaks at its ends."""
    start, end = run.start, run.end
    while end > start and body[end - 1] in "\r\n":
        end -= 1
    while start < end and body[start] in "\r\n":
        start += 1
    return Span(start, end)


@rule(
    "ENC003",
    "undecodable-bytes",
    Severity.MAJOR,
    "bytes {hex} at {byte_start} are text in no encoding",
    scope=Scope.DOCUMENT,
    scout=scouts.nowhere,
    confidence=0.99,
)
def undecodable_bytes(document: Document) -> Iterator[Hit]:
    """Bytes that no encoding takes: a character cut in half, a byte lost or inserted.

    Why it matters: a character is gone, and strict programs refuse the whole file.
    Left alone: bytes that make text in some encoding, and files that are no text at all.
    Repair: none; the bytes are kept as they are, for what stood there is not known.
    """
    for run in document.decoded.runs:
        if not run.encoding:
            found = {**seen(document, run), "bytes": run.byte_end - run.byte_start}
            yield Hit(Span(run.start, run.end), found, evidence=found)


@rule(
    "ENC004",
    "byte-order-mark",
    Severity.INFO,
    "a UTF-8 byte order mark begins the file",
    scope=Scope.DOCUMENT,
    scout=scouts.nowhere,
    confidence=0.99,
)
def byte_order_mark(document: Document) -> Iterator[Hit]:
    """A byte order mark in front of UTF-8, the bytes EF BB BF.

    Why it matters: UTF-8 needs none; joined files carry it into the middle of text, and scripts and keys begin with it unseen.
    Left alone: the mark of UTF-16 and UTF-32, which need it; a mark inside the text is told as a zero-width character.
    Repair: none here; some programs on Windows want the mark.
    """
    for run in document.decoded.runs:
        if run.encoding == "bom:utf-8":
            end = min(1, len(document.body))
            yield Hit(Span(0, end), evidence={"byte_start": run.byte_start, "hex": "ef bb bf"})


@rule(
    "ENC005",
    "utf-16",
    Severity.MINOR,
    {
        "sure": "the file is {encoding}, not UTF-8; `jiaokan convert` rewrites it and loses nothing",
        "unsure": "the file is {encoding}, not UTF-8",
    },
    scope=Scope.DOCUMENT,
    scout=scouts.nowhere,
    confidence=0.95,
    converts=True,
)
def utf_16(document: Document) -> Iterator[Hit]:
    """A file in UTF-16 or UTF-32, with a byte order mark or without.

    Why it matters: tools that read text byte by byte take it for binary, find nothing in it, or break it.
    It is a remark where all of the file is so: nothing is damaged, and one command converts it.
    Left alone: a whole file in any other encoding.
    Repair: none here; `jiaokan convert` rewrites the file as UTF-8.
    """
    for run in document.decoded.runs:
        if run.encoding.startswith(WIDE):
            found = seen(document, run)
            yield whole_file(document, run, first_line(document, run), found)
            return


RULES = (
    not_utf8,
    mixed_encodings,
    undecodable_bytes,
    byte_order_mark,
    utf_16,
    *ESCAPES,
    *CHARACTERS,
    *INVISIBLE,
)
