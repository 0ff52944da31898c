"""Text read with the wrong codec: found, given back, and proved by breaking it again.

`find` looks at a whole text. A stretch is believed to be mojibake when the bytes behind it are characters of another codec
*and* what they spell reads far better than what stands there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from audit.model import Text
from audit.restore.belief import believable, convincing, frayed, is_syllables, may_be_utf8, may_read, one_script
from audit.restore.borders import bordered, ragged
from audit.restore.codecs import LOST, SINGLE, TABLES, Channel, Loss, bytes_of, misread
from audit.restore.fill import Reading, readings
from audit.restore.fluency import bits_each, folded
from audit.restore.foreign import Patience, damage_only
from audit.restore.lattice import Mode, longest
from audit.restore.residues import is_residue
from audit.restore.runs import Run, gain_of, is_strange, runs
from audit.restore.slots import Path
from audit.restore.suspects import CONVERTED, Cluster, clusters
from audit.restore.verdict import Proposal, Restoration, Verdict

__all__ = ["Proposal", "Restoration", "Verdict", "find", "repair"]

SHOWN = 3
MIN_MARKS = 2  # loss marks with strange characters between, that nothing explains
MAX_LAYERS = 3
WINDOW = 512  # characters looked at together, so that a damaged page costs time in proportion to its length
FIRST_EAST_ASIAN = "\u2010"
NEAR = 1.3  # times the best reading's bits: another explanation so good forbids a safe repair
NEAR_BITS = 12.0  # of gain by which the same misreading of other characters must be worse
TRIED = 4  # explanations of a cluster that the language model sees
WORTH_TRYING = 0.4  # of the best one's gain
TEMPER = 0.5  # the model is surer than it should be: its bits are halved before they become probabilities
# What the reader showed for lost bytes, by whether U+FFFD stands there.
LOSSES = {
    Mode.MARKS: (Loss.QUESTION, Loss.MARK),
    Mode.PAIRS: (Loss.PAIR, Loss.PAIR_MARK),
    Mode.DROPS: (Loss.DROP, Loss.DROP),
}


def find(text: Text) -> tuple[Restoration, ...]:
    """Every stretch read with the wrong codec; computed once a text."""
    return cast("tuple[Restoration, ...]", text.signal("restore.mojibake", _find))


def _find(text: Text) -> tuple[Restoration, ...]:
    found: list[Restoration] = []
    known: dict[tuple[str, Cluster], Restoration | None] = {}  # what is repeated is searched once
    patience = Patience(text)
    for cluster in clusters(text):
        if patience.over(cluster.start, cluster.end):
            continue
        low, before = found[-1].end if found else 0, len(found)
        if low <= cluster.start and cluster.end - cluster.start <= WINDOW and not may_be_utf8(text.body, cluster):
            continue
        line = text.line_at(cluster.start)
        low, last = max(low, int(text.line_starts[line])), int(text.line_ends[line])
        low = max(low, cluster.start - WINDOW)  # what is remembered of a window never grows with the line
        while cluster.end - max(cluster.start, low) > 3:
            start = max(cluster.start, low)
            high = min(last, start + WINDOW)
            best = _known(text.body, cluster._replace(start=start, end=min(cluster.end, high)), low, high, known)
            if best is not None:
                low = best.end
                if not is_syllables(text.body[best.start : best.end], best.channels):
                    found.append(best)
            elif high < cluster.end:
                low = high
            else:
                break
        patience.note(cluster.start, cluster.end, found[before:])
    return tuple(damage_only(text, found))


def _known(
    body: str, cluster: Cluster, low: int, high: int, known: dict[tuple[str, Cluster], Restoration | None]
) -> Restoration | None:
    """The best explanation, looked up if the same window was explained before."""
    key = body[max(low - 1, 0) : high], cluster._replace(start=cluster.start - low, end=cluster.end - low)
    if key not in known:
        best = _best(body, cluster, low, high)
        known[key] = best and replace(best, start=best.start - low, end=best.end - low)
    again = known[key]
    return again and replace(again, start=again.start + low, end=again.end + low)


def _best(body: str, cluster: Cluster, low: int, high: int) -> Restoration | None:
    """The best explanation of a cluster, if one is believable."""
    odd = [at for at in range(cluster.start, cluster.end) if is_strange(body[at])]
    if not odd or not may_be_utf8(body, cluster) or not may_read(body, cluster, low, high):
        return None
    told: list[Restoration] = []
    for mode in _modes(body, cluster, low, high):
        told += _told(body, cluster, low, high, mode)
        if any(found.bounded and found.start <= odd[0] and odd[-1] < found.end for found in told):
            break
    told.sort(key=lambda found: (not (found.certain and found.start <= odd[0] and odd[-1] < found.end), -found.gain))
    best = _unless(told[0], told[1:]) if told else None
    if CONVERTED in cluster.channels:
        best = _converted(body, cluster, low, high, best)
    if not any(channel.read == "lost" for channel in cluster.channels):
        return best
    before = [at for at in odd if best is None or at < best.start]
    marks = body.count(LOST, before[0], before[-1] + 1) if before else 0
    if marks < MIN_MARKS:
        return best
    return Restoration(before[0], before[-1] + 1, (), Verdict.NONE, (), marks)


def _modes(body: str, cluster: Cluster, low: int, high: int) -> Iterator[Mode]:
    yield Mode.MARKS
    near = body[max(low, cluster.start - 8) : min(high, cluster.end + 8)]
    if LOST in near or "?" in near:
        yield Mode.PAIRS
    if LOST not in near:
        yield Mode.DROPS


def _told(body: str, cluster: Cluster, low: int, high: int, mode: Mode) -> list[Restoration]:
    """What the likeliest runs of a cluster may have been."""
    found = [(gain_of(body, run), run) for run in runs(body, cluster, low, high, mode) if run.end > cluster.start]
    found.sort(key=lambda pair: -pair[0])
    worth = [run for gain, run in found[:TRIED] if gain > 0 and gain >= WORTH_TRYING * found[0][0]]
    return [restored for run in worth if (restored := repair(body, bordered(body, run))) is not None]


def _unless(best: Restoration, rest: list[Restoration]) -> Restoration:
    """The best explanation, no longer exact if another is near."""
    if best.verdict is not Verdict.EXACT:
        return best
    if best.certain:
        return best
    near = [found for found in rest if _near(found, best)]
    rival = any(found.proposals and found.proposals[0].text not in best.proposals[0].text for found in near)
    return replace(best, verdict=Verdict.RANKED) if rival else best


def _near(found: Restoration, best: Restoration) -> bool:
    """Whether another explanation is nearly as good; the same misreading of fewer characters must gain as much."""
    if not found.bounded or found.rate >= NEAR * best.rate or found.start >= best.end:
        return False
    return found.channels != best.channels or found.gain > best.gain - NEAR_BITS


def _converted(body: str, cluster: Cluster, low: int, high: int, best: Restoration | None) -> Restoration | None:
    """The cluster as UTF-8 read as GBK and then converted to traditional, if that explains more of it: no way back."""
    line, plain = body[low:high], folded(body[low:high])
    near = Cluster(cluster.start - low, cluster.end - low, (Channel("utf-8", "gbk"),))
    told = _told(plain, near, 0, high - low, Mode.MARKS)
    whole = max(told, key=lambda found: found.end - found.start, default=None)
    if whole is None or line[whole.start : whole.end] == plain[whole.start : whole.end]:
        return best
    if best is not None and (whole.end - whole.start) < 1.15 * (best.end - best.start):
        return best
    start, end = whole.start + low, whole.end + low
    return replace(whole, start=start, end=end, verdict=Verdict.NONE, proposals=(), channels=(CONVERTED,))


def repair(body: str, run: Run) -> Restoration | None:
    """What stood in a run, if that is believable."""
    damage = body[run.start : run.end]
    if not believable(run):
        return None
    before = body[max(run.start - 2, 0) : run.start]
    found = [
        reading
        for path in _paths(body, run)
        for reading in readings(path, run.channel.written, run.channel.read, before)
    ]
    found.sort(key=lambda reading: reading.bits)
    stood = float(bits_each([damage])[0])
    if run.channel.written != "utf-8" and not convincing(damage, found[0], stood, run.channel):
        return None
    proposals = _ranked(damage, found, run)
    lost = run.path.lost
    verdict = Verdict.PARTIAL if proposals[0].holes else Verdict.RANKED
    sole = len(proposals) == 1 and proposals[0].proved and not frayed(proposals[0].text, run.channel)
    if run.sure and not lost and sole:
        verdict = Verdict.EXACT
    gain, bounded = stood - found[0].bits, proposals[0].proved and not ragged(body, run)
    restored = Restoration(run.start, run.end, (run.channel,), verdict, proposals, lost, gain, found[0].bits, bounded)
    deeper = _deeper(restored)
    if deeper is not restored or max(proposals[0].text) >= FIRST_EAST_ASIAN:
        return deeper
    return replace(restored, verdict=Verdict.RANKED) if one_script(proposals[0].text) else None


def _paths(body: str, run: Run) -> list[Path]:
    """Every way to cut the run's bytes."""
    found = longest(body, run.start, run.end, run.channel, run.mode)
    return found[1] if found is not None and found[0] == run.end and len(found[1]) > 1 else [run.path]


