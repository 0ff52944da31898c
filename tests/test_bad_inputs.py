"""Damaged, locked and hostile files: told with their place and reason, and the rest goes on."""

from __future__ import annotations

import gzip
import io
import os
import random
import struct
import sys
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit import Config, audit_paths
from audit.cli import app
from audit.reading.formats.limits import FREE
from tests.samples import CLEAN, DAMAGED, OTHER, chapter, document, epub, page, pdf, pdf_of, tarred, zipped

BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def told(folder: Path, *, found: int = 1) -> list[tuple[str, str]]:
    """What is said of the files of a folder that cannot be read; a sound text beside them is audited as ever."""
    (folder / "sound.txt").write_bytes(DAMAGED.encode())
    audit = audit_paths([str(folder)])
    assert not audit.complete
    assert sum(one.rule == "PLC001" for one in audit.findings) == found
    return [(one.path.removeprefix(f"{folder.as_posix()}/"), one.reason) for one in audit.skipped]


def packed(name: str, folder: Path) -> bytes:
    """A sound archive or document of each kind, as bytes."""
    path = folder.parent / name
    if name.endswith(("zip", "gz", "tar")):
        members = {f"{n}.txt": f"{CLEAN}{n}" * 300 for n in range(9)}
        (zipped if name.endswith("zip") else tarred)(path, members)
    elif name.endswith("epub"):
        epub(path, {"a.xhtml": chapter("第一章", CLEAN)})
    elif name.endswith("docx"):
        document(path, [[CLEAN]])
    else:
        path.write_bytes(pdf_of([CLEAN]))
    return path.read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.mark.parametrize("name", ["a.zip", "a.epub", "a.docx", "a.tar.gz", "a.tar", "a.pdf"])
