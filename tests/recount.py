"""The first screen reckoned again from the JSON Lines alone, by the formula as it is documented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

WEIGHT = {"info": 0, "minor": 1, "major": 4, "critical": 12}
SHARE = {"safe": 0.25, "suggested": 0.5, None: 1.0}
AGAIN, HALF = 0.1, 10
NO_EDITING = {"off-topic", "duplicate"}
USABLE = {"publish", "fix", "edit"}
Record = dict[str, Any]


def read(path: Path) -> tuple[list[Record], Record]:
    """Findings and summary."""
    lines = path.read_bytes().decode("utf-8").rstrip("\n").split("\n")
    records = [json.loads(line) for line in lines]
    return records[1:-1], records[-1]


def again(findings: list[Record]) -> list[bool]:
    """Which findings repeat one of the same rule and passage in the same entry, or are a gloss inside other damage."""
    first_entry = {}
    for one in findings:
        if one["entry"]:
            first_entry.setdefault(one["path"], one["start"])
    seen, repeats = set(), []
    strong = [one for one in findings if one["kind"] in {"byte-shift", "mojibake"} and one["confidence"] >= 0.5]
    for one in findings:
        home = one["entry"] or ("tail" if one["start"] > first_entry.get(one["path"], 0) else "front")
        key = (one["path"], home, one["rule"], one["end"] - one["start"], one["excerpt"][:16])
        inside = one["kind"] == "gloss" and any(
            other["path"] == one["path"]
            and 2 * (min(one["end"], other["end"]) - max(one["start"], other["start"])) >= one["end"] - one["start"]
            for other in strong
        )
        repeats.append(key in seen or inside)
        seen.add(key)
    return repeats


def efforts(findings: list[Record]) -> list[float]:
    """The effort of each finding; what is dropped is not edited."""
    return [
        0.0
        if one["kind"] in NO_EDITING
        else WEIGHT[one["severity"]] * SHARE[one["safety"]] * one["confidence"] * (AGAIN if repeated else 1)
        for one, repeated in zip(findings, again(findings), strict=True)
    ]


def score(effort: float, characters: int) -> float:
    """Points of 100."""
    return float(100 * 2 ** (-effort * 1000 / characters / HALF))


def steps(findings: list[Record], characters: int) -> list[tuple[str, str, int, float]]:
    """Kind, repair, number and gain of the five groups whose mending gains most."""
    spent = efforts(findings)
    groups: dict[tuple[str, str], list[float]] = {}
    for one, effort in zip(findings, spent, strict=True):
        if one["kind"] not in NO_EDITING:
            groups.setdefault((one["kind"], one["safety"] or "none"), []).append(effort)
    whole = sum(spent)
    found = [
        (kind, repair, len(own), score(whole - sum(own), characters) - score(whole, characters))
        for (kind, repair), own in groups.items()
    ]
    return sorted(found, key=lambda one: -one[3])[:5]
