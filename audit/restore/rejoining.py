"""What is found in parts, as one: a page in one line that windows cut apart is one damage, a text misread twice has one original."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from audit.restore.borders import ragged
from audit.restore.codecs import DOUBLE, LOST, bytes_of
from audit.restore.runs import is_strange
from audit.restore.verdict import Proposal, Restoration, Verdict

MAX_LAYERS = 3
NEAR = 4  # code points to either side


def halved(body: str, found: Sequence[Restoration]) -> Iterator[Restoration]:
    """The same, marked where mending would leave strange characters beside it that the same reader shows, and nothing to tell them by."""
    for n, one in enumerate(found):
        low = found[n - 1].end if n else 0
        high = found[n + 1].start if n + 1 < len(found) else len(body)
        before = body[max(low, one.start - NEAR) : one.start].rpartition("\n")[2]
        behind = body[one.end : min(high, one.end + NEAR)].partition("\n")[0]
        read = one.channels[0].read if one.channels else ""
        left = read in DOUBLE and any(is_strange(char) and bytes_of(char, read) for char in before + behind)
        yield replace(one, half=True) if left else one


def rejoined(body: str, found: Sequence[Restoration], least: int) -> Iterator[Restoration]:
    """The same, ascending, with stretches joined that touch and were misread alike, each with one reading and all but the last so long."""
    at = 0
    while at < len(found):
        stop = at + 1
        while stop < len(found) and _touch(found[stop - 1], found[stop], least):
            stop += 1
        first, last = found[at], found[stop - 1]
        if stop - at == 1 or ragged(body, first.start, last.end, first.channels[0]):
            yield from found[at:stop]
        else:
            yield _joined(found[at:stop])
        at = stop


def _touch(one: Restoration, other: Restoration, least: int) -> bool:
    alike = one.sole and other.sole and one.channels == other.channels
    return alike and one.end == other.start and one.end - one.start >= least


def _joined(parts: Sequence[Restoration]) -> Restoration:
    """Stretches that touch as one, whose borders are sure; each has one reading."""
    text = "".join(part.proposals[0].text for part in parts)
    return replace(
        parts[0],
        end=parts[-1].end,
        verdict=Verdict.EXACT,
        proposals=(Proposal(text, 1.0, 0, proved=True),),
        gain=sum(part.gain for part in parts),
        bits=sum(part.bits for part in parts),
    )


def layered(restored: Restoration, text: str, inner: Sequence[Restoration]) -> Restoration:
    """A text given back with what was found in it."""
    whole, at, probability = "", 0, 1.0
    for found in inner:
        whole += text[at : found.start] + found.proposals[0].text
        probability *= found.proposals[0].probability
        at = found.end
    whole += text[at:]
    exact = restored.verdict is Verdict.EXACT and all(found.verdict is Verdict.EXACT for found in inner)
    verdict = Verdict.EXACT if exact else Verdict.PARTIAL if LOST in whole else Verdict.RANKED
    return replace(
        restored,
        channels=(*restored.channels, *inner[0].channels)[:MAX_LAYERS],
        verdict=verdict,
        proposals=(Proposal(whole, probability, whole.count(LOST), exact),),
        with_holes=None,
        lost_bytes=restored.lost_bytes + sum(found.lost_bytes for found in inner),
        gain=restored.gain + sum(found.gain for found in inner),
    )
