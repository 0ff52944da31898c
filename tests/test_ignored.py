"""What `.gitignore` keeps out of a folder; git itself is the oracle."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from audit.config import Config
from audit.errors import AuditError
from audit.reading.collect import collect_for

FILES = [
    "a.txt",
    "keep.txt",
    "drafts/a.txt",
    "drafts/keep.txt",
    "drafts/deep/b.txt",
    "out/c.txt",
    "sub/out/d.txt",
    "sub/x.txt",
    "sub/y.md",
    "sub/z.txt",
    "sub/.hidden.txt",
    "logs/1.txt",
    "sub/logs/2.txt",
    "sub/logs/keep.txt",
    "a#b.txt",
    "sub/ünï.txt",
]
PATTERNS = {
    ".gitignore": "# scratch\n*.md\n/out/\ndrafts/*\n!drafts/keep.txt\nlogs\r\nx.txt\nünï.*\n\\#no.txt\n",
    "sub/.gitignore": "!x.txt\nz.txt\n",
    "sub/logs/.gitignore": "!keep.txt\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        file = tmp_path / "repo" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("一年的工作总结。\n", encoding="utf-8")
    for name, text in PATTERNS.items():
        (tmp_path / "repo" / name).write_text(text, encoding="utf-8", newline="")
    return tmp_path / "repo"


def taken(folder: Path, config: Config | None = None) -> set[str]:
    found = collect_for(config or Config(), [str(folder)])
    return {source.path.relative_to(folder).as_posix() for source in found.sources if source.path}


def test_as_git_does_it(folder: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    words = ["git", "-c", "core.quotePath=false", "ls-files", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=folder, check=True, capture_output=True, encoding="utf-8").stdout.split("\n")
    wanted = {name for name in listed if name.endswith((".txt", ".md")) and "/." not in f"/{name}"}
    assert taken(folder) == wanted
    assert {f"sub/{name}" for name in taken(folder / "sub")} == {name for name in wanted if name.startswith("sub/")}


def test_without_a_repository_and_with_the_switch(folder: Path) -> None:
    assert "out/c.txt" not in taken(folder)
    assert taken(folder / "drafts") == {"a.txt", "keep.txt", "deep/b.txt"}, "what lies above is not ours to ask"
    every = {name for name in FILES if "hidden" not in name}
    assert taken(folder, Config(gitignore=False)) == every
    assert taken(folder, Config(gitignore=False, exclude=("drafts/", "*.md"))) == {
        name for name in every if not name.startswith("drafts/") and not name.endswith(".md")
    }


def test_what_is_ignored_is_told_and_never_silent(folder: Path) -> None:
    assert collect_for(Config(), [str(folder)]).passed_over[".gitignore"] == 8  # files and folders
    named = collect_for(Config(), [str(folder / "out" / "c.txt")])
    assert len(named.sources) == 1, "a file named outright is read"
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    with pytest.raises(AuditError, match="no text file"):
        collect_for(Config(), [str(folder)])
