"""Files are written whole; what a killed process left is removed, what another one writes is not."""

from __future__ import annotations

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
