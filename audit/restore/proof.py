"""The proof of a restoration: breaking it again gives the damage code point for code point."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from audit.language.patterns import regex
from audit.restore import gbk, simulate
from audit.restore.damage import shown_by
from audit.restore.run import CUT_GLOSS, GLOSS

AROUND = 3  # characters of context on each side
WIDE = str.maketrans(",;:!?()<>", "，；：！？（）＜＞")
MOST_SITES = 4  # sites in one run, each of which may have been taken or not
CLOSING = regex(rf"{GLOSS.pattern}\Z")


def gives(mechanism: str, original: str, body: str, start: int, end: int) -> bool:
    """Whether that program makes `body[start:end]` of `original`, with the text around it; width aside."""
    left = body[max(0, start - AROUND) : start].rpartition("\n")[2].translate(WIDE)
    right = body[end : end + AROUND].partition("\n")[0].translate(WIDE)
    shown = body[start:end]
    if mechanism == "G":
        return _glossed(left, original, right, shown)
    closing = CLOSING.search(shown)
    text = left + original + (closing[0] if closing else "") + right
    made = iter([shown_by(text, simulate.indent_pass())]) if mechanism == "F3" else _made_by_f1(text)
    wanted = simulate.narrow(left + shown + right)
    return any(simulate.narrow(one) == wanted for one in made)


def _made_by_f1(text: str) -> Iterator[str]:
    """What the program makes of a text, by all ways to take or leave the first few sites."""
    taken = [True] * MOST_SITES
    sites = MOST_SITES
    while sites:
        asked = count()
        yield shown_by(text, simulate.mark_pass(lambda: (n := next(asked)) < MOST_SITES and taken[n]))  # noqa: B023
        sites = min(next(asked), MOST_SITES)
        while sites and not taken[sites - 1]:  # the next way: what was left is taken again, the site before it left
            taken[sites - 1] = True
            sites -= 1
        if sites:
            taken[sites - 1] = False


def _glossed(left: str, original: str, right: str, shown: str) -> bool:
    opening = CUT_GLOSS.match(shown)
    before, first = gbk.encode_char(left[-1:] or " "), gbk.encode_char(original[:1] or " ")
    if not opening or not before or not first or len(before) + len(first) != 4:
        return False
    readings = {gbk.pair_char(before[1], first[0]): opening[1]}
    for closing in (CUT_GLOSS.search(shown, opening.end()), CLOSING.search(shown, opening.end())):
        if closing:
            readings[original[-1]] = closing[1]
    made = shown_by(left + original + right, simulate.gloss_pass(readings))
    return _bare(made) == _bare(left + shown + right)


def _bare(text: str) -> str:
    """Without whole glosses, in narrow marks."""
    return re.sub(rf"(?<=[\u3400-\u9fff]){GLOSS.pattern}", "", simulate.narrow(text))
