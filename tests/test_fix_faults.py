"""What goes wrong while files are fixed: the original stays whole, and the message says what happened."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from audit.changelog import log_path, recorded
from audit.commands import fix as command
from audit.config import Config
from audit.errors import AuditError
from audit.fix import Fixed, Wanted, fix_bytes
from audit.undo import undo
from tests.console import run

resource = pytest.importorskip("resource")  # not on every system
PAGE = ("鄉(xiāng)鎮(zhèn)工作總結(jié)\n" + "一年來,鄉(xiāng)(xiāng)鎮(zhèn)總結(jié)經(jīng)驗(yàn)。\n" * 40).encode(
    "utf-8"
)
# the n-th of the calls that put bytes on the disk kills the process
DYING = """
import os, signal, sys
from audit.cli import main
calls, last = [0], int(sys.argv.pop(1))
def dying(call):
    def made(*words, **more):
        calls[0] += 1
        if calls[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*words, **more)
    return made
for name in ("open", "fsync", "replace", "chmod", "unlink"):
    setattr(os, name, dying(getattr(os, name)))
main()
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_bytes(PAGE)
    return path


@pytest.fixture(scope="module")
def fixed() -> Fixed:
    return fix_bytes("page.txt", PAGE, Wanted(), Config())


@pytest.mark.parametrize("calls", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14])
def test_a_kill_leaves_the_old_bytes_or_the_new(page: Path, fixed: Fixed, calls: int) -> None:
    words = [sys.executable, "-c", DYING, str(calls), "fix", "-i", page.name]
    done = subprocess.run(words, cwd=page.parent, capture_output=True, check=False, timeout=120)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    assert page.read_bytes() in (PAGE, fixed.raw)
    if done.returncode == 0:
        assert page.read_bytes() == fixed.raw
    again = run("fix", "-i", page.name, cwd=page.parent)
    assert again.returncode == 0, again.stderr
    assert page.read_bytes() == fixed.raw
    undo(page)
    assert page.read_bytes() == PAGE


def test_a_kill_before_anything_is_written_is_met(page: Path) -> None:
    """The calls counted above are those that the command makes."""
    words = [sys.executable, "-c", DYING, "1", "fix", "-i", page.name]
    done = subprocess.run(words, cwd=page.parent, capture_output=True, check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL


def test_a_full_disk(script: str, page: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))

    told = {
        "-i": b"File too large; the file is as it was",
        "-o": b"page.txt: the copy was not written whole: File too large",
    }
    for words in (["-i"], ["-o", "out"]):
        done = subprocess.run(
            [script, "fix", *words, page.name],
            cwd=page.parent,
            capture_output=True,
            check=False,
            preexec_fn=little_room,
        )
        assert done.returncode == 3
        assert told[words[0]] in done.stderr
        assert page.read_bytes() == PAGE
        left = [path.name for path in page.parent.rglob("*") if path.is_file()]
        assert left == ["page.txt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have one")
def test_standard_output_that_is_full_is_named(script: str, page: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [script, "fix", page.name], cwd=page.parent, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert b"standard output: No space left on device" in done.stderr
    assert b"page.txt" not in done.stderr
    assert page.read_bytes() == PAGE


def test_a_disk_that_is_full_for_the_file_alone(page: Path, fixed: Fixed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log fits, the file does not: no log says what was not done."""
    from audit import atomic

    write = atomic.write_atomically

    def full(path: Path, data: bytes, **more: bool) -> None:
        if path == page:
            raise OSError(28, "No space left on device")
        write(path, data, **more)

    monkeypatch.setattr(atomic, "write_atomically", full)
    with pytest.raises(OSError, match="No space left"):
        command.replace(page, PAGE, fixed)
    assert page.read_bytes() == PAGE
    assert [path.name for path in page.parent.iterdir()] == ["page.txt"]


def test_a_file_that_changed_meanwhile(page: Path, fixed: Fixed) -> None:
    page.write_bytes(PAGE + "新的一行。\n".encode())
    with pytest.raises(AuditError, match="changed while it was being fixed"):
        command.replace(page, PAGE, fixed)
    assert page.read_bytes() == PAGE + "新的一行。\n".encode()
    assert not log_path(page).exists()


def test_a_file_that_changes_while_it_is_written(page: Path, fixed: Fixed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others write after the bytes were compared and before the new ones take their place."""
    from audit import atomic

    inherit, other = atomic.inherit, PAGE + "新的一行。\n".encode()

    def slow(part: Path, target: Path) -> None:
        if target == page:
            page.write_bytes(other)
        inherit(part, target)

    monkeypatch.setattr(atomic, "inherit", slow)
    with pytest.raises(AuditError, match="changed while it was being fixed"):
        command.replace(page, PAGE, fixed)
    assert page.read_bytes() == other
    assert [path.name for path in page.parent.iterdir()] == ["page.txt"]


def test_of_two_fixes_at_once_neither_loses_its_log(page: Path, fixed: Fixed) -> None:
    """The second one has read the file before the first one wrote it."""
    begun = threading.Event()
    outcome: list[str] = []

    def second() -> None:
        begun.set()
        try:
            command.replace(page, PAGE, fixed)
        except AuditError as error:
            outcome.append(str(error))

    other = threading.Thread(target=second)
    with recorded(page, PAGE, fixed.raw, fixed.changes):
        other.start()
        begun.wait()
        other.join(0.1)
        page.write_bytes(fixed.raw)
    other.join()
    assert "changed while it was being fixed" in outcome[0]
    undo(page)
    assert page.read_bytes() == PAGE
    assert [path.name for path in page.parent.iterdir()] == ["page.txt"]


def test_an_older_log_outlives_a_failure(page: Path, fixed: Fixed) -> None:
    command.replace(page, PAGE, fixed)
    log = log_path(page).read_bytes()
    with pytest.raises(AuditError, match="changed while it was being fixed"):
        command.replace(page, PAGE, fixed)
    assert log_path(page).read_bytes() == log
    undo(page)
    assert page.read_bytes() == PAGE


def test_a_folder_that_cannot_be_written(script: str, page: Path) -> None:
    page.parent.chmod(0o555)
    try:
        done = subprocess.run([script, "fix", "-i", str(page)], capture_output=True, check=False, timeout=120)
    finally:
        page.parent.chmod(0o755)
    if done.returncode == 0:
        pytest.skip("this user writes where nobody may")
    assert done.returncode == 3
    assert b"is read-only" in done.stderr
    assert page.read_bytes() == PAGE
