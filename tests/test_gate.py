"""The gate from the command line: settings, presets, budgets, acceptances, baselines, and what a change adds."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit import audit_text
from audit.catalogue import speaking
from audit.cli import run
from audit.config import Config
from audit.engine import to_batch
from audit.errors import AuditError
from audit.gate.effective import effective
from audit.gate.layers import load, preset, preset_names
from audit.gate.rules import Override
from audit.model import Hit, Severity, Span, Text
from audit.rule import Rule, Scope

MASKED = "我们于20xx年在XX县开展工作，成效很好。\n"
CLEAN = "各位同事认真负责，较好地完成了今年的任务。\n"
Tool = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> Tool:
    """The program in a folder of its own: exit code, standard output and error."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        try:
            code, fault = run([*words]), ""
        except AuditError as error:
            code, fault = 2, f"{error}"
        out, err = (part.decode("utf-8") for part in capfdbinary.readouterr())
        return code, out, err + fault

    return call


def put(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def report(tool: Tool, *words: str) -> tuple[int, list[dict[str, Any]], dict[str, Any]]:
    """Exit code, findings and summary."""
    code, out, err = tool("check", *words, "-f", "jsonl")
    assert out, err
    records = [json.loads(line) for line in out.split("\n") if line]
    return code, records[1:-1], records[-1]


def test_gate_by_rule_kind_and_path(tool: Tool) -> None:
    put("a.txt", MASKED)
    put("drafts/b.txt", MASKED)
    assert report(tool, "a.txt")[0] == 1
    assert report(tool, "a.txt", "--fail-on", "major")[0] == 0
    assert report(tool, "a.txt", "--gate", "placeholder=major")[0] == 0
    assert report(tool, "a.txt", "--gate", "PLC001=never")[0] == 1, "PLC003 still closes it"
    assert report(tool, "a.txt", "--gate", "PLC001,PLC003=never")[0] == 0
    assert report(tool, "drafts", "--gate", "placeholder@drafts/**=never")[0] == 0
    assert report(tool, "a.txt", "--gate", "placeholder@drafts/**=never")[0] == 1
    code, found, summary = report(tool, ".", "--gate", "placeholder@drafts/**=never")
    assert code == 1
    assert {one["path"] for one in found if one["gates"]} == {"a.txt"}
    assert summary["gate"]["reasons"][0]["count"] == 2


def test_the_grade_has_two_names(tool: Tool) -> None:
    put("a.txt", MASKED)
    for option in ("--min-grade", "--fail-grade"):
        code, _, summary = report(tool, "a.txt", "--fail-on", "never", option, "b")
        assert code == 1
        assert summary["gate"]["reasons"][0]["kind"] == "grade"
    put("jiaokan.toml", "fail-on = 'never'\nfail-grade = 'B'\n")
    assert report(tool, "a.txt")[0] == 1
    put("jiaokan.toml", "min-grade = 'A'\nfail-grade = 'B'\n")
    assert "old name" in tool("check", "a.txt")[2]


def test_budgets(tool: Tool) -> None:
    put("drafts/a.txt", MASKED)
    put("drafts/b.txt", MASKED)
    put("c.txt", MASKED)
    put("jiaokan.toml", "[[budgets]]\nrules = ['placeholder']\npaths = ['drafts/**']\nat-most = 4\n")
    code, found, _ = report(tool, "drafts")
    assert code == 0
    assert not any(one["gates"] for one in found)
    assert report(tool, ".")[0] == 1, "c.txt is in no budget"
    code, _, summary = report(tool, "drafts", "--budget", "PLC@drafts/**=3")
    assert code == 1
    assert [(one["kind"], one["count"]) for one in summary["gate"]["reasons"]] == [("budget", 4)]


def test_overrides(tool: Tool) -> None:
    put("drafts/a.txt", MASKED)
    put("b.txt", MASKED)
    put(
        "jiaokan.toml",
        "[[overrides]]\npaths = ['drafts/**']\nignore = ['PLC001']\nseverity = { PLC003 = 'info' }\nmin-grade = 'C'\n",
    )
    code, found, summary = report(tool, ".")
    assert code == 1
    assert {(one["path"], one["rule"], one["severity"]) for one in found if one["kind"] == "placeholder"} == {
        ("b.txt", "PLC001", "minor"),
        ("b.txt", "PLC003", "minor"),
        ("drafts/a.txt", "PLC003", "info"),
    }
    assert report(tool, "drafts")[0] == 0
    assert summary["gate"]["reasons"][0]["count"] == 2


def test_a_new_rule_reports_and_does_not_gate_unless_named() -> None:
    new = Rule("NEW001", "new-rule", "noise", Severity.MAJOR, Scope.TEXT, {"": "x"}, lambda _: (), preview=True)
    batch = to_batch(new, [Hit(Span(0, 1))], Text("甲"))
    for config, closes in (
        (Config(), False),
        (Config(fail_on="info", gate={"noise": "info", "NEW": "info"}), False),
        (Config(gate={"NEW001": "minor"}), True),
        (Config(overrides=(Override(("**",), fail_on="info"),)), False),
        (Config(overrides=(Override(("**",), gate={"new-rule": "major"}),)), True),
    ):
        standing = effective(config, "a.txt").standing(new)
        assert standing.closes(int(batch.severities[0]), 0.9) is closes


def test_terms_are_right(tool: Tool) -> None:
    put("a.txt", MASKED)
    put("names.txt", "XX县  # 原文如此\n\n")
    put("jiaokan.toml", "term-files = ['names.txt']\nterms = ['于20xx年']\n")
    assert report(tool, "a.txt") == (0, [], report(tool, "a.txt")[2])
    put("names.txt", "XX县\n某某\n")
    put("jiaokan.toml", "term-files = ['names.txt']\n")
    assert [one["rule"] for one in report(tool, "a.txt")[1]] == ["PLC001"]
    put("names.txt", "某某\n")
    assert len(report(tool, "a.txt")[1]) == 2, "what was found before is not told again"
    put("jiaokan.toml", "term-files = ['nowhere.txt']\n")
    code, _, err = tool("check", "a.txt")
    assert (code, "nowhere.txt" in err) == (2, True)


def test_comments_accept(tool: Tool) -> None:
    put(
        "a.md",
        f"# 题\n\n<!-- jiaokan: ignore-next-line PLC001 原件如此 -->\n\n{MASKED}\n"
        f"<!-- jiaokan: ignore-start placeholder -->\n{MASKED}\n<!-- jiaokan: ignore-end -->\n\n{MASKED}",
    )
    code, found, summary = report(tool, "a.md", "--select", "PLC")
    states = [(one["line"], one["rule"], one["suppression"] and one["suppression"]["reason"]) for one in found]
    assert states == [
        (5, "PLC001", "原件如此"),
        (5, "PLC003", None),
        (8, "PLC001", ""),
        (8, "PLC003", ""),
        (12, "PLC001", None),
        (12, "PLC003", None),
    ]
    assert [one["suppression"]["kind"] for one in found if one["suppression"]] == ["inSource"] * 3
    assert (code, summary["suppressed"], summary["findings"]) == (1, 3, {"placeholder": 3})
    whole = f"{MASKED}<!-- jiaokan: ignore-file ALL 讲遮字的文章 -->\n"
    put("b.md", whole)
    code, found, summary = report(tool, "b.md")
    assert (code, summary["as_it_stands"]["grade"]) == (0, "A"), "what is accepted costs nothing"
    put("b.txt", whole)
    assert report(tool, "b.txt")[0] == 1, "plain text has no comments"
    put("jiaokan.toml", "comments = false\n")
    assert report(tool, "b.md")[0] == 1, "strangers' texts do not decide"


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16"])
def test_comments_in_a_page_accept(tool: Tool, codec: str) -> None:
    page = (
        f"<html><meta charset='{codec}'><body>\n<p>{MASKED}</p>\n<!-- jiaokan: ignore-next-line PLC001 原件如此 -->\n"
        f"<p>{MASKED}</p><!-- jiaokan: ignore-start PLC -->\n<p>{MASKED}</p><p>{CLEAN}</p><!-- jiaokan: ignore-end -->"
        f"<p>{MASKED}</p><!-- jiaokan: ignore-line PLC9 -->"
    )
    Path("a.html").write_bytes(page.encode(codec))
    _, found, summary = report(tool, "a.html", "--select", "PLC")
    states = [one["suppression"] and one["suppression"]["place"] for one in found]
    assert states == [None, None, "a.html:4", None, "a.html:6", "a.html:6", None, None]
    assert [one["message"][:12] for one in summary["remarks"]] == ["unknown rule"]


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("ignore-file PLC9 x", "unknown rule 'PLC9'; did you mean"),
        ("ignore-fle ALL", "unknown word 'ignore-fle' in a comment; did you mean 'ignore-file'?"),
        ("ignore-file", "names no rule"),
        ("ignore-start PLC", "no ignore-end"),
        ("ignore-end", "no ignore-start"),
        ("ignore-line PLC", "accepts nothing"),
    ],
)
def test_comments_that_are_amiss_are_told_and_accept_nothing(tool: Tool, comment: str, said: str) -> None:
    put("a.md", f"{MASKED}\n<!-- jiaokan: {comment} -->\n\n{MASKED}")
    code, found, summary = report(tool, "a.md")
    assert code == 1
    assert not any(one["suppression"] for one in found)
    assert [(one["line"], said in one["message"]) for one in summary["remarks"]] == [(3, True)]
    assert said in tool("check", "a.md")[1]
    assert report(tool, "a.md", "--select", "TRN")[2]["remarks"] == [] or "accepts nothing" not in said


