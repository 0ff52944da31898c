"""PDF: the text layer, page by page; lines that only the width of the page broke are joined to their paragraphs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from audit.reading.extract import Extract
from audit.reading.files import File, seekable
from audit.reading.formats.html import wide
from audit.reading.formats.packed import needs
from audit.reading.records import Broken
from audit.text import Marks
from audit.words import Phrase, cause

HYPHENS = "\x02\ufffe"  # what PDFium puts for a hyphen that divides a word, whose two lines it joins
FULL = 1.6  # ems that a full line may end before the margin: one mark was moved to the next line, or squeezed
INDENT = 0.8  # ems by which the first line of a paragraph begins behind the others
LONG = 15  # ems of a line that a margin may have broken; those of verse, lists and tables are shorter
LEADING = 1.3  # times the usual distance of two lines, beyond which they are two paragraphs
SKEW = 3  # ems by which the right margin may be broader than the left one
APART = 6  # ems between the beginnings of the lines of two columns
IMAGE = 3  # PDFium's number for pictures (FPDF_PAGEOBJ_IMAGE)


@dataclass(slots=True)
class Line:
    """A line on a page, its box in points; `low` and `high` are the margins of its column."""

    page: int
    number: int
    text: str
    left: float
    right: float
    base: float
    em: float
    low: float = 0.0
    high: float = 0.0


def extract(file: File) -> Extract:
    """What a PDF says; ValueError for one that is damaged or locked, AuditError where pypdfium2 is missing."""
    try:
        import pypdfium2  # noqa: PLC0415 - only such a file needs it
    except ImportError as error:
        raise needs("PDF", "pypdfium2", "pdf") from error
    lines: list[Line] = []
    broken: list[Broken] = []
    with seekable(file) as stream:
        try:
            document = pypdfium2.PdfDocument(stream.read())
        except pypdfium2.PdfiumError as error:
            raise ValueError(unopened(str(error))) from error
        with document:
            for index in range(len(document)):
                try:
                    lines += of_page(document[index], index + 1)
                except (pypdfium2.PdfiumError, ValueError) as error:
                    reason = Phrase("page {page}: {reason}", page=index + 1, reason=cause(error))
                    broken.append(Broken(index + 1, 0, "unreadable", reason))
    return joined(lines, tuple(broken))


def unopened(said: str) -> str:
    """Why a PDF could not be opened."""
    if "password" in said.lower() or "security" in said.lower():
        return Phrase("it is locked with a password")
    return Phrase("no PDF, or damaged ({reason})", reason=said)


def of_page(page: Any, number: int) -> list[Line]:
    """The lines of a page; ValueError for a page that is a picture of its text."""
    try:
        text = page.get_textpage()
        try:
            lines = lines_of(text, number)
        finally:
            text.close()
        if not lines and next(page.get_objects(filter=[IMAGE], max_depth=2), None) is not None:
            raise ValueError(Phrase("a picture without a text layer"))
        set_margins(lines, page.get_width())
    finally:
        page.close()
    return lines


def lines_of(page: Any, number: int) -> list[Line]:
    """The lines as PDFium orders and parts them."""
    from pypdfium2.raw import FPDFText_GetUnicode  # noqa: PLC0415 - as above

    # UTF-16, a code unit for each of the numbers by which boxes are asked for
    units = [chr(FPDFText_GetUnicode(page, at)) for at in range(page.count_chars())]
    lines: list[Line] = []
    start = 0
    for at, unit in enumerate([*units, "\n"]):
        if unit not in "\r\n":
            continue
        first, last = bounds(units, start, at)
        start = at + 1
        if first < last:
            said = (unit for unit in units[first:last] if unit not in HYPHENS)
            text = "".join(said).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            left, low, _, top = page.get_charbox(first, loose=True)
            right = page.get_charbox(last - 1, loose=True)[2]
            if text:
                lines.append(Line(number, len(lines) + 1, text, left, right, low, max(top - low, 1.0)))
    return lines


def bounds(units: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """A line without the blanks around it."""
    while start < end and units[start] == " ":
        start += 1
    while end > start and units[end - 1] == " ":
        end -= 1
    return start, end


def set_margins(lines: Sequence[Line], width: float) -> None:
    """Gives every line the margins of its column: the lines whose beginnings lie close to one another.

    A right margin is one that several lines reach, or that is about as broad as the left one; the longest line alone proves none.
    """
    column: list[Line] = []
    for line in [*sorted(lines, key=lambda line: line.left), None]:
        if column and (line is None or line.left - column[-1].left > APART * line.em):
            low, high = column[0].left, max(one.right for one in column)
            full = sum(high - one.right <= FULL * one.em for one in column)
            proven = full > 1 or width - high <= low + SKEW * column[0].em
            for one in column:
                one.low, one.high = low, high if proven else width
            column = []
        if line:
            column.append(line)


def goes_on(line: Line, after: Line, leading: float) -> bool:
    """Whether a line was only broken by the margin, so that the next one goes on with it."""
    em = max(line.em, after.em)
    return (
        line.high - line.right <= FULL * em
        and line.right - line.low >= LONG * em
        and after.left - after.low <= INDENT * em
        and abs(line.em - after.em) <= em / 4
        and (line.page != after.page or line.base - after.base <= LEADING * leading)
    )


def joined(lines: Sequence[Line], broken: tuple[Broken, ...]) -> Extract:
    """The lines as paragraphs, with page and line of each."""
    if not lines:
        return Extract("", None, (), broken)
    steps = sorted(a.base - b.base for a, b in itertools.pairwise(lines) if a.page == b.page and a.base > b.base)
    leading = steps[len(steps) // 2] if steps else 0.0
    parts, starts, at = list[str](), list[int](), 0
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        starts.append(at)
        mark = "\n" if after else ""
        if after and goes_on(line, after, leading):
            mark = "" if wide(line.text[-1]) or wide(after.text[0]) else " "
        parts += [line.text, mark]
        at += len(line.text) + len(mark)
    columns = {"page": [line.page for line in lines], "page_line": [line.number for line in lines]}
    return Extract("".join(parts), Marks(starts, columns), (), broken)
