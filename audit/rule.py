"""What a rule module declares.

A family's module makes its rules with `family("placeholder")` and ends with `RULES = (...)`:

    rule = family("placeholder")

    @rule("PLC001", "masked-year", Severity.MINOR, "masked year {text!r}", triggers=("xX×*＊○〇", "年"))
    def masked_year(line: Line) -> Iterator[Hit]:
        '''A year whose digits were masked, as in `20xx年`. ...'''

`check` is pure: same text, same hits. What it gets depends on its scope:

    LINE        `Line`: only lines that hold at least one character of each trigger group
    TEXT        `Text`: the whole text once, for vectorised rules; only if each trigger group occurs in it
    ENTRY       `Entry`: each part once
    DOCUMENT    `Document`: raw bytes, the encoding map and the undigested body; its hits count offsets of `Document.body`,
                all other scopes' hits those of `Text.body`
    COLLECTION  `check` is not called; `sketch(entry)` is the map, `judge(sketches, fetch)` the reduce
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, wraps
from typing import Any, TypeVar

from audit.docstring import docstring
from audit.joined import Scout
from audit.model import Safety, Severity

KINDS: Mapping[str, str] = {
    "ENC": "encoding",
    "MOJ": "mojibake",
    "BYT": "byte-shift",
    "GLS": "gloss",
    "PLC": "placeholder",
    "NOI": "noise",
    "TRN": "truncation",
    "ELI": "elision",
    "NUM": "numbering",
    "OCR": "ocr",
    "SCR": "script",
    "PUN": "punctuation",
    "BPL": "boilerplate",
    "TOP": "off-topic",
    "DUP": "duplicate",
    "STR": "structure",
    "PII": "privacy",
    "FCT": "fact",
}
CODE = re.compile(r"[A-Z]{3,6}[0-9]{3}")


class Scope(Enum):
    """What a rule's check is handed."""

    LINE = "line"
    TEXT = "text"
    ENTRY = "entry"
    DOCUMENT = "document"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as a plain value.

    `messages` maps a variant ("" for the usual one) to an English template that a hit's values fill.
    `triggers` are groups of characters: a line is looked at only if it holds one of each group.
    `confidence` is the usual probability that a hit is right; hits below `floor` are not reported.
    `repair` is the best safety that its edits have.
    `editorial`: its edits do not give back what stood there but say how a text should be published: without a passage, in
    another layout, in another variant of a character. `fix` applies them only where the rule is named.
    `converts`: what it tells as a remark is mended by `jiaokan convert`, which loses nothing.
    `alone`: its severity in a text that shows hardly any damage beside it (`audit.settle`): a slip that print has too.
    `everywhere`: a COLLECTION rule that judges all entries of the input together, whatever document they stand in; the others judge the
    entries of one document, or all records of tables, or the files of one entry that one argument named.
    `streams`: its judge goes through the sketches in order, as often as it likes, and keeps little of each, so that `scan` may
    hand it those of a collection that is larger than memory; the judge of any other rule is refused there beyond a stated size.
    `preview`: it is new; for one release it reports and does not close the gate, unless the settings name it for that.

    Of many short texts the rule is called for those only that `scout` tells it may speak of (`audit.joined`). `by_line`: its own check
    tells that, for whatever it says of a text alone it also says, at the same place, of that text between others and blank lines; a code
    fence aside. Without either it is called for every text that its triggers occur in.
    """

    code: str
    name: str
    kind: str
    severity: Severity
    scope: Scope
    messages: Mapping[str, str]
    check: Callable[..., Iterable[Any]]
    triggers: tuple[str, ...] = ()
    confidence: float = 0.9
    floor: float = 0.3
    repair: Safety | None = None
    editorial: bool = False
    alone: Severity | None = None
    converts: bool = False
    sketch: Callable[..., Any] | None = None
    everywhere: bool = False
    streams: bool = False
    preview: bool = False
    by_line: bool = False
    scout: Scout | None = None

    @property
    def page(self) -> str:
        """The rule's page: its docstring, read off the source where Python was told to drop it (`-OO`)."""
        return docstring(self.check)


Declare = Callable[[Callable[..., Iterable[Any]]], Rule]
Judged = TypeVar("Judged")


def family(kind: str, *, editorial: bool = False) -> Callable[..., Declare]:
    """A decorator that declares rules of this kind, all `editorial` or none unless a rule says so itself."""
    whole = editorial

    def rule(
        code: str,
        name: str,
        severity: Severity,
        message: str | Mapping[str, str],
        *,
        scope: Scope = Scope.LINE,
        triggers: str | tuple[str, ...] = (),
        confidence: float = 0.9,
        floor: float = 0.3,
        repair: Safety | None = None,
        editorial: bool = whole,
        alone: Severity | None = None,
        converts: bool = False,
        sketch: Callable[..., Any] | None = None,
        everywhere: bool = False,
        streams: bool = False,
        preview: bool = False,
        by_line: bool = False,
        scout: Scout | None = None,
    ) -> Declare:
        def declare(check: Callable[..., Iterable[Any]]) -> Rule:
            return Rule(
                code=code,
                name=name,
                kind=kind,
                severity=severity,
                scope=scope,
                messages={"": message} if isinstance(message, str) else dict(message),
                check=check,
                triggers=(triggers,) if isinstance(triggers, str) else triggers,
                confidence=confidence,
                floor=floor,
                repair=repair,
                editorial=editorial,
                alone=alone,
                converts=converts,
                sketch=sketch,
                everywhere=everywhere,
                streams=streams,
                preview=preview,
                by_line=by_line,
                scout=scout,
            )

        return declare

    return rule


def remembered(judged: Callable[[Sequence[Any], Any], Judged]) -> Callable[[Sequence[Any], Any], Judged]:
    """What several rules of a family read off one collection: the last answer is kept and given again for the same sketches."""
    last: list[tuple[Sequence[Any], Judged]] = []

    @wraps(judged)
    def ask(sketches: Sequence[Any], fetch: Any) -> Judged:
        if not last or last[0][0] is not sketches:
            last[:] = [(sketches, judged(sketches, fetch))]
        return last[0][1]

    return ask


class Later(Mapping[str, Any]):
    """Values or evidence of a hit that only a report reads: made when first asked for."""

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, Any]:
        return self._make()

    def __getitem__(self, name: str) -> Any:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __repr__(self) -> str:
        return repr(dict(self._made))
