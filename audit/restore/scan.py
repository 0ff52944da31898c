"""The shifted runs of a text: likely places first, then the search, then what is believed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import NamedTuple, cast

from audit.model import Text
from audit.restore import gbk, items, places
from audit.restore.abreast import Asking, together
from audit.restore.adrift import adrift, odd_before
from audit.restore.openings import numbered
from audit.restore.page import Page, page_of, surroundings
from audit.restore.restoration import Proposal, Restoration, Verdict
from audit.restore.run import CUT_GLOSS
from audit.restore.shift import glances_f1, restore_f1, restore_f3, restore_g

# In 28 million characters of clean text no place gains so much; of 519 simulated shifts of four characters or more
# in held-out text 95 % gain 12 or stand on a page beyond doubt.
LEAST_GAIN = 12.0  # bits; a run that reads this much better when re-paired is reported
SEEN_GAIN = 1.5  # bits; the same on a page that has glosses or shifts beyond doubt
SURE_PRIOR = 10.0  # bits; such a page makes any of its places that much likelier
AROUND = 50_000  # code points round a gloss or a shift beyond doubt that are its page; longer files hold many
BITS_A_DOUBT = 4.0  # gained bits that halve the doubt
UNLIKELY = -12.0  # bits, at first sight, without the page's own words
HOPEFUL = 4.0  # the same on a page that is not beyond doubt; of 73 simulated shifts believed there, the least had 10
SURE_GAIN = 30.0  # bits; a shift beyond doubt
BARE_GAIN = (
    20.0  # bits; a bracket without a number: of 18,500 clean lines with a 。 put before them one gains 14, none more
)
LONG_BEFORE = 4  # characters before a mark that are adrift, beyond chance
LONE_GAIN = -3.0  # bits; the same for a mark before a single letter, where little can be gained
MEAN, MORE_GAIN = 9.5, 3.0  # bits a character; a run that reads worse when restored must gain so much more for each
FEW_KINDS, BESIDE = 5, 12  # different characters, within so many code points of a run
MARKS_BETWEEN = frozenset("，。、；：！？,.;:!? \u3000")
REACH = 80  # code points that a run and what is behind it may take
MOST_PLACES, PLACE_EVERY = (
    1000,
    300,
)  # likely places that are searched, so that time is bounded by size; real pages have one in 3,000
Passage = tuple[str, str]
NARROW = str.maketrans("，；：！？（）＜＞", ",;:!?()<>")


@dataclass(frozen=True, slots=True)
class Shifted:
    """A restoration that is believed; `narrow` tells whether marks about it are. Where a passage is repeated, `found` has the
    offsets of its first place.
    """

    found: Restoration
    confidence: float
    narrow: bool

    def shown(self) -> Shown:
        """What is said of it when a report asks."""
        found = self.found.read()
        best = found.proposals[0].text
        width = NARROW if self.narrow else {}
        return Shown(
            tuple(one._replace(text=one.text.translate(width)) for one in found.proposals),
            b"".join(gbk.encode_char(char) or b"" for char in best).hex(" ", 2),
            found.holed.translate(width),
            found.gaps,
        )


class Shown(NamedTuple):
    """Originals in the width of the page, the bytes of the first in hexadecimal, it with its holes, and how many pairs it lost."""

    proposals: tuple[Proposal, ...]
    after: str
    holed: str
    gaps: int


class Shift(NamedTuple):
    """A shifted run `start:end`."""

    start: int
    end: int
    told: Shifted


def shifts(text: Text) -> tuple[Shift, ...]:
    """All shifted runs of a text, ascending, none overlapping."""
    return cast("tuple[Shift, ...]", text.signal("byte-shifts", lambda whole: tuple(_scan(whole))))


def _scan(text: Text) -> Iterator[Shift]:
    glossed = _has_glosses(text, 0, len(text.body))
    search = _Search(text)
    found = search.found(UNLIKELY if glossed else HOPEFUL)
    beyond_doubt = [start for start, restored, _ in found if restored.gain >= SURE_GAIN]
    if beyond_doubt and not glossed:
        found = search.found(UNLIKELY)
    seen = sorted(beyond_doubt)
    told: dict[tuple[int, bool], Shifted | None] = {}
    till = 0
    for start, restored, page in sorted(found, key=lambda place: place[0]):
        near = max(start - AROUND, 0), min(start + AROUND, len(text.body))
        sure = bisect_left(seen, near[0]) < bisect_left(seen, near[1]) or (glossed and _has_glosses(text, *near))
        if (id(restored), sure) not in told:
            believed = _believed(text, restored, sure=sure)
            told[id(restored), sure] = _shifted(restored, page, SURE_PRIOR * sure) if believed else None
        shifted = told[id(restored), sure]
        if start >= till and shifted and (shifted := _apart(text, start, till, shifted)):
            till = start + restored.end - restored.start
            yield Shift(start, till, shifted)


def _apart(text: Text, start: int, till: int, shifted: Shifted) -> Shifted | None:
    """What is believed at a mark; nothing where what stands before it is adrift, too, and goes on behind.

    Then the mark is half of two characters, of which nothing was lost. Where but a few characters tell so, it is not beyond doubt.
    """
    if shifted.found.mechanism != "F1":
        return shifted
    runs = adrift(text)
    n = bisect_left(runs, start, key=lambda run: run.start) - 1
    if n >= 0 and runs[n].end > start + 1 and till <= runs[n].start <= start - LONG_BEFORE:
        return None
    if shifted.found.verdict is Verdict.EXACT and odd_before(text.codes, start):
        return replace(shifted, found=replace(shifted.found, verdict=Verdict.RANKED))
    return shifted


def _has_glosses(text: Text, start: int, end: int) -> bool:
    """Whether glosses were taken out of the text behind one of these characters."""
    if text.origin is None or not len(text.origin):
        return False
    return text.origin.item(end) - text.origin.item(start) > end - start


def _believed(text: Text, found: Restoration, *, sure: bool) -> bool:
    least = SEEN_GAIN if sure else LEAST_GAIN
    if sure and found.mechanism == "F1" and found.end == found.start + 2 and text.body[found.start + 1] < "\x80":
        least = LONE_GAIN
    if not sure and not any(map(str.isalpha, text.body[found.start : found.end])):
        least = SURE_GAIN  # a mark that may well stand there: `缓刑？,婚姻家庭` between the fields of a table
    if not sure and found.mechanism == "F3" and not numbered(found.proposals[0].text):
        least = BARE_GAIN
    if found.mean > MEAN:
        least = max(least, LEAST_GAIN) + MORE_GAIN * (found.mean - MEAN)
    return found.gain >= least and not _of_few_kinds(text, found)


def _of_few_kinds(text: Text, found: Restoration) -> bool:
    """Whether a line about a run says but a few different characters again and again, as notations of metre do (`仄仄平？仄，`)."""
    line = text.line(text.line_at(found.start))
    near = text.body[max(line.start, found.start - BESIDE) : min(line.end, found.end + BESIDE)]
    said = [char for char in near if char not in MARKS_BETWEEN]
    kinds = len(set(said))
    return kinds <= FEW_KINDS and len(said) >= 2 * kinds


class _Search:
    """The search of a text's likely places; what is repeated, or asked for again, is searched once."""

    def __init__(self, text: Text) -> None:
        self.text = text
        sites = [("F1", at) for at in places.after_marks(text).tolist()]
        sites += [("G", at) for at in places.cut_glosses(text).tolist()]
        full_stops = places.full_stops_at_line_start(text).tolist()
        self.due = items.due(text, full_stops)
        sites += [("F3", at) for at in full_stops]
        self.sites = sites[: max(MOST_PLACES, len(text.body) // PLACE_EVERY)]
        self.passages = [self._passage(*site) for site in self.sites]
        self.hopes: dict[Passage, float] = {}
        self.known: dict[Passage, tuple[Restoration, Page] | None] = {}

    def found(self, least: float) -> list[tuple[int, Restoration, Page]]:
        """What stood at the places that gain as much at first sight, with where each begins, in no order."""
        passages = self.passages
        first = dict(zip(reversed(passages), reversed(self.sites), strict=True))
        self._glance({p: site for p, site in first.items() if p not in self.hopes}, least)
        self._search({p: site for p, site in first.items() if p not in self.known and self.hopes[p] >= least})
        return [
            (at, *again)
            for passage, (_, at) in zip(passages, self.sites, strict=True)
            if self.hopes[passage] >= least and (again := self.known[passage])
        ]

    def _passage(self, mechanism: str, at: int) -> Passage:
        """What the search at a place depends on but the page; no run goes on behind its line."""
        line = self.text.line(self.text.line_at(at))
        if mechanism == "F3":  # no mark ends it
            return mechanism + "".join(map(chr, sorted(self.due[at]))), self.text.body[
                max(at - 2, line.start) : line.end
            ]
        return mechanism, self.text.body[max(at - 2, line.start) : min(at + REACH, line.end)]

    def _glance(self, sites: Mapping[Passage, tuple[str, int]], enough: float) -> None:
        """Bits gained at first sight, without the page's own words; those of a doubt where nothing was found yet."""
        body = self.text.body
        marks = [(passage, at) for passage, (mechanism, at) in sites.items() if mechanism == "F1"]
        gains = glances_f1(body, [(at, surroundings(self.text, at)) for _, at in marks], enough)
        for (passage, _), gain in zip(marks, gains, strict=True):
            self.hopes[passage] = UNLIKELY if gain is None else gain
        for passage, (mechanism, at) in sites.items():
            if mechanism != "F1":
                self.hopes[passage] = -inf if mechanism == "G" and not CUT_GLOSS.match(body, at) else HOPEFUL

    def _search(self, sites: Mapping[Passage, tuple[str, int]]) -> None:
        pages = [page_of(self.text, at) for _, at in sites.values()]
        found = together(
            self._restored(mechanism, at, page) for (mechanism, at), page in zip(sites.values(), pages, strict=True)
        )
        for passage, restored, page in zip(sites, found, pages, strict=True):
            self.known[passage] = (restored, page) if restored else None

    def _restored(self, mechanism: str, at: int, page: Page) -> Asking[Restoration | None]:
        if mechanism == "F3":
            return restore_f3(self.text.body, at, page, self.due[at])
        return (restore_f1 if mechanism == "F1" else restore_g)(self.text.body, at, page)


def _shifted(found: Restoration, page: Page, prior: float) -> Shifted:
    sure = 1 - 2.0 ** -min(max(found.gain + prior, 1.0) / BITS_A_DOUBT, 10.0)
    return Shifted(found, sure, page.narrow)


def hexadecimal(shown: str) -> str:
    """The GBK bytes of a text in pairs; UTF-8 where GBK has none."""
    return b"".join(gbk.encode_char(char) or char.encode("utf-8", "surrogatepass") for char in shown).hex(" ", 2)
