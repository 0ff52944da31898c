"""What the program says, apart from what it does: one catalogue a language, filled by `say`.

Rules bring their own messages; this is the frame around them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ENGLISH: Mapping[str, str] = {
    "verdict": "Grade {now} as it stands, {after} after the safe repairs.",
    "verdict.same": "Grade {now} as it stands and after the safe repairs.",
    "verdict.clean": "Grade {now}: nothing found.",
    "promise": "{promised} entries promised, {found} found, {usable} usable.",
    "found": "{found} entries found, {usable} usable.",
    "files": "{files} files, {characters} characters.",
    "file": "{path}: {characters} characters.",
    "task": "{action}: {entries}",
    "reason": "{number}, line {line}: {message}",
    "and.more": "{shown} and {count} more",
    "action.publish": "Publish as it is",
    "action.fix": "Apply the safe repairs",
    "action.edit": "Edit by hand",
    "action.restore": "Look up in the original",
    "action.drop": "Drop",
    "title.first": "What to do first",
    "title.kinds": "What was found",
    "title.entries": "Entries",
    "title.worst": "Worst passages",
    "title.all": "Findings",
    "title.costs": "What the findings cost",
    "first.safe": "{kind}: {count} safe repairs, {gain} points",
    "first.suggested": "{kind}: confirm {count} suggested repairs, {gain} points",
    "first.none": "{kind}: {count} places need a human, {gain} points",
    "column.kind": "kind",
    "column.count": "found",
    "column.safe": "safe",
    "column.suggested": "suggested",
    "column.none": "by hand",
    "column.share": "of text",
    "column.cost": "effort",
    "column.example": "example",
    "column.number": "#",
    "column.entry": "entry",
    "column.document": "document",
    "column.grade": "grade",
    "column.after": "after",
    "column.action": "action",
    "column.why": "effort goes to",
    "more.kinds": "And {count} of lesser weight: {kinds}.",
    "worst.rows": "The {shown} worst of {count}.",
    "more": "{count} more; `--format jsonl` lists every finding.",
    "folded": "{count} findings below confidence {least} are folded away; `--min-confidence 0` shows them.",
    "times": "{count} times, first in line {line}",
    "repair.safe": "safe repair",
    "repair.suggested": "suggested",
    "delete": "delete",
    "passed": "Passed over, not being text: {kinds}. Name a file to audit it whatever its ending.",
    "skipped": "Not audited: {path}: {reason}",
    "failed": "Rule failed: {rule} on {path}: {reason}",
    "incomplete": "The audit is incomplete.",
    "effort": "Effort is in minor corrections per 1,000 characters; `jiaokan explain grade` has the formula.",
    "untitled": "(whole text)",
}


def say(key: str, **values: Any) -> str:
    """The words of `key`, filled.

    >>> say("promise", promised=15, found=14, usable=12)
    '15 entries promised, 14 found, 12 usable.'
    """
    return ENGLISH[key].format(**values)
