"""The words that the page's script shows: templates of the catalogue, with the names of their values left in braces."""

from __future__ import annotations

from audit.catalogue import language, table
from audit.words import say

NAMES = ("kind.", "evidence.")  # in English a name is its own word
SCRIPT = {
    "script.fold": ("count",),
    "script.fold.one": (),
    "script.hidden": ("count",),
    "script.hidden.one": (),
    "script.left.out": ("count",),
    "script.left.out.one": (),
    "script.lines": ("first", "last"),
    "script.line": ("line",),
    "script.place": ("line", "column"),
    "script.entry": ("number",),
    "script.sure": ("percent",),
    "script.evidence": (),
    "script.evidence.left.out": (),
    "script.bytes": ("first", "last"),
    "script.fingerprint": (),
    "script.byte.story": (),
    "script.byte.before": (),
    "script.byte.after": (),
    "script.originals": (),
    "script.delete": (),
    "script.more.same": ("count",),
    "script.shown": ("count", "total"),
    "script.shown.all": ("total",),
    "script.found.lines": ("count",),
    "script.nothing": (),
    "script.position": ("number", "count"),
    "script.quiet": ("rules",),
    "script.quiet.rule": ("rule", "count"),
    "script.comma": (),
    "repair.safe": (),
    "repair.suggested": (),
    "severity.info": (),
    "severity.minor": (),
    "severity.major": (),
    "severity.critical": (),
}


def script_words() -> dict[str, str]:
    """Each word by the last part of its name; values stand as `{count}`."""
    names = {key: words for key, words in table(language()).items() if key.startswith(NAMES)}
    return names | {key: say(key, **{name: f"{{{name}}}" for name in parts}) for key, parts in SCRIPT.items()}
