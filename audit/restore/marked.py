"""Question marks with letters between: GBK or Big5 read as UTF-8 by a program that writes a question mark for what it cannot read.

Of such bytes few are characters of UTF-8: letters and signs of other scripts. Big5 leaves the second byte of every third character, a
letter or sign of ASCII behind a mark.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from audit.language.patterns import regex
from audit.restore.codecs import LOST, Channel
from audit.restore.unread import unread
from audit.restore.verdict import Restoration, Verdict

# No Han, kana, width forms, or marks that Chinese text has.
LETTERS = (
    r"\x80-\u1fff\u2028-\u202f\u2050-\u2fff\u3130-\u318f\ua000-\ud7ff\ue000-\uf8ff\ufb00-\ufdff\U00020000-\U0010ffff"
)
RUN = regex(rf"[?{LETTERS}](?:[?{LETTERS}]|(?<=[?{LETTERS}])[@-~])+")
INSIDE = regex(rf"\?[?{LETTERS}@-~]")
BEFORE = regex(rf"(?:[?{LETTERS}]|[?{LETTERS}][@-~])\Z")
ORDINARY = "·×÷°±§«»①②③④⑤⑥⑦⑧⑨⑩→←↑↓─│┌┐└┘├┤┬┴┼■□▲△●○★☆◆◇∶≤≥≠√∑∏"
NO_LETTER = regex(rf"[^{LETTERS}]|[{ORDINARY}]")
LEAST = 3  # marks with a letter of another script, of which clean Chinese text has none among so many
LEAST_MIXED = 2  # the same with letters of several scripts in a row
NEAR = 250  # code points to either side that tell the script
WORD = 3  # letters of one script in a row are a word
LEAST_HALVES, LEAST_ONE = 4, 6  # marks with halves of characters that ASCII shows, of several kinds and of one
HALVES = regex(r"[@-~]")
LISTED = regex(r"\??(?:\w\?)*\w?")  # letters one by one are asked about
BESIDE = regex(r"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff5e\u3000-\u303f\u2014-\u2026\n]")
FAMILY = {"GREEK": "LATIN", "MODIFIER": "LATIN"}  # phonetics mixes these
GBK_AS_UTF8 = Channel("gbk", "utf-8")
HAN = regex(r"[\u3400-\u9fff]")


def mixed_runs(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of such runs in a line."""
    for first, last in _runs(body, start, end):
        before, behind = body[max(start, first - 1) : first], body[last : min(end, last + 1)]
        if _clean(before) and _clean(behind) and (before or behind) and _is_left(body[first:last], before, behind):
            yield first, last


def _runs(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs with a mark before another of their characters, as all have that hold two: sought from there, as most lines have none."""
    done = start
    for found in INSIDE.finditer(body, start, end):
        first = found.start()
        if first < done:
            continue
        while first > done and (back := BEFORE.search(body, max(done, first - 2), first)):
            first = back.start()
        match = RUN.match(body, first, end)
        if match:
            done = match.end()
            yield first, done


def told(body: str, start: int, end: int) -> Restoration:
    """What is still known of such a run."""
    low = max(body.rfind("\n", 0, start) + 1, start - NEAR)
    near = body[low : end + NEAR].replace("?", LOST)
    return unread(near, start - low, end - low, near)


def letters_left(body: str, start: int, end: int) -> Restoration | None:
    """Letters of scripts that no text mixes, between Chinese: what a reader of UTF-8 leaves of GBK that drops all else."""
    for match in RUN.finditer(body, start, end):
        first, last = match.span()
        near = body[max(0, first - 1) : first] + body[last : last + 1]
        families = {FAMILY.get(script, script) for script in _scripts("".join(filter(str.isalpha, match[0])))}
        if "?" not in match[0] and len(families) > 1 and len(HAN.findall(near)) and all(map(_clean, near)):
            return Restoration(first, last, (GBK_AS_UTF8,), Verdict.NONE, ())
    return None


def _clean(beside: str) -> bool:
    """Whether Chinese stands beside a run, or nothing."""
    return not beside or BESIDE.match(beside) is not None


def _is_left(shown: str, before: str, behind: str) -> bool:
    """Whether a run is what such a program leaves."""
    marks, letters, halves = shown.count("?"), NO_LETTER.sub(" ", shown).split(), HALVES.findall(shown)
    if letters:
        mixed = any(len(word) >= WORD and len(_scripts(word)) > 1 for word in letters)
        one = any(len(word) >= WORD and len(_scripts(word)) == 1 for word in letters)
        listed = LISTED.fullmatch(shown) and len(_scripts("".join(letters))) == 1
        return (marks >= LEAST_MIXED and mixed) or (marks >= LEAST and not one and not listed)
    if LISTED.fullmatch(shown):
        return False
    inside = HAN.match(before) is not None and HAN.match(behind) is not None
    if len(set(halves)) < 2:
        return bool(halves) and inside and marks >= LEAST_ONE and shown.endswith("?")
    return marks >= LEAST_HALVES


def _scripts(word: str) -> set[str]:
    return {unicodedata.name(char, "?").split()[0] for char in word}
