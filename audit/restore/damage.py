"""What a program made of a text, and what stood there: pieces of bytes compared with the characters they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from audit.restore import gbk
from audit.restore.gbk import Piece

GLOSS = "gloss"
BLANKS = " \t\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}"


class Shift(NamedTuple):
    """A damaged stretch `start:end`, what stood there, and where in the text before (`at`).

    `mechanism` is F1, G or F3, joined by "+" where several met, or "gloss" for a romanisation in its place.
    """

    start: int
    end: int
    original: str
    mechanism: str
    at: int

    @property
    def till(self) -> int:
        """End of what stood there, in the text before."""
        return self.at + len(self.original)


class Damaged(NamedTuple):
    """What a program made of a text; the spans ascend and never overlap."""

    text: str
    spans: tuple[Shift, ...]


class Passage(NamedTuple):
    """A stretch of one line that GBK can write: its bytes and where its characters begin."""

    data: bytes
    borders: frozenset[int]
    opens_line: bool


Breaker = Callable[[Passage], "list[Piece] | None"]


def damaged_by(text: str, mechanism: str, breaker: Breaker) -> Damaged:
    """Run a program over each stretch of a text; it gives the pieces it made of the bytes, or None where it left them."""
    made: list[str] = []
    spans: list[Shift] = []
    size = 0
    for at, stretch, borders, pieces in _broken(text, breaker):
        if pieces is None:
            made.append(stretch)
        else:
            made.append("".join([piece.text for piece in pieces]))
            spans += _compare(stretch, borders, pieces, mechanism, at, size)
        size += len(made[-1])
    return Damaged("".join(made), tuple(spans))


def shown_by(text: str, breaker: Breaker) -> str:
    """What a program makes of a text; as `damaged_by`, without the spans."""
    each = _broken(text, breaker)
    return "".join(
        [stretch if pieces is None else "".join([one.text for one in pieces]) for _, stretch, _, pieces in each]
    )


def _broken(text: str, breaker: Breaker) -> Iterator[tuple[int, str, list[int], list[Piece] | None]]:
    """Each stretch of a text: where it begins, itself, the borders of its characters among the bytes, and the pieces made of it."""
    for at, stretch, opens_line in _stretches(text):
        if gbk.encode_char(stretch[0]) is None:
            yield at, stretch, [], None
            continue
        codes = [gbk.encode_char(char) or b"" for char in stretch]
        borders = [0, *accumulate(map(len, codes))]
        yield at, stretch, borders, breaker(Passage(b"".join(codes), frozenset(borders[:-1]), opens_line))


def _stretches(text: str) -> Iterator[tuple[int, str, bool]]:
    """Stretches that GBK can write, and what lies between them; line breaks lie between. Each with whether but blanks are before it."""
    start, bare, now = 0, True, True
    for at, char in enumerate(text):
        can = char not in "\n\r" and gbk.encode_char(char) is not None
        if at and can != now:
            stretch = text[start:at]
            yield start, stretch, bare
            tail = stretch[max(stretch.rfind("\n"), stretch.rfind("\r")) + 1 :]
            bare = (bare or tail != stretch) and not tail.strip(BLANKS)
            start = at
        now = can
    if text:
        yield start, text[start:], bare


def _compare(
    stretch: str, borders: Sequence[int], pieces: Sequence[Piece], mechanism: str, at: int, size: int
) -> Iterator[Shift]:
    """The shifts of one stretch: what lies between pieces that show the character that was there."""
    where = {border: n for n, border in enumerate(borders)}
    since, shown, begun = 0, size, size  # characters accounted for, shown so far, shown up to the last match
    kept: list[Piece] = []
    for piece in pieces:
        n = where.get(piece.start)
        if (
            n is not None
            and piece.end == borders[min(n + 1, len(borders) - 1)]
            and piece.text == stretch[n : n + 1]
            and piece.text
        ):
            yield from _between(kept, stretch[since:n], mechanism, at + since, begun, shown)
            since, begun, kept = n + 1, shown + 1, []
        else:
            kept.append(piece)
        shown += len(piece.text)
    yield from _between(kept, stretch[since:], mechanism, at + since, begun, shown)


def _between(kept: list[Piece], original: str, mechanism: str, at: int, begun: int, shown: int) -> Iterator[Shift]:
    if kept or original:
        bare = not original and all(piece.start == piece.end for piece in kept)
        yield Shift(begun, shown, original, GLOSS if bare and mechanism == "G" else mechanism, at)


def then(text: str, first: Damaged, second: Damaged) -> Damaged:
    """Damage `second`, done to `first.text`, and `first`, done to `text`, as one; spans that meet become one."""
    groups: list[list[tuple[int, int, bool, Shift]]] = []
    middle = [(span.start, span.end, True, span) for span in first.spans]
    middle += [(span.at, span.till, False, span) for span in second.spans]
    for edit in sorted(middle, key=lambda edit: (edit[0], edit[1], not edit[2])):
        if groups and any(_meet(other, edit) for other in groups[-1]):
            groups[-1].append(edit)
        else:
            groups.append([edit])
    spans: list[Shift] = []
    to_text = to_made = 0  # how far the text before and the text after are ahead of the middle
    for group in groups:
        start, end = min(edit[0] for edit in group), max(edit[1] for edit in group)
        at, begin = start + to_text, start + to_made
        for _, _, earlier, span in group:
            grown = span.end - span.start - len(span.original)
            to_text, to_made = (to_text - grown, to_made) if earlier else (to_text, to_made + grown)
        names = [span.mechanism for *_, span in group]
        spans.append(Shift(begin, end + to_made, text[at : end + to_text], _joined(names), at))
    return Damaged(second.text, tuple(spans))


def _meet(one: tuple[int, int, bool, Shift], two: tuple[int, int, bool, Shift]) -> bool:
    """Whether two spans of the middle text are one damage; a gloss belongs to the damage that it ends."""
    if one[2] == two[2]:
        return False
    (start, end, _, span), (begin, till, _, other) = one, two
    if begin < end:
        return begin > start or till > begin or span.mechanism != GLOSS
    return (begin == end and start < end and other.mechanism == GLOSS) or (begin == end == till and start < end)


def _joined(names: Sequence[str]) -> str:
    damage = [name for name in names if name != GLOSS]
    parts = [part for name in damage for part in name.split("+")]
    return "+".join(dict.fromkeys(parts)) or GLOSS
