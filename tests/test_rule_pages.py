"""The manual's rule pages are those of the rules."""

from __future__ import annotations

import inspect
import sys
from dataclasses import replace
from functools import wraps
from pathlib import Path

import pytest

from audit.commands.undo import undo
from audit.docstring import docstring
from audit.registry import load_rules


def test_fresh(root: Path) -> None:
    sys.path.insert(0, str(root / "tools"))
    try:
        from write_rule_pages import written
    finally:
        sys.path.pop(0)
    folder = root / "docs" / "rules"
    pages = written()
    there = {file.relative_to(folder).as_posix() for file in folder.rglob("*.md")}
    assert there == set(pages), "run `make rule-pages`"
    stale = [name for name, text in pages.items() if (folder / name).read_bytes() != text.encode()]
    assert not stale, "run `make rule-pages`"


def test_page_without_docstrings() -> None:
    rules, _ = load_rules()
    masked = next(rule for rule in rules if rule.code == "PLC001")

    @wraps(masked.check)
    def bare() -> None:
        """What Python makes of a function when it drops docstrings."""

    bare.__doc__ = None
    assert inspect.cleandoc(replace(masked, check=bare).page) == inspect.cleandoc(masked.page)


def test_what_python_drops_is_read_off_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    said = docstring(undo)
    monkeypatch.setattr(undo, "__doc__", None)  # as `python -OO` leaves it
    assert docstring(undo).split() == said.split()
    assert said.startswith("Give files back")