def test_the_sidecar_accepts(tool: Tool) -> None:
    put("a.txt", MASKED + CLEAN)
    year, place = (one["fingerprint"] for one in report(tool, "a.txt", "--select", "PLC")[1])
    put(
        ".jiaokan-suppressions.toml",
        f"[[suppress]]\nfingerprint = '{year}'\nrule = 'PLC001'\nreason = '原件如此'\nuntil = 2999-12-31\n\n"
        f"[[suppress]]\nfingerprint = '{place}'\nreason = '旧'\nuntil = 2001-01-01\n\n"
        "[[suppress]]\nfingerprint = '0123456789abcdef'\nreason = '无'\n\n"
        "[[suppress]]\nfingerprint = '0123456789abcdef'\nreason = '别处'\npath = 'other/**'\n",
    )
    code, found, summary = report(tool, "a.txt", "--select", "PLC")
    assert code == 1
    assert [one["suppression"] for one in found] == [
        {"kind": "external", "place": ".jiaokan-suppressions.toml:1", "reason": "原件如此", "until": "2999-12-31"},
        None,
    ]
    told = [(one["line"], one["message"]) for one in summary["remarks"]]
    assert [line for line, _ in told] == [7, 12]
    assert "until 2001-01-01" in told[0][1]
    assert "accepts nothing" in told[1][1]
    put("a.txt", CLEAN + MASKED.replace("我们于", "按照部署，我们大家于"))
    moved = report(tool, "a.txt", "--select", "PLC")[1]
    assert moved[0]["suppression"], "one side of the passage is as it was"
    put("a.txt", MASKED + CLEAN + MASKED + CLEAN)
    again = report(tool, "a.txt", "--select", "PLC001")[1]
    assert [bool(one["suppression"]) for one in again] == [True, False], "an entry accepts one finding"
    put("jiaokan.toml", "stale = 'fail'\nfail-on = 'never'\n")
    assert report(tool, "a.txt")[0] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[suppress]\n", "cannot be read"),
        ("[[suppres]]\n", "unknown table 'suppres'"),
        ("[[suppress]]\nfingerprint = 'zz'\nreason = 'x'\n", "suppressions.toml:1: fingerprint = 'zz'"),
        ("\n[[suppress]]\nfingerprint = '0123456789abcdef'\n", "suppressions.toml:2"),
        ("[[suppress]]\nfingerprint = '0123456789abcdef'\nreason = ' '\n", "reason is empty"),
        ("[[suppress]]\nfingerprint = '0123456789abcdef'\nreason = 'x'\nutil = 1\n", "did you mean 'until'"),
    ],
)
def test_a_broken_sidecar_ends_with_2(tool: Tool, text: str, said: str) -> None:
    put("a.txt", MASKED)
    put(".jiaokan-suppressions.toml", text)
    code, out, err = tool("check", "a.txt")
    assert (code, out) == (2, "")
    assert said in err


