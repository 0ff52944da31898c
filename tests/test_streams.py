"""Standard streams that are full or closed, names that break lines, Ctrl-C: what is told, and of whom."""

from __future__ import annotations

import errno
import io
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from audit.cli import main
from audit.reading import contents
from audit.report import terminal
from audit.run import audit_paths
from audit.scale.local import Local, undisturbed
from tests.samples import CLEAN, DAMAGED

# what a person does who presses Ctrl-C while the program is still being loaded
EARLY = """
import os, signal, sys
class Pressed:
    def find_spec(self, name, *_):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Pressed())
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the tests were started with
sys.argv = ["jiaokan", "--version"]
from audit.__main__ import main
main()
"""
HELD = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"


class Full(io.StringIO):
    """A standard output behind which the disk is full."""

    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def ended(monkeypatch: pytest.MonkeyPatch, *words: str) -> object:
    """The exit code of a run whose standard output is full."""
    monkeypatch.setattr(sys, "argv", ["jiaokan", *words])
    monkeypatch.setattr(sys, "stdout", Full())
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


@pytest.fixture
def gbk(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_bytes(CLEAN.encode("gb18030"))
    return paths


def test_full_output_is_no_fault_of_a_text(
    gbk: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "encodings", *map(str, gbk)) == 2
    said = capsys.readouterr().err
    assert "standard output" in said
    assert "a.txt" not in said


def test_files_are_converted_though_nobody_can_be_told(
    gbk: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "convert", *map(str, gbk)) == 2
    assert [path.read_bytes().decode("utf-8") for path in gbk] == [CLEAN] * 2
    said = capsys.readouterr().err
    assert "as it was" not in said, "they are not"
    assert "standard output" in said


@pytest.mark.parametrize(
    ("closing", "code", "said"),
    [
        ("check a.txt >&-", 2, "standard output: it is closed"),
        ("check a.txt -o report.txt >&-", 1, ""),
        ("check - <&-", 3, "it is closed"),
        ("check absent.txt 2>&-", 2, ""),
    ],
)
def test_closed_streams(script: str, tmp_path: Path, closing: str, code: int, said: str) -> None:
    shell = shutil.which("sh")
    if shell is None:
        pytest.skip("there is no shell")
    (tmp_path / "a.txt").write_bytes(DAMAGED.encode("utf-8"))
    words = [shell, "-c", f'"$0" {closing}', script]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, check=False, encoding="utf-8")
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert said in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal there")
def test_an_early_interrupt_ends_without_a_word() -> None:
    done = subprocess.run([sys.executable, "-c", EARLY], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be held back there")
def test_processes_that_are_started_do_not_hear_an_interrupt() -> None:
    with undisturbed():
        done = subprocess.run([sys.executable, "-c", HELD], capture_output=True, check=True)
    assert done.stdout.strip() == b"True"
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="as above")
def test_workers_that_are_loaded_do() -> None:
    assert set(Local(2).map(lambda group: group, heard, [[1, 2]])) == {(False, signal.SIG_DFL)}


def heard(_: int) -> tuple[bool, object]:
    """Whether this process holds back Ctrl-C, and what it does on hearing it."""
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.getsignal(signal.SIGINT)


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_a_name_stays_on_its_line(tmp_path: Path) -> None:
    for name, text in (("a\nb.txt", CLEAN), ("c\x1b[31m\n.txt", DAMAGED)):
        (tmp_path / name).write_bytes(text.encode("utf-8"))
    report = terminal.render(audit_paths([str(tmp_path)])).decode("utf-8")
    assert "a<U+000A>b.txt" in report
    assert "\x1b" not in report
    assert all(line.count(".txt") == 0 or "<U+000A>" in line for line in report.split("\n"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names there")
@pytest.mark.parametrize(("command", "code"), [("fix", 3), ("convert", 2)])
def test_a_pipe_cannot_be_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, code: int
) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    assert ended(monkeypatch, command, str(pipe)) == code
    assert "pipes have none to change" in capsys.readouterr().err


def test_standard_input_without_an_end(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(contents, "MOST", 1 << 20)
    endless = io.TextIOWrapper(io.BytesIO(b"y\n" * (1 << 20)))
    monkeypatch.setattr(sys, "stdin", endless)
    monkeypatch.setattr(sys, "argv", ["jiaokan", "check", "--stdin", "--no-cache"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    assert "goes on past 1 MiB" in capsys.readouterr().err
    assert endless.buffer.tell() <= (1 << 20) + io.DEFAULT_BUFFER_SIZE
