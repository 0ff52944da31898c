"""Encodings of whole files: the rules about bytes, the table, conversion and the way back."""

from __future__ import annotations

import io
import json
import random
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import typer
from hypothesis import given, settings
from typer.testing import CliRunner

from audit import audit_text
from audit.commands import convert as convert_command
from audit.commands import encodings as encodings_command
from audit.commands import fix as fix_command
from audit.commands.patch import show
from audit.commands.undo import undo
from audit.convert import back, convert, record_path
from audit.errors import AuditError
from audit.model import Action
from audit.reading.collect import collect
from audit.reading.runs import encoding_runs
from audit.reading.stream import stretches
from tests.test_decode import SIMPLIFIED, TRADITIONAL, hostile

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(encodings_command.encodings)
app.command()(convert_command.convert)
app.command()(fix_command.fix)
app.command()(undo)


def mixed() -> bytes:
    rows = [line.encode() for line in SIMPLIFIED * 4]
    rows[7] = SIMPLIFIED[0].encode("gb18030")
    rows[12] = TRADITIONAL[0].encode("big5")
    rows[15] = rows[15][:-1]
    return b"\n".join(rows) + b"\n"


def test_a_finding_shows_bytes_and_belief() -> None:
    raw = mixed()
    audit = audit_text(raw, "mixed.txt")
    found = [finding for finding in audit.findings if finding.rule == "ENC002"]
    assert [(finding.line, finding.evidence["encoding"]) for finding in found] == [(8, "gb18030"), (13, "big5")]
    first = found[0].evidence
    assert raw[first["byte_start"] : first["byte_end"]].startswith(bytes.fromhex(first["hex"]))
    assert first["preview"] == SIMPLIFIED[0]
    assert 0.5 < first["confidence"] <= 1


def test_the_table_names_lines_and_bytes() -> None:
    raw = mixed()
    rows = list(encoding_runs(stretches(io.BytesIO(raw))))
    assert [(row.first_line, row.last_line, row.encoding) for row in rows] == [
        (1, 7, "utf-8"), (8, 8, "gb18030"), (9, 12, "utf-8"), (13, 13, "big5"),
        (14, 16, "utf-8"), (16, 16, "undecodable"), (16, 20, "utf-8"),
    ]  # fmt: skip
    assert [row.byte_end for row in rows[:-1]] == [row.byte_start for row in rows[1:]]
    assert rows[-1].byte_end == len(raw)


def test_the_table_does_not_depend_on_the_pieces() -> None:
    raw = mixed() * 40
    small, large = (
        [row._replace(confidence=1.0) for row in encoding_runs(stretches(io.BytesIO(raw), size))]
        for size in (4096, 1 << 22)
    )
    assert small == large


