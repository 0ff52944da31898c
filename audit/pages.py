"""What a rule says of itself: its page, its examples and its messages, in the language spoken.

English stands in the rule's docstring and declaration. The other languages, and the examples, which are the same in all,
stand in `pages/<kind>.toml` beside the rule's module, so that other people's rules may bring their own:

    [PLC001]
    bad = ["..."]                  # the rule fires here
    good = ["..."]                 # and not here
    zh.title = "..."
    zh.message = "...「{text}」"    # or zh.message.<variant>, the usual one under `usual`
    zh.what, zh.why, zh.left_alone, zh.repair = ...

What a file does not say is said in English.
"""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from audit.catalogue import language
from audit.language.patterns import regex
from audit.rule import Rule

BYTE = regex(rb"\\x([0-9a-f]{2})")
USUAL = "usual"  # the key of the variant ""
SECTIONS = {"why": "Why it matters", "left_alone": "Left alone", "evidence": "Evidence", "repair": "Repair"}
SECTION = regex(rf"^({'|'.join(SECTIONS.values())}):\s*", re.MULTILINE)


def raw_text(text: str, encodings: Sequence[str]) -> bytes:
    r"""The bytes of an example: its lines in these encodings, the last one for the rest, `\xNN` for a byte; UTF-8 without any."""
    if not encodings:
        return text.encode("utf-8")
    last = len(encodings) - 1
    lines = [line.encode(encodings[min(at, last)]) for at, line in enumerate(text.split("\n"))]
    return BYTE.sub(lambda match: bytes.fromhex(match[1].decode()), b"\n".join(lines))


@dataclass(frozen=True, slots=True)
class Example:
    r"""A text that shows what a rule finds or leaves alone.

    `encodings` are those of its lines, the last one of the rest, where they are not UTF-8; `\xNN` then spells a byte.
    `beside` is another text of its collection.
    """

    text: str
    path: str = "example.txt"
    encodings: tuple[str, ...] = ()
    beside: str = ""

    @property
    def raw(self) -> bytes:
        """The text as bytes."""
        return raw_text(self.text, self.encodings)

    @property
    def files(self) -> list[tuple[str, bytes, str]]:
        """The text and what stands beside it, as `audit.run.audit_bytes` takes them; the text comes first."""
        other = [("beside.txt", self.beside.encode("utf-8"), "")] if self.beside else []
        return [(self.path, self.raw, ""), *other]


@dataclass(frozen=True, slots=True)
class Page:
    """A rule's page: `sections` by the keys of SECTIONS; `title` is empty where the rule's name says it all."""

    title: str
    what: str
    sections: Mapping[str, str]
    bad: Sequence[Example]
    good: Sequence[Example]


def page(rule: Rule) -> Page:
    """The rule's page in the language spoken."""
    own = entry(rule)
    said = english(rule.page) | own.get(language(), {})
    return Page(
        said.get("title", ""),
        said["what"],
        {name: said[name] for name in SECTIONS if said.get(name)},
        *([example(one) for one in own.get(sort, ())] for sort in ("bad", "good")),
    )


def title(rule: Rule) -> str:
    """What the rule is called in the language spoken; in English its name."""
    said: str = entry(rule).get(language(), {}).get("title", "")
    return said or rule.name


def messages(rule: Rule) -> Mapping[str, str]:
    """The rule's message templates by variant, in the language spoken."""
    if language() == "en":
        return rule.messages
    said = entry(rule).get(language(), {}).get("message", {})
    if isinstance(said, str):
        said = {USUAL: said}
    return {**rule.messages, **{"" if variant == USUAL else variant: words for variant, words in said.items()}}


def english(docstring: str) -> dict[str, str]:
    """A docstring's parts: what is found, and its sections by their keys."""
    what, *rest = SECTION.split(inspect.cleandoc(docstring))
    keys = {label: key for key, label in SECTIONS.items()}
    named = zip(rest[::2], rest[1::2], strict=True)
    return {"what": joined(what)} | {keys[label]: joined(words) for label, words in named}


def joined(text: str) -> str:
    """Text on one line."""
    return " ".join(text.split())


def example(told: str | Mapping[str, Any]) -> Example:
    """An example, told as a text or as a table."""
    if isinstance(told, str):
        return Example(told)
    return Example(**{**told, "encodings": tuple(told.get("encodings", ()))})


def entry(rule: Rule) -> Mapping[str, Any]:
    """What the file beside the rule's module says of it."""
    found: Mapping[str, Any] = file(rule.check.__module__.rpartition(".")[0], rule.kind).get(rule.code, {})
    return found


@cache
def file(package: str, kind: str) -> Mapping[str, Any]:
    """The pages of one kind in a package; empty where it has none."""
    if not package:
        return {}
    try:
        return tomllib.loads(files(package).joinpath("pages", f"{kind}.toml").read_bytes().decode("utf-8"))
    except FileNotFoundError:
        return {}
