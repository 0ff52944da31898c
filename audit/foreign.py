"""Rules of other people that fail only where a report asks for words: found out while the rule can still be told."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from audit.address import each_finding
from audit.engine import Batch, Failure
from audit.model import Document
from audit.rule import Rule

OURS = "audit.rules."


def is_foreign(rule: Rule) -> bool:
    """Whether a rule is of another distribution; ours are tested to say what they find."""
    return not str(getattr(rule.check, "__module__", "")).startswith(OURS)


def unspeakable(document: Document, batches: Sequence[Batch]) -> dict[str, str]:
    """The rules that fail where words and evidence of their findings are made, and why."""
    found: dict[str, str] = {}
    for batch in batches:
        try:
            for one in each_finding(document, [batch]):
                msgspec.json.encode(one.evidence)
        except Exception as error:  # noqa: BLE001 - a rule that fails is reported, and the run goes on
            found[batch.rule.code] = f"{type(error).__name__}: {error}"
    return found


def sound(document: Document, batches: list[Batch]) -> tuple[list[Batch], list[Failure]]:
    """The batches without those of other people's rules that have no words for what they found, and these as failures."""
    foreign = [batch for batch in batches if is_foreign(batch.rule)]
    mute = unspeakable(document, foreign) if foreign else {}
    if not mute:
        return batches, []
    kept = [batch for batch in batches if batch.rule.code not in mute]
    return kept, [Failure(code, document.path, reason) for code, reason in mute.items()]
