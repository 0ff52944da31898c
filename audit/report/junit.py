"""JUnit XML: a suite for each file, a case for each finding; those that close the gate fail, what could not be read or run is an error.

Source: the schema of Apache Ant's JUnit reports. Times are nought and dates the epoch: the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from audit.address import printable
from audit.model import Finding
from audit.report.spoken import lacking, place, sentence
from audit.run import Audit
from audit.words import say

EPOCH = "1970-01-01T00:00:00"
TOOL = "jiaokan"


def render(audit: Audit) -> bytes:
    """The report as UTF-8."""
    root = Element("testsuites")
    for audited in audit.documents:
        suite(root, printable(audited.document.path), audited.findings)
    broken = list(lacking(audit))
    if broken:
        made = opened(root, TOOL, len(broken))
        made.set("errors", str(len(broken)))
        for path, words in broken:
            SubElement(case(made, path or TOOL, TOOL), "error", message=words, type="incomplete").text = words
        closed(made)
    indent(root)
    page: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{page}\n'.encode()


def suite(root: Element, path: str, findings: Sequence[Finding]) -> None:
    """A file with its findings; of a file without any one case that passes."""
    made = opened(root, path, max(len(findings), 1))
    failing = 0
    for finding in findings:
        made_case = case(made, f"{finding.rule} {finding.name} {finding.line}:{finding.column}", path)
        if finding.gates:
            failing += 1
            words = sentence(finding)
            failure = SubElement(made_case, "failure", message=words, type=finding.severity.label)
            failure.text = f"{place(finding)} {finding.rule} {words}\n{finding.excerpt}"
    if not findings:
        case(made, say("html.nothing"), path)
    made.set("failures", str(failing))
    closed(made)


def opened(root: Element, name: str, tests: int) -> Element:
    """A suite before its cases."""
    made = SubElement(
        root,
        "testsuite",
        id=str(len(root)),
        package=TOOL,
        name=name,
        timestamp=EPOCH,
        hostname="localhost",
        tests=str(tests),
        failures="0",
        errors="0",
        time="0",
    )
    SubElement(made, "properties")
    return made


def case(parent: Element, name: str, group: str) -> Element:
    """A case of a suite."""
    return SubElement(parent, "testcase", name=name, classname=group, time="0")


def closed(made: Element) -> None:
    """What the schema wants behind the cases."""
    SubElement(made, "system-out")
    SubElement(made, "system-err")
