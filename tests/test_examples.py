"""The examples in docstrings say what the functions give."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import audit

ROOT = Path(audit.__file__).parent.parent
MODULES = sorted(
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    for path in (ROOT / "audit").rglob("*.py")
    if b"    >>> " in path.read_bytes()
)


def test_there_are_examples() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted
    assert not found.failed
