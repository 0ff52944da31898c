"""One catalogue: nothing is said in one language only, and the command line speaks the language it is asked to."""

from __future__ import annotations

import ast
import json
import os
import re
import string
from functools import cache
from pathlib import Path

import pytest
import typer

import audit
from audit import load_rules
from audit.catalogue import speaking, table
from audit.catalogue.english import ENGLISH
from audit.cli import app
from audit.commands.tongue import of_locale, take
from audit.config import Config, Weights
from audit.errors import AuditError
from audit.model import Action, Safety, Severity
from audit.pages import page
from audit.report.layout import cells, wrapped
from audit.report.ledger import accounts
from audit.rule import KINDS
from audit.run import audit_bytes
from audit.words import Phrase, label, say
from tests.console import run
from tests.test_pages import HALF, fields

CHINESE = table("zh")
SPEAKERS = {"AuditError", "Phrase", "say", "tell", "remark", "complain", "comment"}
FORWARDING = {"errors.py", "words.py", "telling.py"}  # they hand on what they are told
# words whose English is the name itself, or stands elsewhere: beside an option, in the parser, in the system
NAMED = ("kind.", "severity.", "safety.", "act.", "evidence.", "help.", "parser.", "metavar.")
PAGES = ("language", "about.", "html.", "script.")  # said by the templates and the script of a page
SYSTEM = {os.strerror(number) for number in range(1, 135)}


@cache
def sentences() -> dict[str, str]:
    """English sentences that are their own keys, and the file that says them."""
    found = {}
    root = Path(audit.__file__).parent
    for file in [*root.rglob("*.py"), *(root.parent / "rules").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SPEAKERS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and first.value not in ENGLISH:
                    found[first.value] = file.name
                elif isinstance(first, ast.JoinedStr) and node.func.id == "AuditError":
                    pytest.fail(f"{file.name}:{node.lineno}: give the sentence and its values apart")
    return found


def test_no_sentence_lacks_chinese() -> None:
    lacking = [(sentence, file) for sentence, file in sentences().items() if sentence not in CHINESE]
    assert not lacking


def test_no_key_lacks_either_language() -> None:
    assert set(ENGLISH) <= set(CHINESE)
    said = set(ENGLISH) | set(sentences()) | SYSTEM
    names = {"hidden", "link", "report", "no regular file", "no ending"}  # kinds of files that are passed over
    extra = [key for key in CHINESE if key not in said | names and not key.startswith((*NAMED, *PAGES))]
    assert not extra, "nothing in English says this"


@pytest.mark.parametrize("key", CHINESE)
def test_placeholders_match(key: str) -> None:
    english = key.removeprefix("parser.") if key.startswith("parser.") else ENGLISH.get(key, key)
    if key in ENGLISH or key.startswith("parser.") or not key.startswith((*NAMED, *PAGES)):
        assert fields(CHINESE[key]) == fields(english)
    bare = re.sub(r"\^\([^)]*\)|`[^`]*`|\{[^}]*\}", "引", CHINESE[key])  # a formula is no sentence
    assert not HALF.search(bare), CHINESE[key]


def test_names_of_our_own_are_said() -> None:
    with speaking("zh"):
        for group, names in {
            "kind": KINDS.values(),
            "severity": [severity.label for severity in Severity],
            "safety": [*(safety.value for safety in Safety), "none"],
            "action": [action.value for action in Action],
            "act": [action.value for action in Action],
        }.items():
            for name in names:
                assert re.search(r"[\u4e00-\u9fff]", label(group, name)), f"{group}.{name}"


def evidence_keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(evidence_keys, value.values()))
    return set().union(*map(evidence_keys, value)) if isinstance(value, list) else set()


def test_evidence_has_names() -> None:
    keys = set()
    for rule in load_rules()[0]:
        for example in page(rule).bad:
            audit = audit_bytes(example.files, Config(select=(rule.code,), min_confidence=0.0))
            keys |= set().union(*(evidence_keys(finding.evidence) for finding in audit.findings))
    lacking = [key for key in keys if key[:1].isalpha() and f"evidence.{key}" not in CHINESE]
    assert not lacking


def commands() -> dict[str, object]:
    program = typer.main.get_command(app)
    return {"jiaokan": program, **program.commands}


def test_every_option_is_explained() -> None:
    wanted = {"help.common.lang", "help.common.help"}
    for name, command in commands().items():
        wanted.add(f"help.{name}.about")
        wanted |= {f"help.{name}.{param.name}" for param in command.params if param.name != "help"}
        assert command.help
        assert all(param.help for param in command.params), name
    assert {key for key in CHINESE if key.startswith("help.")} == wanted


def test_words_wait_for_their_language() -> None:
    reason = Phrase("cannot be read: {reason}", reason=Phrase("Permission denied"))
    error = AuditError("{name}: {reason}", name="a.txt", reason=reason)
    assert str(error) == "a.txt: cannot be read: Permission denied"
    with speaking("zh"):
        assert str(error) == "a.txt：无法读取：没有权限"
        assert say("verdict.clean", now="A") == "评级 A，未发现问题。"
    assert reason == "cannot be read: Permission denied", "as a string it stays English, for programs"


def test_lines_break_as_chinese_does() -> None:
    lines = wrapped("评级估计的是一篇文本（不计空白）要花多少编辑工夫，English words stay whole。", 20)
    assert all(cells(line) <= 21 for line in lines)
    assert all(line[0] not in "，。）" for line in lines)
    assert all(line[-1] not in "（「" for line in lines)
    assert (
        "".join(lines).replace(" ", "") == "评级估计的是一篇文本（不计空白）要花多少编辑工夫，Englishwordsstaywhole。"
    )


