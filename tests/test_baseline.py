"""A baseline: what was known stays known however its surroundings are edited, and new damage is never taken for it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from audit.config import Config
from audit.engine import to_batch
from audit.errors import AuditError
from audit.gate.baseline import compare, dump, load
from audit.gate.held import Held
from audit.gate.known import present_of, snapshot
from audit.gate.likeness import paired
from audit.gate.marks import Mark
from audit.gate.places import Place
from audit.gate.values import Baseline, Known
from audit.model import Hit, Severity, Span
from audit.reading.document import read, read_record
from audit.reading.records import Record
from audit.rule import Rule, Scope
from audit.run import audit_bytes

MASK = Rule("PLC999", "test-mask", "placeholder", Severity.MINOR, Scope.TEXT, {"": "{text}"}, lambda _: ())
FORMS = ("XX", "20xx")
CLEAN = Path(__file__).parents[1] / "tools" / "damage" / "clean"
Cells = list[tuple[str, int]]  # a character and the number of the damage that it is part of, 0 for none


def prose(name: str) -> str:
    return (CLEAN / f"{name}.txt").read_bytes().decode("utf-8").replace("\n\n", "\n")


SOURCES = (prose("library-simplified"), prose("irrigation-traditional"))


def gap(rng: random.Random, cells: Cells) -> int:
    """A place that is not inside of a damage."""
    while True:
        at = rng.randrange(len(cells) + 1)
        if not (0 < at < len(cells) and cells[at][1] and cells[at - 1][1] == cells[at][1]):
            return at


def damaged(rng: random.Random, source: str, size: int, count: int) -> Cells:
    start = rng.randrange(max(len(source) - size, 1))
    cells = [(char, 0) for char in source[start : start + size]]
    for number in range(1, count + 1):
        at = gap(rng, cells)
        cells[at:at] = [(char, number) for char in rng.choice(FORMS)]
    return cells


def insert(rng: random.Random, cells: Cells, source: str, least: int, most: int) -> None:
    size = rng.randint(least, most)
    start = rng.randrange(len(source) - size)
    at = gap(rng, cells)
    cells[at:at] = [(char, 0) for char in source[start : start + size]]


def replace(rng: random.Random, cells: Cells, source: str) -> None:
    at = stop = gap(rng, cells)
    while stop < len(cells) and stop - at < 6 and not cells[stop][1]:
        stop += 1
    start = rng.randrange(len(source) - 6)
    fresh = source[start : start + rng.choice((0, stop - at))]
    cells[at:stop] = [(char, 0) for char in fresh]


def move(rng: random.Random, cells: Cells, _: str) -> None:
    start, stop = sorted((gap(rng, cells), gap(rng, cells)))
    block = cells[start:stop] if stop - start < 200 else []
    if block:
        del cells[start:stop]
        at = gap(rng, cells)
        cells[at:at] = block


EDITS: tuple[Callable[[random.Random, Cells, str], None], ...] = (
    lambda rng, cells, source: insert(rng, cells, source, 1, 3),
    lambda rng, cells, source: insert(rng, cells, source, 15, 50),
    replace,
    replace,
    move,
    lambda rng, cells, _: cells.insert(gap(rng, cells), ("\n", 0)),
    lambda rng, cells, _: cells.insert(gap(rng, cells), ("\u3000", 0)),
)


def numbers(cells: Cells) -> Iterator[tuple[int, int, int]]:
    """Each damage with its span, in order of place."""
    at = 0
    while at < len(cells):
        stop = at + 1
        while cells[at][1] and stop < len(cells) and cells[stop][1] == cells[at][1]:
            stop += 1
        if cells[at][1]:
            yield cells[at][1], at, stop
        at = stop


def seen(cells: Cells) -> tuple[list[int], list[Mark], Callable[[], Place]]:
    """The damages of a text and their marks."""
    document = read("a.txt", "".join(char for char, _ in cells).encode())
    found = list(numbers(cells))
    batch = to_batch(MASK, [Hit(Span(start, stop)) for _, start, stop in found], document.source)
    present = present_of(document, [batch])
    return [number for number, _, _ in found], list(present.marks), present.text


def known_of(before: Cells, now: Cells) -> dict[int, int]:
    """Which damage of before each damage of now is taken for."""
    old, marks, _ = seen(before)
    new, present, text = seen(now)
    return {new[place]: old[known] for place, known in paired(marks, present, text).items()}


def test_a_thousand_edits_one_at_a_time() -> None:
    """Unchanged damage stays known, each for itself, whatever is edited beside it."""
    for seed in range(10):
        rng = random.Random(seed)
        source = SOURCES[seed % 2]
        before = damaged(rng, source, 900, 12)
        for _ in range(100):
            now = list(before)
            rng.choice(EDITS)(rng, now, source)
            assert known_of(before, now) == {number: number for number in range(1, 13)}


def test_a_thousand_edits_upon_each_other() -> None:
    """In a text that a thousand edits rewrote, most of the damage that no one touched is still known, and none wrongly."""
    rng = random.Random(7)
    before = damaged(rng, "\n".join(SOURCES) * 4, 12_000, 60)
    now = list(before)
    for done in range(1, 1_001):
        rng.choice(EDITS)(rng, now, SOURCES[0])
        if done in (10, 100, 300, 1_000):
            known = known_of(before, now)
            assert len(known) >= {10: 60, 100: 59, 300: 57, 1_000: 45}[done], done
            assert all(old == new for new, old in known.items())


@pytest.mark.parametrize("edits", [0, 1, 5])
def test_new_damage_is_never_hidden(edits: int) -> None:
    """One damage is mended, and the like of it stands somewhere else: that is new, and so is one more of a kind."""
    for seed in range(120):
        rng = random.Random(seed)
        source = SOURCES[seed % 2]
        before = damaged(rng, source, 900, 8)
        now = list(before)
        victim, start, stop = rng.choice(list(numbers(now)))
        form = "".join(char for char, _ in now[start:stop])
        now[start:stop] = [(char, 0) for char in "山水"[: rng.choice((1, 2))]]
        at = gap(rng, now)
        while abs(at - start) < 8:  # nearer it would be the same place
            at = gap(rng, now)
        now[at:at] = [(char, 99) for char in form]
        for _ in range(edits):
            rng.choice(EDITS)(rng, now, source)
        known = known_of(before, now)
        assert 99 not in known, seed
        assert victim not in known
        before.insert(0, ("\n", 0))
        more = [*before, *((char, 98) for char in form)]
        assert 98 not in known_of(before, more)


def test_equal_findings_are_counted() -> None:
    line = "联系人：XX，电话同上。\n"
    before = "".join(line for _ in range(5))
    now = before + line

    def cells(text: str) -> Cells:
        made = [(char, 0) for char in text]
        for number, at in enumerate((at for at in range(len(text)) if text.startswith("XX", at)), 1):
            made[at : at + 2] = [("X", number), ("X", number)]
        return made

    assert len(known_of(cells(before), cells(now))) == 5
    assert len(known_of(cells(now), cells(before))) == 5


def snap(name: str, raw: bytes) -> tuple[list[Known], dict[str, object]]:
    audit = audit_bytes([(name, raw, name)], Config())
    document = audit.documents[0]
    pairs = [(document.document, document.batches)]
    return snapshot(pairs, Path()), {name: present_of(*pairs[0])}


TEXT = (
    "一、加强领导。20xx年我们在XX县召开了动员大会。\n二、狠抓落实。各乡镇按照县委的部署开展了工作，某某同志作了发言。\n"
)


def test_known_in_other_bytes_under_another_name_and_without_glosses() -> None:
    known, _ = snap("old.txt", TEXT.encode())
    assert len(known) >= 3
    for name, raw in (
        ("old.txt", TEXT.encode("gb18030")),
        ("old.txt", TEXT.replace("\n", "\r\n\r\n").encode()),
        ("new.txt", b"\xef\xbb\xbf" + TEXT.encode()),
        ("old.txt", TEXT.replace("，", ",").encode()),
        ("old.txt", TEXT.replace("县", "县(xiàn)").encode()),
    ):
        _, present = snap(name, raw)
        found = compare(known, present)  # type: ignore[arg-type]
        assert len(found[name]) == len(known), (name, raw[:20])


def test_a_copy_of_a_text_that_is_not_looked_at_is_new() -> None:
    known, _ = snap("old.txt", TEXT.encode())
    _, present = snap("new.txt", TEXT.encode())
    moved = compare(known, present)  # type: ignore[arg-type]
    assert len(moved["new.txt"]) == len(known), "the old file is gone"
    copied = compare(known, present, lambda path: path == "old.txt")  # type: ignore[arg-type]
    assert not copied["new.txt"], "a hook is given only what a commit changes"


def test_records_change_places() -> None:
    texts = [f"第{n}号通知：请于20xx年{n}月前报送材料。" for n in range(1, 8)]

    def present(order: list[int]) -> list[Mark]:
        marks = []
        for place, n in enumerate(order):
            record = read_record("a.jsonl", Record(texts[n], place + 1, place + 1, {}, f"id{n}"))
            at = texts[n].index("20xx")
            marks += present_of(record, [to_batch(MASK, [Hit(Span(at, at + 4))], record.source)]).marks
        return marks

    before, after = present([0, 1, 2, 3, 4, 5, 6]), present([6, 2, 0, 5, 1, 4, 3])
    pairs = paired(before, after, lambda: Place(b"", [(0, 0)] * 7))
    assert [pairs[n] for n in range(7)] == [6, 2, 0, 5, 1, 4, 3]


def test_the_file_gives_back_what_was_written(tmp_path: Path) -> None:
    known, _ = snap("a.txt", (TEXT + "张某身份证号11010519491231002X。\n").encode())
    file = tmp_path / "b.jsonl"
    file.write_bytes(dump(known))
    assert load(file) == sorted(known, key=lambda one: one.path)
    assert b"11010519491231002X" not in file.read_bytes(), "what is private is not copied"
    assert dump(load(file)) == file.read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1"),
        (b"[]\n", "line 1"),
        (b'{"jiaokan-baseline":9}\n', "version 9"),
        (b'{"jiaokan-baseline":1}\n{"path":"a","rule":"PLC001","line":1,"digest":"00"', "line 2"),
        (b'{"jiaokan-baseline":1}\n\n{"path":"a","rule":"PLC001","line":1,"digest":"00","left":"zz"}', "line 3"),
        (b'{"jiaokan-baseline":1}\n{"path":"a"}', "line 2"),
        (b'{"jiaokan-baseline":1}\n\xff', "line 2"),
    ],
)
def test_a_damaged_file_is_told_with_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "b.jsonl"
    file.write_bytes(content)
    with pytest.raises(AuditError) as caught:
        load(file)
    assert "b.jsonl" in str(caught.value)
    assert said in str(caught.value)


def test_the_audit_marks_and_counts() -> None:
    known, _ = snap("a.txt", TEXT.encode())
    now = TEXT + "三、存在问题。XX村的道路还没有修通。\n"
    beside = Held(baseline=Baseline("b", Path(), tuple(known)))
    audit = audit_bytes([("a.txt", now.encode(), "a.txt")], Config(), decided=beside)
    states = {(finding.excerpt, finding.line): finding.baseline for finding in audit.findings}
    assert states["XX", 3].value == "new"
    assert [finding.line for finding in audit.findings if finding.gates] == [3]
    assert audit.baseline is not None
    assert audit.baseline.unchanged == len(known)
    assert not audit.baseline.absent
    plain = audit_bytes([("a.txt", now.encode(), "a.txt")], Config())
    assert plain.graded == audit.graded, "what is known costs the grade as before"
    fewer = audit_bytes([("a.txt", TEXT[:10].encode(), "a.txt")], Config(), decided=beside)
    assert fewer.baseline is not None
    assert len(fewer.baseline.absent) == len(known) - fewer.baseline.unchanged
    msgspec.json.encode([one.excerpt for one in fewer.baseline.absent])
