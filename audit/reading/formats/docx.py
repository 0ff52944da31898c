"""DOCX: paragraphs as lines, cells of a row on one line with tabs, notes at the end; places are paragraph and run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from audit.reading.extract import Extract, Titled
from audit.reading.files import File, seekable
from audit.reading.formats.packed import needs
from audit.reading.formats.xml import check_harmless
from audit.reading.formats.zipped import opened, part, parts_of
from audit.text import Marks
from audit.words import Phrase

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
# parts of a paragraph that hold runs; what was deleted, and readings above characters, are not among them
HOLDERS = frozenset(
    f"{W}{name}"
    for name in ("hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo")
)
BOX, FALLBACK = f"{W}txbxContent", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
RUBY, BASE = f"{W}ruby", f"{W}rubyBase"
LEVEL = re.compile(r"(?:heading|标题|標題) ?([1-9])", re.IGNORECASE)
NOTES = ("footnotes", "endnotes")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a compound file: the old .doc, or a DOCX locked with a password
MAX_STYLES = 20  # that one may be based on, one upon the other
OUTER = {name: f"in_{name}" for name in ("table", "row", "cell")}  # of the table in whose cell another one stands
KEYS = ("note", *OUTER.values(), "table", "row", "cell", "control", "in_paragraph", "box", "paragraph", "run")


@dataclass(slots=True)
class Page:
    """The text as it grows, with the place of each run."""

    levels: dict[str, int]
    parts: list[str] = field(default_factory=list)
    at: int = 0
    starts: list[int] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)
    headings: list[Titled] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Adds text to the last piece."""
        self.parts.append(text)
        self.at += len(text)

    def paragraph(self, node: Any, place: dict[str, Any]) -> None:
        """One paragraph, without what ends its line."""
        start = self.at
        for number, run in enumerate(runs(node), start=1):
            text = "".join(said(run))
            if text:
                self.starts.append(self.at)
                self.places.append({**place, "run": number})
                self.add(text)
        level = self.level(node)
        if level and self.at > start and "\n" not in "".join(self.parts[-1:]):
            self.headings.append(Titled(level, start, self.at))

    def boxes(self, node: Any, place: dict[str, Any]) -> None:
        """The text boxes that hang on a paragraph; older programs have them a second time, as a fallback."""
        count = 0
        for box in node.iter(BOX):
            if next(box.iterancestors(f"{W}p"), None) is node and next(box.iterancestors(FALLBACK), None) is None:
                count += 1
                self.blocks(box, {**place, "box": count})

    def level(self, node: Any) -> int:
        """The level of a heading; 0 for other paragraphs."""
        settings = node.find(f"{W}pPr")
        if settings is None:
            return 0
        own, style = settings.find(f"{W}outlineLvl"), settings.find(f"{W}pStyle")
        if own is not None:
            return outline(own)
        return 0 if style is None else self.levels.get(style.get(VAL, ""), 0)

    def blocks(self, parent: Any, place: dict[str, Any]) -> None:
        """Paragraphs and tables in their order, a line each; counted as they stand under their parent."""
        counts = {"paragraph": 0, "table": 0, "control": 0}
        for node in parent:
            if node.tag == f"{W}p":
                counts["paragraph"] += 1
                here = {**place, "paragraph": counts["paragraph"]}
                self.paragraph(node, here)
                self.add("\n")
                self.boxes(node, {f"in_{name}" if name == "paragraph" else name: value for name, value in here.items()})
            elif node.tag == f"{W}tbl":
                counts["table"] += 1
                self.table(
                    node, {**{OUTER.get(key, key): value for key, value in place.items()}, "table": counts["table"]}
                )
            elif node.tag == f"{W}sdt" and (content := node.find(f"{W}sdtContent")) is not None:
                counts["control"] += 1
                self.blocks(content, {**place, "control": counts["control"]})

    def table(self, table: Any, place: dict[str, Any]) -> None:
        """The rows of a table."""
        for row, line in enumerate(table.iterchildren(f"{W}tr"), start=1):
            for number, cell in enumerate(line.iterchildren(f"{W}tc"), start=1):
                if number > 1:
                    self.end_with("\t")
                self.blocks(cell, {**place, "row": row, "cell": number})
            self.end_with("\n")

    def end_with(self, mark: str) -> None:
        """Puts a mark in the place of the line break behind a cell's last paragraph."""
        if self.parts and self.parts[-1] in ("\n", "\t"):
            self.parts[-1] = mark


