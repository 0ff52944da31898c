"""Text read with the wrong codec: found, given back, and proved by breaking it again.

`find` looks at a whole text. A stretch is believed to be mojibake when the bytes behind it are characters of another codec
*and* what they spell reads far better than what stands there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import cast

from audit.language.patterns import regex
from audit.model import Text
from audit.restore.belief import hopeful, is_syllables, leaves, may_be_utf8, may_read, one_script, shows
from audit.restore.borders import BORDER, bordered
from audit.restore.codecs import DOUBLE, LOST, Channel
from audit.restore.dropped import with_dropped
from audit.restore.fluency import codes_of, folded
from audit.restore.foreign import Patience, damage_only
from audit.restore.lattice import Mode, View
from audit.restore.marked import letters_left
from audit.restore.page import Script, script_of
from audit.restore.rejoining import halved, layered, rejoined
from audit.restore.repairing import repaired
from audit.restore.residues import is_residue
from audit.restore.runs import Run, channels, gain_of, is_strange, modes, runs
from audit.restore.suspects import CONVERTED, PAD, Cluster, clusters
from audit.restore.unread import respelled, unread
from audit.restore.verdict import Proposal, Restoration, Verdict, unless

__all__ = ["Proposal", "Restoration", "Verdict", "find", "repair"]

MIN_MARKS = 2  # loss marks with strange characters between, that nothing explains
WINDOW = 512  # characters looked at together, so that a damaged page costs time in proportion to its length
FIRST_EAST_ASIAN = "\u2010"
TRIED = 4  # explanations of a cluster that the language model sees
SPELT = 6  # of 6,600 damaged runs none was of another codec where one of UTF-8 had so many whole characters
MENDED = 32  # runs of one text that are remembered
CONTEXT, BESIDE = (
    2,
    regex(r"[\u4e00-\u9fff，。、；：！？]+"),
)  # code points about a text given back that tell its borders
WORTH_TRYING = 0.4  # of the best one's gain
Mend = Callable[[Run, Script], Restoration | None]


def find(text: Text) -> tuple[Restoration, ...]:
    """Every stretch read with the wrong codec; computed once a text."""
    return cast("tuple[Restoration, ...]", text.signal("restore.mojibake", _find))


def _find(text: Text) -> tuple[Restoration, ...]:
    found: list[Restoration] = []
    known: dict[tuple[str, Cluster], Restoration | None] = {}  # what is repeated is searched once
    mend = _mending(text.body)
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
            near = cluster._replace(start=start, end=min(cluster.end, high))
            best = _known(text.body, near, low, high, known, mend)
            if best is not None:
                low = best.end
                if not is_syllables(text.body[best.start : best.end], best.channels):
                    found.append(best)
            elif high < cluster.end:
                low = high
            else:
                break
        patience.note(cluster.start, cluster.end, found[before:])
    whole = list(rejoined(text.body, found, WINDOW // 2))
    return tuple(damage_only(text, list(halved(text.body, with_dropped(text, whole)))))


def _known(
    body: str, cluster: Cluster, low: int, high: int, known: dict[tuple[str, Cluster], Restoration | None], mend: Mend
) -> Restoration | None:
    """The best explanation, looked up if the same window was explained before."""
    key = body[max(low - 1, 0) : high], cluster._replace(start=cluster.start - low, end=cluster.end - low)
    if key not in known:
        best = _best(body, cluster, low, high, mend)
        known[key] = best and replace(best, start=best.start - low, end=best.end - low)
    again = known[key]
    return again and replace(again, start=again.start + low, end=again.end + low)


def _best(body: str, cluster: Cluster, low: int, high: int, mend: Mend) -> Restoration | None:
    """The best explanation of a cluster, if one is believable."""
    odd = [at for at in range(cluster.start, cluster.end) if is_strange(body[at])]
    if not odd or not may_be_utf8(body, cluster) or not may_read(body, cluster, low, high):
        return None
    told: list[Restoration] = []
    for mode in modes(body, cluster, low, high):
        told += _told(body, cluster, low, high, mode, mend)
        if any(found.settled and found.start <= odd[0] and odd[-1] < found.end for found in told):
            break
    told.sort(key=lambda found: (not (found.certain and found.start <= odd[0] and odd[-1] < found.end), -found.gain))
    best = _whole(unless(told[0], told[1:]), body) if told else None
    if best is not None and best.verdict is Verdict.EXACT and leaves(body, best, [at for at in odd if at < high - PAD]):
        best = replace(best, verdict=Verdict.RANKED)
    if CONVERTED in cluster.channels:
        best = _converted(body, cluster, low, high, best)
    kinds = {channel.read for channel in cluster.channels if not channel.written}
    if best is None and "letters" in kinds:
        best = respelled(body, odd[0], odd[-1] + 1) or letters_left(body, cluster.start, cluster.end)
    if "lost" not in kinds:
        return best
    before = [at for at in odd if best is None or at < best.start]
    marks = body.count(LOST, before[0], before[-1] + 1) if before else 0
    if marks < MIN_MARKS:
        return best
    return unread(body, before[0], before[-1] + 1, body[low:high])


def _told(body: str, cluster: Cluster, low: int, high: int, mode: Mode, mend: Mend) -> list[Restoration]:
    """What the likeliest runs of a cluster may have been; no more where one leaves nothing to explain."""
    damage = body[cluster.start : cluster.end]
    every = [channel for channel in channels(cluster) if shows(channel.read, damage)]
    utf8 = tuple(channel for channel in every if channel.written == "utf-8")
    told, views = list[Restoration](), dict[str, View]()
    most, inner = 0.0, (cluster.start + PAD, cluster.end - PAD)
    for some in (utf8, tuple(channel for channel in every if channel.written != "utf-8")):
        near = runs(body, cluster._replace(channels=some), low, high, mode, views)
        found = [(gain_of(body, run), run) for run in near if run.end > cluster.start]
        found.sort(key=lambda pair: -pair[0])
        most = max([most, *(gain for gain, _ in found)])
        for gain, run in found[:TRIED]:
            tried = gain >= WORTH_TRYING * most > 0 and hopeful(run, BORDER)
            restored = mend(run, _script(body[low:high])) if tried else None
            told += [restored] if restored is not None else []
            if restored is not None and (restored.fits(*inner) or _spells(run, *inner)):
                return told
    return told


def _spells(run: Run, start: int, end: int) -> bool:
    """Whether so many whole characters of UTF-8 stand there that other two-byte codecs need not be tried."""
    if run.channel.written != "utf-8" or run.channel.read not in DOUBLE or not run.start <= start < end <= run.end:
        return False
    return sum(len(slot.bytes) > 2 and not slot.lost for slot in run.kept) >= SPELT


def _converted(body: str, cluster: Cluster, low: int, high: int, best: Restoration | None) -> Restoration | None:
    """The cluster as UTF-8 read as GBK and then converted to traditional, if that explains more of it: no way back."""
    line, plain = body[low:high], folded(body[low:high])
    near = Cluster(cluster.start - low, cluster.end - low, (Channel("utf-8", "gbk"),))
    told = _told(plain, near, 0, high - low, Mode.MARKS, _mending(plain))
    whole = max(told, key=lambda found: found.end - found.start, default=None)
    if whole is None or line[whole.start : whole.end] == plain[whole.start : whole.end]:
        return best
    if best is not None and (whole.end - whole.start) < 1.15 * (best.end - best.start):
        return best
    start, end = whole.start + low, whole.end + low
    return replace(whole, start=start, end=end, verdict=Verdict.NONE, proposals=(), channels=(CONVERTED,))


@lru_cache(maxsize=8)
def _script(page: str) -> Script:
    return script_of(codes_of(page))


def _mending(body: str) -> Mend:
    """What stood in a run whose borders may move, remembered while what is left of its cluster is looked at."""
    border = lru_cache(maxsize=MENDED)(lambda run: bordered(body, run))  # however bytes were lost

    def mended(run: Run, script: Script) -> Restoration | None:
        return repair(body, border(run._replace(mode=Mode.MARKS))._replace(mode=run.mode), script)

    return lru_cache(maxsize=MENDED)(mended)


def repair(body: str, run: Run, script: Script = Script.EITHER) -> Restoration | None:
    """What stood in a run, if that is believable; `script` is that of the text about it."""
    restored = repaired(body, run, script)
    if restored is None:
        return None
    text = restored.proposals[0].text
    if max(text) >= FIRST_EAST_ASIAN:
        return restored
    deeper = _deeper(restored, body)
    if deeper is not restored:
        return deeper
    return replace(restored, verdict=Verdict.RANKED) if one_script(text) else None


def _whole(best: Restoration, body: str) -> Restoration:
    """The best explanation of all layers, with holes for what is doubtful."""
    if not best.proposals or max(best.proposals[0].text) < FIRST_EAST_ASIAN:  # that was looked into before
        return best.told()
    deeper = _deeper(best, body)
    return deeper if deeper is not best else best.told()


def _deeper(restored: Restoration, body: str) -> Restoration:
    """What stood there before an earlier misreading, where the text given back is mojibake itself."""
    text = restored.proposals[0].text
    if is_residue(text):
        return replace(restored, verdict=Verdict.NONE, proposals=())
    sign = body[restored.end : restored.end + 1]
    if "@" <= sign <= "~" and text[-1] > "~":  # the second byte of a character whose first was misread twice
        wider = replace(restored, end=restored.end + 1)
        longer = _inner(wider, text + sign, body)
        if longer and longer[-1].end > len(text) and longer[-1].channels[0].written != "utf-8":
            return layered(wider, text + sign, longer)
    inner = _inner(restored, text, body)
    if not inner or sum(found.end - found.start for found in inner) < 0.7 * len(text):
        return restored
    torn = inner[-1].end < len(text) and text[-1] > "~" and "@" <= sign <= "~"
    joined = layered(restored, text, inner)
    return replace(joined, verdict=Verdict.RANKED) if torn and joined.verdict is Verdict.EXACT else joined


def _inner(restored: Restoration, text: str, body: str) -> list[Restoration]:
    """What is found in a text given back where it stands; read as it was written, the bytes would only be respelled."""
    written = restored.channels[0].written
    before = BESIDE.search(body, max(restored.start - CONTEXT, 0), restored.start)
    behind = BESIDE.match(body, restored.end, restored.end + CONTEXT)
    left = before[0] if before and before.end() == restored.start else ""
    whole = left + text + (behind[0] if behind else "")
    inside = _find(Text(whole)) if any(map(is_strange, whole)) else ()
    return [
        replace(found, start=found.start - len(left), end=found.end - len(left))
        for found in inside
        if found.proposals
        and found.channels[0].read != written
        and len(left) <= found.start
        and found.end <= len(left) + len(text)
    ]
