"""The manual's rule pages are those of the rules."""

from __future__ import annotations

import sys
from pathlib import Path


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