@pytest.mark.parametrize(
    ("environ", "spoken"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.Big5"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_locale(environ: dict[str, str], spoken: str) -> None:
    assert of_locale(environ) == spoken


def test_the_option_stands_anywhere() -> None:
    with speaking("en"):
        assert take(["--lang", "zh", "check", "a"], {}) == ["check", "a"]
        assert take(["check", "--lang=en", "a", "--", "--lang"], {}) == ["check", "a", "--", "--lang"]
        with pytest.raises(AuditError):
            take(["check", "--lang"], {})
        with pytest.raises(AuditError):
            take(["check"], {"JIAOKAN_LANG": "klingon"})
        take([], {})


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_bytes("一年来，我站按照20xx年度目标开展工作，新的.水平有了提高。\n".encode())
    return tmp_path


def test_the_report_speaks(damaged: Path) -> None:
    english = run("check", "a.txt", cwd=damaged).stdout.decode()
    assert english.startswith("Grade")
    by_option = run("check", "a.txt", "--lang", "zh", cwd=damaged).stdout.decode()
    assert "年份被遮：「20xx」" in by_option
    assert not re.search(r"[a-z]{4,}", re.sub(r"a\.txt|jiaokan|`[^`]*`|20xx", "", by_option)), by_option
    assert run("check", "a.txt", cwd=damaged, JIAOKAN_LANG="zh").stdout.decode() == by_option
    assert run("check", "a.txt", cwd=damaged, LANG="zh_CN.UTF-8").stdout.decode() == by_option
    (damaged / "jiaokan.toml").write_text('lang = "zh"\n', encoding="utf-8")
    assert run("check", "a.txt", cwd=damaged).stdout.decode() == by_option
    assert run("check", "a.txt", cwd=damaged, JIAOKAN_LANG="en").stdout.decode() == english
    (damaged / "jiaokan.toml").write_text('lang = "tlh"\n', encoding="utf-8")
    assert run("check", "a.txt", cwd=damaged).returncode == 2


@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_programs_read_english_unless_told(damaged: Path, form: str) -> None:
    def message(*words: str, **environ: str) -> str:
        out = run("check", "a.txt", "--format", form, *words, cwd=damaged, **environ).stdout
        found = json.loads(out)["findings"] if form == "json" else list(map(json.loads, out.splitlines()))[1:-1]
        return next(one["message"] for one in found if one["rule"] == "PLC001")

    assert message(JIAOKAN_LANG="zh") == message(LANG="zh_CN.UTF-8") == message() == "masked year '20xx'"
    assert message("--lang", "zh") == "年份被遮：「20xx」"


def test_errors_and_help_speak(tmp_path: Path) -> None:
    def told(*words: str) -> str:
        done = run(*words, "--lang", "zh", cwd=tmp_path)
        assert done.returncode == 2, done
        return done.stderr.decode()

    assert told("check", "nofile") == "jiaokan: nofile：没有这个文件或文件夹\n"
    assert "没有 --foo 这个选项" in told("check", "a", "--foo")
    assert "没有 'chekc' 这个命令" in told("chekc")
    assert "没有可审校的" in told("check")
    assert "缺少参数" in told("cache")
    assert "没有「PLC9」这条规则" in told("explain", "PLC9")
    assert "用法：jiaokan" in told()
    for name in commands():
        words = () if name == "jiaokan" else (name,)
        page = run(*words, "--help", "--lang", "zh", cwd=tmp_path)
        assert page.returncode == 0
        assert "用法：" in page.stdout.decode()
        assert "显示本页。" in page.stdout.decode()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_explain(tmp_path: Path, lang: str) -> None:
    def page(*words: str) -> str:
        done = run("explain", *words, "--lang", lang, cwd=tmp_path)
        assert done.returncode == 0, done
        return done.stdout.decode()

    assert page("plc001") == page("masked-year")
    assert page("placeholder").count("PLC00") >= 9
    assert "⟦20xx⟧年" in page("PLC001")
    assert {"en": "masked year '20xx'", "zh": "年份被遮：「20xx」"}[lang] in page("PLC001")
    assert {"en": "Left alone here", "zh": "这样的不报"}[lang] in page("PLC001")
    (tmp_path / "jiaokan.toml").write_text("[grade]\nhalf = 7\n", encoding="utf-8")
    assert "/ 7)" in page("grade")


def test_the_reckoning_adds_up(root: Path) -> None:
    from audit import audit_paths

    config = Config(min_severity="info", grade=Weights(half=60.0))
    audit = audit_paths([str(root / "seeds" / "library-simplified.txt")], config)
    found = accounts(audit)
    graded = [audit.graded, *(one.graded for one in audit.documents[0].entries)]
    assert len(found) == len(graded) == 16
    for account, grades in zip(found, graded, strict=True):
        for grade, effort in (
            (grades.now, account.effort(config.grade)),
            (grades.after, account.effort(config.grade, repaired=True)),
        ):
            assert effort == pytest.approx(sum(cost for _, cost in grade.costs), abs=0.05)
            due = 0 if grades.action is Action.DROP else 100 * 2 ** (-effort * 1000 / account.size / 60)
            assert grade.score == pytest.approx(due, abs=0.06)
    assert {name for name in string.ascii_uppercase if any(one.now.letter == name for one in found)} > {"B"}


def test_the_reckoning_of_these_files(root: Path, tmp_path: Path) -> None:
    path = str(root / "seeds" / "library-simplified.txt")
    done = run("explain", "grade", path, cwd=tmp_path).stdout.decode()
    grade = json.loads(run("check", path, "-f", "json", cwd=tmp_path).stdout)["summary"]["as_it_stands"]
    assert f"= {grade['score']}, {grade['grade']}" in done
    assert done.count("as it stands") + done.count("to be dropped: 0, F") == 16
