"""Titles that promise what their texts do not speak of, among the entries of a small collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from audit.language.headings import broken, silent
from audit.language.subjects import HEAD, Sketch
from audit.language.terms import own_terms
from audit.model import Span
from audit.scale.said import Said, Speaker, with_facts
from audit.text import Text

NAME = "title-against-content"


def judge(base: Any, numbers: Sequence[int], sketches: Sequence[Sketch | None], strays: Sequence[int]) -> None:
    """The table `silent_title`: entries that seem to say nothing of their titles, those that belong nowhere left out."""
    found = pa.array([numbers[index] for index in silent(sketches) if index not in strays], pa.int64())
    base.register("columns_", pa.table({"n": found}))
    base.execute("CREATE OR REPLACE TABLE silent_title AS SELECT * FROM columns_")
    base.unregister("columns_")


def sayings(base: Any, speaker: Speaker) -> Iterator[Said]:
    """What is to be said of them, once their texts are read."""
    if NAME not in speaker.rules:
        return
    found = base.execute("""
        SELECT s.n, coalesce(t.heading, 0) AS heading FROM silent_title s JOIN texts t USING (n)
    """).fetchall()
    headings = dict(found)
    for row in with_facts(base, "SELECT n, NULL::BIGINT AS other FROM silent_title"):
        body, end = row["text"], headings[row["n"]]
        start = end - len(body[:end].lstrip())
        said = broken(Text(body), Span(start, end), Span(end, len(body)))
        if said is not None:
            terms = own_terms(body[end : end + HEAD], [])
            evidence = {"title_terms": said.words, "missing": said.pieces, "own_terms": terms, "han": said.han}
            values = {"words": ", ".join(said.words)}
            yield Said(row, NAME, "", values, evidence, span=(start, end))
