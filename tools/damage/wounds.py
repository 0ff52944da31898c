"""What sites and clean-up programs do to characters: masks, stray marks, lost titles and quotes, cuts.

Each takes a page, what is known of it and a source of chance, and gives the page with the damage labelled.
"""

from __future__ import annotations

import random
import re

from collection import Entry, Facts, entries
from labels import Cut, Label, Page, changed

YEAR = re.compile(r"20\d\d(?=年)")
COUNT = re.compile(r"[一二三四五六七八九十百千]{2,5}(?=[家名口处處册冊])")
TITLE = re.compile(r"《[^》\n]+》")
TITLES = re.compile(r"《[^》\n]+》(?:[、和及]《[^》\n]+》)+")
QUOTED = re.compile(r"“[^”\n]{2,12}”")
OF = re.compile("的(?=[\u4e00-\u9fff]{2})")
ANNOUNCED = re.compile(r"(?:[总總][结結]|[汇匯][报報]|[报報]告)(如下[：。:])$", re.MULTILINE)
CLOSED = re.compile(r"(?<=[\u4e00-\u9fff]{3})。$", re.MULTILINE)
STRAY = (".", "`", "'")
YEARS_MASKED = 0.8
NAMES_MASKED = 0.5
OPEN_ENDS = 2
QUOTES = 2


def masked(page: Page, known: Facts, chance: random.Random) -> Page:
    """Years and place names behind the site's masks; a few numbers blanked."""
    cuts = [
        Cut(match.start(), match.end(), known.year, _placeholder(known.year, "year"))
        for match in YEAR.finditer(page.text)
        if chance.random() < YEARS_MASKED
    ]
    for name in known.names:
        cuts += [
            Cut(match.start(), match.end(), known.place, _placeholder(known.place, "place-name"))
            for match in re.finditer(re.escape(name), page.text)
            if chance.random() < NAMES_MASKED
        ]
    counts = list(COUNT.finditer(page.text))
    for match in chance.sample(counts, min(2, len(counts))):
        blank = Label(0, 2, "placeholder", "number", note=match[0])
        cuts.append(Cut(match.start(), match.end() + 1, " " + page.text[match.end()], blank))
    return changed(page, cuts)


def _placeholder(mask: str, subtype: str) -> Label:
    return Label(0, len(mask), "placeholder", subtype)


def stray(page: Page, _known: Facts, chance: random.Random) -> Page:
    """One mark against copying in each entry, right behind a 的."""
    cuts = []
    for entry in entries(page.text):
        places = [match.end() for match in OF.finditer(page.text, entry.title, entry.end)]
        if places:
            at = chance.choice(places)
            cuts.append(Cut(at, at, chance.choice(STRAY), Label(0, 1, "noise", "stray-mark", "")))
    return changed(page, cuts)


def unquoted(page: Page, _known: Facts, chance: random.Random) -> Page:
    """A few closing quotes turned into x."""
    pairs = [match.span() for match in QUOTED.finditer(page.text)]
    cuts = []
    for start, end in chance.sample(pairs, min(QUOTES, len(pairs))):
        opening = Label(0, 1, "punctuation", "unmatched-quote", severity="major", certainty="guess")
        cuts.append(Cut(start, start + 1, "“", opening))
        cuts.append(Cut(end - 1, end, "x", Label(0, 1, "noise", "quote-x", "”", "major")))
    return changed(page, cuts)


def untitled(page: Page, _known: Facts, chance: random.Random) -> Page:
    """Titles in 《》 dropped where they stood: whole lists, and half of the single ones."""
    cuts: list[Cut] = []
    for match in TITLES.finditer(page.text):
        rest = re.sub(TITLE, "", match[0])
        cuts.append(_dropped(page.text, match.start(), match.end(), rest))
    for match in TITLE.finditer(page.text):
        free = all(match.end() <= cut.start - 2 or match.start() >= cut.end + 2 for cut in cuts)
        if free and chance.random() < 0.5:
            cuts.append(_dropped(page.text, match.start(), match.end(), ""))
    return changed(page, cuts)


def _dropped(text: str, start: int, end: int, rest: str) -> Cut:
    """The cut that leaves `rest`, labelled from two characters before to two behind."""
    before, after = text[start - 2 : start], text[end : end + 2]
    label = Label(0, len(before + rest + after), "elision", "title-drop", text[start - 2 : end + 2], "critical")
    return Cut(start - 2, end + 2, before + rest + after, label)


def shortened(page: Page, known: Facts, chance: random.Random) -> Page:
    """One entry cut inside a word with dots behind, one inside a sentence without, one announcement with nothing after it, open ends."""
    spoken = {*known.off_topic, *(number for pair in known.duplicate for number in pair)}
    free = [entry for entry in entries(page.text) if entry.number not in spoken]
    if len(free) < 3:
        return page
    telling = [entry for entry in free if ANNOUNCED.search(page.text, entry.title, entry.end)]
    third = chance.choice(telling or free)
    first, second = chance.sample([entry for entry in free if entry != third], 2)
    cuts = [
        _cut(page.text, first, " ……", "mid-word", chance),
        _cut(page.text, second, "", "missing-continuation", chance),
    ]
    announced = ANNOUNCED.search(page.text, third.title, third.end)
    if announced:
        label = Label(-4, 0, "truncation", "missing-continuation", severity="major")
        cuts.append(Cut(announced.start(1), announced.end(1), "", label))
    taken = [(cut.start, cut.end) for cut in cuts]
    ends = [
        match.start()
        for entry in free
        for match in CLOSED.finditer(page.text, entry.title, entry.end)
        if all(match.start() < start - 8 or match.start() > end for start, end in taken)
    ]
    for at in chance.sample(ends, min(OPEN_ENDS, len(ends))):
        words = page.text[at - 2 : at]
        label = Label(0, 2, "truncation", "no-terminal", words + "。")
        cuts.append(Cut(at - 2, at + 1, words, label))
    return changed(page, cuts)


def _cut(text: str, entry: Entry, dots: str, subtype: str, chance: random.Random) -> Cut:
    """The rest of an entry lost from inside a sentence of its second half."""
    end = len(text[: entry.end].rstrip("\n"))
    middle = (entry.title + end) // 2
    places = [
        at
        for at in range(middle, end - 10)
        if re.fullmatch("[\u4e00-\u9fff]{4}", text[at - 2 : at + 2]) and text[at - 1] not in "的了"
    ]
    at = chance.choice(places)
    label = Label(-6, len(dots), "truncation", subtype, severity="major", note=f"{end - at} characters lost")
    return Cut(at, end, dots, label)
