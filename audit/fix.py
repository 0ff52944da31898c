"""Repairs applied to bytes: chosen without overlap, in rounds until nothing is left, each with its way back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.config import Config
from audit.defaults import LIKELY
from audit.errors import AuditError
from audit.gate.held import Held
from audit.gate.suppress import Usage
from audit.model import Document, Finding, Safety
from audit.reading.offsets import run_at
from audit.registry import matches
from audit.rule import Rule
from audit.run import audit_bytes
from audit.words import Phrase, say

if TYPE_CHECKING:
    from audit.gate.sidecar import Sidecar

ROUNDS = 8  # a repair may lay bare another; real pages need two, a loop that never ends is a fault of a rule


@dataclass(frozen=True, slots=True)
class Change:
    """One repair as it was applied: byte offsets count in the bytes of its round."""

    round: int
    rule: str
    name: str
    line: int
    column: int
    byte_start: int
    before: bytes
    after: bytes
    text_before: str
    text_after: str
    safety: Safety
    confidence: float


@dataclass(frozen=True, slots=True)
class Fixed:
    """The outcome of fixing one text: the new bytes, what was changed, what could not be written, what an editor decides,
    and what `jiaokan convert` mends.
    """

    raw: bytes
    changes: tuple[Change, ...]
    refused: tuple[tuple[Finding, str], ...] = ()
    held: tuple[Finding, ...] = ()
    converts: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which repairs to apply: safe ones, and suggested ones from `min_confidence` if `suggested`.

    Of editorial rules, whose suggestions do not give back what stood there, only those that a word of `named` selects.
    """

    suggested: bool = False
    min_confidence: float = LIKELY
    named: tuple[str, ...] = ()

    def takes(self, finding: Finding) -> bool:
        """Whether this finding's repair is to be applied, if its rule's repairs are."""
        if finding.suggestion is None or finding.safety is None:
            return False
        if finding.safety is Safety.SAFE:
            return True
        return self.suggested and likely(finding) >= self.min_confidence

    def holds(self, rule: Rule) -> bool:
        """Whether this rule's suggestions wait for an editor."""
        return rule.editorial and not any(matches(rule, word) for word in self.named)


def likely(finding: Finding) -> float:
    """The probability that a suggested repair is what stood there: that there is damage, and that this was the original."""
    originals = finding.evidence.get("originals")
    share = originals[0].get("probability", 1.0) if isinstance(originals, list) and originals else 1.0
    return finding.confidence * float(share)


def fix_bytes(path: str, raw: bytes, wanted: Wanted, config: Config, sidecar: Sidecar | None = None) -> Fixed:
    """The text with its repairs applied, round by round until an audit offers no more; what `sidecar` accepts stays.

    Raises AuditError if the audit is incomplete: a text that was not read whole is not changed.
    """
    changes: list[Change] = []
    refused: list[tuple[Finding, str]] = []
    for number in range(1, ROUNDS + 1):
        decided = Held(None if sidecar is None else Usage(sidecar))
        audit = audit_bytes([(path, raw, path)], config, decided=decided)
        if not audit.complete:
            reasons = [one.reason for one in audit.skipped] + [one.reason for one in audit.failures]
            raise AuditError(
                "{path}: not fixed, since it could not be audited whole: {reasons}",
                path=path,
                reasons=say("list.semicolon").join(f"{reason}" for reason in reasons),
            )
        document = audit.documents[0].document
        editorial = {rule.code for rule in audit.rules if wanted.holds(rule)}
        taken = [finding for finding in audit.findings if wanted.takes(finding)]
        held = [finding for finding in taken if finding.rule in editorial]
        chosen = choose_edits([finding for finding in taken if finding.rule not in editorial])
        made, refused = make_changes(document, chosen, number)
        if not made:
            others = {rule.code for rule in audit.rules if rule.converts}
            converts = tuple(finding for finding in audit.findings if finding.rule in others)
            return Fixed(raw, tuple(changes), tuple(refused), tuple(held), converts)
        raw = apply(raw, made)
        changes += made
    raise AuditError(
        "{path}: not fixed, since its repairs do not come to an end ({rule} goes on changing it)",
        path=path,
        rule=changes[-1].rule,
    )


def choose_edits(findings: Sequence[Finding]) -> list[Finding]:
    """Repairs that do not overlap, by place: of two that do, the longer one, then the safe, then the surer."""

    def weight(finding: Finding) -> tuple[Any, ...]:
        safe = finding.safety is Safety.SAFE
        return (-(finding.end - finding.start), not safe, -finding.confidence, finding.start, finding.rule)

    taken: list[Finding] = []
    covered: dict[int, None] = {}
    for finding in sorted(findings, key=weight):
        places = range(finding.start, max(finding.end, finding.start + 1))
        if not any(place in covered for place in places):
            covered.update(dict.fromkeys(places))
            taken.append(finding)
    return sorted(taken, key=lambda finding: finding.start)


def make_changes(
    document: Document, findings: Sequence[Finding], number: int
) -> tuple[list[Change], list[tuple[Finding, str]]]:
    """The changes of one round in bytes; a repair that the file's encoding cannot hold is refused."""
    made: list[Change] = []
    refused: list[tuple[Finding, str]] = []
    for finding in findings:
        assert finding.suggestion is not None
        assert finding.safety is not None
        if finding.byte_start is None or finding.byte_end is None:
            refused.append((finding, Phrase("the format has no bytes of its own for this passage")))
            continue
        encoding = run_at(document.decoded, finding.start).encoding or "utf-8"
        try:
            after = finding.suggestion.encode(encoding, "surrogateescape")
        except UnicodeEncodeError:
            reason = Phrase("{encoding} cannot hold the repair; convert the file to UTF-8 first", encoding=encoding)
            refused.append((finding, reason))
            continue
        before = document.raw[finding.byte_start : finding.byte_end]
        if before == after:
            continue
        made.append(
            Change(
                number,
                finding.rule,
                finding.name,
                finding.line,
                finding.column,
                finding.byte_start,
                before,
                after,
                document.body[finding.start : finding.end],
                finding.suggestion,
                finding.safety,
                finding.confidence,
            )
        )
    return made, refused


def apply(raw: bytes, changes: Sequence[Change]) -> bytes:
    """The bytes with the changes of one round, which ascend and do not overlap."""
    pieces, at = [], 0
    for change in changes:
        pieces += [raw[at : change.byte_start], change.after]
        at = change.byte_start + len(change.before)
    return b"".join([*pieces, raw[at:]])


def revert(raw: bytes, changes: Sequence[Change]) -> bytes:
    """The bytes before the changes, last round first; raises AuditError where the text is not what the log says."""
    rounds = sorted({change.round for change in changes}, reverse=True)
    for number in rounds:
        pieces, at, shift = [], 0, 0
        for change in (one for one in changes if one.round == number):
            start = change.byte_start + shift
            if raw[start : start + len(change.after)] != change.after:
                raise AuditError("byte {start} does not hold what the log says was written there", start=start)
            pieces += [raw[at:start], change.before]
            at = start + len(change.after)
            shift += len(change.after) - len(change.before)
        raw = b"".join([*pieces, raw[at:]])
    return raw


def digest(raw: bytes) -> str:
    """The SHA-256 that names a state of a file."""
    return hashlib.sha256(raw).hexdigest()
