"""The cache: what is read from it is what an audit would say, or nothing."""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from audit.cache import key, runs, store
from audit.cli import run
from audit.commands.check import check
from audit.config import Config
from audit.gate.layers import load_config
from audit.reading.collect import collect_for

SIDECAR = '[[suppress]]\nfingerprint = "0123456789abcdef"\nreason = "so it was printed"\n'
OPENED = """
import sys
seen = []
sys.addaudithook(lambda event, args: event == "open" and seen.append((args[0], args[1])))
from audit.cli import run
try:
    run(["check", "texts"])
finally:
    for name, mode in seen:
        if isinstance(name, str) and not (mode or "r").startswith("w") and not name.startswith(tuple(sys.argv[1:])):
            sys.stderr.write(name + chr(10))
"""
DAMAGED = "一年来，我站按照20xx年度目标开展工作，新的.水平有了提高。\n"


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with two texts that share a paragraph, and an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "work"
    (folder / "texts").mkdir(parents=True)
    monkeypatch.chdir(folder)
    shared = "全站职工认真学习上级文件精神，结合本站实际制定了全年的水利工作计划，并按月检查落实情况，年底作了总结。\n"
    (folder / "texts" / "a.txt").write_text(DAMAGED + shared * 2, encoding="utf-8")
    (folder / "texts" / "b.txt").write_text("另一年的总结如下。\n" + shared * 2, encoding="utf-8")
    return folder


