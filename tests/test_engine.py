"""The engine: sieve, addresses, settling, grades, on rules made for the test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import audit_text, shelves
from audit.bounds import line_bounds, swept
from audit.config import Config, Weights
from audit.engine import Batch, check_document, to_batch
from audit.errors import AuditError
from audit.grade import grade
from audit.model import Action, Document, Edit, Hit, Hits, Line, Safety, Severity, Span, Text
from audit.reading import offsets
from audit.reading.document import read
from audit.reading.offsets import byte_offsets
from audit.registry import choose, load_rules, unique
from audit.rule import Rule, Scope, family
from audit.settle import inside, settle, union
from audit.sieve import Sieve

rule = family("noise")
WORD = re.compile("ab|甲乙")


@rule("TST001", "test-word", Severity.MINOR, "word {text!r}", triggers=("a甲", "b乙"))
def word(line: Line) -> Iterator[Hit]:
    """A word."""
    for match in WORD.finditer(line.body, line.start, line.end):
        yield Hit(Span(*match.span()), edit=Edit("", Safety.SAFE))


@rule("TST002", "test-batch", Severity.MAJOR, "batch", scope=Scope.TEXT, triggers="甲")
def batch(text: Text) -> Iterator[Hits]:
    """All 甲 at once."""
    at = np.flatnonzero(text.codes == ord("甲"))
    yield Hits(at, at + 1, lambda n: Hit(Span(int(at[n]), int(at[n]) + 1)))


@rule("TST003", "test-failure", Severity.MINOR, "never", scope=Scope.TEXT)
def failing(_: Text) -> Iterator[Hit]:
    """A rule that fails."""
    raise ZeroDivisionError("as a test")
    yield


def checked(text: str, *rules: Rule) -> tuple[Document, list[Batch]]:
    document = read("t.txt", text.encode("utf-8", "surrogateescape"))
    return document, check_document(document, rules, Sieve(rules)).batches


def spans(batches: list[Batch]) -> list[tuple[int, int]]:
    return [pair for one in batches for pair in zip(one.starts.tolist(), one.ends.tolist(), strict=True)]


@given(st.text(alphabet="ab甲乙\n\r x", max_size=200))
def test_sieve_leaves_out_only_lines_without_hits(text: str) -> None:
    document, batches = checked(text, word)
    everywhere = [match.span() for match in WORD.finditer(document.body)]
    assert spans(batches) == everywhere


@given(st.text(alphabet="a\n\r\u2028\x85\x0bx", max_size=60))
def test_a_line_ends_at_lf_crlf_or_cr_and_nowhere_else(text: str) -> None:
    starts, ends = line_bounds(Text(text).codes, swept(Text(text).codes)[1])
    lines = re.split("\r\n|\r|\n", text)
    if lines[-1] == "" and len(lines) > 1:
        lines.pop()
    assert [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)] == lines


def test_more_trigger_groups_than_bits() -> None:
    many = [
        rule(f"TST{100 + n}", f"test-{n}", Severity.INFO, "x", triggers=chr(0x4E00 + n))(lambda _: iter(()))
        for n in range(130)
    ]
    sieve = Sieve(many)
    text = Text("\u4e00\n\u4e40\u4e81\n")
    bits = sieve.bits(text)
    assert [n for n, one in enumerate(many) if sieve.lines(one, bits).tolist() == [1]] == [0x40, 0x81]


def test_a_failing_rule_is_told_and_the_others_go_on() -> None:
    document = read("t.txt", "甲乙".encode())
    rules = (word, failing)
    result = check_document(document, rules, Sieve(rules))
    assert [failure.rule for failure in result.failures] == ["TST003"]
    assert "as a test" in result.failures[0].reason
    assert spans(result.batches) == [(0, 2)]


def test_a_span_outside_of_the_text_is_the_rules_fault() -> None:
    with pytest.raises(ValueError, match="TST001"):
        to_batch(word, [Hit(Span(0, 9))], Text("甲"))


def test_spans_are_mapped_back_over_glosses() -> None:
    text = Text("甲乙丙", origin=np.array([0, 5, 6, 12]))
    made = to_batch(word, [Hit(Span(0, 2)), Hit(Span(2, 3))], text)
    assert spans([made]) == [(0, 6), (6, 7)]


def test_a_code_or_name_claimed_twice_is_refused() -> None:
    other = rule("TST001", "other", Severity.INFO, "x")(lambda _: iter(()))
    with pytest.raises(AuditError, match="two rules claim 'TST001'"):
        unique([word, other])
    named = rule("TST009", "test-word", Severity.INFO, "x")(lambda _: iter(()))
    with pytest.raises(AuditError, match="two rules claim 'test-word'"):
        unique([word, named])


def test_the_more_specific_word_wins() -> None:
    rules, _ = load_rules()
    codes = {one.code for one in choose(rules, ["PLC"], ["PLC001"])}
    assert "PLC001" not in codes
    assert "PLC002" in codes
    assert {one.code for one in choose(rules, ["PLC001"], ["PLC"])} == {"PLC001"}
    assert len(choose(rules, [], [])) == len(rules)
    with pytest.raises(AuditError, match="no rule is left"):
        choose(rules, [], ["ALL"])


def test_hits_inside_a_stronger_span_are_the_same_damage() -> None:
    strong = Rule("BYT999", "x", "byte-shift", Severity.MAJOR, Scope.TEXT, {"": "x"}, word.check)
    weak = Rule("OCR999", "y", "ocr", Severity.MINOR, Scope.TEXT, {"": "y"}, word.check)
    text = Text("甲" * 40)
    batches = [
        to_batch(strong, [Hit(Span(5, 10))], text),
        to_batch(weak, [Hit(Span(0, 2)), Hit(Span(6, 7)), Hit(Span(9, 11)), Hit(Span(9, 13))], text),
    ]
    kept, folded = settle(batches, read("a.txt", text.body.encode()), Config())
    assert spans(kept) == [(5, 10), (0, 2), (9, 13)]
    assert folded == 0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=12), st.integers(0, 60))
def test_union_covers_what_the_spans_cover(pairs: list[tuple[int, int]], point: int) -> None:
    starts = np.array([start for start, _ in pairs])
    ends = np.array([start + size for start, size in pairs])
    covered = any(start <= point < start + size for start, size in pairs)
    assert bool(inside(np.array([point]), np.array([point + 1]), *union(starts, ends))[0]) == covered


def made_batch(severity: Severity, count: int, safety: Safety | None) -> Batch:
    hits = [Hit(Span(n, n + 1), edit=Edit("", safety) if safety else None, severity=severity) for n in range(count)]
    return to_batch(Rule("TST005", "z", "noise", severity, Scope.TEXT, {"": ""}, word.check), hits, Text("甲" * 5000))


def test_grades_follow_the_formula() -> None:
    weights = Weights()
    clean = grade([], 5000, weights)
    assert (clean.now.score, clean.now.letter, clean.action) == (100, "A", Action.PUBLISH)
    safe = grade([made_batch(Severity.MINOR, 100, Safety.SAFE)], 5000, weights)
    assert safe.action is Action.FIX
    assert safe.after.score == 100 > safe.now.score
    hand = grade([made_batch(Severity.MINOR, 100, None)], 5000, weights)
    assert hand.now.score == pytest.approx(100 * 2 ** (-(100 * 0.9 / 5) / weights.half), abs=0.1)
    assert hand.action is Action.EDIT
    lost = grade([made_batch(Severity.CRITICAL, 1, None)], 5000, weights)
    assert lost.action is Action.RESTORE
    assert lost.now.letter == "C", "one critical finding caps the letter"


@pytest.mark.parametrize(
    ("kind", "severity", "free"),
    [
        ("off-topic", Severity.MINOR, False),
        ("off-topic", Severity.MAJOR, True),
        ("duplicate", Severity.MINOR, True),
    ],
)
def test_a_foreign_entry_that_may_stay_costs_what_deciding_costs(kind: str, severity: Severity, free: bool) -> None:
    rule = Rule("TST006", "y", kind, severity, Scope.COLLECTION, {"": ""}, word.check)
    batch = to_batch(rule, [Hit(Span(0, 5000), severity=severity)], Text("甲" * 5000))
    graded = grade([batch], 5000, Weights(), whole=True)
    assert graded.action is Action.EDIT
    assert (graded.now.score == 100) == free


@given(st.integers(0, 40), st.integers(0, 40), st.sampled_from(list(Severity)))
def test_more_damage_never_scores_higher(few: int, more: int, severity: Severity) -> None:
    few, more = sorted((few, more))
    one, other = (grade([made_batch(severity, count, None)], 5000, Weights()) for count in (few, more))
    assert one.now.score >= other.now.score
    assert "ABCDF".index(one.now.letter) <= "ABCDF".index(other.now.letter)


@given(st.text(max_size=80))
def test_byte_offsets_of_utf8(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass") if text.isascii() else text.encode("utf-8", "ignore")
    document = read("t.txt", raw)
    wanted = np.arange(len(document.body) + 1)
    found = byte_offsets(document.decoded, document.source.codes, wanted)
    if len(document.decoded.runs) == 1 and document.decoded.runs[0].encoding == "utf-8":
        assert found.tolist() == [len(document.body[:end].encode("utf-8")) for end in wanted.tolist()]
    with mock.patch.object(offsets, "PIECE", 4):
        assert byte_offsets(document.decoded, document.source.codes, wanted[::-1]).tolist() == found[::-1].tolist()


@given(st.binary(max_size=120))
def test_any_bytes_are_audited_without_an_exception(raw: bytes) -> None:
    audit = audit_text(raw)
    assert not audit.failures
    for finding in audit.findings:
        assert 0 <= finding.start <= finding.end <= len(audit.documents[0].document.body)


@given(st.text(alphabet="的.x《》“”…、。，一二三1234、(xiàng)鄉\n ;锟斤拷顒", max_size=150))
def test_same_text_same_findings(text: str) -> None:
    first, second = audit_text(text), audit_text(text)
    assert not first.failures
    assert first.findings == second.findings


@pytest.mark.parametrize("packable", [True, False])
def test_many_hits_are_what_few_are(monkeypatch: pytest.MonkeyPatch, packable: bool) -> None:
    odd: dict[str, object] = {} if packable else {"odd": lambda: None}
    edits = (None, Edit("", Safety.SAFE), Edit("乙"))
    hits = [
        Hit(Span(at % 40, at % 40 + 1 + at % 3), {"n": at, **odd}, edits[at % 3], 0.5 + at / 1000, {"at": [at]}, "v")
        for at in range(100)
    ]
    arrays = Hits(np.arange(3), np.arange(3) + 1, hits.__getitem__)
    monkeypatch.setattr(shelves, "FEW", 8)
    monkeypatch.setattr(shelves, "SHELF", 7)
    rule = Rule("TST006", "z", "noise", Severity.MINOR, Scope.TEXT, {"": ""}, lambda _: ())
    listed, many = shelves.gather(rule, iter([*hits[:50], arrays, *hits[50:]]))
    assert (len(listed.starts), listed.make(2)) == (3, hits[2])
    few = shelves.of_hits(rule, sorted(hits, key=lambda hit: hit.span))
    for name in ("starts", "ends", "severities", "confidences", "safeties"):
        assert np.array_equal(getattr(many, name), getattr(few, name)), name
    assert [many.make(row) for row in range(100)] == [few.make(row) for row in range(100)]
    (single,) = shelves.gather(rule, hits[:7])
    assert single.make(0) is hits[0], "few are kept as they are"
