"""JUnit XML: a suite for each file, a case for each finding; those that close the gate fail, what could not be read or run is an error.

Source: the schema of Apache Ant's JUnit reports. Times are nought and dates the epoch: the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from audit.address import printable
from audit.report.spoken import lacking, place, sentence
from audit.run import Audit, Audited
from audit.words import say

EPOCH = "1970-01-01T00:00:00"
TOOL = "jiaokan"
CLOSED = b"    <system-out />\n    <system-err />\n  </testsuite>\n"  # what the schema wants behind the cases


def render(audit: Audit) -> bytes:
    """The report as UTF-8."""
    return b"".join(chunks(audit))


def chunks(audit: Audit) -> Iterator[bytes]:
    """The same case by case."""
    broken = list(lacking(audit))
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
    yield b"<testsuites>\n" if audit.documents or broken else b"<testsuites />\n"
    for number, audited in enumerate(audit.documents):
        yield from suite(number, audited)
    if broken:
        yield opened(len(audit.documents), TOOL, tests=len(broken), errors=len(broken))
        for path, words in broken:
            made = case(path or TOOL, TOOL)
            SubElement(made, "error", message=words, type="incomplete").text = words
            yield written(made)
        yield CLOSED
    if audit.documents or broken:
        yield b"</testsuites>\n"


def suite(number: int, audited: Audited) -> Iterator[bytes]:
    """A file with its findings; of a file without any one case that passes."""
    path, tests = printable(audited.document.path), sum(map(len, audited.batches))
    yield opened(number, path, tests=max(tests, 1), failures=audited.gating)
    for finding in audited.stream():
        made = case(f"{finding.rule} {finding.name} {finding.line}:{finding.column}", path)
        if finding.gates:
            words = sentence(finding)
            failure = SubElement(made, "failure", message=words, type=finding.severity.label)
            failure.text = f"{place(finding)} {finding.rule} {words}\n{finding.excerpt}"
        yield written(made)
    if not tests:
        yield written(case(say("html.nothing"), path))
    yield CLOSED


def opened(number: int, name: str, *, tests: int, failures: int = 0, errors: int = 0) -> bytes:
    """A suite before its cases."""
    made = Element(
        "testsuite",
        id=str(number),
        package=TOOL,
        name=name,
        timestamp=EPOCH,
        hostname="localhost",
        tests=str(tests),
        failures=str(failures),
        errors=str(errors),
        time="0",
    )
    head: str = tostring(made, encoding="unicode")
    return f"  {head.removesuffix(' />')}>\n    <properties />\n".encode()


def case(name: str, group: str) -> Element:
    """A case of a suite."""
    return Element("testcase", name=name, classname=group, time="0")


def written(made: Element) -> bytes:
    """A case as it stands in the page."""
    indent(made, level=2)
    page: str = tostring(made, encoding="unicode")
    return f"    {page}\n".encode()