def test_the_baseline_command(tool: Tool) -> None:
    put("a.txt", MASKED)
    assert tool("baseline", "update", ".")[0] == 2
    assert tool("baseline", "write", ".")[0] == 0
    assert "is there already" in tool("baseline", "write", ".")[2]
    assert report(tool, ".")[0] == 0
    put("a.txt", CLEAN + MASKED.replace("成效", "总的来看成效"))
    code, found, summary = report(tool, ".")
    assert code == 0
    assert {one["baseline_state"] for one in found} == {"unchanged"}
    assert "known]" in tool("check", ".")[1]
    assert "nothing in it is asked for or new" in tool("check", ".", "--new-only")[1]
    put("b.txt", f"新到的材料里有20xx年的数字。{CLEAN}")
    code, found, summary = report(tool, ".", "--new-only")
    assert (code, [one["path"] for one in found]) == (1, ["b.txt"])
    assert summary["findings"] == {"placeholder": 1}
    assert [one["findings"] for one in summary["documents"]] == [{}, {"placeholder": 1}]
    assert [one["entries"][0]["findings"] for one in summary["documents"]] == [{}, {"placeholder": 1}]
    assert summary["baseline"]["unchanged"] == 2
    assert report(tool, ".", "--baseline", "none")[2]["gate"]["reasons"][0]["count"] == 3
    put("a.txt", CLEAN + MASKED.replace("20xx", "2019"))
    assert len(report(tool, ".")[2]["baseline"]["absent"]) == 1
    assert "1 were gone" in tool("baseline", "update", ".")[2]
    assert report(tool, ".")[0] == 1, "what is new is not taken up by itself"
    assert tool("baseline", "update", "b.txt", "--accept-new")[0] == 0
    assert report(tool, ".")[0] == 0
    shown = tool("baseline", "show")[1]
    assert "a.txt:2 PLC003 XX" in shown
    assert "b.txt:1 PLC001 20xx" in shown
    put(".jiaokan-baseline.jsonl", "{}")
    code, out, err = tool("check", ".")
    assert (code, out) == (2, "")
    assert ".jiaokan-baseline.jsonl, line 1" in err


