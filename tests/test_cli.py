"""The command line: formats, exit codes, bad input; where streams and names of a process matter, through its console script."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

import jsonschema
import msgspec
import pytest

from audit import __file__ as package
from tests.console import run

CLEAN = "今年以来，社区组织居民清理河道，效果良好。\n"
DAMAGED = "一年来，我站按照20xx年度目标开展工作，新的.水平有了提高。\n"


def run_script(script: str, *words: object, cwd: Path, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [script, *map(str, words)], cwd=cwd, input=data, capture_output=True, check=False, timeout=120
    )


def told(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode("utf-8")


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    path = tmp_path / "damaged.txt"
    path.write_bytes(DAMAGED.encode("utf-8"))
    return path


def test_clean_text_passes(script: str, tmp_path: Path) -> None:
    (tmp_path / "clean.txt").write_bytes(CLEAN.encode("utf-8"))
    done = run_script(script, "check", "clean.txt", cwd=tmp_path)
    assert done.returncode == 0, done
    assert b"Grade A" in done.stdout
    assert b"\x1b" not in done.stdout, "a pipe gets plain text"


def test_a_name_that_begins_with_a_dash_is_known(tmp_path: Path) -> None:
    (tmp_path / "-a.txt").write_bytes(CLEAN.encode("utf-8"))
    done = run("check", "-a.txt", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"-a.txt is a file: put -- before such names" in done.stderr
    assert run("check", "--", "-a.txt", cwd=tmp_path).returncode == 0


def test_findings_close_the_gate(damaged: Path) -> None:
    done = run("check", damaged.name, cwd=damaged.parent)
    assert done.returncode == 1
    assert "20xx" in done.stdout.decode("utf-8")
    assert run("check", damaged.name, "--fail-on", "critical", cwd=damaged.parent).returncode == 0
    assert run("check", damaged.name, "--fail-on", "never", cwd=damaged.parent).returncode == 0
    assert run("check", damaged.name, "--fail-on", "never", "--fail-grade", "A", cwd=damaged.parent).returncode == 1


def test_json_lines_keep_the_schema(damaged: Path) -> None:
    done = run("check", damaged.name, "--format", "jsonl", cwd=damaged.parent)
    schema = json.loads((Path(package).parent / "schema.json").read_bytes())
    records = [json.loads(line) for line in done.stdout.decode("utf-8").split("\n") if line]
    for record in records:
        jsonschema.validate(record, schema)
    assert [record["record"] for record in records[:: len(records) - 1]] == ["header", "summary"]
    body = DAMAGED
    for record in records[1:-1]:
        assert body[record["start"] : record["end"]] == record["excerpt"]
        raw = body.encode("utf-8")[record["byte_start"] : record["byte_end"]]
        assert raw.decode("utf-8") == record["excerpt"]


def test_json_holds_the_same_records(damaged: Path) -> None:
    whole = msgspec.json.decode(run("check", damaged.name, "-f", "json", cwd=damaged.parent).stdout)
    lines = run("check", damaged.name, "-f", "jsonl", cwd=damaged.parent).stdout.split(b"\n")
    assert whole["findings"] == [json.loads(line) for line in lines[1:-2]]
    assert whole["summary"] == json.loads(lines[-2])


def test_markdown(damaged: Path) -> None:
    done = run("check", damaged.name, "-f", "markdown", cwd=damaged.parent)
    assert done.stdout.startswith(b"# Grade ")


def test_output_file(damaged: Path) -> None:
    done = run("check", damaged.name, "-o", "report.txt", cwd=damaged.parent)
    assert done.stdout == b""
    assert (damaged.parent / "report.txt").read_bytes().startswith(b"Grade ")
    bad = run("check", damaged.name, "-o", "none/report.txt", cwd=damaged.parent)
    assert bad.returncode == 2
    assert "none/report.txt" in told(bad)


def test_standard_input(script: str, tmp_path: Path) -> None:
    done = run_script(script, "check", "-", "-f", "jsonl", cwd=tmp_path, data=DAMAGED.encode("utf-8"))
    assert done.returncode == 1
    assert json.loads(done.stdout.split(b"\n")[1])["path"] == "<stdin>"


def test_select_and_ignore(damaged: Path) -> None:
    def rules(*words: str) -> set[str]:
        done = run("check", damaged.name, "-f", "jsonl", *words, cwd=damaged.parent)
        return {json.loads(line)["rule"][:3] for line in done.stdout.split(b"\n")[1:-2]}

    assert rules() >= {"PLC", "NOI"}
    assert rules("--select", "PLC") == {"PLC"}
    assert rules("--select", "placeholder,noise") == {"PLC", "NOI"}
    assert "PLC" not in rules("--ignore", "placeholder")
    bad = run("check", damaged.name, "--select", "PLC9", cwd=damaged.parent)
    assert bad.returncode == 2
    assert "unknown rule 'PLC9'; did you mean" in told(bad)


def test_rules_and_explain(tmp_path: Path) -> None:
    listed = run("rules", cwd=tmp_path).stdout.decode("utf-8")
    code = listed[:6]
    page = run("explain", code, cwd=tmp_path)
    assert page.returncode == 0
    assert "Why it matters" in page.stdout.decode("utf-8")
    assert "half" in run("explain", "grade", cwd=tmp_path).stdout.decode("utf-8")
    bad = run("explain", "glos", cwd=tmp_path)
    assert bad.returncode == 2
    assert "did you mean 'gloss'" in told(bad)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["nowhere.txt"], "nowhere.txt: no such file"),
        (["empty-folder"], "empty-folder: the folder holds no text"),
        (["damaged.txt", "--min-confidence", "2"], "min-confidence"),
        (["damaged.txt", "--min-severity", "huge"], "min-severity"),
        (["damaged.txt", "--format", "pdf"], "pdf"),
        (["damaged.txt", "--config", "none.toml"], "none.toml"),
    ],
)
def test_bad_use(damaged: Path, words: list[str], named: str) -> None:
    (damaged.parent / "empty-folder").mkdir()
    done = run("check", *words, cwd=damaged.parent)
    assert done.returncode == 2, told(done)
    assert named in told(done)
    assert "Traceback" not in told(done)


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    done = run("check", "empty.txt", cwd=tmp_path)
    assert done.returncode == 3
    assert b"empty.txt: the text is empty" in done.stdout


def test_binary_is_reported_and_skipped(tmp_path: Path) -> None:
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 64)
    (tmp_path / "clean.txt").write_bytes(CLEAN.encode("utf-8"))
    done = run("check", ".", cwd=tmp_path)
    assert done.returncode == 3
    assert "noise.txt: binary" in done.stdout.decode("utf-8")
    alone = run("check", "noise.txt", cwd=tmp_path)
    assert alone.returncode == 3
    assert "noise.txt: binary" in told(alone)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(damaged: Path) -> None:
    damaged.chmod(0)
    done = run("check", damaged.name, cwd=damaged.parent)
    assert done.returncode == 3
    assert "damaged.txt: cannot be read" in told(done)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("selct = ['PLC']", "unknown setting 'selct'; did you mean 'select'"),
        ("weights = 'x'", "unknown setting 'weights'; the settings are select, ignore"),
        ("select = 'PLC'", "select = 'PLC'; it is a list"),
        ("exclude = [1]", "exclude = [1]; it is text"),
        ("grade = 3", "grade = 3; it is a table"),
        ("[grade]\nminor = 'x'", "grade.minor = 'x'; it is a number"),
        ("[severity]\nPLC = 'info'\nNOI = 3", "severity.NOI = 3; it is text"),
        ("select = ['PLC", "jiaokan.toml"),
        ("fail-on = 'hug'", "fail-on"),
        ("[grade]\nhlf = 3", "unknown setting 'hlf'; did you mean 'half'"),
        ("[severity]\nPLC99 = 'info'", "unknown rule 'PLC99'"),
    ],
)
def test_broken_configuration(damaged: Path, text: str, named: str) -> None:
    (damaged.parent / "jiaokan.toml").write_bytes(text.encode("utf-8"))
    done = run("check", damaged.name, cwd=damaged.parent)
    assert done.returncode == 2
    assert named in told(done)


@pytest.mark.parametrize("options", [["--ignore", "ALL"], ["--select", "PLC", "--ignore", "PLC"]])
def test_an_audit_without_rules_is_refused(damaged: Path, options: list[str]) -> None:
    done = run("check", damaged.name, *options, cwd=damaged.parent)
    assert done.returncode == 2
    assert "no rule is left to run" in told(done)


def test_configuration_counts(damaged: Path) -> None:
    (damaged.parent / "pyproject.toml").write_bytes(b"[tool.jiaokan]\nselect = ['PLC']\nseverity = { PLC = 'info' }\n")
    done = run("check", damaged.name, "-f", "jsonl", cwd=damaged.parent)
    found = [json.loads(line) for line in done.stdout.split(b"\n")[1:-2]]
    assert {record["severity"] for record in found} == {"info"}
    assert done.returncode == 0, "info does not close the gate"


def test_interrupt_leaves_nothing_half_written(script: str, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_bytes(DAMAGED.encode("utf-8") * 100_000)
    report = tmp_path / "report.jsonl"
    report.write_bytes(b"the old one")
    going = subprocess.Popen(
        [script, "check", "long.txt", "-f", "jsonl", "-o", "report.jsonl"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    worked(going, 1.2)
    going.send_signal(signal.SIGINT)
    _, said = going.communicate(timeout=60)
    assert going.returncode == 130
    assert b"interrupted" in said
    assert b"Traceback" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long.txt", "report.jsonl"]
    assert report.read_bytes() == b"the old one"


def worked(going: subprocess.Popen[bytes], seconds: float) -> None:
    """Waits until a process has had so much time of the processor, however busy the machine is."""
    status = Path(f"/proc/{going.pid}/stat")
    while going.poll() is None:
        time.sleep(0.05)
        if not status.exists():  # no Linux
            time.sleep(seconds)
            return
        user, system = status.read_text().rpartition(")")[2].split()[11:13]
        if (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") > seconds:
            return


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_bytes(text.encode("utf-8"))


def test_an_empty_file_among_others(tmp_path: Path) -> None:
    write(tmp_path, a=CLEAN * 9, b=CLEAN * 8, c=CLEAN * 7, d=DAMAGED * 6, e=CLEAN * 5, z="")
    done = run("check", ".", cwd=tmp_path)
    assert done.returncode == 3, told(done)
    assert b"z.txt: the text is empty" in done.stdout
    assert "Traceback" not in told(done)


def test_a_report_never_replaces_its_text(damaged: Path) -> None:
    done = run("check", damaged.name, "-o", damaged.name, cwd=damaged.parent)
    assert done.returncode == 2
    assert "would replace the text" in told(done)
    assert damaged.read_bytes() == DAMAGED.encode("utf-8")


def test_a_report_never_replaces_a_text_of_its_folder(damaged: Path) -> None:
    for words in (["-o", damaged.name], ["-o", f"jsonl={damaged}"], ["-o", "-", "-o", f"text={damaged}"]):
        done = run("check", ".", *words, cwd=damaged.parent)
        assert done.returncode == 2
        assert "would replace the text" in told(done)
        assert damaged.read_bytes() == DAMAGED.encode("utf-8")


def test_two_names_of_one_place_are_one_place(damaged: Path) -> None:
    done = run("check", ".", "-o", "html=a", "-o", f"json={damaged.parent / 'a'}", cwd=damaged.parent)
    assert done.returncode == 2
    assert "two reports would go to" in told(done)


def test_output_to_a_pipe_or_dash(damaged: Path) -> None:
    done = run("check", damaged.name, "-o", "-", cwd=damaged.parent)
    assert done.stdout.startswith(b"Grade ")
    device = run("check", damaged.name, "-o", "/dev/null", cwd=damaged.parent)
    assert device.returncode == 1
    assert not Path("/dev/null").is_file()


def test_a_name_that_is_no_utf8(script: str, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"bad\xff.txt")).write_bytes(DAMAGED.encode("utf-8"))
    for form, ran in (("text", partial(run_script, script)), ("json", run), ("jsonl", run), ("markdown", run)):
        done = ran("check", ".", "-f", form, cwd=tmp_path)
        assert done.returncode == 1, told(done)
        assert rb"bad\xff.txt" in done.stdout or rb"bad\\xff.txt" in done.stdout


def test_what_a_folder_holds_besides_text_is_told(tmp_path: Path) -> None:
    write(tmp_path, a=CLEAN)
    (tmp_path / "b.css").write_bytes(b"p {}")
    (tmp_path / "page.txt.changes.txt").write_bytes(DAMAGED.encode("utf-8"))
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    done = run("check", ".", cwd=tmp_path)
    assert done.returncode == 0, told(done)
    assert "Passed over" in done.stdout.decode("utf-8")
    assert ".css 1, link 1, no regular file 1" in done.stdout.decode("utf-8")


def test_least_severity_reported_does_not_move_the_gate(damaged: Path) -> None:
    whole = json.loads(run("check", damaged.name, "-f", "json", cwd=damaged.parent).stdout)
    few = run("check", damaged.name, "-f", "json", "--min-severity", "critical", cwd=damaged.parent)
    assert few.returncode == 1
    report = json.loads(few.stdout)
    assert report["findings"] == []
    assert report["summary"]["as_it_stands"] == whole["summary"]["as_it_stands"]


def test_a_device_is_refused(tmp_path: Path) -> None:
    done = run("check", "/dev/zero", cwd=tmp_path)
    assert done.returncode == 2
    assert "device" in told(done)