@pytest.mark.parametrize(
    "damage",
    [lambda raw: raw[: len(raw) // 2], lambda _: b"", lambda _: b"no archive " * 99],
    ids=["cut", "empty", "other"],
)
def test_damaged_files_are_told(folder: Path, name: str, damage: Callable[[bytes], bytes]) -> None:
    (folder / name).write_bytes(damage(packed(name, folder)))
    said = told(folder)
    assert {path.partition("!/")[0] for path, _ in said} == {name}
    assert all(reason.startswith("cannot be read") for _, reason in said)


def test_what_stands_before_a_cut_is_read(folder: Path) -> None:
    texts = {f"{n}.txt": DAMAGED + os.urandom(3000).hex() for n in range(4)}
    path = tarred(folder / "a.tar.gz", texts)
    path.write_bytes(path.read_bytes()[:-2000])
    skipped = told(folder, found=1 + 3)
    assert [name for name, _ in skipped] == ["a.tar.gz!/3.txt", "a.tar.gz"]
    assert "damaged" in skipped[0][1]


def test_an_archive_that_ends_between_two_members_is_told(folder: Path) -> None:
    path = tarred(folder / "a.tar", {"a.txt": DAMAGED, "b.txt": CLEAN})
    path.write_bytes(path.read_bytes()[:1024])
    assert told(folder, found=2) == [("a.tar", "cannot be read from here on: the archive is cut off: it has no end")]


def test_one_damaged_member_leaves_the_others(folder: Path) -> None:
    path = zipped(folder / "a.zip", {"a.txt": CLEAN, "b.txt": DAMAGED, "c.jsonl": "{}"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace("清理河道".encode(), "清理河段".encode(), 1))
    ((name, reason),) = told(folder, found=2)
    assert name == "a.zip!/a.txt"
    assert "CRC" in reason


def locked(path: Path, name: str) -> None:
    """Sets the flag of encryption of a member, in its own header and in the directory."""
    raw = bytearray(path.read_bytes())
    for mark, flags, length in ((b"PK\x03\x04", 6, 26), (b"PK\x01\x02", 8, 28)):
        at = raw.find(mark)
        while at >= 0:
            size = struct.unpack_from("<H", raw, at + length)[0]
            start = at + (30 if length == 26 else 46)
            if raw[start : start + size] == name.encode():
                raw[at + flags] |= 1
            at = raw.find(mark, at + 4)
    path.write_bytes(raw)


def test_locked_files_are_told(folder: Path) -> None:
    locked(zipped(folder / "a.zip", {"a.txt": CLEAN, "b.txt": DAMAGED, "c.png": CLEAN}), "a.txt")
    (folder / "b.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (b"41" * 32, b"42" * 32)
    (folder / "c.pdf").write_bytes(pdf_of([CLEAN]).replace(b"/Root", lock + b"/Root"))
    said = dict(told(folder, found=2))
    assert said["a.zip!/a.txt"] == "it is encrypted"
    assert "password" in said["b.docx"]
    assert said["c.pdf"] == "cannot be read: it is locked with a password"
    assert len(said) == 3


def test_chapters_that_cannot_be_read_leave_the_others(folder: Path) -> None:
    drm = '<encryption><EncryptedData><EncryptionMethod Algorithm="{}"/><CipherData><CipherReference URI="OEBPS/{}"/></CipherData></EncryptedData>'
    font = drm.format("http://www.idpf.org/2008/embedding", "d.xhtml").removeprefix("<encryption>")
    parts = {
        "META-INF/encryption.xml": drm.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "a.xhtml")
        + font
        + "</encryption>"
    }
    chapters = {
        "a.xhtml": "locked",
        "b.xhtml": None,
        "c.xhtml": chapter("三", DAMAGED).encode() + b"\xff\xff",
        "d.xhtml": chapter("四", CLEAN),
    }
    epub(folder / "a.epub", chapters, **parts)
    said = told(folder, found=2)
    assert [reason for _, reason in said[:2]] == [
        "chapter 1, OEBPS/a.xhtml: it is encrypted (DRM)",
        "chapter 2, OEBPS/b.xhtml: the file is missing",
    ]
    assert [one.number for one in audit_paths([str(folder / "a.epub")]).documents[0].entries] == [3, 4]


def test_pages_without_a_text_layer_are_told(folder: Path) -> None:
    picture = b"q 10 0 0 10 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI Q"
    (folder / "a.pdf").write_bytes(pdf([[]], extra=picture))
    (folder / "b.pdf").write_bytes(pdf([[(50, 800, DAMAGED)]], extra=picture))
    (folder / "c.pdf").write_bytes(pdf([[]]))
    wanted = [("a.pdf", "page 1: a picture without a text layer"), ("c.pdf", "the text is empty")]
    assert told(folder, found=2) == wanted


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE], ids=["bomb", "outside"])
@pytest.mark.parametrize("name", ["META-INF/container.xml", "OEBPS/book.opf", "word/document.xml", "a.xhtml"])
def test_entities_are_not_expanded(folder: Path, declared: str, name: str) -> None:
    if name == "a.xhtml":
        source = chapter("第一章", f"&h;{DAMAGED}").replace("<html>", f"{declared}]><html>", 1)
        epub(folder / "a.epub", {"a.xhtml": source})
        (folder / "sound.txt").write_bytes(DAMAGED.encode())
        audit = audit_paths([str(folder)])
        assert audit.complete
        assert audit.documents[0].document.body == f"第一章\n&h;{DAMAGED}\n"
        return
    if name.startswith("word"):
        root = (
            f'{declared}]><w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&h;</w:t></w:r></w:p></w:body></w:document>'
        )
        with zipfile.ZipFile(document(folder.parent / "b.docx", [[CLEAN]])) as whole:
            parts = {one: whole.read(one) for one in whole.namelist()}
        zipped(folder / "a.docx", parts | {name: root})
    else:
        epub(folder / "a.epub", {"a.xhtml": chapter("第一章", CLEAN)}, **{name: f"{declared}]><a>&h;</a>"})
    ((_, reason),) = told(folder)
    assert reason == "cannot be read: refused: its XML declares entities"


def zeros(path: Path, size: int, other: int = 0) -> Path:
    """An archive with a text of so many zeros, and so many bytes that cannot be packed."""
    if path.suffix in (".zip", ".epub", ".docx"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("a.txt", "w") as stream:
                for _ in range(size >> 20):
                    stream.write(bytes(1 << 20))
            archive.writestr("b.txt", DAMAGED)
            archive.writestr("c.png", os.urandom(other))
        return path
    with gzip.open(path, "wb", 9) as packed_stream, tarfile.open(fileobj=packed_stream, mode="w|") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = size
        archive.addfile(info, io.BytesIO(bytes(size)))
    return path


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.docx", "a.epub"])
def test_bombs_are_refused_in_little_memory(folder: Path, name: str) -> None:
    zeros(folder / name, 4 * FREE)
    tracemalloc.start()
    said = told(folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [path.partition("!/")[0] for path, _ in said] == [name] * len(said)
    assert "bomb" in said[0][1]
    assert peak < 3 * FREE


def test_a_bomb_among_honest_members_is_passed_over(folder: Path) -> None:
    zeros(folder / "a.zip", 4 * FREE, FREE // 8)
    ((name, reason),) = told(folder, found=2)
    assert name == "a.zip!/a.txt"
    assert "bomb" in reason


def test_a_sparse_file_is_not_read(folder: Path) -> None:
    info = tarfile.TarInfo("a.txt")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 0
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[386:410] = b"%011o\0%011o\0" % (0, 0)
    header[483:495] = b"%011o\0" % (1 << 32)  # the size that it pretends to have
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    (folder / "a.tar").write_bytes(bytes(header) + bytes(10240 - 512))
    ((name, reason),) = told(folder)
    assert name == "a.tar!/a.txt"
    assert "sparse" in reason


def test_links_and_devices_are_no_texts(folder: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind in (("a.txt", tarfile.SYMTYPE), ("b.txt", tarfile.LNKTYPE), ("c.txt", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/hostname"
            archive.addfile(info)
    (folder / "a.tar").write_bytes(stream.getvalue())
    assert audit_paths([str(folder)]).passed_over == {"link": 2, "no regular file": 1}


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("a.docx", "docx", "docx"), ("a.pdf", "pypdfium2", "pdf"), ("a.tar.zst", "zstandard", "scale")],
)
def test_a_missing_package_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    if name == "a.tar.zst":
        tarred(folder / name, {"a.txt": CLEAN})
    else:
        (folder / name).write_bytes(packed(name, folder))
    monkeypatch.setitem(sys.modules, module, None)
    ((path, reason),) = told(folder)
    assert path == name
    assert reason.endswith(f"pip install 'jiaokan[{extra}]'")


def test_a_table_whose_package_is_missing_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.parquet").write_bytes(b"PAR1")
    (folder / "b.txt").write_bytes(DAMAGED.encode())
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    audit = audit_paths([str(folder / "a.parquet"), str(folder / "b.txt")])
    assert [one.reason for one in audit.skipped] == ["Parquet needs pyarrow: pip install 'jiaokan[scale]'"]
    assert len(audit.findings) == 1


def test_a_reader_that_fails_ends_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document(folder / "a.docx", [[CLEAN]])
    monkeypatch.setattr("audit.reading.formats.docx.levels_of", lambda _: 1 + "")  # type: ignore[operator]
    ((name, reason),) = told(folder)
    assert name == "a.docx"
    assert "its reader failed (TypeError" in reason


@pytest.mark.parametrize("name", ["a.zip", "a.epub", "a.docx", "a.tar.gz", "a.tar", "a.pdf"])
def test_damage_anywhere_ends_nothing(folder: Path, name: str) -> None:
    raw = packed(name, folder)
    rng = random.Random(name)
    for number in range(12):
        damaged = bytearray(raw)
        for _ in range(rng.choice((1, 3, 20))):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        (folder / f"{number}{name}").write_bytes(damaged)
    audit = audit_paths([str(folder)], Config(select=("PLC",)))
    whole = {one.document.path.partition("!/")[0] for one in audit.documents} | {
        one.path.partition("!/")[0] for one in audit.skipped
    }
    assert whole <= {(folder / f"{number}{name}").as_posix() for number in range(12)}
    assert len(whole) == 12


def test_the_command_ends_with_3_and_fix_leaves_alone(folder: Path) -> None:
    (folder / "a.docx").write_bytes(b"PK")
    (folder / "b.html").write_bytes(page(f"<p>{OTHER}</p>").encode())
    done = CliRunner().invoke(app, ["check", str(folder)])
    assert done.exit_code == 3
    assert "no zip archive, or cut off" in done.output
    before = (folder / "b.html").read_bytes()
    done = CliRunner().invoke(app, ["fix", "-i", str(folder / "b.html")])
    assert done.exit_code == 3
    assert "only written to plain text" in done.output
    assert (folder / "b.html").read_bytes() == before
