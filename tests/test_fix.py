"""Fix and undo: nothing is lost, nothing is changed unless told, and everything can be taken back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from audit.changelog import log_path, read_log
from audit.cli import app
from audit.commands.patch import diff_lines
from audit.config import Config
from audit.errors import AuditError
from audit.fix import Wanted, apply, choose_edits, fix_bytes, revert
from tests.console import run

PAGE = "鄉(xiāng)鎮(zhèn)工作總結(jié)\n一年來,鄉(xiāng)(xiāng)鎮(zhèn)工作有新的.水平,總結(jié)經(jīng)(jīng)驗(yàn)。\n鄉(xiāng)鎮(zhèn)總結(jié)。\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_bytes(PAGE.encode("utf-8"))
    return path


def test_shows_and_changes_nothing_unless_told(page: Path) -> None:
    done = run("fix", page.name, cwd=page.parent)
    assert done.returncode == 1
    assert done.stdout.startswith(b"--- a/page.txt\n+++ b/page.txt\n")
    assert page.read_bytes() == PAGE.encode("utf-8")
    assert [path.name for path in page.parent.iterdir()] == ["page.txt"]


def test_in_place_and_undo(script: str, page: Path) -> None:
    words = [script, "fix", "-i", page.name]
    assert subprocess.run(words, cwd=page.parent, capture_output=True, check=False).returncode == 0
    fixed = page.read_bytes()
    assert b"(" not in fixed
    assert run("fix", "-i", page.name, cwd=page.parent).returncode == 0
    assert page.read_bytes() == fixed, "fixing twice equals fixing once"
    assert run("undo", page.name, cwd=page.parent).returncode == 0
    assert page.read_bytes() == PAGE.encode("utf-8")
    assert [path.name for path in page.parent.iterdir()] == ["page.txt"]
    again = run("undo", page.name, cwd=page.parent)
    assert again.returncode == 3
    assert b"no log" in again.stderr


def test_undo_takes_a_folder_and_passes_over_the_logs_in_it(page: Path) -> None:
    (page.parent / "clean.txt").write_text("晴。\n", encoding="utf-8")
    calls = ([page.parent], [page, page.with_name("page.txt.changes.jsonl"), page.with_name("page.txt.changes.txt")])
    for arguments in calls:
        assert CliRunner().invoke(app, ["fix", "-i", str(page)]).exit_code == 0
        undone = CliRunner().invoke(app, ["undo", *map(str, arguments)])
        assert undone.exit_code == 0, undone.output
        assert page.read_bytes() == PAGE.encode("utf-8")
    assert CliRunner().invoke(app, ["undo", str(page.parent)]).exit_code == 3


def test_output_folder(page: Path) -> None:
    assert run("fix", page.name, "-o", "out", cwd=page.parent).returncode == 0
    assert page.read_bytes() == PAGE.encode("utf-8")
    assert b"(" not in (page.parent / "out" / "page.txt").read_bytes()
    assert (page.parent / "out" / "page.txt.changes.txt").exists()


def test_two_fixes_are_undone_one_by_one(page: Path) -> None:
    run("fix", "-i", "--select", "GLS", page.name, cwd=page.parent)
    middle = page.read_bytes()
    assert run("fix", "-i", "--suggested", "--min-confidence", "0.5", page.name, cwd=page.parent).returncode == 0
    if page.read_bytes() != middle:
        run("undo", page.name, cwd=page.parent)
    assert page.read_bytes() == middle
    run("undo", page.name, cwd=page.parent)
    assert page.read_bytes() == PAGE.encode("utf-8")


def test_a_file_changed_after_the_fix_is_not_undone(page: Path) -> None:
    run("fix", "-i", page.name, cwd=page.parent)
    page.write_bytes(page.read_bytes() + b"more\n")
    done = run("undo", page.name, cwd=page.parent)
    assert done.returncode == 3
    assert b"was changed after the fix" in done.stderr
    assert page.read_bytes().endswith(b"more\n")


def test_read_only_file_is_left_alone(page: Path) -> None:
    page.chmod(0o444)
    done = run("fix", "-i", page.name, cwd=page.parent)
    assert done.returncode == 3
    assert b"read-only" in done.stderr
    assert page.read_bytes() == PAGE.encode("utf-8")


def test_a_damaged_log_harms_nothing(page: Path) -> None:
    run("fix", "-i", page.name, cwd=page.parent)
    fixed = page.read_bytes()
    log = log_path(page)
    log.write_bytes(log.read_bytes()[:-40])
    assert run("undo", page.name, cwd=page.parent).returncode == 3
    assert page.read_bytes() == fixed


def test_the_log_says_what_was_done(page: Path) -> None:
    run("fix", "-i", page.name, cwd=page.parent)
    (session,) = read_log(log_path(page))
    assert revert(page.read_bytes(), session.changes).decode("utf-8") == PAGE
    words = (page.parent / "page.txt.changes.txt").read_bytes().decode("utf-8")
    assert "GLS001" in words
    assert "(xiāng) → (deleted)" in words


def test_bad_use(page: Path) -> None:
    for words, named in (
        (["-i", "--diff"], b"exclude each other"),
        (["--min-confidence", "3"], b"--min-confidence"),
        (["--select", "NIX"], b"unknown rule 'NIX'"),
    ):
        done = run("fix", page.name, *words, cwd=page.parent)
        assert done.returncode == 2, words
        assert named in done.stderr


PIECES = [
    "鄉(xiāng)",
    "鎮(zhèn)",
    "總結(jié)",
    "的.水平",
    "的`要求",
    "乱",
    "，",
    "。\n",
    "\ufeff",
    "\x00",
    "x",
    "(xiàn)",
    "F",
    ";顒,",
    "“",
]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.booleans())
def test_fix_is_idempotent_and_reversible(pieces: list[str], suggested: bool) -> None:
    raw = "".join(pieces).encode("utf-8")
    wanted = Wanted(suggested=suggested, min_confidence=0.5)
    try:
        fixed = fix_bytes("t.txt", raw, wanted, Config())
    except AuditError as error:
        assert "binary" in str(error)  # noqa: PT017 - a lone NUL is no text
        return
    assert revert(fixed.raw, fixed.changes) == raw
    assert fix_bytes("t.txt", fixed.raw, wanted, Config()).raw == fixed.raw


def test_of_two_repairs_that_overlap_the_longer_one_counts() -> None:
    from audit import audit_text

    found = audit_text(PAGE).findings
    repairs = [one for one in found if one.suggestion is not None]
    chosen = choose_edits([*repairs, *repairs])
    ends = [one.end for one in chosen]
    assert all(end <= one.start for end, one in zip(ends, chosen[1:], strict=False))
    assert apply(b"abc", ()) == b"abc"


FRAMED = PAGE + "以下是小编精心整理的鄉(xiāng)鎮(zhèn)工作總結(jié),希望能夠幫助到大家。\n"


def test_passages_are_an_editors_to_delete() -> None:
    raw = FRAMED.encode("utf-8")
    kept = fix_bytes("page.txt", raw, Wanted(suggested=True), Config())
    assert "希望能夠幫助到大家" in kept.raw.decode("utf-8")
    assert "boilerplate" in {finding.kind for finding in kept.held}
    named = fix_bytes("page.txt", raw, Wanted(suggested=True, named=("boilerplate",)), Config())
    assert "希望能夠幫助到大家" not in named.raw.decode("utf-8")
    assert "boilerplate" not in {finding.kind for finding in named.held}


def test_suggestions_left_to_an_editor_are_told(page: Path) -> None:
    page.write_bytes(FRAMED.encode("utf-8"))
    done = run("fix", "--suggested", page.name, "-o", "out", cwd=page.parent)
    assert b"left to an editor" in done.stderr
    assert b"BPL002" in done.stderr
    done = run("fix", "--suggested", "--select", "BPL001", page.name, "-o", "out", cwd=page.parent)
    assert "希望能夠幫助到大家" not in (page.parent / "out" / "page.txt").read_bytes().decode("utf-8")


def test_the_log_is_no_text(page: Path) -> None:
    run("fix", "-i", ".", cwd=page.parent)
    before = {path.name: path.read_bytes() for path in page.parent.iterdir()}
    run("fix", "-i", ".", cwd=page.parent)
    assert {path.name: path.read_bytes() for path in page.parent.iterdir()} == before


def test_copies_never_replace_the_originals(page: Path) -> None:
    done = run("fix", page.name, "-o", ".", cwd=page.parent)
    assert done.returncode == 2
    assert b"--in-place" in done.stderr
    assert page.read_bytes() == PAGE.encode("utf-8")


def test_a_log_that_cannot_be_read_stops_the_fix(page: Path) -> None:
    log_path(page).write_bytes(b"{broken")
    done = run("fix", "-i", page.name, cwd=page.parent)
    assert done.returncode == 3
    assert page.read_bytes() == PAGE.encode("utf-8")


def test_links_in_a_folder_are_not_followed(page: Path) -> None:
    folder = page.parent / "folder"
    folder.mkdir()
    (folder / "own.txt").write_bytes(PAGE.encode("utf-8"))
    (folder / "link.txt").symlink_to(page)
    run("fix", "-i", "folder", cwd=page.parent)
    assert page.read_bytes() == PAGE.encode("utf-8")
    assert b"(" not in (folder / "own.txt").read_bytes()


def fix(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["fix", *map(str, words)])


def test_a_link_and_its_file_have_one_log(page: Path) -> None:
    link = page.with_name("folder") / "link.txt"
    link.parent.mkdir()
    link.symlink_to(page)
    assert fix("-i", link, page).exit_code == 0
    assert link.is_symlink()
    assert [path.name for path in link.parent.iterdir()] == ["link.txt"]
    (session,) = read_log(log_path(link))
    assert session.changes
    assert CliRunner().invoke(app, ["undo", str(page)]).exit_code == 0
    assert fix("-i", page).exit_code == 0
    assert CliRunner().invoke(app, ["undo", str(link)]).exit_code == 0
    assert page.read_bytes() == PAGE.encode("utf-8")
    assert sorted(path.name for path in page.parent.iterdir()) == ["folder", "page.txt"]


def test_other_names_of_a_file_are_told_to_keep_the_old_text(page: Path) -> None:
    other = page.with_name("other.txt")
    other.hardlink_to(page)
    done = fix("-i", page)
    assert "page.txt: its other names (hard links) keep the old text" in done.stderr
    assert other.read_bytes() == PAGE.encode("utf-8")


def test_a_log_of_another_version_stops_both_ways(page: Path) -> None:
    fix("-i", page)
    fixed, log = page.read_bytes(), log_path(page)
    log.write_bytes(log.read_bytes().replace(b'"version":1', b'"version":2'))
    done = CliRunner().invoke(app, ["undo", str(page)])
    assert done.exit_code == 3
    assert "of version 2" in done.stderr
    page.write_bytes(PAGE.encode("utf-8"))
    assert fix("-i", page).exit_code == 3
    assert page.read_bytes() == PAGE.encode("utf-8")
    assert page.read_bytes() != fixed


def test_copies_within_the_folder_are_no_input_the_next_time(page: Path) -> None:
    for _ in range(2):
        done = fix(page.parent, "-o", page.with_name("copies"))
        assert done.exit_code == 0, done.output
    names = sorted(path.relative_to(page.parent).as_posix() for path in page.parent.rglob("*.*"))
    assert names == ["copies/page.txt", "copies/page.txt.changes.txt", "page.txt"]


def test_copies_need_a_folder(page: Path) -> None:
    for place in (page, page / "below"):
        done = fix(page, "-o", place)
        assert "is a file; name a folder" in str(done.exception)


def test_files_of_other_formats_are_told_and_the_rest_is_fixed(page: Path) -> None:
    table = page.with_name("a.jsonl")
    table.write_bytes(b"{}")
    page.with_name("b.html").write_bytes(b"<p>x</p>")
    page.with_name("c.png").write_bytes(b"x")
    done = fix(page.parent)
    assert "not fixed, being no plain text: 1 .html, 1 .jsonl;" in done.stderr
    done = fix("-i", table, page)
    assert done.exit_code == 3
    assert "a.jsonl: is a table of records" in done.stderr
    assert page.read_bytes() != PAGE.encode("utf-8")


def test_the_page_tells_of_the_fix_that_stands(page: Path) -> None:
    page.write_bytes(("灞曠敤鐢电敤姘旈殣鎮ｆ帓鏌ワ紝閲嶇偣\n" + PAGE).encode("utf-8"))
    fix("-i", "--select", "MOJ", page)
    words = page.with_name("page.txt.changes.txt").read_bytes()
    fix("-i", "--select", "GLS", page)
    assert page.with_name("page.txt.changes.txt").read_bytes() != words
    assert CliRunner().invoke(app, ["undo", str(page)]).exit_code == 0
    assert page.with_name("page.txt.changes.txt").read_bytes() == words


def test_a_read_only_file_is_not_given_back(page: Path) -> None:
    fix("-i", page)
    fixed = page.read_bytes()
    page.chmod(0o444)
    done = CliRunner().invoke(app, ["undo", str(page)])
    assert done.exit_code == 3
    assert "read-only" in done.stderr
    assert page.read_bytes() == fixed


@pytest.mark.skipif(shutil.which("patch") is None, reason="only some systems have it")
@pytest.mark.parametrize(
    "text", [PAGE, PAGE.rstrip("\n"), PAGE.replace("\n", "\r\n"), PAGE.replace("\n", "\r"), PAGE * 3]
)
def test_a_diff_is_a_patch(page: Path, text: str) -> None:
    page.write_bytes(text.encode("utf-8"))
    raw = page.read_bytes()
    new = fix_bytes("page.txt", raw, Wanted(), Config()).raw
    patch = "".join(line + "\n" for line in diff_lines("page.txt", raw, new))
    subprocess.run(
        ["patch", "-p1", "--binary", "--silent"], cwd=page.parent, input=patch.encode("utf-8"), check=True, timeout=60
    )
    assert page.read_bytes() == new


def test_what_convert_mends_is_told(page: Path) -> None:
    page.write_bytes("今天天气很好，我们去图书馆读书，回来写了一篇文章。\n".encode("gb18030"))
    done = run("fix", page.name, cwd=page.parent)
    assert done.returncode == 0
    assert b"`jiaokan convert`" in done.stderr
