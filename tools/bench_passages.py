"""Passages planted in entries where they do not belong: how many are told, and what is told of entries where nothing was planted.

    python tools/bench_passages.py SHARED [--unseen FOLDER] [--count 120] [--held-out]

Entries are pieces of the corpus of 1,000 to 6,000 characters; passages of 90 to 500 characters come from another genre or from elsewhere
in the same one, and go to the beginning, the middle or the end, between paragraphs or into one. `--unseen` takes texts of a folder of
folders, one a genre, as entries and as passages; the tables know nothing of them. With `--held-out` the axes are learnt from half of the
genres (of their texts general prose and the kinds know, though) and entries and passages are of the others.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from corpora import genres, load, name_of
from train_axes import axes_of, pieces

import audit.language.axes
import audit.language.cells
import audit.language.intruders
from audit.language.axes import Axes, weighed
from audit.language.terms import general
from audit.model import Entry, Role, Span, Text
from audit.registry import load_rules

SIZES = (90, 150, 220, 350, 500)
PLACES = ("beginning", "middle", "end")
SHORTEST, LONGEST = 1_000, 6_000
STOPS = "。！？；"
RULE = next(rule for rule in load_rules()[0] if rule.code == "TOP002")


@dataclass(frozen=True)
class Planted:
    """An entry; where in it a passage was planted (None: nowhere), and what is known of that."""

    body: str
    span: Span | None
    tags: tuple[str, ...]


def lines_of(shared: Path, unseen: Path | None) -> dict[str, list[str]]:
    """Lines of each genre; `law` is one genre in two scripts."""
    found: dict[str, list[str]] = {}
    if unseen is not None:
        for folder in sorted(path for path in unseen.iterdir() if path.is_dir()):
            texts = [
                path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.iterdir()) if path.is_file()
            ]
            found[folder.name] = [line for text in texts for line in text.split("\n") if line.strip()]
    else:
        for path in genres(shared / "corpus"):
            name = "law" if name_of(path).startswith("law") else name_of(path)
            found.setdefault(name, []).extend(line for line in load(path, 6_000_000).split("\n") if line.strip())
    return {name: lines for name, lines in found.items() if sum(map(len, lines)) > 10 * LONGEST}


def taken(lines: list[str], size: int, draw: random.Random) -> list[str]:
    """Lines from a place by lot, so many characters."""
    at, held = draw.randrange(max(len(lines) - 60, 1)), list[str]()
    while at < len(lines) and sum(map(len, held)) < size:
        held.append(lines[at])
        at += 1
    return held


def passage(lines: list[str], size: int, draw: random.Random) -> str:
    """A passage of about so many characters that ends with a sentence, if one can be had."""
    for _ in range(20):
        text = "\n".join(taken(lines, size, draw))
        if len(text) > 1.4 * size:
            text = text[: 1 + max(text.rfind(stop, size // 2, int(1.4 * size)) for stop in STOPS)]
        if len(text) >= 0.7 * size:
            return text
    return text


def plant(own: list[str], text: str, place: str, *, inside: bool, draw: random.Random) -> tuple[str, Span]:
    """The lines of an entry with a passage in them, and where it stands."""
    at = {"beginning": 0, "middle": draw.randrange(1, max(2, len(own))), "end": len(own)}[place]
    cuts = [number + 1 for number, char in enumerate(own[at]) if char in STOPS] if inside and at < len(own) else []
    if cuts:
        cut = draw.choice(cuts)
        head = "\n".join([*own[:at], own[at][:cut]])
        return "\n".join([head + text + own[at][cut:], *own[at + 1 :]]), Span(len(head), len(head) + len(text))
    head = "\n".join([*own[:at], ""])
    return "\n".join([*own[:at], text, *own[at:]]), Span(len(head), len(head) + len(text))


def collection(lines: dict[str, list[str]], count: int, draw: random.Random) -> Iterator[Planted]:
    """Entries of each genre: one as it is, one with a passage of another genre, one with a passage of its own from elsewhere."""
    for genre, pool in lines.items():
        for _ in range(count):
            length = int(SHORTEST * (LONGEST / SHORTEST) ** draw.random())
            yield Planted("\n".join(taken(pool, length, draw)), None, ("as it is",))
            for same in (False, True):
                size, place = draw.choice(SIZES), draw.choice(PLACES)
                source = pool if same else lines[draw.choice([name for name in lines if name != genre])]
                inside = draw.random() < 0.3
                own = taken(pool, length, draw)
                body, span = plant(own, passage(source, size, draw), place, inside=inside, draw=draw)
                tags = ("same genre",) if same else ("another genre", str(size), place, *(["in a paragraph"] * inside))
                yield Planted(body, span, tags)


def told(one: Planted) -> tuple[bool, bool]:
    """Whether the rule speaks of the entry, of what was planted if anything was, and whether above a remark."""
    hits = list(RULE.check(Entry(Text(one.body), 0, Role.ENTRY, 0, len(one.body), Span(0, 0))))
    for hit in hits:
        start, end = hit.span
        if one.span is None or 2 * (min(end, one.span.end) - max(start, one.span.start)) >= end - start:
            return True, hit.severity is not None
    return False, False


def show(entries: Iterator[Planted]) -> None:
    """Prints how many of each sort are told."""
    known, remarks, louder = Counter[str](), Counter[str](), Counter[str]()
    for one in entries:
        said, loud = told(one)
        known.update(one.tags)
        remarks.update(one.tags if said else ())
        louder.update(one.tags if loud else ())
    print(f"{'entries':<20}{'number':>8}{'told':>8}{'share':>8}{'above info':>12}{'share':>8}")
    for tag, number in known.items():
        shares = remarks[tag] / number, louder[tag] / number
        print(f"{tag:<20}{number:>8}{remarks[tag]:>8}{shares[0]:>8.3f}{louder[tag]:>12}{shares[1]:>8.3f}", flush=True)


def learn_from(lines: dict[str, list[str]], draw: random.Random) -> None:
    """Takes the axes that these genres teach for the shipped ones."""
    kinds = np.asarray(general().kinds, dtype=np.float64)
    table = axes_of([body for pool in lines.values() for body in pieces("\n".join(pool), draw)], kinds)
    own = Axes(weighed(kinds, table[:-3]), *table[-3:])
    for module in (audit.language.axes, audit.language.cells, audit.language.intruders):
        module.axes = lambda: own  # type: ignore[attr-defined]
    for made in ("_buckets", "_characters", "_sharpness"):
        getattr(audit.language.cells, made).cache_clear()


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--unseen", type=Path)
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--held-out", action="store_true")
    args = parser.parse_args()
    lines = lines_of(args.shared, args.unseen)
    draw = random.Random(3)
    if not args.held_out:
        show(collection(lines, args.count, draw))
        return 0
    names = sorted(lines)
    draw.shuffle(names)
    for part in (names[: len(names) // 2], names[len(names) // 2 :]):
        learn_from({name: lines[name] for name in names if name not in part}, draw)
        print("learnt without", ", ".join(part))
        show(collection({name: lines[name] for name in part}, args.count, draw))
    return 0


if __name__ == "__main__":
    sys.exit(main())