def extract(file: File) -> Extract:
    """What a document says; ValueError for one that is damaged, locked, or made to harm, AuditError where python-docx is missing."""
    try:
        import docx  # noqa: PLC0415 - only such a file needs it
        from docx.opc.exceptions import OpcError  # noqa: PLC0415
        from lxml.etree import XMLSyntaxError  # noqa: PLC0415
    except ImportError as error:
        raise needs("DOCX", "python-docx", "docx") from error
    with seekable(file) as stream:
        raw = stream.read()
    if raw.startswith(OLD):
        raise ValueError(
            Phrase("it is locked with a password, or in the older format .doc; save it as DOCX without one")
        )
    check(raw)
    try:
        document = docx.Document(io.BytesIO(raw))
        page = Page(levels_of(document.styles.element))
        if document.element.body is None:
            raise ValueError(Phrase("no DOCX, or damaged ({reason})", reason=Phrase("it has no body")))
        page.blocks(document.element.body, {})
        for place, notes in notes_of(document):
            page.blocks(notes, place)
    except (OpcError, XMLSyntaxError, KeyError, AttributeError, zipfile.BadZipFile) as error:
        raise ValueError(Phrase("no DOCX, or damaged ({reason})", reason=error)) from error
    return Extract("".join(page.parts), marks_of(page), tuple(page.headings))


def check(raw: bytes) -> None:
    """ValueError for a package that would unpack to too much, or whose XML declares entities."""
    with opened(io.BytesIO(raw)) as archive:
        for name, info in parts_of(archive).items():
            if name.endswith((".xml", ".rels")):
                check_harmless(part(archive, info))


def runs(paragraph: Any) -> Iterator[Any]:
    """The runs of a paragraph in their order, those in links and insertions too."""
    waiting = [*reversed(paragraph)]
    while waiting:
        node = waiting.pop()
        if node.tag == f"{W}r":
            yield node
        elif node.tag in HOLDERS:
            waiting.extend(reversed(node))


def said(run: Any) -> Iterator[str]:
    """What a run says; of text with readings above, the text."""
    for node in run:
        if node.tag == f"{W}t":
            yield node.text or ""
        elif node.tag in SIGNS:
            yield "" if node.get(f"{W}type") in ("page", "column") else SIGNS[node.tag]
        elif node.tag == RUBY:
            for base in node.iterchildren(BASE):
                for inner in base.iterchildren(f"{W}r"):
                    yield from said(inner)


def levels_of(styles: Any) -> dict[str, int]:
    """The level of every style that is a heading, by its id: its own, or that of the style it is based on."""
    own, based = {}, {}
    for style in styles.iterchildren(f"{W}style"):
        key = style.get(f"{W}styleId", "")
        level, name, base = style.find(f"{W}pPr/{W}outlineLvl"), style.find(f"{W}name"), style.find(f"{W}basedOn")
        named = LEVEL.fullmatch(name.get(VAL, "")) if name is not None else None
        if level is not None or named:
            own[key] = int(named[1]) if named else outline(level)
        if base is not None:
            based[key] = base.get(VAL, "")
    for key in based:
        at = key
        for _ in range(MAX_STYLES):
            if at in own:
                own[key] = own[at]
                break
            at = based.get(at, "")
    return own


def outline(node: Any) -> int:
    """The level that an outline level says: it counts from 0, and 9 is body text."""
    value = node.get(VAL, "")
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else 0


def notes_of(document: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """Footnotes and endnotes with their places; the lines that part them from the text are none."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above

    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind in NOTES and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if note.get(f"{W}type") in (None, "normal"):
                    yield {"note": f"{kind[:-1]} {note.get(f'{W}id')}"}, note


def marks_of(page: Page) -> Marks | None:
    """Paragraph and run of every piece, and the character within the run."""
    if not page.starts:
        return None
    columns: dict[str, list[Any]] = {name: [place.get(name) for place in page.places] for name in KEYS}
    kept = {name: column for name, column in columns.items() if any(value is not None for value in column)}
    return Marks(page.starts, {**kept, "character": [1] * len(page.starts)}, frozenset({"character"}))