def test_what_a_change_adds(tool: Tool) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], check=True, capture_output=True)

    put("a.txt", MASKED + CLEAN)
    assert "--diff" in tool("check", "a.txt", "--diff", "HEAD")[2]
    git("init", "-q")
    put("同.txt", MASKED)
    git("add", ".")
    git("commit", "-q", "-m", "a")
    assert report(tool, ".", "--diff", "HEAD")[:2] == (0, [])
    put("a.txt", CLEAN + MASKED + "下一步在某某镇试点。\n")
    Path("同.txt").rename("改名.txt")
    git("add", "-A")
    put("c.txt", "数字截至20xx年底，仍待核实清楚。\n")
    code, found, summary = report(tool, ".", "--diff", "HEAD", "--min-grade", "A")
    assert code == 1
    assert sorted({(one["path"], one["line"]) for one in found if one["kind"] == "placeholder"}) == [
        ("a.txt", 3),
        ("c.txt", 1),
    ]
    assert [one["kind"] for one in summary["gate"]["reasons"]] == ["findings"], "the grade was there before"
    code, _, err = tool("check", ".", "--diff", "nowhere")
    assert code == 2
    assert "no revision nowhere" in err
    code, _, err = tool("check", "-", "--diff", "HEAD")
    assert (code, "standard input" in err) == (2, True)
    put("部分/a.txt", MASKED)
    git("-C", "部分", "init", "-q")
    git("-C", "部分", "add", ".")
    git("-C", "部分", "commit", "-q", "-m", "a")
    git("add", "-A")  # as a link to a commit, as a submodule is
    git("commit", "-q", "-m", "b")
    assert report(tool, ".", "--diff", "HEAD")[:2] == (0, []), "what a submodule had at its commit is not new"
    put("部分/a.txt", MASKED + "数字截至20xx年底，仍待核实清楚。\n")
    found = [one for one in report(tool, ".", "--diff", "HEAD")[1] if one["kind"] == "placeholder"]
    assert [(one["path"], one["excerpt"]) for one in found] == [("部分/a.txt", "20xx")]


