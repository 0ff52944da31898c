"""Whether the readings of a page were put there by a program or by an author.

A program glosses common characters with their usual reading, every occurrence, and never minds whether a reader needs it.
An author helps once with a rare character or the rarer of two readings; a teacher glosses nearly every character, or
heads the lines of a list with the character and its reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from audit.language import rarity
from audit.language.glosses import brackets, closers, glossed, han, openers
from audit.language.letters import TABLE_SIZE, key_of, letter_table
from audit.language.patterns import regex
from audit.language.sounds import NO_SYLLABLE, characters, readings, syllable_ids, syllable_name, syllables, usual
from audit.language.spot_tables import BEYOND
from audit.language.spots import look_up, member, narrow
from audit.model import Offsets, Span, Text
from audit.native import kernels

Bools = NDArray[np.bool_]
COMMON = 14.5  # bits of a character by itself: the commonest 3,500 or so
# A glossing page spells 8 to 15 % of its characters, of dozens of kinds (11 bits on average), and 0.95 or more of their
# occurrences, less where pages with other sets stand in one file. Help in prose is one to three in all; what a school book
# spells are new, hence rarer, characters (13 bits), each once.
MIN_NEEDLESS, MIN_HOSTS, MIN_COMPLETE = 5, 3, 0.6
MANY_NEEDLESS, MANY_HOSTS = 15, 8
COMMON_ON_AVERAGE = 12.0
TEACHING_SHARE = 0.6
TEACHING_LINE = (
    6,
    0.75,
)  # Han in the line, share of them glossed: injected readings stay below 0.3 in lines of this length
LETTERS = "A-Za-zÀ-ɏ\u0300-\u030c\u0251\u0261"
OPEN_END = regex(rf"[?？\ufffd]([{LETTERS}]{{1,8}})[)）]")
HEAD_LETTERS = regex(rf"[(（][ \u3000]?([{LETTERS}]{{0,8}})[ \t\u3000]*")
REST_LETTERS = regex(rf"[ \t\u3000]{{0,40}}([{LETTERS}]{{0,8}})[ \u3000]?[)）]")
BULLET = regex(r"[\s0-9０-９.．、)）(（|*#•·\-—]*")
ENTRY_TAIL = ":：=＝|\t—-–,，;；、 \u3000"
MARKS_BEFORE = frozenset(",;!?，；！？。")


class Page:
    """The readings of one text and what they say together."""

    def __init__(self, source: Text) -> None:
        self.source, self.body = source, source.body
        self.marks = marks = source.signal("brackets", brackets)
        self.glosses: Bools = glossed(marks)
        self.count = int(self.glosses.sum())
        self.injected: Bools = np.zeros(len(marks.starts), dtype=bool)
        self.systematic = False
        self.complete = 0.0
        self.hosts = 0
        self.confidence = 0.0
        if self.count:
            self._judge()

    def _judge(self) -> None:
        marks, codes = self.marks, self.source.codes
        hosts = codes[np.maximum(marks.hosts, 0)]
        needless = self.glosses & (rarity(hosts) <= COMMON)
        reading, another = usual(hosts)
        needless &= ~marks.toned | (reading == marks.syllables) & ~another
        lines = np.searchsorted(self.source.line_starts, marks.starts, side="right") - 1
        taught, wanted = self._taught(lines)
        wanted |= self._headwords(needless, lines)
        proof = needless & ~wanted
        chars = np.flatnonzero(np.bincount(np.minimum(hosts[proof], BEYOND)))
        self.hosts = len(chars)
        self.complete = self._complete(chars, proof, lines)
        count = int(proof.sum())
        everyday = count > 0 and bool(rarity(hosts[proof]).mean() <= COMMON_ON_AVERAGE)
        few = count >= MIN_NEEDLESS and self.hosts >= MIN_HOSTS and self.complete >= MIN_COMPLETE
        many = count >= MANY_NEEDLESS and self.hosts >= MANY_HOSTS
        self.systematic = everyday and (few or many)
        self.injected = self.glosses & ~taught if self.systematic else proof & everyday
        self.confidence = 0.99 if self.systematic else 0.8 if self.complete >= MIN_COMPLETE and count > 1 else 0.6

    def _taught(self, lines: Offsets) -> tuple[Bools, Bools]:
        """Of each bracket: whether its line is surely a teacher's, and whether it may be one."""
        size = len(self.source.line_starts)
        codes = self.source.codes
        wide = codes.max(initial=0) > BEYOND
        written = self._by_line(han(codes)) if wide else self._in_lines(han_table())
        spelled = np.bincount(lines[self.glosses & ~self.marks.repeated], minlength=size)
        share = spelled / np.maximum(written, 1)
        sure = (written >= TEACHING_LINE[0]) & (share >= TEACHING_LINE[1])
        some = (written >= 2) & (share >= TEACHING_SHARE)
        return sure[lines], some[lines]

    def _headwords(self, needless: Bools, lines: Offsets) -> Bools:
        """Whether a bracket stands behind the first character of a line and before a colon, a blank or the line's end."""
        found = np.zeros(len(needless), dtype=bool)
        starts, ends = self.source.line_starts.take(lines), self.marks.ends
        rows = np.flatnonzero(needless & (self.marks.hosts - starts <= 8))
        behind = self.source.codes.take(ends[rows], mode="clip")
        rows = rows[(ends[rows] == self.source.line_ends.take(lines[rows])) | member(behind, ENTRY_TAIL)]
        for row in rows.tolist():
            bullet = BULLET.match(self.body, starts.item(row))
            found[row] = bullet is not None and bullet.end() == self.marks.hosts.item(row)
        return found

    def _complete(self, chars: Offsets, proof: Bools, lines: Offsets) -> float:
        """Of the occurrences of these characters in lines that gloss, the share that is glossed."""
        if not len(chars):
            return 0.0
        wanted = np.zeros(BEYOND + 1, dtype=bool)
        wanted[chars] = True
        seen = self._in_lines(wanted)
        used = lines[proof]
        used = used[np.diff(used, prepend=-1) > 0]
        total = int(seen[used].sum())
        glossed_once = 1 + np.count_nonzero(np.diff(self.marks.hosts[proof]))  # repeated brackets share a host
        return int(glossed_once) / max(total, 1)

    def _in_lines(self, wanted: Bools) -> Offsets:
        """How many of the wanted characters, given by code point, stand in each line; shape (lines,)."""
        if kernels is None:
            return self._by_line(look_up(self.source, wanted))
        sums = np.empty(len(self.source.line_starts), dtype=np.int64)
        kernels.line_sums(narrow(self.source), self.source.line_starts, wanted, sums)
        return sums

    def _by_line(self, characters: Bools) -> Offsets:
        """How many of the characters of each line are marked; shape (lines,)."""
        starts = self.source.line_starts
        return np.diff(np.flatnonzero(characters).searchsorted(starts), append=np.count_nonzero(characters))

    @cached_property
    def zhuyin(self) -> Bools:
        """Which brackets hold zhuyin."""
        codes = self.source.codes
        inside = np.stack([codes[self.marks.starts + 1], codes[self.marks.ends - 2]])
        found: Bools = np.any((inside >= 0x3105) & (inside < 0x3130), axis=0)
        return found

    @cached_property
    def strayed(self) -> Bools:
        """Which toned brackets stand behind something that does not read so, as damage leaves them."""
        marks, codes = self.marks, self.source.codes
        hosts = codes[np.maximum(marks.hosts, 0)]
        away: Bools = marks.toned & ~marks.sounds & ~self.zhuyin & (marks.hosts >= 0) & (hosts != 10) & (hosts != 13)
        if self.systematic:
            return away
        for row in np.flatnonzero(away).tolist():
            host = int(marks.hosts[row])
            away[row] = host > 0 and self.body[host - 1] in MARKS_BEFORE and self._trails(row)
        return away

    def _trails(self, row: int) -> bool:
        """Whether the host is the lone trail byte of a character that reads so."""
        byte = int(self.source.codes[self.marks.hosts[row]])
        if not 0x40 <= byte < 0x7F:
            return False
        spelled = characters(syllable_name(int(self.marks.syllables[row])))
        return any(pair[1] == byte for pair in (c.encode("gbk", "ignore") for c in spelled) if len(pair) == 2)

    def open_ends(self) -> Iterator[tuple[Span, str]]:
        """Readings whose opening bracket became a question mark, with the syllable; without a tone (`?le)`) those that the page glosses so."""
        codes = self.source.codes
        closes = self._loose(closers(self.source), self.marks.ends - 1)
        if not len(closes):
            return
        toned = np.zeros(len(closes), dtype=bool)
        table = letter_table()
        for back in range(1, 7):
            code = codes[np.maximum(closes - back, 0)]
            toned |= (code > 0x7F) & (table[np.minimum(code, TABLE_SIZE)] & 7 > 0)
        light = set(self.marks.syllables[self.glosses & ~self.marks.toned].tolist()) if self.systematic else set()
        for close in closes[toned | bool(light)].tolist():
            low = max(close - 9, 0)
            mark = max(self.body.rfind(c, low, close) for c in "?？\ufffd")
            match = OPEN_END.fullmatch(self.body, mark, close + 1) if mark >= 0 else None
            syllable = syllable_of(match[1]) if match else NO_SYLLABLE
            if match and (syllable < len(syllables()) or syllable in light):
                yield Span(*match.span()), syllable_name_of(match[1])

    def cuts(self) -> Iterator[tuple[str, Span]]:
        """Readings that a line break cuts, or parts from their character, with the character."""
        marks, codes, ends = self.marks, self.source.codes, self.source.line_ends
        for row in np.flatnonzero(marks.toned & ~marks.sounds & (marks.hosts >= 0)).tolist():
            before = self.body[max(int(marks.hosts[row]) - 3, 0) : int(marks.hosts[row]) + 1]
            host = before.rstrip()[-1:]
            if before != before.rstrip() and host and syllable_name(int(marks.syllables[row])) in readings(host):
                yield host, Span(int(marks.starts[row]), int(marks.ends[row]))
        opens = openers(self.source)
        opens = self._loose(opens[opens > 0], marks.starts)  # what is closed is not cut
        if len(opens):
            left = ends[np.minimum(np.searchsorted(ends, opens), len(ends) - 1)] - opens
            near = (left <= 9) & (left > 0) & han(codes[opens - 1])
            for start in opens[near].tolist():
                yield from self._cut_at(start)

    def _loose(self, places: Offsets, taken: Offsets) -> Offsets:
        """The places that are not taken."""
        free = np.ones(len(self.source.codes), dtype=bool)
        free[taken] = False
        return places[free.take(places)]

    def _cut_at(self, start: int) -> Iterator[tuple[str, Span]]:
        head = HEAD_LETTERS.match(self.body, start)
        line = self.source.line_at(start)
        if head is None or head.end() != int(self.source.line_ends[line]):
            return
        host = self.body[start - 1]
        if line + 1 < len(self.source.line_starts):
            rest = REST_LETTERS.match(self.body, int(self.source.line_starts[line + 1]))
            if rest and syllable_name_of(head[1] + rest[1]) in readings(host) and not (head[1] + rest[1]).isascii():
                yield host, Span(start, rest.end())
                return
        # Only the first half is left: believed on a page that glosses, and if the tone is there.
        if self.systematic and head[1] and any(sound.startswith(head[1]) for sound in readings(host)):
            yield host, Span(start, head.end())


@cache
def han_table() -> Bools:
    """Whether each code point of the BMP is a Han character; shape (65536,)."""
    return han(np.arange(BEYOND + 1, dtype=np.uint32))


@lru_cache(maxsize=4096)
def syllable_of(letters: str) -> int:
    """The id of a syllable, NO_SYLLABLE if it is none."""
    return int(syllable_ids(np.array([key_of(letters)], dtype=np.int64))[0])


def syllable_name_of(letters: str) -> str:
    """The canonical spelling of a syllable, the empty string if it is none."""
    syllable = syllable_of(letters)
    return "" if syllable == NO_SYLLABLE else syllable_name(syllable)


def page_of(source: Text) -> Page:
    """The page's readings, judged once for all rules."""
    page: Page = source.signal("glosses", Page)
    return page
