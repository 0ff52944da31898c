"""How fast each format is read, beside plain text of the same content in the same run: CPU time from the file to its entries."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from corpora import genres, load

from audit.model import Document
from audit.reading.collect import Source
from audit.reading.contents import Opener
from audit.reading.document import read, read_extract, read_record
from audit.reading.extract import extract
from audit.reading.files import File
from audit.reading.records import RECORDS, Fields, Record, cut, format_of
from audit.reading.records import read as read_block
from tests import samples

SIZE = 2_000_000  # characters of prose
CHAPTER = 400  # lines
WIDTH, LEADING, ROWS = 40, 18, 40  # characters of a line of a PDF, points between lines, lines of a page


def documents(path: Path) -> list[Document]:
    """Everything in a file, as an audit reads it."""
    opener = Opener((), tables=True)
    found = []
    for name, item, _ in opener.contents([Source(path.as_posix(), path, "")]):
        found += [read(name, item)] if isinstance(item, bytes) else of_format(name, item)
    assert not opener.skipped, opener.skipped
    return found


def of_format(name: str, item: File) -> list[Document]:
    if format_of(item.name) not in RECORDS:
        return [read_extract(name, extract(item))]
    items = (one for block in cut(name, item, Fields()) for one in read_block(block))
    return [read_record(name, one) for one in items if isinstance(one, Record)]


def pages(lines: list[str]) -> list[list[tuple[float, float, str]]]:
    rows = [line[at : at + WIDTH] for line in lines for at in range(0, len(line), WIDTH)]
    cuts = [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)]
    return [[(50.0, 800.0 - LEADING * number, row) for number, row in enumerate(part)] for part in cuts]


def makers(lines: list[str]) -> dict[str, Callable[[Path], object]]:
    chapters = [lines[at : at + CHAPTER] for at in range(0, len(lines), CHAPTER)]
    texts = {f"{number:04}.txt": "\n".join(part) for number, part in enumerate(chapters)}
    marked = {f"{number:04}.xhtml": samples.page_of(part) for number, part in enumerate(chapters)}
    rows = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts.values())
    return {
        "plain.txt": lambda path: path.write_bytes("\n".join(lines).encode()),
        "a.jsonl": lambda path: path.write_bytes(rows.encode()),
        "a.html": lambda path: path.write_bytes(samples.page_of(lines).encode()),
        "a.epub": lambda path: samples.epub(path, dict(marked)),
        "a.docx": lambda path: samples.document(path, [[line[:30], line[30:]] for line in lines]),
        "a.pdf": lambda path: path.write_bytes(samples.pdf(pages(lines))),
        "a.zip": lambda path: samples.zipped(path, texts),
        "a.tar": lambda path: samples.tarred(path, texts),
        "a.tar.gz": lambda path: samples.tarred(path, texts),
        "a.tar.zst": lambda path: samples.tarred(path, texts),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--characters", type=int, default=SIZE)
    options = parser.parse_args()
    paths = genres(options.corpus)
    text = "\n".join(load(path, options.characters // len(paths)) for path in paths)
    text = "".join(char for char in text if char >= " " or char == "\n")  # XML takes no controls
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    size = len("\n".join(lines).encode()) / 1e6
    print(f"{size:.1f} MB of text in {len(lines):,} lines")
    plain = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, make in makers(lines).items():
            path = Path(folder, name)
            make(path)
            took = min(timed(path) for _ in range(2))
            plain = plain or took
            print(
                f"{name:10} {path.stat().st_size / 1e6:6.1f} MB  {size / took:7.1f} MB/s of text  {took / plain:5.1f} x plain"
            )


def timed(path: Path) -> float:
    began = time.process_time()
    documents(path)
    return time.process_time() - began


if __name__ == "__main__":
    main()
