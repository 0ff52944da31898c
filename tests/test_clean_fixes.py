"""Clean prose of every genre comes through the safe repairs untouched."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from audit.config import Config
from audit.fix import Wanted, fix_bytes
from audit.model import Safety
from audit.registry import load_rules

SAFE = Config(select=tuple(rule.code for rule in load_rules()[0] if rule.repair is Safety.SAFE))
PIECE = 80_000  # code points
GENRES = (
    "classical_mixed",
    "encyclopedia_trad",
    "law_simp",
    "law_trad",
    "literature_simp",
    "news_simp",
    "tech_articles_simp",
    "textbook_simp",
    "weekly_magazine_simp",
)


@pytest.mark.parametrize("genre", GENRES)
def test_nothing_is_changed(shared: Path, genre: str) -> None:
    with lzma.open(shared / "corpus" / f"{genre}.txt.xz", "rt", encoding="utf-8", newline="") as file:
        text = file.read()
    for start in range(0, len(text), max(len(text) // 4, PIECE)):
        piece = text[start : start + PIECE]
        assert fix_bytes(genre, piece.encode(), Wanted(), SAFE).changes == ()


def test_lines_by_themselves_are_left_alone(shared: Path) -> None:
    """In a short text there is less to judge by."""
    with lzma.open(shared / "corpus" / "weekly_magazine_simp.txt.xz", "rt", encoding="utf-8", newline="") as file:
        lines = file.read(400_000).split("\n")
    for start in range(0, len(lines), 40):
        piece = "\n".join(lines[start : start + 4])
        assert fix_bytes("piece", piece.encode(), Wanted(), SAFE).changes == ()