def told(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(["check", "texts", *words])
    out, err = capfd.readouterr()
    return code, out, err


def audits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that grows with every audit that is really made."""
    import audit.run

    made: list[int] = []
    real = audit.run.audit_bytes

    def counted(*args: Any, **given: Any) -> object:
        made.append(1)
        return real(*args, **given)

    monkeypatch.setattr(audit.run, "audit_bytes", counted)
    return made


@pytest.mark.parametrize("wanted", ["text", "jsonl", "html", "sarif", "statistics"])
def test_known_runs_say_the_same(
    texts: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    made = audits(monkeypatch)
    anew = told(capfd, "-f", wanted, "--no-cache")
    assert anew[0] == 1
    assert [told(capfd, "-f", wanted) for _ in range(3)] == [anew] * 3
    assert len(made) == 2
    assert told(capfd, "-o", f"{wanted}=report") == (1, "", "")
    first = (texts / "report").read_bytes()
    (texts / "report").unlink()
    assert told(capfd, "-o", f"{wanted}=report") == (1, "", "")
    assert (texts / "report").read_bytes() == first
    assert len(made) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda: Path("texts/a.txt").write_text(DAMAGED.replace("20xx", "2019"), encoding="utf-8"),
        lambda: Path("texts/b.txt").rename("texts/c.txt"),
        lambda: Path("texts/c.md").write_text(DAMAGED, encoding="utf-8"),
        lambda: Path("texts/c.png").write_bytes(b"\x89PNG"),
        lambda: Path("jiaokan.toml").write_text("min-confidence = 0.6\n", encoding="utf-8"),
        lambda: Path(".jiaokan-baseline.jsonl").write_text('{"jiaokan-baseline":1}\n', encoding="utf-8"),
        lambda: Path(".jiaokan-suppressions.toml").write_text(SIDECAR, encoding="utf-8"),
        lambda: os.environ.__setitem__("JIAOKAN_LANG", "zh"),
    ],
    ids=["bytes", "name", "another", "kind", "settings", "baseline", "sidecar", "language"],
)
def test_what_changed_is_audited_anew(
    texts: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, change: object
) -> None:
    del texts
    from audit.commands.tongue import take

    monkeypatch.setenv("JIAOKAN_LANG", "en")
    told(capfd)
    made = audits(monkeypatch)
    change()  # type: ignore[operator]
    take([], os.environ)
    try:
        found = told(capfd)
        assert len(made) == 1
        assert found == told(capfd, "--no-cache")
    finally:
        take([], {"JIAOKAN_LANG": "en"})


def test_another_rule_is_another_run(texts: Path, tmp_path: Path) -> None:
    del texts
    package = tmp_path / "rules"
    package.mkdir()
    (package / "one.py").write_text("A = 1\n", encoding="utf-8")
    before = key.state(package)
    assert key.state(package) == before
    (package / "one.py").write_text("A = 2\n", encoding="utf-8")
    os.utime(package / "one.py", ns=(1, 1))
    assert key.state(package) != before
    assert any(str(one).endswith("placeholder.py") for part in key.programs()[-1] for one, _, _ in part)


def test_a_run_reads_nothing_that_its_key_does_not_hold(texts: Path, root: Path) -> None:
    import subprocess
    import sys

    named = 'baseline = "known.jsonl"\nsuppressions = "accepted.toml"\n'
    (texts / "jiaokan.toml").write_text(named, encoding="utf-8")
    (texts / "known.jsonl").write_text('{"jiaokan-baseline":1}\n', encoding="utf-8")
    (texts / "accepted.toml").write_text(SIDECAR, encoding="utf-8")
    known = [str(root), sys.prefix, sys.base_prefix, "/dev", "/proc", "/sys", "/etc", os.environ["XDG_CACHE_HOME"]]
    done = subprocess.run([sys.executable, "-c", OPENED, *known], capture_output=True, check=True, encoding="utf-8")
    opened = {Path(name).absolute().relative_to(texts).as_posix() for name in done.stderr.split("\n") if name}
    settings = load_config()
    held = {"texts/a.txt", "texts/b.txt", *(Path(name).name for name, _ in key.beside(settings))}
    assert {"known.jsonl", "accepted.toml", "jiaokan.toml"} <= held
    others = {"pyproject.toml", "texts/.gitignore"}  # what they say, settings and names of files, is in the key
    assert {name for name in opened - others if not name.startswith("__editable__")} <= held


def test_standard_input_and_broken_runs_are_not_kept(
    texts: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (texts / "texts" / "c.txt").write_bytes(b"\x00\x01\x02\xff" * 64)
    made = audits(monkeypatch)
    assert told(capfd)[0] == 3
    assert told(capfd)[0] == 3
    assert len(made) == 2
    assert collect_for(Config(), ["-"], "a.md").sources[0].name == "a.md"
    assert runs.begin(texts, collect_for(Config(), ["-"]), Config(), []) is None


def test_a_file_that_changes_meanwhile_is_not_kept(texts: Path) -> None:
    collected = collect_for(Config(), ["texts"])
    known = runs.begin(texts / "cache", collected, Config(), ["text"])
    assert known is not None
    (texts / "texts" / "a.txt").write_text("别的内容。\n", encoding="utf-8")
    runs.keep(known, runs.Outcome(0, [(None, b"clean")]), named=True)
    assert runs.known(known) is None
    again = runs.begin(texts / "cache", collected, Config(), ["text"])
    assert again is not None
    runs.keep(again, runs.Outcome(0, [(None, b"clean")]), named=True)
    assert runs.known(again) == runs.Outcome(0, [(None, b"clean")])


def test_a_broken_entry_is_none(tmp_path: Path) -> None:
    store.write(tmp_path, "k", b"what was found" * 9)
    file = tmp_path / f"k{store.SUFFIX}"
    whole = file.read_bytes()
    draw = random.Random(7)
    for _ in range(200):
        broken = bytearray(whole)
        broken[draw.randrange(len(whole))] ^= 1 << draw.randrange(8)
        file.write_bytes(broken[: draw.choice([len(whole), draw.randrange(len(whole))])])
        assert store.read(tmp_path, "k") is None
    file.write_bytes(whole)
    assert store.read(tmp_path, "k") == b"what was found" * 9
    file.rename(tmp_path / f"other{store.SUFFIX}")
    assert store.read(tmp_path, "other") is None, "an entry answers to its own key only"
    assert store.read(tmp_path / "nowhere", "k") is None


def test_runs_side_by_side(tmp_path: Path) -> None:
    pages = [bytes([65 + number]) * 100_000 for number in range(4)]

    def work(page: bytes) -> bool:
        seen = []
        for _ in range(12):
            store.write(tmp_path, "k", page)
            store.shrink(tmp_path, 1)
            seen.append(store.read(tmp_path, "k"))
        return all(one is None or one in pages for one in seen)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, pages))
    assert not list(tmp_path.glob("*.part"))


def test_it_is_bounded_and_the_unused_goes_first(tmp_path: Path) -> None:
    for number in range(6):
        store.write(tmp_path, str(number), b"x" * 1000)
        os.utime(tmp_path / f"{number}{store.SUFFIX}", ns=(number, number))
    assert store.read(tmp_path, "0") is not None  # used: now the newest
    size = store.usage(tmp_path).size // 6
    assert store.shrink(tmp_path, 3 * size) == 3
    assert [number for number in range(6) if store.read(tmp_path, str(number))] == [0, 4, 5]
    assert store.usage(tmp_path) == store.Usage(3, 3 * size)
    for name, age in ((".a.part", 2 * store.STALE), (".b.part", 0)):
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    store.write(tmp_path, "1", b"x")
    assert [path.name for path in tmp_path.glob(".*.part")] == [".b.part"], "another run may be at it"
    store.write(tmp_path, "large", b"x" * (store.LARGEST + 1))
    assert store.read(tmp_path, "large") is None


def test_the_command(texts: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told(capfd, "--cache-dir", "kept")
    told(capfd, "--cache-dir", "kept", "--min-severity", "major")
    assert run(["cache", "info", "--cache-dir", "kept"]) == 0
    assert capfd.readouterr().out.startswith("kept: 2 entries, 0.0 MB")
    assert run(["cache", "clear", "--cache-dir", "kept"]) == 0
    assert capfd.readouterr().out == "kept: 2 entries removed\n"
    assert sorted(path.name for path in (texts / "kept").iterdir()) == [store.TAG]


def test_a_cache_that_cannot_be_written(texts: Path, capfd: pytest.CaptureFixture[str], script: str) -> None:
    import subprocess

    (texts / "file").write_text("", encoding="utf-8")
    done = subprocess.run([script, "check", "texts", "--cache-dir", "file/x"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"masked year" in done.stdout, "what was found is told all the same"
    assert b"file/x: the cache cannot be written" in done.stderr
    done = subprocess.run(
        [script, "check", "texts"], capture_output=True, check=False, env={**os.environ, "XDG_CACHE_HOME": "file"}
    )
    assert (done.returncode, done.stderr) == (1, b"")
    del capfd


def test_every_option_of_check_is_in_the_key() -> None:
    """What a run is told beside its settings: these reach its key by other ways; a new option is to be thought of here."""
    import inspect

    settled = {*Config.__struct_fields__}
    others = set(inspect.signature(check).parameters) - settled
    assert others <= {
        "paths",  # as arguments and digests
        "output_format",  # with its file, as a report
        "output",
        "statistics",
        "config",  # by what it says
        "stdin",  # never kept
        "stdin_filename",
        "no_gitignore",
        "no_cache",
        "diff",  # never kept
        "gate",  # in the settings, as overrides
        "budget",
        "show_settings",  # audits nothing
    }
