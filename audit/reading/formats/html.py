"""HTML: the text that a reader sees, block by block a line, with line and column of the source."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field

import numpy as np

from audit.reading.decode import is_binary
from audit.reading.extract import Extract, Titled
from audit.reading.files import File
from audit.reading.formats.charset import decode_declared, projected
from audit.reading.formats.markup import TEXT, VERBATIM, tokens
from audit.reading.formats.packed import chunks
from audit.text import Marks, Text
from audit.words import Phrase

BLOCKS = frozenset(
    re.findall(
        "[a-z0-9]+",
        "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure "
        "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre section summary "
        "table tbody textarea tfoot thead tr ul",
    )
)
CELLS = frozenset({"td", "th"})
LINES, ENDING = BLOCKS | {f"/{name}" for name in BLOCKS}, BLOCKS | CELLS
HEADINGS = {f"h{level}": level for level in range(1, 7)}
KEPT = {"pre": 1, "textarea": 1, "/pre": -1, "/textarea": -1}  # blanks and line breaks stand as they are
UNSEEN = frozenset({"template", "datalist"})
ASIDE = frozenset({"svg", "rt", "rp", "rtc"})  # drawings and readings; a block or the end of the ruby ends them too
PIECE = re.compile(
    r"""(?P<blank>[ \t\n\r\f]+)
    | (?P<sign>&(?:\#[0-9]{1,8}|\#[xX][0-9a-fA-F]{1,8}|[a-zA-Z][a-zA-Z0-9]{0,31});?)
    | [^ \t\n\r\f&]+ (?:[ ][^ \t\n\r\f&]+)* | &""",
    re.VERBOSE,
)
LINE = re.compile(r"(?P<break>\r\n|\r|\n)|(?P<sign>&#?[a-zA-Z0-9]{1,32};?)|[^\r\n&]+|&")
XML = re.compile(r"\s{0,99}<\?xml\s")


@dataclass(slots=True)
class Page:
    """The text as it grows: where its pieces begin, there and in the source, and how long they are there if not the same."""

    body: str
    parts: list[str] = field(default_factory=list)
    at: int = 0
    starts: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    headings: list[Titled] = field(default_factory=list)
    between: str = ""  # what has to stand before the next piece: a line break, a tab
    blank: tuple[int, int] | None = None  # of the source, since the last piece
    open: tuple[int, int] | None = None  # level and start of a heading
    kept: int = 0
    hidden: str = ""

    def tag(self, name: str) -> None:
        """What a tag does to the text."""
        if self.hidden:
            bare = name.removeprefix("/")
            ends = name == f"/{self.hidden}" or (self.hidden in ASIDE and (bare in ENDING or name == "/ruby"))
            self.hidden = "" if ends else bare if self.hidden in ASIDE and name in ASIDE else self.hidden
            if self.hidden:
                return
        if name in LINES:
            self.line()
            if name in HEADINGS:
                self.open = (HEADINGS[name], self.at + (self.at > 0))  # a line break comes before it
            elif name in KEPT:
                self.kept = max(0, self.kept + KEPT[name])
        elif name in CELLS:
            self.between = self.between or "\t"
            self.blank = None
        elif name in UNSEEN or name in ASIDE:
            self.hidden = name

    def line(self) -> None:
        """Ends the line; the break itself waits for what comes next."""
        if self.open:
            level, start = self.open
            if self.at > start:
                self.headings.append(Titled(level, start, self.at))
                self.open = None
        self.between, self.blank = "\n", None

    def text(self, name: str, start: int, end: int) -> None:
        """A stretch of text."""
        if self.hidden or (self.between and self.body[start:end] == "\n" and not self.kept):  # between two blocks
            return
        if name == VERBATIM:
            self.put(start, end)
            return
        for found in (LINE if self.kept else PIECE).finditer(self.body, start, end):
            kind = found.lastgroup
            if kind is None:
                self.put(*found.span())
            elif kind == "blank":
                self.blank = (self.blank[0] if self.blank else found.start(), found.end())
            elif kind == "break":
                self.put(*found.span(), "\n")
            else:
                meant = html.unescape(found[0])
                self.put(*found.span(), meant if meant != found[0] else None)

    def put(self, start: int, end: int, meant: str | None = None) -> None:
        """A piece of the source as it is, or what it means."""
        if self.at and self.between:
            self.parts.append(self.between)
            self.at += 1
        elif self.at and self.blank:
            self.space(*self.blank, meant or self.body[start])
        self.between, self.blank = "", None
        self.piece(start, meant if meant is not None else self.body[start:end], end - start if meant is not None else 0)

    def space(self, start: int, end: int, after: str) -> None:
        """Blanks as one; none where a line of Chinese is only broken in the source."""
        broken = "\n" in self.body[start:end] or "\r" in self.body[start:end]
        if not (broken and wide(self.parts[-1][-1]) and wide(after[0])):
            self.piece(start, " ", end - start)

    def piece(self, start: int, text: str, width: int) -> None:
        """Adds a piece with its place."""
        self.starts.append(self.at)
        self.sources.append(start)
        self.widths.append(width)
        self.parts.append(text)
        self.at += len(text)


def wide(char: str) -> bool:
    """Whether a character is one of Chinese, Japanese or Korean text, which has no blanks between words.

    >>> wide("中"), wide("。"), wide("a")
    (True, True, False)
    """
    return unicodedata.east_asian_width(char) in "WF"


def extract(file: File) -> Extract:
    """What a page of HTML says."""
    raw = b"".join(chunks(file))
    if is_binary(raw):
        raise ValueError(Phrase("binary, not text"))
    return read(raw, xml=file.name.lower().endswith(".xhtml"))


def read(raw: bytes, *, xml: bool = False) -> Extract:
    """What the bytes of a page say."""
    decoded = decode_declared(raw)
    page = laid(decoded.body, xml=xml or bool(XML.match(decoded.body)))
    text = "".join(page.parts)
    ends = projected(decoded, text, page.starts, page.sources)
    return Extract(text, marks_of(page), tuple(page.headings), (), raw, ends)


def laid(body: str, *, xml: bool) -> Page:
    """The text of a page."""
    page = Page(body)
    for name, start, end in tokens(body, xml=xml):
        if name in (TEXT, VERBATIM):
            page.text(name, start, end)
        else:
            page.tag(name)
    page.line()
    return page


def marks_of(page: Page) -> Marks | None:
    """Line, column and offset in the source of every piece."""
    if not page.starts:
        return None
    starts = Text(page.body).line_starts
    sources = np.array(page.sources, dtype=np.int64)
    lines = np.searchsorted(starts, sources, side="right")
    columns = {
        "line": lines.tolist(),
        "column": (sources - starts[lines - 1] + 1).tolist(),
        "source_offset": page.sources,
    }
    return Marks(page.starts, columns, frozenset({"column", "source_offset"}), page.widths)
