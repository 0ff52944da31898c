"""Files of every format, made by the tests: what is put in is known, and so is where."""

from __future__ import annotations

import gzip
import html
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import docx
import zstandard

DAMAGED = "一年来，我站按照20xx年度目标开展工作，居民反映良好。"
CLEAN = "今年以来，社区组织居民清理河道，效果良好。"
OTHER = "图书馆本月新购图书三百册，周末照常开放。"

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
TARS: Mapping[str, Callable[[bytes], bytes]] = {
    "tar": lambda raw: raw,
    "tar.gz": gzip.compress,
    "tgz": gzip.compress,
    "tar.zst": zstandard.compress,
}


def page(body: str, head: str = '<meta charset="utf-8"><title>页</title>') -> str:
    return f"<!DOCTYPE html>\n<html><head>{head}<script>a < b && '<p>'</script></head>\n<body>{body}</body></html>\n"


def page_of(lines: Sequence[str]) -> str:
    return page("\n".join(f"<p>{html.escape(line)}</p>" for line in lines))


def chapter(title: str, *lines: str) -> str:
    said = "\n".join(f"<p>{line}</p>" for line in lines)
    return f"<?xml version='1.0' encoding='utf-8'?>\n<html><head><title/></head>\n<body><h1>{title}</h1>\n{said}</body></html>"


def epub(path: Path, chapters: Mapping[str, str | bytes | None], **parts: str) -> Path:
    """A book; the manifest stands in another order than the spine. None is a chapter whose file is missing."""
    manifest = "".join(
        f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in reversed(list(enumerate(chapters)))
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number, _ in enumerate(chapters))
    nav = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    package = f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{nav}{manifest}</manifest><spine><itemref idref="nav"/>{spine}</spine></package>'
    files = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package}
    files |= {f"OEBPS/{name}": raw for name, raw in reversed(chapters.items()) if raw is not None}
    return zipped(path, {"OEBPS/nav.xhtml": page_of([DAMAGED]), **files, **parts})


def zipped(path: Path, members: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return path


def tarred(path: Path, members: Mapping[str, str | bytes]) -> Path:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, text in members.items():
            raw = text.encode() if isinstance(text, str) else text
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    path.write_bytes(TARS[path.name.partition(".")[2]](stream.getvalue()))
    return path


def document(path: Path, paragraphs: Sequence[Sequence[str]]) -> Path:
    """A DOCX of paragraphs of runs; one that begins with # is a heading."""
    made = docx.Document()
    for runs in paragraphs:
        first, *_ = runs or [""]
        paragraph = made.add_paragraph(style="Heading 1" if first.startswith("#") else None)
        for run in runs:
            paragraph.add_run(run.removeprefix("#"))
    made.save(str(path))
    return path


def pdf(pages: Sequence[Sequence[tuple[float, float, str]]], size: int = 12, extra: bytes = b"") -> bytes:
    """A PDF of lines at places (x, y), in a Chinese font that every reader knows; `extra` goes into each page."""
    objects = [
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[2 0 R]>>",
        (
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 3 0 R"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>"
        ),
        (
            b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
            b"/Descent -120/CapHeight 880/StemV 93>>"
        ),
        b"<</Type/Catalog/Pages 5 0 R>>",
        b"",
    ]
    kids = []
    for lines in pages:
        shown = b"".join(
            b"1 0 0 1 %g %g Tm <%s> Tj " % (x, y, t.encode("utf-16-be").hex().encode()) for x, y, t in lines
        )
        stream = b"BT /F1 %d Tf %sET %s" % (size, shown, extra)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<</Type/Page/Parent 5 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 1 0 R>>>>/Contents %d 0 R>>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[4] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 4 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, trailer)


def pdf_of(lines: Sequence[str]) -> bytes:
    """A PDF of one page, its lines short enough to be paragraphs of their own."""
    return pdf([[(50, 800 - 40 * number, line) for number, line in enumerate(lines)]])
