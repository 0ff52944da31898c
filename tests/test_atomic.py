"""Files are written whole; what a killed process left is removed, what another one writes is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audit import atomic

fcntl = pytest.importorskip("fcntl", reason="no locks, so nothing is swept")


def test_parts_of_the_dead_are_removed_and_of_the_living_are_not(tmp_path: Path) -> None:
    dead, held, other = (tmp_path / name for name in (f".a.x{atomic.PART}", f".b.y{atomic.PART}", ".c.part"))
    for path in (dead, held, other):
        path.write_bytes(b"half")
    with held.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        atomic.write_atomically(tmp_path / "a", b"whole")
    assert {path.name for path in tmp_path.iterdir()} == {"a", held.name, other.name}


def test_a_part_is_held_while_it_is_written(tmp_path: Path) -> None:
    with atomic.part_of(tmp_path / ("n" * 250)) as (part, stream):
        stream.write(b"half")
        atomic._swept.clear()
        atomic.sweep(tmp_path)
        assert part.exists()
    assert not list(tmp_path.iterdir())


def test_what_is_replaced_hands_on_its_mode_its_owner_and_its_attributes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)
    os.utime(path, (1, 1))
    given = os.geteuid() == 0
    if given:
        os.chown(path, 1234, 2345)
        path.chmod(0o2640)
    try:
        os.setxattr(path, "user.note", b"kept")
        noted = True
    except (AttributeError, OSError):  # not on every system
        noted = False
    before = path.stat()
    atomic.write_atomically(path, b"new")
    after = path.stat()
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)
    assert after.st_mtime > 1
    assert not noted or os.getxattr(path, "user.note") == b"kept"