def test_init_and_config(tool: Tool) -> None:
    put("texts/a.txt", MASKED)
    put("texts/drafts/b.txt", CLEAN)
    put("texts/c.jsonl", '{"text": "x"}\n')
    assert tool("init", "texts", "-o", "-")[1].startswith("# 2 of 2 files")
    assert tool("init", "texts")[0] == 0
    assert "left as it is" in tool("init", "texts")[2]
    page = Path("texts/jiaokan.toml").read_bytes().decode()
    assert 'exclude = ["drafts/"]' in page
    assert "text-field" in page
    loaded = load(Path("texts/jiaokan.toml"))
    assert loaded.config.exclude == ("drafts/",)
    put("jiaokan.toml", "extends = 'publishing'\nmin-confidence = 0.6\n[gate]\nPLC = 'never'\n")
    shown = dict(line.split("#", 1) for line in tool("config")[1].split("\n") if line)
    origins = {setting.strip(): origin.strip() for setting, origin in shown.items()}
    assert origins["min-confidence = 0.6"] == "jiaokan.toml:2"
    assert origins['gate.PLC = "never"'] == "jiaokan.toml:4"
    assert origins['gate.privacy = "minor"'] == "preset publishing"
    assert origins['fail-on = "minor"'] == "preset publishing"
    assert origins['lang = "auto"'] == "default"
    shown = tool("check", "--show-settings", "--fail-on", "major", "--gate", "ocr=never", "--no-cache", "texts")[1]
    assert re.search(r'fail-on = "major" +# --fail-on\n', shown)
    assert re.search(r"cache = false +# --no-cache\n", shown)
    assert re.search(r"overrides\[1\]: .*ocr.* +# --gate\n", shown)
    assert re.search(r"min-confidence = 0.6 +# jiaokan.toml:2\n", shown), "what no option says"
    put("tables/c.csv", "text\nx\n")
    assert 'extends = "corpus"' in tool("init", "tables", "-o", "-")[1], "tables are no text and still a corpus"
    put("none/c.bin", "x")
    assert tool("init", "none")[0] == 2
    with speaking("zh"):
        assert "默认" in tool("config")[1]
        assert "# 共" in tool("init", "texts", "-o", "-")[1]


@pytest.mark.parametrize("name", preset_names())
def test_presets_hold(tool: Tool, name: str) -> None:
    put("a.txt", MASKED)
    put("jiaokan.toml", f"extends = '{name}'\n")
    assert report(tool, "a.txt")[0] in (0, 1)
    assert preset(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nextends = 'publshing'", "jiaokan.toml:2: extends = 'publshing'; it is one of corpus, publishing"),
        ("extends = 3", "extends"),
        ("extnds = 'corpus'", "did you mean 'extends'"),
        ("[gate]\nPLC = 'hug'", "jiaokan.toml:2: gate.PLC = 'hug'"),
        ("[gate]\nPLCX = 'info'", "jiaokan.toml:2: gate: unknown rule 'PLCX'"),
        ("lang = 'en'\nselect = ['PLCX']", "jiaokan.toml:2: select: unknown rule 'PLCX'"),
        ("\n[[overrides]]\npath = ['a']", "jiaokan.toml:2: overrides[1]: unknown setting 'path'; did you mean 'paths'"),
        ("[[overrides]]\npaths = []", "overrides[1].paths names no files"),
        ('[[overrides]]\nignore = ["OCR"]', "overrides[1] has no paths"),
        ("[[overrides]]\npaths = ['a']\nignore = ['PLC99']", "jiaokan.toml:1: overrides[1]: unknown rule 'PLC99'"),
        ("[[budgets]]\nat-most = -1", "budgets[1].at-most = -1"),
        ("[[budgets]]\nat-most = 'x'", "at-most"),
        ("stale = 'fial'", "did you mean 'fail'"),
        ("root = '/'", "unknown setting 'root'"),
        ("baseline = 'nowhere'", "nowhere: no such file"),
    ],
)
def test_wrong_settings_are_told(tool: Tool, text: str, said: str) -> None:
    put("a.txt", MASKED)
    put("jiaokan.toml", text + "\n")
    code, out, err = tool("check", "a.txt")
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    "words",
    [("--gate", "x"), ("--gate", "PLC=hug"), ("--gate", "PLC99=major"), ("--budget", "PLC"), ("--budget", "=3")],
)
def test_wrong_options_are_told(tool: Tool, words: tuple[str, ...]) -> None:
    put("a.txt", MASKED)
    assert tool("check", "a.txt", *words)[0] == 2


def test_a_text_in_memory_knows_no_files(tool: Tool) -> None:
    put(".jiaokan-baseline.jsonl", "broken")
    assert tool
    assert audit_text(MASKED).baseline is None
