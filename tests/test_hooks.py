"""The hooks under the real pre-commit: as published, but for the program, which is the one installed here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

CLEAN = "鄉鎮工會認真組織職工學習，各項工作都有了新的進展。\n"
DAMAGED = (
    "鄉(xiāng)鎮工會認真組織職工學(xué)習，各項(xiàng)工作都有了新的進展，鄉(xiāng)親們都說好。\n"
    "全鄉(xiāng)職工學(xué)習了各項(xiàng)規定，學(xué)用結合，項(xiàng)目進展順利，鄉(xiāng)里滿意。\n"
)


def run(folder: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))},
        "PRE_COMMIT_HOME": str(home / "home"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.org",
        "LC_ALL": "C.UTF-8",
    }
    return subprocess.run(
        words, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, encoding="utf-8"
    )


@pytest.fixture
def repository(root: Path, script: str, tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_bytes())
    for hook in hooks:
        program, _, rest = hook["entry"].partition(" ")
        assert program == "jiaokan"
        hook |= {"language": "system", "entry": f"{script} {rest}"}
    wanted = {"repos": [{"repo": "local", "hooks": sorted(hooks, key=lambda hook: hook["id"] == "jiaokan")}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(wanted), encoding="utf-8")
    assert run(folder, tmp_path, "git", "init", "-q").returncode == 0
    assert run(folder, tmp_path, sys.executable, "-m", "pre_commit", "install").returncode == 0
    return folder


def test_a_commit_is_refused_mended_and_let_in(repository: Path, tmp_path: Path) -> None:
    def git(*words: str) -> subprocess.CompletedProcess[str]:
        return run(repository, tmp_path, "git", *words)

    (repository / "clean.txt").write_text(CLEAN, encoding="utf-8")
    (repository / "-draft.txt").write_text(CLEAN, encoding="utf-8")
    (repository / "code.py").write_text("print('20xx年')\n", encoding="utf-8")
    git("add", "-A")
    first = git("commit", "-m", "clean")
    assert first.returncode == 0, first.stdout

    (repository / "page.txt").write_text(DAMAGED, encoding="utf-8")
    git("add", "page.txt")
    refused = git("commit", "-m", "damaged")
    assert refused.returncode != 0
    assert "files were modified by this hook" in refused.stdout
    assert "page.txt: applied 10 safe repairs: 10 GLS001 pinyin-gloss" in refused.stdout
    mended = (repository / "page.txt").read_text(encoding="utf-8")
    assert "(" not in mended

    git("add", "page.txt")
    second = git("commit", "-m", "mended")
    assert second.returncode == 0, second.stdout
    assert git("show", "HEAD:page.txt").stdout == mended

    (repository / "mask.txt").write_text("20xx年的工作", encoding="utf-8")
    git("add", "mask.txt")
    told = git("commit", "-m", "masked")
    assert told.returncode != 0
    assert "masked year '20xx'" in told.stdout
    assert "page.txt" not in told.stdout, "only the files of the commit"
