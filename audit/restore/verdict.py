"""What the restorer of misread text says of a stretch: where, how it was broken, what may have stood there, how sure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import reduce
from typing import Any, NamedTuple

from audit.language.patterns import regex
from audit.restore.codecs import LOST, TABLES, Channel, bytes_of
from audit.words import Phrase

ASKS = regex(r"[^\x00-\x7f]\?[^\x00-\x7f]")
SHOWN = 3  # proposals
STORY = 24  # characters of which the bytes are told
NEAR = 1.3  # times the best reading's bits: another explanation so good forbids a safe repair
NEAR_BITS = 12.0  # of gain by which the same misreading of other characters must be worse
NEAR_SHARE = 0.5  # of the best reading's gain that another must have: a part of the damage is another codec's by chance
SURE = 4  # so many characters of UTF-8 in a row are no chance: in 17 M clean characters two were the most


class Verdict(Enum):
    """How far a repair is proved."""

    EXACT = "exact"  # no byte was lost, breaking it again gives the damage, and nothing else comes near
    RANKED = "ranked"  # bytes were lost, or several readings fit; every hole is filled with what reads best
    PARTIAL = "partial"  # some characters stay holes
    NONE = "none"  # known damage, no way back


class Proposal(NamedTuple):
    """What may have stood there; `holes` counts characters that stay lost (U+FFFD)."""

    text: str
    probability: float
    holes: int
    proved: bool  # breaking it again gives the damage, code point for code point


@dataclass(frozen=True, slots=True)
class Restoration:
    """A damaged stretch of a text and what may have stood there, likeliest first.

    `channels` are those undone, the last misreading first; none where the damage is known by its loss marks alone.
    `gain` is what the best reading saves in bits, `bits` what it has.
    """

    start: int
    end: int
    channels: tuple[Channel, ...]
    verdict: Verdict
    proposals: tuple[Proposal, ...]
    lost_bytes: int = 0
    gain: float = 0.0
    bits: float = 0.0
    bounded: bool = True  # proved, and no damage goes on beside it
    half: bool = False  # more of the damage would stay beside it
    sole: bool = False  # the only reading, proved; exact if its borders are
    with_holes: Callable[[], tuple[str, float]] | None = field(default=None, compare=False, repr=False)

    @property
    def proved(self) -> bool:
        """Whether breaking the best reading again gives the damage."""
        return bool(self.proposals) and self.proposals[0].proved

    @property
    def settled(self) -> bool:
        """Whether it is proved, and no question mark between Han is given back: it may as well stand for a pair that was lost."""
        return self.proved and ASKS.search(self.proposals[0].text) is None

    def told(self) -> Restoration:
        """The same with what is doubtful about its best reading as holes, which takes long to tell."""
        partly, probability = self.with_holes() if self.with_holes else ("", 1.0)
        if LOST not in partly or not self.proposals:
            return replace(self, with_holes=None)
        first = Proposal(partly, min(probability, self.proposals[0].probability), partly.count(LOST), proved=False)
        rest = [found for found in self.proposals if found.text != partly]
        return replace(self, verdict=Verdict.PARTIAL, proposals=(first, *rest)[:SHOWN], with_holes=None)

    def fits(self, start: int, end: int) -> bool:
        """Whether nothing else need be tried there: characters of UTF-8 of which some bytes are lost, or too many for chance."""
        lossy = self.lost_bytes > 0 and self.proved and self.channels[0].written == "utf-8"
        return self.start <= start and end <= self.end and (lossy or (self.certain and self.verdict is Verdict.EXACT))

    @property
    def mechanism(self) -> str:
        """The channels in words."""
        names: list[str] = [channel.name for channel in reversed(self.channels)]
        return reduce(lambda first, second: Phrase("{first}, then {second}", first=first, second=second), names or [""])

    @property
    def rate(self) -> float:
        """Bits of the best reading for each damaged character."""
        return self.bits / (self.end - self.start)

    @property
    def certain(self) -> bool:
        """Whether the bytes are whole characters of UTF-8, and too many for chance."""
        text = self.proposals[0].text if self.proposals else ""
        return self.bounded and not self.lost_bytes and self.channels[0].written == "utf-8" and len(text) >= SURE

    def evidence(self, damage: str) -> dict[str, Any]:
        """What a finding tells: the mechanism, the verdict, the proposals and the bytes."""
        proposals = [
            {
                "text": found.text,
                "probability": round(found.probability, 4),
                "holes": found.holes,
                "proved": found.proved,
            }
            for found in self.proposals
        ]
        return {
            "mechanism": self.mechanism,
            "verdict": self.verdict.value,
            "originals": proposals,
            "lost_bytes": self.lost_bytes,
            "bits_gained": round(self.gain, 1),
            **self.story(damage),
        }

    def story(self, damage: str) -> dict[str, str]:
        """The bytes behind the damage, ?? where lost, and of the best proposal, as hex."""
        if not self.channels:
            return {}
        outer = self.channels[0]
        told = {"bytes": hex_of(damage[:STORY], outer.read)}
        if self.proposals and len(self.channels) == 1:
            codec = TABLES.get(outer.written, outer.written)
            told[f"bytes_{outer.written}"] = self.proposals[0].text[:STORY].encode(codec, "replace").hex(" ")
        return told


def unless(best: Restoration, rest: Sequence[Restoration]) -> Restoration:
    """The best explanation, no longer exact if another is near."""
    if best.verdict is not Verdict.EXACT or best.certain:
        return best
    near = [found for found in rest if _near(found, best)]
    rival = any(found.proposals and found.proposals[0].text not in best.proposals[0].text for found in near)
    return replace(best, verdict=Verdict.RANKED) if rival else best


def _near(found: Restoration, best: Restoration) -> bool:
    """Whether another explanation is nearly as good; the same misreading of fewer characters must gain as much."""
    if (
        not found.bounded
        or found.gain < NEAR_SHARE * best.gain
        or found.rate >= NEAR * best.rate
        or found.start >= best.end
    ):
        return False
    return found.channels != best.channels or found.gain > best.gain - NEAR_BITS


def hex_of(damage: str, read: str) -> str:
    """The bytes that this reader shows as these characters; ?? for those it lost."""
    return " ".join("??" if char == LOST else (bytes_of(char, read) or b"").hex(" ") for char in damage)
