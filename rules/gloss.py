"""Romanisations that a program put behind characters, well formed and broken."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit.language import characters, rarity, scouts, syllable_name, syllables
from audit.language.injected import Page, page_of
from audit.language.own_glosses import may_be_own
from audit.model import Document, Edit, Hit, Hits, Safety, Severity, Span
from audit.rule import Scope, family

rule = family("gloss")


def batch(page: Page, chosen: NDArray[np.bool_], confidence: float, safety: Safety | None) -> Hits:
    """One hit for each chosen bracket, made when asked for."""
    marks = page.marks
    rows = np.flatnonzero(chosen)
    edit = Edit("", safety) if safety else None

    def make(n: int) -> Hit:
        row = int(rows[n])
        start, end = int(marks.starts[row]), int(marks.ends[row])
        host = int(marks.hosts[row])
        values = {"text": page.body[start:end], "host": page.body[host : host + 1]}
        return Hit(Span(start, end), values, edit, confidence, evidence(page, row))

    return Hits(marks.starts[rows], marks.ends[rows], make, safety, confidence)


def evidence(page: Page, row: int) -> dict[str, Any]:
    """Why a bracket is believed to be a gloss, and what the page does with glosses."""
    host = int(page.marks.hosts[row])
    return {
        "character": page.body[host : host + 1] if host >= 0 else "",
        "reading": syllable_name(int(page.marks.syllables[row])),
        "glosses": page.count,
        "characters_glossed": page.hosts,
        "share_of_their_occurrences": round(page.complete, 3),
    }


@cache
def commonest(reading: str) -> str:
    """The eight commonest characters with this reading; none for a toneless one that no character has."""
    spelled = characters(reading) if reading in syllables() else ""
    found = np.array([ord(c) for c in spelled], dtype=np.uint32)
    return "".join(map(chr, found[np.argsort(rarity(found), kind="stable")[:8]].tolist()))


@rule(
    "GLS001",
    "pinyin-gloss",
    Severity.MINOR,
    "reading {text!r} inserted after {host!r}",
    scope=Scope.DOCUMENT,
    scout=scouts.glossed,
    confidence=0.99,
    repair=Safety.SAFE,
)
def pinyin_gloss(document: Document) -> Iterator[Hits]:
    """A toned reading put in brackets behind a common character, as in `鄉(xiāng)鎮(zhèn)`, half or full width, or square: `乡[xiāng]`.

    Why it matters: scraped pages carry readings against copying; they break words for search and teach a model noise.
    Left alone: an author's help with a rare character (`亳(bó)州`) or with the rarer of two readings (`行(háng)`), text
    in which nearly every character is glossed, vocabulary lists and dictionary entries.
    Repair: the bracket is deleted. Safe where a page glosses many common characters, suggested for one or two, and where the
    character's other occurrences in the entry are not glossed: the author may have written it.
    """
    page = page_of(document.source)
    chosen = page.injected & page.marks.toned & ~page.zhuyin
    if chosen.any():
        own = may_be_own(page, np.array([entry.start for entry in document.entries], dtype=np.int64))
        safety = Safety.SAFE if page.systematic else Safety.SUGGESTED
        for some, repair in ((chosen & ~own, safety), (chosen & own, Safety.SUGGESTED)):
            if some.any():
                yield batch(page, some, page.confidence, repair)


@rule(
    "GLS002",
    "broken-gloss",
    Severity.MINOR,
    {
        "": "reading {text!r} stands after {host!r}, not after the character it belongs to",
        "open": "reading {text!r} lost its opening bracket",
    },
    scope=Scope.DOCUMENT,
    scout=scouts.glossed,
    confidence=0.95,
)
def broken_gloss(document: Document) -> Iterator[Hits | Hit]:
    """A reading that does not stand behind its character: `,F(xiàn)`, `總?cè)`, `珖偣P(guān)`.

    Why it matters: the program that glossed met the character across the border of two others; the text around is shifted.
    Left alone: brackets behind Han characters on a page without injected readings (a joke: `好（nüè）玩`).
    Repair: none here; the shifted stretch has to be restored as a whole.
    """
    page = page_of(document.source)
    strayed = page.strayed
    if strayed.any():
        yield batch(page, strayed, 0.97 if page.systematic else 0.7, None)
    confidence = 0.97 if page.systematic else 0.8
    for span, reading in page.open_ends():
        values = {"text": page.body[span.start : span.end]}
        seen = {"reading": reading, "characters": commonest(reading), "glosses": page.count}
        yield Hit(span, values, None, confidence, seen, variant="open")


@rule(
    "GLS003",
    "zhuyin-gloss",
    Severity.MINOR,
    "reading {text!r} inserted after {host!r}",
    scope=Scope.DOCUMENT,
    scout=scouts.glossed,
    confidence=0.95,
    repair=Safety.SAFE,
)
def zhuyin_gloss(document: Document) -> Iterator[Hits]:
    """A reading in zhuyin put in brackets behind its character: `鄉(ㄒㄧㄤ)`.

    Why it matters: as with pinyin; what is left of ruby text in a page for children or learners looks the same.
    Left alone: what `pinyin-gloss` leaves alone; zhuyin in names of letters (`「ㄑ」字形`) and in slang (`好ㄉ`).
    Repair: the bracket is deleted. Safe where a page glosses many common characters, suggested for one or two.
    """
    page = page_of(document.source)
    chosen = page.injected & page.zhuyin
    if chosen.any():
        yield batch(page, chosen, page.confidence, Safety.SAFE if page.systematic else Safety.SUGGESTED)


@rule(
    "GLS004",
    "cut-gloss",
    Severity.MINOR,
    "the reading {text!r} of {host!r} is cut by a line end",
    scope=Scope.DOCUMENT,
    scout=scouts.glossed,
    confidence=0.9,
    repair=Safety.SUGGESTED,
)
def cut_gloss(document: Document) -> Iterator[Hit]:
    """A reading in brackets that a line end or the end of the text cuts: `總(zǒ` at the end of a line, `總` before `(zǒng)`.

    Why it matters: neither half is recognised as a reading any more, and a word stays broken.
    Left alone: brackets whose letters begin no reading of the character before them.
    Repair: the reading with the line break inside it is deleted; suggested, because the break may have been meant.
    """
    page = page_of(document.source)
    for host, span in page.cuts():
        values = {"text": page.body[span.start : span.end], "host": host}
        yield Hit(span, values, Edit("", Safety.SUGGESTED), evidence={"character": host, "glosses": page.count})


@rule(
    "GLS005",
    "toneless-gloss",
    Severity.MINOR,
    "reading {text!r} inserted after {host!r}",
    scope=Scope.DOCUMENT,
    scout=scouts.glossed,
    confidence=0.9,
    repair=Safety.SUGGESTED,
)
def toneless_gloss(document: Document) -> Iterator[Hits]:
    """A reading without its tone, single or repeated, put behind a character: `系(xi)(xi)(xi)統(tong)`.

    Why it matters: as with toned readings.
    Left alone: English words and units that spell the character before them by chance (`啊(a)`, `帕(Pa)`): a page must
    gloss at least three characters so and hold few other words in brackets, or repeat the bracket.
    Repair: the bracket is deleted; suggested.
    """
    page = page_of(document.source)
    chosen = page.injected & ~page.marks.toned
    if chosen.any():
        yield batch(page, chosen, 0.9, Safety.SUGGESTED)


RULES = (pinyin_gloss, broken_gloss, zhuyin_gloss, cut_gloss, toneless_gloss)