def _ranked(damage: str, found: list[Reading], run: Run) -> tuple[Proposal, ...]:
    """The readings with their probabilities, those first that give the damage when broken again."""
    found = list({reading.text: reading for reading in reversed(found)}.values())
    least = min(reading.bits for reading in found)
    weights = [2.0 ** (TEMPER * (least - reading.bits)) for reading in found]
    ranked = [
        Proposal(reading.text, weight / sum(weights), reading.holes, _proved(reading, damage, run))
        for reading, weight in zip(found, weights, strict=True)
    ]
    return tuple(sorted(ranked, key=lambda proposal: (not proposal.proved, -proposal.probability))[:SHOWN])


def _proved(reading: Reading, damage: str, run: Run) -> bool:
    if reading.holes:
        return False
    if run.channel.read in SINGLE:
        data = b"".join(bytes_of(char, run.channel.read) or b"?" for char in damage)
        return (
            LOST not in damage
            and reading.text.encode(TABLES.get(run.channel.written, run.channel.written), "replace") == data
        )
    return misread(reading.text, run.channel, LOSSES[run.mode][LOST in damage]) == damage


def _deeper(restored: Restoration) -> Restoration:
    """What stood there before an earlier misreading, where the text given back is mojibake itself."""
    text = restored.proposals[0].text
    if is_residue(text):
        return replace(restored, verdict=Verdict.NONE, proposals=())
    written = restored.channels[0].written  # read so again, the bytes would only be respelled
    inner = [found for found in _find(Text(text)) if found.proposals and found.channels[0].read != written]
    if not inner or sum(found.end - found.start for found in inner) < 0.7 * len(text):
        return restored
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
        lost_bytes=restored.lost_bytes + sum(found.lost_bytes for found in inner),
        gain=restored.gain + sum(found.gain for found in inner),
    )
