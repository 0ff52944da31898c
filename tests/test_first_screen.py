"""Every number of the first screen is the one that the JSON Lines give, and every format tells the same."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from audit import audit_paths
from audit.report import json_lines, markdown, phrases, terminal
from audit.report.outline import Outline, outline
from audit.report.samples import worst_findings
from audit.run import Audit
from audit.words import say
from tests import recount
from tests.recount import Record

TEXTS = ("reports/seeds.txt", "reports/seeds.md", "reports/seeds.html")


@pytest.fixture(scope="module")
def audit(root: Path) -> Audit:
    return audit_paths([str(root / "seeds")])


@pytest.fixture(scope="module")
def view(audit: Audit) -> Outline:
    return outline(audit)


@pytest.fixture(scope="module")
def records(audit: Audit, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Record], Record]:
    file = tmp_path_factory.mktemp("lines") / "seeds.jsonl"
    file.write_bytes(json_lines.render(audit))
    return recount.read(file)


def test_counts(view: Outline, records: tuple[list[Record], Record]) -> None:
    findings, summary = records
    assert view.total == len(findings)
    assert view.safe == sum(one["safety"] == "safe" for one in findings)
    assert view.size == sum(document["characters"] for document in summary["documents"])
    assert view.files == len(summary["documents"])
    counted = Counter((one["kind"], one["safety"]) for one in findings)
    for row in view.kinds:
        repairs = (counted[row.kind, "safe"], counted[row.kind, "suggested"], counted[row.kind, None])
        assert (row.safe, row.suggested, row.none, row.count) == (*repairs, sum(repairs))


@pytest.mark.parametrize("width", [24, 40, 60, 80, 110])
def test_a_narrow_terminal_cuts_no_figure(audit: Audit, view: Outline, width: int) -> None:
    page = io.StringIO()
    terminal.write(audit, Console(file=page, width=width, color_system=None, legacy_windows=False))
    rows = [line.split() for line in page.getvalue().split("\n")]
    for kind in view.kinds:
        assert any(row[:2] == [kind.kind, f"{kind.count:,}"] for row in rows), kind.kind


def test_no_heading_stands_alone(tmp_path: Path) -> None:
    empty, clean = tmp_path / "empty.txt", tmp_path / "gbk.txt"
    empty.write_bytes(b"")
    clean.write_bytes("今天天气很好，我们去图书馆读书，回来写了一篇文章。\n".encode("gb18030"))
    for module in (terminal, markdown):
        page = module.render(audit_paths([str(clean)])).decode("utf-8")
        assert say("title.first") not in page, "nothing raises a full score"
        assert "`jiaokan explain grade`" in page, "Markdown keeps it a command"
        assert "explain grade" not in module.render(audit_paths([str(empty)])).decode("utf-8"), "no grade, no letters"


def test_grades(view: Outline, records: tuple[list[Record], Record]) -> None:
    findings, _ = records
    spent = recount.efforts(findings)
    left = sum(effort for effort, one in zip(spent, findings, strict=True) if one["safety"] != "safe")
    assert view.now.score == pytest.approx(recount.score(sum(spent), view.size), abs=0.06)
    assert view.after.score == pytest.approx(recount.score(left, view.size), abs=0.06)


def test_steps(view: Outline, records: tuple[list[Record], Record]) -> None:
    again = recount.steps(records[0], view.size)
    assert [(step.kind, step.repair, step.count) for step in view.steps] == [one[:3] for one in again]
    assert [step.gain for step in view.steps] == pytest.approx([one[3] for one in again], abs=0.11)


def test_efforts_and_shares_of_the_kinds(view: Outline, records: tuple[list[Record], Record], audit: Audit) -> None:
    findings, _ = records
    length = sum(len(one.document.body) for one in audit.documents)
    spent = Counter[str]()
    covered: dict[str, set[tuple[str, int]]] = {}
    weigh = [{**one, "kind": f"{one['kind']} "} for one in findings]  # what is dropped has an effort of its own here
    for one, effort in zip(findings, recount.efforts(weigh), strict=True):
        spent[one["kind"]] += effort
        covered.setdefault(one["kind"], set()).update((one["path"], at) for at in range(one["start"], one["end"]))
    for row in view.kinds:
        if row.kind != "gloss":  # inside other damage a gloss weighs less; `again` looks for kinds by name
            assert row.effort == pytest.approx(spent[row.kind] * 1000 / view.size, abs=0.011), row.kind
        assert row.share == pytest.approx(len(covered[row.kind]) / length), row.kind


def test_promises_and_tasks(view: Outline, records: tuple[list[Record], Record]) -> None:
    marks = {one["fingerprint"]: one for one in records[0]}
    for section, document in zip(view.sections, records[1]["documents"], strict=True):
        entries = document["entries"]
        assert section.promise is not None
        assert section.promise.promised == document["promised"]
        assert section.promise.found == len(entries)
        assert section.promise.usable == sum(entry["action"] in recount.USABLE for entry in entries)
        told = {number: task.action.value for task in section.tasks for number in task.numbers}
        assert told == {entry["entry"]: entry["action"] for entry in entries}
        for task in section.tasks:
            for number, finding in task.reasons:
                assert marks[finding.fingerprint]["entry"] == number
                assert marks[finding.fingerprint]["message"] == finding.message


def test_entries(view: Outline, records: tuple[list[Record], Record]) -> None:
    graded = {
        (document["path"], entry["entry"]): entry
        for document in records[1]["documents"]
        for entry in [*document["entries"], {**document, "entry": None}]
    }
    paths = [document["path"] for document in records[1]["documents"]]
    for row in view.rows:
        entry = graded[paths[row.document], row.number]
        assert row.graded.now.letter == entry["as_it_stands"]["grade"]
        assert row.graded.now.score == entry["as_it_stands"]["score"]
        assert row.graded.after.score == entry["after_safe_repairs"]["score"]
        assert row.graded.action.value == entry["action"]


@pytest.mark.parametrize("name", TEXTS)
def test_every_format_tells_the_same(root: Path, view: Outline, name: str) -> None:
    page = words_of((root / name).read_bytes().decode("utf-8"))
    told = [phrases.verdict(view), f"{view.size:,} characters."]
    told += [phrases.step(step) for step in view.steps]
    told += [phrases.heading(section).split(": ", 1)[1] for section in view.sections]
    for row in view.kinds[:8]:
        told.append(f"{row.count:,} {phrases.share(row.share)}")
    for words in told:
        assert words_of(words) in page, words


def words_of(page: str) -> str:
    """Text without its tags, tables and blanks."""
    bare = re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL)
    for name, char in (
        ("&lt;", "<"),
        ("&#39;", "'"),
        ("&amp;", "&"),
        ("&#34;", '"'),
        ("\\", ""),
        ("|", " "),
        ("·", "0"),
    ):
        bare = bare.replace(name, char)
    return " ".join(bare.split())


def test_what_many_files_share_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("春/一.txt", "春/[b]二.txt", "夏/一.txt"):
        file = tmp_path / "texts" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("今年以来XX县完成20xx年度任务。\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    found = audit_paths(["texts"])
    assert [row.name for row in outline(found).rows] == ["夏/一.txt", "春/[b]二.txt", "春/一.txt"]
    plain = markdown.render(found).decode("utf-8").replace("\\", "")  # Markdown escapes brackets
    for page in (terminal.render(found).decode("utf-8"), plain):
        assert "3 files in texts/, 54 characters." in page
        assert "edit by hand: 夏/一.txt, 春/[b]二.txt, 春/一.txt" in page.lower()
        assert "texts/夏/一.txt:1:" in page  # a place is whole, so that a terminal can follow it
    assert "    春/[b]二.txt " in terminal.render(found).decode("utf-8")  # a name is no markup
    assert [one.rule for one, _ in worst_findings(found, 2)] == ["PLC001", "PLC003"]


def test_files_of_one_text_stand_apart_and_an_empty_one_has_no_grade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spring = "春天来了，院子里的梨花开得正好。母亲坐在门口择菜，看见我回来，笑着说：今天怎么这样早？我说学校放假了。\n"
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "old.txt").write_bytes(spring.encode("gbk"))
    (tmp_path / "two.txt").write_text(f"第一篇 工作总结\n{spring}第二篇 工作总结\n{spring}锟斤拷锟斤拷\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    found = audit_paths(["."])
    page = terminal.render(found).decode("utf-8")
    assert say("files.single", files=2) in page
    assert "    line 1: the file is gb18030" in page  # a file of one text has no number
    for made in (page, markdown.render(found).decode("utf-8")):
        told = next(line for line in made.splitlines() if "empty.txt" in line and "empty" in line.split(".txt")[1])
        assert told.count("–") == 2
        assert "100" not in told
    assert phrases.scale() in page
