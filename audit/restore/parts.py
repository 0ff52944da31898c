"""Runs that no mark ends, which are searched in parts: each goes on where the one before it stands between two bytes of a character."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod

from audit.restore import gbk
from audit.restore.asked import Head, Opening
from audit.restore.candidate import Candidate, Site
from audit.restore.judging import NONSENSE, SENSELESS, restoration
from audit.restore.restoration import Proposal, Restoration, Verdict
from audit.restore.run import Run, byte_pairs
from audit.restore.surety import Weighed
from audit.restore.units import UNIT


def behind(body: str, run: Run) -> str:
    """The two characters behind a run, as far as its line goes; of one that goes on what their bytes make when paired the other way."""
    if not run.parted:
        return (body[run.end : run.end + 2].partition("\n")[0] + "\n")[:2]
    pairs = byte_pairs(body, run.end, 3)
    made = [gbk.pair_char(one[1], two[0]) for one, two in pairwise(pairs)]
    return ("".join(made).partition("\n")[0] + "\n")[:2]


def next_site(body: str, run: Run) -> Site:
    """Where a run goes on behind one of its parts."""
    lead = byte_pairs(body, run.end, 1)[0][1]
    return Site("", run.end, run.end + 1, Opening((Head("", lead),)))


def joined(body: str, parts: Sequence[Candidate]) -> Restoration:
    """What stood where all the parts are, by what each is likeliest to have been; so long a run is never beyond doubt."""
    each = [
        restoration(body, part, Verdict.RANKED, [Weighed(one, one.cost / UNIT) for one in part.found.ended])
        for part in parts
    ]
    sizes = [len(one.proposals[0].text) for one in each]
    mean = sum(size * one.mean for size, one in zip(sizes, each, strict=True)) / sum(sizes)
    gaps = sum(one.gaps for one in each)
    best = Proposal("".join(one.proposals[0].text for one in each), prod(one.proposals[0].probability for one in each))
    return Restoration(
        each[0].start,
        each[-1].end,
        each[0].mechanism,
        Verdict.PARTIAL if mean > (SENSELESS if gaps else NONSENSE) else Verdict.RANKED,
        (best,),
        sum(one.gain for one in each),
        mean,
        max(one.peak for one in each),
        min(one.margin for one in each),
        gaps,
        "".join(one.holed for one in each),
    )
