"""What a clean collection says of itself: its entries, and what is wrong with it before any program touches it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from labels import Label, Page

HEADING = re.compile(r"^[^\n。，]{2,30}?(\d+)$", re.MULTILINE)
EDITOR = re.compile(r"(?:以下|下面)是小[编編][^\n]*")
RELATED = re.compile(r"^【[^】\n]+】[^\n]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands beside a clean text in `NAME.toml`; numbers are of entries."""

    seed: int
    off_topic: tuple[int, ...] = ()
    duplicate: tuple[tuple[int, int], ...] = ()
    names: tuple[str, ...] = ()
    glossed: str = ""
    year: str = "20xx"
    place: str = "XX"


def facts(clean: Path) -> Facts:
    """The facts beside a clean text; none where there is no such file."""
    beside = clean.with_suffix(".toml")
    if not beside.exists():
        return Facts(seed=1)
    table = tomllib.loads(beside.read_bytes().decode("utf-8"))
    return Facts(
        seed=table["seed"],
        off_topic=tuple(table.get("off_topic", ())),
        duplicate=tuple((later, earlier) for later, earlier in table.get("duplicate", ())),
        names=tuple(table.get("names", ())),
        glossed=table.get("glossed", ""),
        year=table.get("year", "20xx"),
        place=table.get("place", "XX"),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a page: its number, its heading `start:title`, its content up to `end`."""

    number: int
    start: int
    title: int
    end: int


def entries(text: str) -> list[Entry]:
    """The numbered entries of a text, the related links left out."""
    tail = RELATED.search(text)
    until = tail.start() if tail else len(text)
    found = list(HEADING.finditer(text, 0, until))
    found = [match for number, match in enumerate(found, 1) if int(match[1]) == number]
    ends = [*(match.start() for match in found[1:]), until][: len(found)]
    return [Entry(int(match[1]), match.start(), match.end(), end) for match, end in zip(found, ends, strict=True)]


def labelled(text: str, known: Facts) -> Page:
    """A clean text with the labels that no program made: frame of the site, foreign and duplicate entries."""
    parts = {entry.number: entry for entry in entries(text)}
    labels = [
        Label(parts[number].start, parts[number].title, "off-topic", "entry", severity="major")
        for number in known.off_topic
    ]
    labels += [
        Label(parts[later].start, parts[later].title, "duplicate", "near", severity="major", note=f"of entry {earlier}")
        for later, earlier in known.duplicate
    ]
    for match in EDITOR.finditer(text, 0, min((part.start for part in parts.values()), default=len(text))):
        line = text.rfind("\n", 0, match.start()) + 1
        labels.append(Label(line, match.end(), "boilerplate", "intro", severity="major"))
        labels.append(Label(match.start(), match.end(), "boilerplate", "editor-voice", severity="major"))
    stems = {text[part.start : part.title].rstrip("0123456789") for part in parts.values()}
    if len(parts) > 1 and len(stems) == 1:
        part = parts[1]
        labels.append(Label(part.start, part.title, "structure", "title-repeated", note=f"{len(parts)} times"))
    tail = RELATED.search(text)
    if tail:
        at = tail.start()
        for row in text[at:].rstrip("\n").split("\n"):
            labels.append(Label(at, at + len(row), "boilerplate", "related-links"))
            at += len(row) + 1
    return Page(text, tuple(sorted(labels, key=lambda label: label.start)))
