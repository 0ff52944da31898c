"""The program as its console script runs it, in this process: a start of its own would cost more than what most tests ask.

What only a process of its own shows (its start, signals, real streams) is asked of the installed script: the fixture `script`.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from audit.cli import main

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG", "JIAOKAN_LANG")


def run(*words: object, cwd: Path, data: bytes = b"", **environ: str) -> subprocess.CompletedProcess[bytes]:
    """The exit code, and the bytes on both streams, of a run in this folder that reads `data` from standard input."""
    command = ["jiaokan", *map(str, words)]
    out, err = io.BytesIO(), io.BytesIO()
    kept = {name: value for name, value in os.environ.items() if name not in LOCALE}
    told = mock.patch.dict(os.environ, {**kept, "LANG": "C.UTF-8", **environ}, clear=True)
    with contextlib.chdir(cwd), told, _streams(command, data, out, err), pytest.raises(SystemExit) as end:
        main()
    code = end.value.code or 0
    assert isinstance(code, int)
    return subprocess.CompletedProcess(command, code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def _streams(command: list[str], data: bytes, out: io.BytesIO, err: io.BytesIO) -> Iterator[None]:
    """The program's arguments and streams, as a pipe gives them; what it sets on hearing Ctrl-C is taken back."""
    heard = signal.getsignal(signal.SIGINT)
    stdin = io.TextIOWrapper(io.BytesIO(data), "utf-8")
    stdout, stderr = (io.TextIOWrapper(stream, "utf-8", "backslashreplace", newline="") for stream in (out, err))
    try:
        with mock.patch.multiple(sys, argv=command, stdin=stdin, stdout=stdout, stderr=stderr):
            yield
    finally:
        signal.signal(signal.SIGINT, heard)
        for stream in (stdout, stderr):
            stream.detach()  # which writes what is left