@settings(max_examples=40, deadline=None)
@given(hostile)
def test_there_and_back(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("convert") / "a.txt"
    path.write_bytes(raw)
    for lost in ("keep", "replace"):
        if convert(path, lost=lost).changed:
            back(path)
        assert path.read_bytes() == raw
    assert list(path.parent.iterdir()) == [path]


def test_converting_twice_is_converting_once(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(mixed())
    path.chmod(0o640)
    assert convert(path).changed
    once = path.read_bytes()
    assert once.split(b"\n")[7].decode() == SIMPLIFIED[0]
    assert path.stat().st_mode & 0o777 == 0o640
    assert not convert(path).changed
    assert path.read_bytes() == once
    assert back(path) == len(mixed())
    assert path.read_bytes() == mixed()
    assert not record_path(path).exists()


def test_a_changed_file_is_not_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(mixed())
    convert(path)
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(AuditError, match="changed since"):
        back(path)
    assert path.read_bytes().endswith(b"more")


def test_what_an_encoding_cannot_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("图书馆".encode())
    with pytest.raises(AuditError, match="cannot hold"):
        convert(path, "big5")
    path.write_bytes(mixed())
    with pytest.raises(AuditError, match="no encoding takes"):
        convert(path, lost="refuse")
    assert path.read_bytes() == mixed()
    assert list(tmp_path.iterdir()) == [path]


def test_of_many_files_those_in_utf_8_are_counted(tmp_path: Path) -> None:
    for number in range(encodings_command.FEW):
        (tmp_path / f"{number}.txt").write_text("图书馆\n", "utf-8")
    run = CliRunner().invoke
    assert run(app, ["encodings", str(tmp_path)]).stdout.count("utf-8") == encodings_command.FEW
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(mixed())
    told = run(app, ["encodings", str(tmp_path)]).stdout
    assert told.count("confidence") == 1
    assert told.count(".txt\n") == 2
    assert told.endswith("\n40 files are UTF-8 throughout.\n")


def test_the_commands(tmp_path: Path) -> None:
    path, image = tmp_path / "a.txt", tmp_path / "b.txt"
    path.write_bytes(mixed())
    image.write_bytes(b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(200))
    run = CliRunner().invoke
    assert "gb18030" in run(app, ["encodings", str(path)]).output
    rows = json.loads(run(app, ["encodings", str(tmp_path), "-f", "json"]).stdout)
    assert [len(file["runs"]) for file in rows] == [7, 1]
    assert rows[1]["runs"][0]["encoding"] == "binary"
    lines = run(app, ["encodings", str(path), "-f", "jsonl"]).stdout.strip().split("\n")
    assert [json.loads(line)["first_line"] for line in lines] == [1, 8, 9, 13, 14, 16, 16]
    assert run(app, ["convert", str(tmp_path), "--dry-run"]).exit_code == 1
    assert path.read_bytes() == mixed()
    told = run(app, ["convert", str(tmp_path)])
    assert told.exit_code == 0
    assert "in no encoding" in told.output
    assert "binary" in told.output
    assert run(app, ["convert", "--back", str(path)]).exit_code == 0
    assert path.read_bytes() == mixed()
    assert isinstance(run(app, ["convert", str(path), "--to", "euc-cn-tw"]).exception, AuditError)


@pytest.mark.parametrize("order", [["convert"], ["convert", "fix"], ["fix", "convert"]])
def test_one_command_takes_back_both(tmp_path: Path, order: list[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(("全国鄉(xiāng)镇总(zǒng)结工作，参(cān)加会(huì)议的干部都到了。\n" * 3).encode("gb18030"))
    states = [path.read_bytes()]
    for command in order:
        CliRunner().invoke(app, [command, str(path)] + (["--in-place"] if command == "fix" else []))
        assert path.read_bytes() != states[-1], command
        states.append(path.read_bytes())
    assert {source.name for source in collect([str(tmp_path)]).sources} == {str(path)}
    for state in states[-2::-1]:
        assert CliRunner().invoke(app, ["undo", str(path)]).exit_code == 0
        assert path.read_bytes() == state
    assert list(tmp_path.iterdir()) == [path]
    assert CliRunner().invoke(app, ["undo", str(path)]).exit_code == 3


def test_a_sound_file_in_one_encoding_is_converted_not_edited() -> None:
    text = "\n".join(f"{line}。" for line in SIMPLIFIED) + "\n"
    for codec in ("gb18030", "utf-16"):
        audit = audit_text(text.encode(codec), "page.txt")
        assert (audit.graded.now.letter, audit.graded.action) == ("A", Action.FIX)
        assert "jiaokan convert" in audit.findings[0].message
    damaged = audit_text(text.encode("gb18030") + b"\xff\xff\n", "page.txt")
    assert damaged.graded.action is not Action.FIX


def test_a_diff_is_shown_as_text_and_handed_to_patch_as_bytes(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes("工作。。。总结\n鄉鎮(zhèn)的工會(huì)\n".replace("è", "e").encode("gb18030"))
    changed = path.read_bytes().replace("总结".encode("gb18030"), "总".encode("gb18030"))
    for patch, codec in ((False, "utf-8"), (True, "gb18030")):
        out = io.TextIOWrapper(io.BytesIO(), "utf-8")
        with redirect_stdout(out):
            show("page.txt", path.read_bytes(), changed, patch=patch)
        assert "-工作。。。总结" in out.buffer.getvalue().decode(codec)
