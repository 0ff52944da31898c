"""What a start costs: modules that a plain check or a help page must not load, told by name, not by the clock."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from audit.cli import app
from audit.commands.outputs import Format
from audit.commands.values import lighten

COSTLY = [
    "pydantic",
    "rich",
    "jinja2",
    "opencc",
    "pypinyin",
    "ftfy",
    "chardet",
    "rapidfuzz",
    "pathspec",
    "multiprocessing",
]
HEAVY = [*COSTLY, "numpy", "msgspec", "audit.run", "audit.registry"]
ASK = """
import sys
from audit.cli import run
try:
    run(sys.argv[2:])
except SystemExit:
    pass
sys.stderr.write(" ".join(name for name in sys.argv[1].split() if name in sys.modules))
"""


def loaded(names: list[str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", ASK, " ".join(names), *words], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout
    return done.stderr


def test_a_check_loads_what_it_needs(root: Path) -> None:
    page = str(root / "seeds" / "library-simplified.txt")
    assert loaded([name for name in COSTLY if name != "rapidfuzz"], "check", page, "-f", "jsonl") == ""


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"]], ids=" ".join)
def test_help_loads_no_library(words: list[str]) -> None:
    assert loaded(HEAVY, *words) == ""


@pytest.mark.parametrize(
    ("command", "values"),
    [
        ("check", {"min_confidence": "0.25", "select": ("a,b", "c"), "output_format": "jsonl", "config": "a/b.toml"}),
        ("check", {"min_confidence": None, "select": None, "output_format": Format.TEXT, "config": Path("c.toml")}),
        ("check", {"min_confidence": "1e-1", "config": ".", "output": ("a", "b"), "paths": ("a", "b"), "help": None}),
        ("fix", {"min_confidence": 0.4, "in_place": True, "paths": ("a",), "help": True}),
    ],
)
def test_plain_values_read_as_typer_reads_them(command: str, values: dict[str, object]) -> None:
    program = typer.main.get_command(app)
    one = program.commands[command]
    with one.make_context(command, [], resilient_parsing=True) as ctx:
        for param in one.get_params(ctx):
            if param.name in values:
                param._runtime_param = None
                wanted = param.get_runtime_param().coerce(values[param.name], param=param, ctx=ctx)
                param._runtime_param = None
                lighten(param)
                assert param._runtime_param is not None
                found = param.get_runtime_param().coerce(values[param.name], param=param, ctx=ctx)
                assert (found, type(found)) == (wanted, type(wanted))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--min-confidence", "nan%"], "--min-confidence"),
        (["--format", "pdf"], "'pdf' is not one of"),
    ],
)
def test_faults_are_told_as_before(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    from audit.cli import run

    assert run(["check", "a", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_shell_completes(script: str) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    ask = """
    eval "$(_JIAOKAN_COMPLETE=source_bash "$1")"
    for COMP_CWORD in 1 3; do
        _jiaokan_completion "$1"
        printf "%s\\n" "${COMPREPLY[@]}"
    done
    """
    words = "COMP_WORDS=(jiaokan check -f json)\n"
    done = subprocess.run([bash, "-c", words + ask, "-", script], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.split() == ["check", "json", "jsonl"], done.stderr
