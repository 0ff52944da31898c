"""The one door to rules: the entry-point group `audit.rules`, for our families and other people's alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from audit.errors import AuditError, nearest
from audit.rule import CODE, Rule

GROUP = "audit.rules"


@dataclass(frozen=True, slots=True)
class Broken:
    """A family that could not be loaded: the audit goes on without it and says so."""

    family: str
    reason: str


@cache
def load_rules() -> tuple[tuple[Rule, ...], tuple[Broken, ...]]:
    """All installed rules by code, and the families that failed to load.

    Raises AuditError when two rules claim one code or one name.
    """
    rules: list[Rule] = []
    broken: list[Broken] = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        try:
            rules.extend(load_family(point))
        except AuditError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a stranger's module raises is reported, never silent
            broken.append(Broken(point.name, f"{type(error).__name__}: {error}"))
    return unique(rules), tuple(broken)


def load_family(point: EntryPoint) -> Sequence[Rule]:
    """The rules of one entry point; raises AuditError for anything that is not a rule with a well-formed code."""
    rules = tuple(point.load())
    for rule in rules:
        if not isinstance(rule, Rule):
            raise AuditError(
                "family {family!r} ({origin}) offers {rule!r}, which is not a Rule",
                family=point.name,
                origin=point.value,
                rule=rule,
            )
        if not CODE.fullmatch(rule.code):
            raise AuditError(
                "family {family!r}: malformed rule code {other_code!r}; write it like ABC001",
                family=point.name,
                other_code=rule.code,
            )
    return rules


def unique(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules by code; raises AuditError for a code or a name that two rules claim."""
    known: dict[str, Rule] = {}
    for rule in rules:
        for key in (rule.code, rule.name):
            if key in known:
                raise AuditError(
                    "two rules claim {key!r}: {code} {name}, {other_code} {other_name}",
                    key=key,
                    code=known[key].code,
                    name=known[key].name,
                    other_code=rule.code,
                    other_name=rule.name,
                )
            known[key] = rule
    return tuple(sorted({rule.code: rule for rule in known.values()}.values(), key=lambda rule: rule.code))


def selectors(rules: Iterable[Rule]) -> list[str]:
    """Everything that may stand in `--select`: codes, code prefixes, names, kinds."""
    words: dict[str, None] = {}
    for rule in rules:
        words.update(dict.fromkeys((rule.code, rule.code.rstrip("0123456789"), rule.name, rule.kind)))
    return list(words)


def matches(rule: Rule, word: str) -> bool:
    """Whether `word` (a code, a code prefix, a name, a kind or ALL) names this rule."""
    return word == "ALL" or rule.code.startswith(word.upper()) or word.lower() in (rule.name, rule.kind)


def choose(rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str]) -> tuple[Rule, ...]:
    """The rules that `select` names (all, if it is empty) and `ignore` does not.

    The more specific word wins, so `--select BYT --ignore BYT001` and `--ignore BYT --select BYT001` both do what they say.
    Raises AuditError for a word that names no rule, and when no rule is left: nothing found must mean that something ran.
    """
    if not select and not ignore:
        return tuple(rules)
    for word in (*select, *ignore):
        if not any(matches(rule, word) for rule in rules):
            raise AuditError("unknown rule {word!r}{hint}", word=word, hint=nearest(word, selectors(rules)))

    def weight(rule: Rule, words: Sequence[str]) -> int:
        return max((rank(rule, word) for word in words if matches(rule, word)), default=-1)

    wanted = select or ("ALL",)
    chosen = tuple(rule for rule in rules if weight(rule, wanted) > weight(rule, ignore))
    if rules and not chosen:
        raise AuditError(
            "no rule is left to run: select {wanted}, ignore {ignored}",
            wanted=", ".join(wanted),
            ignored=", ".join(ignore),
        )
    return chosen


def rank(rule: Rule, word: str) -> int:
    """How specific a matching word is: ALL, then kind or prefix by length, then code or name."""
    if word == "ALL":
        return 0
    if word.upper() == rule.code or word.lower() == rule.name:
        return 9
    return min(len(word), 8) if rule.code.startswith(word.upper()) else 3
