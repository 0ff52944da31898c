"""The damage simulators: seeds come from their clean texts, labels stand where they say, the same seed gives the same bytes."""

from __future__ import annotations

import csv
import io
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ["library-simplified", "irrigation-traditional"]
MODULES = ("labels", "collection", "wounds", "chain")


@pytest.fixture(scope="module")
def tool(root: Path) -> Iterator[SimpleNamespace]:
    """The modules of `tools/damage`, which is run as a folder and is no package."""
    folder = str(root / "tools" / "damage")
    sys.path.insert(0, folder)
    try:
        yield SimpleNamespace(**{name: __import__(name) for name in MODULES})
    finally:
        sys.path.remove(folder)
        for name in MODULES:
            sys.modules.pop(name, None)


@pytest.fixture(scope="module", params=NAMES)
def clean(root: Path, request: pytest.FixtureRequest) -> Path:
    return root / "tools" / "damage" / "clean" / f"{request.param}.txt"


def run(root: Path, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, root / "tools" / "damage", *arguments], capture_output=True, check=False)


def rows(gold: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(gold), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_seeds_come_from_their_clean_texts(root: Path, clean: Path, tmp_path: Path) -> None:
    done = run(root, clean, "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    for made in (f"{clean.stem}.txt", f"gold/{clean.stem}.tsv"):
        assert (tmp_path / made).read_bytes() == (root / "seeds" / made).read_bytes(), f"seeds/{made} is stale"


def test_labels_stand_where_they_say(root: Path, clean: Path) -> None:
    lines = (root / "seeds" / clean.name).read_bytes().decode("utf-8").split("\n")
    labels = rows((root / "seeds" / "gold" / f"{clean.stem}.tsv").read_bytes().decode("utf-8"))
    assert len({row["id"] for row in labels}) == len(labels) > 400
    for row in labels:
        assert lines[int(row["line"]) - 1][int(row["start"]) : int(row["end"])] == row["excerpt"] != ""
    kinds = {row["kind"] for row in labels}
    assert kinds >= {"byte-shift", "gloss", "placeholder", "noise", "truncation", "elision", "off-topic", "duplicate"}
    assert kinds >= {"boilerplate", "punctuation"}


def test_the_programs_can_be_taken_back(tool: SimpleNamespace, clean: Path) -> None:
    """Every suggestion of a byte shift and every gloss taken out gives the clean text, width aside."""
    from audit.restore.simulate import narrow

    text = clean.read_bytes().decode("utf-8")
    page = tool.chain.damaged(text, tool.collection.facts(clean), random.Random(5), ["bytes"])
    assert page.text != text
    repaired, until = page.text, len(page.text) + 1
    for label in sorted(page.labels, key=lambda label: (-label.end, label.start)):
        if label.kind in {"byte-shift", "gloss"} and label.end <= until:
            repaired = repaired[: label.start] + label.suggestion + repaired[label.end :]
            until = label.start
    assert narrow(repaired) == narrow(text)


def test_the_same_seed_gives_the_same_page(tool: SimpleNamespace, clean: Path) -> None:
    text, known = clean.read_bytes().decode("utf-8"), tool.collection.facts(clean)
    one, two, other = (tool.chain.damaged(text, known, random.Random(seed)) for seed in (3, 3, 4))
    assert one == two
    assert one.text != other.text


@pytest.mark.parametrize("step", ["masks", "quotes", "titles", "cuts", "stray", "bytes"])
def test_each_step_alone_labels_what_it_does(tool: SimpleNamespace, clean: Path, step: str) -> None:
    text, known = clean.read_bytes().decode("utf-8"), tool.collection.facts(clean)
    plain = tool.collection.labelled(text, known)
    page = tool.chain.damaged(text, known, random.Random(1), [step])
    assert page.text != text
    assert len(page.labels) > len(plain.labels) - 1
    if step != "bytes":
        for label in page.labels:
            if label.kind in {"noise", "elision"} and label.subtype != "unmatched-quote":
                repaired = page.text[: label.start] + label.suggestion + page.text[label.end :]
                assert repaired[max(label.start - 5, 0) : label.start + len(label.suggestion) + 1] in text


def test_foreign_and_duplicate_entries_are_named(tool: SimpleNamespace, clean: Path) -> None:
    text, known = clean.read_bytes().decode("utf-8"), tool.collection.facts(clean)
    page = tool.chain.damaged(text, known, random.Random(1), ["masks"])
    found = {page.text[label.start : label.end][-2:] for label in page.labels if label.kind == "off-topic"}
    assert {int("".join(filter(str.isdigit, words))) for words in found} == set(known.off_topic)


def test_an_unknown_step_is_refused(root: Path, clean: Path, tmp_path: Path) -> None:
    done = run(root, clean, "--output", tmp_path, "--only", "masks,fire")
    assert done.returncode == 2
    assert b"unknown steps: fire" in done.stderr


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_edits_carry_labels_along(tool: SimpleNamespace, data: st.DataObject) -> None:
    text = data.draw(st.text("甲乙丙丁戊", min_size=1, max_size=30))
    at = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(at + 1, len(text)))
    page = tool.labels.Page(text, (tool.labels.Label(at, end, "noise", "stray-mark"),))
    bounds = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    cuts = [
        tool.labels.Cut(start, stop, data.draw(st.text("xyz", max_size=3)))
        for start, stop in zip(bounds[::2], bounds[1::2], strict=False)
    ]
    if len({(cut.start, cut.end) for cut in cuts}) < len(cuts):
        return
    after = tool.labels.changed(page, cuts)
    met = any(cut.start < end and cut.end > at and cut.start < cut.end for cut in cuts)
    assert (after.labels == ()) is met or any(at < cut.start == cut.end < end for cut in cuts)
    if after.labels and not any(at < cut.start == cut.end < end for cut in cuts):
        label = after.labels[0]
        assert after.text[label.start : label.end] == text[at:end]
